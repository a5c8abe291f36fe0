#include "row_reader.h"

#include "text.h"

/* After so many lines without a single row, a file is of another kind. */
#define MISSES 20

void
row_reader_init(struct row_reader *reader, int fd, const char *name, const struct log *log)
{
	*reader = (struct row_reader){ .log = log };
	lines_init(&reader->lines, fd, name, log);
	lines_range(&reader->lines, 0, UINT64_MAX, UINT64_MAX);
}

void
row_reader_free(struct row_reader *reader)
{
	lines_free(&reader->lines);
}

/* Whether the line is a row; what is wrong with it is logged. */
static bool
take_line(struct row_reader *reader)
{
	const struct lines *lines = &reader->lines;

	if (row_line_read(reader->line, lines->name, lines->number, &reader->row, reader->log) ==
	    -1)
		return false;
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const char *fault = row_line_fault(&reader->row, i);

		if (fault != NULL) {
			row_line_refuse(
			    &reader->row, i, fault, lines->name, lines->number, reader->log);
			return false;
		}
	}
	return true;
}

/* Whether the lines are of another kind: not one row in enough of them, or in all. */
static bool
is_hopeless(const struct row_reader *reader, bool at_end)
{
	return reader->rows == 0 && (reader->refused == MISSES || (at_end && reader->refused > 0));
}

int
row_reader_next(struct row_reader *reader)
{
	int more;

	while ((more = lines_next(&reader->lines, &reader->line)) == 1) {
		if (text_trim(reader->line).len == 0)
			continue;
		if (take_line(reader)) {
			reader->rows++;
			return 1;
		}
		reader->refused++;
		if (is_hopeless(reader, false))
			break;
	}
	if (more == -1 || !is_hopeless(reader, more == 0))
		return more;
	log_error(reader->log, "%s: no row in its first lines: expected rows as in data.jsonl",
	    reader->lines.name);
	return -1;
}
