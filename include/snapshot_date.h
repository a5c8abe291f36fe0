#ifndef FINESET_SNAPSHOT_DATE_H
#define FINESET_SNAPSHOT_DATE_H

#include "attribute.h"
#include "log.h"

#include <stdint.h>

/* The dates at which most rows of a file have the score that it says. */
struct snapshot_date {
	/* The one to take: the first that is not before the newest paper, where there is one, else
	 * the last; 1970-01-01 if no row has a date. */
	int64_t day;
	/* All that do as well, first and last without a gap around day; INT64_MIN, INT64_MAX:
	 * without end. */
	int64_t first;
	int64_t last;
	/* Rows whose score reproduces then, and rows. */
	uint64_t reproduced;
	uint64_t rows;
};

/**
 * snapshot_date_find(fd, path, date, log):
 * Find the snapshot date that the scores of a file of rows tell; ${fd} is read from its start and
 * left there.  Rows that cannot be read count as rows.  0, or -1 (logged) if the file cannot be
 * read.
 */
int snapshot_date_find(
    int fd, const char *path, struct snapshot_date *date, const struct log *log) MUST_CHECK;

#endif
