#ifndef APISERVER_ARXIV_TOKEN_H
#define APISERVER_ARXIV_TOKEN_H

#include "arena.h"
#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

enum arxiv_token_kind { TOKEN_PREFIX, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_OPERATOR, TOKEN_TEXT };

/* One piece of a search_query: `ti:`, `(`, `)`, `AND`, or a word or quoted phrase. */
struct arxiv_token {
	enum arxiv_token_kind kind;
	struct slice text;
};

struct arxiv_tokens {
	struct arxiv_token *items;
	size_t count;
	size_t capacity;
};

/** arxiv_tokens_read(text, tokens): Cut ${text} into tokens that borrow it; a quote without its
 * partner is dropped. */
void arxiv_tokens_read(struct slice text, struct arxiv_tokens *tokens);

/** arxiv_tokens_repair(arena, tokens): Do what the server does to guess what was meant, see
 * arxiv_query.h. */
void arxiv_tokens_repair(struct arena *arena, struct arxiv_tokens *tokens);

/** arxiv_tokens_write(tokens, out): Append them as a query. */
void arxiv_tokens_write(const struct arxiv_tokens *tokens, struct buf *out);

/** arxiv_tokens_free(tokens): Free the list. */
void arxiv_tokens_free(struct arxiv_tokens *tokens);

/** arxiv_dates_repair(text, out): Append a query with its date ranges padded and quoted. */
void arxiv_dates_repair(struct slice text, struct buf *out);

#endif
