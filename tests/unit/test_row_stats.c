#include "row_stats.h"

#include "scratch.h"

static struct row_stats *
stats_of(const double *scores, size_t count)
{
	struct row_stats *stats = mem_new(1, sizeof(*stats));

	for (size_t i = 0; i < count; i++) {
		struct row row = { .published = ROW_TIME_NONE, .quality_score = scores[i] };

		row_stats_add(stats, &row);
	}
	return stats;
}

static bool
nearly(double a, double b)
{
	return a - b < 1e-12 && b - a < 1e-12;
}

static void
test_scores(void **state)
{
	static const struct {
		const char *why;
		double scores[10];
		size_t count;
		double p10, p50, p90;
		size_t distinct;
		uint64_t tie;
		double tied;
	} cases[] = {
		{ "no rows", { 0 }, 0, 0, 0, 0, 0, 0, 0 },
		{ "one row", { 0.35 }, 1, 0.35, 0.35, 0.35, 1, 1, 0.35 },
		{ "one row at 0", { 0 }, 1, 0, 0, 0, 1, 1, 0 },
		{ "two rows, nearest rank", { 0.2, 0.1 }, 2, 0.1, 0.1, 0.2, 2, 1, 0.1 },
		{ "ten rows", { 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 }, 10, 0.1, 0.5, 0.9,
		    10, 1, 0.1 },
		{ "the lowest of equal ties", { 0.9, 0.2, 0.9, 0.2, 0.5 }, 5, 0.2, 0.5, 0.9, 3, 2,
		    0.2 },
		{ "a large tie", { 0.35, 0.35, 0.35, 1, 0 }, 5, 0, 0.35, 1, 3, 3, 0.35 },
		{ "every fourth decimal has its place", { 0.0001, 0.0002, 0.9999, 0.3333, 0.3334 },
		    5, 0.0001, 0.3333, 0.9999, 5, 1, 0.0001 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row_stats *stats = stats_of(cases[i].scores, cases[i].count);
		double tied;
		uint64_t tie = row_stats_largest_tie(stats, &tied);
		bool right = nearly(row_stats_percentile(stats, 10), cases[i].p10) &&
			     nearly(row_stats_percentile(stats, 50), cases[i].p50) &&
			     nearly(row_stats_percentile(stats, 90), cases[i].p90) &&
			     row_stats_distinct(stats) == cases[i].distinct &&
			     tie == cases[i].tie && nearly(tied, cases[i].tied);

		if (!right)
			print_error("%s: %g %g %g, %zu, %g\n", cases[i].why,
			    row_stats_percentile(stats, 10), row_stats_percentile(stats, 50),
			    row_stats_percentile(stats, 90), row_stats_distinct(stats), tied);
		assert_true(right);
		free(stats);
	}
}

/* However the rows are shared out, what is joined is what one counts of all. */
static void
test_join(void **state)
{
	static const struct row rows[] = {
		{ .published = ROW_TIME_NONE, .quality_score = 0.5, .from_arxiv = true },
		{ .published = 86400 * 5, .quality_score = 0.25, .has_code = true },
		{ .published = 86400 * 3, .quality_score = 0.5, .venue = { "v", 1 } },
		{ .published = 86400 * 9, .from_arxiv = true, .from_semantic_scholar = true },
	};
	struct row_stats *all = mem_new(1, sizeof(*all));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		row_stats_add(all, &rows[i]);
	for (unsigned share = 0; share < 1u << COUNT(rows); share++) {
		struct row_stats *parts = mem_new(2, sizeof(*parts));

		for (size_t i = 0; i < COUNT(rows); i++)
			row_stats_add(&parts[share >> i & 1], &rows[i]);
		row_stats_join(&parts[0], &parts[1]);
		assert_memory_equal(&parts[0], all, sizeof(*all));
		free(parts);
	}
	assert_int_equal(all->first_day, 3);
	assert_int_equal(all->last_day, 9);
	free(all);
}

/* All 10,001 scores, as a row holds them, fall into a place each. */
static void
test_places(void **state)
{
	struct row_stats *stats = mem_new(1, sizeof(*stats));

	(void)state;
	for (size_t i = 0; i < ROW_STATS_SCORES; i++) {
		char text[16];
		struct row row = { .published = ROW_TIME_NONE };

		snprintf(text, sizeof(text), "%.4f", (double)i / 10000);
		row.quality_score = strtod(text, NULL);
		row_stats_add(stats, &row);
		assert_int_equal(stats->scores[i], 1);
	}
	assert_int_equal(row_stats_distinct(stats), ROW_STATS_SCORES);
	free(stats);
}

static void
test_counts(void **state)
{
	const struct row rows[] = {
		{ .from_arxiv = true, .published = 1781838007, .has_code = true },
		{ .from_arxiv = true,
		    .from_semantic_scholar = true,
		    .published = -1,
		    .venue = SLICE_LITERAL("V") },
		{ .from_semantic_scholar = true, .published = ROW_TIME_NONE, .has_code = true },
		{ .from_semantic_scholar = true, .published = 0 },
	};
	struct row_stats *stats = mem_new(1, sizeof(*stats));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		row_stats_add(stats, &rows[i]);
	assert_int_equal(stats->records, 4);
	assert_int_equal(stats->with_code, 2);
	assert_int_equal(stats->with_venue, 1);
	assert_int_equal(stats->from_arxiv, 2);
	assert_int_equal(stats->from_semantic_scholar, 3);
	assert_int_equal(stats->from_both, 1);
	assert_int_equal(stats->dated, 3);
	assert_true(stats->first_day == -1);
	assert_true(stats->last_day == 20623);
	free(stats);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scores),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
