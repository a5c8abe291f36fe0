#ifndef FINESET_LOCK_H
#define FINESET_LOCK_H

#include "attribute.h"
#include "log.h"

/* One run at a time in a dataset directory: DIR/.lock, freed by the kernel however the run ends. */
enum lock_result { LOCK_TAKEN, LOCK_HELD, LOCK_FAILED };

struct lock {
	int fd;
};

/**
 * lock_take(directory, lock, log):
 * Take the lock.  LOCK_HELD if another run has it, which is logged with its process id, host and
 * start.
 */
enum lock_result lock_take(
    const char *directory, struct lock *lock, const struct log *log) MUST_CHECK;

/** lock_release(lock): Give it back. */
void lock_release(struct lock *lock);

#endif
