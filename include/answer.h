#ifndef FINESET_ANSWER_H
#define FINESET_ANSWER_H

#include "arena.h"
#include "attribute.h"
#include "log.h"
#include "slice.h"
#include "source_record.h"
#include "source_report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum answer_verdict {
	/* A whole answer of this API; records may be 0. */
	ANSWER_RECORDS,
	/* The API's own statement of an error, in message. */
	ANSWER_ERROR,
	/* Not an answer of this API: empty, cut off, malformed, HTML, plain text; message says
	   which. */
	ANSWER_UNUSABLE
};

/* What one body of one API holds.  Slices live in the arena.  Start with answer_init, end with
 * answer_free. */
struct answer {
	struct arena arena;
	enum answer_verdict verdict;
	/* For people, one line; SLICE_NONE with ANSWER_RECORDS. */
	struct slice message;

	/* The usable records, and for each its position in the answer's list, from 0. */
	struct source_record *records;
	size_t *positions;
	size_t count;
	size_t capacity;
	/* All entries of the list: count + refused + unknown. */
	size_t items;
	/* Entries too broken to be a record. */
	size_t refused;
	/* What answer_fault was told: entries refused, fields dropped or repaired. */
	size_t faults;
	/* The faults of so many entries were logged by an earlier reading of the same body. */
	size_t told;
	/* null in place of an entry (Semantic Scholar does not know the id that was asked). */
	size_t unknown;

	/* Matches of the whole query, of which this may be one page; -1 if not said. */
	int64_t total;
	/* arXiv: position of the first entry among them; -1 if not said. */
	int64_t start;
	/* Semantic Scholar bulk search: what to send for the next page; SLICE_NONE if there is
	 * none. */
	struct slice token;

	/* The body held characters that its format does not know; U+FFFD stands for them now. */
	bool mended;
};

/** answer_init(answer): An empty answer without verdict. */
void answer_init(struct answer *answer);

/** answer_free(answer): Free all that ${answer} holds. */
void answer_free(struct answer *answer);

/** answer_add(answer, position): Add a record and return it, to be filled in, valid until the next
 * call. */
struct source_record *answer_add(struct answer *answer, size_t position);

/**
 * answer_text(answer, text, repaired):
 * ${text} as a record may hold it (text_clean of text.h), in the arena; SLICE_NONE if nothing is
 * left.
 * ${repaired} is set to what text_clean had to drop or replace, and what was mended before.
 */
struct slice answer_text(struct answer *answer, struct slice text, size_t *repaired) MUST_CHECK;

/**
 * answer_fault(answer, log, source, label, field, reason):
 * Count a fault of the last item, which ${label} names for people, and log it as `SOURCE: item N
 * (LABEL): FIELD: REASON`; past the first hundred of an answer they are only counted.
 */
void answer_fault(struct answer *answer, const struct log *log, enum source source,
    struct slice label, const char *field, const char *reason);

/** answer_add_faults(answer, faults): Add those of ${answer}, which is kept, to ${faults}. */
void answer_add_faults(const struct answer *answer, struct source_faults *faults);

/** answer_end(answer, log, source): The answer is read: log how many faults were not. */
void answer_end(const struct answer *answer, const struct log *log, enum source source);

/**
 * answer_fail(answer, verdict, message):
 * Drop all records and numbers and state why; ${message} is copied and made one clean line.  If
 * nothing is left of it, the answer says so.
 */
void answer_fail(struct answer *answer, enum answer_verdict verdict, struct slice message);

#endif
