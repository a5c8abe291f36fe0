#ifndef FINESET_ROW_KEYS_H
#define FINESET_ROW_KEYS_H

#include "attribute.h"
#include "audit_fault.h"
#include "doi_conflict.h"
#include "row_line.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which line holds an id, an arXiv id or a DOI: each stands for one row. */
struct row_keys;

/** row_keys_new(conflicts, count): No rows yet; the DOIs in conflict, which the sources give to
 * more than one paper, may stand in several. */
struct row_keys *row_keys_new(const struct doi_conflict *conflicts, size_t count) MUST_CHECK;

/** row_keys_free(keys): Free it. */
void row_keys_free(struct row_keys *keys);

/** row_keys_conflict(keys, doi): Whether a DOI, as it is written, is one in conflict. */
bool row_keys_conflict(const struct row_keys *keys, struct slice doi);

/**
 * row_keys_check(keys, row, field, line, tell, cookie):
 * Note the id, arXiv id or DOI (${field} says which) of the row at ${line}, and tell if an earlier
 * line holds the same.  Nothing of a null, nor of a value of the wrong shape.
 */
void row_keys_check(struct row_keys *keys, const struct row_line *row, enum row_key field,
    uint64_t line, audit_fault_fn *tell, void *cookie);

#endif
