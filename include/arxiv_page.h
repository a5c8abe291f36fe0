#ifndef FINESET_ARXIV_PAGE_H
#define FINESET_ARXIV_PAGE_H

#include "answer.h"
#include "attribute.h"
#include "buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Pages of an arXiv search: what may be asked for, and whether an answer is to it. */

/* The documented maximum of one page (facts: arxiv-api, 1 Limits); smaller ones only cost time. */
#define ARXIV_PAGE_MAX 2000
#define ARXIV_PAGE_MIN 100
/* The server breaks near so many results. */
#define ARXIV_RESULTS_MAX 10000

/**
 * arxiv_page_plan(end, behind, most, start):
 * Plan the page that follows the first ${end} entries, of ${most} at most; its size.  The server
 * counts in pages, 1 + round(start / max_results), and not beyond ARXIV_RESULTS_MAX, so ${start} is
 * a multiple of the size.  Where that would make tiny pages, some entries behind ${behind} are
 * asked twice instead.
 */
int64_t arxiv_page_plan(int64_t end, int64_t behind, int64_t most, int64_t *start);

/** arxiv_page_check(answer, start, reason): Whether an answer says that it begins at ${start}; if
 * not, ${reason} tells. */
bool arxiv_page_check(const struct answer *answer, int64_t start, struct buf *reason) MUST_CHECK;

#endif
