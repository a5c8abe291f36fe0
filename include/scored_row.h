#ifndef FINESET_SCORED_ROW_H
#define FINESET_SCORED_ROW_H

#include "attribute.h"
#include "buf.h"
#include "file.h"
#include "merge.h"
#include "row.h"
#include "row_line.h"
#include "row_stats.h"
#include "score.h"

#include <stdint.h>

/*
 * Where the merge and the score meet: what a row of merge_row still lacks, and what the score is
 * made of.
 */

/**
 * scored_row_complete(row, day, code_url):
 * Set has_code, code_url and quality_score of a row as of ${day} (days since 1970).  The address
 * lives in ${code_url}, which is cleared first.
 */
void scored_row_complete(struct row *row, int64_t day, struct buf *code_url);

/** scored_row_input(row, day, input): What the score of a row is made of, as of ${day}. */
void scored_row_input(const struct row *row, int64_t day, struct score_input *input);

/**
 * scored_row_write_all(merge, day, out, stats):
 * Append all papers of a merge to ${out} as lines of data.jsonl, scored as of ${day}, and count
 * them in ${stats}. 0, or -1 (logged) if a source record cannot be read again.
 */
int scored_row_write_all(
    struct merge *merge, int64_t day, struct file_writer *out, struct row_stats *stats) MUST_CHECK;

/**
 * scored_row_line_input(line, day, input):
 * The same of a line of data.jsonl.  NULL, or what is wrong with ${field} (a number of enum
 * row_key), one of the five that count.
 */
const char *scored_row_line_input(
    const struct row_line *line, int64_t day, struct score_input *input, size_t *field) MUST_CHECK;

#endif
