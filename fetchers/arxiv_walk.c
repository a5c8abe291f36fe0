#include "arxiv_walk.h"

#include "arxiv_page.h"

#include <inttypes.h>

/* The first page: what has changed is a small part of a topic. */
#define FIRST_PAGE 500
#define FIRST_PART 20
/* So many entries at the very end may be missing for good; more is an outage, and so is all. */
#define LOST_MAX 20
/* How often a page that holds less than it should, or more, is asked before it is believed. */
#define SHORT_ASKS 2

void
arxiv_walk_init(struct arxiv_walk *walk)
{
	*walk = (struct arxiv_walk){ .seen = key_table_new() };
}

void
arxiv_walk_free(struct arxiv_walk *walk)
{
	key_table_free(walk->seen);
}

static void
rewind_walk(struct arxiv_walk *walk, int64_t since)
{
	key_table_free(walk->seen);
	*walk = (struct arxiv_walk){
		.active = true,
		.since = since,
		.page_max = ARXIV_PAGE_MAX,
		.last_updated = INT64_MAX,
		.seen = key_table_new(),
	};
}

void
arxiv_walk_begin(struct arxiv_walk *walk, int64_t since, int64_t expected)
{
	int64_t part = expected / FIRST_PART / ARXIV_PAGE_MIN * ARXIV_PAGE_MIN;

	rewind_walk(walk, since);
	walk->page_size = part < FIRST_PAGE ? FIRST_PAGE : part;
	if (walk->page_size > ARXIV_PAGE_MAX)
		walk->page_size = ARXIV_PAGE_MAX;
}

void
arxiv_walk_write(const struct arxiv_walk *walk, struct buf *out)
{
	if (walk->active)
		buf_printf(out,
		    ",\"walk\":{\"since\":%" PRId64 ",\"start\":%" PRId64 ",\"fresh\":%" PRId64 "}",
		    walk->since, walk->start, walk->fresh);
}

int
arxiv_walk_restore(struct arxiv_walk *walk, const struct commit *commit)
{
	const struct commit *point = commit_member(commit, "walk");
	int64_t start = commit_number(commit_member(point, "start"), -1);

	arxiv_walk_end(walk);
	if (point == NULL)
		return 0;
	if (start < 0 || start >= ARXIV_RESULTS_MAX)
		return -1;
	rewind_walk(walk, commit_number(commit_member(point, "since"), 0));
	walk->page_size = arxiv_page_plan(start, INT64_MAX, walk->page_max, &walk->start);
	walk->fresh = commit_number(commit_member(point, "fresh"), 0);
	return 0;
}

void
arxiv_walk_end(struct arxiv_walk *walk)
{
	walk->active = false;
}

void
arxiv_walk_shrink(struct arxiv_walk *walk)
{
	if (walk->page_size / 2 < ARXIV_PAGE_MIN)
		return;
	walk->page_max = walk->page_size / 2;
	walk->page_size = arxiv_page_plan(walk->start, -1, walk->page_max, &walk->start);
}

/* Look at the updates that are told: whether they fall, and whether they have come to what is
 * known. */
static bool
see_updates(struct arxiv_walk *walk, const struct answer *answer, bool *arrived)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];
		size_t before = key_table_count(walk->seen);

		/* What is updated meanwhile pushes the rest down: it comes twice. */
		key_table_intern(walk->seen, 0, record->arxiv_id);
		if (key_table_count(walk->seen) == before || record->updated == SOURCE_NUMBER_NONE)
			continue;
		if (record->updated > walk->last_updated)
			return false;
		walk->last_updated = record->updated;
		*arrived |= record->updated < walk->since;
	}
	return true;
}

/* Whether a page holds too little, or more than there is, to be believed now. */
static bool
is_doubtful(
    struct arxiv_walk *walk, const struct answer *answer, int64_t expected, struct buf *reason)
{
	int64_t items = (int64_t)answer->items, left = answer->total - walk->start;

	if (answer->total == 0 && expected > 0) {
		buf_printf(reason, "no papers, where %" PRId64 " matched before", expected);
		return true;
	}
	if (items <= left && items >= (left < walk->page_size ? left : walk->page_size))
		return false;
	buf_printf(reason, "a page of %" PRId64 " at %" PRId64 " of %" PRId64, items, walk->start,
	    answer->total);
	return ++walk->doubts < SHORT_ASKS || (items == 0 && (left > LOST_MAX || walk->start == 0));
}

enum arxiv_walk_step
arxiv_walk_take(
    struct arxiv_walk *walk, const struct answer *answer, int64_t expected, struct buf *reason)
{
	int64_t end = walk->start + (int64_t)answer->items, most;
	bool arrived = false;

	if (!arxiv_page_check(answer, walk->start, reason) ||
	    is_doubtful(walk, answer, expected, reason))
		return ARXIV_WALK_DOUBT;
	buf_clear(reason);
	walk->doubts = 0;
	if (!see_updates(walk, answer, &arrived)) {
		buf_add_text(reason, "the order by last update does not hold");
		return ARXIV_WALK_LOST;
	}
	if (arrived || end >= answer->total || answer->items == 0)
		return ARXIV_WALK_DONE;
	if (end > ARXIV_RESULTS_MAX - ARXIV_PAGE_MIN) {
		buf_printf(reason, "more than %" PRId64 " papers have changed", end);
		return ARXIV_WALK_LOST;
	}
	/* Twice as much each time. */
	most = end < walk->page_max ? end : walk->page_max;
	most = most < walk->page_size ? walk->page_size : most;
	walk->page_size = arxiv_page_plan(end, walk->start, most, &walk->start);
	return ARXIV_WALK_ON;
}
