#ifndef FINESET_PAPER_TABLE_H
#define FINESET_PAPER_TABLE_H

#include "best_rows.h"
#include "buf.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * paper_table_write(best, columns, links, out):
 * Append a table of the rows, sorted, for a person: score, citations, date, code, paper, title.  No
 * line is wider than ${columns}, at least 1 (SIZE_MAX: titles are whole): columns that leave the
 * title no room are left out, code first, and titles are cut.  What a terminal would act on shows
 * escaped.  With ${links} paper and title lead to the paper, `code` to the code.
 */
void paper_table_write(const struct best_rows *best, size_t columns, bool links, struct buf *out);

#endif
