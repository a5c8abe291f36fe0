#include "snapshot_date.h"

#include "date.h"
#include "lines.h"
#include "mem.h"
#include "row_line.h"
#include "score_fit.h"
#include "scored_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The search: how many more rows reproduce on a day than on the one before, over all days of the
 * calendar, and one place in front for the rows that reproduce on any earlier day. */
struct search {
	int64_t *change;
	size_t places;
	/* The day of place 0. */
	int64_t start;
	/* Of the rows with a date; ROW_TIME_NONE without any. */
	int64_t newest;
	uint64_t rows;
};

static size_t
place_of(const struct search *search, int64_t day)
{
	if (day < search->start)
		return 0;
	if (day - search->start >= (int64_t)search->places)
		return search->places;
	return (size_t)(day - search->start);
}

static void
search_row(struct search *search, const struct row_line *row)
{
	struct score_input input;
	int64_t first, last;
	size_t field;

	if (scored_row_line_input(row, 0, &input, &field) != NULL)
		return;
	if (input.published_day > search->newest)
		search->newest = input.published_day;
	if (row_line_fault(row, ROW_QUALITY_SCORE) != NULL ||
	    !score_fit_days(&input, row_line_score(row), &first, &last))
		return;
	search->change[place_of(search, first)]++;
	search->change[last == INT64_MAX ? search->places : place_of(search, last + 1)]--;
}

static int
search_rows(struct search *search, int fd, const char *path, const struct log *log)
{
	struct lines lines;
	struct slice line;
	int more;

	lines_init(&lines, fd, path, log);
	while ((more = lines_next(&lines, &line)) == 1) {
		struct row_line row;
		struct jsonl_error error;

		search->rows++;
		if (row_line_parse(line.data, line.len, &row, &error) == 0)
			search_row(search, &row);
	}
	lines_free(&lines);
	return more;
}

/* Turn the changes into counts and return the best one. */
static int64_t
count_up(struct search *search)
{
	int64_t most = 0;

	for (size_t i = 0; i < search->places; i++) {
		search->change[i] += i > 0 ? search->change[i - 1] : 0;
		if (search->change[i] > most)
			most = search->change[i];
	}
	return most;
}

static void
choose(struct search *search, struct snapshot_date *date)
{
	int64_t most = count_up(search);
	/* Rows without any date leave the day open: 1970-01-01 then. */
	size_t newest = place_of(search, search->newest == ROW_TIME_NONE ? 0 : search->newest);
	size_t best = newest, first, last;

	while (best < search->places && search->change[best] != most)
		best++;
	if (best == search->places)
		for (best = newest; best > 0 && search->change[best] != most;)
			best--;
	for (first = best; first > 0 && search->change[first - 1] == most;)
		first--;
	for (last = best; last + 1 < search->places && search->change[last + 1] == most;)
		last++;
	*date = (struct snapshot_date){
		.day = search->start + (int64_t)best,
		.first = first == 0 ? INT64_MIN : search->start + (int64_t)first,
		.last = last + 1 == search->places ? INT64_MAX : search->start + (int64_t)last,
		.reproduced = (uint64_t)most,
		.rows = search->rows,
	};
}

static int
rewind_file(int fd, const char *path, const struct log *log)
{
	if (lseek(fd, 0, SEEK_SET) != -1)
		return 0;
	log_error(log, "%s: cannot read again: %s", path, strerror(errno));
	return -1;
}

int
snapshot_date_find(int fd, const char *path, struct snapshot_date *date, const struct log *log)
{
	struct search search = { .start = date_day(1, 1, 1) - 1, .newest = ROW_TIME_NONE };
	int result;

	search.places = (size_t)(date_day(9999, 12, 31) - search.start + 1);
	search.change = mem_new(search.places + 1, sizeof(*search.change));
	result = rewind_file(fd, path, log);
	if (result == 0)
		result = search_rows(&search, fd, path, log);
	if (result == 0)
		choose(&search, date);
	if (result == 0)
		result = rewind_file(fd, path, log);
	free(search.change);
	return result;
}
