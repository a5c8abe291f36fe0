#ifndef FINESET_KEY_TABLE_H
#define FINESET_KEY_TABLE_H

#include "attribute.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* No key. */
#define KEY_NONE UINT32_MAX

/*
 * Byte strings, each held once and known by a number from 0.  A kind, 0 to 255, keeps apart equal
 * bytes that mean different things.
 */
struct key_table;

/** key_table_new(): An empty table. */
struct key_table *key_table_new(void) MUST_CHECK;

/** key_table_free(table): Free it. */
void key_table_free(struct key_table *table);

/** key_table_intern(table, kind, text): The number of a key, which is added if it is new. */
uint32_t key_table_intern(struct key_table *table, int kind, struct slice text);

/** key_table_hash(kind, text): What a table knows a key by; any thread may ask. */
uint32_t key_table_hash(int kind, struct slice text);

/** key_table_intern_hashed(table, kind, text, hash): The same for a key whose hash is known. */
uint32_t key_table_intern_hashed(
    struct key_table *table, int kind, struct slice text, uint32_t hash);

/** key_table_expect(table, hash): Fetch where a key of this hash stands into the cache, for it is
 * asked for soon. */
void key_table_expect(const struct key_table *table, uint32_t hash);

/** key_table_expect_key(table, hash): The same of the key itself, once its place has come. */
void key_table_expect_key(const struct key_table *table, uint32_t hash);

/** key_table_expect_text(table, key): Fetch a key into the cache. */
void key_table_expect_text(const struct key_table *table, uint32_t key);

/** key_table_bytes(table): The bytes of those keys that are held outside of the table. */
size_t key_table_bytes(const struct key_table *table);

/** key_table_room(table, keys, bytes): So many keys are to be expected in all, with so many bytes
 * of key_table_bytes. */
void key_table_room(struct key_table *table, size_t keys, size_t bytes);

/** key_table_count(table): How many keys there are; their numbers are below it. */
size_t key_table_count(const struct key_table *table);

/** key_table_trim(table): Give back the memory that only finding and adding need; it is made again
 * when it is asked for. */
void key_table_trim(struct key_table *table);

/** key_table_find(table, kind, text): The number of a key, or KEY_NONE. */
uint32_t key_table_find(struct key_table *table, int kind, struct slice text);

/** key_table_text(table, number): The bytes of a key, borrowed until the next intern, with
 * JSONL_PADDING readable bytes behind them; KEY_NONE has none. */
struct slice key_table_text(const struct key_table *table, uint32_t number);

/** key_table_kind(table, key): Its kind. */
int key_table_kind(const struct key_table *table, uint32_t key);

#endif
