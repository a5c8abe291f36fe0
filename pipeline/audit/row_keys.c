#include "row_keys.h"

#include "bounds.h"
#include "doi.h"
#include "key_table.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* Several texts have this hash: each of them is in the table of texts. */
#define LINE_SEVERAL UINT32_MAX

struct slot {
	uint32_t hash;
	/* 0 of a free one. */
	uint32_t line;
};

/* Open addressing over hashes, at most three quarters full. */
struct hashes {
	struct slot *slots;
	size_t slot_count;
	size_t count;
};

struct row_keys {
	/* Folded DOIs; it stays as it is made. */
	struct key_table *conflicts;
	size_t conflict_count;
	/* By enum row_key. */
	struct hashes hashes[ROW_FIELD_COUNT];
	/* Texts that share their hash with another one, and the line of each: so that hashes that
	 * were made to be equal cost no more than one reading each. */
	struct key_table *texts;
	uint32_t *lines;
	size_t capacity;
	/* Two texts to compare. */
	struct buf text;
	struct buf other;
};

struct row_keys *
row_keys_new(const struct doi_conflict *conflicts, size_t count)
{
	struct row_keys *keys = mem_new(1, sizeof(*keys));
	char folded[BOUND_DOI_BYTES];

	keys->conflicts = key_table_new();
	keys->conflict_count = count;
	keys->texts = key_table_new();
	for (size_t i = 0; i < count; i++)
		(void)key_table_intern(
		    keys->conflicts, ROW_DOI, text_fold(doi_strip(conflicts[i].doi), folded));
	return keys;
}

void
row_keys_free(struct row_keys *keys)
{
	if (keys == NULL)
		return;
	key_table_free(keys->conflicts);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		free(keys->hashes[i].slots);
	key_table_free(keys->texts);
	free(keys->lines);
	buf_free(&keys->text);
	buf_free(&keys->other);
	free(keys);
}

static bool
is_conflict(const struct row_keys *keys, struct slice folded)
{
	return keys->conflict_count > 0 &&
	       key_table_find(keys->conflicts, ROW_DOI, folded) != KEY_NONE;
}

bool
row_keys_conflict(const struct row_keys *keys, struct slice doi)
{
	char folded[BOUND_DOI_BYTES];

	return is_conflict(keys, text_fold(doi_strip(doi), folded));
}

bool
row_keys_hash(const struct row_keys *keys, enum row_key field, struct slice text, uint32_t *hash)
{
	char folded[BOUND_DOI_BYTES];

	if (field == ROW_DOI)
		text = text_fold(text, folded);
	if (text.data == NULL || (field == ROW_DOI && is_conflict(keys, text)))
		return false;
	*hash = key_table_hash((int)field, text);
	return true;
}

/* Where a hash begins to look: it is taken as a fraction of the table. */
static size_t
first_slot(const struct hashes *hashes, uint32_t hash)
{
	return (size_t)((uint64_t)hash * hashes->slot_count >> 32);
}

void
row_keys_expect(const struct row_keys *keys, enum row_key field, uint32_t hash)
{
	const struct hashes *hashes = &keys->hashes[field];

	if (hashes->slot_count > 0)
		__builtin_prefetch(&hashes->slots[first_slot(hashes, hash)]);
}

/* The slot of a hash, or the free one where it belongs. */
static struct slot *
slot_of(const struct hashes *hashes, uint32_t hash)
{
	size_t at = first_slot(hashes, hash);

	while (hashes->slots[at].line != 0 && hashes->slots[at].hash != hash)
		at = at + 1 == hashes->slot_count ? 0 : at + 1;
	return &hashes->slots[at];
}

/* Make room for one more.  Slots lie in the order of their hashes, so this walks through both. */
static void
grow(struct hashes *hashes)
{
	struct hashes larger = { .slot_count = 1024, .count = hashes->count };

	if (hashes->slot_count / 4 * 3 > hashes->count)
		return;
	while (larger.slot_count / 4 * 3 <= hashes->count)
		larger.slot_count = larger.slot_count / 2 * 3;
	larger.slots = mem_new(larger.slot_count, sizeof(*larger.slots));
	for (size_t i = 0; i < hashes->slot_count; i++)
		if (hashes->slots[i].line != 0)
			*slot_of(&larger, hashes->slots[i].hash) = hashes->slots[i];
	free(hashes->slots);
	*hashes = larger;
}

/* The line of a text in the table of texts: an earlier one, or 0 and it is this one from now on. */
static uint32_t
line_of(struct row_keys *keys, enum row_key field, const struct buf *text, uint32_t line)
{
	size_t before = key_table_count(keys->texts);
	uint32_t key = key_table_intern(keys->texts, (int)field, buf_slice(text));

	if (key < before)
		return keys->lines[key];
	keys->lines = mem_grow(keys->lines, &keys->capacity, (size_t)key + 1, sizeof(*keys->lines));
	keys->lines[key] = line;
	return 0;
}

/* The text of a line as it is compared. */
static int
read_folded(
    enum row_key field, uint64_t line, row_keys_read_fn *read, void *cookie, struct buf *text)
{
	buf_clear(text);
	if (read(cookie, line, field, text) == -1)
		return -1;
	if (field == ROW_DOI)
		(void)text_fold(buf_slice(text), text->data);
	return 0;
}

int
row_keys_note(struct row_keys *keys, enum row_key field, uint32_t hash, uint64_t line,
    row_keys_read_fn *read, void *cookie, uint64_t *earlier)
{
	struct slot *slot;

	if (line >= LINE_SEVERAL)
		mem_out();
	grow(&keys->hashes[field]);
	slot = slot_of(&keys->hashes[field], hash);
	*earlier = 0;
	if (slot->line == 0) {
		*slot = (struct slot){ hash, (uint32_t)line };
		keys->hashes[field].count++;
		return 0;
	}
	if (read_folded(field, line, read, cookie, &keys->text) == -1)
		return -1;
	if (slot->line != LINE_SEVERAL) {
		if (read_folded(field, slot->line, read, cookie, &keys->other) == -1)
			return -1;
		if (slice_equal(buf_slice(&keys->text), buf_slice(&keys->other))) {
			*earlier = slot->line;
			return 0;
		}
		(void)line_of(keys, field, &keys->other, slot->line);
		slot->line = LINE_SEVERAL;
	}
	*earlier = line_of(keys, field, &keys->text, (uint32_t)line);
	return 0;
}
