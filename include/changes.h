#ifndef FINESET_CHANGES_H
#define FINESET_CHANGES_H

#include "attribute.h"
#include "field_changes.h"
#include "file.h"
#include "log.h"

#include <stdint.h>

/* A file of rows to compare: a descriptor at its start that allows pread and stays the caller's,
 * and its name for messages. */
struct changes_file {
	int fd;
	const char *name;
};

struct changes {
	uint64_t added;
	uint64_t removed;
	uint64_t changed;
	/* Of the changed ones, those of which nothing but the score is another. */
	uint64_t rescored;
	/* Rows of either file that were passed over: no JSON, no valid id, an id for the second
	 * time. */
	uint64_t refused;
};

/**
 * changes_write(old, new, out, changes, fields, log):
 * Compare two files of rows by id and append one line a paper to ${out}: added and changed ones in
 * the order of ${new}, then removed ones in the order of ${old}.
 *   {"change": "added", "id": ..., "arxiv_id": ..., "title": ...}
 *   {"change": "changed", "id": ..., "arxiv_id": ..., "title": ..., "fields": {"venue": {"old":
 * ..., "new": ...}}}
 *   {"change": "removed", "id": ..., "arxiv_id": ..., "title": ...}
 * Which fields differ is said in field_changes.h; they are counted in ${fields}.  Without ${old}
 * (NULL) all rows are added.  Bad rows are logged, counted and passed over, blank lines passed
 * over. Memory: 64 to 72 bytes a row of ${old}, 56 to 64 an added one.  0, or -1 (logged) if a file
 * cannot be read.
 */
int changes_write(const struct changes_file *old, const struct changes_file *new,
    struct file_writer *out, struct changes *changes, struct field_changes *fields,
    const struct log *log) MUST_CHECK;

#endif
