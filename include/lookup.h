#ifndef FINESET_LOOKUP_H
#define FINESET_LOOKUP_H

#include "attribute.h"
#include "buf.h"
#include "log.h"
#include "row_line.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Papers by whatever name a person has for them: an arXiv id in any form, a DOI in any form, a URL,
 * a record id or the beginning of one (4 hex digits or more).  A DOI of arXiv (10.48550/arXiv.X) is
 * arXiv id X.
 */
struct lookup;

/* No row. */
#define LOOKUP_NONE UINT64_MAX

/* What a pass over rows found for one name. */
struct lookup_hit {
	/* Of the row: its offset and length in the file, and its line from 1; offset is LOOKUP_NONE
	 * without one. */
	uint64_t offset;
	size_t len;
	uint64_t line;
	/* Rows that the name fits; more than one: a beginning that is not unique. */
	uint64_t rows;
};

/** lookup_new(): Nothing asked yet. */
struct lookup *lookup_new(void) MUST_CHECK;

/** lookup_free(lookup): Free it. */
void lookup_free(struct lookup *lookup);

/** lookup_add(lookup, name): Ask for a name; returns its number from 0. */
size_t lookup_add(struct lookup *lookup, struct slice name);

/** lookup_row(lookup, row, offset, len, line): Hold one row against all names. */
void lookup_row(
    struct lookup *lookup, const struct row_line *row, uint64_t offset, size_t len, uint64_t line);

/** lookup_hit(lookup, number): What was found for a name so far: by arXiv id, else by DOI, else by
 * URL (of the page or the PDF, letter by letter), else by record id. */
struct lookup_hit lookup_hit(const struct lookup *lookup, size_t number);

/**
 * lookup_nearest(lookup, number, out):
 * Append the names of the rows that come nearest to one that no row has, by edit distance, then in
 * the order of the rows, at most three: `2606.20543, 2606.20534`; of record ids the first 16
 * digits.  Nothing if there are no rows, or the name is far too long for one.  Of a name that rows
 * have, the first three of them: `989fef5fc253b061 in line 1, ...`.
 */
void lookup_nearest(const struct lookup *lookup, size_t number, struct buf *out);

#endif
