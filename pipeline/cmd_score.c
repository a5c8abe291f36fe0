#include "command.h"
#include "date.h"
#include "file.h"
#include "lines.h"
#include "row_line.h"
#include "scored_row.h"
#include "spool.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* A stream of rows that are being scored again. */
struct scoring {
	struct lines lines;
	struct file_writer out;
	int64_t day;
	struct buf score;
	uint64_t rows;
	uint64_t changed;
	uint64_t refused;
	const struct log *log;
};

/* What stands in a line where its score stands or, if it has none, where it belongs: nothing, just
 * before the closing brace. */
static struct slice
place_of_score(struct slice line, const struct row_line *row)
{
	const struct jsonl_value *value = &row->values[ROW_QUALITY_SCORE];
	struct slice place = { text_trim(line).data + text_trim(line).len - 1, 0 };

	if (value->kind == JSONL_ABSENT)
		return place;
	place = value->raw;
	if (value->kind == JSONL_STRING) {
		/* Its quotes too. */
		place.data--;
		place.len += 2;
	}
	return place;
}

/* All bytes of the line but the score stay as they are, a newline that is missing included. */
static void
write_line(struct scoring *scoring, struct slice line, const struct row_line *row)
{
	struct slice place = place_of_score(line, row), score = buf_slice(&scoring->score);
	size_t before = (size_t)(place.data - line.data), after = before + place.len;

	file_writer_add(&scoring->out, line.data, before);
	if (place.len == 0)
		file_writer_add(&scoring->out, ", \"quality_score\": ", 19);
	file_writer_add(&scoring->out, score.data, score.len);
	file_writer_add(&scoring->out, line.data + after, line.len - after);
	if (scoring->lines.bytes > line.len)
		file_writer_add(&scoring->out, "\n", 1);
	scoring->rows++;
	scoring->changed += !slice_equal(place, score);
}

static void
score_line(struct scoring *scoring, struct slice line)
{
	const struct lines *lines = &scoring->lines;
	struct score_input input;
	struct row_line row;
	const char *fault;
	size_t field;

	if (row_line_read(line, lines->name, lines->number, &row, scoring->log) == -1) {
		scoring->refused++;
		return;
	}
	fault = scored_row_line_input(&row, scoring->day, &input, &field);
	if (fault != NULL) {
		row_line_refuse(&row, field, fault, lines->name, lines->number, scoring->log);
		scoring->refused++;
		return;
	}
	buf_clear(&scoring->score);
	row_score_write(score_of(&input).rounded, &scoring->score);
	write_line(scoring, line, &row);
}

static enum outcome
score_lines(struct scoring *scoring)
{
	struct slice line;
	int more = 0;

	/* A stdout that takes no more ends it early. */
	while (scoring->out.error == 0 && (more = lines_next(&scoring->lines, &line)) == 1)
		if (text_trim(line).len > 0)
			score_line(scoring, line);
	return more == -1 || scoring->refused > 0 ? OUTCOME_BAD_DATA : OUTCOME_DONE;
}

static void
tell(const struct scoring *scoring)
{
	char day[DATE_DAY_SIZE];

	date_day_write(scoring->day, day);
	log_notice(scoring->log,
	    "%s: %" PRIu64 " rows scored as of %s, %" PRIu64 " scores changed, %" PRIu64
	    " lines refused",
	    scoring->lines.name, scoring->rows, day, scoring->changed, scoring->refused);
}

enum outcome
cmd_score(struct command_context *context)
{
	const struct options *options = &context->options;
	const char *path = options->operand_count > 0 ? options->operands[0] : "-";
	struct scoring scoring = { .day = options->as_of, .log = &context->log };
	bool from_stdin = strcmp(path, "-") == 0;
	int fd = STDIN_FILENO;
	enum outcome outcome;

	if (options->operand_count > 1) {
		log_error(&context->log, "score: wants one file, got %zu", options->operand_count);
		return OUTCOME_USAGE;
	}
	if (!from_stdin && (fd = spool_input(path, &context->log)) == -1)
		return OUTCOME_NO_INPUT;
	lines_init(&scoring.lines, fd, from_stdin ? "stdin" : path, &context->log);
	file_writer_fd(&scoring.out, STDOUT_FILENO, "stdout", &context->log);
	outcome = score_lines(&scoring);
	if (file_writer_close(&scoring.out) == -1)
		outcome = OUTCOME_CANNOT_WRITE;
	else
		tell(&scoring);
	lines_free(&scoring.lines);
	buf_free(&scoring.score);
	if (!from_stdin)
		close(fd);
	return outcome;
}
