#ifndef FINESET_DOI_DOUBTS_H
#define FINESET_DOI_DOUBTS_H

#include "attribute.h"
#include "audit_fault.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Faults of rows that share a DOI, in a file that nothing stands beside.  A DOI on rows of two
 * arXiv ids is in conflict: it joins nothing, and stands in several rows.  Whether it is shows when
 * all rows are read, so what a conflict would explain is kept until then.
 */
struct doi_doubts;

/** doi_doubts_new(): No row and no fault. */
struct doi_doubts *doi_doubts_new(void) MUST_CHECK;

/** doi_doubts_free(doubts): Free it. */
void doi_doubts_free(struct doi_doubts *doubts);

/** doi_doubts_see(doubts, doi, arxiv_id): A row has both; SLICE_NONE if it has no arXiv id.  A DOI
 * is stripped and in lower case here. */
void doi_doubts_see(struct doi_doubts *doubts, struct slice doi, struct slice arxiv_id);

/** doi_doubts_add(doubts, doi, fault): Keep a fault that is none if the DOI is in conflict. */
void doi_doubts_add(struct doi_doubts *doubts, struct slice doi, const struct audit_fault *fault);

/**
 * doi_doubts_next(doubts, at, fault):
 * The next fault that no conflict explains, borrowed until the next call; ${at}, 0 at first, is
 * where to go on.  False if there is none left.
 */
bool doi_doubts_next(const struct doi_doubts *doubts, size_t *at, struct audit_fault *fault);

#endif
