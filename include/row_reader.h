#ifndef FINESET_ROW_READER_H
#define FINESET_ROW_READER_H

#include "attribute.h"
#include "lines.h"
#include "log.h"
#include "row_line.h"

#include <stdint.h>

/* The rows of a file that are as row.schema.json has them, one after the other. */
struct row_reader {
	struct lines lines;
	/* The row that row_reader_next gave, and its line without the newline. */
	struct row_line row;
	struct slice line;
	uint64_t rows;
	/* Lines that are no rows: they are passed over. */
	uint64_t refused;
	const struct log *log;
};

/** row_reader_init(reader, fd, name, log): Read a file that allows pread from its beginning,
 * wherever ${fd} stands; it stays the caller's.  ${log} hears of lines that are no rows. */
void row_reader_init(struct row_reader *reader, int fd, const char *name, const struct log *log);

/** row_reader_free(reader): Free what it holds. */
void row_reader_free(struct row_reader *reader);

/**
 * row_reader_next(reader):
 * Have the next row in reader->row and reader->line, valid until the next call.  Blank lines are
 * passed over; lines that are no rows are logged and counted, too.  1, 0 at the end, or -1 (logged)
 * if the file cannot be read, or has lines and not one row: it is given up after 20.
 */
int row_reader_next(struct row_reader *reader) MUST_CHECK;

#endif
