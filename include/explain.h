#ifndef FINESET_EXPLAIN_H
#define FINESET_EXPLAIN_H

#include "arena.h"
#include "attribute.h"
#include "explanation.h"
#include "log.h"
#include "merge.h"
#include "row_stats.h"
#include "subject.h"

#include <stdint.h>

/* What the explanations of one subject have in common; all is borrowed. */
struct explain {
	const struct subject *subject;
	/* NULL without sources. */
	struct merge *merge;
	/* The snapshot date, days since 1970. */
	int64_t day;
	bool day_told;
	/* The scores of all rows. */
	const struct row_stats *stats;
	const struct log *log;
};

/**
 * explain_row(explain, explanation, arena):
 * Fill all of an explanation but its history; asked, line (JSONL_PADDING bytes behind it) and
 * number are set already.  0, or -1 (logged) if the line is no row or a source record cannot be
 * read.
 */
int explain_row(
    const struct explain *explain, struct explanation *explanation, struct arena *arena) MUST_CHECK;

#endif
