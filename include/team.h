#ifndef FINESET_TEAM_H
#define FINESET_TEAM_H

#include "attribute.h"

#include <stddef.h>

/*
 * Work that several threads share, item by item, and whose results are taken in the order of the
 * items: what comes out is the same for any number of threads.
 */

/* More threads than this only wait for each other: results are taken by one at a time. */
#define TEAM_LARGEST 16
/* Slots, which hold a result from its making to its taking, beyond one each: a worker whose item
 * has not its turn yet leaves it there and goes on. */
#define TEAM_SLACK 2
#define TEAM_SLOTS (TEAM_LARGEST + TEAM_SLACK)

struct team_work {
	/* Do item number ${item}, from 0, in slot number ${slot}; others are made at the same time,
	 * in other slots.  1, 0 if there is no such item, or -1. */
	int (*make)(void *cookie, size_t slot, size_t item);
	/* Take what was made of the item, by any worker, from its slot; one at a time, in order.
	 * 0, or -1. */
	int (*take)(void *cookie, size_t slot, size_t item);
};

/** team_size(): How many workers this process has processors for, 1 to TEAM_LARGEST. */
size_t team_size(void);

/** team_slots(workers): How many slots so many workers use, 1 to TEAM_SLOTS. */
size_t team_slots(size_t workers);

/**
 * team_run(work, cookie, workers):
 * Do items until there is no more, or until one fails; the items before a failed one are taken
 * all the same.  The calling thread is one of the workers, and does all of it if no other thread
 * can be had.  0, or -1.
 */
int team_run(const struct team_work *work, void *cookie, size_t workers) MUST_CHECK;

#endif
