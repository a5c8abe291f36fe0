#include "merge_group.h"

#include "mem.h"
#include "merge_supply.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Titles of one DOI are taken to agree from here on. */
#define TITLES_AGREE 0.9
/* A DOI on more records than this is a series or a mistake, not two preprints of one paper. */
#define CLAIMS_MAX 32

/* A DOI that several records name. */
enum doi_state { DOI_JOINS, DOI_CONFLICT, DOI_CONFLICT_JOINS };

/* What the components are built from; dies with merge_groups_find. */
struct grouping {
	struct merge_index *index;
	struct merge_groups *groups;
	/* By record: the parent in the union-find forest. */
	uint32_t *parents;
	/* By key: a first record, whatever the step needs it for. */
	uint32_t *firsts;
	/* By key: enum doi_state. */
	uint8_t *states;
};

/* A record that names a DOI in conflict. */
struct claim {
	uint32_t doi;
	uint32_t record;
};

static int
number_cmp(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Position in the input decides last, so that a later line supersedes an earlier one. */
static int
position_cmp(const struct merge_entry *a, const struct merge_entry *b)
{
	if (a->file != b->file)
		return number_cmp(a->file, b->file);
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Whether ${a} supersedes ${b}, a record of the same paper by the same source. */
static bool
supersedes(const struct merge_entry *a, const struct merge_entry *b)
{
	if (a->source == SOURCE_ARXIV && a->version != b->version)
		return a->version > b->version;
	if (a->fetched != b->fetched)
		return a->fetched > b->fetched;
	return position_cmp(a, b) > 0;
}

static void
firsts_clear(struct grouping *grouping)
{
	memset(grouping->firsts, 0xff,
	    key_table_count(grouping->index->keys) * sizeof(*grouping->firsts));
}

static void
mark_superseded(struct grouping *grouping)
{
	struct merge_index *index = grouping->index;

	firsts_clear(grouping);
	for (size_t i = 0; i < index->count; i++) {
		struct merge_entry *entry = &index->entries[i], *loser = entry;
		uint32_t *best;

		if (entry->identity == KEY_NONE)
			continue;
		best = &grouping->firsts[entry->identity];
		if (*best != MERGE_RECORD_NONE) {
			if (supersedes(entry, &index->entries[*best])) {
				loser = &index->entries[*best];
				*best = (uint32_t)i;
			}
			loser->superseded = 1;
			grouping->groups->superseded++;
		} else {
			*best = (uint32_t)i;
		}
	}
}

/* Whether two records that share a DOI carry, together, more than one arXiv id. */
static bool
ids_differ(
    const struct merge_index *index, const struct merge_entry *a, const struct merge_entry *b)
{
	size_t at = 0;
	uint32_t key = merge_index_ref(index, a, KEY_ARXIV, &at), other;

	if (merge_index_ref(index, a, KEY_ARXIV, &at) != KEY_NONE)
		return true;
	at = 0;
	other = merge_index_ref(index, b, KEY_ARXIV, &at);
	/* One of them is the same: is there a second one? */
	if (other != KEY_NONE && merge_index_carries(index, b, key))
		other = merge_index_ref(index, b, KEY_ARXIV, &at);
	return other != KEY_NONE;
}

/* Set the state of each DOI whose records carry two arXiv ids; how many there are. */
static size_t
mark_conflicts(struct grouping *grouping)
{
	const struct merge_index *index = grouping->index;
	size_t conflicts = 0;

	/* The first record of each DOI that carries an arXiv id: all others are held against it. */
	firsts_clear(grouping);
	for (size_t i = 0; i < index->count; i++) {
		const struct merge_entry *entry = &index->entries[i];
		size_t none = 0, at = 0;
		uint32_t doi;

		if (entry->superseded ||
		    merge_index_ref(index, entry, KEY_ARXIV, &none) == KEY_NONE)
			continue;
		while ((doi = merge_index_ref(index, entry, KEY_DOI, &at)) != KEY_NONE) {
			uint32_t *first = &grouping->firsts[doi];

			if (*first == MERGE_RECORD_NONE)
				*first = (uint32_t)i;
			if (grouping->states[doi] == DOI_JOINS &&
			    ids_differ(index, entry, &index->entries[*first])) {
				grouping->states[doi] = DOI_CONFLICT;
				conflicts++;
			}
		}
	}
	return conflicts;
}

/* The title of a record as its row would have it, in the arena; SLICE_NONE without one. */
static int
read_title(struct grouping *grouping, uint32_t record, struct slice *title)
{
	const struct merge_index *index = grouping->index;
	struct arena *arena = &grouping->groups->arena;
	struct record_line parsed;

	*title = SLICE_NONE;
	if (merge_index_record(index, &index->entries[record], &parsed, NULL, arena) == -1)
		return -1;
	*title = merge_supply_text(&parsed.values[RECORD_TITLE], arena);
	return 0;
}

/* Whether the titles of all records of a DOI agree, each with each.  1, 0, or -1. */
static int
titles_agree(struct grouping *grouping, const struct claim *claims, size_t count)
{
	struct slice *titles = mem_new(count, sizeof(*titles));
	int result = 1;

	for (size_t i = 0; i < count && result == 1; i++) {
		if (read_title(grouping, claims[i].record, &titles[i]) == -1)
			result = -1;
		for (size_t j = 0; j < i && result == 1; j++)
			if (text_similarity(titles[i], titles[j]) < TITLES_AGREE)
				result = 0;
	}
	free(titles);
	return result;
}

static int
slice_order(const void *a, const void *b)
{
	return slice_cmp(*(const struct slice *)a, *(const struct slice *)b);
}

/* The distinct arXiv ids of the records of one DOI, sorted, in the arena. */
static struct slice_list
claimed_ids(struct grouping *grouping, const struct claim *claims, size_t count)
{
	const struct merge_index *index = grouping->index;
	struct slice *ids = NULL;
	size_t found = 0, capacity = 0, kept = 0;
	struct slice_list list;

	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		uint32_t key;

		while ((key = merge_index_ref(index, &index->entries[claims[i].record], KEY_ARXIV,
			    &at)) != KEY_NONE) {
			ids = mem_grow(ids, &capacity, found + 1, sizeof(*ids));
			ids[found++] = key_table_text(index->keys, key);
		}
	}
	if (found > 0)
		qsort(ids, found, sizeof(*ids), slice_order);
	list.items = arena_new(&grouping->groups->arena, found, sizeof(*ids));
	for (size_t i = 0; i < found; i++)
		if (i == 0 || !slice_equal(ids[i], ids[i - 1]))
			list.items[kept++] = ids[i];
	list.count = kept;
	free(ids);
	return list;
}

/* Two ids and titles that agree: preprints of one paper, joined; else the DOI joins nothing. */
static int
judge_conflict(struct grouping *grouping, const struct claim *claims, size_t count)
{
	struct merge_groups *groups = grouping->groups;
	struct doi_conflict conflict = {
		.doi = key_table_text(grouping->index->keys, claims[0].doi),
		.arxiv_ids = claimed_ids(grouping, claims, count),
		.records = count,
	};
	int agree = conflict.arxiv_ids.count == 2 && count <= CLAIMS_MAX
			? titles_agree(grouping, claims, count)
			: 0;

	if (agree == -1)
		return -1;
	conflict.joined = agree == 1;
	if (conflict.joined)
		grouping->states[claims[0].doi] = DOI_CONFLICT_JOINS;
	groups->conflicts = mem_grow(groups->conflicts, &groups->conflict_capacity,
	    groups->conflict_count + 1, sizeof(*groups->conflicts));
	groups->conflicts[groups->conflict_count++] = conflict;
	return 0;
}

static int
claim_order(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;

	if (left->doi != right->doi)
		return left->doi < right->doi ? -1 : 1;
	return (left->record > right->record) - (left->record < right->record);
}

static int
conflict_order(const void *a, const void *b)
{
	return slice_cmp(
	    ((const struct doi_conflict *)a)->doi, ((const struct doi_conflict *)b)->doi);
}

static int
judge_conflicts(struct grouping *grouping)
{
	const struct merge_index *index = grouping->index;
	struct merge_groups *groups = grouping->groups;
	struct claim *claims = NULL;
	size_t count = 0, capacity = 0, start = 0;
	int result = 0;

	for (size_t i = 0; i < index->count; i++) {
		size_t at = 0;
		uint32_t doi;

		if (index->entries[i].superseded)
			continue;
		while (
		    (doi = merge_index_ref(index, &index->entries[i], KEY_DOI, &at)) != KEY_NONE) {
			if (grouping->states[doi] == DOI_JOINS)
				continue;
			claims = mem_grow(claims, &capacity, count + 1, sizeof(*claims));
			claims[count++] = (struct claim){ doi, (uint32_t)i };
		}
	}
	if (count > 0)
		qsort(claims, count, sizeof(*claims), claim_order);
	for (size_t i = 1; i <= count && result == 0; i++) {
		if (i < count && claims[i].doi == claims[start].doi)
			continue;
		result = judge_conflict(grouping, claims + start, i - start);
		start = i;
	}
	free(claims);
	if (groups->conflict_count > 0)
		qsort(groups->conflicts, groups->conflict_count, sizeof(*groups->conflicts),
		    conflict_order);
	return result;
}

static uint32_t
root_of(uint32_t *parents, uint32_t record)
{
	while (parents[record] != record) {
		parents[record] = parents[parents[record]];
		record = parents[record];
	}
	return record;
}

static bool
may_join(const struct grouping *grouping, struct merge_ref ref)
{
	if (ref.kind == KEY_DOI)
		return grouping->states[ref.key] != DOI_CONFLICT;
	return ref.kind == KEY_ARXIV || ref.kind == KEY_CORPUS;
}

static void
join_records(struct grouping *grouping)
{
	const struct merge_index *index = grouping->index;

	firsts_clear(grouping);
	for (size_t i = 0; i < index->count; i++)
		grouping->parents[i] = (uint32_t)i;
	for (size_t i = 0; i < index->count; i++) {
		const struct merge_entry *entry = &index->entries[i];

		if (entry->superseded)
			continue;
		for (size_t j = 0; j < entry->ref_count; j++) {
			struct merge_ref ref = index->refs[entry->refs + j];
			uint32_t a, b;

			if (!may_join(grouping, ref))
				continue;
			if (grouping->firsts[ref.key] == MERGE_RECORD_NONE) {
				grouping->firsts[ref.key] = (uint32_t)i;
				continue;
			}
			a = root_of(grouping->parents, (uint32_t)i);
			b = root_of(grouping->parents, grouping->firsts[ref.key]);
			/* The lower number is the root: chains stay short and the result stable. */
			if (a < b)
				grouping->parents[b] = a;
			else
				grouping->parents[a] = b;
		}
	}
}

/* Unknown values come last; returns 0 where both are known or both are not. */
static int
unknown_cmp(int64_t a, int64_t b, int64_t unknown)
{
	return (a == unknown) - (b == unknown);
}

static int
corpus_cmp(
    const struct merge_index *index, const struct merge_entry *a, const struct merge_entry *b)
{
	int64_t left = merge_index_corpus_id(index, a), right = merge_index_corpus_id(index, b);
	int order = unknown_cmp(left, right, SOURCE_NUMBER_NONE);

	return order != 0 ? order : number_cmp(left, right);
}

int
merge_groups_name_cmp(const struct merge_index *index, uint32_t left, uint32_t right)
{
	const struct merge_entry *a = &index->entries[left], *b = &index->entries[right];
	int order = corpus_cmp(index, a, b);

	if (order == 0)
		order = slice_cmp(key_table_text(index->keys, a->identity),
		    key_table_text(index->keys, b->identity));
	return order != 0 ? order : position_cmp(a, b);
}

int
merge_groups_cmp(const struct merge_index *index, uint32_t left, uint32_t right)
{
	const struct merge_entry *a = &index->entries[left], *b = &index->entries[right];
	int order = number_cmp(a->source, b->source);

	if (order == 0 && a->source == SOURCE_ARXIV) {
		order = unknown_cmp(a->time, b->time, MERGE_TIME_NONE);
		if (order == 0)
			order = number_cmp(a->time, b->time);
	} else if (order == 0) {
		order = number_cmp(b->citations, a->citations);
	}
	return order != 0 ? order : merge_groups_name_cmp(index, left, right);
}

/* Put a record into the chain that starts at ${head}, in the order of supply. */
static void
chain_insert(struct merge_index *index, uint32_t *head, uint32_t record)
{
	while (*head != MERGE_RECORD_NONE && merge_groups_cmp(index, *head, record) < 0)
		head = &index->entries[*head].next;
	index->entries[record].next = *head;
	*head = record;
}

static void
chain_records(struct grouping *grouping)
{
	struct merge_index *index = grouping->index;
	struct merge_groups *groups = grouping->groups;
	/* By root: the head of its chain. */
	uint32_t *heads = mem_resize(NULL, index->count + 1, sizeof(*heads));
	size_t count = 0;

	memset(heads, 0xff, (index->count + 1) * sizeof(*heads));
	for (size_t i = 0; i < index->count; i++)
		if (!index->entries[i].superseded)
			chain_insert(
			    index, &heads[root_of(grouping->parents, (uint32_t)i)], (uint32_t)i);
	for (size_t i = 0; i < index->count; i++)
		if (heads[i] != MERGE_RECORD_NONE)
			heads[count++] = heads[i];
	groups->heads = mem_resize(heads, count, sizeof(*heads));
	groups->count = count;
}

int
merge_groups_find(struct merge_index *index, struct merge_groups *groups)
{
	size_t keys = key_table_count(index->keys);
	struct grouping grouping = {
		.index = index,
		.groups = groups,
		.parents = mem_new(index->count, sizeof(uint32_t)),
		.firsts = mem_new(keys, sizeof(uint32_t)),
		.states = mem_new(keys, 1),
	};
	int result = 0;

	*groups = (struct merge_groups){ .arena = ARENA_INIT };
	mark_superseded(&grouping);
	if (mark_conflicts(&grouping) > 0)
		result = judge_conflicts(&grouping);
	if (result == 0) {
		join_records(&grouping);
		chain_records(&grouping);
	}
	free(grouping.parents);
	free(grouping.firsts);
	free(grouping.states);
	return result;
}

void
merge_groups_free(struct merge_groups *groups)
{
	free(groups->heads);
	free(groups->conflicts);
	arena_free(&groups->arena);
}
