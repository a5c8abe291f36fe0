#ifndef APISERVER_INDEX_H
#define APISERVER_INDEX_H

#include "attribute.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* From keys to positions in an array. */
struct index;

/** index_new(): An empty index; the caller frees it with index_free. */
struct index *index_new(void) MUST_CHECK;

/** index_free(index): Free it; the keys belong to the caller. */
void index_free(struct index *index);

/** index_add(index, key, position): Add a borrowed key; the first position of a key stays. */
void index_add(struct index *index, struct slice key, size_t position);

/** index_find(index, key): Its position, or SIZE_MAX. */
size_t index_find(const struct index *index, struct slice key);

/** index_hash(bytes): FNV-1a, also the order of what has no order. */
uint64_t index_hash(struct slice bytes);

#endif
