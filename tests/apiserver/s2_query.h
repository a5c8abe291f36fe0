#ifndef APISERVER_S2_QUERY_H
#define APISERVER_S2_QUERY_H

#include "arena.h"
#include "slice.h"
#include "world.h"

#include <stdbool.h>

/* A parsed query of the bulk search; it lives in the arena that it was parsed into. */
struct s2_query;

/**
 * s2_query_parse(arena, text):
 * Read the bulk search's language: blank and `+` AND, `|` OR, `-` NOT, `"phrase"`, `prefix*`, `(
 * )`; `~N` behind a term is passed over.  `|` binds loosest (undocumented): `a b | c` is `(a b) |
 * c`.  Nothing is an error: what cannot be read is skipped, as Elasticsearch's simple query string
 * does.
 */
const struct s2_query *s2_query_parse(struct arena *arena, struct slice text);

/** s2_query_match(query, paper): Whether title and abstract of ${paper} satisfy it; an empty query
 * is satisfied by all. */
bool s2_query_match(const struct s2_query *query, const struct s2_paper *paper);

#endif
