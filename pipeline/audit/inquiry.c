#include "inquiry.h"

#include "alias.h"
#include "history.h"
#include "lines.h"
#include "lookup.h"
#include "mem.h"
#include "scored_row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Hold all rows against the names; with ${stats}, count their scores. */
static int
pass_over(struct inquiry *inquiry, struct lookup *lookup, struct row_stats *stats)
{
	struct lines lines;
	struct slice line;
	uint64_t refused = 0;
	int more;

	if (lseek(inquiry->explain.subject->fd, 0, SEEK_SET) == -1)
		return -1;
	lines_init(&lines, inquiry->explain.subject->fd, inquiry->explain.subject->path,
	    inquiry->explain.log);
	while ((more = lines_next(&lines, &line)) == 1) {
		struct row_line row;
		struct jsonl_error error;

		if (row_line_parse(line.data, line.len, &row, &error) == -1) {
			refused++;
			continue;
		}
		lookup_row(lookup, &row, lines.offset, line.len, lines.number);
		if (stats != NULL)
			row_stats_add_line(stats, &row);
	}
	lines_free(&lines);
	if (refused > 0 && stats != NULL)
		log_error(inquiry->explain.log,
		    "%s: %" PRIu64 " lines cannot be read, so what they hold is not found; without "
		    "an id `audit` names "
		    "them",
		    inquiry->explain.subject->path, refused);
	return more;
}

static int
read_line(struct inquiry *inquiry, const struct lookup_hit *hit, struct explanation *explanation,
    struct arena *arena)
{
	char *line = arena_new(arena, hit->len + JSONL_PADDING, 1);

	explanation->line = (struct slice){ line, hit->len };
	explanation->number = hit->line;
	return file_read_at(inquiry->explain.subject->fd, inquiry->explain.subject->path,
	    hit->offset, line, hit->len, inquiry->explain.log);
}

static void
tell_unknown(struct inquiry *inquiry, const struct lookup *lookup, size_t number, struct slice name)
{
	struct lookup_hit hit = lookup_hit(lookup, number);
	struct buf nearest = BUF_INIT;

	inquiry->unknown = true;
	lookup_nearest(lookup, number, &nearest);
	if (hit.rows > 1)
		log_error(inquiry->explain.log,
		    "%s: '" LOG_VALUE_FMT "' fits %" PRIu64 " rows: %.*s",
		    inquiry->explain.subject->path, LOG_VALUE(name), hit.rows, (int)nearest.len,
		    nearest.data);
	else if (nearest.len > 0)
		log_error(inquiry->explain.log,
		    "%s: no paper '" LOG_VALUE_FMT "'; the nearest are %.*s",
		    inquiry->explain.subject->path, LOG_VALUE(name), (int)nearest.len,
		    nearest.data);
	else
		log_error(inquiry->explain.log, "%s: no paper '" LOG_VALUE_FMT "'",
		    inquiry->explain.subject->path, LOG_VALUE(name));
	buf_free(&nearest);
}

static void
print_explanations(struct inquiry *inquiry, const struct explanation *explanations, size_t count)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		buf_clear(&text);
		if (inquiry->json)
			explanation_json_write(&explanations[i], &text);
		else
			explanation_text_write(&explanations[i], &text);
		file_writer_add(inquiry->out, text.data, text.len);
	}
	buf_free(&text);
}

/* Explain the rows that names were found for. */
static int
explain_hits(struct inquiry *inquiry, const struct lookup *lookup, const struct slice *names,
    size_t count, struct arena *arena)
{
	const struct explain *explain = &inquiry->explain;
	struct explanation *explanations = arena_new(arena, count, sizeof(*explanations));
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		struct lookup_hit hit = lookup_hit(lookup, i);

		if (hit.rows != 1) {
			tell_unknown(inquiry, lookup, i, names[i]);
			continue;
		}
		explanations[found].asked = names[i];
		if (read_line(inquiry, &hit, &explanations[found], arena) == -1 ||
		    explain_row(explain, &explanations[found], arena) == -1)
			return -1;
		found++;
	}
	if (found > 0 && explain->subject->root != NULL &&
	    history_read(explain->subject->root, explanations, found, arena, explain->log) == -1)
		return -1;
	print_explanations(inquiry, explanations, found);
	return 0;
}

/* The id of the row that a name of a source record leads to; the name itself if there is none. */
static int
resolve_alias(struct inquiry *inquiry, struct slice *name, struct arena *arena)
{
	size_t paper = alias_find(inquiry->explain.merge, *name);
	struct row row;

	if (paper == MERGE_PAPER_NONE)
		return 0;
	if (merge_row(inquiry->explain.merge, paper, &row, NULL, arena) == -1)
		return -1;
	*name = arena_dup(arena, slice_of(row.id));
	return 1;
}

/* What to look for in a second pass: names that no row has, by the ids that the sources give them.
 * How many were found, or -1. */
static int
resolve_aliases(struct inquiry *inquiry, const struct lookup *lookup, struct slice *names,
    size_t count, struct arena *arena)
{
	int resolved = 0, one = 0;

	for (size_t i = 0; i < count && one != -1; i++) {
		if (inquiry->explain.merge == NULL || lookup_hit(lookup, i).rows > 0)
			continue;
		one = resolve_alias(inquiry, &names[i], arena);
		resolved += one;
	}
	return one == -1 ? -1 : resolved;
}

static struct lookup *
ask_for(const struct slice *names, size_t count)
{
	struct lookup *lookup = lookup_new();

	for (size_t i = 0; i < count; i++)
		lookup_add(lookup, names[i]);
	return lookup;
}

int
inquiry_answer(
    struct inquiry *inquiry, const struct slice *names, size_t count, struct arena *arena)
{
	struct slice *wanted = arena_new(arena, count, sizeof(*wanted));
	struct lookup *lookup = ask_for(names, count);
	bool first = inquiry->stats == NULL;
	int result;

	memcpy(wanted, names, count * sizeof(*wanted));
	if (first)
		inquiry->stats = mem_new(1, sizeof(*inquiry->stats));
	inquiry->explain.stats = inquiry->stats;
	result = pass_over(inquiry, lookup, first ? inquiry->stats : NULL);
	if (result == 0)
		result = resolve_aliases(inquiry, lookup, wanted, count, arena);
	if (result > 0) {
		lookup_free(lookup);
		lookup = ask_for(wanted, count);
		result = pass_over(inquiry, lookup, NULL);
	}
	if (result == 0)
		result = explain_hits(inquiry, lookup, names, count, arena);
	lookup_free(lookup);
	return result;
}

void
inquiry_free(struct inquiry *inquiry)
{
	free(inquiry->stats);
}
