#ifndef FINESET_ALIAS_H
#define FINESET_ALIAS_H

#include "attribute.h"
#include "merge.h"
#include "slice.h"

/** alias_find(merge, name): The paper that one of its source records gives this name: an arXiv id
 * or a DOI in any form, a CorpusId (`CorpusId:123`), a paperId (40 hex digits, or a URL that ends
 * with one); or MERGE_PAPER_NONE. */
size_t alias_find(struct merge *merge, struct slice name) MUST_CHECK;

#endif
