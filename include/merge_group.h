#ifndef FINESET_MERGE_GROUP_H
#define FINESET_MERGE_GROUP_H

#include "arena.h"
#include "attribute.h"
#include "merge.h"
#include "merge_index.h"

#include <stddef.h>
#include <stdint.h>

/* Which records are one paper: the connected components over the keys that may join. */
struct merge_groups {
	/* The best record of each paper; its entry's next leads to the others. */
	uint32_t *heads;
	size_t count;
	struct doi_conflict *conflicts;
	size_t conflict_count;
	size_t conflict_capacity;
	uint64_t superseded;
	struct arena arena;
};

/**
 * merge_groups_find(index, groups):
 * Mark superseded records, find the conflicts and the papers, and chain the records of each paper:
 * arXiv before Semantic Scholar; of arXiv the earliest published id first; of Semantic Scholar most
 * citations first, then the lowest CorpusId.  0, or -1 (logged) if a record cannot be read again.
 */
int merge_groups_find(struct merge_index *index, struct merge_groups *groups) MUST_CHECK;

/** merge_groups_name_cmp(index, left, right): Order two records of Semantic Scholar by what stays:
 * the CorpusId, then the paperId. */
int merge_groups_name_cmp(const struct merge_index *index, uint32_t left, uint32_t right);

/** merge_groups_cmp(index, left, right): The order in which two records supply the fields of a
 * paper; negative: ${left} first. */
int merge_groups_cmp(const struct merge_index *index, uint32_t left, uint32_t right);

/** merge_groups_free(groups): Free what ${groups} holds. */
void merge_groups_free(struct merge_groups *groups);

#endif
