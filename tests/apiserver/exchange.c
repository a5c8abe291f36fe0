#include "exchange.h"

#include "mem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

const char *
api_name(enum api api)
{
	return api == API_ARXIV ? "arxiv" : api == API_S2 ? "s2" : "none";
}

const char *
kind_name(enum kind kind)
{
	static const char *const names[KIND_COUNT] = { "search", "id_list", "bulk", "batch",
		"relevance", "paper", "match", "other" };

	return names[kind];
}

struct slice
exchange_param(const struct exchange *exchange, const char *key)
{
	for (size_t i = 0; i < exchange->param_count; i++)
		if (slice_is(exchange->params[i].key, key))
			return exchange->params[i].value;
	return SLICE_NONE;
}

/* Undo %XX, and `+` where it means a blank; a stray % stays. */
static struct slice
decode(struct arena *arena, struct slice text, bool plus)
{
	struct buf out = BUF_INIT;
	struct slice copy;

	for (size_t i = 0; i < text.len; i++) {
		bool escape = i + 2 < text.len && text.data[i] == '%';
		uint32_t high = escape ? text_digit(text.data[i + 1]) : 16;
		uint32_t low = escape ? text_digit(text.data[i + 2]) : 16;

		if (high < 16 && low < 16) {
			buf_add_char(&out, (char)(high * 16 + low));
			i += 2;
		} else {
			buf_add_char(&out, plus && text.data[i] == '+' ? ' ' : text.data[i]);
		}
	}
	copy = arena_dup(arena, buf_slice(&out));
	buf_free(&out);
	return copy;
}

static void
params_read(struct exchange *exchange, struct slice query)
{
	const char *at = query.data, *end = query.data + query.len, *next, *equal;
	struct param *param;

	while (query.len > 0 && at < end) {
		next = memchr(at, '&', (size_t)(end - at));
		next = next == NULL ? end : next;
		equal = memchr(at, '=', (size_t)(next - at));
		equal = equal == NULL ? next : equal;
		exchange->params = mem_grow(exchange->params, &exchange->param_capacity,
		    exchange->param_count + 1, sizeof(*exchange->params));
		param = &exchange->params[exchange->param_count++];
		param->key =
		    decode(&exchange->arena, (struct slice){ at, (size_t)(equal - at) }, true);
		equal += equal < next;
		param->value =
		    decode(&exchange->arena, (struct slice){ equal, (size_t)(next - equal) }, true);
		at = next + 1;
	}
}

void
exchange_read(struct exchange *exchange)
{
	struct slice target = exchange->target;
	const char *mark = memchr(target.data, '?', target.len);
	size_t path = mark == NULL ? target.len : (size_t)(mark - target.data);

	exchange->path = decode(&exchange->arena, (struct slice){ target.data, path }, false);
	if (mark != NULL)
		params_read(exchange, (struct slice){ mark + 1, target.len - path - 1 });
	if (exchange->body.len > 0 && exchange->body.data[0] != '{' &&
	    exchange->body.data[0] != '[')
		params_read(exchange, buf_slice(&exchange->body));
}

void
exchange_answer(struct exchange *exchange, unsigned status, const char *type, const char *body)
{
	exchange->reply.status = status;
	exchange->reply.content_type = type;
	buf_clear(&exchange->reply.body);
	buf_add_text(&exchange->reply.body, body);
}

void
exchange_free(struct exchange *exchange)
{
	if (exchange == NULL)
		return;
	buf_free(&exchange->body);
	buf_free(&exchange->reply.body);
	buf_free(&exchange->faults);
	free(exchange->params);
	free(exchange->page.items);
	arena_free(&exchange->arena);
	free(exchange);
}

struct hit *
page_add(struct page *page, size_t record)
{
	page->items = mem_grow(page->items, &page->capacity, page->count + 1, sizeof(*page->items));
	page->items[page->count] = (struct hit){ record, 0, 0, 0 };
	return &page->items[page->count++];
}

static int
hit_cmp(const void *a, const void *b)
{
	const struct hit *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->tie > right->tie) - (left->tie < right->tie);
}

void
page_sort(struct page *page)
{
	if (page->count > 0)
		qsort(page->items, page->count, sizeof(*page->items), hit_cmp);
}

void
page_window(struct page *page, size_t start, size_t count)
{
	page->total = page->count;
	page->start = start;
	if (start >= page->count) {
		page->count = 0;
		return;
	}
	if (count > page->count - start)
		count = page->count - start;
	memmove(page->items, page->items + start, count * sizeof(*page->items));
	page->count = count;
}
