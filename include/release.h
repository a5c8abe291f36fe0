#ifndef FINESET_RELEASE_H
#define FINESET_RELEASE_H

#include "attribute.h"
#include "changes.h"
#include "collect.h"
#include "log.h"
#include "row_stats.h"
#include "topic.h"

#include <stdint.h>

/* A snapshot that was published. */
struct release {
	/* Its path; the caller frees it. */
	char *path;
	struct row_stats stats;
	struct changes changes;
	uint64_t source_records;
	uint64_t papers;
	uint64_t conflicts;
	/* Journal lines that are no records. */
	uint64_t refused;
};

/**
 * release_make(directory, topic, collection, day, release, log):
 * The pure half of a run: merge the journals, score as of ${day} (days since 1970), write a
 * snapshot and point `latest` to it.  0, or -1 (logged); `latest` is the old snapshot then.
 */
int release_make(const char *directory, const struct topic *topic,
    const struct collection *collection, int64_t day, struct release *release,
    const struct log *log) MUST_CHECK;

#endif
