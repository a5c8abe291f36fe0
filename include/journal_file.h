#ifndef FINESET_JOURNAL_FILE_H
#define FINESET_JOURNAL_FILE_H

#include "attribute.h"
#include "log.h"
#include "slice.h"
#include "source_record.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands at the head of a file that may be a journal (journal.h). */
enum journal_head {
	/* No file, or one whose first line was never finished: no journal yet. */
	JOURNAL_HEAD_NONE,
	/* A journal for the query. */
	JOURNAL_HEAD_OURS,
	/* One for another query, or none that can be understood. */
	JOURNAL_HEAD_OTHER,
	JOURNAL_HEAD_UNREADABLE
};

/** journal_file_path(directory, source, next): Where the journal of ${source} stands, or where the
 * ${next} grows that is to replace it; the caller frees it. */
char *journal_file_path(const char *directory, enum source source, bool next) MUST_CHECK;

/** journal_file_head(path, query, log): Look for which query there is a journal; a head that cannot
 * be understood is logged. */
enum journal_head journal_file_head(const char *path, struct slice query, const struct log *log);

/**
 * journal_file_committed(fd, path, bytes, torn, log):
 * How many ${bytes} of an open file, which must allow pread, count, and how many behind them are
 * ${torn}: of a journal what follows its last commit is a page that was not finished; of any other
 * file, and of a journal without a commit, all counts.  0, or -1 (logged).
 */
int journal_file_committed(
    int fd, const char *path, uint64_t *bytes, uint64_t *torn, const struct log *log) MUST_CHECK;

#endif
