#include "row_keys.h"

#include "key_table.h"
#include "mem.h"
#include "paper_id.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>

/* Kinds of keys: the numbers of enum row_key, and this one. */
#define KIND_CONFLICT ROW_FIELD_COUNT

struct row_keys {
	struct key_table *table;
	/* By the number of a key; 0 for a conflict. */
	uint32_t *lines;
	size_t capacity;
	/* A text that may have been escaped, and the key that it makes. */
	struct buf text;
	struct buf key;
	struct buf stored;
	struct buf reason;
};

/* How two spellings of a DOI are one key: as the text of an id.  SLICE_NONE if it is none. */
static struct slice
doi_key(struct slice doi, struct buf *key)
{
	buf_clear(key);
	return paper_id_text(SLICE_NONE, doi, key) ? buf_slice(key) : SLICE_NONE;
}

struct row_keys *
row_keys_new(const struct doi_conflict *conflicts, size_t count)
{
	struct row_keys *keys = mem_new(1, sizeof(*keys));

	keys->table = key_table_new();
	for (size_t i = 0; i < count; i++)
		(void)key_table_intern(
		    keys->table, KIND_CONFLICT, doi_key(conflicts[i].doi, &keys->key));
	return keys;
}

void
row_keys_free(struct row_keys *keys)
{
	if (keys == NULL)
		return;
	key_table_free(keys->table);
	free(keys->lines);
	buf_free(&keys->text);
	buf_free(&keys->key);
	buf_free(&keys->stored);
	buf_free(&keys->reason);
	free(keys);
}

bool
row_keys_conflict(const struct row_keys *keys, struct slice doi)
{
	struct buf key = BUF_INIT;
	bool found = key_table_find(keys->table, KIND_CONFLICT, doi_key(doi, &key)) != KEY_NONE;

	buf_free(&key);
	return found;
}

static unsigned
nibble(char digit)
{
	return (unsigned)(text_is_digit(digit) ? digit - '0' : digit - 'a' + 10);
}

/* The bytes by which a value is compared; 32 for an id, which every row has. */
static struct slice
key_of(struct row_keys *keys, const struct row_line *row, enum row_key field)
{
	buf_clear(&keys->text);
	row_line_text(row, field, &keys->text);
	if (field == ROW_DOI)
		return doi_key(buf_slice(&keys->text), &keys->key);
	if (field != ROW_ID)
		return buf_slice(&keys->text);
	buf_clear(&keys->key);
	for (size_t i = 0; i + 1 < keys->text.len; i += 2) {
		const char *hex = keys->text.data + i;

		buf_add_char(&keys->key, (char)(nibble(hex[0]) << 4 | nibble(hex[1])));
	}
	return buf_slice(&keys->key);
}

/* The line that had a key before; 0, and it is this one from now on, if none had. */
static uint32_t
earlier_line(struct row_keys *keys, enum row_key field, struct slice text, uint64_t line)
{
	size_t before = key_table_count(keys->table);
	uint32_t key = key_table_intern(keys->table, (int)field, text);

	if (key < before)
		return keys->lines[key];
	keys->lines = mem_grow(keys->lines, &keys->capacity, (size_t)key + 1, sizeof(*keys->lines));
	/* Three keys a row are numbered in 32 bits, so a line is, too. */
	keys->lines[key] = (uint32_t)line;
	return 0;
}

void
row_keys_check(struct row_keys *keys, const struct row_line *row, enum row_key field, uint64_t line,
    audit_fault_fn *tell, void *cookie)
{
	const struct jsonl_value *value = &row->values[field];
	struct slice text;
	uint32_t earlier;

	if (value->kind != JSONL_STRING || row_line_fault(row, field) != NULL)
		return;
	text = key_of(keys, row, field);
	if (field == ROW_DOI && key_table_find(keys->table, KIND_CONFLICT, text) != KEY_NONE)
		return;
	earlier = earlier_line(keys, field, text, line);
	if (earlier == 0)
		return;
	buf_clear(&keys->stored);
	jsonl_copy(value, &keys->stored);
	buf_clear(&keys->reason);
	buf_printf(&keys->reason, "line %" PRIu32 " has it already", earlier);
	tell(cookie, &(struct audit_fault){ .field = row_fields[field].key,
			 .stored = buf_slice(&keys->stored),
			 .reason = buf_slice(&keys->reason) });
}
