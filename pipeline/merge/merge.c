#include "merge.h"

#include "digest.h"
#include "mem.h"
#include "merge_group.h"
#include "merge_index.h"
#include "merge_papers.h"
#include "merge_record.h"
#include "merge_supply.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

/* Of more files than these, which are more than a dataset has, a reader keeps no window. */
#define FILES_NEAR ((size_t)16)

struct merge {
	struct merge_index index;
	struct merge_groups groups;
	struct merge_scope scope;
	struct merge_papers papers;
	/* Made when they are first asked for: superseded records by their identity, papers by id,
	   and by key. */
	struct merge_elders elders;
	uint32_t *by_id;
	uint32_t *by_key;
};

struct merge_scope
merge_scope_of(const struct topic *topic, int64_t day)
{
	return (struct merge_scope){
		.from = topic->from == TOPIC_DAY_NONE ? INT64_MIN : topic->from,
		.to = topic->to == TOPIC_DAY_NONE || topic->to > day ? day : topic->to,
		.categories = topic->categories.items,
		.category_count = topic->categories.count,
	};
}

struct merge *
merge_new(size_t workers, const struct log *log)
{
	struct merge *merge = mem_new(1, sizeof(*merge));

	if (workers > TEAM_LARGEST)
		workers = TEAM_LARGEST;
	merge_index_init(&merge->index, workers == 0 ? 1 : workers, log);
	return merge;
}

void
merge_free(struct merge *merge)
{
	if (merge == NULL)
		return;
	merge_groups_free(&merge->groups);
	merge_index_free(&merge->index);
	merge_elders_free(&merge->elders);
	merge_papers_free(&merge->papers);
	free(merge->by_id);
	free(merge->by_key);
	free(merge);
}

int
merge_read(struct merge *merge, int fd, const char *name)
{
	return merge_index_read(&merge->index, fd, name, UINT64_MAX);
}

int
merge_read_to(struct merge *merge, int fd, const char *name, uint64_t bytes)
{
	return merge_index_read(&merge->index, fd, name, bytes);
}

int
merge_resolve(struct merge *merge, const struct merge_scope *scope)
{
	merge->scope = *scope;
	/* No more keys come. */
	key_table_trim(merge->index.keys);
	if (merge_groups_find(&merge->index, &merge->groups) == -1)
		return -1;
	merge_papers_find(&merge->papers, &merge->index, &merge->groups, scope);
	return 0;
}

size_t
merge_workers(const struct merge *merge)
{
	return merge->index.workers;
}

size_t
merge_size(const struct merge *merge)
{
	return merge->papers.count;
}

/* `cs.CL` is itself, `cs.*` is all of cs. */
static bool
category_matches(struct slice category, const char *wanted)
{
	size_t len = strlen(wanted);

	if (len > 1 && wanted[len - 1] == '*')
		return category.len >= len - 1 && memcmp(category.data, wanted, len - 1) == 0;
	return slice_is(category, wanted);
}

static bool
in_categories(const struct merge_scope *scope, const struct row *row)
{
	if (scope->category_count == 0 || row->categories.count == 0)
		return true;
	for (size_t i = 0; i < scope->category_count; i++)
		for (size_t j = 0; j < row->categories.count; j++)
			if (category_matches(row->categories.items[j], scope->categories[i]))
				return true;
	return false;
}

/* Papers stand in the order of their dates, so what each needs lies anywhere in memory: so many
 * papers before its turn it is sent for, step by step. */
#define PAPERS_AHEAD ((size_t)4)

static void
expect(const struct merge *merge, size_t number)
{
	for (unsigned step = 0; step < 3; step++) {
		size_t later = number + (3 - step) * PAPERS_AHEAD;

		if (later < merge->papers.count)
			merge_supply_expect(
			    &merge->index, merge_papers_chain(&merge->papers, later), step);
	}
}

struct merge_reader *
merge_reader_new(const struct merge *merge)
{
	struct merge_reader *reader = mem_new(1, sizeof(*reader));

	reader->count = merge->index.file_count < FILES_NEAR ? merge->index.file_count : FILES_NEAR;
	reader->windows = mem_new(reader->count, sizeof(*reader->windows));
	return reader;
}

void
merge_reader_free(struct merge_reader *reader)
{
	if (reader == NULL)
		return;
	for (size_t i = 0; i < reader->count; i++)
		file_window_free(&reader->windows[i]);
	free(reader->windows);
	free(reader);
}

int
merge_row(struct merge *merge, size_t paper, struct row *row, struct merge_reader *reader,
    struct arena *arena)
{
	unsigned char id[DIGEST_BYTES];

	expect(merge, paper);
	if (merge_supply_row(
		&merge->index, merge_papers_chain(&merge->papers, paper), row, reader, arena) == -1)
		return -1;
	merge_papers_id(&merge->papers, paper, id);
	digest_hex(id, row->id);
	return in_categories(&merge->scope, row);
}

int
merge_records(struct merge *merge, size_t paper, struct merge_record **records, size_t *count,
    struct arena *arena)
{
	if (merge->elders.records == NULL)
		merge_elders_find(&merge->elders, &merge->index);
	return merge_record_list(&merge->index, &merge->groups, &merge->elders,
	    merge_papers_chain(&merge->papers, paper), records, count, arena);
}

void
merge_id_text(const struct merge *merge, size_t paper, struct buf *text)
{
	buf_clear(text);
	merge_papers_id_text(&merge->papers, paper, text);
}

size_t
merge_find_id(struct merge *merge, struct slice id)
{
	size_t low = 0, high = merge->papers.count;
	unsigned char bytes[DIGEST_BYTES];
	char hex[DIGEST_HEX_SIZE];

	if (merge->by_id == NULL)
		merge->by_id = merge_papers_by_id(&merge->papers);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order;

		merge_papers_id(&merge->papers, merge->by_id[middle], bytes);
		digest_hex(bytes, hex);
		order = slice_cmp(slice_of(hex), id);
		if (order == 0)
			return merge->by_id[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return MERGE_PAPER_NONE;
}

/* For each key the first paper that carries it. */
static void
map_keys(struct merge *merge)
{
	const struct merge_index *index = &merge->index;
	size_t keys = key_table_count(index->keys);

	merge->by_key = mem_new(keys + 1, sizeof(*merge->by_key));
	memset(merge->by_key, 0xff, (keys + 1) * sizeof(*merge->by_key));
	for (size_t i = merge->papers.count; i > 0; i--) {
		FOR_EACH_ENTRY(index, entry, merge_papers_chain(&merge->papers, i - 1))
		{
			for (size_t ref = 0; ref < entry->ref_count; ref++)
				merge->by_key[index->refs[entry->refs + ref].key] =
				    (uint32_t)(i - 1);
			if (entry->identity != KEY_NONE)
				merge->by_key[entry->identity] = (uint32_t)(i - 1);
		}
	}
}

size_t
merge_find_key(struct merge *merge, enum merge_key kind, struct slice text)
{
	uint32_t key = key_table_find(merge->index.keys, (int)kind, text);

	if (merge->by_key == NULL)
		map_keys(merge);
	if (key == KEY_NONE || merge->by_key[key] == UINT32_MAX)
		return MERGE_PAPER_NONE;
	return merge->by_key[key];
}

struct merge_counts
merge_count(const struct merge *merge)
{
	struct merge_counts counts = {
		.superseded = merge->groups.superseded,
		.refused = merge->index.refused,
		.papers = merge->groups.count,
	};

	for (size_t i = 0; i < merge->index.count; i++)
		if (!merge->index.entries[i].superseded)
			counts.records[merge->index.entries[i].source]++;
	return counts;
}

struct merge_dead
merge_superseded(const struct merge *merge, size_t file)
{
	struct merge_dead dead = { NULL, 0, 0 };
	size_t capacity = 0;

	for (size_t i = 0; i < merge->index.count; i++) {
		const struct merge_entry *entry = &merge->index.entries[i];

		if (!entry->superseded || entry->file != file)
			continue;
		dead.offsets =
		    mem_grow(dead.offsets, &capacity, dead.count + 1, sizeof(*dead.offsets));
		dead.offsets[dead.count++] = entry->offset;
		dead.bytes += entry->length + (uint64_t)1;
	}
	return dead;
}

const struct doi_conflict *
merge_conflicts(const struct merge *merge, size_t *count)
{
	*count = merge->groups.conflict_count;
	return merge->groups.conflicts;
}
