#ifndef FINESET_ROW_CHECK_H
#define FINESET_ROW_CHECK_H

#include "attribute.h"
#include "audit_fault.h"
#include "row_keys.h"
#include "row_line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What one row says of itself, without its sources: the shape of its fields, whether its id, its
 * addresses and its arXiv id are those of one paper, whether the sources that it names can give
 * what it holds, and whether its score follows from its counts, code, venue and date.
 */
struct row_check;

/** row_check_new(day, keys): A check as of ${day} (days since 1970); ${keys} (borrowed) knows the
 * DOIs in conflict, which do not tell the id of a paper. */
struct row_check *row_check_new(int64_t day, const struct row_keys *keys) MUST_CHECK;

/** row_check_free(check): Free it. */
void row_check_free(struct row_check *check);

/**
 * row_check_run(check, row, tell, cookie):
 * Tell of each fault of a row: its field, what is stored and expected, and why.  Returns whether
 * the row tells its id: false of a paper that only its CorpusId knows.
 */
bool row_check_run(
    struct row_check *check, const struct row_line *row, audit_fault_fn *tell, void *cookie);

/** row_check_text(check, field): Of the row that was checked last, while that is there: the text of
 * its id, arXiv id or DOI (stripped); SLICE_NONE of a null and of a value of the wrong shape. */
struct slice row_check_text(const struct row_check *check, enum row_key field);

/** row_check_no_row(error, tell, cookie): Tell that a line is no row, which row_line_parse said. */
void row_check_no_row(const struct jsonl_error *error, audit_fault_fn *tell, void *cookie);

/** row_check_key_order(row, tell, cookie): Tell of the first key that does not stand where
 * row_fields has it.  Returns whether there was none. */
bool row_check_key_order(const struct row_line *row, audit_fault_fn *tell, void *cookie);

/** row_check_stored(row, field, out): Append the value of a field as canonical JSON, which
 * ${out} then holds, borrowed; SLICE_NONE if the key is missing. */
struct slice row_check_stored(const struct row_line *row, size_t field, struct buf *out);

#endif
