#include "best_rows.h"

#include "mem.h"

#include <stdlib.h>

void
best_rows_init(struct best_rows *best, size_t limit)
{
	*best = (struct best_rows){ .limit = limit };
}

void
best_rows_free(struct best_rows *best)
{
	for (size_t i = 0; i < best->count; i++)
		free(best->rows[i].line);
	free(best->rows);
}

/* Below 0 if the first is the better one. */
static int
compare(const void *left, const void *right)
{
	const struct best_row *a = left, *b = right;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->citations != b->citations)
		return a->citations > b->citations ? -1 : 1;
	if (a->day != b->day)
		return a->day > b->day ? -1 : 1;
	return strcmp(a->id, b->id);
}

static void
swap(struct best_rows *best, size_t a, size_t b)
{
	struct best_row row = best->rows[a];

	best->rows[a] = best->rows[b];
	best->rows[b] = row;
}

static void
sift_up(struct best_rows *best, size_t place)
{
	while (place > 0 && compare(&best->rows[place], &best->rows[(place - 1) / 2]) > 0) {
		swap(best, place, (place - 1) / 2);
		place = (place - 1) / 2;
	}
}

static void
sift_down(struct best_rows *best)
{
	size_t place = 0, child;

	while ((child = 2 * place + 1) < best->count) {
		if (child + 1 < best->count &&
		    compare(&best->rows[child + 1], &best->rows[child]) > 0)
			child++;
		if (compare(&best->rows[child], &best->rows[place]) <= 0)
			break;
		swap(best, place, child);
		place = child;
	}
}

void
best_rows_add(struct best_rows *best, const struct row_line *row, struct slice line)
{
	struct best_row added = {
		.score = row_line_score(row),
		.citations = row_line_number(row, ROW_CITATION_COUNT),
		.day = row_line_day(row),
		.len = line.len,
	};
	bool full = best->count == best->limit;
	struct buf id = BUF_INIT;

	row_line_text(row, ROW_ID, &id);
	memcpy(added.id, id.data, id.len < sizeof(added.id) ? id.len : sizeof(added.id) - 1);
	buf_free(&id);
	if (full && compare(&added, &best->rows[0]) >= 0)
		return;
	/* Who parses it looks at bytes behind it. */
	added.line = mem_new(line.len + JSONL_PADDING, 1);
	memcpy(added.line, line.data, line.len);
	if (full) {
		free(best->rows[0].line);
		best->rows[0] = added;
		sift_down(best);
		return;
	}
	best->rows = mem_grow(best->rows, &best->capacity, best->count + 1, sizeof(*best->rows));
	best->rows[best->count] = added;
	sift_up(best, best->count++);
}

void
best_rows_sort(struct best_rows *best)
{
	if (best->count > 0)
		qsort(best->rows, best->count, sizeof(*best->rows), compare);
}
