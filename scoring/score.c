#include "score.h"

#include <math.h>
#include <stddef.h>

#define DECIMALS 4
#define UNITS 10000

static double
impact_of(int64_t count, int decades)
{
	return count <= 0 ? 0 : log10((double)count + 1) / decades;
}

static int64_t
age_of(int64_t published, int64_t snapshot)
{
	uint64_t age = (uint64_t)snapshot - (uint64_t)published;

	if (published == SCORE_DAY_UNKNOWN)
		return -1;
	if (published >= snapshot)
		return 0;
	return age > INT64_MAX ? INT64_MAX : (int64_t)age;
}

/* The products stand in statements of their own: a compiler that fuses a * b + c would round
 * another way. */
static double
recency_of(int64_t age)
{
	double faded;

	if (age < 0 || age >= SCORE_FRESH_DAYS + SCORE_FADE_DAYS)
		return 0;
	if (age <= SCORE_FRESH_DAYS)
		return 1;
	faded = (double)(age - SCORE_FRESH_DAYS) / SCORE_FADE_DAYS;
	return 1 - faded;
}

static double
weight_of(bool has_code, bool has_venue)
{
	double weight = SCORE_WEIGHT_BASE;

	if (has_code)
		weight += SCORE_WEIGHT_CODE;
	if (has_venue)
		weight += SCORE_WEIGHT_VENUE;
	return weight;
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* ${value} in units of the last decimal: the product's own rounding error decides what the product
 * cannot. */
static unsigned
units_of(double value)
{
	double product, error, rest;
	unsigned units;

	if (!(value > 0))
		return 0;
	if (value >= 1)
		return UNITS;
	product = value * UNITS;
	error = fma(value, UNITS, -product);
	units = (unsigned)product;
	rest = product - units - 0.5;
	return units + (rest > -error || (rest == -error && units % 2 == 1));
}

double
score_round(double value)
{
	return (double)units_of(value) / UNITS;
}

struct score
score_of(const struct score_input *input)
{
	struct score score;

	score.citation_impact = impact_of(input->citation_count, SCORE_CITATION_DECADES);
	score.influential_impact =
	    impact_of(input->influential_citation_count, SCORE_INFLUENTIAL_DECADES);
	score.impact = larger(score.citation_impact, score.influential_impact);
	score.age_days = age_of(input->published_day, input->snapshot_day);
	score.recency = recency_of(score.age_days);
	score.weight = weight_of(input->has_code, input->has_venue);
	score.freshness = score.recency * score.weight;
	score.exact = larger(score.impact, score.freshness);
	if (score.exact > 1)
		score.exact = 1;
	score.rounded = score_round(score.exact);
	return score;
}
