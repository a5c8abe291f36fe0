#include "engine.h"

#include "mem.h"
#include "retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* How often a run looks whether it was told to stop. */
#define LOOK_MS 500

enum stage {
	/* Has no request in hand. */
	STAGE_IDLE,
	/* Has one that waits for its time. */
	STAGE_READY,
	STAGE_UNDER_WAY,
	STAGE_FINISHED
};

struct lane {
	struct endpoint *endpoint;
	enum stage stage;
	struct request request;
	struct retry retry;
	/* No request before this tick. */
	int64_t not_before;
	/* Failures in a row of the request in hand, and how many of them refused the key. */
	unsigned failures;
	unsigned refusals;
};

struct run {
	const struct engine *engine;
	struct lane *lanes;
	size_t count;
	/* INT64_MAX without a limit. */
	int64_t deadline;
	/* Told to stop: what is under way is waited for, nothing is begun. */
	bool stopping;
};

static const char *
title_of(const struct lane *lane)
{
	return source_title(lane->endpoint->machine.source);
}

static void
finish(struct lane *lane, enum source_outcome outcome, const char *reason)
{
	const struct source_machine *machine = &lane->endpoint->machine;

	machine->abandon(machine->self);
	lane->stage = STAGE_FINISHED;
	lane->endpoint->report.outcome = outcome;
	snprintf(
	    lane->endpoint->report.reason, sizeof(lane->endpoint->report.reason), "%s", reason);
}

static void
tell_progress(const struct run *run, const struct lane *lane, const char *doing)
{
	const struct engine *engine = run->engine;
	char text[160];

	if (engine->progress == NULL)
		return;
	snprintf(text, sizeof(text), "%s: %s", title_of(lane), doing);
	engine->progress(engine->cookie, run->lanes[0].endpoint, run->count, text);
}

/* Put the next request in hand, if there is one. */
static void
prepare(struct lane *lane)
{
	const struct source_machine *machine = &lane->endpoint->machine;

	if (lane->stage != STAGE_IDLE)
		return;
	request_clear(&lane->request);
	switch (machine->next(machine->self, &lane->request)) {
	case NEXT_REQUEST:
		lane->stage = STAGE_READY;
		break;
	case NEXT_DONE:
		finish(lane, SOURCE_OK, "");
		break;
	case NEXT_LATER:
		break;
	}
}

static void
prepare_all(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		prepare(&run->lanes[i]);
}

static void
start(struct run *run, struct lane *lane, size_t number)
{
	const struct transport *transport = run->engine->transport;

	log_detail(run->engine->log, "%s: %s", title_of(lane), lane->request.what.data);
	tell_progress(run, lane, lane->request.what.data);
	lane->stage = STAGE_UNDER_WAY;
	lane->endpoint->report.requests++;
	if (transport->start(transport->cookie, number, &lane->request) == -1)
		finish(lane, SOURCE_UNREACHABLE, "the request cannot be made");
}

static enum source_outcome
given_up(enum source_take why)
{
	if (why == TAKE_THROTTLED)
		return SOURCE_THROTTLED;
	return why == TAKE_KEY_REFUSED ? SOURCE_KEY_REFUSED : SOURCE_UNREACHABLE;
}

/* Whether a failed request is not worth another try; the source is given up then. */
static bool
give_up(const struct run *run, struct lane *lane, enum source_take why, const char *reason)
{
	lane->failures += why != TAKE_TOO_MUCH;
	lane->refusals += why == TAKE_KEY_REFUSED;
	if (why != TAKE_FAILED && lane->failures < RETRY_TIMES && lane->refusals < RETRY_KEY_TIMES)
		return false;
	log_error(run->engine->log, "%s: %s: %s; given up after %u tries", title_of(lane),
	    lane->request.what.data, reason, lane->failures);
	finish(lane, given_up(why), reason);
	return true;
}

/* Plan to ask again, or end the source. */
static void
fail(struct run *run, struct lane *lane, enum source_take why, const char *reason,
    int64_t retry_after)
{
	const struct source_machine *machine = &lane->endpoint->machine;
	int64_t wait, until;

	if (why == TAKE_CANNOT_WRITE) {
		finish(lane, SOURCE_CANNOT_WRITE, "its journal cannot be written");
		return;
	}
	if (give_up(run, lane, why, reason))
		return;
	if (why == TAKE_AGAIN)
		machine->shrink(machine->self, lane->failures);
	wait = retry_wait(&lane->retry, why, lane->failures, retry_after);
	until = clock_ticks(run->engine->clock) + wait;
	lane->stage = STAGE_IDLE;
	if (run->stopping || until >= run->deadline) {
		log_notice(run->engine->log, "%s: %s: %s; no time to ask again", title_of(lane),
		    lane->request.what.data, reason);
		finish(lane, SOURCE_CUT, reason);
		return;
	}
	log_notice(run->engine->log, "%s: %s: %s; asking again in %.1f s (try %u)", title_of(lane),
	    lane->request.what.data, reason, (double)wait / 1000, lane->failures + 1);
	tell_progress(run, lane, "waiting to ask again");
	lane->endpoint->report.retries++;
	lane->endpoint->report.waited += wait;
	if (until > lane->not_before)
		lane->not_before = until;
}

static void
take(struct run *run, const struct transfer *transfer)
{
	struct lane *lane = &run->lanes[transfer->endpoint];
	const struct source_machine *machine = &lane->endpoint->machine;
	const struct transport *transport = run->engine->transport;
	struct buf reason = BUF_INIT;
	enum source_take taken = TAKE_AGAIN;

	lane->endpoint->report.bytes += transfer->bytes;
	lane->endpoint->report.requests += transfer->redirects;
	/* From the first byte of the answer: by then the server has seen the request, so it sees
	 * the full gap. */
	lane->not_before = transfer->first_byte_ticks + lane->endpoint->interval;
	if (transfer->response.status == 0)
		buf_add_text(&reason, transfer->failure);
	else
		taken = machine->take(machine->self, &transfer->response, &reason);
	if (taken == TAKE_ACCEPTED) {
		lane->failures = 0;
		lane->refusals = 0;
		lane->stage = STAGE_IDLE;
	} else {
		if (taken == TAKE_AGAIN && transport->drop != NULL)
			transport->drop(transport->cookie, transfer->endpoint);
		fail(run, lane, taken, reason.data == NULL ? "no reason" : reason.data,
		    transfer->retry_after);
	}
	buf_free(&reason);
}

/* Start what may start, and end what has no time for its pause. */
static void
start_ready(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];

		if (lane->stage != STAGE_READY)
			continue;
		if (run->stopping)
			finish(lane, SOURCE_CUT, "told to stop");
		else if (lane->not_before >= run->deadline)
			finish(lane, SOURCE_CUT, "out of time");
		else if (clock_ticks(run->engine->clock) >= lane->not_before)
			start(run, lane, i);
	}
}

/* How long to wait for what comes next; -1 if nothing does. */
static int64_t
time_to_wait(const struct run *run)
{
	int64_t now = clock_ticks(run->engine->clock), wait = -1;

	for (size_t i = 0; i < run->count; i++) {
		const struct lane *lane = &run->lanes[i];
		int64_t own = LOOK_MS;

		if (lane->stage == STAGE_READY && lane->not_before - now < own)
			own = lane->not_before > now ? lane->not_before - now : 0;
		else if (lane->stage != STAGE_READY && lane->stage != STAGE_UNDER_WAY)
			continue;
		if (wait < 0 || own < wait)
			wait = own;
	}
	if (wait >= 0 && run->deadline - now < wait)
		wait = run->deadline > now ? run->deadline - now : 0;
	return wait;
}

/* A page that is under way is worth its wait, which may be long: say so at once. */
static void
look_whether_stopped(struct run *run)
{
	const struct engine *engine = run->engine;

	if (run->stopping || engine->stopped == NULL || !engine->stopped(engine->cookie))
		return;
	run->stopping = true;
	log_notice(engine->log, "told to stop: the run ends with the pages that are under way");
}

/* Whether anything is still to come. */
static bool
step(struct run *run)
{
	const struct engine *engine = run->engine;
	const struct transport *transport = engine->transport;
	struct transfer transfer;
	int64_t wait;

	look_whether_stopped(run);
	prepare_all(run);
	start_ready(run);
	/* Once more: what one found finished, or what ended, may be what another waited for. */
	prepare_all(run);
	wait = time_to_wait(run);
	if (wait < 0 || clock_ticks(engine->clock) >= run->deadline)
		return false;
	if (transport->poll(transport->cookie, wait, &transfer) == 1)
		take(run, &transfer);
	return true;
}

void
engine_run(const struct engine *engine, struct endpoint *endpoints, size_t count)
{
	int64_t now = clock_ticks(engine->clock);
	struct run run = {
		.engine = engine,
		.lanes = mem_new(count, sizeof(*run.lanes)),
		.count = count,
		.deadline = engine->max_time > 0 ? now + engine->max_time : INT64_MAX,
	};

	for (size_t i = 0; i < count; i++) {
		run.lanes[i].endpoint = &endpoints[i];
		run.lanes[i].not_before = endpoints[i].not_before;
		run.lanes[i].retry.interval = endpoints[i].interval;
		run.lanes[i].retry.random = (uint64_t)now + i + 1;
		endpoints[i].report = (struct source_report){ .matched = -1 };
	}
	while (step(&run))
		;
	now = clock_ticks(engine->clock);
	for (size_t i = 0; i < count; i++) {
		/* What is given up under way was seen by its server too. */
		if (run.lanes[i].stage == STAGE_UNDER_WAY)
			run.lanes[i].not_before = now + endpoints[i].interval;
		if (run.lanes[i].stage != STAGE_FINISHED)
			finish(&run.lanes[i], SOURCE_CUT, "out of time");
		endpoints[i].not_before = run.lanes[i].not_before;
		request_free(&run.lanes[i].request);
	}
	free(run.lanes);
}
