#ifndef APISERVER_REQUEST_LOG_H
#define APISERVER_REQUEST_LOG_H

#include "buf.h"
#include "exchange.h"
#include "server.h"

/** request_log_write(exchange): One JSON line of an answered request to --log; never the key. */
void request_log_write(const struct exchange *exchange);

/** request_stats_write(server, out): Append what /_stats says, as JSON. */
void request_stats_write(const struct server *server, struct buf *out);

#endif
