#ifndef FINESET_ARXIV_WALK_H
#define FINESET_ARXIV_WALK_H

#include "answer.h"
#include "attribute.h"
#include "buf.h"
#include "commit.h"
#include "key_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What has changed at arXiv since some moment: the whole search by lastUpdatedDate, the last update
 * first, read until papers come that were updated before that moment.  New papers come with it,
 * for a new paper was updated when it was submitted.  That the order holds is checked on the way;
 * it was broken for days in 2025-11 (facts: arxiv-api, 0).
 */
struct arxiv_walk {
	bool active;
	/* Seconds since 1970: what was updated before is known. */
	int64_t since;
	/* Where the next page starts and how large it is; the largest that is asked for. */
	int64_t start;
	int64_t page_size;
	int64_t page_max;
	/* Papers that came for the first time, counted by whoever keeps them. */
	int64_t fresh;
	/* The last update that was told, and what has come. */
	int64_t last_updated;
	struct key_table *seen;
	/* Doubtful answers in a row. */
	unsigned doubts;
};

enum arxiv_walk_step {
	/* Not to be relied on: to be asked again. */
	ARXIV_WALK_DOUBT,
	/* There is another page. */
	ARXIV_WALK_ON,
	/* All that has changed came. */
	ARXIV_WALK_DONE,
	/* It cannot tell: everything is to be read. */
	ARXIV_WALK_LOST
};

/** arxiv_walk_init(walk): No walk is on. */
void arxiv_walk_init(struct arxiv_walk *walk);

/** arxiv_walk_free(walk): Free what it holds. */
void arxiv_walk_free(struct arxiv_walk *walk);

/** arxiv_walk_begin(walk, since, expected): Begin at the top; about ${expected} papers match. */
void arxiv_walk_begin(struct arxiv_walk *walk, int64_t since, int64_t expected);

/** arxiv_walk_write(walk, out): Append where a walk that is on stands, as a member of a JSON object
 * with a comma before it. */
void arxiv_walk_write(const struct arxiv_walk *walk, struct buf *out);

/** arxiv_walk_restore(walk, commit): Go on from what arxiv_walk_write put into ${commit}.  0, or -1
 * if no run has written that. */
int arxiv_walk_restore(struct arxiv_walk *walk, const struct commit *commit) MUST_CHECK;

/**
 * arxiv_walk_take(walk, answer, expected, reason):
 * Eat a page.  That nothing matches is never believed where ${expected} papers matched before.
 * ${reason} says what is wrong with ARXIV_WALK_DOUBT and ARXIV_WALK_LOST, which end no walk by
 * themselves.
 */
enum arxiv_walk_step arxiv_walk_take(struct arxiv_walk *walk, const struct answer *answer,
    int64_t expected, struct buf *reason) MUST_CHECK;

/** arxiv_walk_end(walk): It is over. */
void arxiv_walk_end(struct arxiv_walk *walk);

/** arxiv_walk_shrink(walk): Ask for half as much at a time, down to 100. */
void arxiv_walk_shrink(struct arxiv_walk *walk);

#endif
