#ifndef FINESET_JOURNAL_PART_H
#define FINESET_JOURNAL_PART_H

#include "attribute.h"
#include "log.h"
#include "slice.h"
#include "source_record.h"

#include <stdint.h>

/* Where a journal (journal.h) stood when a snapshot was made from it: journal_position and
 * journal_last_fetched. */
struct journal_point {
	uint64_t position;
	int64_t fetched;
};

/* What it held then: its first bytes. */
struct journal_part {
	/* Open at its start. */
	int fd;
	char *path;
	uint64_t bytes;
};

/**
 * journal_part_find(directory, source, query, point, part, log):
 * Find what the journal of ${source} for a query (topic_query_write) held at a point: the one that
 * stands, or the one beside it that has not taken its place yet.  The caller closes and frees the
 * part.  0, or -1 if there is none: compacted or mended at a later point, replaced, or changed.
 */
int journal_part_find(const char *directory, enum source source, struct slice query,
    const struct journal_point *point, struct journal_part *part, const struct log *log) MUST_CHECK;

#endif
