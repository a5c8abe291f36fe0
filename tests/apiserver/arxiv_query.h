#ifndef APISERVER_ARXIV_QUERY_H
#define APISERVER_ARXIV_QUERY_H

#include "arena.h"
#include "attribute.h"
#include "buf.h"
#include "slice.h"
#include "world.h"

#include <stdbool.h>

/* A parsed search_query; it lives in the arena that it was parsed into. */
struct arxiv_query {
	/* NULL: no search_query was given, all papers match. */
	const struct arxiv_node *root;
	/* The query after the server's repair, as the feed's title echoes it. */
	struct slice repaired;
	/* The same with the nesting that the grammar gave it, as the feed's link has it. */
	struct slice nested;
};

/**
 * arxiv_query_parse(arena, text, raw, query):
 * Read a search_query.  Unless ${raw}, it is repaired first: lastUpdatedDate becomes submittedDate,
 * short dates are padded, NOT and AND NOT become ANDNOT, `ti:(a b)` hands its prefix to each word,
 * words without prefix get `all:`, words without an operator between them are OR-ed, of two
 * operators in a row the last stays.  There is no precedence: a chain nests to the right.  0, or -1
 * if the grammar refuses it.
 */
int arxiv_query_parse(
    struct arena *arena, struct slice text, bool raw, struct arxiv_query *query) MUST_CHECK;

/** arxiv_query_match(query, paper): Whether ${paper} is found. */
bool arxiv_query_match(const struct arxiv_query *query, const struct arxiv_paper *paper);

/** arxiv_query_rank(query, paper): How well a found paper fits: its number of terms that match,
 * titles double. */
unsigned arxiv_query_rank(const struct arxiv_query *query, const struct arxiv_paper *paper);

/** arxiv_query_until(query, until): Set ${until} to the upper end of the query's last date range,
 * if it has one. */
bool arxiv_query_until(const struct arxiv_query *query, int64_t *until);

#endif
