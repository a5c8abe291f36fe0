#ifndef FINESET_ARENA_H
#define FINESET_ARENA_H

#include "attribute.h"
#include "slice.h"

#include <stddef.h>

/* Memory that dies all at once: for one record, one page or one index.  Start with ARENA_INIT. */
struct arena {
	struct arena_block *blocks;
};

#define ARENA_INIT ((struct arena){ NULL })

/** arena_free(arena): Free all that came from ${arena}, which is then empty and usable again. */
void arena_free(struct arena *arena);

/** arena_clear(arena): Forget all that came from ${arena}, but keep memory for what comes next. */
void arena_clear(struct arena *arena);

/** arena_new(arena, count, size): Zeroed memory for ${count} objects, aligned for any type. */
void *arena_new(struct arena *arena, size_t count, size_t size) MUST_CHECK;

/** arena_bytes(arena, len): Memory for ${len} bytes, which are not zeroed. */
char *arena_bytes(struct arena *arena, size_t len) MUST_CHECK;

/** arena_dup(arena, slice): A copy of ${slice}, NUL-terminated; no value stays no value. */
struct slice arena_dup(struct arena *arena, struct slice slice) MUST_CHECK;

#endif
