#ifndef FINESET_REPORT_FACTS_H
#define FINESET_REPORT_FACTS_H

#include "attribute.h"
#include "buf.h"
#include "log.h"
#include "output.h"

/* So many papers of each kind of change are listed; the rest is counted. */
#define REPORT_FACTS_CHANGES 100

/**
 * report_facts_write(input, out, log):
 * Append, as JSON, what report.html tells besides the rows:
 *   {"manifest": {...}, "has_sources": true, "with_venue": 7, "scores": [[0.35, 12], ...],
 *    "changes": {"added": {"count": 1, "papers": [{"arxiv_id": ..., "title": ...}]},
 *                "removed": {...}, "changed": {..., "fields": [{"key": ..., "old": ..., "new":
 * ...}]}, "rescored": 3}}
 * manifest is that of the snapshot without its files; scores has how many rows have each score;
 * changes is null if nothing is known of them.  Changes of nothing but the score are counted as
 * rescored and not listed; values that are too long to show are left out.  0, or -1 (logged) if
 * the changes cannot be read.
 */
int report_facts_write(
    const struct output_input *input, struct buf *out, const struct log *log) MUST_CHECK;

#endif
