#include "arxiv.h"

#include "arxiv_feed.h"
#include "arxiv_query.h"
#include "arxiv_search.h"
#include "date.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

/* Ids in one id_list: 500 of them make a URL of 6 KB. */
#define IDS_MAX 500
/* How often an answer without papers is asked for before it is believed, and if arXiv never brought
 * any: then a whole dataset depends on it (facts: arxiv-api, 4, empty answers). */
#define ZERO_ASKS 2
#define FIRST_ZERO_ASKS 3
/* Before the first paper: arXiv holds some that were written from 1986 on. */
#define FIRST_YEAR 1980
#define DAY_MINUTES (DATE_DAY_SECONDS / 60)

struct arxiv {
	struct source_setup setup;
	char *base_url;
	struct arxiv_search search;

	/* The ids that the id_list in hand asks for, as numbers of known papers. */
	size_t *asked;
	size_t asked_count;
	size_t asked_capacity;
	size_t ids_max;
	/* Doubtful answers to it. */
	unsigned doubts;
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
	arxiv->ids_max = IDS_MAX;
	arxiv_search_init(&arxiv->search);
	return arxiv;
}

void
arxiv_free(struct arxiv *arxiv)
{
	if (arxiv == NULL)
		return;
	arxiv_search_free(&arxiv->search);
	free(arxiv->base_url);
	free(arxiv->asked);
	free(arxiv);
}

void
arxiv_restore(struct arxiv *arxiv, struct slice commit)
{
	json_t *root = json_loadb(commit.data, commit.len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *absent = json_object_get(root, "absent");

	arxiv_search_restore(&arxiv->search, commit);
	for (size_t i = 0; i < json_array_size(absent); i++)
		known_absent(arxiv->setup.known, SOURCE_ARXIV,
		    slice_of(json_string_value(json_array_get(absent, i))));
	json_decref(root);
}

/*
 * Hand the records that are news to the sink, with the state behind them; ${absent} lists asked ids
 * that the server does not know.
 */
static enum source_take
commit_page(const struct arxiv *arxiv, const struct answer *answer, const size_t *chosen,
    size_t count, const struct buf *absent)
{
	const struct source_sink *sink = &arxiv->setup.sink;
	struct buf commit = BUF_INIT;
	int result;

	buf_add_char(&commit, '{');
	arxiv_search_write(&arxiv->search, &commit);
	buf_add_text(&commit, ",\"absent\":[");
	buf_add_slice(&commit, buf_slice(absent));
	buf_add_text(&commit, "]}");
	result = sink->page(
	    sink->cookie, SOURCE_ARXIV, answer->records, chosen, count, buf_slice(&commit));
	buf_free(&commit);
	return result == 0 ? TAKE_ACCEPTED : TAKE_CANNOT_WRITE;
}

static void
begin_url(const struct arxiv *arxiv, const char *parameter, struct slice value, struct buf *url)
{
	buf_printf(url, "%s?%s=", arxiv->base_url, parameter);
	fetch_escape(value, url);
}

static void
next_search(const struct arxiv *arxiv, struct request *request)
{
	const struct arxiv_search *search = &arxiv->search;
	const struct arxiv_window *window = arxiv_search_window(search);
	struct buf query = BUF_INIT;

	arxiv_query_write(arxiv->setup.topic, window->from, window->to, &query);
	begin_url(arxiv, "search_query", buf_slice(&query), &request->url);
	buf_printf(&request->url,
	    "&start=%" PRId64 "&max_results=%" PRId64 "&sortBy=submittedDate&sortOrder=ascending",
	    search->start, search->page_size);
	buf_printf(&request->what, "search, from %" PRId64, search->start);
	if (search->total > 0 && search->start > 0)
		buf_printf(&request->what, " of %" PRId64, search->total);
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

	if (arxiv_search_window(&arxiv->search) != NULL) {
		next_search(arxiv, request);
		return NEXT_REQUEST;
	}
	arxiv_abandon(arxiv);
	if (!known_searched(arxiv->setup.known, SOURCE_SEMANTIC_SCHOLAR))
		return NEXT_LATER;
	if (choose_ids(arxiv) == 0)
		return NEXT_DONE;
	next_ids(arxiv, request);
	return NEXT_REQUEST;
}

/* Which records of a page are news: published before ${end}, and not brought before in the same
 * version. */
static size_t
choose_news(struct arxiv *arxiv, const struct answer *answer, int64_t end, size_t *chosen)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (record->published < end && known_add_arxiv(arxiv->setup.known, record->arxiv_id,
						   record->doi, record->version))
			chosen[count++] = i;
	}
	return count;
}

static enum source_take
take_search(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	unsigned asks =
	    known_from(arxiv->setup.known, SOURCE_ARXIV) == 0 ? FIRST_ZERO_ASKS : ZERO_ASKS;
	size_t *chosen = mem_new(answer->count, sizeof(*chosen)), count = 0;
	struct buf none = BUF_INIT;
	enum source_take taken = TAKE_AGAIN;

	if (arxiv_search_take(&arxiv->search, answer, asks, arxiv->setup.log, reason)) {
		/* The last window ends with the first minute behind the days that are wanted. */
		count =
		    choose_news(arxiv, answer, (arxiv->setup.until + 1) * DATE_DAY_SECONDS, chosen);
		taken = commit_page(arxiv, answer, chosen, count, &none);
	}
	free(chosen);
	return taken;
}

/* Note the papers that were asked by id and did not come, so that they are not asked for ever. */
static void
note_absent(struct arxiv *arxiv, size_t index, struct buf *absent)
{
	struct known *known = arxiv->setup.known;
	struct slice id = known_arxiv_id(known, arxiv->asked[index]);

	if (!known_wants(known, SOURCE_ARXIV, arxiv->asked[index]))
		return;
	buf_printf(absent, "%s\"%.*s\"", absent->len == 0 ? "" : ",", (int)id.len, id.data);
	known_absent(known, SOURCE_ARXIV, id);
}

static enum source_take
take_ids(struct arxiv *arxiv, const struct answer *answer, struct buf *reason)
{
	struct buf absent = BUF_INIT;
	size_t *chosen, count;
	enum source_take taken;

	if ((answer->items == 0 || answer->total > (int64_t)answer->items) &&
	    ++arxiv->doubts < ZERO_ASKS) {
		buf_printf(reason, "%zu of %" PRId64 " papers, which is not believed at once",
		    answer->items, answer->total);
		return TAKE_AGAIN;
	}
	arxiv->doubts = 0;
	chosen = mem_new(answer->count, sizeof(*chosen));
	count = choose_news(arxiv, answer, INT64_MAX, chosen);
	for (size_t i = 0; i < arxiv->asked_count; i++)
		note_absent(arxiv, i, &absent);
	taken = commit_page(arxiv, answer, chosen, count, &absent);
	buf_free(&absent);
	free(chosen);
	return taken;
}

/* Whether ${message} names ${id}, and not another that begins with it. */
static bool
names_id(struct slice message, struct slice id)
{
	struct buf name = BUF_INIT;
	size_t at, end;

	buf_add_slice(&name, id);
	at = text_find(message, name.data);
	end = at + id.len;
	buf_free(&name);
	return at < message.len && (end == message.len || !text_is_digit(message.data[end]));
}

/* One malformed id spoils a whole list: leave out the one that the server names, for good.  Whether
 * there is one; ${taken} is what came of it. */
static bool
leave_out_named_id(struct arxiv *arxiv, const struct answer *answer, enum source_take *taken)
{
	struct buf absent = BUF_INIT;

	if (answer->verdict != ANSWER_ERROR || arxiv_search_window(&arxiv->search) != NULL)
		return false;
	for (size_t i = 0; i < arxiv->asked_count && absent.len == 0; i++)
		if (names_id(answer->message, known_arxiv_id(arxiv->setup.known, arxiv->asked[i])))
			note_absent(arxiv, i, &absent);
	if (absent.len == 0)
		return false;
	log_notice(
	    arxiv->setup.log, "arXiv: " LOG_VALUE_FMT "; left out", LOG_VALUE(answer->message));
	*taken = commit_page(arxiv, answer, NULL, 0, &absent);
	buf_free(&absent);
	return true;
}

static enum source_take
take_error(struct arxiv *arxiv, const struct response *response, const struct answer *answer,
    struct buf *reason)
{
	enum source_take taken = answer->verdict == ANSWER_ERROR ? TAKE_FAILED : TAKE_AGAIN;

	if (leave_out_named_id(arxiv, answer, &taken))
		return taken;
	if (response->status != 200)
		taken = fetch_status(response->status, reason);
	/* What a page of a proxy looks like tells nothing beside its status. */
	if (response->status == 200 || answer->verdict == ANSWER_ERROR) {
		buf_add_text(reason, reason->len > 0 ? ": " : "");
		buf_add_slice(reason, answer->message);
	}
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
	else if (arxiv_search_window(&arxiv->search) != NULL)
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
	if (arxiv_search_window(&arxiv->search) != NULL)
		arxiv_search_shrink(&arxiv->search);
	else
		arxiv->ids_max = arxiv->ids_max > 1 ? arxiv->ids_max / 2 : 1;
}

struct source_machine
arxiv_machine(struct arxiv *arxiv)
{
	const struct topic *topic = arxiv->setup.topic;
	int64_t first = topic->from != TOPIC_DAY_NONE ? topic->from : date_day(FIRST_YEAR, 1, 1);

	/* To the midnight behind the last day: see struct arxiv_window. */
	arxiv_search_extend(
	    &arxiv->search, first * DAY_MINUTES, (arxiv->setup.until + 1) * DAY_MINUTES);
	return (struct source_machine){
		.source = SOURCE_ARXIV,
		.next = arxiv_next,
		.take = arxiv_take,
		.shrink = arxiv_shrink,
		.abandon = arxiv_abandon,
		.self = arxiv,
	};
}

int64_t
arxiv_matched(const struct arxiv *arxiv)
{
	return arxiv->search.matched;
}

int64_t
arxiv_missing(const struct arxiv *arxiv)
{
	return arxiv->search.missing;
}

int64_t
arxiv_until(const struct arxiv *arxiv)
{
	int64_t complete = arxiv->search.complete;

	return complete == INT64_MIN ? INT64_MIN : complete / DAY_MINUTES - 1;
}
