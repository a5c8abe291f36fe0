#ifndef FINESET_SOURCE_CHECK_H
#define FINESET_SOURCE_CHECK_H

#include "attribute.h"
#include "audit_fault.h"
#include "merge.h"
#include "row_line.h"
#include "row_stats.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* The rows of a snapshot against what its sources give, byte by byte. */
struct source_check;

/** source_check_new(merge, day, stats): A check as of ${day} (days since 1970); ${stats} gets to
 * know the rows as the sources have them.  Both are borrowed. */
struct source_check *source_check_new(
    struct merge *merge, int64_t day, struct row_stats *stats) MUST_CHECK;

/** source_check_free(check): Free it. */
void source_check_free(struct source_check *check);

/**
 * source_check_next(check, line, paper, id):
 * Whether the next line is, byte by byte, what the next paper gives; then it is that paper's:
 * ${paper} is its number and ${id} its id, borrowed until the next call.  1, 0, or -1 (logged) if a
 * source cannot be read again.
 */
int source_check_next(
    struct source_check *check, struct slice line, size_t *paper, struct slice *id) MUST_CHECK;

/**
 * source_check_row(check, line, row, tell, cookie, paper):
 * Hold the next line, which source_check_next did not take, and what row_line_parse made of it,
 * against its paper: the one whose id, arXiv id or DOI it has and that is most like it.  Tell of
 * each field that differs; of the line if only its spelling does; of the id if the sources have no
 * such paper.  ${paper} is the paper's number, or MERGE_PAPER_NONE.  0, or -1 (logged) if a source
 * cannot be read again.
 */
int source_check_row(struct source_check *check, struct slice line, const struct row_line *row,
    audit_fault_fn *tell, void *cookie, size_t *paper) MUST_CHECK;

/** source_check_end(check, tell, cookie): Tell of the papers that no line was.  0, or -1 (logged).
 */
int source_check_end(struct source_check *check, audit_fault_fn *tell, void *cookie) MUST_CHECK;

#endif
