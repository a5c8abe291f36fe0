#include "score_chart.h"

#include "hub_license.h"
#include "scratch.h"

static void
test_chart(void **state)
{
	struct row_stats *stats = mem_new(1, sizeof(*stats));
	struct buf out = BUF_INIT;
	const char *text;

	(void)state;
	score_chart_write(stats, &out);
	assert_non_null(strstr(out.data, "\n0.95-1.00          0\n```\n\n0 of 0 records"));
	assert_null(strstr(out.data, "| score"));

	/* 1.0 stands with 0.95; what is there shows, however few; ties go down, the lower score
	 * first. */
	stats->records = 10009;
	stats->scores[10000] = 2;
	stats->scores[9500] = 1;
	stats->scores[9499] = 1;
	stats->scores[3500] = 10000;
	stats->scores[300] = 2;
	stats->scores[100] = 3;
	buf_clear(&out);
	score_chart_write(stats, &out);
	text = out.data;
	assert_non_null(strstr(text, "\n0.95-1.00          3 █\n"));
	assert_non_null(strstr(text, "\n0.90-0.95          1 █\n"));
	assert_non_null(strstr(text, "```\n0.00-0.05          5 █\n0.05-0.10          0\n"));
	assert_non_null(strstr(text, "\n0.35-0.40      10000 █████████████████████████"
				     "█████████████████████████\n"));
	assert_non_null(strstr(text, "\n10007 of 10009 records share their score with another one: "
				     "there are 4 such scores.\n\n"
				     "| score | records |\n| --- | --- |\n| 0.35 | 10000 |\n"
				     "| 0.01 | 3 |\n| 0.03 | 2 |\n| 1.0 | 2 |\n\n"));
	buf_free(&out);
	free(stats);
}

static void
test_licenses(void **state)
{
	static const struct {
		const char *why, *license, *wanted;
	} cases[] = {
		{ "none", NULL, "license: other\n" },
		{ "empty", "", "license: other\n" },
		{ "of the list", "cc0-1.0", "license: cc0-1.0\n" },
		{ "in another case", "CC-BY-4.0", "license: cc-by-4.0\n" },
		{ "the beginning of one", "cc-by", "license: other\nlicense_name: \"cc-by\"\n" },
		{ "one more than one", "mit2", "license: other\nlicense_name: \"mit2\"\n" },
		{ "words", "My \"own\": license!",
		    "license: other\nlicense_name: \"my-own-license\"\n" },
		{ "lines", "---\nlicense: mit", "license: other\nlicense_name: \"license-mit\"\n" },
		{ "no letters", "—", "license: other\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		hub_license_write(slice_of(cases[i].license), &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chart),
		cmocka_unit_test(test_licenses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
