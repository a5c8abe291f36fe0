#include "journal_file.h"

#include "buf.h"
#include "file.h"
#include "lines.h"
#include "record_line.h"

#include <stdlib.h>
#include <unistd.h>

/* What is read of a file for its head, which is seldom longer. */
#define HEAD_BYTES 4096

char *
journal_file_path(const char *directory, enum source source, bool next)
{
	struct buf path = BUF_INIT;

	buf_printf(
	    &path, "%s/sources/%s%s.jsonl", directory, source_name(source), next ? ".next" : "");
	return buf_take(&path);
}

static enum journal_head
head_of_line(const char *path, struct slice line, struct slice query, const struct log *log)
{
	struct record_line parsed;
	char *reason = NULL;

	switch (record_line_parse(line.data, line.len, &parsed, &reason)) {
	case RECORD_LINE_QUERY:
		return slice_equal(parsed.values[RECORD_QUERY].raw, query) ? JOURNAL_HEAD_OURS
									   : JOURNAL_HEAD_OTHER;
	case RECORD_LINE_BAD:
	case RECORD_LINE_RECORD:
	case RECORD_LINE_COMMIT:
		break;
	}
	log_error(log, "%s: line 1: %s; all that it held is asked for again", path,
	    reason == NULL ? "no query" : reason);
	free(reason);
	return JOURNAL_HEAD_OTHER;
}

enum journal_head
journal_file_head(const char *path, struct slice query, const struct log *log)
{
	struct lines lines;
	struct slice line;
	enum journal_head head;
	int fd, more;

	if (!file_exists(path))
		return JOURNAL_HEAD_NONE;
	fd = file_open(path, log);
	if (fd == -1)
		return JOURNAL_HEAD_UNREADABLE;
	lines_init(&lines, fd, path, log);
	lines_range(&lines, 0, HEAD_BYTES, UINT64_MAX);
	more = lines_next(&lines, &line);
	if (more == -1)
		head = JOURNAL_HEAD_UNREADABLE;
	else if (more == 0 || lines.bytes == line.len)
		head = JOURNAL_HEAD_NONE;
	else
		head = head_of_line(path, line, query, log);
	lines_free(&lines);
	close(fd);
	return head;
}
