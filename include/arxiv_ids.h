#ifndef FINESET_ARXIV_IDS_H
#define FINESET_ARXIV_IDS_H

#include "answer.h"
#include "attribute.h"
#include "buf.h"
#include "commit.h"
#include "known.h"

#include <stdbool.h>
#include <stddef.h>

/* The papers that only Semantic Scholar brought, asked from arXiv by their ids: one id_list. */
struct arxiv_ids {
	struct known *known;
	/* What the list in hand asks for, as numbers of known papers. */
	size_t *papers;
	size_t count;
	size_t capacity;
	size_t max;
	/* Of each known paper, whether an answer said once that it is not known there. */
	bool *doubted;
	size_t doubted_capacity;
	/* Answers in a row that brought nothing. */
	unsigned fruitless;
};

/** arxiv_ids_init(ids, known): Nothing is asked; ${known} is borrowed. */
void arxiv_ids_init(struct arxiv_ids *ids, struct known *known);

/** arxiv_ids_free(ids): Free what it holds. */
void arxiv_ids_free(struct arxiv_ids *ids);

/** arxiv_ids_choose(ids): Choose what to ask; how many papers that is. */
size_t arxiv_ids_choose(struct arxiv_ids *ids);

/** arxiv_ids_write(ids, out): Append them as an id_list. */
void arxiv_ids_write(const struct arxiv_ids *ids, struct buf *out);

/**
 * arxiv_ids_take(ids, answer, chosen, count, lists, reason):
 * Eat the answer: what came is taken.  What did not is asked again, and not known there when a
 * second answer says so; one that counts more papers than it holds says nothing of the others, but
 * three answers in a row that bring nothing do.  None of several papers from an arXiv that has
 * never brought one is no answer, but a source that fails.  Whether there is something to keep; if
 * not,
 * ${reason} says why.  ${chosen}, with room for all records, gets the ${count} that are news;
 * ${lists}, as members of a JSON object with a comma before each, which papers came by id and which
 * are not known there.
 */
bool arxiv_ids_take(struct arxiv_ids *ids, const struct answer *answer, size_t *chosen,
    size_t *count, struct buf *lists, struct buf *reason) MUST_CHECK;

/**
 * arxiv_ids_leave_out(ids, message, lists):
 * One malformed id spoils a whole list: note the one that an error ${message} names as not known,
 * for good.  Whether there is one; ${lists} as for arxiv_ids_take.
 */
bool arxiv_ids_leave_out(struct arxiv_ids *ids, struct slice message, struct buf *lists);

/** arxiv_ids_restore(ids, commit): Learn again what the lists of a commit say. */
void arxiv_ids_restore(struct arxiv_ids *ids, const struct commit *commit);

/** arxiv_ids_shrink(ids): Ask for half as many at a time; false if there is no less. */
bool arxiv_ids_shrink(struct arxiv_ids *ids);

#endif
