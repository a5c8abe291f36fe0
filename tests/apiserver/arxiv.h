#ifndef APISERVER_ARXIV_H
#define APISERVER_ARXIV_H

#include "exchange.h"

/** arxiv_answer(exchange): Answer /api/query. */
void arxiv_answer(struct exchange *exchange);

/** arxiv_kind(exchange): What is asked of it. */
enum kind arxiv_kind(const struct exchange *exchange);

/** arxiv_status(exchange, status): Answer with a bare HTTP status, as arXiv words it. */
void arxiv_status(struct exchange *exchange, unsigned status);

/** arxiv_grow(exchange): One more paper like the newest that ${exchange} found, no earlier than it.
 */
void arxiv_grow(struct exchange *exchange);

#endif
