#include "row_filter.h"

#include "output_cases.h"

static void
test_filters(void **state)
{
	static const struct output_case full = { .title = "\"Fast D\\u00e9coding of Models\"",
		.categories = "[\"cs.CL\", \"stat.ML\"]",
		.date = "\"2025-12-31T00:00:00\"",
		.venue = "\"V\"" };
	static const struct output_case empty = { 0 };
	static const struct {
		const char *filter;
		/* -1: refused. */
		int full, empty;
	} cases[] = {
		{ "code", 1, 1 },
		{ "venue", 1, 0 },
		{ "source=arxiv", 1, 1 },
		{ "source=semantic_scholar", 1, 1 },
		{ "category=cs.CL", 1, 0 },
		{ "category=STAT.ml", 1, 0 },
		{ "category=cs", 0, 0 },
		{ "category=cs.CLX", 0, 0 },
		{ "year=2025", 1, 0 },
		{ "year=2026", 0, 0 },
		{ "score>=0.35", 1, 1 },
		{ "score>=.3501", 0, 0 },
		{ "score>=0", 1, 1 },
		{ "score>=1", 0, 0 },
		{ "text=fast", 1, 0 },
		{ "text= models  Dé", 1, 0 },
		{ "text=fast slow", 0, 0 },
		{ "", -1, 0 },
		{ "cod", -1, 0 },
		{ "code=1", -1, 0 },
		{ "source=", -1, 0 },
		{ "source=dblp", -1, 0 },
		{ "category=", -1, 0 },
		{ "year=25", -1, 0 },
		{ "year=20a5", -1, 0 },
		{ "score>=1.1", -1, 0 },
		{ "score>=", -1, 0 },
		{ "score>=.", -1, 0 },
		{ "score>=1e0", -1, 0 },
		{ "score>=0.1.2", -1, 0 },
		{ "score>=-1", -1, 0 },
		{ "score=0.5", -1, 0 },
		{ "text=", -1, 0 },
	};
	struct buf lines[2] = { BUF_INIT, BUF_INIT };
	struct row_line rows[2];

	(void)state;
	output_case_add(&full, &lines[0]);
	output_case_add(&empty, &lines[1]);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct jsonl_error error;

		buf_reserve(&lines[i], JSONL_PADDING);
		assert_int_equal(
		    row_line_parse(lines[i].data, lines[i].len - 1, &rows[i], &error), 0);
	}
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row_filter filter;
		bool good = row_filter_parse(cases[i].filter, &filter) == 0;

		if (good != (cases[i].full != -1) ||
		    (good && (row_filter_match(&filter, &rows[0]) != (cases[i].full == 1) ||
				 row_filter_match(&filter, &rows[1]) != (cases[i].empty == 1))))
			fail_msg("%s", cases[i].filter);
	}
	buf_free(&lines[0]);
	buf_free(&lines[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_filters) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
