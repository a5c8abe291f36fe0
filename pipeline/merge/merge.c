#include "merge.h"

#include "date.h"
#include "digest.h"
#include "mem.h"
#include "merge_group.h"
#include "merge_index.h"
#include "merge_record.h"
#include "merge_supply.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

/* Ids that a worker makes at a time. */
#define NAMED_AT_ONCE 4096

/* What papers are sorted by, and which group each is. */
struct rank {
	int64_t first;
	uint32_t second;
	uint32_t group;
};

struct merge {
	struct merge_index index;
	struct merge_groups groups;
	struct merge_scope scope;
	/* By group. */
	unsigned char (*ids)[DIGEST_BYTES];
	/* The papers in their order. */
	struct rank *papers;
	size_t count;
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

	merge_index_init(&merge->index, workers, log);
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
	free(merge->ids);
	free(merge->papers);
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

static struct merge_chain
chain_of(const struct merge *merge, uint32_t group)
{
	return (struct merge_chain){ merge->groups.heads[group], MERGE_RECORD_NONE };
}

/* Set the id of a group: its CorpusId's, if the DOI stands for another paper already. */
static void
set_id(struct merge *merge, uint32_t group, bool with_doi, struct digest *digest, struct buf *text)
{
	buf_clear(text);
	merge_supply_id_text(&merge->index, chain_of(merge, group), with_doi, text);
	digest_add(digest, text->data, text->len);
	digest_finish(digest, merge->ids[group]);
}

/* What each worker makes ids with. */
struct naming {
	struct merge *merge;
	struct digest *digests[TEAM_LARGEST];
	struct buf texts[TEAM_LARGEST];
};

static int
name_groups(void *cookie, size_t worker, size_t item)
{
	struct naming *naming = cookie;
	size_t count = naming->merge->groups.count, at = item * NAMED_AT_ONCE;

	if (at >= count)
		return 0;
	for (size_t end = at + NAMED_AT_ONCE; at < end && at < count; at++)
		set_id(naming->merge, (uint32_t)at, true, naming->digests[worker],
		    &naming->texts[worker]);
	return 1;
}

static int
take_names(void *cookie, size_t worker, size_t item)
{
	(void)cookie;
	(void)worker;
	(void)item;
	return 0;
}

static int
set_ids(struct merge *merge)
{
	const struct team_work work = { name_groups, take_names };
	struct naming naming = { .merge = merge };
	int result;

	merge->ids = mem_new(merge->groups.count, sizeof(*merge->ids));
	for (size_t i = 0; i < merge->index.workers; i++)
		naming.digests[i] = digest_new();
	result = team_run(&work, &naming, merge->index.workers);
	for (size_t i = 0; i < merge->index.workers; i++) {
		digest_free(naming.digests[i]);
		buf_free(&naming.texts[i]);
	}
	return result;
}

static int
rank_order(const void *a, const void *b)
{
	const struct rank *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	if (left->second != right->second)
		return left->second < right->second ? -1 : 1;
	return (left->group > right->group) - (left->group < right->group);
}

static bool
same_rank(const struct rank *a, const struct rank *b)
{
	return a->first == b->first && a->second == b->second;
}

/* The four bytes of an id from ${at} on as a number in their order. */
static uint32_t
id_part(const unsigned char id[DIGEST_BYTES], size_t at)
{
	return (uint32_t)id[at] << 24 | (uint32_t)id[at + 1] << 16 | (uint32_t)id[at + 2] << 8 |
	       id[at + 3];
}

/* By the front of the id. */
static struct rank
id_rank(const struct merge *merge, uint32_t group)
{
	const unsigned char *id = merge->ids[group];

	return (struct rank){ (int64_t)id_part(id, 0) << 31 | id_part(id, 4) >> 1, id_part(id, 7),
		group };
}

/* Published descending, unknown last; then by the front of the id. */
static struct rank
paper_rank(const struct merge *merge, uint32_t group, int64_t time)
{
	return (struct rank){ time == MERGE_TIME_NONE ? INT64_MAX : -time,
		id_part(merge->ids[group], 0), group };
}

/* Sort them; those that even the front of the id leaves equal by all of it. */
static void
sort_ranks(const struct merge *merge, struct rank *ranks, size_t count)
{
	if (count > 0)
		qsort(ranks, count, sizeof(*ranks), rank_order);
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && same_rank(&ranks[j - 1], &ranks[j]) &&
				   memcmp(merge->ids[ranks[j - 1].group],
				       merge->ids[ranks[j].group], DIGEST_BYTES) > 0;
		     j--) {
			struct rank later = ranks[j - 1];

			ranks[j - 1] = ranks[j];
			ranks[j] = later;
		}
}

/* All papers of a run with one id, but the one whose record supplies first, get their CorpusId's.
 */
static void
part_run(struct merge *merge, const struct rank *run, size_t count)
{
	const uint32_t *heads = merge->groups.heads;
	struct digest *digest = digest_new();
	struct buf text = BUF_INIT;
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (merge_groups_cmp(&merge->index, heads[run[i].group], heads[run[best].group]) <
		    0)
			best = i;
	for (size_t i = 0; i < count; i++)
		if (i != best)
			set_id(merge, run[i].group, false, digest, &text);
	buf_free(&text);
	digest_free(digest);
}

/*
 * A DOI in conflict joins nothing, so several papers without an arXiv id may have no other name. An
 * id must stand for one paper.
 */
static void
part_equal_ids(struct merge *merge)
{
	size_t count = merge->groups.count, start = 0;
	struct rank *ranks;

	if (merge->groups.conflict_count == 0 || count == 0)
		return;
	ranks = mem_resize(NULL, count, sizeof(*ranks));
	for (size_t i = 0; i < count; i++)
		ranks[i] = id_rank(merge, (uint32_t)i);
	sort_ranks(merge, ranks, count);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && memcmp(merge->ids[ranks[i].group], merge->ids[ranks[start].group],
				     DIGEST_BYTES) == 0)
			continue;
		if (i - start > 1)
			part_run(merge, ranks + start, i - start);
		start = i;
	}
	free(ranks);
}

static bool
in_scope(const struct merge_scope *scope, int64_t time)
{
	int64_t day = time == MERGE_TIME_NONE ? scope->from : date_day_of(time);

	return day >= scope->from && day <= scope->to;
}

static void
set_papers(struct merge *merge)
{
	merge->papers = mem_resize(NULL, merge->groups.count, sizeof(*merge->papers));
	for (size_t i = 0; i < merge->groups.count; i++) {
		int64_t time = merge_supply_time(&merge->index, chain_of(merge, (uint32_t)i));

		if (in_scope(&merge->scope, time))
			merge->papers[merge->count++] = paper_rank(merge, (uint32_t)i, time);
	}
	sort_ranks(merge, merge->papers, merge->count);
}

int
merge_resolve(struct merge *merge, const struct merge_scope *scope)
{
	merge->scope = *scope;
	/* No more keys come. */
	key_table_trim(merge->index.keys);
	if (merge_groups_find(&merge->index, &merge->groups) == -1 || set_ids(merge) == -1)
		return -1;
	/* Before the scope is looked at: what it leaves out must not change the id of another. */
	part_equal_ids(merge);
	set_papers(merge);
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
	return merge->count;
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

int
merge_row(struct merge *merge, size_t number, struct row *row, struct arena *arena)
{
	uint32_t group = merge->papers[number].group;

	if (merge_supply_row(&merge->index, chain_of(merge, group), row, arena) == -1)
		return -1;
	digest_hex(merge->ids[group], row->id);
	return in_categories(&merge->scope, row);
}

int
merge_records(struct merge *merge, size_t paper, struct merge_record **records, size_t *count,
    struct arena *arena)
{
	if (merge->elders.records == NULL)
		merge_elders_find(&merge->elders, &merge->index);
	return merge_record_list(&merge->index, &merge->groups, &merge->elders,
	    chain_of(merge, merge->papers[paper].group), records, count, arena);
}

void
merge_id_text(const struct merge *merge, size_t number, struct buf *text)
{
	uint32_t group = merge->papers[number].group;
	struct digest *digest = digest_new();
	unsigned char id[DIGEST_BYTES];

	buf_clear(text);
	merge_supply_id_text(&merge->index, chain_of(merge, group), true, text);
	digest_add(digest, text->data, text->len);
	digest_finish(digest, id);
	if (memcmp(id, merge->ids[group], DIGEST_BYTES) != 0) {
		buf_clear(text);
		merge_supply_id_text(&merge->index, chain_of(merge, group), false, text);
	}
	digest_free(digest);
}

static const unsigned char *
paper_id(const struct merge *merge, size_t number)
{
	return merge->ids[merge->papers[number].group];
}

/* Paper numbers in the order of their ids. */
static void
sort_by_id(struct merge *merge)
{
	struct rank *ranks = mem_resize(NULL, merge->count, sizeof(*ranks));
	/* By group: which paper it is. */
	uint32_t *numbers = mem_new(merge->groups.count, sizeof(*numbers));

	for (size_t i = 0; i < merge->count; i++) {
		ranks[i] = id_rank(merge, merge->papers[i].group);
		numbers[merge->papers[i].group] = (uint32_t)i;
	}
	sort_ranks(merge, ranks, merge->count);
	merge->by_id = mem_new(merge->count + 1, sizeof(*merge->by_id));
	for (size_t i = 0; i < merge->count; i++)
		merge->by_id[i] = numbers[ranks[i].group];
	free(numbers);
	free(ranks);
}

size_t
merge_find_id(struct merge *merge, struct slice id)
{
	size_t low = 0, high = merge->count;
	char hex[DIGEST_HEX_SIZE];

	if (merge->by_id == NULL)
		sort_by_id(merge);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order;

		digest_hex(paper_id(merge, merge->by_id[middle]), hex);
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
	for (size_t i = merge->count; i > 0; i--) {
		FOR_EACH_ENTRY(index, entry, chain_of(merge, merge->papers[i - 1].group))
		{
			for (size_t ref = 0; ref < entry->ref_count; ref++)
				merge->by_key[index->refs[entry->refs + ref]] = (uint32_t)(i - 1);
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
