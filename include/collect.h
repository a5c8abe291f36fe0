#ifndef FINESET_COLLECT_H
#define FINESET_COLLECT_H

#include "attribute.h"
#include "journal.h"
#include "log.h"
#include "options.h"
#include "progress.h"
#include "source_report.h"
#include "topic.h"

#include <stdbool.h>
#include <stdint.h>

/* The network half of a run: both sources asked, their answers in the journals. */
struct collection {
	struct journal *journals[SOURCE_COUNT];
	struct source_report reports[SOURCE_COUNT];
	/* The last day that arXiv was searched completely for, days since 1970; INT64_MIN if it
	 * never was. */
	int64_t cutoff;
	/* The run was told to stop. */
	bool stopped;
};

/**
 * collect(directory, topic, options, progress, log, collection):
 * Go on from where the journals of ${directory} stand and ask both sources for what is missing. How
 * each ended stands in its report.  0, or -1 (logged) if the journals or the network cannot be set
 * up.
 */
int collect(const char *directory, const struct topic *topic, const struct options *options,
    struct progress *progress, const struct log *log, struct collection *collection) MUST_CHECK;

/** collection_free(collection): Close the journals. */
void collection_free(struct collection *collection);

#endif
