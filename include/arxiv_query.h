#ifndef FINESET_ARXIV_QUERY_H
#define FINESET_ARXIV_QUERY_H

#include "buf.h"
#include "topic.h"

#include <stdint.h>

/**
 * arxiv_query_write(topic, from, to, out):
 * Append the search_query for a topic, unescaped, limited to first submissions from minute ${from}
 * to minute
 * ${to} (minutes since 1970 UTC, both included).  Every phrase is quoted and every group stands in
 * parentheses: the server has no operator precedence and takes bare words as alternatives.
 */
void arxiv_query_write(const struct topic *topic, int64_t from, int64_t to, struct buf *out);

#endif
