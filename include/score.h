#ifndef FINESET_SCORE_H
#define FINESET_SCORE_H

#include "buf.h"

#include <stdbool.h>
#include <stdint.h>

/* A paper without a known date. */
#define SCORE_DAY_UNKNOWN INT64_MIN

/* Recency is 1 up to so many days, and 0 after so many more. */
#define SCORE_FRESH_DAYS 60
#define SCORE_FADE_DAYS 480
/* The weight of freshness, and what code and a venue add to it. */
#define SCORE_WEIGHT_BASE 0.35
#define SCORE_WEIGHT_CODE 0.30
#define SCORE_WEIGHT_VENUE 0.20
/* 10,000 citations or 100 influential ones make a full impact. */
#define SCORE_CITATION_DECADES 4
#define SCORE_INFLUENTIAL_DECADES 2

/* What the score is made of; days count from 1970-01-01 UTC (see date.h). */
struct score_input {
	/* Counts below 0 weigh as 0. */
	int64_t citation_count;
	int64_t influential_citation_count;
	bool has_code;
	bool has_venue;
	int64_t published_day;
	int64_t snapshot_day;
};

/* Every step on the way to the score, each unrounded but the last. */
struct score {
	double citation_impact;
	double influential_impact;
	/* The larger of the two above. */
	double impact;
	/* Whole days before the snapshot, 0 for a future date, -1 if the date is unknown. */
	int64_t age_days;
	double recency;
	/* 0.35 plus what code and venue add. */
	double weight;
	/* recency * weight */
	double freshness;
	/* The larger of impact and freshness, at most 1. */
	double exact;
	/* The same to 4 decimals: quality_score. */
	double rounded;
};

/**
 * score_of(input):
 * The score of one paper by the formula of the dataset card:
 * impact = max(log10(citations + 1) / 4, log10(influential + 1) / 2);
 * recency = 1 up to 60 days before the snapshot, then linear to 0 at 540 days; 0 without a date;
 * freshness = recency * (0.35 + 0.30 with code + 0.20 with a venue);
 * score = max(impact, freshness) within [0, 1], to 4 decimals.
 */
struct score score_of(const struct score_input *input);

/**
 * score_round(value):
 * ${value} within [0, 1] to 4 decimals, decided by its exact binary value as printf's "%.4f" does
 * (only a value that lies exactly in the middle goes to the even neighbour).  What is no number
 * becomes 0.
 */
double score_round(double value);

#endif
