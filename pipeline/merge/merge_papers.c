#include "merge_papers.h"

#include "date.h"
#include "mem.h"
#include "team.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Ids that a worker makes at a time. */
#define NAMED_AT_ONCE 4096
/* Values of a byte. */
#define BYTES ((size_t)UCHAR_MAX + 1)

static struct merge_chain
chain_of(uint32_t head)
{
	return (struct merge_chain){ head, MERGE_RECORD_NONE };
}

static void
id_text(const struct merge_papers *papers, uint32_t head, struct buf *text)
{
	bool with_doi = papers->without_doi == NULL || !papers->without_doi[head];

	merge_supply_id_text(papers->index, chain_of(head), with_doi, text);
}

static void
make_id(const struct merge_papers *papers, uint32_t head, unsigned char id[DIGEST_BYTES])
{
	struct buf text = BUF_INIT;

	id_text(papers, head, &text);
	digest_of(papers->digest, text.data, text.len, id);
	buf_free(&text);
}

/* The order of ranks with one first part. */
static int
rank_order(const void *a, const void *b)
{
	const struct merge_rank *left = a, *right = b;

	if (left->second != right->second)
		return left->second < right->second ? -1 : 1;
	return (left->head > right->head) - (left->head < right->head);
}

/* Ranks in the order of their first parts, some of which are equal. */
struct naming {
	const struct merge_papers *papers;
	struct merge_rank *ranks;
	size_t count;
};

/* The first four bytes of an id, as a number in their order. */
static uint32_t
front_of(const struct merge_papers *papers, uint32_t head)
{
	unsigned char id[DIGEST_BYTES];

	make_id(papers, head, id);
	return (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
}

static int
name_some(void *cookie, size_t slot, size_t item)
{
	struct naming *naming = cookie;
	size_t at = item * NAMED_AT_ONCE, end = at + NAMED_AT_ONCE;

	(void)slot;
	for (; at < end && at < naming->count; at++) {
		struct merge_rank *rank = &naming->ranks[at];

		if ((at > 0 && rank[-1].first == rank->first) ||
		    (at + 1 < naming->count && rank[1].first == rank->first))
			rank->second = front_of(naming->papers, rank->head);
	}
	return at == end;
}

static int
take_names(void *cookie, size_t slot, size_t item)
{
	(void)cookie;
	(void)slot;
	(void)item;
	return 0;
}

/* Set the second parts where the first ones leave equal: ids cost more than all else here. */
static void
name_equals(const struct merge_papers *papers, struct merge_rank *ranks, size_t count)
{
	const struct team_work work = { name_some, take_names };
	struct naming naming = { papers, ranks, count };
	/* There is nothing that can fail. */
	int ignored = team_run(&work, &naming, papers->index->workers);

	(void)ignored;
}

/* A rank with all of the id. */
struct named {
	unsigned char id[DIGEST_BYTES];
	struct merge_rank rank;
};

static int
named_order(const void *a, const void *b)
{
	const struct named *left = a, *right = b;
	int order = memcmp(left->id, right->id, DIGEST_BYTES);

	return order != 0 ? order : rank_order(&left->rank, &right->rank);
}

/* Sort what even the front of the id leaves equal. */
static void
sort_named(const struct merge_papers *papers, struct merge_rank *run, size_t count)
{
	struct named *named = mem_new(count, sizeof(*named));

	for (size_t i = 0; i < count; i++) {
		named[i].rank = run[i];
		make_id(papers, run[i].head, named[i].id);
	}
	qsort(named, count, sizeof(*named), named_order);
	for (size_t i = 0; i < count; i++)
		run[i] = named[i].rank;
	free(named);
}

/* Sort by their ids what has the same first part. */
static void
sort_run(const struct merge_papers *papers, struct merge_rank *run, size_t count)
{
	size_t start = 0;

	qsort(run, count, sizeof(*run), rank_order);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && run[start].second == run[i].second)
			continue;
		if (i - start > 1)
			sort_named(papers, run + start, i - start);
		start = i;
	}
}

/* A byte of the first part, the lowest is 0, such that those of smaller ones are smaller. */
static size_t
first_byte(const struct merge_rank *rank, unsigned number)
{
	return ((uint64_t)rank->first ^ (uint64_t)1 << 63) >> CHAR_BIT * number & UCHAR_MAX;
}

/* Where the ranks with each value of a byte begin, once they are in its order; whether there is
 * more than one value. */
static bool
byte_starts(const struct merge_rank *ranks, size_t count, unsigned number, size_t starts[BYTES])
{
	size_t start = 0;

	memset(starts, 0, BYTES * sizeof(*starts));
	for (size_t i = 0; i < count; i++)
		starts[first_byte(&ranks[i], number)]++;
	if (starts[first_byte(&ranks[0], number)] == count)
		return false;
	for (size_t i = 0; i < BYTES; i++) {
		size_t these = starts[i];

		starts[i] = start;
		start += these;
	}
	return true;
}

/* Sort by the first parts, byte by byte from the lowest: quicker than comparisons, and the other
 * workers have nothing to do meanwhile. */
static void
sort_by_first(struct merge_rank *ranks, size_t count)
{
	struct merge_rank *from = ranks, *to = mem_resize(NULL, count, sizeof(*to)), *spare = to;
	size_t starts[BYTES];

	for (unsigned number = 0; number < sizeof(ranks->first); number++) {
		struct merge_rank *sorted = to;

		if (!byte_starts(from, count, number, starts))
			continue;
		for (size_t i = 0; i < count; i++)
			sorted[starts[first_byte(&from[i], number)]++] = from[i];
		to = from;
		from = sorted;
	}
	if (from != ranks)
		memcpy(ranks, from, count * sizeof(*ranks));
	free(spare);
}

static void
sort_ranks(const struct merge_papers *papers, struct merge_rank *ranks, size_t count)
{
	size_t start = 0;

	if (count == 0)
		return;
	sort_by_first(ranks, count);
	name_equals(papers, ranks, count);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && ranks[start].first == ranks[i].first)
			continue;
		if (i - start > 1)
			sort_run(papers, ranks + start, i - start);
		start = i;
	}
}

/* All groups in the order of their ids; the caller frees them. */
static struct merge_rank *
ranks_by_id(const struct merge_papers *papers)
{
	size_t count = papers->groups->count;
	struct merge_rank *ranks = mem_resize(NULL, count, sizeof(*ranks));

	for (size_t i = 0; i < count; i++)
		ranks[i] = (struct merge_rank){ .head = papers->groups->heads[i] };
	sort_ranks(papers, ranks, count);
	return ranks;
}

static bool
same_id(const struct merge_papers *papers, const struct merge_rank *a, const struct merge_rank *b)
{
	unsigned char left[DIGEST_BYTES], right[DIGEST_BYTES];

	if (a->second != b->second)
		return false;
	make_id(papers, a->head, left);
	make_id(papers, b->head, right);
	return memcmp(left, right, DIGEST_BYTES) == 0;
}

/* All papers of a run with one id, but the one with the lowest CorpusId, get their CorpusId's: not
 * the one with the most citations, which is another one any day. */
static void
part_run(struct merge_papers *papers, const struct merge_rank *run, size_t count)
{
	size_t best = 0;

	if (papers->without_doi == NULL)
		papers->without_doi = mem_new(papers->index->count, sizeof(bool));
	for (size_t i = 1; i < count; i++)
		if (merge_groups_name_cmp(papers->index, run[i].head, run[best].head) < 0)
			best = i;
	for (size_t i = 0; i < count; i++)
		papers->without_doi[run[i].head] = i != best;
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
	ranks = ranks_by_id(papers);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && same_id(papers, &ranks[start], &ranks[i]))
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
		uint32_t head = papers->groups->heads[i];
		int64_t time = merge_supply_time(papers->index, chain_of(head));

		if (in_scope(scope, time))
			papers->ranks[papers->count++] = (struct merge_rank){
				.first = time == MERGE_TIME_NONE ? INT64_MAX : -time,
				.head = head,
			};
	}
	sort_ranks(papers, papers->ranks, papers->count);
}

void
merge_papers_find(struct merge_papers *papers, const struct merge_index *index,
    const struct merge_groups *groups, const struct merge_scope *scope)
{
	*papers = (struct merge_papers){ .index = index, .groups = groups };
	papers->digest = digest_new();
	/* Before the scope is looked at: what it leaves out must not change the id of another. */
	part_equal_ids(papers);
	set_ranks(papers, scope);
}

void
merge_papers_free(struct merge_papers *papers)
{
	digest_free(papers->digest);
	free(papers->without_doi);
	free(papers->ranks);
}

struct merge_chain
merge_papers_chain(const struct merge_papers *papers, size_t number)
{
	return chain_of(papers->ranks[number].head);
}

void
merge_papers_id_text(const struct merge_papers *papers, size_t number, struct buf *text)
{
	id_text(papers, papers->ranks[number].head, text);
}

void
merge_papers_id(const struct merge_papers *papers, size_t number, unsigned char id[DIGEST_BYTES])
{
	make_id(papers, papers->ranks[number].head, id);
}

uint32_t *
merge_papers_by_id(const struct merge_papers *papers)
{
	struct merge_rank *ranks = ranks_by_id(papers);
	uint32_t *numbers = mem_new(papers->count + 1, sizeof(*numbers));
	/* By best record: which paper it is, from 1; 0 of what is out of scope. */
	uint32_t *of_head = mem_new(papers->index->count, sizeof(*of_head));
	size_t count = 0;

	for (size_t i = 0; i < papers->count; i++)
		of_head[papers->ranks[i].head] = (uint32_t)i + 1;
	for (size_t i = 0; i < papers->groups->count; i++)
		if (of_head[ranks[i].head] > 0)
			numbers[count++] = of_head[ranks[i].head] - 1;
	free(of_head);
	free(ranks);
	return numbers;
}
