#include "output_cases.h"

#define HEADER                                                                         \
	"id,sources,title,abstract,authors,categories,fields_of_study,published_date," \
	"url,pdf_url,arxiv_id,doi,citation_count,influential_citation_count,has_code," \
	"code_url,venue,quality_score\r\n"

/* The line of a row that has a title alone. */
static void
expect_title(const char *why, const char *json, const char *cell)
{
	struct buf rows = BUF_INIT, out = BUF_INIT, wanted = BUF_INIT;

	output_case_add(&(struct output_case){ .title = json }, &rows);
	output_case_write("csv", buf_slice(&rows), &out);
	buf_printf(&wanted,
	    HEADER "\"" OUTPUT_ID "\",\"arxiv; semantic_scholar\",%s,,,,,,,,,,7,0,true,,,0.35\r\n",
	    cell);
	assert_bytes(buf_slice(&out), buf_slice(&wanted), why);
	buf_free(&rows);
	buf_free(&out);
	buf_free(&wanted);
}

static void
test_cells(void **state)
{
	static const struct {
		const char *why, *json, *cell;
	} cases[] = {
		{ "null", "null", "" },
		{ "an empty text", "\"\"", "\"\"" },
		{ "a text", "\"Deep, deep\"", "\"Deep, deep\"" },
		{ "quotes", "\"\\\"A\\\" b\"", "\"\"\"A\"\" b\"" },
		{ "escapes", "\"\\u00e9 \\\\ \\ud83d\\ude00\"", "\"é \\ 😀\"" },
		{ "a formula", "\"=cmd|' /C calc'!A0\"", "\"'=cmd|' /C calc'!A0\"" },
		{ "plus", "\"+1\"", "\"'+1\"" },
		{ "minus", "\"-1\"", "\"'-1\"" },
		{ "at", "\"@SUM(1)\"", "\"'@SUM(1)\"" },
		{ "a formula behind white space", "\" \\u00a0=1\"", "\"' \xc2\xa0=1\"" },
		{ "a formula of full width",
		    "\"\xef\xbc\x9d"
		    "1\"",
		    "\"'\xef\xbc\x9d"
		    "1\"" },
		{ "the other signs of full width", "\"\xef\xbc\x8b\"", "\"'\xef\xbc\x8b\"" },
		{ "minus of full width", "\"\xef\xbc\x8d\"", "\"'\xef\xbc\x8d\"" },
		{ "at of full width", "\"\xef\xbc\xa0\"", "\"'\xef\xbc\xa0\"" },
		{ "an apostrophe that was there", "\"'=1\"", "\"''=1\"" },
		{ "an apostrophe before a word", "\"'Tis\"", "\"'Tis\"" },
		{ "a sign within", "\"a=b\"", "\"a=b\"" },
		{ "white space alone", "\"  \"", "\"  \"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect_title(cases[i].why, cases[i].json, cases[i].cell);
}

static void
test_table(void **state)
{
	struct buf rows = BUF_INIT, out = BUF_INIT;

	(void)state;
	output_case_write("csv", SLICE_LITERAL(""), &out);
	assert_bytes(buf_slice(&out), SLICE_LITERAL(HEADER), "no rows: the header alone");

	output_case_add(
	    &(struct output_case){ .authors = "[\"\", \"A \\\"B\\\" C\", \"\", \"-D; E\"]",
		.categories = "[\"-x\"]",
		.date = "\"2026-06-01T00:00:00\"",
		.url = "\"https://arxiv.org/abs/2606.00001\"",
		.arxiv_id = "\"2606.00001\"",
		.doi = "\"10.1/x\"",
		.venue = "\"V\"" },
	    &rows);
	output_case_write("csv", buf_slice(&rows), &out);
	assert_bytes(buf_slice(&out),
	    SLICE_LITERAL(HEADER
		"\"" OUTPUT_ID
		"\",\"arxiv; semantic_scholar\",,,\"; A \"\"B\"\" C; ; -D; E\",\"'-x\",,"
		"\"2026-06-01T00:00:00\",\"https://arxiv.org/abs/2606.00001\",,\"2606.00001\","
		"\"10.1/x\",7,0,true,,\"V\",0.35\r\n"),
	    "lists, dates and numbers");
	buf_free(&rows);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
