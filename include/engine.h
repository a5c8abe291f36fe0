#ifndef FINESET_ENGINE_H
#define FINESET_ENGINE_H

#include "attribute.h"
#include "clock.h"
#include "fetch.h"
#include "log.h"
#include "source_report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Drives any number of sources at once, each at its own pace with one request under way, until each
 * is done, given up or out of time.  It knows neither curl nor a clock of its own.
 */

/* What a transport reports of a finished request. */
struct transfer {
	/* Which endpoint it was for. */
	size_t endpoint;
	/* The answer, borrowed until the next poll or start; status 0 if there was none. */
	struct response response;
	/* When there was no answer: why, borrowed. */
	const char *failure;
	/* When the first byte of the answer came: the server has seen the request by then. */
	int64_t first_byte_ticks;
	/* Seconds that a Retry-After header asks for; -1 if there was none. */
	int64_t retry_after;
	/* Bytes that came over the line. */
	uint64_t bytes;
	/* Redirects that were followed: a request each. */
	unsigned redirects;
};

/* How requests get out; tests bring their own. */
struct transport {
	/* Begin a request for an endpoint that has none under way.  0, or -1. */
	int (*start)(void *cookie, size_t endpoint, const struct request *request);
	/* Wait up to ${timeout} ms.  1 with ${transfer} filled in, or 0. */
	int (*poll)(void *cookie, int64_t timeout, struct transfer *transfer);
	/* The answer that poll has just reported was none: who knows what still comes behind it,
	 * so the next request goes elsewhere.  NULL if there is nothing to do. */
	void (*drop)(void *cookie, size_t endpoint);
	void *cookie;
};

struct endpoint {
	struct source_machine machine;
	/* Least milliseconds from the answer to one request to the next. */
	int64_t interval;
	/* No request before this tick; set again at the end, for whoever asks it next. */
	int64_t not_before;
	struct source_report report;
};

/* Told after each accepted answer and before each wait; for a progress line. */
typedef void engine_progress_fn(
    void *cookie, const struct endpoint *endpoints, size_t count, const char *doing);

struct engine {
	const struct transport *transport;
	const struct clock *clock;
	const struct log *log;
	/* Milliseconds that the run may take; 0 is no limit. */
	int64_t max_time;
	/* Whether the run was told to stop; may be NULL. */
	bool (*stopped)(void *cookie);
	engine_progress_fn *progress;
	void *cookie;
};

/** engine_run(engine, endpoints, count): Drive all of them; how each ended stands in its report. */
void engine_run(const struct engine *engine, struct endpoint *endpoints, size_t count);

#endif
