#ifndef FINESET_SEMANTIC_SCHOLAR_H
#define FINESET_SEMANTIC_SCHOLAR_H

#include "attribute.h"
#include "fetch.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The Semantic Scholar Graph API as a source: the topic's bulk search, each time in full, for the
 * citation counts change, then batches for the arXiv papers that the search did not bring.
 */
struct semantic_scholar;

/**
 * semantic_scholar_base_url(given):
 * Where the API is, when people give its origin or `ORIGIN/graph/v1`, with or without a slash
 * behind it; any other path that holds `/graph/v1` is taken as it is.  The caller frees it.
 */
char *semantic_scholar_base_url(const char *given) MUST_CHECK;

/** semantic_scholar_new(setup): A source that has asked nothing yet. */
struct semantic_scholar *semantic_scholar_new(const struct source_setup *setup) MUST_CHECK;

/** semantic_scholar_free(source): Free it. */
void semantic_scholar_free(struct semantic_scholar *source);

/**
 * semantic_scholar_restore(source, text):
 * Go on from a commit of the journal; to be called for each of them, in order.  An empty one claims
 * nothing of what came before it.  After one that no run has written (told) everything is asked
 * again.
 */
void semantic_scholar_restore(struct semantic_scholar *source, struct slice text);

/** semantic_scholar_machine(source, renew): The source as the engine drives it, borrowed. ${renew}:
 * ask for everything again even if that was done for these days. */
struct source_machine semantic_scholar_machine(struct semantic_scholar *source, bool renew);

/** semantic_scholar_unfinished(source): Whether an earlier run has left something to be asked. */
bool semantic_scholar_unfinished(const struct semantic_scholar *source);

/** semantic_scholar_asked_until(source): The last day that was ever asked for, days since 1970;
 * INT64_MIN before that. */
int64_t semantic_scholar_asked_until(const struct semantic_scholar *source);

/** semantic_scholar_matched(source): Matches of the search by the server's count; -1 if it never
 * answered. */
int64_t semantic_scholar_matched(const struct semantic_scholar *source);

/** semantic_scholar_missing(source): Matches that the server counts but did not hand out, however
 * often it was asked. */
int64_t semantic_scholar_missing(const struct semantic_scholar *source);

/** semantic_scholar_faults(source): What was wrong with entries in this run. */
struct source_faults semantic_scholar_faults(const struct semantic_scholar *source);

#endif
