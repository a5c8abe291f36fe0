#include "merge.h"

#include "date.h"
#include "digest.h"
#include "mem.h"
#include "merge_group.h"
#include "merge_index.h"
#include "merge_record.h"
#include "merge_supply.h"

#include <stdlib.h>
#include <string.h>

/* A paper as pass 2 needs it. */
struct paper {
	/* Seconds since 1970, or MERGE_TIME_NONE. */
	int64_t time;
	uint32_t head;
	unsigned char id[DIGEST_BYTES];
};

struct merge {
	struct merge_index index;
	struct merge_groups groups;
	struct merge_scope scope;
	struct paper *papers;
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
chain_of(const struct paper *paper)
{
	return (struct merge_chain){ paper->head, MERGE_RECORD_NONE };
}

/* The text that is hashed: its CorpusId's, if the DOI stands for another paper already. */
static void
id_text(const struct merge *merge, const struct paper *paper, bool with_doi, struct buf *text)
{
	buf_clear(text);
	merge_supply_id_text(&merge->index, chain_of(paper), with_doi, text);
}

static void
digest_text(struct digest *digest, const struct buf *text, unsigned char id[DIGEST_BYTES])
{
	digest_add(digest, text->data, text->len);
	digest_finish(digest, id);
}

/* Published descending, unknown last; then id ascending. */
static int
paper_order(const void *a, const void *b)
{
	const struct paper *left = a, *right = b;

	if (left->time != right->time)
		return left->time > right->time ? -1 : 1;
	return memcmp(left->id, right->id, DIGEST_BYTES);
}

static int
paper_id_order(const void *a, const void *b)
{
	const struct paper *left = a, *right = b;
	int order = memcmp(left->id, right->id, DIGEST_BYTES);

	return order != 0 ? order : (left->head > right->head) - (left->head < right->head);
}

/* All papers of a run with one id, but the one whose record supplies first, get their CorpusId's.
 */
static void
part_run(struct merge *merge, struct paper *papers, size_t count, struct digest *digest)
{
	struct buf text = BUF_INIT;
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (merge_groups_cmp(&merge->index, papers[i].head, papers[best].head) < 0)
			best = i;
	for (size_t i = 0; i < count; i++) {
		if (i == best)
			continue;
		id_text(merge, &papers[i], false, &text);
		digest_text(digest, &text, papers[i].id);
	}
	buf_free(&text);
}

/*
 * A DOI in conflict joins nothing, so several papers without an arXiv id may have no other name. An
 * id must stand for one paper.
 */
static void
part_equal_ids(struct merge *merge, struct digest *digest)
{
	size_t start = 0;

	if (merge->groups.conflict_count == 0 || merge->count == 0)
		return;
	qsort(merge->papers, merge->count, sizeof(*merge->papers), paper_id_order);
	for (size_t i = 1; i <= merge->count; i++) {
		if (i < merge->count &&
		    memcmp(merge->papers[i].id, merge->papers[start].id, DIGEST_BYTES) == 0)
			continue;
		if (i - start > 1)
			part_run(merge, merge->papers + start, i - start, digest);
		start = i;
	}
}

static bool
in_scope(const struct merge_scope *scope, int64_t time)
{
	int64_t day = time == MERGE_TIME_NONE ? scope->from : date_day_of(time);

	return day >= scope->from && day <= scope->to;
}

static void
keep_in_scope(struct merge *merge)
{
	size_t kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		if (in_scope(&merge->scope, merge->papers[i].time))
			merge->papers[kept++] = merge->papers[i];
	merge->count = kept;
}

int
merge_resolve(struct merge *merge, const struct merge_scope *scope)
{
	struct digest *digest = digest_new();
	struct buf text = BUF_INIT;
	int result = merge_groups_find(&merge->index, &merge->groups);

	merge->scope = *scope;
	merge->papers = mem_new(merge->groups.count, sizeof(*merge->papers));
	for (size_t i = 0; i < merge->groups.count && result == 0; i++) {
		struct paper *paper = &merge->papers[merge->count++];

		paper->head = merge->groups.heads[i];
		paper->time = merge_supply_time(&merge->index, chain_of(paper));
		id_text(merge, paper, true, &text);
		digest_text(digest, &text, paper->id);
	}
	/* Before the scope is looked at: what it leaves out must not change the id of another. */
	part_equal_ids(merge, digest);
	keep_in_scope(merge);
	if (merge->count > 0)
		qsort(merge->papers, merge->count, sizeof(*merge->papers), paper_order);
	buf_free(&text);
	digest_free(digest);
	return result;
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
	const struct paper *paper = &merge->papers[number];

	if (merge_supply_row(&merge->index, chain_of(paper), row, arena) == -1)
		return -1;
	digest_hex(paper->id, row->id);
	return in_categories(&merge->scope, row);
}

int
merge_records(struct merge *merge, size_t paper, struct merge_record **records, size_t *count,
    struct arena *arena)
{
	if (merge->elders.records == NULL)
		merge_elders_find(&merge->elders, &merge->index);
	return merge_record_list(&merge->index, &merge->groups, &merge->elders,
	    chain_of(&merge->papers[paper]), records, count, arena);
}

void
merge_id_text(const struct merge *merge, size_t number, struct buf *text)
{
	const struct paper *paper = &merge->papers[number];
	struct digest *digest = digest_new();
	unsigned char id[DIGEST_BYTES];

	id_text(merge, paper, true, text);
	digest_text(digest, text, id);
	if (memcmp(id, paper->id, DIGEST_BYTES) != 0)
		id_text(merge, paper, false, text);
	digest_free(digest);
}

/* Paper numbers in the order of their ids. */
static void
sort_by_id(struct merge *merge)
{
	struct paper *sorted = mem_new(merge->count, sizeof(*sorted));

	merge->by_id = mem_new(merge->count + 1, sizeof(*merge->by_id));
	for (size_t i = 0; i < merge->count; i++) {
		sorted[i] = merge->papers[i];
		/* Its number travels with it. */
		sorted[i].head = (uint32_t)i;
	}
	if (merge->count > 0)
		qsort(sorted, merge->count, sizeof(*sorted), paper_id_order);
	for (size_t i = 0; i < merge->count; i++)
		merge->by_id[i] = sorted[i].head;
	free(sorted);
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

		digest_hex(merge->papers[merge->by_id[middle]].id, hex);
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
		FOR_EACH_ENTRY(index, entry, chain_of(&merge->papers[i - 1]))
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
