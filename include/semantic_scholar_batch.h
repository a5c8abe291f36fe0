#ifndef FINESET_SEMANTIC_SCHOLAR_BATCH_H
#define FINESET_SEMANTIC_SCHOLAR_BATCH_H

#include "answer.h"
#include "attribute.h"
#include "buf.h"
#include "key_table.h"
#include "known.h"

#include <stdbool.h>
#include <stddef.h>

/* The arXiv papers that Semantic Scholar's search did not bring, asked by their ids: one batch. */
struct semantic_scholar_batch {
	struct known *known;
	/* The ids in hand, each with the paper that it stands for; their texts, one behind the
	 * other, and as a list of JSON strings. */
	struct semantic_scholar_asked *asked;
	size_t count;
	size_t capacity;
	struct buf names;
	struct buf ids;
	size_t max;
	/* DOIs that were refused. */
	struct key_table *refused;
};

/** semantic_scholar_batch_init(batch, known): Nothing is asked; ${known} is borrowed. */
void semantic_scholar_batch_init(struct semantic_scholar_batch *batch, struct known *known);

/** semantic_scholar_batch_free(batch): Free what it holds. */
void semantic_scholar_batch_free(struct semantic_scholar_batch *batch);

/** semantic_scholar_batch_choose(batch): Fill it with papers that are wanted; how many ids it has.
 */
size_t semantic_scholar_batch_choose(struct semantic_scholar_batch *batch);

/** semantic_scholar_batch_was_absent(batch): Whether it asks for papers only that were asked before
 * and never known: that they are not known is no news. */
bool semantic_scholar_batch_was_absent(const struct semantic_scholar_batch *batch);

/** semantic_scholar_batch_complete(batch, answer): What was asked by arXiv id and came without one
 * is the paper that was asked. */
void semantic_scholar_batch_complete(
    const struct semantic_scholar_batch *batch, struct answer *answer);

/** semantic_scholar_batch_note_absent(batch, absent): Note the papers that did not come by any of
 * their ids, and append them to ${absent} as a list of JSON strings. */
void semantic_scholar_batch_note_absent(struct semantic_scholar_batch *batch, struct buf *absent);

/** semantic_scholar_batch_misplaced(batch, answer): How many papers are answered with another arXiv
 * id than was asked, and are neither answered elsewhere nor known to be absent. */
size_t semantic_scholar_batch_misplaced(
    const struct semantic_scholar_batch *batch, const struct answer *answer);

/** semantic_scholar_batch_leave_out(batch, message, absent): Leave out the id that an error names:
 * a DOI is not asked again; the paper of an arXiv id is noted as absent and appended to ${absent}.
 * False if it names none. */
bool semantic_scholar_batch_leave_out(
    struct semantic_scholar_batch *batch, struct slice message, struct buf *absent);

/** semantic_scholar_batch_shrink(batch): Ask for half as many at a time; false if there is no less.
 */
bool semantic_scholar_batch_shrink(struct semantic_scholar_batch *batch);

#endif
