#ifndef FINESET_JOURNAL_H
#define FINESET_JOURNAL_H

#include "attribute.h"
#include "log.h"
#include "record_line.h"
#include "slice.h"
#include "source_record.h"

#include <stdbool.h>

/*
 * What one source said, append-only: DIR/sources/NAME.jsonl.  The first line is the query that it
 * answers; then come pages: records, and behind them one `{"commit":{...}}` with the point to go on
 * from.  A page counts from its commit on.  When the query changes, or when all is asked again, a
 * new journal (NAME.next.jsonl) grows beside the old one until journal_settle.
 */
struct journal;

/* Who is told what a journal holds, in its order. */
struct journal_reader {
	void (*record)(void *cookie, const struct record_line *record);
	/* ${commit} is the JSON object that journal_commit was given; an empty one claims nothing
	 * of the records before it. */
	void (*commit)(void *cookie, struct slice commit);
	void *cookie;
};

enum journal_kind {
	/* What is held: the journal that stands, or, for a changed query, one that is to replace
	 * it.
	 */
	JOURNAL_HELD,
	/* One that is to replace what is held, though that answers the query: all is asked again.
	 */
	JOURNAL_ANEW
};

/** journal_stands(directory, source, kind, query): Whether there is a journal of that kind
 * which answers the query. */
bool journal_stands(
    const char *directory, enum source source, enum journal_kind kind, struct slice query);

/**
 * journal_open(directory, source, kind, query, reader, log):
 * Open the journal of ${source} below ${directory}/sources for the query (topic_query_write), or
 * start one, and tell ${reader} what it holds.  Lines behind the last commit are dropped with a
 * notice.  A damaged line is logged with its number and taken out, and with it all commits, which
 * are not told: so the source is asked for everything again.  NULL (logged) if the journal cannot
 * be read or written.
 */
struct journal *journal_open(const char *directory, enum source source, enum journal_kind kind,
    struct slice query, const struct journal_reader *reader, const struct log *log) MUST_CHECK;

/** journal_free(journal): Close it; what was added but not committed is forgotten. */
void journal_free(struct journal *journal);

/** journal_add(journal, record): Add a record to the page in hand.  Its time is never before that
 * of an earlier one.  One that could not be read back, too long for a line, is left out (logged).
 */
void journal_add(struct journal *journal, const struct source_record *record);

/** journal_commit(journal, commit): Write the page and its commit (a JSON object), then fsync.  0,
 * or -1 (logged). */
int journal_commit(struct journal *journal, struct slice commit) MUST_CHECK;

/** journal_last_fetched(journal): When its newest record was fetched, seconds since 1970; 0 without
 * any. */
int64_t journal_last_fetched(const struct journal *journal);

/**
 * journal_position(journal):
 * How far it reaches, in bytes; it only grows, also when lines are taken out: the commit behind
 * which they are missing then has the position beside it, `{"commit":{...},"position":N}`.  So the
 * lines up to a position are those from which a snapshot was made (journal_part_find), unless the
 * journal was compacted at a later one; where damaged lines were taken out it is a later one.
 */
uint64_t journal_position(const struct journal *journal);

/** journal_damaged(journal): How many damaged lines journal_open took out. */
uint64_t journal_damaged(const struct journal *journal);

/** journal_path(journal): The path of its file, borrowed. */
const char *journal_path(const struct journal *journal);

/** journal_replaces(journal): Whether it is to take the place of another. */
bool journal_replaces(const struct journal *journal);

/** journal_settle(journal): The new snapshot stands: a journal beside the old one takes
 * the place of the old one.  0, or -1 (logged). */
int journal_settle(struct journal *journal) MUST_CHECK;

/**
 * journal_compact(journal, dead, count, bytes):
 * The new snapshot stands: write the journal anew without the ${count} lines that begin at these
 * offsets (ascending, of ${bytes} bytes together), if they are more than half of it.  0, or -1
 * (logged); the journal is the old one then.
 */
int journal_compact(
    struct journal *journal, const uint64_t *dead, size_t count, uint64_t bytes) MUST_CHECK;

#endif
