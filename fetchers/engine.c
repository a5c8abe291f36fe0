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
	/* Failures in a row of the request in hand. */
	unsigned failures;
};

struct run {
	const struct engine *engine;
	struct lane *lanes;
	size_t count;
	int64_t deadline;
};

static const char *
title_of(const struct lane *lane)
{
	return source_title(lane->endpoint->machine.source);
}

static void
finish(struct lane *lane, enum source_outcome outcome, const char *reason)
{
	lane->stage = STAGE_FINISHED;
	lane->endpoint->report.outcome = outcome;
	snprintf(lane->endpoint->report.reason, sizeof(lane->endpoint->report.reason), "%s",
		 reason);
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

/* Put the next request in hand; whether there is anything to wait for. */
static bool
prepare(struct lane *lane)
{
	const struct source_machine *machine = &lane->endpoint->machine;

	if (lane->stage != STAGE_IDLE)
		return lane->stage != STAGE_FINISHED;
	request_clear(&lane->request);
	switch (machine->next(machine->self, &lane->request)) {
	case NEXT_REQUEST:
		lane->stage = STAGE_READY;
		return true;
	case NEXT_DONE:
		finish(lane, SOURCE_OK, "");
		return false;
	case NEXT_LATER:
		return false;
	}
	return false;
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

/* Plan to ask again, or give the source up. */
static void
fail(struct run *run, struct lane *lane, enum source_take why, const char *reason,
     int64_t retry_after)
{
	const struct source_machine *machine = &lane->endpoint->machine;
	unsigned most = why == TAKE_KEY_REFUSED ? RETRY_KEY_TIMES : RETRY_TIMES;
	int64_t now = clock_ticks(run->engine->clock), wait;

	if (why == TAKE_CANNOT_WRITE) {
		finish(lane, SOURCE_CANNOT_WRITE, "its journal cannot be written");
		return;
	}
	lane->failures++;
	if (why == TAKE_FAILED || lane->failures >= most) {
		log_error(run->engine->log, "%s: %s: %s; given up after %u tries", title_of(lane),
			  lane->request.what.data, reason, lane->failures);
		finish(lane, given_up(why), reason);
		return;
	}
	if (why == TAKE_AGAIN)
		machine->shrink(machine->self, lane->failures);
	wait = retry_wait(&lane->retry, why, lane->failures, retry_after);
	log_notice(run->engine->log, "%s: %s: %s; asking again in %.1f s (%u of %u)",
		   title_of(lane), lane->request.what.data, reason, (double)wait / 1000,
		   lane->failures, most - 1);
	tell_progress(run, lane, "waiting to ask again");
	lane->endpoint->report.retries++;
	lane->endpoint->report.waited += wait;
	lane->not_before = now + wait > lane->not_before ? now + wait : lane->not_before;
	lane->stage = STAGE_IDLE;
}

static void
take(struct run *run, const struct transfer *transfer)
{
	struct lane *lane = &run->lanes[transfer->endpoint];
	const struct source_machine *machine = &lane->endpoint->machine;
	struct buf reason = BUF_INIT;
	enum source_take taken = TAKE_AGAIN;

	lane->endpoint->report.bytes += transfer->bytes;
	/* From the first byte of the answer: by then the server has seen the request, so it sees
	 * the full gap. */
	lane->not_before = transfer->first_byte_ticks + lane->endpoint->interval;
	if (transfer->response.status == 0)
		buf_add_text(&reason, transfer->failure);
	else
		taken = machine->take(machine->self, &transfer->response, &reason);
	if (taken == TAKE_ACCEPTED) {
		lane->failures = 0;
		lane->stage = STAGE_IDLE;
	} else {
		fail(run, lane, taken, reason.data == NULL ? "no reason" : reason.data,
		     transfer->retry_after);
	}
	buf_free(&reason);
}

/* Start what may start; how long until the next can, -1 if all is finished or waits for a source
 * that is. */
static int64_t
start_ready(struct run *run)
{
	int64_t now = clock_ticks(run->engine->clock), wait = -1;

	for (size_t i = 0; i < run->count; i++) {
		struct lane *lane = &run->lanes[i];
		int64_t own = LOOK_MS;

		if (!prepare(lane))
			continue;
		if (lane->stage == STAGE_READY && now >= lane->not_before)
			start(run, lane, i);
		else if (lane->stage == STAGE_READY)
			own = lane->not_before - now;
		if (lane->stage != STAGE_FINISHED && (wait < 0 || own < wait))
			wait = own;
	}
	return wait;
}

/* A source that can do no more because another gave up has done what it could. */
static void
finish_waiting(struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->lanes[i].stage == STAGE_IDLE)
			finish(&run->lanes[i], SOURCE_OK, "");
}

static bool
must_end(struct run *run, int64_t wait)
{
	const struct engine *engine = run->engine;
	const char *why = NULL;

	if (engine->stopped != NULL && engine->stopped(engine->cookie))
		why = "told to stop";
	else if (engine->max_time > 0 && clock_ticks(engine->clock) + wait > run->deadline)
		why = "out of time";
	if (why == NULL)
		return false;
	for (size_t i = 0; i < run->count; i++)
		if (run->lanes[i].stage != STAGE_FINISHED)
			finish(&run->lanes[i], SOURCE_CUT, why);
	return true;
}

/* A page that is under way may still come in time; a pause that ends too late need not be begun. */
static int64_t
pause_needed(const struct run *run, int64_t wait)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->lanes[i].stage == STAGE_UNDER_WAY)
			return 0;
	return wait;
}

void
engine_run(const struct engine *engine, struct endpoint *endpoints, size_t count)
{
	struct run run = {
		.engine = engine,
		.lanes = mem_new(count, sizeof(*run.lanes)),
		.count = count,
		.deadline = clock_ticks(engine->clock) + engine->max_time,
	};
	struct transfer transfer;
	int64_t wait;

	for (size_t i = 0; i < count; i++) {
		run.lanes[i].endpoint = &endpoints[i];
		run.lanes[i].retry.interval = endpoints[i].interval;
		run.lanes[i].retry.random = (uint64_t)clock_ticks(engine->clock) + i + 1;
		endpoints[i].report = (struct source_report){ .matched = -1 };
	}
	while ((wait = start_ready(&run)) >= 0 && !must_end(&run, pause_needed(&run, wait)))
		if (engine->transport->poll(engine->transport->cookie,
					    wait < LOOK_MS ? wait : LOOK_MS, &transfer) == 1)
			take(&run, &transfer);
	finish_waiting(&run);
	for (size_t i = 0; i < count; i++)
		request_free(&run.lanes[i].request);
	free(run.lanes);
}
