#ifndef FINESET_SCORE_FIT_H
#define FINESET_SCORE_FIT_H

#include "attribute.h"
#include "buf.h"
#include "score.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The formula of the score, read backwards: which inputs give a score that is stored.  It never
 * falls as one input grows, so whatever fits is one interval.
 */

/** score_fit_is(input, stored): Whether the formula gives the stored score. */
bool score_fit_is(const struct score_input *input, double stored);

/**
 * score_fit_days(input, stored, first, last):
 * The snapshot days (since 1970) at which the formula gives the stored score, all but
 * ${input}->snapshot_day as it is; INT64_MIN and INT64_MAX where they have no end.  False if there
 * are none.
 */
bool score_fit_days(const struct score_input *input, double stored, int64_t *first, int64_t *last);

/**
 * score_fit_hint(input, stored, out):
 * Append which single other input would give the stored score: `citation_count 3 would fit;
 * has_code true would fit`, or `no single input would fit`.
 */
void score_fit_hint(const struct score_input *input, double stored, struct buf *out);

#endif
