#include "key_table.h"

#include "jsonl.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Most keys are ids and fit into the table itself; of others it holds where their bytes are. */
#define SHORT_BYTES 14
#define IS_LONG 255

struct key {
	char text[SHORT_BYTES];
	uint8_t len;
	uint8_t kind;
};

/* What text holds of a long key. */
struct place {
	uint64_t offset : 40;
	uint64_t len : 24;
};

struct key_table {
	struct key *keys;
	size_t count;
	size_t capacity;
	/* The bytes of the long keys, one behind the other. */
	char *bytes;
	size_t bytes_used;
	size_t bytes_capacity;
	/* Open addressing over key numbers, at most three quarters full. */
	uint32_t *slots;
	size_t slot_count;
	/* How many keys there will be, as far as is known. */
	size_t expected;
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

/* Where a hash begins to look: it is taken as a fraction of the table. */
static size_t
first_slot(const struct key_table *table, uint32_t hash)
{
	return (size_t)((uint64_t)hash * table->slot_count >> 32);
}

static size_t
next_slot(const struct key_table *table, size_t slot)
{
	return slot + 1 == table->slot_count ? 0 : slot + 1;
}

/* Enter a key that stands in no slot yet. */
static void
put_key(struct key_table *table, uint32_t key, uint32_t hash)
{
	size_t slot = first_slot(table, hash);

	while (table->slots[slot] != KEY_NONE)
		slot = next_slot(table, slot);
	table->slots[slot] = key;
}

/* A look into the slots waits for memory, unless it is announced so many keys before. */
#define KEYS_AHEAD 16

/* How many slots are to be made, for one more key at least.  An expectation may be wrong, and slots
 * take up memory at once, so it is met in steps. */
static size_t
slots_wanted(const struct key_table *table)
{
	size_t wanted = table->slot_count < 1024 ? 1024 : table->slot_count;
	size_t most = 4 * wanted, met;

	while (wanted / 4 * 3 < table->count + 1)
		wanted = wanted / 2 * 3;
	met = table->expected < most / 3 * 2 ? table->expected / 2 * 3 : most;
	return met > wanted ? met : wanted;
}

/* Make the slots anew. */
static void
rehash(struct key_table *table)
{
	uint32_t hashes[KEYS_AHEAD] = { 0 };

	table->slot_count = slots_wanted(table);
	free(table->slots);
	table->slots = mem_resize(NULL, table->slot_count, sizeof(*table->slots));
	memset(table->slots, 0xff, table->slot_count * sizeof(*table->slots));
	for (size_t i = 0; i < table->count + KEYS_AHEAD; i++) {
		if (i >= KEYS_AHEAD)
			put_key(table, (uint32_t)(i - KEYS_AHEAD), hashes[i % KEYS_AHEAD]);
		if (i >= table->count)
			continue;
		hashes[i % KEYS_AHEAD] =
		    key_table_hash(table->keys[i].kind, key_table_text(table, (uint32_t)i));
		key_table_expect(table, hashes[i % KEYS_AHEAD]);
	}
}

static void
place_text(struct key_table *table, struct key *key, struct slice text)
{
	struct place place = { .offset = table->bytes_used & 0xffffffffffu,
		.len = text.len & 0xffffffu };

	if (text.len >= 1u << 24 || table->bytes_used >> 40 != 0)
		mem_out();
	table->bytes = mem_grow(
	    table->bytes, &table->bytes_capacity, table->bytes_used + text.len + JSONL_PADDING, 1);
	memcpy(table->bytes + table->bytes_used, text.data, text.len);
	table->bytes_used += text.len;
	key->len = IS_LONG;
	memcpy(key->text, &place, sizeof(place));
}

static uint32_t
add_key(struct key_table *table, int kind, struct slice text)
{
	struct key *key;

	if (table->count == KEY_NONE - 1)
		mem_out();
	/* Room behind the last one: see key_table_text. */
	table->keys = mem_grow(table->keys, &table->capacity,
	    table->count + 1 + JSONL_PADDING / sizeof(*key), sizeof(*key));
	key = &table->keys[table->count];
	*key = (struct key){ .len = (uint8_t)text.len, .kind = (uint8_t)kind };
	if (text.len > SHORT_BYTES)
		place_text(table, key, text);
	else if (text.len > 0)
		memcpy(key->text, text.data, text.len);
	return (uint32_t)table->count++;
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t
slot_of(const struct key_table *table, int kind, struct slice text, uint32_t hash)
{
	size_t slot = first_slot(table, hash);

	for (;; slot = next_slot(table, slot)) {
		uint32_t at = table->slots[slot];

		if (at == KEY_NONE ||
		    (table->keys[at].kind == kind && slice_equal(key_table_text(table, at), text)))
			return slot;
	}
}

uint32_t
key_table_find(struct key_table *table, int kind, struct slice text)
{
	if (table->slot_count == 0)
		rehash(table);
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

	if (table->slot_count / 4 * 3 < table->count + 1)
		rehash(table);
	slot = slot_of(table, kind, text, hash);
	if (table->slots[slot] == KEY_NONE)
		table->slots[slot] = add_key(table, kind, text);
	return table->slots[slot];
}

void
key_table_trim(struct key_table *table)
{
	free(table->slots);
	table->slots = NULL;
	table->slot_count = 0;
}

void
key_table_expect(const struct key_table *table, uint32_t hash)
{
	if (table->slot_count > 0)
		__builtin_prefetch(&table->slots[first_slot(table, hash)]);
}

void
key_table_expect_key(const struct key_table *table, uint32_t hash)
{
	uint32_t key = table->slot_count > 0 ? table->slots[first_slot(table, hash)] : KEY_NONE;

	if (key != KEY_NONE)
		__builtin_prefetch(&table->keys[key]);
}

void
key_table_expect_text(const struct key_table *table, uint32_t key)
{
	__builtin_prefetch(&table->keys[key]);
}

size_t
key_table_bytes(const struct key_table *table)
{
	return table->bytes_used;
}

void
key_table_room(struct key_table *table, size_t keys, size_t bytes)
{
	table->keys = mem_expect(table->keys, &table->capacity, keys, sizeof(*table->keys));
	table->bytes = mem_expect(table->bytes, &table->bytes_capacity, bytes, 1);
	table->expected = keys;
}

size_t
key_table_count(const struct key_table *table)
{
	return table->count;
}

struct slice
key_table_text(const struct key_table *table, uint32_t number)
{
	const struct key *key;
	struct place place;

	if (number == KEY_NONE)
		return SLICE_NONE;
	key = &table->keys[number];
	if (key->len != IS_LONG)
		return (struct slice){ key->text, key->len };
	memcpy(&place, key->text, sizeof(place));
	return (struct slice){ table->bytes + place.offset, place.len };
}

int
key_table_kind(const struct key_table *table, uint32_t key)
{
	return table->keys[key].kind;
}
