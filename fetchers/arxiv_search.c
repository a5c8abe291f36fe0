#include "arxiv_search.h"

#include "arxiv_page.h"
#include "date.h"
#include "jsonl.h"
#include "mem.h"

#include <inttypes.h>
#include <stdlib.h>

/* The server breaks near 10,000 results; no window is read that far if it can be helped. */
#define WINDOW_MAX 9000
/* Windows on the stack: each split adds one, and the minutes of all years are halved 33 times. */
#define WINDOWS_MAX 100
/* Of the years that a date can be written in. */
#define MINUTE_MIN (date_day(1, 1, 1) * (DATE_DAY_SECONDS / 60))
#define MINUTE_MAX (date_day(10000, 1, 1) * (DATE_DAY_SECONDS / 60))
/* How often a window is read whose entries do not make up the server's count. */
#define WINDOW_ROUNDS 3
/* How often a page that has more entries than there are is asked before it is believed. */
#define CROWDED_ASKS 2
/* So many entries at the end of a window may be missing for good; more is an outage. */
#define LOST_MAX 20
/* So many entries before the next page are known again by the run that goes on: those of one second
 * stand in no order that holds (facts: arxiv-api, 2), and what comes in meanwhile moves them. */
#define TAIL_MAX 100

void
arxiv_search_init(struct arxiv_search *search)
{
	*search = (struct arxiv_search){
		.until = INT64_MIN,
		.complete = INT64_MIN,
		.seen = key_table_new(),
		.all_seen = key_table_new(),
		.matched = -1,
		.page_max = ARXIV_PAGE_MAX,
		.page_size = ARXIV_PAGE_MAX,
		.last_minute = INT64_MIN,
		.ordered = true,
	};
}

void
arxiv_search_free(struct arxiv_search *search)
{
	key_table_free(search->seen);
	key_table_free(search->all_seen);
	free(search->windows);
}

/* The window that is being read, when there is one. */
static struct arxiv_window *
top_window(const struct arxiv_search *search)
{
	return &search->windows[search->window_count - 1];
}

const struct arxiv_window *
arxiv_search_window(const struct arxiv_search *search)
{
	return search->window_count == 0 ? NULL : top_window(search);
}

static void
push_window(struct arxiv_search *search, int64_t from, int64_t to)
{
	search->windows = mem_grow(search->windows, &search->window_capacity,
	    search->window_count + 1, sizeof(*search->windows));
	search->windows[search->window_count++] = (struct arxiv_window){ from, to };
}

/* Begin the window on top of the stack from its first page. */
static void
rewind_window(struct arxiv_search *search)
{
	key_table_free(search->seen);
	search->seen = key_table_new();
	search->start = 0;
	search->page_size = search->page_max;
	search->total = 0;
	search->fallen = 0;
	search->distinct = 0;
	search->overlap = 0;
	search->last_minute = INT64_MIN;
	search->in_last_minute = 0;
	search->ordered = true;
	search->doubts = 0;
}

/* The window on top is another one. */
static void
begin_window(struct arxiv_search *search)
{
	/* What failed in large pages there need not fail here. */
	search->page_max = ARXIV_PAGE_MAX;
	search->rounds = 0;
	search->owed = 0;
	search->owed_from = 0;
	search->all_fallen = 0;
	key_table_free(search->all_seen);
	search->all_seen = key_table_new();
	rewind_window(search);
}

static void
pop_window(struct arxiv_search *search)
{
	search->window_count--;
	begin_window(search);
	if (search->window_count == 0)
		search->complete = search->until;
}

void
arxiv_search_begin(struct arxiv_search *search, int64_t first, int64_t until)
{
	search->until = until;
	search->window_count = 0;
	push_window(search, first, until);
	begin_window(search);
	search->matched = -1;
	search->missing = 0;
}

/* Plan the page that follows the first ${end} entries; see arxiv_page_plan. */
static void
plan_page(struct arxiv_search *search, int64_t end, int64_t behind)
{
	search->page_size = arxiv_page_plan(end, behind, search->page_max, &search->start);
	search->overlap = end - search->start;
}

void
arxiv_search_shrink(struct arxiv_search *search)
{
	if (search->page_max / 2 >= ARXIV_PAGE_MIN)
		search->page_max /= 2;
	plan_page(search, search->start + search->overlap, -1);
}

/* The names of the entries before the next page; those from there on will come again. */
static void
write_tail(const struct arxiv_search *search, struct buf *out)
{
	int64_t end = (int64_t)key_table_count(search->seen) - search->overlap;
	int64_t first = end > TAIL_MAX ? end - TAIL_MAX : 0;

	buf_add_text(out, ",\"tail\":[");
	for (int64_t i = first; i < end; i++) {
		if (i > first)
			buf_add_char(out, ',');
		jsonl_write_string(key_table_text(search->seen, (uint32_t)i), out);
	}
	buf_add_char(out, ']');
}

static void
restore_tail(struct arxiv_search *search, const struct commit *tail)
{
	for (size_t i = 0; i < commit_count(tail); i++) {
		struct slice name = commit_text(commit_element(tail, i));

		if (name.data == NULL)
			continue;
		key_table_intern(search->seen, 0, name);
		key_table_intern(search->all_seen, 0, name);
	}
}

void
arxiv_search_write(const struct arxiv_search *search, struct buf *out)
{
	buf_add_text(out, "\"windows\":[");
	for (size_t i = 0; i < search->window_count; i++)
		buf_printf(out, "%s[%" PRId64 ",%" PRId64 "]", i == 0 ? "" : ",",
		    search->windows[i].from, search->windows[i].to);
	buf_printf(out,
	    "],\"start\":%" PRId64 ",\"total\":%" PRId64 ",\"fallen\":%" PRId64
	    ",\"distinct\":%" PRId64 ",\"owed\":%" PRId64 ",\"owed_from\":%" PRId64
	    ",\"until\":%" PRId64 ",\"complete\":%" PRId64 ",\"matched\":%" PRId64
	    ",\"missing\":%" PRId64,
	    search->start, search->total, search->fallen, search->distinct - search->overlap,
	    search->owed, search->owed_from, search->until, search->complete, search->matched,
	    search->missing);
	write_tail(search, out);
}

/* A minute that a query can name; ${none} if it is none. */
static int64_t
minute_of(const struct commit *value, int64_t none)
{
	int64_t minute = commit_number(value, none);

	return minute >= MINUTE_MIN && minute <= MINUTE_MAX ? minute : none;
}

/* 0, or -1 if they are none. */
static int
restore_windows(struct arxiv_search *search, const struct commit *windows)
{
	search->window_count = 0;
	if (commit_count(windows) > WINDOWS_MAX)
		return -1;
	for (size_t i = 0; i < commit_count(windows); i++) {
		const struct commit *pair = commit_element(windows, i);
		int64_t from = minute_of(commit_element(pair, 0), INT64_MIN);
		int64_t to = minute_of(commit_element(pair, 1), INT64_MIN);

		if (from == INT64_MIN || to == INT64_MIN)
			return -1;
		push_window(search, from, to);
	}
	begin_window(search);
	return 0;
}

/* A number of entries; 0 if it is none. */
static int64_t
count_of(const struct commit *commit, const char *name)
{
	int64_t count = commit_number(commit_member(commit, name), 0);

	return count >= 0 && count <= INT32_MAX ? count : 0;
}

int
arxiv_search_restore(struct arxiv_search *search, const struct commit *commit)
{
	int64_t start = commit_number(commit_member(commit, "start"), -1);

	search->until = minute_of(commit_member(commit, "until"), INT64_MIN);
	if (restore_windows(search, commit_member(commit, "windows")) == -1 || start < 0 ||
	    start >= ARXIV_RESULTS_MAX || search->until == INT64_MIN)
		return -1;
	search->total = count_of(commit, "total");
	search->fallen = search->all_fallen = count_of(commit, "fallen");
	search->distinct = count_of(commit, "distinct");
	restore_tail(search, commit_member(commit, "tail"));
	if (start > 0)
		plan_page(search, start, INT64_MAX);
	search->owed = commit_number(commit_member(commit, "owed"), 0);
	search->owed_from = minute_of(commit_member(commit, "owed_from"), MINUTE_MIN);
	search->complete = minute_of(commit_member(commit, "complete"), INT64_MIN);
	search->matched = commit_number(commit_member(commit, "matched"), -1);
	search->missing = commit_number(commit_member(commit, "missing"), 0);
	return 0;
}

/* Whether this is the first time that the window brings an entry of this name. */
static bool
see(struct arxiv_search *search, struct slice name)
{
	size_t before = key_table_count(search->seen);

	key_table_intern(search->all_seen, 0, name);
	key_table_intern(search->seen, 0, name);
	if (key_table_count(search->seen) == before)
		return false;
	search->distinct++;
	return true;
}

/* Note the minute of a new entry. */
static void
note_minute(struct arxiv_search *search, int64_t published)
{
	int64_t minute = published / 60;

	if (published == SOURCE_NUMBER_NONE || minute < search->last_minute) {
		search->ordered = false;
	} else if (minute == search->last_minute) {
		search->in_last_minute++;
	} else {
		search->last_minute = minute;
		search->in_last_minute = 1;
	}
}

/* An entry that was too broken to be read is known by its place alone. */
static void
see_refused(struct arxiv_search *search, int64_t place)
{
	struct buf name = BUF_INIT;

	buf_printf(&name, "refused %" PRId64, place);
	see(search, buf_slice(&name));
	buf_free(&name);
}

static void
see_page(struct arxiv_search *search, const struct answer *answer)
{
	size_t next = 0;

	for (size_t place = 0; place < answer->items; place++) {
		const struct source_record *record;

		if (next == answer->count || answer->positions[next] != place) {
			see_refused(search, search->start + (int64_t)place);
			continue;
		}
		record = &answer->records[next++];
		if (see(search, record->arxiv_id))
			note_minute(search, record->published);
	}
}

/* Whether most entries lie in the window: a server that takes no notice of it would never come to
 * an end. */
static bool
in_window(const struct answer *answer, const struct arxiv_window *window)
{
	size_t outside = 0;

	for (size_t i = 0; i < answer->count; i++) {
		int64_t published = answer->records[i].published;

		outside += published < window->from * 60 || published >= (window->to + 1) * 60;
	}
	return outside * 2 <= answer->count;
}

/* Go on from the last minute that was told, in a window of its own. */
static void
slide_window(struct arxiv_search *search)
{
	struct arxiv_window *window = top_window(search);
	int64_t owed = search->total + search->fallen - (search->distinct - search->in_last_minute);
	int64_t owed_from = window->from;

	window->from = search->last_minute;
	begin_window(search);
	search->owed = owed;
	search->owed_from = owed_from;
}

/* Make a window that holds too much narrower; false if it is as narrow as can be. */
static bool
narrow_window(struct arxiv_search *search)
{
	struct arxiv_window window = *top_window(search);
	int64_t middle = window.from + (window.to - window.from) / 2;

	if (middle == window.from)
		return false;
	if (search->ordered && search->last_minute > window.from &&
	    search->last_minute <= window.to) {
		slide_window(search);
		return true;
	}
	/* The first minute alone holds too much; or nothing can be concluded from an order that
	 * does not hold. */
	if (search->ordered)
		middle = window.from + 1;
	search->window_count--;
	push_window(search, middle, window.to);
	push_window(search, window.from, middle);
	begin_window(search);
	return true;
}

/* What the server counts: what vanishes while the window is read moves the rest up, past the page
 * that is asked next. */
static void
count_total(struct arxiv_search *search, int64_t total)
{
	if (total < search->total) {
		search->fallen += search->total - total;
		search->all_fallen += search->total - total;
	}
	search->total = total;
}

/* How many entries came, in all times that the window was read: those of one second may stand in
 * another order each time. */
static int64_t
entries_seen(const struct arxiv_search *search)
{
	int64_t all = (int64_t)key_table_count(search->all_seen);

	return all > search->distinct ? all : search->distinct;
}

/* Whether no entry of the window can have been missed; of those that came some may have vanished.
 */
static bool
is_whole(const struct arxiv_search *search)
{
	/* Only a single minute is cut off by the server's own limit. */
	int64_t reachable = search->total < ARXIV_RESULTS_MAX ? search->total : ARXIV_RESULTS_MAX;

	return search->distinct >= reachable + search->fallen ||
	       entries_seen(search) >= reachable + search->all_fallen;
}

/* All of the window came that will come this time. */
static void
finish_window(struct arxiv_search *search, const struct log *log)
{
	int64_t seen = entries_seen(search);

	if (!is_whole(search) && ++search->rounds < WINDOW_ROUNDS) {
		log_notice(log,
		    "arXiv: %" PRId64 " of %" PRId64 " papers came, asking again for the rest",
		    seen, search->total + search->all_fallen);
		rewind_window(search);
		return;
	}
	if (seen < search->total)
		search->missing += search->total - seen;
	pop_window(search);
}

/* The first page of a window tells that entries of the one before it did not come: read that one
 * again. */
static bool
recheck(struct arxiv_search *search, const struct log *log)
{
	struct arxiv_window window = *top_window(search);
	int64_t lost = search->owed - search->total, from = search->owed_from;

	if (search->start > 0 || lost <= 0 || window.from >= window.to)
		return false;
	log_notice(log, "arXiv: %" PRId64 " papers did not come, asking again for them", lost);
	push_window(search, from, window.from);
	begin_window(search);
	return true;
}

/* A page without any entry, or with none behind the ${end} that have come. */
static bool
take_empty(struct arxiv_search *search, const struct answer *answer, int64_t end, unsigned doubts,
    const struct log *log, struct buf *reason)
{
	int64_t left = answer->total - end;
	bool at_end = end > 0 && left >= 0 && left <= LOST_MAX;
	bool nothing = end == 0 && answer->total == 0 && search->owed <= 0;

	search->doubts++;
	if (nothing)
		buf_add_text(reason, "no papers, which is not believed at once");
	else
		buf_printf(reason, "an empty page at %" PRId64 " of %" PRId64, end, answer->total);
	if (!(nothing || at_end) || search->doubts < doubts)
		return false;
	count_total(search, answer->total);
	if (search->matched < 0)
		search->matched = answer->total;
	finish_window(search, log);
	return true;
}

bool
arxiv_search_take(struct arxiv_search *search, const struct answer *answer, unsigned doubts,
    const struct log *log, struct buf *reason)
{
	int64_t items = (int64_t)answer->items, end = search->start + items;

	if (!arxiv_page_check(answer, search->start, reason))
		return false;
	if (items == 0 || (items <= search->overlap && end < answer->total))
		return take_empty(search, answer, end, doubts, log, reason);
	if (end > answer->total && ++search->doubts < CROWDED_ASKS) {
		buf_printf(
		    reason, "a page that ends at %" PRId64 " of %" PRId64, end, answer->total);
		return false;
	}
	if (!in_window(answer, top_window(search))) {
		buf_add_text(reason, "papers outside the dates that were asked for");
		return false;
	}
	see_page(search, answer);
	search->doubts = 0;
	count_total(search, answer->total);
	if (search->matched < 0)
		search->matched = answer->total;
	if (recheck(search, log))
		return true;
	if (search->total > WINDOW_MAX &&
	    (!search->ordered || end + search->page_max > WINDOW_MAX) && narrow_window(search))
		return true;
	if (end >= search->total || end >= ARXIV_RESULTS_MAX)
		finish_window(search, log);
	else
		plan_page(search, end, search->start);
	return true;
}
