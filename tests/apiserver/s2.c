#include "s2.h"

#include "date.h"
#include "index.h"
#include "s2_filter.h"
#include "s2_json.h"
#include "s2_query.h"
#include "server.h"
#include "text.h"
#include "words.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define JSON_TYPE "application/json"
#define S2_BASE "/graph/v1/paper/"
#define BULK_PAGE 1000
#define BATCH_MOST 500
#define ANSWER_MOST ((size_t)10 << 20)

static void
refuse(struct exchange *exchange, unsigned status, const char *before, struct slice what,
    const char *after)
{
	exchange_answer(exchange, status, JSON_TYPE, "{\"error\":\"");
	buf_add_text(&exchange->reply.body, before);
	for (size_t i = 0; i < what.len; i++)
		if (what.data[i] != '"' && what.data[i] != '\\' &&
		    (unsigned char)what.data[i] >= ' ')
			buf_add_char(&exchange->reply.body, what.data[i]);
	buf_printf(&exchange->reply.body, "%s\"}\n", after);
}

void
s2_status(struct exchange *exchange, unsigned status)
{
	static const struct {
		unsigned status;
		const char *error_type;
		const char *body;
	} known[] = {
		{ 403, "ForbiddenException", "{\"message\":\"Forbidden\"}" },
		{ 429, "TooManyRequestsException",
		    "{\"message\": \"Too Many Requests. Please wait and try again or apply for a "
		    "key "
		    "for "
		    "higher rate limits. "
		    "https://www.semanticscholar.org/product/api#api-key-form\", "
		    "\"code\": \"429\"}" },
		{ 500, NULL, "{\"message\": \"Internal Server Error\"}" },
		{ 504, NULL, "{\"message\": \"Endpoint request timed out\"}" },
	};

	exchange_answer(exchange, status, JSON_TYPE, "{\"message\": \"Service Unavailable\"}");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].status != status)
			continue;
		exchange_answer(exchange, status, JSON_TYPE, known[i].body);
		exchange->reply.error_type = known[i].error_type;
	}
}

enum kind
s2_kind(const struct exchange *exchange)
{
	struct slice path = exchange->path;

	if (!text_starts(path, S2_BASE))
		return KIND_OTHER;
	path = (struct slice){ path.data + strlen(S2_BASE), path.len - strlen(S2_BASE) };
	if (slice_is(path, "search/bulk"))
		return KIND_BULK;
	if (slice_is(path, "search/match"))
		return KIND_MATCH;
	if (slice_is(path, "search"))
		return KIND_RELEVANCE;
	if (slice_is(path, "batch"))
		return slice_is(exchange->method, "POST") ? KIND_BATCH : KIND_OTHER;
	return path.len > 0 ? KIND_PAPER : KIND_OTHER;
}

static bool
fields_read(struct exchange *exchange, bool full, struct s2_fields *fields)
{
	struct buf refused = BUF_INIT;
	int rc = s2_fields_parse(exchange_param(exchange, "fields"), full, fields, &refused);

	if (rc == -1)
		refuse(exchange, 400, "Unrecognized or unsupported fields: [", buf_slice(&refused),
		    "]");
	buf_free(&refused);
	return rc == 0;
}

/* The parameters of the searches; anything else is refused. */
static bool
params_known(struct exchange *exchange)
{
	static const char *const known[] = { "query", "fields", "token", "sort", "limit", "offset",
		"publicationDateOrYear", "year", "fieldsOfStudy", "venue", "minCitationCount",
		"openAccessPdf", "publicationTypes" };
	struct slice key;
	bool found;

	for (size_t i = 0; i < exchange->param_count; i++) {
		key = exchange->params[i].key;
		found = false;
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			found = found || slice_is(key, known[k]);
		if (found)
			continue;
		refuse(exchange, 400, "Unacceptable query params: [", key, "]");
		return false;
	}
	return true;
}

static void
find_all(struct exchange *exchange, const struct s2_query *query, const struct s2_filter *filter)
{
	const struct world *world = &exchange->server->world;

	for (size_t i = 0; i < world->s2_count; i++)
		if (s2_filter_match(filter, &world->s2[i]) && s2_query_match(query, &world->s2[i]))
			page_add(&exchange->page, i);
}

/* "default paperId:asc; ties by paperId; undefined values last in both orders". */
static bool
sort(struct exchange *exchange)
{
	struct slice by = exchange_param(exchange, "sort");
	bool falling =
	    by.len > 5 && text_starts((struct slice){ by.data + by.len - 5, 5 }, ":desc");
	const struct s2_paper *paper;
	struct hit *hit;

	if (by.len > 0 && !text_starts(by, "paperId") && !text_starts(by, "publicationDate") &&
	    !text_starts(by, "citationCount")) {
		refuse(exchange, 400, "Unacceptable query params: [sort=", by, "]");
		return false;
	}
	for (size_t i = 0; i < exchange->page.count; i++) {
		hit = &exchange->page.items[i];
		paper = &exchange->server->world.s2[hit->record];
		hit->tie = hit->record;
		hit->key = text_starts(by, "citationCount")     ? paper->citations
			   : text_starts(by, "publicationDate") ? paper->publication_day
								: (int64_t)hit->record;
		if (hit->key == INT64_MIN)
			hit->key = INT64_MAX;
		else if (falling)
			hit->key = -hit->key;
	}
	page_sort(&exchange->page);
	return true;
}

/* What a token belongs to: "pass token back with the SAME other parameters". */
static uint64_t
params_hash(const struct exchange *exchange)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < exchange->param_count; i++)
		if (!slice_is(exchange->params[i].key, "token"))
			hash = hash * 31 + index_hash(exchange->params[i].key) * 7 +
			       index_hash(exchange->params[i].value);
	return hash;
}

/* Tokens look like base32; this is a substitution on hex digits. */
static void
token_write(uint64_t hash, const char *paper_id, struct buf *out)
{
	static const char letters[] = "PCOKWVSJG4TNDRLZ";
	char plain[64];
	int len = snprintf(plain, sizeof(plain), "%016" PRIx64 "%s", hash, paper_id);

	buf_add_text(out, "PCO");
	for (int i = 0; i < len; i++)
		buf_add_char(
		    out, letters[text_is_digit(plain[i]) ? plain[i] - '0' : plain[i] - 'a' + 10]);
}

/*
 * A token names the last paper that was given, not a snapshot: what comes in before it is never
 * seen, what comes in behind it is.  In other orders than paperId its place is that of this paper
 * now.
 */
static bool
token_place(struct exchange *exchange, size_t *start)
{
	struct slice token = exchange_param(exchange, "token");
	const struct page *page = &exchange->page;
	struct buf text = BUF_INIT;
	bool found = false;

	*start = 0;
	if (token.len == 0)
		return true;
	for (size_t i = 0; i < page->count && !found; i++) {
		buf_clear(&text);
		token_write(params_hash(exchange),
		    exchange->server->world.s2[page->items[i].record].paper_id.data, &text);
		found = slice_equal(buf_slice(&text), token);
		*start = i + 1;
	}
	buf_free(&text);
	if (!found)
		refuse(exchange, 400, "Invalid or expired token", SLICE_NONE, "");
	return found;
}

/* `{...}, {...}` or null in place. */
static void
papers_write(struct exchange *exchange, const struct s2_fields *fields)
{
	const struct page *page = &exchange->page;
	struct buf *out = &exchange->reply.body;

	for (size_t i = 0; i < page->count; i++) {
		buf_add_text(out, i > 0 ? ", " : "");
		if (page->items[i].record == SIZE_MAX)
			buf_add_text(out, "null");
		else
			s2_paper_write(
			    &exchange->server->world.s2[page->items[i].record], fields, out);
	}
	exchange->entries = page->count;
}

/* "Any answer is capped at 10 MB." */
static void
cap_answer(struct exchange *exchange)
{
	if (exchange->reply.body.len <= ANSWER_MOST)
		return;
	exchange->entries = 0;
	refuse(exchange, 400, "Response would exceed maximum size....", SLICE_NONE, "");
}

static void
bulk_write(struct exchange *exchange, const struct s2_fields *fields, const char *last)
{
	struct buf *out = &exchange->reply.body;

	exchange_answer(exchange, 200, JSON_TYPE, "");
	buf_printf(out, "{\"total\": %zu, \"token\": ", exchange->page.total);
	if (exchange->page.more && last != NULL) {
		buf_add_char(out, '"');
		token_write(params_hash(exchange), last, out);
		buf_add_char(out, '"');
	} else {
		buf_add_text(out, "null");
	}
	buf_add_text(out, ", \"data\": [");
	papers_write(exchange, fields);
	buf_add_text(out, "]}");
	cap_answer(exchange);
}

static void
bulk_answer(struct exchange *exchange)
{
	struct slice text = exchange_param(exchange, "query");
	struct page *page = &exchange->page;
	const char *last = NULL;
	struct s2_fields fields;
	struct s2_filter filter;
	size_t start;

	if (!params_known(exchange) || !fields_read(exchange, false, &fields) ||
	    s2_filter_read(exchange, &filter) == -1)
		return;
	find_all(exchange, s2_query_parse(&exchange->arena, text), &filter);
	if (!sort(exchange) || !token_place(exchange, &start))
		return;
	/* limit and offset are ignored. */
	page_window(page, start, BULK_PAGE);
	page->more = page->start + page->count < page->total;
	/* Taken before a fault can touch the page: the next page starts where this one ended. */
	if (page->count > 0)
		last =
		    exchange->server->world.s2[page->items[page->count - 1].record].paper_id.data;
	if (fault_strike(exchange, FAULT_PAGE))
		return;
	bulk_write(exchange, &fields, last);
}

static size_t
number_param(const struct exchange *exchange, const char *name, size_t value)
{
	struct slice text = exchange_param(exchange, name);

	if (text.len == 0)
		return value;
	value = 0;
	for (size_t i = 0; i < text.len && text_is_digit(text.data[i]) && i < 9; i++)
		value = value * 10 + (size_t)(text.data[i] - '0');
	return value;
}

/* Plain text, all words of it; "hyphenated terms yield no match". */
static void
relevance_find(struct exchange *exchange, const struct s2_filter *filter)
{
	struct slice text = exchange_param(exchange, "query");
	struct buf plain = BUF_INIT;

	for (size_t i = 0; i < text.len; i++)
		buf_add_char(&plain, strchr("\"|+()*~", text.data[i]) == NULL ? text.data[i] : ' ');
	if (text.len > 0 && memchr(text.data, '-', text.len) == NULL)
		find_all(exchange,
		    s2_query_parse(
			&exchange->arena, arena_dup(&exchange->arena, buf_slice(&plain))),
		    filter);
	buf_free(&plain);
}

static void
relevance_answer(struct exchange *exchange)
{
	size_t offset = number_param(exchange, "offset", 0);
	size_t limit = number_param(exchange, "limit", 100), next;
	struct buf *out = &exchange->reply.body;
	struct s2_fields fields;
	struct s2_filter filter;

	if (!params_known(exchange) || !fields_read(exchange, true, &fields) ||
	    s2_filter_read(exchange, &filter) == -1)
		return;
	if (limit == 0 || limit > 100 || offset + limit > 1000) {
		refuse(exchange, 400,
		    "Requested data for this limit and/or offset is not available", SLICE_NONE, "");
		return;
	}
	relevance_find(exchange, &filter);
	page_window(&exchange->page, offset, limit);
	if (fault_strike(exchange, FAULT_PAGE))
		return;
	next = offset + limit;
	exchange_answer(exchange, 200, JSON_TYPE, "");
	buf_printf(out, "{\"total\": %zu, \"offset\": %zu", exchange->page.total, offset);
	/* `next` is absent on the last page, and `data` where nothing is found. */
	if (next < exchange->page.total)
		buf_printf(out, ", \"next\": %zu", next);
	if (exchange->page.total > 0) {
		buf_add_text(out, ", \"data\": [");
		papers_write(exchange, &fields);
		buf_add_char(out, ']');
	}
	buf_add_char(out, '}');
	cap_answer(exchange);
}

/* The ids of a body that is in order, or NULL with a 400 as the answer. */
static json_t *
batch_ids(struct exchange *exchange)
{
	json_t *body = json_loadb(exchange->body.data == NULL ? "" : exchange->body.data,
		   exchange->body.len, 0, NULL),
	       *ids = json_object_get(body, "ids");
	size_t count = json_array_size(ids), strings = 0;

	for (size_t i = 0; i < count; i++)
		strings += json_is_string(json_array_get(ids, i));
	exchange->body_ids = count;
	if (count == 0 || count > BATCH_MOST || strings != count) {
		refuse(exchange, 400,
		    count > BATCH_MOST ? "Too many ids: at most 500 are allowed"
				       : "Body must hold a list of ids",
		    SLICE_NONE, "");
		ids = NULL;
	}
	json_incref(ids);
	json_decref(body);
	return ids;
}

/* "Bare JSON array, same length and order as ids, unknown id = null in place." */
static void
batch_answer(struct exchange *exchange)
{
	const struct world *world = &exchange->server->world;
	json_t *ids = batch_ids(exchange);
	struct s2_fields fields;

	if (ids == NULL || !fields_read(exchange, true, &fields)) {
		json_decref(ids);
		return;
	}
	for (size_t i = 0; i < json_array_size(ids); i++)
		page_add(&exchange->page,
		    world_s2_find(world, slice_of(json_string_value(json_array_get(ids, i)))));
	json_decref(ids);
	exchange->page.total = exchange->page.count;
	if (fault_strike(exchange, FAULT_PAGE))
		return;
	exchange_answer(exchange, 200, JSON_TYPE, "[");
	papers_write(exchange, &fields);
	buf_add_char(&exchange->reply.body, ']');
	cap_answer(exchange);
}

static void
paper_answer(struct exchange *exchange)
{
	struct slice id = { exchange->path.data + strlen(S2_BASE),
		exchange->path.len - strlen(S2_BASE) };
	size_t found = world_s2_find(&exchange->server->world, id);
	struct s2_fields fields;

	if (!fields_read(exchange, true, &fields))
		return;
	if (found == SIZE_MAX) {
		refuse(exchange, 404, "Paper with id ", id, " not found");
		return;
	}
	page_add(&exchange->page, found);
	exchange_answer(exchange, 200, JSON_TYPE, "");
	papers_write(exchange, &fields);
}

static void
match_answer(struct exchange *exchange)
{
	const struct world *world = &exchange->server->world;
	struct buf words = BUF_INIT;
	struct s2_fields fields;

	if (!fields_read(exchange, true, &fields))
		return;
	words_fold(exchange_param(exchange, "query"), &words);
	for (size_t i = 0; i < world->s2_count && exchange->page.count == 0; i++)
		if (slice_equal(world->s2[i].title_words, buf_slice(&words)))
			page_add(&exchange->page, i);
	buf_free(&words);
	if (exchange->page.count == 0) {
		refuse(exchange, 404, "Title match not found", SLICE_NONE, "");
		return;
	}
	exchange_answer(exchange, 200, JSON_TYPE, "{\"data\": [");
	papers_write(exchange, &fields);
	buf_add_text(&exchange->reply.body, "]}");
}

void
s2_answer(struct exchange *exchange)
{
	const char *key = exchange->server->options.s2_key;

	if (key != NULL && exchange->key.data != NULL && !slice_is(exchange->key, key)) {
		s2_status(exchange, 403);
		return;
	}
	switch (exchange->kind) {
	case KIND_BULK:
		bulk_answer(exchange);
		break;
	case KIND_BATCH:
		batch_answer(exchange);
		break;
	case KIND_RELEVANCE:
		relevance_answer(exchange);
		break;
	case KIND_PAPER:
		paper_answer(exchange);
		break;
	case KIND_MATCH:
		match_answer(exchange);
		break;
	case KIND_SEARCH:
	case KIND_ID_LIST:
	case KIND_OTHER:
		exchange_answer(
		    exchange, 404, JSON_TYPE, "{\"message\":\"Missing Authentication Token\"}");
		break;
	}
}

/* The arXiv paper that is the same work as an S2 record, or SIZE_MAX. */
static size_t
twin_of(const struct world *world, const struct s2_paper *paper)
{
	json_t *ids = NULL;
	const char *id;
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < paper->value_count; i++)
		if (slice_is(paper->values[i].key, "externalIds"))
			ids = json_loads(paper->values[i].json.data, JSON_DECODE_ANY, NULL);
	id = json_string_value(json_object_get(ids, "ArXiv"));
	if (id != NULL)
		found = world_arxiv_find(world, slice_of(id));
	json_decref(ids);
	return found;
}

void
s2_grow(struct exchange *exchange)
{
	struct world *world = &exchange->server->world;
	const struct s2_query *query =
	    s2_query_parse(&exchange->arena, exchange_param(exchange, "query"));
	size_t model = SIZE_MAX;

	if (exchange->kind != KIND_BULK && exchange->kind != KIND_RELEVANCE)
		return;
	for (size_t i = 0; i < world->s2_count; i++)
		if (s2_query_match(query, &world->s2[i]) &&
		    (model == SIZE_MAX ||
			world->s2[i].publication_day >= world->s2[model].publication_day))
			model = i;
	if (model != SIZE_MAX)
		world_grow(
		    world, twin_of(world, &world->s2[model]), model, server_now(exchange->server));
}
