#ifndef FINESET_SUBJECT_H
#define FINESET_SUBJECT_H

#include "attribute.h"
#include "log.h"
#include "manifest_reading.h"
#include "merge.h"
#include "outcome.h"
#include "topic.h"

#include <stddef.h>
#include <stdint.h>

/*
 * What audit and diff look at: the rows of a dataset directory (its latest snapshot), of one
 * snapshot directory, of a file, or of stdin.
 */
struct subject {
	/* The dataset directory, and the snapshot in it; NULL for a bare file, the first also for a
	   snapshot that lies alone. */
	char *root;
	char *snapshot;
	/* The rows: their path for messages, and a descriptor at its start that allows pread. */
	char *path;
	int fd;
	/* How many threads may read them; 0 counts as 1. */
	size_t workers;
	/* What its manifest says; NULL without one. */
	struct manifest_reading *manifest;
	/* The topic of the snapshot, once subject_merge has read it. */
	struct topic topic;
};

/**
 * subject_open(subject, path, log):
 * Open a dataset directory, a snapshot directory, a JSONL file or `-`.  OUTCOME_DONE; else (logged)
 * OUTCOME_NO_INPUT, or OUTCOME_BAD_DATA for a manifest that cannot be read.
 */
enum outcome subject_open(
    struct subject *subject, const char *path, const struct log *log) MUST_CHECK;

/** subject_free(subject): Close and free what it holds. */
void subject_free(struct subject *subject);

/**
 * subject_merge(subject, merge, log):
 * Merge once more the sources that the snapshot was made from: the journals up to where they stood
 * then, within the topic of the manifest and as of its date.  ${merge} is NULL if there are none (a
 * file, a snapshot alone) or the journals were rewritten since, which is told.  0, or -1 (logged).
 */
int subject_merge(struct subject *subject, struct merge **merge, const struct log *log) MUST_CHECK;

#endif
