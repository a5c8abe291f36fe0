#ifndef APISERVER_EXCHANGE_H
#define APISERVER_EXCHANGE_H

#include "arena.h"
#include "buf.h"
#include "slice.h"
#include "world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;
struct fault;

enum api { API_ARXIV, API_S2, API_NONE };
#define API_COUNT 2

enum kind {
	/* arXiv: with search_query, or with id_list alone. */
	KIND_SEARCH,
	KIND_ID_LIST,
	/* Semantic Scholar: /paper/search/bulk, /paper/batch, /paper/search, /paper/{id},
	   /paper/search/match. */
	KIND_BULK,
	KIND_BATCH,
	KIND_RELEVANCE,
	KIND_PAPER,
	KIND_MATCH,
	/* Neither API has it. */
	KIND_OTHER
};
#define KIND_COUNT 8

/** api_name(api), kind_name(kind): As logs, statistics and --fault spell them. */
const char *api_name(enum api api);
const char *kind_name(enum kind kind);

struct param {
	struct slice key;
	struct slice value;
};

/* One entry of an answer. */
struct hit {
	/* Position in the world; SIZE_MAX is null (batch). */
	size_t record;
	/* arXiv: which version is shown, from 1. */
	size_t version;
	/* Scratch for sorting. */
	int64_t key;
	uint64_t tie;
};

/* What an answer lists, before it is written; faults change it here. */
struct page {
	struct hit *items;
	size_t count;
	size_t capacity;
	/* Matches of the whole query. */
	size_t total;
	size_t start;
	/* Semantic Scholar: there is a next page. */
	bool more;
};

enum delivery {
	DELIVER,
	/* Promise the whole body, send half of it and close. */
	DELIVER_CUT,
	/* Close without a byte. */
	DELIVER_RESET
};

struct reply {
	unsigned status;
	const char *content_type;
	struct buf body;
	/* NULL, or the value of such a header. */
	const char *retry_after;
	const char *location;
	const char *error_type;
	enum delivery delivery;
	/* Seconds without a byte before the answer. */
	unsigned stall;
	/* The body is gzip already. */
	bool gzipped;
	/* NULL, or a file whose bytes are the body. */
	const char *file;
};

/* One request and its answer. */
struct exchange {
	struct server *server;
	struct arena arena;

	/* The request; the target is path and query as sent. */
	struct slice target;
	struct slice method;
	struct slice path;
	struct buf body;
	struct param *params;
	size_t param_count;
	size_t param_capacity;
	struct slice user_agent;
	struct slice accept;
	struct slice key;
	bool gzip;
	bool begun;
	/* When it came, milliseconds of the monotonic clock, and on which connection. */
	int64_t arrived;
	unsigned connection;

	/* What it is. */
	enum api api;
	enum kind kind;
	size_t number;
	size_t body_ids;

	/* What becomes of it. */
	struct page page;
	struct reply reply;
	size_t entries;
	/* Their names for the log, and which of the options' faults they are. */
	struct buf faults;
	const struct fault **struck;
	size_t struck_count;
};

/** exchange_param(exchange, key): The first value of a parameter, decoded; SLICE_NONE without it.
 */
struct slice exchange_param(const struct exchange *exchange, const char *key);

/** exchange_read(exchange): Cut target and form body into path and parameters. */
void exchange_read(struct exchange *exchange);

/** exchange_answer(exchange, status, type, body): Set the whole answer to a text. */
void exchange_answer(
    struct exchange *exchange, unsigned status, const char *type, const char *body);

/** exchange_free(exchange): Free all that ${exchange} holds. */
void exchange_free(struct exchange *exchange);

/** page_add(page, record): Add an entry and return it. */
struct hit *page_add(struct page *page, size_t record);

/** page_sort(page): Order by key, then by tie. */
void page_sort(struct page *page);

/** page_window(page, start, count): Keep ${count} entries from ${start} on; total is what there
 * was. */
void page_window(struct page *page, size_t start, size_t count);

#endif
