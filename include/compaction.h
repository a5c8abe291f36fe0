#ifndef FINESET_COMPACTION_H
#define FINESET_COMPACTION_H

#include "attribute.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A journal (journal.h) as it is to be written anew, with less in it. */
struct compaction {
	/* The journal, open at its start; its path is for messages. */
	int fd;
	const char *path;
	/* Where the lines begin that are left out, ascending. */
	const uint64_t *dead;
	size_t dead_count;
	/* Leave out what is damaged, and all commits: an empty one, which claims nothing, stands
	 * for them. */
	bool mend;
	/* What journal_position says, before and after. */
	uint64_t position;
};

/**
 * compaction_write(compaction, path, log):
 * Write the rest of the journal to ${path}, which must not exist, and fsync it.  The lines keep
 * their order, commits included: what one claims is of the records before it.  The last commit says
 * the position; a journal that does not end with one gets an empty one, which claims nothing.  0,
 * or -1 (logged).
 */
int compaction_write(
    const struct compaction *compaction, const char *path, const struct log *log) MUST_CHECK;

#endif
