#ifndef FINESET_ARXIV_ROUND_H
#define FINESET_ARXIV_ROUND_H

#include "answer.h"
#include "arxiv_search.h"
#include "arxiv_walk.h"
#include "attribute.h"
#include "buf.h"
#include "commit.h"
#include "fetch.h"
#include "key_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One round of arXiv: everything is read the first time, later what has changed; and everything
 * again when the changes cannot be relied on, or when something is missing.
 */
struct arxiv_round {
	const struct source_setup *setup;
	/* The first minute that is searched, since 1970. */
	int64_t first;
	/* At most one of them is on; a search that is on reads everything. */
	struct arxiv_search search;
	struct arxiv_walk walk;
	/* The days on which the last complete round, and the one in hand, were begun; INT64_MIN:
	 * none. */
	int64_t asked;
	int64_t begun;
	/* What the search brings and counts that comes right behind the days that are wanted. */
	struct key_table *beyond;
	/* How often in a row something was missing when everything was read. */
	int64_t short_readings;
};

/** arxiv_round_init(round, setup): Nothing was ever asked; ${setup} is borrowed. */
void arxiv_round_init(struct arxiv_round *round, const struct source_setup *setup);

/** arxiv_round_free(round): Free what it holds. */
void arxiv_round_free(struct arxiv_round *round);

/**
 * arxiv_round_plan(round, begin, renew):
 * Unless one is on, begin a round if days are new, and, when the run begins (${begin}), also if
 * something is missing or it is to ${renew} what is there.
 */
void arxiv_round_plan(struct arxiv_round *round, bool begin, bool renew);

/** arxiv_round_is_on(round): Whether there is something to search. */
bool arxiv_round_is_on(const struct arxiv_round *round);

/**
 * arxiv_round_take(round, answer, chosen, count, reason):
 * Eat a page.  Whether it can be relied on; if not, ${reason} says why, and it is to be asked
 * again.
 * ${chosen}, with room for all records of the answer, gets the ${count} that are news.
 */
bool arxiv_round_take(struct arxiv_round *round, const struct answer *answer, size_t *chosen,
    size_t *count, struct buf *reason) MUST_CHECK;

/** arxiv_round_shrink(round): Ask for half as much at a time, down to 100. */
void arxiv_round_shrink(struct arxiv_round *round);

/** arxiv_round_write(round, out): Append where it stands as members of a JSON object. */
void arxiv_round_write(const struct arxiv_round *round, struct buf *out);

/** arxiv_round_restore(round, commit): Go on from what arxiv_round_write put into ${commit}.  0, or
 * -1 if no run has written that: the round is of no use then. */
int arxiv_round_restore(struct arxiv_round *round, const struct commit *commit) MUST_CHECK;

/** arxiv_round_missing(round), arxiv_round_asked_until(round), arxiv_round_until(round),
 * arxiv_round_since(round): See the functions of arxiv.h. */
int64_t arxiv_round_asked_until(const struct arxiv_round *round);
int64_t arxiv_round_missing(const struct arxiv_round *round);
int64_t arxiv_round_until(const struct arxiv_round *round);
int64_t arxiv_round_since(const struct arxiv_round *round);

#endif
