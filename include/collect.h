#ifndef FINESET_COLLECT_H
#define FINESET_COLLECT_H

#include "attribute.h"
#include "journal.h"
#include "known.h"
#include "log.h"
#include "options.h"
#include "progress.h"
#include "source_report.h"
#include "topic.h"

#include <stdbool.h>
#include <stdint.h>

/* When each API may be asked next, in ticks of the system's clock: one pace for all datasets of a
 * call. */
struct pace {
	int64_t not_before[SOURCE_COUNT];
};

/* How a collection is made. */
struct collect_plan {
	/* Ask for what is new even if all was asked for these days. */
	bool renew;
	struct pace *pace;
};

/* The network half of a run: both sources asked, their answers in the journals. */
struct collection {
	/* What is to be released: where everything was asked again and did not come, the old one.
	 */
	struct journal *journals[SOURCE_COUNT];
	struct source_report reports[SOURCE_COUNT];
	/* The last day that arXiv was searched completely for, days since 1970; INT64_MIN if it
	 * never was. */
	int64_t cutoff;
	/* How many papers the search of arXiv has brought in all. */
	int64_t held;
	/* Everything was asked of arXiv again and came, and how that differs from what was held. */
	bool anew;
	struct known_difference difference;
	/* The run was told to stop. */
	bool stopped;
};

/**
 * collect(directory, topic, options, plan, progress, log, collection):
 * Go on from where the journals of ${directory} stand and ask both sources for what is missing; for
 * everything if the options say so, or if an earlier run has begun with that.  How each ended
 * stands in its report.  0, or -1 (logged) if the journals or the network cannot be set up.
 */
int collect(const char *directory, const struct topic *topic, const struct options *options,
    const struct collect_plan *plan, struct progress *progress, const struct log *log,
    struct collection *collection) MUST_CHECK;

/** collection_free(collection): Close the journals. */
void collection_free(struct collection *collection);

#endif
