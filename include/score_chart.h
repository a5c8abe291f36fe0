#ifndef FINESET_SCORE_CHART_H
#define FINESET_SCORE_CHART_H

#include "buf.h"
#include "row_stats.h"

/** score_chart_write(stats, out): Append the section of a card on how the scores are spread: a bar
 * for each twentieth of 0 to 1, and the scores that most rows share. */
void score_chart_write(const struct row_stats *stats, struct buf *out);

#endif
