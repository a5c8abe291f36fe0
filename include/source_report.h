#ifndef FINESET_SOURCE_REPORT_H
#define FINESET_SOURCE_REPORT_H

#include "slice.h"
#include "source_record.h"

#include <stdint.h>

/* How the fetching from one source ended. */
enum source_outcome {
	/* All was asked and answered. */
	SOURCE_OK,
	/* The source answers, but not all of it came: some matches never came, whatever was tried.
	 */
	SOURCE_SHORT,
	/* It did not answer, or not with anything of use. */
	SOURCE_UNREACHABLE,
	/* It asked to be spared until the run gave up. */
	SOURCE_THROTTLED,
	/* It refused the key. */
	SOURCE_KEY_REFUSED,
	/* The run was out of time, or was told to stop. */
	SOURCE_CUT,
	/* Its journal cannot be written. */
	SOURCE_CANNOT_WRITE
};

/* What was wrong with the entries of the answers that were kept. */
struct source_faults {
	/* Entries that are no record. */
	uint64_t refused;
	/* Fields of records that were dropped or repaired. */
	uint64_t dropped;
};

struct source_report {
	enum source_outcome outcome;
	/* For people, one line; empty with SOURCE_OK.  At most what fits: it is for messages. */
	char reason[256];
	uint64_t requests;
	uint64_t retries;
	uint64_t bytes;
	/* Milliseconds spent waiting because of failures, the pace not counted. */
	int64_t waited;
	/* Matches by the server's count, or -1; and how many of them never came. */
	int64_t matched;
	int64_t missing;
	struct source_faults faults;
};

/** source_outcome_name(outcome): "ok", "short", "unreachable", ... as manifests spell it. */
const char *source_outcome_name(enum source_outcome outcome);

/** source_outcome_of(name): The outcome of that name; SOURCE_UNREACHABLE for any other, as for
 * "stale", which a manifest says of a source that failed. */
enum source_outcome source_outcome_of(struct slice name);

#endif
