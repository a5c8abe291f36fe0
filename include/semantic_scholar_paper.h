#ifndef FINESET_SEMANTIC_SCHOLAR_PAPER_H
#define FINESET_SEMANTIC_SCHOLAR_PAPER_H

#include "answer.h"
#include "log.h"
#include "slice.h"

#include <stdint.h>

/**
 * semantic_scholar_paper_parse(json, fetched, log, answer):
 * Read ${json}, the text of one entry of an answer, as the next item of ${answer}: a paper, an
 * object that holds one (`citedPaper`, `citingPaper`), or null.  What is none, or names a key
 * twice, is refused; a bad field of a good paper is dropped.  Faults go to answer_fault.
 */
void semantic_scholar_paper_parse(
    struct slice json, int64_t fetched, const struct log *log, struct answer *answer);

#endif
