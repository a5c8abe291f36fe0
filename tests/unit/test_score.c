#include "date.h"
#include "row.h"
#include "score.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
check_written(double value, const char *wanted)
{
	struct buf text = BUF_INIT;

	row_score_write(score_round(value), &text);
	assert_string_equal(text.data, wanted);
	buf_free(&text);
}

static void
test_written(void **state)
{
	static const struct {
		const char *wanted;
		double value;
		const char *why;
	} cases[] = {
		{ "0.0", 0, "the least" },
		{ "1.0", 1, "the most" },
		{ "0.35", 0.35, "zeros at the end are dropped" },
		{ "0.5", 0.5, "one decimal stays" },
		{ "0.0001", 0.0001, "the smallest step" },
		{ "0.1001", 0.1001, "zeros inside stay" },
		{ "0.0", 0.00004, "rounds down" },
		{ "0.0001", 0.00006, "rounds up" },
		{ "1.0", 0.99995001, "carries into the first place" },
		{ "0.9999", 0.99994999, "does not carry" },
		{ "0.0312", 0.03125, "exactly in the middle: to the even neighbour below" },
		{ "0.0938", 0.09375, "exactly in the middle: to the even neighbour above" },
		{ "0.0001", 0.00015, "0.00015 is binary 0.000149999...: down, as printf" },
		{ "0.0003", 0.00025, "0.00025 is binary 0.000250000...5: up, as printf" },
		{ "1.0", 1.5, "clamped above" },
		{ "0.0", -0.5, "clamped below" },
		{ "0.0", -0.0, "no sign" },
		{ "1.0", INFINITY, "no infinity" },
		{ "0.0", NAN, "no number at all" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_written(cases[i].value, cases[i].wanted);
}

/* score_round agrees with the C library's exact rounding at and next to every middle between two
 * steps. */
static void
test_round_like_printf(void **state)
{
	char text[32];

	(void)state;
	for (int step = 0; step < 10000; step++) {
		double near[] = { (step + 0.5) / 10000, 0, 0, step / 10000.0,
			(step + 0.3) / 10000 };

		near[1] = nextafter(near[0], 0);
		near[2] = nextafter(near[0], 1);
		for (size_t i = 0; i < COUNT(near); i++) {
			snprintf(text, sizeof(text), "%.4f", near[i]);
			assert_true(score_round(near[i]) == strtod(text, NULL));
		}
	}
}

static void
test_other_locale(void **state)
{
	static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8" };
	size_t i = 0;

	(void)state;
	while (i < COUNT(names) && setlocale(LC_ALL, names[i]) == NULL)
		i++;
	if (i == COUNT(names)) {
		fprintf(stderr, "skipped: no locale with a decimal comma is installed\n");
		skip();
	}
	check_written(0.35, "0.35");
	setlocale(LC_ALL, "C");
}

static void
test_parts(void **state)
{
	static const struct {
		struct score_input input;
		struct score wanted;
		const char *why;
	} cases[] = {
		{ { 0, 0, false, false, 1000, 1000 }, { 0, 0, 0, 0, 1, 0.35, 0.35, 0.35, 0.35 },
		    "new and unknown" },
		{ { 0, 0, true, true, 1000, 1060 }, { 0, 0, 0, 60, 1, 0.85, 0.85, 0.85, 0.85 },
		    "60 days are fresh" },
		{ { 0, 0, false, true, 1000, 1300 },
		    { 0, 0, 0, 300, 0.5, 0.55, 0.275, 0.275, 0.275 }, "half-way down" },
		{ { 0, 0, true, false, 1000, 1540 }, { 0, 0, 0, 540, 0, 0.65, 0, 0, 0 },
		    "540 days are stale" },
		{ { 0, 0, true, false, 1000, 1600 }, { 0, 0, 0, 600, 0, 0.65, 0, 0, 0 },
		    "staler is not less" },
		{ { 9999, 0, false, false, 1000, 9000 }, { 1, 0, 1, 8000, 0, 0.35, 0, 1, 1 },
		    "10,000 citations with the one that is added" },
		{ { 99, 0, false, false, 1000, 9000 }, { 0.5, 0, 0.5, 8000, 0, 0.35, 0, 0.5, 0.5 },
		    "citations alone" },
		{ { 9, 9, false, false, 1000, 9000 },
		    { 0.25, 0.5, 0.5, 8000, 0, 0.35, 0, 0.5, 0.5 },
		    "influential ones weigh double" },
		{ { 999999, 0, false, false, 1000, 9000 }, { 1.5, 0, 1.5, 8000, 0, 0.35, 0, 1, 1 },
		    "clamped at 1, the parts are not" },
		{ { 0, 0, false, false, 2000, 1000 }, { 0, 0, 0, 0, 1, 0.35, 0.35, 0.35, 0.35 },
		    "a future date counts as today" },
		{ { 0, 0, true, true, SCORE_DAY_UNKNOWN, 1000 }, { 0, 0, 0, -1, 0, 0.85, 0, 0, 0 },
		    "no date, no freshness" },
		{ { -5, -1, false, false, 1000, 1000 }, { 0, 0, 0, 0, 1, 0.35, 0.35, 0.35, 0.35 },
		    "negative counts weigh as none" },
		{ { 0, 0, false, false, INT64_MIN + 1, INT64_MAX },
		    { 0, 0, 0, INT64_MAX, 0, 0.35, 0, 0, 0 }, "no overflow" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct score got = score_of(&cases[i].input), wanted = cases[i].wanted;

		assert_true(fabs(got.citation_impact - wanted.citation_impact) < 1e-12);
		assert_true(fabs(got.influential_impact - wanted.influential_impact) < 1e-12);
		assert_true(fabs(got.impact - wanted.impact) < 1e-12);
		assert_int_equal(got.age_days, wanted.age_days);
		assert_true(fabs(got.recency - wanted.recency) < 1e-12);
		assert_true(fabs(got.weight - wanted.weight) < 1e-12);
		assert_true(fabs(got.freshness - wanted.freshness) < 1e-12);
		assert_true(fabs(got.exact - wanted.exact) < 1e-12);
		assert_true(got.rounded == wanted.rounded);
	}
}

static void
test_faded(void **state)
{
	static const struct {
		const char *wanted;
		int64_t age;
		bool has_code, has_venue;
		const char *why;
	} cases[] = {
		{ "0.3493", 61, false, false, "the first day of fading" },
		{ "0.0007", 539, false, false, "the last day" },
		{ "0.5945", 101, true, false, "with code" },
		{ "0.6747", 159, true, true, "with both" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct score_input input = { 0, 0, cases[i].has_code, cases[i].has_venue, 20000,
			20000 + cases[i].age };

		check_written(score_of(&input).exact, cases[i].wanted);
	}
}

static int64_t
row_count(json_t *row, const char *key)
{
	return (int64_t)json_integer_value(json_object_get(row, key));
}

/* The score of one published row, from its own fields, is the one that it carries. */
static void
check_row(json_t *row)
{
	struct score_input input = { .citation_count = row_count(row, "citation_count"),
		.influential_citation_count = row_count(row, "influential_citation_count"),
		.has_code = json_is_true(json_object_get(row, "has_code")),
		.has_venue = json_is_string(json_object_get(row, "venue")),
		.published_day = SCORE_DAY_UNKNOWN,
		.snapshot_day = date_day(2026, 6, 19) };
	const char *published = json_string_value(json_object_get(row, "published_date"));

	assert_non_null(published);
	assert_int_equal(date_day_parse((struct slice){ published, 10 }, &input.published_day), 0);
	if (score_of(&input).rounded != json_number_value(json_object_get(row, "quality_score")))
		fail_msg("%s: %.4f", json_string_value(json_object_get(row, "arxiv_id")),
		    score_of(&input).rounded);
}

static void
test_published_rows(void **state)
{
	const char *shared = getenv("FINESET_SHARED");
	char path[4096];
	FILE *file;
	json_t *row;
	size_t rows = 0;

	(void)state;
	snprintf(
	    path, sizeof(path), "%s/fineset/rows.jsonl", shared == NULL ? "../shared" : shared);
	file = fopen(path, "r");
	if (file == NULL) {
		fprintf(stderr, "skipped: no %s (see FINESET_SHARED)\n", path);
		skip();
	}
	while ((row = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
		check_row(row);
		json_decref(row);
		rows++;
	}
	fclose(file);
	assert_int_equal(rows, 65);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_round_like_printf),
		cmocka_unit_test(test_other_locale),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_faded),
		cmocka_unit_test(test_published_rows),
	};

	return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
