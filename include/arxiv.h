#ifndef FINESET_ARXIV_H
#define FINESET_ARXIV_H

#include "attribute.h"
#include "fetch.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The arXiv Atom API as a source: the topic's search in windows of submission dates
 * (arxiv_search.h), later what has changed since (arxiv_walk.h), then an id_list for the papers
 * that only Semantic Scholar brought.
 */
struct arxiv;

/* Papers surface days after they were submitted: so many are looked back (facts: arxiv-api, 5). */
#define ARXIV_OVERLAP_DAYS 10

/**
 * arxiv_base_url(given):
 * Where the API is, when people give its origin, `ORIGIN/api` or `ORIGIN/api/query`, with or
 * without a slash behind it; any other path that ends in `/query` is taken as it is.  The caller
 * frees it.
 */
char *arxiv_base_url(const char *given) MUST_CHECK;

/** arxiv_new(setup): A source that has asked nothing yet. */
struct arxiv *arxiv_new(const struct source_setup *setup) MUST_CHECK;

/** arxiv_free(arxiv): Free it. */
void arxiv_free(struct arxiv *arxiv);

/**
 * arxiv_restore(arxiv, text):
 * Go on from a commit of the journal; to be called for each of them, in order.  An empty one claims
 * nothing.  After one that no run has written (told) everything is asked again.
 */
void arxiv_restore(struct arxiv *arxiv, struct slice text);

/** arxiv_machine(arxiv, renew): The source as the engine drives it, borrowed.  ${renew}: ask for
 * what is new even if all was asked for these days. */
struct source_machine arxiv_machine(struct arxiv *arxiv, bool renew);

/** arxiv_unfinished(arxiv): Whether an earlier run has left something to be asked. */
bool arxiv_unfinished(const struct arxiv *arxiv);

/** arxiv_matched(arxiv): Matches of the whole query by the server's count; -1 if it never answered.
 */
int64_t arxiv_matched(const struct arxiv *arxiv);

/** arxiv_missing(arxiv): Matches that the server counts but did not hand out, and that the next run
 * is to ask for again; what two readings of all did not bring is not among them. */
int64_t arxiv_missing(const struct arxiv *arxiv);

/** arxiv_faults(arxiv): What was wrong with entries in this run. */
struct source_faults arxiv_faults(const struct arxiv *arxiv);

/** arxiv_asked_until(arxiv): The last day that was ever asked for, days since 1970; INT64_MIN
 * before that. */
int64_t arxiv_asked_until(const struct arxiv *arxiv);

/** arxiv_until(arxiv): The last day that is searched completely, days since 1970; INT64_MIN before
 * that. */
int64_t arxiv_until(const struct arxiv *arxiv);

/** arxiv_since(arxiv): When a paper must have been updated for the next look back to find it,
 * seconds since 1970; INT64_MIN as long as nothing was searched completely. */
int64_t arxiv_since(const struct arxiv *arxiv);

#endif
