#ifndef FINESET_ANSWER_CASES_H
#define FINESET_ANSWER_CASES_H

/* What the tests of both answer parsers share: cases in folders, and recordings with a manifest. */

#include "answer.h"
#include "buf.h"
#include "log.h"
#include "mem.h"
#include "source_record.h"

#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-06-19T03:00:07Z */
#define CASE_FETCHED INT64_C(1781838007)

typedef void parse_fn(
    const char *body, size_t len, int64_t fetched, const struct log *log, struct answer *answer);

static void
case_sink(void *cookie, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(cookie, "%s\n", line);
}

/* Append a file; -1 if it cannot be read. */
static int
case_read(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	size_t got = 1;

	if (file == NULL)
		return -1;
	while (got > 0) {
		got = fread(buf_reserve(out, 65536), 1, 65536, file);
		out->len += got;
	}
	buf_add(out, "", 0);
	fclose(file);
	return 0;
}

/* Read ${folder}/${name}/${file}, which may be missing if ${optional}. */
static struct buf
case_file(const char *folder, const char *name, const char *file, bool optional)
{
	struct buf path = BUF_INIT, text = BUF_INIT;

	buf_printf(&path, "%s/%s/%s", folder, name, file);
	if (case_read(path.data, &text) == -1 && !optional)
		fail_msg("%s: cannot be read", path.data);
	buf_add(&text, "", 0);
	buf_free(&path);
	return text;
}

/* The records of a good answer, or `error: ` or `unusable: ` and the message of a bad one. */
static void
case_print(const struct answer *answer, struct buf *out)
{
	if (answer->verdict == ANSWER_RECORDS)
		for (size_t i = 0; i < answer->count; i++)
			source_record_write(&answer->records[i], out);
	else
		buf_printf(out, "%s: %s\n", answer->verdict == ANSWER_ERROR ? "error" : "unusable",
		    answer->message.data);
	buf_add(out, "", 0);
}

/* What the answer says of itself, where it is more than a number of records. */
static void
case_print_page(const struct answer *answer, struct buf *out)
{
	buf_printf(out, "items %zu, refused %zu, unknown %zu, total %" PRId64 ", start %" PRId64,
	    answer->items, answer->refused, answer->unknown, answer->total, answer->start);
	if (answer->token.data != NULL)
		buf_printf(out, ", token %s", answer->token.data);
	buf_add_text(out, ", positions");
	for (size_t i = 0; i < answer->count; i++)
		buf_printf(out, " %zu", answer->positions[i]);
	buf_add_char(out, '\n');
}

static size_t
case_compare(const char *name, const char *what, const struct buf *got, const struct buf *wanted)
{
	if (strcmp(got->data, wanted->data) == 0)
		return 0;
	print_error("%s: %s:\ngot\n%swanted\n%s", name, what, got->data, wanted->data);
	return 1;
}

/* `input` gives `expect`; `log` has the log lines, if any, and `page` the numbers, if they matter.
 */
static size_t
case_run(const char *folder, const char *name, parse_fn *parse)
{
	struct buf input = case_file(folder, name, "input", false);
	struct buf expect = case_file(folder, name, "expect", false);
	struct buf lines = case_file(folder, name, "log", true);
	struct buf page = case_file(folder, name, "page", true);
	struct buf got = BUF_INIT, got_lines = BUF_INIT, got_page = BUF_INIT;
	struct log log = { case_sink, &got_lines, LOG_DETAIL };
	struct answer answer;
	size_t faults = 0;

	answer_init(&answer);
	parse(input.data, input.len, CASE_FETCHED, &log, &answer);
	case_print(&answer, &got);
	case_print_page(&answer, &got_page);
	buf_add(&got_lines, "", 0);
	faults += case_compare(name, "expect", &got, &expect);
	faults += case_compare(name, "log", &got_lines, &lines);
	if (page.len > 0)
		faults += case_compare(name, "page", &got_page, &page);
	else if (answer.items != answer.count + answer.unknown)
		faults++, print_error("%s: entries were refused and no `page` says so\n", name);
	answer_free(&answer);
	buf_free(&input), buf_free(&expect), buf_free(&lines), buf_free(&page);
	buf_free(&got), buf_free(&got_lines), buf_free(&got_page);
	return faults;
}

static int
case_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Run every case of a folder. */
static void
cases_run(const char *folder, parse_fn *parse)
{
	struct dirent **names = NULL;
	int count = scandir(folder, &names, case_visible, alphasort);
	size_t faults = 0;

	if (count <= 0)
		fail_msg("%s: no cases", folder);
	for (int i = 0; i < count; i++) {
		faults += case_run(folder, names[i]->d_name, parse);
		free(names[i]);
	}
	free(names);
	assert_int_equal(faults, 0);
}

/* Field ${column} of a line of tab-separated values, copied. */
static char *
case_column(const char *line, int column)
{
	for (; column > 0; column--) {
		line = strchr(line, '\t');
		if (line == NULL)
			return mem_dup("", 0);
		line++;
	}
	return mem_dup(line, strcspn(line, "\t\n"));
}

/* Called for each recording with its body and the number of its records as the manifest has it. */
typedef void recording_fn(const char *name, const struct buf *body, size_t records);

/*
 * Call ${check} for every recording under shared/recordings/${source}; the number stands in
 * ${column}. Returns how many there were; 0 if there is no such place, which is said.
 */
static size_t
recordings_walk(const char *source, int column, recording_fn *check)
{
	const char *shared = getenv("FINESET_SHARED");
	struct buf path = BUF_INIT, manifest = BUF_INIT;
	size_t count = 0, folder;

	buf_printf(&path, "%s/recordings/%s/", shared == NULL ? "../shared" : shared, source);
	folder = path.len;
	buf_add_text(&path, "MANIFEST.tsv");
	if (case_read(path.data, &manifest) == -1) {
		print_message("skipped: no %s\n", path.data);
		goto out;
	}
	for (const char *line = strchr(manifest.data, '\n'); line != NULL && line[1] != '\0';
	     line = strchr(line + 1, '\n')) {
		char *name = case_column(line + 1, 0), *records = case_column(line + 1, column);
		struct buf body = BUF_INIT;

		path.len = folder;
		buf_add_text(&path, name);
		if (case_read(path.data, &body) == -1)
			fail_msg("%s: cannot be read", path.data);
		check(name, &body, strtoul(records, NULL, 10));
		count++;
		buf_free(&body);
		free(name);
		free(records);
	}
out:
	buf_free(&path);
	buf_free(&manifest);
	return count;
}

#endif
