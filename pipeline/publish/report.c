#include "jsonl.h"
#include "output.h"
#include "report_facts.h"
#include "report_part.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

/* More rows, or more of their bytes, are none that a browser leafs through at ease: the newest
 * stand for the rest, and the page says so. */
#define ROWS_MOST 100000
#define ROWS_BYTES ((uint64_t)64 << 20)
/* So few papers have room for their abstracts. */
#define ABSTRACTS_MOST 5000
/* Of a longer list of authors the first are named, and how many more there are. */
#define AUTHORS_MOST 24
/* The base64 of a SHA-256, and a NUL. */
#define HASH_SIZE 45

enum { FROM_ARXIV = 1, FROM_SEMANTIC_SCHOLAR = 2, HAS_CODE = 4 };

/* The page as it is being written. */
struct report {
	const struct output_input *input;
	struct file_writer *out;
	/* JSON before it goes out. */
	struct buf text;
	const struct log *log;
};

/*
 * Write JSON to where it stands between the tags of a script element: what could end that, or
 * begin a comment in it, is an escape then, and what ends a line in a script but not in JSON.
 * All of these stand in strings alone.  Returns the bytes that it took.
 */
static uint64_t
write_inert(struct report *report)
{
	const char *data = report->text.data;
	size_t len = report->text.len, from = 0;
	uint64_t before = report->out->bytes;

	for (size_t i = 0; i < len && (i += strcspn(data + i, "<>\xe2")) < len; i++) {
		bool separator = len - i >= 3 && memcmp(data + i, "\xe2\x80", 2) == 0 &&
				 (data[i + 2] == '\xa8' || data[i + 2] == '\xa9');
		char escape[] = "\\u003c";

		if (data[i] == '>')
			escape[5] = 'e';
		else if (separator)
			memcpy(escape, data[i + 2] == '\xa8' ? "\\u2028" : "\\u2029", 6);
		else if (data[i] != '<')
			continue;
		file_writer_add(report->out, data + from, i - from);
		file_writer_add(report->out, escape, 6);
		from = i + (separator ? 3 : 1);
		i = from - 1;
	}
	if (len > from)
		file_writer_add(report->out, data + from, len - from);
	buf_clear(&report->text);
	return report->out->bytes - before;
}

/* The first strings of a list as one, behind each other; returns how many there are. */
static size_t
write_joined(const struct jsonl_value *list, const char *between, size_t most, struct buf *out)
{
	struct jsonl_value item;
	size_t at = 0, count = 0;

	buf_add_char(out, '"');
	for (; jsonl_next(list, &at, &item); count++) {
		if (count >= most)
			continue;
		if (count > 0)
			buf_add_text(out, between);
		/* Between its quotes stands what may stand between these. */
		buf_add_slice(out, item.raw);
	}
	buf_add_char(out, '"');
	return count;
}

static void
write_field(const struct row_line *row, enum row_key field, struct buf *out)
{
	buf_add_char(out, ',');
	jsonl_copy(&row->values[field], out);
}

/*
 * A row for data.js, which names the places: title, authors, how many more of them, categories, day
 * since 1970, arXiv id, DOI, citations, influential ones, flags, code address, venue, score,
 * abstract, and what an arXiv id tells where there is one: page, PDF, record id.
 */
static void
write_row(const struct row_line *row, bool with_abstract, struct buf *out)
{
	bool arxiv, semantic_scholar;
	int64_t day = row_line_day(row);
	size_t authors;

	buf_add_char(out, '[');
	jsonl_copy(&row->values[ROW_TITLE], out);
	buf_add_char(out, ',');
	authors = write_joined(&row->values[ROW_AUTHORS], ", ", AUTHORS_MOST, out);
	buf_printf(out, ",%zu,", authors > AUTHORS_MOST ? authors - AUTHORS_MOST : 0);
	write_joined(&row->values[ROW_CATEGORIES], " ", SIZE_MAX, out);
	if (day == ROW_TIME_NONE)
		buf_add_text(out, ",null");
	else
		buf_printf(out, ",%" PRId64, day);
	write_field(row, ROW_ARXIV_ID, out);
	write_field(row, ROW_DOI, out);
	write_field(row, ROW_CITATION_COUNT, out);
	write_field(row, ROW_INFLUENTIAL_CITATION_COUNT, out);
	row_line_sources(row, &arxiv, &semantic_scholar);
	buf_printf(out, ",%d",
	    (arxiv ? FROM_ARXIV : 0) + (semantic_scholar ? FROM_SEMANTIC_SCHOLAR : 0) +
		(row_line_has(row, ROW_HAS_CODE) ? HAS_CODE : 0));
	write_field(row, ROW_CODE_URL, out);
	write_field(row, ROW_VENUE, out);
	write_field(row, ROW_QUALITY_SCORE, out);
	if (with_abstract)
		write_field(row, ROW_ABSTRACT, out);
	else
		buf_add_text(out, ",null");
	if (!row_line_has(row, ROW_ARXIV_ID)) {
		write_field(row, ROW_URL, out);
		write_field(row, ROW_PDF_URL, out);
		write_field(row, ROW_ID, out);
	}
	buf_add_char(out, ']');
}

static int
write_rows(struct report *report)
{
	bool with_abstracts = report->input->manifest->stats->records <= ABSTRACTS_MOST;
	struct row_reader reader;
	uint64_t bytes = 0;
	int more = 0;

	output_rows(report->input, &reader, report->log);
	file_writer_add(report->out, "[", 1);
	for (size_t i = 0; i < ROWS_MOST && bytes < ROWS_BYTES; i++) {
		more = row_reader_next(&reader);
		if (more != 1)
			break;
		buf_add_text(&report->text, i == 0 ? "\n" : ",\n");
		write_row(&reader.row, with_abstracts, &report->text);
		bytes += write_inert(report);
	}
	file_writer_add(report->out, "]", 1);
	row_reader_free(&reader);
	return more == -1 ? -1 : 0;
}

static int
write_facts(struct report *report)
{
	int result = report_facts_write(report->input, &report->text, report->log);

	write_inert(report);
	return result;
}

static int
write_part(struct report *report, const struct report_part *part)
{
	file_writer_add(report->out, part->data, part->len);
	return 0;
}

/* What the policy of the page knows a part by. */
static int
write_hash(struct report *report, const struct report_part *part)
{
	unsigned char sha256[DIGEST_BYTES];
	unsigned char hash[HASH_SIZE];
	struct digest *digest = digest_new();
	int len;

	digest_of(digest, part->data, part->len, sha256);
	digest_free(digest);
	len = EVP_EncodeBlock(hash, sha256, DIGEST_BYTES);
	file_writer_add(report->out, (const char *)hash, (size_t)len);
	return 0;
}

static int
write_style(struct report *report)
{
	return write_part(report, &report_part_style);
}

static int
write_style_hash(struct report *report)
{
	return write_hash(report, &report_part_style);
}

static int
write_head_script(struct report *report)
{
	return write_part(report, &report_part_head_script);
}

static int
write_head_script_hash(struct report *report)
{
	return write_hash(report, &report_part_head_script);
}

static int
write_body_script(struct report *report)
{
	return write_part(report, &report_part_body_script);
}

static int
write_body_script_hash(struct report *report)
{
	return write_hash(report, &report_part_body_script);
}

/* Write what a place of the page stands for: 0, or -1. */
static int
write_place(struct report *report, struct slice name)
{
	static const struct {
		const char *name;
		int (*write)(struct report *report);
	} places[] = {
		{ "style", write_style },
		{ "style-hash", write_style_hash },
		{ "head-script", write_head_script },
		{ "head-script-hash", write_head_script_hash },
		{ "body-script", write_body_script },
		{ "body-script-hash", write_body_script_hash },
		{ "rows", write_rows },
		{ "facts", write_facts },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (slice_is(name, places[i].name))
			return places[i].write(report);
	return -1;
}

int
output_report(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct report report = { input, out, BUF_INIT, log };
	const char *from = report_part_page.data, *end = from + report_part_page.len;
	int result = 0;

	while (result == 0) {
		const char *place = memchr(from, '@', (size_t)(end - from));
		const char *close =
		    place == NULL ? NULL : memchr(place + 1, '@', (size_t)(end - place - 1));

		if (close == NULL)
			break;
		file_writer_add(out, from, (size_t)(place - from));
		result =
		    write_place(&report, (struct slice){ place + 1, (size_t)(close - place - 1) });
		from = close + 1;
	}
	file_writer_add(out, from, (size_t)(end - from));
	buf_free(&report.text);
	return result;
}
