#include "hub.h"

#include "buf.h"
#include "clock.h"
#include "hub_json.h"
#include "mem.h"
#include "retry.h"
#include "text.h"
#include "url.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The unit of its waits. */
#define PACE_MS 1000
/* How often it looks whether it was told to stop. */
#define LOOK_MS 500
#define CHANNELS 2

struct hub {
	struct http *http;
	struct clock clock;
	const struct log *log;
	const char *token_place;
	bool (*stopped)(void *cookie);
	struct retry retry;
	/* INT64_MAX without a limit. */
	int64_t deadline;
	bool ended;
};

struct hub *
hub_new(const struct hub_setup *setup)
{
	const struct http_endpoint endpoints[CHANNELS] = {
		[HUB_API] = { .key = setup->token, .bearer = true },
		[HUB_STORE] = { .key = NULL },
	};
	struct hub *hub = mem_new(1, sizeof(*hub));
	struct http_setup http = {
		.endpoints = endpoints,
		.count = CHANNELS,
		.contact = setup->contact,
		.clock = &hub->clock,
		.log = setup->log,
	};
	int64_t now;

	hub->clock = clock_system();
	hub->log = setup->log;
	hub->token_place = setup->token_place;
	hub->stopped = setup->stopped;
	hub->http = http_new(&http);
	now = clock_ticks(&hub->clock);
	hub->retry.interval = url_is_loopback(setup->endpoint) ? 0 : PACE_MS;
	hub->retry.random = (uint64_t)now;
	hub->deadline = setup->max_time > 0 ? now + setup->max_time : INT64_MAX;
	return hub;
}

void
hub_free(struct hub *hub)
{
	if (hub == NULL)
		return;
	http_free(hub->http);
	free(hub);
}

/* Whether it must end now; told once. */
static bool
ends(struct hub *hub)
{
	bool late = clock_ticks(&hub->clock) >= hub->deadline;

	if (hub->ended || (!late && (hub->stopped == NULL || !hub->stopped(NULL))))
		return hub->ended;
	hub->ended = true;
	log_error(hub->log, "Hub: %s; what came into its stores need not be sent again",
	    late ? "out of time" : "told to stop");
	return true;
}

/* Wait for an answer; false if it is not waited for to its end. */
static bool
receive(struct hub *hub, bool once, struct transfer *transfer)
{
	const struct transport transport = http_transport(hub->http);

	while (transport.poll(transport.cookie, LOOK_MS, transfer) == 0)
		if (!once && ends(hub))
			return false;
	return true;
}

static void
ask_once(struct hub *hub, const struct hub_question *question, struct hub_answer *answer)
{
	struct transfer transfer;

	*answer = (struct hub_answer){ .failure = "the request cannot be made", .retry_after = -1 };
	answer->ended = ends(hub);
	if (answer->ended)
		return;
	log_detail(hub->log, "Hub: %s", question->what);
	if (http_send(hub->http, question->channel, &question->request) == -1)
		return;
	answer->ended = !receive(hub, question->once, &transfer);
	if (answer->ended)
		return;
	answer->status = transfer.response.status;
	answer->body = (struct slice){ transfer.response.body, transfer.response.len };
	answer->failure = transfer.failure;
	answer->retry_after = transfer.retry_after;
}

/* The number behind `;NAME=` in a header such as `"api";r=0;t=55`, or -1. */
static int64_t
parameter(struct slice header, const char *name)
{
	size_t at = text_find(header, name), end;

	if (at == header.len)
		return -1;
	at += strlen(name);
	for (end = at; end < header.len && text_is_digit(header.data[end]);)
		end++;
	return text_number((struct slice){ header.data + at, end - at });
}

/* Seconds that the Hub wants to be left in peace; -1 if it does not say.  ${spent}: it is another
 * quota than that of requests, which no short wait mends. */
static int64_t
rest_wanted(struct hub *hub, enum hub_channel channel, const struct hub_answer *answer, bool *spent)
{
	struct slice limit = SLICE_NONE;
	int64_t left, reset;

	if (answer->status == 429)
		limit = http_header(hub->http, channel, "RateLimit");
	left = parameter(limit, ";r=");
	reset = parameter(limit, ";t=");
	*spent = answer->retry_after < 0 && left > 0;
	return left == 0 && reset >= answer->retry_after ? reset + 1 : answer->retry_after;
}

bool
hub_may_pass(const struct hub_answer *answer)
{
	switch (answer->status) {
	case 0:
	case 408:
	case 425:
	case 429:
		return !answer->ended;
	case 409:
		return text_find(answer->body, "another conflicting operation is in progress") <
		       answer->body.len;
	default:
		return answer->status >= 500;
	}
}

/* Wait so long; false if there is no time for it (told). */
static bool
rest(struct hub *hub, int64_t wait)
{
	const struct transport transport = http_transport(hub->http);
	int64_t until = clock_ticks(&hub->clock) + wait;
	struct transfer none;

	if (until >= hub->deadline)
		hub->deadline = INT64_MIN;
	for (;;) {
		int64_t left = until - clock_ticks(&hub->clock);

		if (ends(hub))
			return false;
		if (left <= 0)
			return true;
		(void)transport.poll(transport.cookie, left < LOOK_MS ? left : LOOK_MS, &none);
	}
}

/* Why an answer is no success: what the Hub says, else what was seen of it. */
static void
describe(struct hub *hub, const struct hub_question *question, const struct hub_answer *answer,
    struct buf *out)
{
	struct slice said = http_header(hub->http, question->channel, "X-Error-Message");
	struct buf message = BUF_INIT;

	if (answer->status == 0) {
		buf_add_text(out, answer->failure);
		return;
	}
	buf_printf(out, "HTTP %d", answer->status);
	if (answer->status >= 300 && answer->status < 400)
		buf_add_text(out, ", a redirect that may not be followed");
	if (said.len > 0)
		text_clean(said, &message);
	else if (question->channel == HUB_API)
		hub_json_error(answer->body, &message);
	if (message.len > 0)
		buf_printf(out, ": " LOG_VALUE_FMT, LOG_VALUE(buf_slice(&message)));
	buf_free(&message);
	said = http_header(hub->http, question->channel, "X-Request-Id");
	if (said.len > 0)
		buf_printf(out, " (request " LOG_VALUE_FMT ")", LOG_VALUE(said));
}

bool
hub_pause(struct hub *hub, const struct hub_question *question, const struct hub_answer *answer,
    unsigned times)
{
	const struct transport transport = http_transport(hub->http);
	bool throttled = answer->status == 429 || answer->status == 503, spent;
	int64_t after = rest_wanted(hub, question->channel, answer, &spent), wait;
	struct buf reason = BUF_INIT;

	if (answer->ended || times >= RETRY_TIMES || spent)
		return false;
	if (!throttled)
		transport.drop(transport.cookie, question->channel);
	wait = retry_wait(&hub->retry, throttled ? TAKE_THROTTLED : TAKE_AGAIN, times, after);
	describe(hub, question, answer, &reason);
	log_notice(hub->log, "Hub: %s: %s; asking again in %.1f s (try %u)", question->what,
	    reason.data, (double)wait / 1000, times + 1);
	buf_free(&reason);
	return rest(hub, wait);
}

bool
hub_ask(struct hub *hub, const struct hub_question *question, struct hub_answer *answer)
{
	bool answered = false, again = true;

	for (unsigned times = 1; again; times++) {
		ask_once(hub, question, answer);
		answered = answer->status >= 200 && answer->status < 300;
		again = !answered && !question->once && hub_may_pass(answer) &&
			hub_pause(hub, question, answer, times);
	}
	answer->ended |= hub->ended;
	return answered;
}

static enum outcome
meaning(enum hub_channel channel, const struct hub_answer *answer)
{
	bool refused = answer->status >= 300 && answer->status < 500 && answer->status != 413;

	/* It has no token to refuse, and knows nothing but addresses. */
	if (channel == HUB_STORE && refused && !hub_may_pass(answer))
		return OUTCOME_UNREACHABLE;
	switch (answer->status) {
	case 401:
	case 402:
	case 403:
		return OUTCOME_KEY_REFUSED;
	case 404:
		return OUTCOME_NO_INPUT;
	case 409:
	case 412:
		return OUTCOME_LATER;
	default:
		if (hub_may_pass(answer))
			return OUTCOME_LATER;
		if (answer->status >= 400)
			return OUTCOME_BAD_DATA;
		/* An answer that says nothing. */
		return answer->status < 300 ? OUTCOME_LATER : OUTCOME_UNREACHABLE;
	}
}

enum outcome
hub_fail(struct hub *hub, const struct hub_question *question, const struct hub_answer *answer)
{
	enum outcome outcome = meaning(question->channel, answer);
	struct buf reason = BUF_INIT;

	if (answer->ended)
		return OUTCOME_LATER;
	describe(hub, question, answer, &reason);
	if (outcome == OUTCOME_KEY_REFUSED && question->channel == HUB_API)
		log_error(hub->log, "Hub: %s: it refuses the token from %s: %s", question->what,
		    hub->token_place, reason.data);
	else
		log_error(hub->log, "Hub: %s: %s", question->what, reason.data);
	buf_free(&reason);
	return outcome;
}

struct slice
hub_header(struct hub *hub, enum hub_channel channel, const char *name)
{
	return http_header(hub->http, channel, name);
}
