#include "best_rows.h"
#include "command.h"
#include "file.h"
#include "paper_table.h"
#include "row_filter.h"
#include "row_reader.h"
#include "subject.h"
#include "terminal.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define ROWS_USUAL 20
#define ROWS_MOST 100000

/* What is asked for. */
struct top {
	struct row_filter filters[OPTIONS_FILTERS];
	size_t filter_count;
	struct best_rows best;
	uint64_t refused;
};

static enum outcome
check_usage(struct top *top, const struct options *options, const struct log *log)
{
	int64_t limit = options->rows == NULL ? ROWS_USUAL : text_number(slice_of(options->rows));

	if (options->operand_count != 1) {
		log_error(log, "top: wants one directory or file, got %zu", options->operand_count);
		return OUTCOME_USAGE;
	}
	if (limit < 1 || limit > ROWS_MOST) {
		log_error(log, "-n: must be a number of papers, 1 to %d, got '" LOG_VALUE_FMT "'",
		    ROWS_MOST, LOG_VALUE(slice_of(options->rows)));
		return OUTCOME_USAGE;
	}
	for (size_t i = 0; i < options->filter_count; i++) {
		if (row_filter_parse(options->filters[i], &top->filters[i]) == -1) {
			log_error(log,
			    "--filter: must be " ROW_FILTER_FORMS ", got '" LOG_VALUE_FMT "'",
			    LOG_VALUE(slice_of(options->filters[i])));
			return OUTCOME_USAGE;
		}
	}
	top->filter_count = options->filter_count;
	best_rows_init(&top->best, (size_t)limit);
	return OUTCOME_DONE;
}

static bool
is_wanted(const struct top *top, const struct row_line *row)
{
	for (size_t i = 0; i < top->filter_count; i++)
		if (!row_filter_match(&top->filters[i], row))
			return false;
	return true;
}

static int
read_rows(struct top *top, const struct subject *subject, const struct log *log)
{
	struct row_reader reader;
	int more;

	row_reader_init(&reader, subject->fd, subject->path, log);
	while ((more = row_reader_next(&reader)) == 1)
		if (is_wanted(top, &reader.row))
			best_rows_add(&top->best, &reader.row, reader.line);
	top->refused = reader.refused;
	row_reader_free(&reader);
	best_rows_sort(&top->best);
	return more;
}

/* The rows as they stand in the file; a terminal gets what it must not act on escaped. */
static void
write_json(const struct best_rows *best, struct buf *out)
{
	bool shown = isatty(STDOUT_FILENO) == 1;

	for (size_t i = 0; i < best->count; i++) {
		struct slice line = { best->rows[i].line, best->rows[i].len };

		if (shown)
			text_show_json(line, out);
		else
			buf_add_slice(out, line);
		buf_add_char(out, '\n');
	}
}

static enum outcome
write_rows(const struct top *top, bool json, const struct log *log)
{
	struct buf text = BUF_INIT;
	struct file_writer out;

	if (json)
		write_json(&top->best, &text);
	else
		paper_table_write(&top->best, terminal_columns(STDOUT_FILENO),
		    terminal_has_links(STDOUT_FILENO), &text);
	file_writer_fd(&out, STDOUT_FILENO, "stdout", log);
	file_writer_add(&out, text.data, text.len);
	buf_free(&text);
	return file_writer_close(&out) == -1 ? OUTCOME_CANNOT_WRITE : OUTCOME_DONE;
}

enum outcome
cmd_top(struct command_context *context)
{
	const struct options *options = &context->options;
	struct top top = { 0 };
	struct subject subject;
	enum outcome outcome = check_usage(&top, options, &context->log);

	if (outcome != OUTCOME_DONE)
		return outcome;
	outcome = subject_open(&subject, options->operands[0], &context->log);
	if (outcome == OUTCOME_DONE && read_rows(&top, &subject, &context->log) == -1)
		outcome = OUTCOME_BAD_DATA;
	if (outcome == OUTCOME_DONE)
		outcome = write_rows(&top, options->json, &context->log);
	if (outcome == OUTCOME_DONE && top.refused > 0) {
		log_error(&context->log, "%s: %" PRIu64 " lines are no rows and were left out",
		    subject.path, top.refused);
		outcome = OUTCOME_BAD_DATA;
	}
	best_rows_free(&top.best);
	subject_free(&subject);
	return outcome;
}
