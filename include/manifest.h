#ifndef FINESET_MANIFEST_H
#define FINESET_MANIFEST_H

#include "buf.h"
#include "digest.h"
#include "doi_conflict.h"
#include "row_stats.h"
#include "source_report.h"
#include "topic.h"

#include <stdint.h>

/* The shape of manifest.json; to be raised when a reader would misread it. */
#define MANIFEST_FORMAT 1

struct manifest_file {
	const char *name;
	uint64_t bytes;
	char sha256[DIGEST_HEX_SIZE];
};

/* Those of all formats, and changes.jsonl. */
#define MANIFEST_FILES 8

/* What a snapshot says of itself; all is borrowed. */
struct manifest {
	const struct topic *topic;
	/* Days since 1970. */
	int64_t snapshot_day;
	const struct row_stats *stats;
	/* By enum source. */
	struct manifest_source {
		struct source_report report;
		/* Live source records. */
		uint64_t records;
		/* How far in its journal the snapshot was made from (journal_position). */
		uint64_t journal_position;
		/* Last moment at which a record was fetched, seconds since 1970; 0 if none was. */
		int64_t fetched;
		/* The last day that was searched completely, days since 1970; INT64_MIN if none
		 * was. */
		int64_t cutoff;
	} sources[SOURCE_COUNT];
	uint64_t source_records;
	uint64_t papers;
	const struct doi_conflict *conflicts;
	size_t conflict_count;
	struct manifest_file files[MANIFEST_FILES];
	size_t file_count;
};

/** manifest_source_status(source): "ok"; "stale" if known records stand in for a source that
 * failed; else how it ended. */
const char *manifest_source_status(const struct manifest_source *source);

/** manifest_write(manifest, out): manifest.json. */
void manifest_write(const struct manifest *manifest, struct buf *out);

#endif
