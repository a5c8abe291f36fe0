#ifndef FINESET_HUB_H
#define FINESET_HUB_H

#include "attribute.h"
#include "http.h"
#include "log.h"
#include "outcome.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * One conversation with the Hugging Face Hub and the stores that it names: a request after the
 * other, each asked again while its failures may pass.  The token goes to the Hub's API alone.
 */
struct hub;

/* All is borrowed. */
struct hub_setup {
	/* A URL that url_check has passed. */
	const char *endpoint;
	/* NULL for none; and where it was found, for messages. */
	const char *token;
	const char *token_place;
	const char *contact;
	/* Milliseconds that all of it may take; 0 is no limit. */
	int64_t max_time;
	/* Whether to stop; NULL if nobody asks for it. */
	bool (*stopped)(void *cookie);
	const struct log *log;
};

/** hub_new(setup): Ready to ask. */
struct hub *hub_new(const struct hub_setup *setup) MUST_CHECK;

/** hub_free(hub): End what is under way and free it. */
void hub_free(struct hub *hub);

/* A request is for the API, with the token, or for a store, without. */
enum hub_channel { HUB_API, HUB_STORE };

struct hub_question {
	enum hub_channel channel;
	struct http_request request;
	/* For people: "the head of main". */
	const char *what;
	/* It may have been done though its answer did not come: it is asked once, and waited for
	 * also by who was told to stop. */
	bool once;
};

struct hub_answer {
	/* 0 if there was none. */
	int status;
	/* Borrowed until the next question. */
	struct slice body;
	/* Why there was none, borrowed like it. */
	const char *failure;
	/* Seconds that a Retry-After header asks for; -1 if there was none. */
	int64_t retry_after;
	/* Told to stop, or out of time: told already, and nothing more will be asked. */
	bool ended;
};

/** hub_ask(hub, question, answer): Ask, and again after a pause while the failure may pass, so
 * often; whether the last answer was a success (2xx). */
bool hub_ask(
    struct hub *hub, const struct hub_question *question, struct hub_answer *answer) MUST_CHECK;

/** hub_may_pass(answer): Whether an answer that was no success is one that may pass: none, one that
 * asks for a pause, a fault of the server's. */
bool hub_may_pass(const struct hub_answer *answer);

/**
 * hub_pause(hub, question, answer, times):
 * Tell why the last question got no success, and wait before it is asked once more after ${times}
 * times in vain; false if that is often enough, if a longer rest is wanted, or if there is no time.
 */
bool hub_pause(struct hub *hub, const struct hub_question *question,
    const struct hub_answer *answer, unsigned times) MUST_CHECK;

/** hub_fail(hub, question, answer): Tell in one line why the last question got no success, and what
 * that means for the command. */
enum outcome hub_fail(
    struct hub *hub, const struct hub_question *question, const struct hub_answer *answer);

/** hub_header(hub, channel, name): A header of the last answer, borrowed until the next call. */
struct slice hub_header(struct hub *hub, enum hub_channel channel, const char *name);

#endif
