#include "index.h"

#include "mem.h"

#include <stdlib.h>

struct slot {
	struct slice key;
	size_t position;
};

struct index {
	struct slot *slots;
	/* A power of two. */
	size_t size;
	size_t used;
};

uint64_t
index_hash(struct slice bytes)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.data[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

struct index *
index_new(void)
{
	struct index *index = mem_new(1, sizeof(*index));

	index->size = 1024;
	index->slots = mem_new(index->size, sizeof(*index->slots));
	return index;
}

void
index_free(struct index *index)
{
	if (index == NULL)
		return;
	free(index->slots);
	free(index);
}

/* Where ${key} stands or would stand. */
static struct slot *
slot_of(const struct index *index, struct slice key)
{
	size_t at = (size_t)index_hash(key) & (index->size - 1);

	while (index->slots[at].key.data != NULL && !slice_equal(index->slots[at].key, key))
		at = (at + 1) & (index->size - 1);
	return &index->slots[at];
}

static void
enlarge(struct index *index)
{
	struct slot *old = index->slots;
	size_t old_size = index->size;

	index->size *= 2;
	index->slots = mem_new(index->size, sizeof(*index->slots));
	for (size_t i = 0; i < old_size; i++)
		if (old[i].key.data != NULL)
			*slot_of(index, old[i].key) = old[i];
	free(old);
}

void
index_add(struct index *index, struct slice key, size_t position)
{
	struct slot *slot;

	if (index->used * 2 >= index->size)
		enlarge(index);
	slot = slot_of(index, key);
	if (slot->key.data != NULL)
		return;
	*slot = (struct slot){ key, position };
	index->used++;
}

size_t
index_find(const struct index *index, struct slice key)
{
	const struct slot *slot = slot_of(index, key);

	return slot->key.data == NULL ? SIZE_MAX : slot->position;
}
