#include "fault.h"

#include "arxiv.h"
#include "gzip.h"
#include "s2.h"
#include "server.h"

#include <stdlib.h>
#include <string.h>

/* Answers whether it has set the whole answer. */
typedef bool fault_fn(struct exchange *exchange, const struct fault *fault);

struct fault_type {
	const char *name;
	enum fault_phase phase;
	fault_fn *fn;
	const char *what;
};

static bool
is_arxiv(const struct exchange *exchange)
{
	return exchange->api == API_ARXIV;
}

static bool
status(struct exchange *exchange, const struct fault *fault)
{
	if (is_arxiv(exchange))
		arxiv_status(exchange, fault->status);
	else
		s2_status(exchange, fault->status);
	exchange->reply.retry_after = fault->arg;
	return true;
}

static bool
rate_text(struct exchange *exchange, const struct fault *fault)
{
	exchange_answer(exchange, 200, "text/plain", "Rate exceeded.");
	exchange->reply.retry_after = fault->arg;
	return true;
}

static bool
rate_text_429(struct exchange *exchange, const struct fault *fault)
{
	rate_text(exchange, fault);
	exchange->reply.status = 429;
	return true;
}

static bool
reset(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->reply.delivery = DELIVER_RESET;
	exchange->reply.status = 0;
	return true;
}

static bool
html(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange_answer(exchange, 200, "text/html; charset=utf-8",
	    "<!DOCTYPE html>\n<html><head><title>Please wait</title></head>"
	    "<body><p>Checking your browser&hellip;<br></body></html>\n");
	return true;
}

static bool
error_json(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange_answer(
	    exchange, 200, "application/json", "{\"error\":\"Internal error, try again later\"}\n");
	return true;
}

static bool
redirect(struct exchange *exchange, const struct fault *fault)
{
	exchange_answer(exchange, 302, "text/html", "");
	exchange->reply.location = fault->arg == NULL ? exchange->target.data : fault->arg;
	return true;
}

/* "Response would exceed maximum size....": a batch of more than ARG ids. */
static bool
too_big(struct exchange *exchange, const struct fault *fault)
{
	if (exchange->kind != KIND_BATCH || exchange->body_ids <= fault->number)
		return false;
	exchange_answer(exchange, 400, "application/json",
	    "{\"error\":\"Response would exceed maximum size....\"}\n");
	return true;
}

static bool
stall(struct exchange *exchange, const struct fault *fault)
{
	exchange->reply.stall = fault->number > 30 ? 30 : (unsigned)fault->number;
	return false;
}

/* Many zero bytes behind a small gzip body: ARG is how many MiB, 65 without it. */
static bool
bomb(struct exchange *exchange, const struct fault *fault)
{
	size_t mib = fault->arg == NULL ? 65 : fault->number > 1024 ? 1024 : fault->number;

	exchange_answer(exchange, 200,
	    is_arxiv(exchange) ? "application/atom+xml; charset=utf-8" : "application/json", "");
	gzip_blanks(mib << 20, &exchange->reply.body);
	exchange->reply.gzipped = true;
	return true;
}

/* Whatever the test has thought of. */
static bool
file(struct exchange *exchange, const struct fault *fault)
{
	exchange_answer(exchange, 200,
	    is_arxiv(exchange) ? "application/atom+xml; charset=utf-8" : "application/json", "");
	exchange->reply.file = fault->arg;
	return true;
}

static bool
gzip_file(struct exchange *exchange, const struct fault *fault)
{
	exchange->reply.gzipped = true;
	return file(exchange, fault);
}

static bool
empty(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->page.count = 0;
	return false;
}

static bool
zero(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->page.count = exchange->page.total = 0;
	exchange->page.more = false;
	return false;
}

static bool
half(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->page.count /= 2;
	return false;
}

static bool
lose_one(struct exchange *exchange, const struct fault *fault)
{
	struct page *page = &exchange->page;
	size_t at = page->count / 2;

	(void)fault;
	if (page->count == 0)
		return false;
	memmove(
	    &page->items[at], &page->items[at + 1], (page->count - at - 1) * sizeof(*page->items));
	page->count--;
	return false;
}

/* The page's first entry comes again at its end. */
static bool
twice(struct exchange *exchange, const struct fault *fault)
{
	struct hit *copy;

	(void)fault;
	if (exchange->page.count == 0)
		return false;
	copy = page_add(&exchange->page, 0);
	*copy = exchange->page.items[0];
	return false;
}

static bool
shuffle(struct exchange *exchange, const struct fault *fault)
{
	struct page *page = &exchange->page;

	(void)fault;
	for (size_t i = page->count; i > 1; i--) {
		size_t other = (size_t)(server_random(exchange->server) % i);
		struct hit moved = page->items[i - 1];

		page->items[i - 1] = page->items[other];
		page->items[other] = moved;
	}
	return false;
}

static bool
nulls(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	for (size_t i = 0; i < exchange->page.count && !is_arxiv(exchange); i++)
		exchange->page.items[i].record = SIZE_MAX;
	return false;
}

static bool
early_end(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->page.more = false;
	return false;
}

static bool
nobody(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	buf_clear(&exchange->reply.body);
	return false;
}

static bool
cut(struct exchange *exchange, const struct fault *fault)
{
	struct buf *body = &exchange->reply.body;

	(void)fault;
	if (body->len > 0)
		body->data[body->len /= 2] = '\0';
	return false;
}

static bool
cut_close(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	exchange->reply.delivery = DELIVER_CUT;
	return false;
}

/* Put ${text} into the middle of the body, or in front of what ${before} finds. */
static void
spoil(struct exchange *exchange, const char *before, const char *text)
{
	struct buf old = exchange->reply.body;
	const char *found = before == NULL || old.data == NULL ? NULL : strstr(old.data, before);
	size_t at = found == NULL ? old.len / 2 : (size_t)(found - old.data);

	exchange->reply.body = BUF_INIT;
	buf_add(&exchange->reply.body, old.data, at);
	buf_add_text(&exchange->reply.body, text);
	buf_add(&exchange->reply.body, old.data == NULL ? "" : old.data + at, old.len - at);
	buf_free(&old);
}

static bool
bad_xml(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	spoil(exchange, NULL, " <oops & ");
	return false;
}

static bool
bad_json(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	spoil(exchange, NULL, "\n}]\"");
	return false;
}

static bool
doctype(struct exchange *exchange, const struct fault *fault)
{
	(void)fault;
	spoil(exchange, "<feed",
	    "<!DOCTYPE feed [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>\n");
	return false;
}

/* Two complete answers, one behind the other, as they were found in a saved file. */
static bool
two_feeds(struct exchange *exchange, const struct fault *fault)
{
	struct buf *body = &exchange->reply.body;
	char *copy = buf_take(body);

	(void)fault;
	buf_add_text(body, copy);
	buf_add_text(body, copy);
	free(copy);
	return false;
}

/* While somebody pages, ARG more papers come in, at the newest time of what was found. */
static bool
grow(struct exchange *exchange, const struct fault *fault)
{
	size_t more = fault->arg == NULL ? 1 : fault->number;

	for (size_t i = 0; i < more && i < 10000; i++) {
		if (is_arxiv(exchange))
			arxiv_grow(exchange);
		else
			s2_grow(exchange);
	}
	return false;
}

static const struct fault_type types[] = {
	{ "NUMBER", FAULT_INSTEAD, status, "that HTTP status; ARG: Retry-After" },
	{ "rate-text", FAULT_INSTEAD, rate_text, "200 `Rate exceeded.`" },
	{ "rate-text-429", FAULT_INSTEAD, rate_text_429, "429 `Rate exceeded.`; ARG: Retry-After" },
	{ "reset", FAULT_INSTEAD, reset, "connection reset without an answer" },
	{ "stall", FAULT_INSTEAD, stall, "no byte for ARG seconds (at most 30), then the answer" },
	{ "html", FAULT_INSTEAD, html, "200 with a web page" },
	{ "errorjson", FAULT_INSTEAD, error_json, "200 {\"error\":...}" },
	{ "redirect", FAULT_INSTEAD, redirect, "302 to ARG, or to itself" },
	{ "toobig", FAULT_PAGE, too_big, "400 for a batch of more than ARG ids" },
	{ "bomb", FAULT_INSTEAD, bomb, "gzip body that unpacks to ARG MiB (65) of blanks" },
	{ "file", FAULT_INSTEAD, file, "200 with the bytes of the file ARG, of any size" },
	{ "gzipfile", FAULT_INSTEAD, gzip_file, "the same, sent as gzip, which it must be" },
	{ "empty", FAULT_PAGE, empty, "no entries, right total" },
	{ "zero", FAULT_PAGE, zero, "no entries, total 0" },
	{ "short", FAULT_PAGE, half, "the first half of the entries" },
	{ "lostone", FAULT_PAGE, lose_one, "one entry less, right total" },
	{ "dup", FAULT_PAGE, twice, "the first entry once more at the end" },
	{ "unsorted", FAULT_PAGE, shuffle, "the entries in another order" },
	{ "null", FAULT_PAGE, nulls, "S2: null for every entry" },
	{ "earlyend", FAULT_PAGE, early_end, "S2: token null before the end" },
	{ "nobody", FAULT_BODY, nobody, "zero-byte body" },
	{ "cut", FAULT_BODY, cut, "half the body, Content-Length of that half" },
	{ "cutclose", FAULT_BODY, cut_close, "half the body, Content-Length of all, close" },
	{ "badxml", FAULT_BODY, bad_xml, "markup that is not well-formed in the middle" },
	{ "badjson", FAULT_BODY, bad_json, "bytes that are no JSON in the middle" },
	{ "doctype", FAULT_BODY, doctype, "a DOCTYPE with entities" },
	{ "twofeeds", FAULT_BODY, two_feeds, "the whole answer twice in one body" },
	{ "grow", FAULT_BEHIND, grow, "ARG (1) more papers that match, after the answer" },
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

void
fault_list(FILE *out)
{
	for (size_t i = 0; i < TYPE_COUNT; i++)
		fprintf(out, "  %-14s %s\n", types[i].name, types[i].what);
}

/* `arxiv`, `s2`, `s2.batch`. */
static int
target_parse(struct slice text, struct fault *fault)
{
	const char *dot = memchr(text.data, '.', text.len);
	struct slice api = { text.data, dot == NULL ? text.len : (size_t)(dot - text.data) };
	struct slice kind;

	fault->api = slice_is(api, "arxiv") ? API_ARXIV : slice_is(api, "s2") ? API_S2 : API_NONE;
	fault->kind = KIND_OTHER;
	if (dot == NULL)
		return fault->api == API_NONE ? -1 : 0;
	kind = (struct slice){ dot + 1, text.len - api.len - 1 };
	for (int i = 0; i < KIND_OTHER; i++)
		if (slice_is(kind, kind_name((enum kind)i)))
			fault->kind = (enum kind)i;
	return fault->api == API_NONE || fault->kind == KIND_OTHER ? -1 : 0;
}

static int
type_parse(struct slice text, struct fault *fault)
{
	char *end;
	unsigned long code = strtoul(text.data, &end, 10);

	fault->type = NULL;
	if (text.len == 3 && end == text.data + 3 && code >= 200 && code <= 599) {
		fault->type = &types[0];
		fault->status = (unsigned)code;
	}
	for (size_t i = 1; i < TYPE_COUNT; i++)
		if (slice_is(text, types[i].name))
			fault->type = &types[i];
	return fault->type == NULL ? -1 : 0;
}

/* `2`, `1-3`, `*`, `p0.1`. */
static int
when_parse(struct slice text, struct fault *fault)
{
	char *end;

	fault->chance = -1;
	fault->from = 1;
	fault->to = SIZE_MAX;
	if (slice_is(text, "*"))
		return 0;
	if (text.len > 1 && text.data[0] == 'p') {
		fault->chance = strtod(text.data + 1, &end);
		return end == text.data + text.len ? 0 : -1;
	}
	fault->from = fault->to = strtoul(text.data, &end, 10);
	if (end > text.data && *end == '-' && end < text.data + text.len)
		fault->to = strtoul(end + 1, &end, 10);
	return text.len > 0 && fault->from > 0 && end == text.data + text.len ? 0 : -1;
}

/* The text up to the next colon, which is skipped. */
static struct slice
word(const char **at)
{
	const char *start = *at;
	size_t len = strcspn(start, ":");

	*at += len + (start[len] == ':');
	return (struct slice){ start, len };
}

int
fault_parse(const char *spec, struct fault *fault)
{
	const char *at = spec;
	struct slice target = word(&at), type = word(&at), when = word(&at);

	*fault = (struct fault){ 0 };
	if (*at != '\0') {
		fault->arg = at;
		fault->number = strtoul(at, NULL, 10);
	}
	if (target_parse(target, fault) == -1 || type_parse(type, fault) == -1)
		return -1;
	return when_parse(when, fault);
}

static bool
strikes(struct exchange *exchange, const struct fault *fault)
{
	const struct tally *tally = &exchange->server->tally[exchange->api];
	size_t number = tally->requests;

	if (fault->api != exchange->api)
		return false;
	if (fault->kind != KIND_OTHER) {
		if (fault->kind != exchange->kind)
			return false;
		number = tally->kinds[fault->kind];
	}
	if (fault->chance >= 0)
		return (double)(server_random(exchange->server) >> 11) / 9007199254740992.0 <
		       fault->chance;
	return number >= fault->from && number <= fault->to;
}

void
fault_pick(struct exchange *exchange)
{
	const struct options *options = &exchange->server->options;
	size_t most = options->fault_count + 1;
	const struct fault *fault;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers. */
	exchange->struck = arena_new(&exchange->arena, most, sizeof(*exchange->struck));
	for (size_t i = 0; i < options->fault_count; i++) {
		fault = &options->faults[i];
		if (!strikes(exchange, fault))
			continue;
		exchange->struck[exchange->struck_count++] = fault;
		buf_add_text(&exchange->faults, exchange->faults.len > 0 ? "," : "");
		if (fault->status != 0)
			buf_printf(&exchange->faults, "%u", fault->status);
		else
			buf_add_text(&exchange->faults, fault->type->name);
	}
	exchange->server->tally[exchange->api].faults += exchange->struck_count;
}

bool
fault_strike(struct exchange *exchange, enum fault_phase phase)
{
	bool whole = false;

	for (size_t i = 0; i < exchange->struck_count; i++)
		if (exchange->struck[i]->type->phase == phase &&
		    exchange->struck[i]->type->fn(exchange, exchange->struck[i]))
			whole = true;
	return whole;
}
