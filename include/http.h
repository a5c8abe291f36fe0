#ifndef FINESET_HTTP_H
#define FINESET_HTTP_H

#include "attribute.h"
#include "clock.h"
#include "engine.h"
#include "log.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The transport over the network, on curl's multi interface: one connection an endpoint, kept
 * alive; compressed transfer; https, or http to this machine alone; limits on time, size and
 * redirects.
 */
struct http;

struct http_endpoint {
	/* NULL for none.  Borrowed; it is never logged. */
	const char *key;
	/* It is sent as `Authorization: Bearer`, not as `x-api-key`. */
	bool bearer;
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

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT };

/* A part of a file that is open. */
struct http_file {
	int fd;
	uint64_t offset;
	uint64_t bytes;
};

/* A request that is more than a source's.  All is borrowed. */
struct http_request {
	const char *url;
	enum http_method method;
	/* NULL for what the endpoint says and takes by itself. */
	const char *content_type;
	const char *accept;
	/* What is sent: of a file, which stays open until the answer, or these bytes. */
	const struct http_file *file;
	struct slice body;
};

/**
 * http_send(http, endpoint, request):
 * Begin a request, as the transport's start does; its answer comes by the transport's poll.  Of
 * redirects only those are followed that ask for the same request elsewhere (307, 308); a longer
 * body has more time.  0, or -1.
 */
int http_send(struct http *http, size_t endpoint, const struct http_request *request) MUST_CHECK;

/** http_header(http, endpoint, name): A header of the last answer, without the key, borrowed until
 * the next call or start; no value if there is none. */
struct slice http_header(struct http *http, size_t endpoint, const char *name);

#endif
