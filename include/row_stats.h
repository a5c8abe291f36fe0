#ifndef FINESET_ROW_STATS_H
#define FINESET_ROW_STATS_H

#include "row.h"
#include "row_line.h"

#include <stddef.h>
#include <stdint.h>

/* Scores have four decimals, so 0.0000 to 1.0000 are all there are. */
#define ROW_STATS_SCORES 10001

/* What a manifest and a card say of the rows of a snapshot.  Start with zeros. */
struct row_stats {
	uint64_t records;
	uint64_t with_code;
	uint64_t with_venue;
	uint64_t from_arxiv;
	uint64_t from_semantic_scholar;
	uint64_t from_both;
	/* First and last day of publication, days since 1970; valid if dated > 0. */
	uint64_t dated;
	int64_t first_day;
	int64_t last_day;
	/* How many rows have score i / 10000. */
	uint64_t scores[ROW_STATS_SCORES];
};

/** row_stats_add(stats, row): Count one row. */
void row_stats_add(struct row_stats *stats, const struct row *row);

/** row_stats_add_line(stats, row): Count one row that stands in a file. */
void row_stats_add_line(struct row_stats *stats, const struct row_line *row);

/** row_stats_join(stats, others): Add what was counted of other rows. */
void row_stats_join(struct row_stats *stats, const struct row_stats *others);

/** row_stats_place(score): Its place among row_stats.scores; what lies outside of 0 to 1 counts as
 * the nearest. */
size_t row_stats_place(double score);

/** row_stats_percentile(stats, percent): The score that ${percent} % of the rows do not exceed
 * (nearest rank); 0 without rows. */
double row_stats_percentile(const struct row_stats *stats, unsigned percent);

/** row_stats_distinct(stats): How many different scores there are. */
size_t row_stats_distinct(const struct row_stats *stats);

/** row_stats_largest_tie(stats, score): The most rows with one score, and that score. */
uint64_t row_stats_largest_tie(const struct row_stats *stats, double *score);

#endif
