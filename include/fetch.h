#ifndef FINESET_FETCH_H
#define FINESET_FETCH_H

#include "attribute.h"
#include "buf.h"
#include "known.h"
#include "log.h"
#include "slice.h"
#include "source_record.h"
#include "topic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A source of records is a state machine without I/O: next() says what to ask, take() eats the
 * answer.  The engine (engine.h) does the asking, with the pace, the retries and the limits of each
 * endpoint.
 */

/* What to ask next. */
struct request {
	/* Full URL, percent-encoded. */
	struct buf url;
	/* JSON to POST; empty for a GET. */
	struct buf body;
	/* For people: "search, from 2000 of 5000". */
	struct buf what;
};

/** request_clear(request): Make it empty, keep its memory. */
void request_clear(struct request *request);

/** request_free(request): Free what it holds. */
void request_free(struct request *request);

/* An answer with any HTTP status. */
struct response {
	int status;
	const char *body;
	size_t len;
	/* When it came, seconds since 1970. */
	int64_t fetched;
};

enum source_next {
	/* There is a request. */
	NEXT_REQUEST,
	/* Nothing to ask until the other source has finished its search. */
	NEXT_LATER,
	/* All is asked and committed. */
	NEXT_DONE
};

enum source_take {
	/* Accepted and committed. */
	TAKE_ACCEPTED,
	/* No answer to rely on: ask again after a pause. */
	TAKE_AGAIN,
	/* It asked for too much, and asks for less now: no failure, but the same pause. */
	TAKE_TOO_MUCH,
	/* The same as TAKE_AGAIN, and the server is to be spared: a longer pause. */
	TAKE_THROTTLED,
	/* The key was refused; asking again will not help, but once or twice. */
	TAKE_KEY_REFUSED,
	/* The server will never answer this. */
	TAKE_FAILED,
	/* The journal cannot be written. */
	TAKE_CANNOT_WRITE
};

/* Where accepted pages go. */
struct source_sink {
	/* Keep ${count} records and, when they are safe, ${commit} (a JSON object).  0, or -1. */
	int (*page)(void *cookie, enum source source, const struct source_record *records,
	    const size_t *chosen, size_t count, struct slice commit);
	void *cookie;
};

/* A source as the engine sees it. */
struct source_machine {
	enum source source;
	enum source_next (*next)(void *self, struct request *request);
	/* The reason for anything but TAKE_ACCEPTED is appended to ${reason}. */
	enum source_take (*take)(void *self, const struct response *response, struct buf *reason);
	/* The request in hand has failed ${times} in a row: ask for less if that may help. */
	void (*shrink)(void *self, unsigned times);
	/* It will be asked nothing more in this run: who waits for its search need not. */
	void (*abandon)(void *self);
	void *self;
};

/* What both machines are made from; all is borrowed. */
struct source_setup {
	const struct topic *topic;
	/* Last day to ask for, and the run's own day, days since 1970. */
	int64_t until;
	int64_t today;
	/* Matches that an older journal had, which this one is to replace; 0 without one. */
	int64_t expected;
	/* As people give it: see arxiv_base_url and semantic_scholar_base_url. */
	const char *base_url;
	struct known *known;
	struct source_sink sink;
	const struct log *log;
};

/** fetch_status(status, reason): What an HTTP status other than 200 means for any source; appends
 * to ${reason}. */
enum source_take fetch_status(int status, struct buf *reason);

/** fetch_names(message, id): Whether a message of a server's names an id, and not another that
 * begins with it. */
bool fetch_names(struct slice message, struct slice id);

/** fetch_url_path(url): The path of a URL without the slashes behind it, borrowed; empty at its end
 * if it is an origin alone. */
struct slice fetch_url_path(struct slice url);

/** fetch_escape(text, out): Append ${text} percent-encoded for a query string. */
void fetch_escape(struct slice text, struct buf *out);

/**
 * fetch_quote(phrase, out):
 * Append ${phrase} in double quotes, as both query languages take a phrase; quotes, backslashes and
 * control characters in it become blanks, so that it cannot end early.
 */
void fetch_quote(struct slice phrase, struct buf *out);

#endif
