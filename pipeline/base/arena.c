#include "arena.h"

#include "mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 << 10)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void
arena_free(struct arena *arena)
{
	struct arena_block *block = arena->blocks;

	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
	arena->blocks = NULL;
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *kept = arena->blocks;

	if (kept == NULL)
		return;
	arena->blocks = kept->next;
	arena_free(arena);
	kept->next = NULL;
	kept->used = 0;
	arena->blocks = kept;
}

static struct arena_block *
block_push(struct arena *arena, size_t wanted)
{
	size_t size = wanted > BLOCK_BYTES ? wanted : BLOCK_BYTES;
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		mem_out();
	block = mem_resize(NULL, sizeof(*block) + size, 1);
	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

char *
arena_bytes(struct arena *arena, size_t len)
{
	struct arena_block *block = arena->blocks;
	size_t wanted;
	char *made;

	if (len > SIZE_MAX - alignof(max_align_t))
		mem_out();
	wanted = (len + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (block == NULL || block->size - block->used < wanted)
		block = block_push(arena, wanted);
	made = block->bytes + block->used;
	block->used += wanted;
	return made;
}

void *
arena_new(struct arena *arena, size_t count, size_t size)
{
	char *made;

	if (size != 0 && count > SIZE_MAX / size)
		mem_out();
	made = arena_bytes(arena, count * size);
	memset(made, 0, count * size);
	return made;
}

struct slice
arena_dup(struct arena *arena, struct slice slice)
{
	char *copy;

	if (slice.data == NULL)
		return slice;
	copy = arena_bytes(arena, slice.len + 1);
	memcpy(copy, slice.data, slice.len);
	copy[slice.len] = '\0';
	return (struct slice){ copy, slice.len };
}
