#ifndef FINESET_ARXIV_FEED_H
#define FINESET_ARXIV_FEED_H

#include "answer.h"
#include "log.h"

#include <stddef.h>
#include <stdint.h>

/**
 * arxiv_feed_parse(xml, len, fetched, log, answer):
 * Read one body of the arXiv Atom API, in either dialect (before and since 2025-11), into
 * ${answer}, which was initialised.  An error feed is known by the `/api/errors` in its entry's id.
 * A page is read whole or not at all; a bad entry is logged (`arxiv: item N (id): field: reason,
 * got '...'`), counted in answer->refused and skipped; a bad field of a good entry is logged and
 * dropped.  ${fetched} is stamped on each record, in seconds since 1970.
 */
void arxiv_feed_parse(
    const char *xml, size_t len, int64_t fetched, const struct log *log, struct answer *answer);

#endif
