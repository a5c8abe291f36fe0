#include "arxiv.h"

#include "arxiv_feed.h"
#include "arxiv_ids.h"
#include "arxiv_query.h"
#include "arxiv_round.h"
#include "commit.h"
#include "date.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

struct arxiv {
	struct source_setup setup;
	char *base_url;
	struct arxiv_round round;
	struct arxiv_ids ids;
	/* The last answer was whole, but not believed. */
	bool disbelieved;
	struct source_faults faults;
};

static bool
ends_with(struct slice text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && memcmp(text.data + text.len - len, end, len) == 0;
}

char *
arxiv_base_url(const char *given)
{
	struct slice path = fetch_url_path(slice_of(given));
	struct buf url = BUF_INIT;

	buf_add(&url, given, (size_t)(path.data + path.len - given));
	if (ends_with(path, "/api"))
		buf_add_text(&url, "/query");
	else if (!ends_with(path, "/query"))
		buf_add_text(&url, "/api/query");
	return buf_take(&url);
}

struct arxiv *
arxiv_new(const struct source_setup *setup)
{
	struct arxiv *arxiv = mem_new(1, sizeof(*arxiv));

	arxiv->setup = *setup;
	arxiv->base_url = arxiv_base_url(setup->base_url);
	arxiv_round_init(&arxiv->round, &arxiv->setup);
	arxiv_ids_init(&arxiv->ids, setup->known);
	return arxiv;
}

void
arxiv_free(struct arxiv *arxiv)
{
	if (arxiv == NULL)
		return;
	arxiv_round_free(&arxiv->round);
	arxiv_ids_free(&arxiv->ids);
	free(arxiv->base_url);
	free(arxiv);
}

void
arxiv_restore(struct arxiv *arxiv, struct slice text)
{
	struct commit *commit;

	if (slice_is(text, "{}"))
		return;
	commit = commit_parse(text);
	if (commit != NULL && arxiv_round_restore(&arxiv->round, commit) == 0) {
		arxiv_ids_restore(&arxiv->ids, commit);
	} else {
		log_notice(arxiv->setup.log, "arXiv: its journal goes on from a point that makes "
					     "no sense: all is asked again");
		arxiv_round_free(&arxiv->round);
		arxiv_round_init(&arxiv->round, &arxiv->setup);
	}
	commit_free(commit);
}

/*
 * Hand the records that are news to the sink, with the state behind them; ${lists} are the members
 * of the commit that name papers by their ids.
 */
static enum source_take
commit_page(struct arxiv *arxiv, const struct answer *answer, const size_t *chosen, size_t count,
    const struct buf *lists)
{
	const struct source_sink *sink = &arxiv->setup.sink;
	struct buf commit = BUF_INIT;
	int result;

	buf_add_char(&commit, '{');
	arxiv_round_write(&arxiv->round, &commit);
	buf_add_slice(&commit, buf_slice(lists));
	buf_add_char(&commit, '}');
	result = sink->page(
	    sink->cookie, SOURCE_ARXIV, answer->records, chosen, count, buf_slice(&commit));
	answer_add_faults(answer, &arxiv->faults);
	buf_free(&commit);
	return result == 0 ? TAKE_ACCEPTED : TAKE_CANNOT_WRITE;
}

static void
begin_url(const struct arxiv *arxiv, const char *parameter, struct slice value, struct buf *url)
{
	buf_printf(url, "%s?%s=", arxiv->base_url, parameter);
	fetch_escape(value, url);
}

/* One page of the topic's search between two minutes. */
static void
ask_search(const struct arxiv *arxiv, const struct arxiv_window *window, int64_t start,
    int64_t size, const char *order, struct buf *url)
{
	struct buf query = BUF_INIT;

	arxiv_query_write(arxiv->setup.topic, window->from, window->to, &query);
	begin_url(arxiv, "search_query", buf_slice(&query), url);
	buf_printf(url, "&start=%" PRId64 "&max_results=%" PRId64 "&%s", start, size, order);
	buf_free(&query);
}

static void
next_search(const struct arxiv *arxiv, struct request *request)
{
	const struct arxiv_search *search = &arxiv->round.search;

	ask_search(arxiv, arxiv_search_window(search), search->start, search->page_size,
	    "sortBy=submittedDate&sortOrder=ascending", &request->url);
	buf_printf(&request->what, "search, from %" PRId64, search->start);
	if (search->total > 0 && search->start > 0)
		buf_printf(&request->what, " of %" PRId64, search->total);
}

static void
next_walk(const struct arxiv *arxiv, struct request *request)
{
	/* Whole days, unlike the search: what came in the last minute of the last is caught by the
	 * overlap. */
	const struct arxiv_window all = { arxiv->round.first, arxiv->round.search.until - 1 };
	char since[DATE_DAY_SIZE];

	ask_search(arxiv, &all, arxiv->round.walk.start, arxiv->round.walk.page_size,
	    "sortBy=lastUpdatedDate&sortOrder=descending", &request->url);
	date_day_write(date_day_of(arxiv->round.walk.since), since);
	buf_printf(
	    &request->what, "changes since %s, from %" PRId64, since, arxiv->round.walk.start);
}

static void
next_ids(const struct arxiv *arxiv, struct request *request)
{
	struct buf ids = BUF_INIT;

	arxiv_ids_write(&arxiv->ids, &ids);
	begin_url(arxiv, "id_list", buf_slice(&ids), &request->url);
	/* Without max_results the server answers for the first ten only. */
	buf_printf(&request->url, "&start=0&max_results=%zu", arxiv->ids.count);
	buf_printf(&request->what, "%zu papers by id", arxiv->ids.count);
	buf_free(&ids);
}

/* The search is over, well or not: who waits for it need not wait longer. */
static void
arxiv_abandon(void *self)
{
	known_set_searched(((const struct arxiv *)self)->setup.known, SOURCE_ARXIV);
}

static enum source_next
arxiv_next(void *self, struct request *request)
{
	struct arxiv *arxiv = self;

	arxiv->disbelieved = false;
	/* What an earlier run has left is finished first. */
	if (!arxiv_round_is_on(&arxiv->round))
		arxiv_round_plan(&arxiv->round, false, false);
	if (arxiv_round_is_on(&arxiv->round)) {
		if (arxiv->round.walk.active)
			next_walk(arxiv, request);
		else
			next_search(arxiv, request);
		return NEXT_REQUEST;
	}
	arxiv_abandon(arxiv);
	if (!known_searched(arxiv->setup.known, SOURCE_SEMANTIC_SCHOLAR))
		return NEXT_LATER;
	if (arxiv_ids_choose(&arxiv->ids) == 0)
		return NEXT_DONE;
	next_ids(arxiv, request);
	return NEXT_REQUEST;
}

static enum source_take
take_page(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	size_t *chosen = mem_new(answer->count, sizeof(*chosen)), count;
	struct buf lists = BUF_INIT;
	enum source_take taken = TAKE_AGAIN;
	bool believed;

	if (arxiv_round_is_on(&arxiv->round))
		believed = arxiv_round_take(&arxiv->round, answer, chosen, &count, reason);
	else
		believed = arxiv_ids_take(&arxiv->ids, answer, chosen, &count, &lists, reason);
	arxiv->disbelieved = !believed;
	if (believed)
		taken = commit_page(arxiv, answer, chosen, count, &lists);
	buf_free(&lists);
	free(chosen);
	return taken;
}

/* Whether an error names one id of a list, which goes on without it; ${taken} is what came of it.
 */
static bool
leave_out_named_id(struct arxiv *arxiv, const struct answer *answer, enum source_take *taken)
{
	struct buf lists = BUF_INIT;

	if (answer->verdict != ANSWER_ERROR || arxiv_round_is_on(&arxiv->round) ||
	    !arxiv_ids_leave_out(&arxiv->ids, answer->message, &lists))
		return false;
	log_notice(
	    arxiv->setup.log, "arXiv: " LOG_VALUE_FMT "; left out", LOG_VALUE(answer->message));
	*taken = commit_page(arxiv, answer, NULL, 0, &lists);
	buf_free(&lists);
	return true;
}

static enum source_take
take_error(struct arxiv *arxiv, const struct response *response, const struct answer *answer,
    struct buf *reason)
{
	/* An error with 200 may be of this moment alone: no query of ours is malformed. */
	enum source_take taken = TAKE_AGAIN;

	if (leave_out_named_id(arxiv, answer, &taken))
		return taken;
	if (response->status != 200)
		taken = fetch_status(response->status, reason);
	/* What a page of a proxy looks like tells nothing beside its status. */
	if (response->status == 200 || answer->verdict == ANSWER_ERROR) {
		buf_add_text(reason, reason->len > 0 ? ": " : "");
		buf_add_slice(reason, answer->message);
	}
	if ((response->status == 413 || response->status == 414) &&
	    !arxiv_round_is_on(&arxiv->round) && arxiv_ids_shrink(&arxiv->ids))
		return TAKE_TOO_MUCH;
	/* arXiv knows no keys: who is forbidden has asked too much. */
	if (taken == TAKE_KEY_REFUSED ||
	    text_starts((struct slice){ response->body, response->len }, "Rate exceeded"))
		return TAKE_THROTTLED;
	return taken;
}

static enum source_take
arxiv_take(void *self, const struct response *response, struct buf *reason)
{
	struct arxiv *arxiv = self;
	struct answer answer;
	enum source_take taken;

	answer_init(&answer);
	arxiv_feed_parse(
	    response->body, response->len, response->fetched, arxiv->setup.log, &answer);
	if (response->status != 200 || answer.verdict != ANSWER_RECORDS)
		taken = take_error(arxiv, response, &answer, reason);
	else
		taken = take_page(arxiv, &answer, reason);
	answer_free(&answer);
	return taken;
}

/* A page that failed twice at full size is asked in smaller ones; a whole answer that is only not
 * believed was not too much. */
static void
arxiv_shrink(void *self, unsigned times)
{
	struct arxiv *arxiv = self;

	if (times < 2)
		return;
	if (arxiv_round_is_on(&arxiv->round))
		arxiv_round_shrink(&arxiv->round);
	else if (!arxiv->disbelieved)
		(void)arxiv_ids_shrink(&arxiv->ids);
}

struct source_machine
arxiv_machine(struct arxiv *arxiv, bool renew)
{
	arxiv_round_plan(&arxiv->round, true, renew);
	return (struct source_machine){
		.source = SOURCE_ARXIV,
		.next = arxiv_next,
		.take = arxiv_take,
		.shrink = arxiv_shrink,
		.abandon = arxiv_abandon,
		.self = arxiv,
	};
}

bool
arxiv_unfinished(const struct arxiv *arxiv)
{
	return arxiv_round_is_on(&arxiv->round) ||
	       known_wants_any(arxiv->setup.known, SOURCE_ARXIV);
}

int64_t
arxiv_asked_until(const struct arxiv *arxiv)
{
	return arxiv_round_asked_until(&arxiv->round);
}

int64_t
arxiv_matched(const struct arxiv *arxiv)
{
	return arxiv->round.search.matched;
}

int64_t
arxiv_missing(const struct arxiv *arxiv)
{
	return arxiv_round_missing(&arxiv->round);
}

struct source_faults
arxiv_faults(const struct arxiv *arxiv)
{
	return arxiv->faults;
}

int64_t
arxiv_until(const struct arxiv *arxiv)
{
	return arxiv_round_until(&arxiv->round);
}

int64_t
arxiv_since(const struct arxiv *arxiv)
{
	return arxiv_round_since(&arxiv->round);
}
