#ifndef FINESET_SNAPSHOT_H
#define FINESET_SNAPSHOT_H

#include "attribute.h"
#include "log.h"

#include <stddef.h>
#include <stdint.h>

/*
 * The snapshots of a dataset directory: DIR/snapshots/2026-06-19, a second one of that day
 * 2026-06-19.2, and DIR/latest, a symbolic link to the newest.  A snapshot is filled under another
 * name and never changes once it has its own.
 */

/**
 * snapshot_latest(directory):
 * The path of the snapshot that `latest` points to; the caller frees it.  NULL if there is none, or
 * if the link points anywhere but to a snapshot of this directory.
 */
char *snapshot_latest(const char *directory) MUST_CHECK;

/* A snapshot that stands. */
struct snapshot_name {
	/* `2026-06-19`, a second one of that day `2026-06-19.2`. */
	char text[32];
	/* Days since 1970. */
	int64_t day;
	long turn;
};

/** snapshot_list(directory, names): All snapshots of a dataset directory, oldest first, in
 * ${names}, which the caller frees; returns how many. */
size_t snapshot_list(const char *directory, struct snapshot_name **names);

/** snapshot_begin(directory, log): An empty directory to fill; the caller frees its path.  NULL
 * (logged) on failure. */
char *snapshot_begin(const char *directory, const struct log *log) MUST_CHECK;

/** snapshot_discard(filled, log): It will not be published: give its room on the disk back. */
void snapshot_discard(const char *filled, const struct log *log);

/**
 * snapshot_publish(directory, filled, day, log):
 * Give the filled directory the name of its day and point `latest` to it.  Its files are on the
 * disk already; names follow.  The path of the snapshot, which the caller frees, or NULL (logged).
 */
char *snapshot_publish(
    const char *directory, const char *filled, int64_t day, const struct log *log) MUST_CHECK;

/** snapshot_prune(directory, keep, log): Remove the oldest snapshots beyond ${keep}; what `latest`
 * points to stays. */
void snapshot_prune(const char *directory, int keep, const struct log *log);

#endif
