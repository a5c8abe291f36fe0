#ifndef APISERVER_S2_H
#define APISERVER_S2_H

#include "exchange.h"

/** s2_answer(exchange): Answer what is under /graph/v1/. */
void s2_answer(struct exchange *exchange);

/** s2_kind(exchange): Which endpoint is asked. */
enum kind s2_kind(const struct exchange *exchange);

/** s2_status(exchange, status): Answer with a bare HTTP status, as recorded. */
void s2_status(struct exchange *exchange, unsigned status);

/** s2_grow(exchange): One more paper like the newest that ${exchange} found. */
void s2_grow(struct exchange *exchange);

#endif
