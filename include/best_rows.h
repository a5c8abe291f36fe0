#ifndef FINESET_BEST_ROWS_H
#define FINESET_BEST_ROWS_H

#include "buf.h"
#include "row_line.h"

#include <stddef.h>
#include <stdint.h>

/* A row that is kept: what it is ranked by, and its line. */
struct best_row {
	double score;
	int64_t citations;
	int64_t day;
	char id[DIGEST_HEX_SIZE];
	char *line;
	size_t len;
};

/* The best of many rows: the highest score first, then the most citations, the latest day (none is
 * the earliest) and the lowest id.  Start with best_rows_init. */
struct best_rows {
	size_t limit;
	size_t count;
	size_t capacity;
	/* Up to best_rows_sort a heap with the worst in front. */
	struct best_row *rows;
};

/** best_rows_init(best, limit): Keep ${limit} rows, 1 or more; memory goes with those that came. */
void best_rows_init(struct best_rows *best, size_t limit);

/** best_rows_free(best): Free all rows. */
void best_rows_free(struct best_rows *best);

/** best_rows_add(best, row, line): Keep a copy of the line of a row without faults if it is among
 * the best so far. */
void best_rows_add(struct best_rows *best, const struct row_line *row, struct slice line);

/** best_rows_sort(best): The best first, after the last row.  JSONL_PADDING bytes behind each line
 * are readable. */
void best_rows_sort(struct best_rows *best);

#endif
