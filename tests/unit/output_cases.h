#ifndef FINESET_TEST_OUTPUT_CASES_H
#define FINESET_TEST_OUTPUT_CASES_H

/* What tests of formats share: a row whose fields are told one by one, and what a format makes of
 * rows. */

#include "output.h"

#include "scratch.h"

#include <fcntl.h>

#define OUTPUT_ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The JSON of a row's fields that a test may want otherwise; NULL for what is usual. */
struct output_case {
	const char *title, *abstract, *authors, *categories, *date, *url, *arxiv_id, *doi, *venue;
};

static inline const char *
output_value(const char *value, const char *usual)
{
	return value == NULL ? usual : value;
}

static inline void
output_case_add(const struct output_case *row, struct buf *rows)
{
	buf_printf(rows,
	    "{\"id\": \"" OUTPUT_ID "\", \"sources\": [\"arxiv\", \"semantic_scholar\"], "
	    "\"title\": %s, \"abstract\": %s, \"authors\": %s, \"categories\": %s, "
	    "\"fields_of_study\": [], \"published_date\": %s, \"url\": %s, \"pdf_url\": null, "
	    "\"arxiv_id\": %s, \"doi\": %s, \"citation_count\": 7, "
	    "\"influential_citation_count\": 0, \"has_code\": true, \"code_url\": null, "
	    "\"venue\": %s, \"quality_score\": 0.35}\n",
	    output_value(row->title, "null"), output_value(row->abstract, "null"),
	    output_value(row->authors, "[]"), output_value(row->categories, "[]"),
	    output_value(row->date, "null"), output_value(row->url, "null"),
	    output_value(row->arxiv_id, "null"), output_value(row->doi, "null"),
	    output_value(row->venue, "null"));
}

/* What a writer makes of its input. */
static inline void
output_read(output_write_fn *write, const struct output_input *input, struct buf *out)
{
	struct scratch scratch;
	struct file_writer writer;
	int fd = scratch_open(SLICE_LITERAL(""));
	struct stat status;

	scratch_log_init(&scratch);
	file_writer_fd(&writer, fd, "out", &scratch.log);
	assert_int_equal(write(input, &writer, &scratch.log), 0);
	assert_int_equal(file_writer_close(&writer), 0);
	assert_int_equal(fstat(fd, &status), 0);
	buf_clear(out);
	assert_int_equal(file_read_at(fd, "out", 0, buf_reserve(out, (size_t)status.st_size + 1),
			     (size_t)status.st_size, &scratch.log),
	    0);
	out->len = (size_t)status.st_size;
	out->data[out->len] = '\0';
	scratch_assert_log(&scratch, "", "out");
	scratch_free(&scratch);
	assert_int_equal(close(fd), 0);
}

/* What a format makes of some rows. */
static inline void
output_case_write(const char *format, struct slice rows, struct buf *out)
{
	const struct output *output = output_find(format);
	struct output_input input = { .rows = scratch_open(rows), .rows_name = "rows" };

	assert_non_null(output);
	output_read(output->write, &input, out);
	assert_int_equal(close(input.rows), 0);
}

#endif
