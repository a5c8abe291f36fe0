#include "arxiv.h"

#include "arxiv_feed.h"
#include "arxiv_query.h"
#include "date.h"
#include "key_table.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

/* The documented maximum of one page (facts: arxiv-api, 1). */
#define PAGE_MAX 2000
/* Smaller pages only cost time. */
#define PAGE_MIN 100
/* The server breaks near 10,000 results (facts: arxiv-api, 1 Limits). */
#define WINDOW_MAX 9000
#define RESULTS_MAX 10000
/* Ids in one id_list: 500 of them make a URL of 6 KB. */
#define IDS_MAX 500
/* How often a count of zero, and a window that stays short, are asked again. */
#define ZERO_ASKS 2
#define WINDOW_ROUNDS 3
/* Before the first paper: arXiv holds some that were written from 1986 on. */
#define FIRST_YEAR 1980
#define DAY_MINUTES (DATE_DAY_SECONDS / 60)

/* A window of first submissions, minutes since 1970, both included; neighbours share a minute. */
struct window {
	int64_t from;
	int64_t to;
};

struct arxiv {
	struct source_setup setup;
	/* What is left to search; the last one is being read. */
	struct window *windows;
	size_t window_count;
	size_t window_capacity;
	/* End of the last window there is, and of the last one that was searched with all before
	 * it. */
	int64_t until;
	int64_t complete;

	/* In the window: where to go on, what the server counts, what came. */
	int64_t start;
	int64_t total;
	int64_t distinct;
	struct key_table *seen;
	int64_t page_size;
	unsigned zeros;
	unsigned rounds;
	unsigned stuck;

	/* The ids that the id_list in hand asks for, as numbers of known papers. */
	size_t *asked;
	size_t asked_count;
	size_t asked_capacity;
	size_t ids_max;

	int64_t matched;
	int64_t missing;
};

struct arxiv *
arxiv_new(const struct source_setup *setup)
{
	struct arxiv *arxiv = mem_new(1, sizeof(*arxiv));

	arxiv->setup = *setup;
	arxiv->page_size = PAGE_MAX;
	arxiv->ids_max = IDS_MAX;
	arxiv->matched = -1;
	arxiv->until = INT64_MIN;
	arxiv->complete = INT64_MIN;
	arxiv->seen = key_table_new();
	return arxiv;
}

void
arxiv_free(struct arxiv *arxiv)
{
	if (arxiv == NULL)
		return;
	key_table_free(arxiv->seen);
	free(arxiv->windows);
	free(arxiv->asked);
	free(arxiv);
}

static void
push_window(struct arxiv *arxiv, int64_t from, int64_t to)
{
	arxiv->windows = mem_grow(arxiv->windows, &arxiv->window_capacity, arxiv->window_count + 1,
				  sizeof(*arxiv->windows));
	arxiv->windows[arxiv->window_count++] = (struct window){ from, to };
}

/* Begin the window on top of the stack from its first page. */
static void
rewind_window(struct arxiv *arxiv)
{
	key_table_free(arxiv->seen);
	arxiv->seen = key_table_new();
	arxiv->start = 0;
	arxiv->distinct = 0;
	arxiv->zeros = 0;
	arxiv->stuck = 0;
}

static void
pop_window(struct arxiv *arxiv)
{
	arxiv->window_count--;
	arxiv->rounds = 0;
	rewind_window(arxiv);
	if (arxiv->window_count == 0)
		arxiv->complete = arxiv->until;
}

/* Add what lies between the windows there are and the last day wanted. */
static void
extend_windows(struct arxiv *arxiv)
{
	const struct topic *topic = arxiv->setup.topic;
	int64_t first = topic->from != TOPIC_DAY_NONE ? topic->from : date_day(FIRST_YEAR, 1, 1);
	int64_t from = arxiv->until != INT64_MIN ? arxiv->until : first * DAY_MINUTES;
	/* The midnight behind the last day: whether a window ends with second 0 or 59 of its last
	 * minute is not documented. */
	int64_t to = (arxiv->setup.until + 1) * DAY_MINUTES;

	if (to <= from)
		return;
	arxiv->until = to;
	if (arxiv->window_count == 0) {
		push_window(arxiv, from, to);
		rewind_window(arxiv);
		return;
	}
	/* The newest days come last, below the window that is being read. */
	push_window(arxiv, 0, 0);
	for (size_t i = arxiv->window_count - 1; i > 0; i--)
		arxiv->windows[i] = arxiv->windows[i - 1];
	arxiv->windows[0] = (struct window){ from, to };
}

static void
restore_windows(struct arxiv *arxiv, const json_t *windows)
{
	arxiv->window_count = 0;
	for (size_t i = 0; i < json_array_size(windows); i++) {
		const json_t *pair = json_array_get(windows, i);

		push_window(arxiv, json_integer_value(json_array_get(pair, 0)),
			    json_integer_value(json_array_get(pair, 1)));
	}
}

void
arxiv_restore(struct arxiv *arxiv, struct slice commit)
{
	json_t *root = json_loadb(commit.data, commit.len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *absent = json_object_get(root, "absent");

	if (root == NULL)
		return;
	restore_windows(arxiv, json_object_get(root, "windows"));
	rewind_window(arxiv);
	arxiv->start = json_integer_value(json_object_get(root, "start"));
	arxiv->distinct = json_integer_value(json_object_get(root, "distinct"));
	arxiv->until = json_integer_value(json_object_get(root, "until"));
	if (arxiv->window_count == 0)
		arxiv->complete = arxiv->until;
	arxiv->matched = json_integer_value(json_object_get(root, "matched"));
	arxiv->missing = json_integer_value(json_object_get(root, "missing"));
	for (size_t i = 0; i < json_array_size(absent); i++)
		known_absent(arxiv->setup.known, SOURCE_ARXIV,
			     slice_of(json_string_value(json_array_get(absent, i))));
	json_decref(root);
}

/* The point to go on from; ${absent} lists asked ids that the server does not know. */
static void
write_commit(const struct arxiv *arxiv, const struct buf *absent, struct buf *out)
{
	buf_add_text(out, "{\"windows\":[");
	for (size_t i = 0; i < arxiv->window_count; i++)
		buf_printf(out, "%s[%" PRId64 ",%" PRId64 "]", i == 0 ? "" : ",",
			   arxiv->windows[i].from, arxiv->windows[i].to);
	buf_printf(out,
		   "],\"start\":%" PRId64 ",\"distinct\":%" PRId64 ",\"until\":%" PRId64
		   ",\"matched\":%" PRId64 ",\"missing\":%" PRId64 ",\"absent\":[",
		   arxiv->start, arxiv->distinct, arxiv->until, arxiv->matched, arxiv->missing);
	buf_add_slice(out, buf_slice(absent));
	buf_add_text(out, "]}");
}

/* Hand the records that are news to the sink, with the state behind them. */
static enum source_take
commit_page(struct arxiv *arxiv, const struct answer *answer, const size_t *chosen, size_t count,
	    const struct buf *absent)
{
	struct buf commit = BUF_INIT;
	const struct source_sink *sink = &arxiv->setup.sink;
	int result;

	write_commit(arxiv, absent, &commit);
	result = sink->page(sink->cookie, SOURCE_ARXIV, answer->records, chosen, count,
			    buf_slice(&commit));
	buf_free(&commit);
	return result == 0 ? TAKE_ACCEPTED : TAKE_CANNOT_WRITE;
}

static void
begin_url(const struct arxiv *arxiv, const char *parameter, struct slice value, struct buf *url)
{
	buf_printf(url, "%s?%s=", arxiv->setup.base_url, parameter);
	fetch_escape(value, url);
}

static void
next_search(struct arxiv *arxiv, struct request *request)
{
	const struct window *window = &arxiv->windows[arxiv->window_count - 1];
	struct buf query = BUF_INIT;

	arxiv_query_write(arxiv->setup.topic, window->from, window->to, &query);
	begin_url(arxiv, "search_query", buf_slice(&query), &request->url);
	buf_printf(&request->url,
		   "&start=%" PRId64 "&max_results=%" PRId64
		   "&sortBy=submittedDate&sortOrder=ascending",
		   arxiv->start, arxiv->page_size);
	buf_printf(&request->what, "search, from %" PRId64, arxiv->start);
	if (arxiv->total > 0 && arxiv->start > 0)
		buf_printf(&request->what, " of %" PRId64, arxiv->total);
	buf_free(&query);
}

/* Fill asked with papers that the other source brought; how many there are. */
static size_t
choose_ids(struct arxiv *arxiv)
{
	const struct known *known = arxiv->setup.known;

	arxiv->asked_count = 0;
	for (size_t i = 0; i < known_count(known) && arxiv->asked_count < arxiv->ids_max; i++) {
		if (!known_wants(known, SOURCE_ARXIV, i))
			continue;
		arxiv->asked = mem_grow(arxiv->asked, &arxiv->asked_capacity,
					arxiv->asked_count + 1, sizeof(*arxiv->asked));
		arxiv->asked[arxiv->asked_count++] = i;
	}
	return arxiv->asked_count;
}

static void
next_ids(struct arxiv *arxiv, struct request *request)
{
	struct buf ids = BUF_INIT;

	for (size_t i = 0; i < arxiv->asked_count; i++) {
		if (i > 0)
			buf_add_char(&ids, ',');
		buf_add_slice(&ids, known_arxiv_id(arxiv->setup.known, arxiv->asked[i]));
	}
	begin_url(arxiv, "id_list", buf_slice(&ids), &request->url);
	/* Without max_results the server answers for the first ten only. */
	buf_printf(&request->url, "&start=0&max_results=%zu", arxiv->asked_count);
	buf_printf(&request->what, "%zu papers by id", arxiv->asked_count);
	buf_free(&ids);
}

static enum source_next
arxiv_next(void *self, struct request *request)
{
	struct arxiv *arxiv = self;

	if (arxiv->window_count > 0) {
		next_search(arxiv, request);
		return NEXT_REQUEST;
	}
	known_set_searched(arxiv->setup.known, SOURCE_ARXIV);
	if (!known_searched(arxiv->setup.known, SOURCE_SEMANTIC_SCHOLAR))
		return NEXT_LATER;
	if (choose_ids(arxiv) == 0)
		return NEXT_DONE;
	next_ids(arxiv, request);
	return NEXT_REQUEST;
}

/* Note an entry of the window, known by its id, or by its place if it was refused. */
static void
see(struct arxiv *arxiv, struct slice name)
{
	size_t before = key_table_count(arxiv->seen);

	key_table_intern(arxiv->seen, 0, name);
	arxiv->distinct += key_table_count(arxiv->seen) > before;
}

/* Which records of a page are news; the rest was brought before, in the same version. */
static size_t
choose_news(struct arxiv *arxiv, const struct answer *answer, size_t *chosen)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (known_add_arxiv(arxiv->setup.known, record->arxiv_id, record->doi,
				    record->version))
			chosen[count++] = i;
	}
	return count;
}

static void
see_page(struct arxiv *arxiv, const struct answer *answer)
{
	struct buf place = BUF_INIT;

	for (size_t i = 0; i < answer->count; i++)
		see(arxiv, answer->records[i].arxiv_id);
	for (size_t i = 0; i < answer->refused; i++) {
		buf_clear(&place);
		buf_printf(&place, "refused %" PRId64 " %zu", arxiv->start, i);
		see(arxiv, buf_slice(&place));
	}
	buf_free(&place);
}

/*
 * The minute up to which a first page tells all: its last entry's, if the page is in order and
 * inside the window.  Else the window's own start: nothing is concluded from an order that does not
 * hold.
 */
static int64_t
told_until(const struct answer *answer, const struct window *window)
{
	int64_t last = INT64_MIN;

	if (answer->refused > 0)
		return window->from;
	for (size_t i = 0; i < answer->count; i++) {
		int64_t published = answer->records[i].published;

		if (published == SOURCE_NUMBER_NONE || published < last ||
		    published < window->from * 60 || published >= (window->to + 1) * 60)
			return window->from;
		last = published;
	}
	return last == INT64_MIN ? window->from : last / 60;
}

/* Replace a window that holds too much by two; false if it is a single minute. */
static bool
split_window(struct arxiv *arxiv, const struct answer *answer)
{
	struct window window = arxiv->windows[arxiv->window_count - 1];
	int64_t from = told_until(answer, &window), middle = from + (window.to - from) / 2;

	if (middle <= from && from == window.from)
		return false;
	arxiv->window_count--;
	if (middle > from && middle < window.to) {
		push_window(arxiv, middle, window.to);
		push_window(arxiv, from, middle);
	} else {
		push_window(arxiv, from, window.to);
	}
	arxiv->rounds = 0;
	rewind_window(arxiv);
	return true;
}

/* A page came with less than was asked: go on with pages of what the server is able to give. */
static void
adapt_to_short_page(struct arxiv *arxiv, int64_t items)
{
	int64_t size = items > PAGE_MIN ? items : PAGE_MIN;

	/* The server counts in pages (facts: arxiv-api, 1 Limits), so a start must be a multiple of
	 * the size. */
	if (arxiv->start + items - (arxiv->start + items) % size <= arxiv->start &&
	    ++arxiv->stuck > 1)
		size = items;
	arxiv->page_size = size;
}

/* Move on behind a page of ${items} entries. */
static void
advance(struct arxiv *arxiv, int64_t items)
{
	int64_t end = arxiv->start + items;
	int64_t expected = arxiv->total - arxiv->start;

	/* Only a window that cannot be split is cut off by the server's own limit. */
	if (end >= arxiv->total || end >= RESULTS_MAX) {
		if (arxiv->distinct < arxiv->total && ++arxiv->rounds < WINDOW_ROUNDS) {
			log_notice(arxiv->setup.log,
				   "arXiv: %" PRId64 " of %" PRId64
				   " papers came, asking again for the rest",
				   arxiv->distinct, arxiv->total);
			rewind_window(arxiv);
			return;
		}
		if (arxiv->distinct < arxiv->total)
			arxiv->missing += arxiv->total - arxiv->distinct;
		pop_window(arxiv);
		return;
	}
	if (items < (expected < arxiv->page_size ? expected : arxiv->page_size))
		adapt_to_short_page(arxiv, items);
	arxiv->start = end - end % arxiv->page_size;
}

static enum source_take
take_empty(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	struct buf none = BUF_INIT;

	if (answer->total > 0 || arxiv->start > 0) {
		buf_printf(reason, "an empty page at %" PRId64 " of %" PRId64, arxiv->start,
			   answer->total);
		return TAKE_AGAIN;
	}
	if (++arxiv->zeros < ZERO_ASKS) {
		buf_add_text(reason, "no papers, which is asked twice before it is believed");
		return TAKE_AGAIN;
	}
	if (arxiv->matched < 0)
		arxiv->matched = 0;
	pop_window(arxiv);
	return commit_page(arxiv, answer, NULL, 0, &none);
}

static enum source_take
take_search(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	struct buf none = BUF_INIT;
	size_t *chosen, count;
	enum source_take taken;

	if (answer->total < 0 || (answer->start >= 0 && answer->start != arxiv->start)) {
		buf_printf(reason, "asked from %" PRId64 ", answered from %" PRId64 " of %" PRId64,
			   arxiv->start, answer->start, answer->total);
		return TAKE_AGAIN;
	}
	if (answer->items == 0)
		return take_empty(arxiv, answer, reason);
	chosen = mem_new(answer->count, sizeof(*chosen));
	count = choose_news(arxiv, answer, chosen);
	see_page(arxiv, answer);
	arxiv->total = answer->total;
	if (arxiv->matched < 0)
		arxiv->matched = answer->total;
	if (arxiv->start > 0 || answer->total <= WINDOW_MAX || !split_window(arxiv, answer))
		advance(arxiv, (int64_t)answer->items);
	taken = commit_page(arxiv, answer, chosen, count, &none);
	free(chosen);
	return taken;
}

/* Note the papers that were asked by id and did not come, so that they are not asked for ever. */
static void
note_absent(struct arxiv *arxiv, struct buf *absent)
{
	struct known *known = arxiv->setup.known;

	for (size_t i = 0; i < arxiv->asked_count; i++) {
		struct slice id = known_arxiv_id(known, arxiv->asked[i]);

		if (!known_wants(known, SOURCE_ARXIV, arxiv->asked[i]))
			continue;
		buf_printf(absent, "%s\"%.*s\"", absent->len == 0 ? "" : ",", (int)id.len, id.data);
		known_absent(known, SOURCE_ARXIV, id);
	}
}

static enum source_take
take_ids(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	struct buf absent = BUF_INIT;
	size_t *chosen, count;
	enum source_take taken;

	if (answer->total > (int64_t)answer->items) {
		buf_printf(reason, "%zu of %" PRId64 " papers", answer->items, answer->total);
		return TAKE_AGAIN;
	}
	if (answer->items == 0 && ++arxiv->zeros < ZERO_ASKS) {
		buf_add_text(reason,
			     "none of the papers, which is asked twice before it is believed");
		return TAKE_AGAIN;
	}
	arxiv->zeros = 0;
	chosen = mem_new(answer->count, sizeof(*chosen));
	count = choose_news(arxiv, answer, chosen);
	note_absent(arxiv, &absent);
	taken = commit_page(arxiv, answer, chosen, count, &absent);
	buf_free(&absent);
	free(chosen);
	return taken;
}

/* One malformed id spoils a whole list: leave out the one that the server names. */
static bool
leave_out_named_id(struct arxiv *arxiv, struct slice message)
{
	for (size_t i = 0; i < arxiv->asked_count; i++) {
		struct slice id = known_arxiv_id(arxiv->setup.known, arxiv->asked[i]);
		struct buf name = BUF_INIT;
		bool named;

		buf_add_slice(&name, id);
		named = text_find(message, name.data) < message.len;
		buf_free(&name);
		if (named) {
			known_absent(arxiv->setup.known, SOURCE_ARXIV, id);
			return true;
		}
	}
	return false;
}

static enum source_take
take_error(struct arxiv *arxiv, const struct response *response, const struct answer *answer,
	   struct buf *reason)
{
	enum source_take taken = response->status == 200
				     ? (answer->verdict == ANSWER_ERROR ? TAKE_FAILED : TAKE_AGAIN)
				     : fetch_status(response->status, reason);

	if (reason->len > 0 && answer->message.len > 0)
		buf_add_text(reason, ": ");
	buf_add_slice(reason, answer->message);
	if (text_starts((struct slice){ response->body, response->len }, "Rate exceeded"))
		return TAKE_THROTTLED;
	if (answer->verdict == ANSWER_ERROR && arxiv->window_count == 0 &&
	    leave_out_named_id(arxiv, answer->message))
		return TAKE_AGAIN;
	return taken;
}

static enum source_take
arxiv_take(void *self, const struct response *response, struct buf *reason)
{
	struct arxiv *arxiv = self;
	struct answer answer;
	enum source_take taken;

	answer_init(&answer);
	arxiv_feed_parse(response->body, response->len, response->fetched, arxiv->setup.log,
			 &answer);
	if (response->status != 200 || answer.verdict != ANSWER_RECORDS)
		taken = take_error(arxiv, response, &answer, reason);
	else if (arxiv->window_count > 0)
		taken = take_search(arxiv, &answer, reason);
	else
		taken = take_ids(arxiv, &answer, reason);
	answer_free(&answer);
	return taken;
}

/* A page that failed twice at full size is asked in smaller ones. */
static void
arxiv_shrink(void *self, unsigned times)
{
	struct arxiv *arxiv = self;

	if (times < 2)
		return;
	if (arxiv->window_count == 0) {
		arxiv->ids_max = arxiv->ids_max > 1 ? arxiv->ids_max / 2 : 1;
		return;
	}
	if (arxiv->page_size / 2 >= PAGE_MIN)
		arxiv->page_size /= 2;
	arxiv->start -= arxiv->start % arxiv->page_size;
}

struct source_machine
arxiv_machine(struct arxiv *arxiv)
{
	extend_windows(arxiv);
	return (struct source_machine){
		.source = SOURCE_ARXIV,
		.next = arxiv_next,
		.take = arxiv_take,
		.shrink = arxiv_shrink,
		.self = arxiv,
	};
}

int64_t
arxiv_matched(const struct arxiv *arxiv)
{
	return arxiv->matched;
}

int64_t
arxiv_missing(const struct arxiv *arxiv)
{
	return arxiv->missing;
}

int64_t
arxiv_until(const struct arxiv *arxiv)
{
	return arxiv->complete == INT64_MIN ? INT64_MIN : arxiv->complete / DAY_MINUTES - 1;
}
