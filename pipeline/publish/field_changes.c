#include "field_changes.h"

#include "arena.h"
#include "key_table.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* A top-level member that is none of row_fields. */
struct member {
	struct slice name;
	struct jsonl_value value;
};

struct members {
	struct member *items;
	size_t count;
	size_t capacity;
};

struct field_changes {
	/* Those of row_fields first: what comes behind is no field of a row. */
	struct key_table *names;
	/* By the number of a name. */
	uint64_t *counts;
	size_t capacity;
	/* Of the two rows at hand; names that had escapes are in ${decoded}. */
	struct members old;
	struct members new;
	struct arena decoded;
	/* The two values at hand in their canonical form. */
	struct buf was;
	struct buf is;
};

/* The number of a name, whose count is 0 if it is new. */
static uint32_t
intern(struct field_changes *fields, struct slice name)
{
	size_t known = key_table_count(fields->names);
	uint32_t number = key_table_intern(fields->names, 0, name);

	if (number == known) {
		fields->counts =
		    mem_grow(fields->counts, &fields->capacity, known + 1, sizeof(*fields->counts));
		fields->counts[number] = 0;
	}
	return number;
}

struct field_changes *
field_changes_new(void)
{
	struct field_changes *fields = mem_new(1, sizeof(*fields));

	fields->names = key_table_new();
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		(void)intern(fields, slice_of(row_fields[i].key));
	return fields;
}

void
field_changes_free(struct field_changes *fields)
{
	if (fields == NULL)
		return;
	key_table_free(fields->names);
	free(fields->counts);
	free(fields->old.items);
	free(fields->new.items);
	arena_free(&fields->decoded);
	buf_free(&fields->was);
	buf_free(&fields->is);
	free(fields);
}

static struct slice
decode(struct field_changes *fields, const struct jsonl_value *key)
{
	struct buf text = BUF_INIT;
	struct slice name;

	if (!key->escaped)
		return key->raw;
	jsonl_text(key, &text);
	name = arena_dup(&fields->decoded, buf_slice(&text));
	buf_free(&text);
	return name;
}

static int
member_cmp(const void *a, const void *b)
{
	return slice_cmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

/* The members of a line that are no field of a row, by name. */
static void
collect_others(struct field_changes *fields, struct slice line, struct members *members)
{
	struct jsonl_value key, value;

	members->count = 0;
	for (size_t at = 0; jsonl_next_member(line, &at, &key, &value);) {
		struct slice name = decode(fields, &key);

		if (key_table_find(fields->names, 0, name) < ROW_FIELD_COUNT)
			continue;
		members->items = mem_grow(members->items, &members->capacity, members->count + 1,
		    sizeof(*members->items));
		members->items[members->count++] = (struct member){ name, value };
	}
	if (members->count > 0)
		qsort(members->items, members->count, sizeof(*members->items), member_cmp);
}

/* Hold two values against each other: 1 if they differ, which is counted and appended. */
static size_t
compare(struct field_changes *fields, struct slice name, const struct jsonl_value *old,
    const struct jsonl_value *new, bool first, struct buf *out)
{
	if (old->kind == new->kind && slice_equal(old->raw, new->raw))
		return 0;
	buf_clear(&fields->was);
	buf_clear(&fields->is);
	jsonl_copy(old, &fields->was);
	jsonl_copy(new, &fields->is);
	if (slice_equal(buf_slice(&fields->was), buf_slice(&fields->is)))
		return 0;
	fields->counts[intern(fields, name)]++;
	buf_add_text(out, first ? "{" : ", ");
	jsonl_write_string(name, out);
	buf_add_text(out, ": {\"old\": ");
	buf_add_slice(out, buf_slice(&fields->was));
	buf_add_text(out, ", \"new\": ");
	buf_add_slice(out, buf_slice(&fields->is));
	buf_add_char(out, '}');
	return 1;
}

/* Members that are no fields of a row: both lists are sorted, so one walk meets the pairs. */
static size_t
compare_others(struct field_changes *fields, bool first, struct buf *out)
{
	const struct jsonl_value absent = { .kind = JSONL_ABSENT };
	const struct member *old = fields->old.items, *new = fields->new.items;
	size_t i = 0, j = 0, differences = 0;

	while (i < fields->old.count || j < fields->new.count) {
		int order = i == fields->old.count   ? 1
			    : j == fields->new.count ? -1
						     : slice_cmp(old[i].name, new[j].name);
		struct slice name = order <= 0 ? old[i].name : new[j].name;

		differences += compare(fields, name, order <= 0 ? &old[i].value : &absent,
		    order >= 0 ? &new[j].value : &absent, first && differences == 0, out);
		i += order <= 0;
		j += order >= 0;
	}
	return differences;
}

size_t
field_changes_write(struct field_changes *fields, const struct field_changes_row *old,
    const struct field_changes_row *new, struct buf *out)
{
	size_t differences = 0;

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		differences += compare(fields, slice_of(row_fields[i].key), &old->values.values[i],
		    &new->values.values[i], differences == 0, out);
	collect_others(fields, old->line, &fields->old);
	collect_others(fields, new->line, &fields->new);
	differences += compare_others(fields, differences == 0, out);
	arena_clear(&fields->decoded);
	if (differences > 0)
		buf_add_char(out, '}');
	return differences;
}

bool
field_changes_next(
    const struct field_changes *fields, size_t *at, struct slice *name, uint64_t *count)
{
	while (*at < key_table_count(fields->names) && fields->counts[*at] == 0)
		++*at;
	if (*at >= key_table_count(fields->names))
		return false;
	*name = key_table_text(fields->names, (uint32_t)*at);
	*count = fields->counts[(*at)++];
	return true;
}
