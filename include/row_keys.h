#ifndef FINESET_ROW_KEYS_H
#define FINESET_ROW_KEYS_H

#include "attribute.h"
#include "buf.h"
#include "doi_conflict.h"
#include "row.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which line holds an id, an arXiv id or a DOI: each stands for one row.  Only their hashes are
 * kept; where two are equal, the texts are read again.
 */
struct row_keys;

/** row_keys_read_fn(cookie, line, field, text): Append the text that an id, an arXiv id or a DOI
 * had when it was hashed.  0, or -1 (logged). */
typedef int row_keys_read_fn(void *cookie, uint64_t line, enum row_key field, struct buf *text);

/** row_keys_new(conflicts, count): No rows yet; the DOIs in conflict, which the sources give to
 * more than one paper, may stand in several. */
struct row_keys *row_keys_new(const struct doi_conflict *conflicts, size_t count) MUST_CHECK;

/** row_keys_free(keys): Free it. */
void row_keys_free(struct row_keys *keys);

/** row_keys_conflict(keys, doi): Whether a DOI, as it is written, is one in conflict.  Any thread
 * may ask. */
bool row_keys_conflict(const struct row_keys *keys, struct slice doi);

/**
 * row_keys_hash(keys, field, text, hash):
 * What the text of an id, an arXiv id or a stripped DOI (${field} says which) is known by.  False
 * if it stands for nothing: SLICE_NONE, a DOI in conflict.  Any thread may ask.
 */
bool row_keys_hash(
    const struct row_keys *keys, enum row_key field, struct slice text, uint32_t *hash);

/** row_keys_expect(keys, field, hash): Fetch where this hash stands into the cache, for it is noted
 * soon. */
void row_keys_expect(const struct row_keys *keys, enum row_key field, uint32_t hash);

/**
 * row_keys_note(keys, field, hash, line, read, cookie, earlier):
 * Note that the text of a field in ${line} has this hash.  ${earlier} is the first line that had
 * the same text, 0 if none had: texts of equal hashes are read to tell.  0, or -1 if one cannot be.
 */
int row_keys_note(struct row_keys *keys, enum row_key field, uint32_t hash, uint64_t line,
    row_keys_read_fn *read, void *cookie, uint64_t *earlier) MUST_CHECK;

#endif
