#ifndef FINESET_RETRY_H
#define FINESET_RETRY_H

#include "fetch.h"
#include "slice.h"

#include <stdint.h>

/* How long to wait before an answer is asked for again; all times are milliseconds. */
struct retry {
	/* The pace of the endpoint: waits grow from it and never fall below it. */
	int64_t interval;
	/* State of the jitter; any number to start with. */
	uint64_t random;
};

/* Failures in a row after which a source is given up for this run. */
#define RETRY_TIMES 6
/* A refused key is asked twice: it was seen to be a passing fault (facts: semantic-scholar-api, 6).
 */
#define RETRY_KEY_TIMES 2

/**
 * retry_after_parse(value, now):
 * The seconds that a Retry-After header asks for, given in seconds or as an HTTP date
 * (${now}: seconds since 1970); -1 if it asks for nothing sensible.
 */
int64_t retry_after_parse(struct slice value, int64_t now);

/**
 * retry_wait(retry, why, times, after):
 * The pause before a request that has failed ${times} in a row is sent again: exponential with
 * jitter, longer when the server asked to be spared, at least what Retry-After says (${after}
 * seconds, -1: nothing), within a floor and a ceiling of our own.
 */
int64_t retry_wait(struct retry *retry, enum source_take why, unsigned times, int64_t after);

#endif
