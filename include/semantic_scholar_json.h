#ifndef FINESET_SEMANTIC_SCHOLAR_JSON_H
#define FINESET_SEMANTIC_SCHOLAR_JSON_H

#include "answer.h"
#include "log.h"

#include <stddef.h>
#include <stdint.h>

/**
 * semantic_scholar_json_parse(json, len, fetched, log, answer):
 * Read one body of the Semantic Scholar Graph API into ${answer}, which was initialised: a search
 * page (`data`, `total`, `token`), a batch (a bare array, null for an unknown id), one paper, a
 * list of references or citations (`citedPaper`, `citingPaper`) or of recommendations
 * (`recommendedPapers`).  `{"error":...}` and `{"message":...}` without papers are ANSWER_ERROR.
 * What no JSON may hold is mended (json_text.h), if that is all that is wrong.  A bad entry, or one
 * in which a key stands twice, is logged (`semantic_scholar: item N (id): field: reason, got
 * '...'`), counted in answer->refused and skipped; a bad field of a good entry is logged and
 * dropped.
 * ${fetched} is stamped on each record, in seconds since 1970.
 */
void semantic_scholar_json_parse(
    const char *json, size_t len, int64_t fetched, const struct log *log, struct answer *answer);

#endif
