#include "row_order.h"

#include "mem.h"

#include <stdlib.h>

#define ROW_NONE UINT32_MAX

enum place { PLACE_NONE, PLACE_KEPT, PLACE_DOUBTFUL, PLACE_MOVES };

struct row_order {
	struct row_rank *ranks;
	/* enum place, by row. */
	unsigned char *places;
	size_t count;
	size_t rank_capacity;
	size_t place_capacity;
	/* By row, once they are found: the one that it belongs beside, or ROW_NONE. */
	uint32_t *others;
	/* Whether a row belongs before one that stands before it. */
	bool descends;
	uint32_t last;
};

struct row_order *
row_order_new(void)
{
	struct row_order *order = mem_new(1, sizeof(*order));

	order->last = ROW_NONE;
	return order;
}

void
row_order_free(struct row_order *order)
{
	if (order == NULL)
		return;
	free(order->ranks);
	free(order->places);
	free(order->others);
	free(order);
}

static int
rank_cmp(const struct row_order *order, size_t a, size_t b)
{
	struct row_rank left = order->ranks[a], right = order->ranks[b];

	if (left.first != right.first)
		return left.first < right.first ? -1 : 1;
	return (left.second > right.second) - (left.second < right.second);
}

static void
add(struct row_order *order, struct row_rank rank, enum place place)
{
	size_t wanted = order->count + 1;

	/* Rows are numbered in 32 bits, as their keys are (key_table.h). */
	if (wanted == ROW_NONE)
		mem_out();
	order->ranks = mem_grow(order->ranks, &order->rank_capacity, wanted, sizeof(*order->ranks));
	order->places =
	    mem_grow(order->places, &order->place_capacity, wanted, sizeof(*order->places));
	order->ranks[order->count] = rank;
	order->places[order->count++] = (unsigned char)place;
}

void
row_order_add(struct row_order *order, struct row_rank rank, bool doubtful)
{
	uint32_t row = (uint32_t)order->count;

	add(order, rank, doubtful ? PLACE_DOUBTFUL : PLACE_KEPT);
	if (order->last != ROW_NONE && rank_cmp(order, row, order->last) < 0)
		order->descends = true;
	order->last = row;
}

void
row_order_skip(struct row_order *order)
{
	add(order, (struct row_rank){ 0, 0 }, PLACE_NONE);
}

/* How many of ${rows}, which ascend, rank below ${row}; with ${equal}, no higher than it. */
static size_t
rows_below(
    const struct row_order *order, const uint32_t *rows, size_t count, size_t row, bool equal)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rank_cmp(order, rows[middle], row) < (equal ? 1 : 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Keep the longest ascending subsequence of the rows that nothing is known against (patience
 * sorting: ends[n] is the lowest row that ends one of n + 1 rows); the others of them move.
 */
static void
keep_longest(struct row_order *order)
{
	uint32_t *ends = mem_new(order->count, sizeof(*ends));
	uint32_t *before = mem_new(order->count, sizeof(*before));
	size_t longest = 0;

	for (uint32_t row = 0; row < order->count; row++) {
		size_t at;

		if (order->places[row] != PLACE_KEPT)
			continue;
		at = rows_below(order, ends, longest, row, true);
		before[row] = at > 0 ? ends[at - 1] : ROW_NONE;
		ends[at] = row;
		longest += at == longest;
		order->places[row] = PLACE_MOVES;
	}
	for (uint32_t row = longest > 0 ? ends[longest - 1] : ROW_NONE; row != ROW_NONE;
	     row = before[row])
		order->places[row] = PLACE_KEPT;
	free(ends);
	free(before);
}

/* Where each row belongs that does not stay, among those that do. */
static void
find_others(struct row_order *order)
{
	uint32_t *kept = mem_new(order->count, sizeof(*kept));
	size_t count = 0, before = 0;

	for (uint32_t row = 0; row < order->count; row++)
		if (order->places[row] == PLACE_KEPT)
			kept[count++] = row;
	for (uint32_t row = 0; row < order->count; row++) {
		size_t first, last;

		order->others[row] = ROW_NONE;
		if (order->places[row] == PLACE_KEPT)
			before++;
		if (order->places[row] == PLACE_KEPT || order->places[row] == PLACE_NONE)
			continue;
		first = rows_below(order, kept, count, row, false);
		last = rows_below(order, kept, count, row, true);
		if (before < first)
			order->others[row] = kept[first - 1];
		else if (before > last)
			order->others[row] = kept[last];
	}
	free(kept);
}

size_t
row_order_find(struct row_order *order)
{
	size_t moves = 0;

	if (!order->descends)
		return 0;
	order->others = mem_new(order->count, sizeof(*order->others));
	keep_longest(order);
	find_others(order);
	for (size_t row = 0; row < order->count; row++)
		moves += order->others[row] != ROW_NONE;
	return moves;
}

bool
row_order_next(const struct row_order *order, size_t *row, size_t *other)
{
	while (order->others != NULL && *row < order->count && order->others[*row] == ROW_NONE)
		++*row;
	if (order->others == NULL || *row == order->count)
		return false;
	*other = order->others[*row];
	return true;
}
