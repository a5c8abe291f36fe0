#ifndef FINESET_ROW_ORDER_H
#define FINESET_ROW_ORDER_H

#include "attribute.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether rows stand in their order, and if not, which are the fewest that would have to move. */
struct row_order;

/* Where a row belongs: ascending by the first number, then by the second; rows with equal ones may
 * stand in any order. */
struct row_rank {
	int64_t first;
	uint64_t second;
};

/** row_order_new(): No rows yet. */
struct row_order *row_order_new(void) MUST_CHECK;

/** row_order_free(order): Free it. */
void row_order_free(struct row_order *order);

/**
 * row_order_add(order, rank, doubtful):
 * The next row.  Of two rows that contradict each other a doubtful one, of which something is known
 * to be wrong, is the one to move.
 */
void row_order_add(struct row_order *order, struct row_rank rank, bool doubtful);

/** row_order_skip(order): The next row belongs nowhere. */
void row_order_skip(struct row_order *order);

/** row_order_find(order): Find the rows that would have to move, after the last row.  Returns how
 * many there are. */
size_t row_order_find(struct row_order *order);

/**
 * row_order_next(order, row, other):
 * The next row that would have to move, from ${row} on (rows count from 0; it is updated), and one
 * that stays: it belongs right before that if it stands behind it, else right behind.  False behind
 * the last.
 */
bool row_order_next(const struct row_order *order, size_t *row, size_t *other);

#endif
