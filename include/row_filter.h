#ifndef FINESET_ROW_FILTER_H
#define FINESET_ROW_FILTER_H

#include "attribute.h"
#include "row_line.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

enum row_filter_kind {
	ROW_FILTER_CODE,
	ROW_FILTER_VENUE,
	ROW_FILTER_SOURCE,
	ROW_FILTER_CATEGORY,
	ROW_FILTER_YEAR,
	ROW_FILTER_SCORE,
	ROW_FILTER_TEXT
};

/* Which rows are wanted. */
struct row_filter {
	enum row_filter_kind kind;
	/* Behind the `=`; borrowed. */
	struct slice value;
	int64_t year;
	double score;
};

/* What can be asked, for messages and help. */
#define ROW_FILTER_FORMS                                                                \
	"code, venue, source=arxiv, source=semantic_scholar, category=CAT, year=YYYY, " \
	"score>=S or text=WORDS"

/**
 * row_filter_parse(text, filter):
 * Read one of `code` (there is some), `venue` (it is known), `source=NAME` (that source knows the
 * paper), `category=CAT` (among those of arXiv, in any case), `year=YYYY`, `score>=S` (0 to 1),
 * `text=WORDS` (each stands in the title, in any case of ASCII).  0, or -1 if it is none of these.
 */
int row_filter_parse(const char *text, struct row_filter *filter) MUST_CHECK;

/** row_filter_match(filter, row): Whether a row is wanted. */
bool row_filter_match(const struct row_filter *filter, const struct row_line *row);

#endif
