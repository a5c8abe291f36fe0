#ifndef FINESET_RECORD_LINE_H
#define FINESET_RECORD_LINE_H

#include "arxiv_id.h"
#include "attribute.h"
#include "buf.h"
#include "jsonl.h"
#include "source_record.h"

#include <stdbool.h>
#include <stddef.h>

/* The fields of a source record as its line holds them; absent ones are JSONL_ABSENT. */
enum record_field {
	RECORD_SOURCE,
	RECORD_FETCHED,
	RECORD_PAPER_ID,
	RECORD_CORPUS_ID,
	RECORD_ARXIV_ID,
	RECORD_VERSION,
	RECORD_DOI,
	RECORD_DBLP,
	RECORD_TITLE,
	RECORD_ABSTRACT,
	RECORD_AUTHORS,
	RECORD_CATEGORIES,
	RECORD_PUBLISHED,
	RECORD_UPDATED,
	RECORD_COMMENT,
	RECORD_JOURNAL_REF,
	RECORD_FIELDS_OF_STUDY,
	RECORD_PUBLICATION_DATE,
	RECORD_YEAR,
	RECORD_VENUE,
	RECORD_CITATION_COUNT,
	RECORD_INFLUENTIAL_CITATION_COUNT,
	RECORD_PDF_URL,
	RECORD_URL,
	/* Lines of a journal that are no records. */
	RECORD_QUERY,
	RECORD_COMMIT,
	/* Beside a commit: see journal_position. */
	RECORD_POSITION,
	RECORD_FIELD_COUNT
};

enum record_line_kind {
	RECORD_LINE_BAD,
	RECORD_LINE_RECORD,
	RECORD_LINE_QUERY,
	RECORD_LINE_COMMIT
};

struct record_line {
	enum source source;
	struct jsonl_value values[RECORD_FIELD_COUNT];
};

/**
 * record_line_parse(line, len, record, reason):
 * Read one line of a journal, or any line that holds a source record.  All values of a record have
 * their type (or are null or absent) and keep to the limits of bounds.h, its counts are not
 * negative, and it can be known by an id. JSONL_PADDING bytes behind the line must be readable.
 * RECORD_LINE_BAD comes with a ${reason} for people, which the caller frees.
 */
enum record_line_kind record_line_parse(
    const char *line, size_t len, struct record_line *record, char **reason) MUST_CHECK;

/** record_line_first(text, record, len): record_line_parse of the first line of ${text}, without a
 * search for its newline before.  Whether it is a whole line and a good record; if so, ${len} is
 * its length without the newline. */
bool record_line_first(struct slice text, struct record_line *record, size_t *len) MUST_CHECK;

/** record_line_is_commit(line): Whether it begins and ends as the commit of a journal does; of what
 * is not RECORD_LINE_BAD this is RECORD_LINE_COMMIT. */
bool record_line_is_commit(struct slice line);

/** record_line_arxiv_id(record, id): The arXiv id in its own field.  0, or -1 if there is none. */
int record_line_arxiv_id(const struct record_line *record, struct arxiv_id *id) MUST_CHECK;

/** record_line_text(record, field, text): The text of a string, borrowed from the line or, where it
 * has escapes, written to ${text} in place of what was there; SLICE_NONE if it is no string. */
struct slice record_line_text(
    const struct record_line *record, enum record_field field, struct buf *text) MUST_CHECK;

/** record_line_time(record, field, time): The time or the day that a field tells, in seconds since
 * 1970.  0, or -1 if there is none. */
int record_line_time(
    const struct record_line *record, enum record_field field, int64_t *time) MUST_CHECK;

/** record_line_fetched(record): When the record was fetched, seconds since 1970; 0 if the line does
 * not say. */
int64_t record_line_fetched(const struct record_line *record);

#endif
