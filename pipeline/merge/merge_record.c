#include "merge_record.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* A superseded record with what it is sorted by. */
struct elder {
	uint32_t identity;
	uint32_t record;
};

static int
elder_order(const void *a, const void *b)
{
	const struct elder *left = a, *right = b;

	if (left->identity != right->identity)
		return left->identity < right->identity ? -1 : 1;
	return (left->record > right->record) - (left->record < right->record);
}

void
merge_elders_find(struct merge_elders *elders, const struct merge_index *index)
{
	struct elder *sorted = mem_new(index->count, sizeof(*sorted));

	elders->count = 0;
	for (size_t i = 0; i < index->count; i++)
		if (index->entries[i].superseded)
			sorted[elders->count++] =
			    (struct elder){ index->entries[i].identity, (uint32_t)i };
	if (elders->count > 0)
		qsort(sorted, elders->count, sizeof(*sorted), elder_order);
	elders->records = mem_new(elders->count + 1, sizeof(*elders->records));
	for (size_t i = 0; i < elders->count; i++)
		elders->records[i] = sorted[i].record;
	free(sorted);
}

void
merge_elders_free(struct merge_elders *elders)
{
	free(elders->records);
}

/* Where the elders of an identity begin. */
static size_t
first_elder(const struct merge_elders *elders, const struct merge_index *index, uint32_t identity)
{
	size_t low = 0, high = elders->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->entries[elders->records[middle]].identity < identity)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* All entries of a paper: the chain, and behind it what its records supersede. */
static uint32_t *
collect(const struct merge_index *index, const struct merge_elders *elders,
    struct merge_chain chain, size_t *live, size_t *count)
{
	size_t capacity = 0;
	/* A paper has one record at least. */
	uint32_t *list = mem_grow(NULL, &capacity, 1, sizeof(*list));

	*count = 0;
	FOR_EACH_ENTRY(index, entry, chain)
	{
		list = mem_grow(list, &capacity, *count + 1, sizeof(*list));
		list[(*count)++] = (uint32_t)(entry - index->entries);
	}
	*live = *count;
	for (size_t i = 0; i < *live; i++) {
		uint32_t identity = index->entries[list[i]].identity;

		if (identity == KEY_NONE)
			continue;
		for (size_t at = first_elder(elders, index, identity);
		     at < elders->count && index->entries[elders->records[at]].identity == identity;
		     at++) {
			list = mem_grow(list, &capacity, *count + 1, sizeof(*list));
			list[(*count)++] = elders->records[at];
		}
	}
	return list;
}

static bool
in_conflict(const struct merge_groups *groups, struct slice doi)
{
	for (size_t i = 0; i < groups->conflict_count; i++)
		if (slice_equal(groups->conflicts[i].doi, doi))
			return !groups->conflicts[i].joined;
	return false;
}

static bool
carries(const struct merge_index *index, uint32_t record, uint32_t key)
{
	const struct merge_entry *entry = &index->entries[record];

	return entry->identity == key || merge_index_carries(index, entry, key);
}

static void
set_join(const struct merge_index *index, const struct merge_groups *groups, struct merge_ref ref,
    const uint32_t *list, size_t live, size_t self, struct merge_join *join, struct arena *arena)
{
	*join = (struct merge_join){
		.key = (enum merge_key)ref.kind,
		.text = key_table_text(index->keys, ref.key),
		.with = arena_new(arena, live, sizeof(*join->with)),
	};
	join->joins = join->key != KEY_PAPER &&
		      !(join->key == KEY_DOI && in_conflict(groups, join->text)) && self < live;
	for (size_t i = 0; i < live; i++)
		if (i != self && carries(index, list[i], ref.key))
			join->with[join->with_count++] = i;
}

static void
set_joins(const struct merge_index *index, const struct merge_groups *groups, const uint32_t *list,
    size_t live, size_t self, struct merge_record *record, struct arena *arena)
{
	const struct merge_entry *entry = &index->entries[list[self]];

	record->joins = arena_new(arena, (size_t)entry->ref_count + 1, sizeof(*record->joins));
	for (size_t i = 0; i < entry->ref_count; i++) {
		struct merge_ref ref = index->refs[entry->refs + i];

		if (ref.kind < KEY_TEXT)
			set_join(index, groups, ref, list, live, self,
			    &record->joins[record->join_count++], arena);
	}
}

static int
set_record(const struct merge_index *index, uint32_t number, struct merge_record *record,
    struct arena *arena)
{
	const struct merge_entry *entry = &index->entries[number];

	*record = (struct merge_record){
		.source = (enum source)entry->source,
		.fetched = (int64_t)entry->fetched,
		.file = index->files[entry->file].name,
		.offset = entry->offset,
		.version = entry->version,
		.corpus_id = merge_index_corpus_id(index, entry),
		.superseded = entry->superseded,
	};
	if (entry->identity != KEY_NONE &&
	    key_table_kind(index->keys, entry->identity) == KEY_PAPER)
		record->paper_id = key_table_text(index->keys, entry->identity);
	return merge_supply_row(
	    index, (struct merge_chain){ number, entry->next }, &record->row, NULL, arena);
}

int
merge_record_list(const struct merge_index *index, const struct merge_groups *groups,
    const struct merge_elders *elders, struct merge_chain chain, struct merge_record **records,
    size_t *count, struct arena *arena)
{
	size_t live;
	uint32_t *list = collect(index, elders, chain, &live, count);
	int result = 0;

	*records = arena_new(arena, *count, sizeof(**records));
	for (size_t i = 0; i < *count && result == 0; i++) {
		struct merge_record *record = &(*records)[i];

		result = set_record(index, list[i], record, arena);
		set_joins(index, groups, list, live, i, record, arena);
	}
	free(list);
	return result;
}
