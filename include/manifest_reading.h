#ifndef FINESET_MANIFEST_READING_H
#define FINESET_MANIFEST_READING_H

#include "attribute.h"
#include "buf.h"
#include "doi_conflict.h"
#include "log.h"
#include "manifest.h"
#include "slice.h"
#include "source_record.h"

#include <stdbool.h>
#include <stdint.h>

/* A manifest.json that is read back. */
struct manifest_reading;

/** manifest_reading_open(path, log): Read one; NULL (logged) if it is no manifest of a known
 * format. */
struct manifest_reading *manifest_reading_open(const char *path, const struct log *log) MUST_CHECK;

/** manifest_reading_free(reading): Free it. */
void manifest_reading_free(struct manifest_reading *reading);

/** manifest_reading_day(reading): The snapshot date, days since 1970. */
int64_t manifest_reading_day(const struct manifest_reading *reading);

/** manifest_reading_query(reading, out): Append the query that the snapshot answers, as
 * topic_query_write does. */
void manifest_reading_query(const struct manifest_reading *reading, struct buf *out);

/** manifest_reading_texts(reading, name, license): The name of the dataset and its license,
 * borrowed; no value where it does not say. */
void manifest_reading_texts(
    const struct manifest_reading *reading, struct slice *name, struct slice *license);

/** manifest_reading_counts(reading, records, with_code): How many papers the snapshot has, and how
 * many of them with code; 0 where it does not say. */
void manifest_reading_counts(
    const struct manifest_reading *reading, uint64_t *records, uint64_t *with_code);

/**
 * manifest_reading_fill(reading, manifest):
 * Set what a manifest holds besides its topic, the counts of its rows and its files: the date, how
 * the sources ended, the counts of the merge.  Borrowed from ${reading}.
 */
void manifest_reading_fill(const struct manifest_reading *reading, struct manifest *manifest);

/* Where a journal stood when the snapshot was made from it. */
struct manifest_journal {
	/* journal_position */
	uint64_t position;
	/* How many live records it held. */
	uint64_t records;
	/* When the newest of them was fetched, seconds since 1970; 0 without any. */
	int64_t fetched;
};

/** manifest_reading_journal(reading, source, journal): Where a journal stood; false if it does not
 * say. */
bool manifest_reading_journal(const struct manifest_reading *reading, enum source source,
    struct manifest_journal *journal) MUST_CHECK;

/** manifest_reading_conflicts(reading, count): The DOIs in conflict, borrowed. */
const struct doi_conflict *manifest_reading_conflicts(
    const struct manifest_reading *reading, size_t *count);

/** manifest_reading_file(reading, at, name, bytes, sha256): The file number ${at} (from 0) that it
 * lists: its name, its size (0 if that is no number from 0) and its SHA-256 in hex; false behind
 * the last. */
bool manifest_reading_file(const struct manifest_reading *reading, size_t at, struct slice *name,
    uint64_t *bytes, struct slice *sha256);

/**
 * manifest_reading_compare(reading, expected, keys, count, tell, cookie):
 * Hold the values of some keys (`records`, `merge.papers`) against those of ${expected}, the text
 * of a manifest made anew, and tell of each that differs, with both as compact JSON (`null` if
 * absent).
 */
void manifest_reading_compare(const struct manifest_reading *reading, struct slice expected,
    const char *const *keys, size_t count,
    void (*tell)(void *cookie, const char *key, const char *stored, const char *expected),
    void *cookie);

#endif
