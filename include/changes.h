#ifndef FINESET_CHANGES_H
#define FINESET_CHANGES_H

#include "attribute.h"
#include "file.h"
#include "log.h"

#include <stdint.h>

struct changes {
	uint64_t added;
	uint64_t removed;
	uint64_t changed;
	/* Of the changed ones, those of which nothing but the score is another. */
	uint64_t rescored;
};

/**
 * changes_write(old, new, out, changes, log):
 * Compare two files of rows by id and append one line a paper to ${out}: added and changed ones in
 * the order of
 * ${new}, then removed ones in the order of ${old}.
 *   {"change": "added", "id": ..., "arxiv_id": ..., "title": ...}
 *   {"change": "changed", "id": ..., "arxiv_id": ..., "title": ..., "fields": {"venue": {"old":
 * ..., "new": ...}}}
 *   {"change": "removed", "id": ..., "arxiv_id": ..., "title": ...}
 * Without ${old} (NULL) all rows are added.  0, or -1 (logged).
 */
int changes_write(const char *old, const char *new, struct file_writer *out,
    struct changes *changes, const struct log *log) MUST_CHECK;

#endif
