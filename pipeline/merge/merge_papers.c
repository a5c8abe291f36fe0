#include "merge_papers.h"

#include "date.h"
#include "mem.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>

/* Ids that a worker makes at a time. */
#define NAMED_AT_ONCE 4096

static struct merge_chain
group_chain(const struct merge_papers *papers, uint32_t group)
{
	return (struct merge_chain){ papers->groups->heads[group], MERGE_RECORD_NONE };
}

/* Set the id of a group: its CorpusId's, if the DOI stands for another paper already. */
static void
set_id(struct merge_papers *papers, uint32_t group, bool with_doi, struct digest *digest,
    struct buf *text)
{
	buf_clear(text);
	merge_supply_id_text(papers->index, group_chain(papers, group), with_doi, text);
	digest_add(digest, text->data, text->len);
	digest_finish(digest, papers->ids[group]);
}

/* What each worker makes ids with. */
struct naming {
	struct merge_papers *papers;
	struct digest *digests[TEAM_LARGEST];
	struct buf texts[TEAM_LARGEST];
};

static int
name_groups(void *cookie, size_t worker, size_t item)
{
	struct naming *naming = cookie;
	size_t count = naming->papers->groups->count, at = item * NAMED_AT_ONCE;

	if (at >= count)
		return 0;
	for (size_t end = at + NAMED_AT_ONCE; at < end && at < count; at++)
		set_id(naming->papers, (uint32_t)at, true, naming->digests[worker],
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
set_ids(struct merge_papers *papers)
{
	const struct team_work work = { name_groups, take_names };
	struct naming naming = { .papers = papers };
	int result;

	papers->ids = mem_new(papers->groups->count, sizeof(*papers->ids));
	for (size_t i = 0; i < papers->index->workers; i++)
		naming.digests[i] = digest_new();
	result = team_run(&work, &naming, papers->index->workers);
	for (size_t i = 0; i < papers->index->workers; i++) {
		digest_free(naming.digests[i]);
		buf_free(&naming.texts[i]);
	}
	return result;
}

static int
rank_order(const void *a, const void *b)
{
	const struct merge_rank *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	if (left->second != right->second)
		return left->second < right->second ? -1 : 1;
	return (left->group > right->group) - (left->group < right->group);
}

static bool
same_rank(const struct merge_rank *a, const struct merge_rank *b)
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
static struct merge_rank
id_rank(const struct merge_papers *papers, uint32_t group)
{
	const unsigned char *id = papers->ids[group];

	return (struct merge_rank){ (int64_t)id_part(id, 0) << 31 | id_part(id, 4) >> 1,
		id_part(id, 7), group };
}

/* Published descending, unknown last; then by the front of the id. */
static struct merge_rank
paper_rank(const struct merge_papers *papers, uint32_t group, int64_t time)
{
	return (struct merge_rank){ time == MERGE_TIME_NONE ? INT64_MAX : -time,
		id_part(papers->ids[group], 0), group };
}

/* Sort them; those that even the front of the id leaves equal by all of it. */
static void
sort_ranks(const struct merge_papers *papers, struct merge_rank *ranks, size_t count)
{
	if (count > 0)
		qsort(ranks, count, sizeof(*ranks), rank_order);
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && same_rank(&ranks[j - 1], &ranks[j]) &&
				   memcmp(papers->ids[ranks[j - 1].group],
				       papers->ids[ranks[j].group], DIGEST_BYTES) > 0;
		     j--) {
			struct merge_rank later = ranks[j - 1];

			ranks[j - 1] = ranks[j];
			ranks[j] = later;
		}
}

/* All papers of a run with one id, but the one whose record supplies first, get their CorpusId's.
 */
static void
part_run(struct merge_papers *papers, const struct merge_rank *run, size_t count)
{
	const uint32_t *heads = papers->groups->heads;
	struct digest *digest = digest_new();
	struct buf text = BUF_INIT;
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (merge_groups_cmp(papers->index, heads[run[i].group], heads[run[best].group]) <
		    0)
			best = i;
	for (size_t i = 0; i < count; i++)
		if (i != best)
			set_id(papers, run[i].group, false, digest, &text);
	buf_free(&text);
	digest_free(digest);
}

/*
 * A DOI in conflict joins nothing, so several papers without an arXiv id may have no other name. An
 * id must stand for one paper.
 */
static void
part_equal_ids(struct merge_papers *papers)
{
	size_t count = papers->groups->count, start = 0;
	struct merge_rank *ranks;

	if (papers->groups->conflict_count == 0 || count == 0)
		return;
	ranks = mem_resize(NULL, count, sizeof(*ranks));
	for (size_t i = 0; i < count; i++)
		ranks[i] = id_rank(papers, (uint32_t)i);
	sort_ranks(papers, ranks, count);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && memcmp(papers->ids[ranks[i].group],
				     papers->ids[ranks[start].group], DIGEST_BYTES) == 0)
			continue;
		if (i - start > 1)
			part_run(papers, ranks + start, i - start);
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
set_ranks(struct merge_papers *papers, const struct merge_scope *scope)
{
	papers->ranks = mem_resize(NULL, papers->groups->count, sizeof(*papers->ranks));
	for (size_t i = 0; i < papers->groups->count; i++) {
		int64_t time = merge_supply_time(papers->index, group_chain(papers, (uint32_t)i));

		if (in_scope(scope, time))
			papers->ranks[papers->count++] = paper_rank(papers, (uint32_t)i, time);
	}
	sort_ranks(papers, papers->ranks, papers->count);
}

int
merge_papers_find(struct merge_papers *papers, const struct merge_index *index,
    const struct merge_groups *groups, const struct merge_scope *scope)
{
	*papers = (struct merge_papers){ .index = index, .groups = groups };
	if (set_ids(papers) == -1)
		return -1;
	/* Before the scope is looked at: what it leaves out must not change the id of another. */
	part_equal_ids(papers);
	set_ranks(papers, scope);
	return 0;
}

void
merge_papers_free(struct merge_papers *papers)
{
	free(papers->ids);
	free(papers->ranks);
}

struct merge_chain
merge_papers_chain(const struct merge_papers *papers, size_t number)
{
	return group_chain(papers, papers->ranks[number].group);
}

const unsigned char *
merge_papers_id(const struct merge_papers *papers, size_t number)
{
	return papers->ids[papers->ranks[number].group];
}

uint32_t *
merge_papers_by_id(const struct merge_papers *papers)
{
	struct merge_rank *ranks = mem_resize(NULL, papers->count, sizeof(*ranks));
	uint32_t *numbers = mem_new(papers->count + 1, sizeof(*numbers));
	/* By group: which paper it is. */
	uint32_t *of_group = mem_new(papers->groups->count, sizeof(*of_group));

	for (size_t i = 0; i < papers->count; i++) {
		ranks[i] = id_rank(papers, papers->ranks[i].group);
		of_group[papers->ranks[i].group] = (uint32_t)i;
	}
	sort_ranks(papers, ranks, papers->count);
	for (size_t i = 0; i < papers->count; i++)
		numbers[i] = of_group[ranks[i].group];
	free(of_group);
	free(ranks);
	return numbers;
}
