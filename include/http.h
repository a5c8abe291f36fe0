#ifndef FINESET_HTTP_H
#define FINESET_HTTP_H

#include "attribute.h"
#include "clock.h"
#include "engine.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The transport over the network, on curl's multi interface: one connection an endpoint, kept
 * alive; compressed transfer; https, or http to this machine alone; limits on time, size and
 * redirects.
 */
struct http;

struct http_endpoint {
	/* Sent as `x-api-key`; NULL for none.  Borrowed; it is never logged. */
	const char *key;
	/* Requests with a body carry JSON. */
	bool posts_json;
	/* Least milliseconds between the answer that is a redirect and the request that follows it.
	 */
	int64_t interval;
};

struct http_setup {
	const struct http_endpoint *endpoints;
	size_t count;
	/* Who is behind the requests, for the User-Agent: an address or a page; NULL for nobody. */
	const char *contact;
	const struct clock *clock;
	const struct log *log;
};

/**
 * http_new(setup):
 * Ready to start requests.  curl is set up by the first of them, so what asks nothing costs
 * nothing; if that fails, it is logged and the request cannot be made.
 */
struct http *http_new(const struct http_setup *setup) MUST_CHECK;

/** http_free(http): End what is under way and free it. */
void http_free(struct http *http);

/** http_transport(http): As the engine sees it, borrowed. */
struct transport http_transport(struct http *http);

#endif
