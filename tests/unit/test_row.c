#include "row.h"

#include "date.h"
#include "jsonl.h"
#include "scratch.h"

static void
test_fields(void **state)
{
	static const char order[] =
	    "id sources title abstract authors categories fields_of_study published_date url "
	    "pdf_url "
	    "arxiv_id doi citation_count influential_citation_count has_code code_url venue "
	    "quality_score";
	struct buf got = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		buf_printf(&got, "%s%s", i == 0 ? "" : " ", row_fields[i].key);
	assert_string_equal(got.data, order);
	buf_free(&got);
}

static void
test_write(void **state)
{
	struct slice authors[] = { SLICE_LITERAL("Ada L."), SLICE_LITERAL("J\xc3\xb6rg \"J\" O") };
	struct slice categories[] = { SLICE_LITERAL("cs.CL"), SLICE_LITERAL("cs.AI") };
	struct slice fields[] = { SLICE_LITERAL("Computer Science") };
	const struct {
		const char *why;
		struct row row;
		const char *line;
	} cases[] = {
		{ "everything known",
		    { .id = "00ff",
			.from_arxiv = true,
			.from_semantic_scholar = true,
			.title = SLICE_LITERAL("A \"title\" \\ / \xc3\xa9"),
			.abstract = SLICE_LITERAL("Text."),
			.authors = { authors, 2 },
			.categories = { categories, 2 },
			.fields_of_study = { fields, 1 },
			.published = 1781805598,
			.url = SLICE_LITERAL("https://arxiv.org/abs/X"),
			.pdf_url = SLICE_LITERAL("https://arxiv.org/pdf/Xv1"),
			.arxiv_id = SLICE_LITERAL("X"),
			.doi = SLICE_LITERAL("10.1/a<b>"),
			.citation_count = 12,
			.influential_citation_count = 3,
			.has_code = true,
			.code_url = SLICE_LITERAL("https://github.com/a/b"),
			.venue = SLICE_LITERAL("ACL"),
			.quality_score = 0.65,
			.comment = SLICE_LITERAL("not a field") },
		    "{\"id\": \"00ff\", \"sources\": [\"arxiv\", \"semantic_scholar\"], "
		    "\"title\": \"A \\\"title\\\" \\\\ / \xc3\xa9\", \"abstract\": \"Text.\", "
		    "\"authors\": [\"Ada L.\", \"J\xc3\xb6rg \\\"J\\\" O\"], "
		    "\"categories\": [\"cs.CL\", \"cs.AI\"], "
		    "\"fields_of_study\": [\"Computer Science\"], "
		    "\"published_date\": \"2026-06-18T00:00:00\", "
		    "\"url\": \"https://arxiv.org/abs/X\", \"pdf_url\": "
		    "\"https://arxiv.org/pdf/Xv1\", "
		    "\"arxiv_id\": \"X\", \"doi\": \"10.1/a<b>\", \"citation_count\": 12, "
		    "\"influential_citation_count\": 3, \"has_code\": true, "
		    "\"code_url\": \"https://github.com/a/b\", \"venue\": \"ACL\", "
		    "\"quality_score\": 0.65}\n" },
		{ "nothing known", { .published = ROW_TIME_NONE, .from_semantic_scholar = true },
		    "{\"id\": \"\", \"sources\": [\"semantic_scholar\"], \"title\": null, "
		    "\"abstract\": null, \"authors\": [], \"categories\": [], "
		    "\"fields_of_study\": [], \"published_date\": null, \"url\": null, "
		    "\"pdf_url\": null, \"arxiv_id\": null, \"doi\": null, \"citation_count\": 0, "
		    "\"influential_citation_count\": 0, \"has_code\": false, \"code_url\": null, "
		    "\"venue\": null, \"quality_score\": 0.0}\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		buf_add_text(&out, "before\n");
		row_write(&cases[i].row, &out);
		assert_bytes((struct slice){ out.data + 7, out.len - 7 }, slice_of(cases[i].line),
		    cases[i].why);
		buf_free(&out);
	}
}

/* What a value of one field looks like in the line. */
static void
assert_value(const struct row *row, const char *key, const char *wanted, const char *why)
{
	struct jsonl_error error;
	struct jsonl_value value;
	struct slice wanted_key = slice_of(key);
	struct buf out = BUF_INIT, text = BUF_INIT;

	row_write(row, &out);
	buf_reserve(&out, JSONL_PADDING);
	assert_int_equal(jsonl_scan(out.data, out.len - 1, &wanted_key, 1, &value, &error), 0);
	jsonl_copy(&value, &text);
	assert_bytes(buf_slice(&text), slice_of(wanted), why);
	buf_free(&out);
	buf_free(&text);
}

static void
test_scores(void **state)
{
	const struct {
		const char *why;
		double score;
		const char *text;
	} cases[] = {
		{ "zero keeps one decimal", 0, "0.0" },
		{ "one keeps one decimal", 1, "1.0" },
		{ "trailing zeros go", 0.5, "0.5" },
		{ "two decimals", 0.35, "0.35" },
		{ "four decimals", 0.1234, "0.1234" },
		{ "the smallest", 0.0001, "0.0001" },
		{ "zeros inside stay", 0.1001, "0.1001" },
		{ "nearly one", 0.9999, "0.9999" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row row = { .published = ROW_TIME_NONE, .quality_score = cases[i].score };

		assert_value(&row, "quality_score", cases[i].text, cases[i].why);
	}
}

static void
test_published(void **state)
{
	const struct {
		const char *why;
		int64_t published;
		const char *text;
	} cases[] = {
		{ "the time of day is not told", 1781827199, "\"2026-06-18T00:00:00\"" },
		{ "midnight belongs to its day", 1781827200, "\"2026-06-19T00:00:00\"" },
		{ "before 1970", -1, "\"1969-12-31T00:00:00\"" },
		{ "1 January 1970 is a date", 0, "\"1970-01-01T00:00:00\"" },
		{ "unknown", ROW_TIME_NONE, "null" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row row = { .published = cases[i].published };

		assert_value(&row, "published_date", cases[i].text, cases[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_scores),
		cmocka_unit_test(test_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
