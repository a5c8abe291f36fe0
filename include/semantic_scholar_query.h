#ifndef FINESET_SEMANTIC_SCHOLAR_QUERY_H
#define FINESET_SEMANTIC_SCHOLAR_QUERY_H

#include "buf.h"
#include "topic.h"

/**
 * semantic_scholar_query_write(topic, out):
 * Append the query of the bulk search for a topic, unescaped: phrases quoted, `|` between
 * alternatives, `+` before what must and `-` before what must not occur.
 */
void semantic_scholar_query_write(const struct topic *topic, struct buf *out);

/** semantic_scholar_query_dates(topic, url): Append the parameter that limits the search to the
 * days of a topic, if it has any. */
void semantic_scholar_query_dates(const struct topic *topic, struct buf *url);

#endif
