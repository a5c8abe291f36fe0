#include "key_table.h"

#include "jsonl.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

struct key {
	uint64_t offset;
	uint32_t len : 24;
	uint32_t kind : 8;
	uint32_t hash;
};

struct key_table {
	struct key *keys;
	size_t count;
	size_t capacity;
	/* The bytes of all keys, one behind the other. */
	char *bytes;
	size_t bytes_used;
	size_t bytes_capacity;
	/* Open addressing over key numbers; a power of two, at most half full. */
	uint32_t *slots;
	size_t slot_count;
};

struct key_table *
key_table_new(void)
{
	return mem_new(1, sizeof(struct key_table));
}

void
key_table_free(struct key_table *table)
{
	if (table == NULL)
		return;
	free(table->keys);
	free(table->bytes);
	free(table->slots);
	free(table);
}

/* FNV-1a, eight bytes a step, with a final mix; keys come from outside, but a slow table loses
 * nothing. */
uint32_t
key_table_hash(int kind, struct slice text)
{
	uint64_t hash = 0xcbf29ce484222325u ^ (uint64_t)kind;
	uint64_t word;
	size_t at = 0;

	for (; at + sizeof(word) <= text.len; at += sizeof(word)) {
		memcpy(&word, text.data + at, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
	}
	for (; at < text.len; at++)
		hash = (hash ^ (unsigned char)text.data[at]) * 0x100000001b3u;
	hash ^= hash >> 29;
	hash *= 0xbf58476d1ce4e5b9u;
	return (uint32_t)(hash >> 32);
}

static void
rehash(struct key_table *table)
{
	table->slot_count = table->slot_count == 0 ? 1024 : table->slot_count * 2;
	free(table->slots);
	table->slots = mem_resize(NULL, table->slot_count, sizeof(*table->slots));
	memset(table->slots, 0xff, table->slot_count * sizeof(*table->slots));
	for (size_t i = 0; i < table->count; i++) {
		size_t slot = table->keys[i].hash & (table->slot_count - 1);

		while (table->slots[slot] != KEY_NONE)
			slot = (slot + 1) & (table->slot_count - 1);
		table->slots[slot] = (uint32_t)i;
	}
}

static uint32_t
add_key(struct key_table *table, int kind, struct slice text, uint32_t hash)
{
	struct key *key;

	if (table->count == KEY_NONE - 1 || text.len >= (1u << 24))
		mem_out();
	table->keys =
	    mem_grow(table->keys, &table->capacity, table->count + 1, sizeof(*table->keys));
	table->bytes = mem_grow(
	    table->bytes, &table->bytes_capacity, table->bytes_used + text.len + JSONL_PADDING, 1);
	if (text.len > 0)
		memcpy(table->bytes + table->bytes_used, text.data, text.len);
	key = &table->keys[table->count];
	key->offset = table->bytes_used;
	key->len = (uint32_t)text.len & 0xffffffu;
	key->kind = (uint8_t)kind;
	key->hash = hash;
	table->bytes_used += text.len;
	return (uint32_t)table->count++;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t
slot_of(const struct key_table *table, int kind, struct slice text, uint32_t hash)
{
	size_t slot = hash & (table->slot_count - 1);

	for (;; slot = (slot + 1) & (table->slot_count - 1)) {
		uint32_t at = table->slots[slot];

		if (at == KEY_NONE)
			return slot;
		if (table->keys[at].hash == hash && table->keys[at].kind == (uint32_t)kind &&
		    slice_equal(key_table_text(table, at), text))
			return slot;
	}
}

uint32_t
key_table_find(const struct key_table *table, int kind, struct slice text)
{
	if (table->slot_count == 0)
		return KEY_NONE;
	return table->slots[slot_of(table, kind, text, key_table_hash(kind, text))];
}

uint32_t
key_table_intern(struct key_table *table, int kind, struct slice text)
{
	return key_table_intern_hashed(table, kind, text, key_table_hash(kind, text));
}

uint32_t
key_table_intern_hashed(struct key_table *table, int kind, struct slice text, uint32_t hash)
{
	size_t slot;

	if (table->slot_count < (table->count + 1) * 2)
		rehash(table);
	slot = slot_of(table, kind, text, hash);
	if (table->slots[slot] == KEY_NONE)
		table->slots[slot] = add_key(table, kind, text, hash);
	return table->slots[slot];
}

size_t
key_table_count(const struct key_table *table)
{
	return table->count;
}

struct slice
key_table_text(const struct key_table *table, uint32_t key)
{
	if (key == KEY_NONE)
		return SLICE_NONE;
	return (struct slice){ table->bytes + table->keys[key].offset, table->keys[key].len };
}

int
key_table_kind(const struct key_table *table, uint32_t key)
{
	return (int)table->keys[key].kind;
}
