#ifndef FINESET_MERGE_PAPERS_H
#define FINESET_MERGE_PAPERS_H

#include "attribute.h"
#include "buf.h"
#include "digest.h"
#include "merge.h"
#include "merge_group.h"
#include "merge_index.h"
#include "merge_supply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What papers are sorted by, and the best record of each. */
struct merge_rank {
	/* What is published last comes first, and what has no date last. */
	int64_t first;
	/* The front of the id where others have the same first part, else 0: most papers are sorted
	 * without an id, which takes longer to make than to sort by, and more memory. */
	uint32_t second;
	uint32_t head;
};

/* The groups as papers: their names, and those within a scope in the order of the snapshot.  Start
 * with zeros. */
struct merge_papers {
	const struct merge_index *index;
	const struct merge_groups *groups;
	struct digest *digest;
	/* By best record: its DOI stands for another paper already, so its id is that of its
	 * CorpusId. NULL where there is none such. */
	bool *without_doi;
	struct merge_rank *ranks;
	size_t count;
};

/** merge_papers_find(papers, index, groups, scope): Sort them; ${index} and ${groups} are borrowed.
 */
void merge_papers_find(struct merge_papers *papers, const struct merge_index *index,
    const struct merge_groups *groups, const struct merge_scope *scope);

/** merge_papers_free(papers): Free what ${papers} holds. */
void merge_papers_free(struct merge_papers *papers);

/** merge_papers_chain(papers, number): The records of paper ${number}. */
struct merge_chain merge_papers_chain(const struct merge_papers *papers, size_t number);

/** merge_papers_id_text(papers, number, text): Append the text whose SHA-256 is the id of paper
 * ${number}. */
void merge_papers_id_text(const struct merge_papers *papers, size_t number, struct buf *text);

/** merge_papers_id(papers, number, id): The id of paper ${number}; any thread may ask. */
void merge_papers_id(
    const struct merge_papers *papers, size_t number, unsigned char id[DIGEST_BYTES]);

/** merge_papers_by_id(papers): The numbers of the papers in the order of their ids; the caller
 * frees them. */
uint32_t *merge_papers_by_id(const struct merge_papers *papers) MUST_CHECK;

#endif
