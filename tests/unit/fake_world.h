#ifndef FINESET_FAKE_WORLD_H
#define FINESET_FAKE_WORLD_H

/*
 * Both APIs and a clock inside the test: it answers the machines' real URLs with real bytes, takes
 * a modelled time for it, and refuses who comes too soon.  Nothing sleeps.
 */

#include "clock.h"
#include "date.h"
#include "engine.h"
#include "fetch.h"
#include "key_table.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-06-19T03:00:07Z, and the day. */
#define FAKE_NOW INT64_C(1781838007)
#define FAKE_TODAY (FAKE_NOW / DATE_DAY_SECONDS)
/* What each server wants between two requests, in ms. */
#define FAKE_ARXIV_GAP 3000
#define FAKE_S2_GAP 1000
/* A run that takes longer hangs. */
#define FAKE_LIFETIME (INT64_C(10) * 86400 * 1000)
/* arXiv's own limit. */
#define FAKE_RESULTS_MAX 10000

struct fake_paper {
	char id[16];
	int64_t published;
	/* When its last version came, and which it is; 0: the first, when it was published. */
	int64_t updated;
	unsigned revision;
	/* The arXiv search brings it from this arXiv request on; NEVER: only an id_list does. */
	unsigned arxiv_from;
	/* ... and up to this one; 0: for ever. */
	unsigned arxiv_to;
	/* arXiv counts it, but never hands it out. */
	bool ghost;
	/* Whether S2 has it, and whether its search brings it. */
	bool on_s2;
	bool s2_finds;
	/* What S2 says of it in place of its id: another, or "" for none. */
	const char *s2_id;
	/* The publishers' DOIs that arXiv knows, and by which S2 knows it; the one by which alone
	 * S2 knows it, or NULL. */
	const char *doi;
	const char *s2_doi;
};
#define FAKE_NEVER UINT_MAX

enum fake_kind {
	FAKE_STATUS,
	FAKE_BODY,
	FAKE_CUT,
	FAKE_RESET,
	FAKE_EMPTY_PAGE,
	FAKE_ZERO,
	FAKE_SHORT,
	FAKE_LOSE_ONE,
	FAKE_EARLY_END,
	FAKE_WRONG_LENGTH,
	/* The number is the total that a page tells. */
	FAKE_TOTAL,
	/* A batch has its first paper at each place. */
	FAKE_SAME_PAPER
};

/* Requests ${first} to ${first} + ${times} - 1 of a source, counted from 1, go wrong. */
struct fake_fault {
	enum source source;
	unsigned first;
	unsigned times;
	enum fake_kind kind;
	/* Status, or number of entries. */
	int number;
	const char *body;
	/* For a status; 0 is none, so -1 stands for 0. */
	int64_t retry_after;
};

/* An answer on its way. */
struct fake_answer {
	bool pending;
	size_t endpoint;
	int64_t first_byte;
	int64_t due;
	int status;
	struct buf body;
	int64_t retry_after;
	bool reset;
};

struct fake_world {
	struct fake_paper *papers;
	size_t count;
	struct key_table *ids;
	int64_t ticks;
	/* Days since FAKE_TODAY, by the run's calendar. */
	int64_t day;

	unsigned requests[SOURCE_COUNT];
	unsigned searches[SOURCE_COUNT];
	int64_t last[SOURCE_COUNT];
	unsigned too_soon[SOURCE_COUNT];
	unsigned beyond_limit;
	/* Connections that were not to be used again. */
	unsigned dropped;
	unsigned crooked_starts;
	struct fake_answer answers[SOURCE_COUNT];
	struct buf last_url;

	struct fake_fault faults[8];
	size_t fault_count;
	/* arXiv: pages and id_lists larger than this fail with 500; so many entries at most. */
	int64_t page_fails_above;
	int64_t page_cap;
	const char *malformed_id;
	/* Longer id_lists are refused with 414. */
	size_t id_list_max;
	/* The same, of a batch of S2. */
	const char *refused_id;
	/* The end of a window is second 0 of its last minute, not 59. */
	bool strict_end;
	/* The server takes no notice of the window, or of the order. */
	bool ignores_window;
	bool ignores_order;
	/* The search gives this entry and the next the other way round; 0: none. */
	size_t swapped;
	/* Its papers by their last update, the newest first; NULL until it is asked for. */
	size_t *by_update;
	/* S2: batches larger than this fail with this status and body. */
	size_t batch_fails_above;
	int batch_status;
	const char *batch_body;
	/* A batch in which nothing is known is refused. */
	bool refuses_unknown;
	/* A token that is refused, as an old one may be. */
	const char *bad_token;
};

static int64_t
fake_utc(void *cookie)
{
	return FAKE_NOW + ((const struct fake_world *)cookie)->ticks / 1000;
}

static int64_t
fake_ticks(void *cookie)
{
	return ((const struct fake_world *)cookie)->ticks;
}

/* ${count} papers over the years since 2015, more and more of them, some in the same minute. */
static void
fake_world_init(struct fake_world *world, size_t count)
{
	int64_t first = date_day(2015, 1, 3) * DATE_DAY_SECONDS;
	int64_t range = (FAKE_TODAY - 3) * DATE_DAY_SECONDS - first;

	*world = (struct fake_world){ .count = count, .ids = key_table_new() };
	world->papers = mem_new(count, sizeof(*world->papers));
	for (size_t i = 0; i < count; i++) {
		struct fake_paper *paper = &world->papers[i];
		double part = (double)(i % 7 == 6 ? i - 1 : i) / (double)count;
		int year, month, day;

		/* Ever denser: half of them came in the last quarter of the time. */
		paper->published = first + (int64_t)((double)range * (1 - (1 - part) * (1 - part)));
		paper->published += i % 7 == 6;
		if (i > 0 && paper->published < world->papers[i - 1].published)
			paper->published = world->papers[i - 1].published;
		date_civil(date_day_of(paper->published), &year, &month, &day);
		snprintf(paper->id, sizeof(paper->id), "%02d%02d.%05d", year % 100, month, (int)i);
		paper->on_s2 = true;
		paper->s2_finds = true;
		key_table_intern(world->ids, 0, slice_of(paper->id));
	}
	for (int i = 0; i < SOURCE_COUNT; i++)
		world->last[i] = -FAKE_LIFETIME;
}

static void
fake_world_free(struct fake_world *world)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		buf_free(&world->answers[i].body);
	buf_free(&world->last_url);
	key_table_free(world->ids);
	free(world->by_update);
	free(world->papers);
}

static int64_t
fake_updated(const struct fake_paper *paper)
{
	return paper->revision > 0 ? paper->updated : paper->published;
}

/* A later version of a paper, which the search knows from now on. */
static inline void
fake_revise(struct fake_world *world, size_t paper, int64_t updated)
{
	world->papers[paper].updated = updated;
	world->papers[paper].revision++;
	free(world->by_update);
	world->by_update = NULL;
}

static void
fake_add_fault(struct fake_world *world, struct fake_fault fault)
{
	assert_in_range(world->fault_count, 0, 7);
	world->faults[world->fault_count++] = fault;
}

static const struct fake_fault *
fake_fault_now(const struct fake_world *world, enum source source)
{
	for (size_t i = 0; i < world->fault_count; i++) {
		const struct fake_fault *fault = &world->faults[i];

		if (fault->source == source && world->requests[source] >= fault->first &&
		    world->requests[source] < fault->first + fault->times)
			return fault;
	}
	return NULL;
}

static bool
fake_is(const struct fake_fault *fault, enum fake_kind kind)
{
	return fault != NULL && fault->kind == kind;
}

/* The value of a query parameter, decoded; empty if there is none. */
static struct buf
fake_parameter(const char *url, const char *name)
{
	struct buf key = BUF_INIT, value = BUF_INIT;
	const char *at;

	buf_printf(&key, "%s=", name);
	at = strstr(url, key.data);
	buf_add(&value, "", 0);
	if (at == NULL || (at[-1] != '?' && at[-1] != '&'))
		at = "";
	else
		at += key.len;
	for (; *at != '\0' && *at != '&'; at++) {
		char hex[3] = { 0 };

		if (*at == '%') {
			memcpy(hex, at + 1, 2);
			buf_add_char(&value, (char)strtol(hex, NULL, 16));
			at += 2;
		} else {
			buf_add_char(&value, *at);
		}
	}
	buf_free(&key);
	return value;
}

static int64_t
fake_number(const char *url, const char *name)
{
	struct buf value = fake_parameter(url, name);
	int64_t number = strtoll(value.data, NULL, 10);

	buf_free(&value);
	return number;
}

#endif
