#include "arxiv.h"

#include "arxiv_atom.h"
#include "arxiv_query.h"
#include "date.h"
#include "index.h"
#include "server.h"
#include "text.h"

#include <string.h>

#define ATOM_TYPE "application/atom+xml; charset=utf-8"

enum sort { SORT_RELEVANCE, SORT_UPDATED, SORT_SUBMITTED };

/* A request to /api/query that was found in order. */
struct ask {
	struct arxiv_query query;
	struct slice id_list;
	size_t start;
	size_t max_results;
	enum sort sort;
	bool ascending;
};

static void
refuse(struct exchange *exchange, const char *message, bool fragment)
{
	exchange_answer(exchange, 400, ATOM_TYPE, "");
	atom_error_write(message, fragment, exchange->server->options.legacy,
	    server_now(exchange->server), &exchange->reply.body);
}

void
arxiv_status(struct exchange *exchange, unsigned status)
{
	static const char apology[] = "<html>\n<head><title>%u</title></head>\n<body>\n"
				      "<h1>Error %u</h1>\n</body>\n</html>\n";

	if (status == 429) {
		exchange_answer(exchange, 429, "text/plain", "Rate exceeded.");
		return;
	}
	exchange_answer(exchange, status, "text/html; charset=utf-8", "");
	buf_printf(&exchange->reply.body, apology, status, status);
}

enum kind
arxiv_kind(const struct exchange *exchange)
{
	if (!slice_is(exchange->path, "/api/query"))
		return KIND_OTHER;
	return exchange_param(exchange, "search_query").len > 0 ? KIND_SEARCH : KIND_ID_LIST;
}

/* A non-negative number, or the error feed that the facts list; false then. */
static bool
number_param(struct exchange *exchange, const char *name, size_t *value)
{
	struct slice text = text_trim(exchange_param(exchange, name));
	struct buf message = BUF_INIT;
	size_t at = text.len > 0 && text.data[0] == '-', digits = 0;

	if (text.len == 0)
		return true;
	*value = 0;
	for (size_t i = at; i < text.len && text_is_digit(text.data[i]) && digits < 15; i++) {
		*value = *value * 10 + (size_t)(text.data[i] - '0');
		digits++;
	}
	if (digits == 0 || at + digits != text.len)
		buf_printf(&message, "%s must be an integer", name);
	else if (at == 1 && *value > 0)
		buf_printf(&message, "%s must be non-negative", name);
	if (message.len == 0)
		return true;
	refuse(exchange, message.data, true);
	buf_free(&message);
	return false;
}

static bool
sort_params(struct exchange *exchange, struct ask *ask)
{
	struct slice by = exchange_param(exchange, "sortBy");
	struct slice order = exchange_param(exchange, "sortOrder");

	ask->sort = slice_is(by, "lastUpdatedDate") ? SORT_UPDATED
		    : slice_is(by, "submittedDate") ? SORT_SUBMITTED
						    : SORT_RELEVANCE;
	ask->ascending = slice_is(order, "ascending");
	if (by.len > 0 && ask->sort == SORT_RELEVANCE && !slice_is(by, "relevance")) {
		refuse(
		    exchange, "sortBy must be in: relevance, lastUpdatedDate, submittedDate", true);
		return false;
	}
	if (order.len > 0 && !ask->ascending && !slice_is(order, "descending")) {
		refuse(exchange, "sortOrder must be in: ascending, descending", true);
		return false;
	}
	return true;
}

/* Without its `vN`; the version, or 0. */
static struct slice
split_version(struct slice id, size_t *version)
{
	size_t end = id.len;

	*version = 0;
	while (end > 0 && text_is_digit(id.data[end - 1]))
		end--;
	if (end == id.len || end < 2 || id.data[end - 1] != 'v' || id.len - end > 4)
		return id;
	for (size_t i = end; i < id.len; i++)
		*version = *version * 10 + (size_t)(id.data[i] - '0');
	return (struct slice){ id.data, end - 1 };
}

static size_t
digits_at(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.len && text_is_digit(text.data[end]))
		end++;
	return end - at;
}

/* `YYMM.NNNN`, `YYMM.NNNNN`, `archive/YYMMNNN`, `archive.SC/YYMMNNN`, without version. */
static bool
id_is_well_formed(struct slice id)
{
	size_t at = 0;

	if (digits_at(id, 0) == 4)
		return (id.len == 9 || id.len == 10) && id.data[4] == '.' &&
		       digits_at(id, 5) == id.len - 5;
	while (at < id.len && (text_is_letter(id.data[at]) || id.data[at] == '-'))
		at++;
	if (at == 0)
		return false;
	if (at + 2 < id.len && id.data[at] == '.' && text_is_letter(id.data[at + 1]) &&
	    text_is_letter(id.data[at + 2]))
		at += 3;
	return at < id.len && id.data[at] == '/' && id.len == at + 8 && digits_at(id, at + 1) == 7;
}

/* math.GT/0309136 is math/0309136. */
static struct slice
without_class(struct exchange *exchange, struct slice id)
{
	const char *dot = memchr(id.data, '.', id.len), *slash = memchr(id.data, '/', id.len);
	struct buf text = BUF_INIT;

	if (dot == NULL || slash == NULL || dot > slash)
		return id;
	buf_add(&text, id.data, (size_t)(dot - id.data));
	buf_add(&text, slash, (size_t)(id.data + id.len - slash));
	id = arena_dup(&exchange->arena, buf_slice(&text));
	buf_free(&text);
	return id;
}

static void
id_add(struct exchange *exchange, const struct ask *ask, struct slice id, size_t version)
{
	const struct world *world = &exchange->server->world;
	size_t found = world_arxiv_find(world, without_class(exchange, id));
	struct page *page = &exchange->page;
	struct hit *hit;

	/* Well-formed but unknown ids are simply missing. */
	if (found == SIZE_MAX || version > world->arxiv[found].version_count ||
	    !arxiv_query_match(&ask->query, &world->arxiv[found]))
		return;
	if (version == 0)
		version = world->arxiv[found].version_count;
	for (size_t i = 0; i < page->count; i++)
		if (page->items[i].record == found && page->items[i].version == version)
			return;
	hit = page_add(page, found);
	hit->version = version;
}

/* "One malformed id in id_list makes the whole request an error." */
static bool
find_ids(struct exchange *exchange, const struct ask *ask)
{
	struct slice list = ask->id_list, id;
	struct buf message = BUF_INIT;
	size_t at = 0, end, version;

	for (; at < list.len; at = end + 1) {
		for (end = at; end < list.len && list.data[end] != ',';)
			end++;
		id = text_trim((struct slice){ list.data + at, end - at });
		if (id.len == 0)
			continue;
		exchange->body_ids++;
		if (!id_is_well_formed(split_version(id, &version))) {
			buf_printf(&message, "incorrect id format for %.*s", (int)id.len, id.data);
			refuse(exchange, message.data, true);
			buf_free(&message);
			return false;
		}
		id_add(exchange, ask, split_version(id, &version), version);
	}
	return true;
}

static void
find_all(struct exchange *exchange, const struct ask *ask)
{
	const struct world *world = &exchange->server->world;

	for (size_t i = 0; i < world->arxiv_count; i++)
		if (arxiv_query_match(&ask->query, &world->arxiv[i]))
			page_add(&exchange->page, i)->version = world->arxiv[i].version_count;
}

/* One key and no tie-breaker that a client could know: equal ones come in the order of a hash. */
static void
sort(struct exchange *exchange, const struct ask *ask)
{
	const struct world *world = &exchange->server->world;
	const struct arxiv_paper *paper;
	struct hit *hit;

	for (size_t i = 0; i < exchange->page.count; i++) {
		hit = &exchange->page.items[i];
		paper = &world->arxiv[hit->record];
		hit->tie = index_hash(paper->id);
		hit->key = ask->sort == SORT_UPDATED     ? paper->versions[hit->version - 1]
			   : ask->sort == SORT_SUBMITTED ? paper->versions[0]
							 : arxiv_query_rank(&ask->query, paper);
		if (!ask->ascending)
			hit->key = -hit->key;
	}
	page_sort(&exchange->page);
}

static void
write_feed(struct exchange *exchange, const struct ask *ask)
{
	const struct server *server = exchange->server;
	const struct page *page = &exchange->page;
	bool legacy = server->options.legacy;
	struct atom_head head = { legacy, ask->query.repaired, ask->query.nested, ask->id_list,
		page->total, ask->start, ask->max_results, server_now(server) };
	struct buf *out = &exchange->reply.body;

	exchange_answer(exchange, 200, ATOM_TYPE, "");
	atom_head_write(&head, out);
	for (size_t i = 0; i < page->count; i++)
		atom_entry_write(&server->world.arxiv[page->items[i].record],
		    page->items[i].version, legacy, out);
	atom_tail_write(out);
	exchange->entries = page->count;
}

/* The page formula of the server's code, and the plain sum, whichever is the stricter. */
static bool
beyond_cap(const struct ask *ask, size_t cap)
{
	size_t page = 1 + (ask->start + ask->max_results / 2) / ask->max_results;

	return page > cap / ask->max_results || ask->start + ask->max_results > cap;
}

static bool
ask_read(struct exchange *exchange, struct ask *ask)
{
	struct slice query = exchange_param(exchange, "search_query");
	bool raw = slice_is(exchange_param(exchange, "raw"), "1");
	struct buf message = BUF_INIT;

	*ask = (struct ask){ .max_results = 10 };
	ask->id_list = exchange_param(exchange, "id_list");
	if (query.len == 0 && ask->id_list.len == 0) {
		refuse(exchange,
		    "Either a search_query or id_list must be specified for the classic API.",
		    false);
		return false;
	}
	if (!number_param(exchange, "start", &ask->start) ||
	    !number_param(exchange, "max_results", &ask->max_results) ||
	    !sort_params(exchange, ask))
		return false;
	if (ask->max_results > 30000) {
		refuse(exchange, "max_results must be no more than 30000", true);
		return false;
	}
	if (arxiv_query_parse(&exchange->arena, query, raw, &ask->query) == 0)
		return true;
	if (exchange->server->options.legacy) {
		/* "Bad input: often 200 with 0 entries." */
		write_feed(exchange, ask);
		return false;
	}
	buf_printf(&message, "Invalid query string: '%.*s'", (int)query.len, query.data);
	refuse(exchange, message.data, false);
	buf_free(&message);
	return false;
}

void
arxiv_answer(struct exchange *exchange)
{
	struct ask ask;

	if (exchange->kind == KIND_OTHER) {
		arxiv_status(exchange, 404);
		return;
	}
	if (exchange->accept.data == NULL) {
		arxiv_status(exchange, 406);
		return;
	}
	if (!ask_read(exchange, &ask))
		return;
	/* max_results=0 divides by zero in the server's code. */
	if (ask.max_results == 0 || beyond_cap(&ask, exchange->server->options.arxiv_cap)) {
		arxiv_status(exchange, 500);
		return;
	}
	if (ask.id_list.len > 0 ? !find_ids(exchange, &ask) : false)
		return;
	if (ask.id_list.len == 0)
		find_all(exchange, &ask);
	sort(exchange, &ask);
	page_window(&exchange->page, ask.start, ask.max_results);
	if (fault_strike(exchange, FAULT_PAGE))
		return;
	write_feed(exchange, &ask);
}

/* The newest paper of a query, or SIZE_MAX. */
static size_t
newest(const struct world *world, const struct arxiv_query *query)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < world->arxiv_count; i++)
		if (arxiv_query_match(query, &world->arxiv[i]) &&
		    (found == SIZE_MAX ||
			world->arxiv[i].versions[0] >= world->arxiv[found].versions[0]))
			found = i;
	return found;
}

void
arxiv_grow(struct exchange *exchange)
{
	struct world *world = &exchange->server->world;
	struct arxiv_query query;
	struct buf key = BUF_INIT;
	size_t model, twin;
	int64_t when, until;

	if (arxiv_query_parse(
		&exchange->arena, exchange_param(exchange, "search_query"), false, &query) == -1)
		return;
	model = newest(world, &query);
	if (model == SIZE_MAX)
		return;
	when = world->arxiv[model].versions[0] + 1;
	if (arxiv_query_until(&query, &until) && when > until)
		when = until;
	buf_printf(&key, "arxiv:%s", world->arxiv[model].id.data);
	twin = world_s2_find(world, buf_slice(&key));
	buf_free(&key);
	world_grow(world, model, twin, when);
}
