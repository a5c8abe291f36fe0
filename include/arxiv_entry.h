#ifndef FINESET_ARXIV_ENTRY_H
#define FINESET_ARXIV_ENTRY_H

#include "answer.h"
#include "buf.h"
#include "log.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an entry of an arXiv feed says. */
enum arxiv_field {
	ARXIV_ID,
	ARXIV_TITLE,
	ARXIV_SUMMARY,
	ARXIV_PUBLISHED,
	ARXIV_UPDATED,
	ARXIV_COMMENT,
	ARXIV_JOURNAL_REF,
	ARXIV_PRIMARY,
	/* From here on what it may say several times. */
	ARXIV_AUTHORS,
	ARXIV_CATEGORIES,
	ARXIV_DOI,
	ARXIV_FIELD_COUNT
};

/* The values of one field, clean, in the answer's arena; its faults wait until the id is known. */
struct arxiv_values {
	struct slice *items;
	size_t count;
	size_t capacity;
	size_t repaired;
	bool too_long;
	bool too_many;
};

/* The entry being read, as raw fields in any order.  One is used for all entries of a feed. */
struct arxiv_entry {
	struct answer *answer;
	const struct log *log;
	int64_t fetched;

	struct arxiv_values fields[ARXIV_FIELD_COUNT];
	/* A list without repeats in the making. */
	struct arxiv_values distinct;
	/* The id, for people. */
	struct slice label;
};

/** arxiv_entry_init(entry, answer, log, fetched): An entry that will add its record to ${answer}.
 */
void arxiv_entry_init(
    struct arxiv_entry *entry, struct answer *answer, const struct log *log, int64_t fetched);

/** arxiv_entry_free(entry): Free what ${entry} holds; the answer stays. */
void arxiv_entry_free(struct arxiv_entry *entry);

/** arxiv_entry_clear(entry): Begin the next entry. */
void arxiv_entry_clear(struct arxiv_entry *entry);

/** arxiv_entry_add(entry, field, text): One value of a field, to be cleaned and copied; may be
 * empty. */
void arxiv_entry_add(struct arxiv_entry *entry, enum arxiv_field field, struct slice text);

/** arxiv_entry_too_long(entry, field): A value of ${field} was over BOUND_TEXT_BYTES. */
void arxiv_entry_too_long(struct arxiv_entry *entry, enum arxiv_field field);

/**
 * arxiv_entry_end(entry):
 * The entry is complete: count it in the answer, log its faults, and add its record unless it has
 * no arXiv id.  An entry with `/api/errors` in its id adds nothing; its text is returned, in the
 * arena; SLICE_NONE otherwise.
 */
struct slice arxiv_entry_end(struct arxiv_entry *entry);

#endif
