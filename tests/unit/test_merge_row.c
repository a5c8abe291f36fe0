#include "merge.h"

#include "date.h"
#include "merge_cases.h"

static void
test_supply(void **state)
{
	static const struct merge_case cases[] = {
		{ "arXiv before Semantic Scholar",
		    { S(1, ARXIV_ID("2606.00001")
			       TITLE("s2") ",\"abstract\":\"s2\",\"authors\":[\"s2\"]"
					   ",\"venue\":\"V\",\"fields_of_study\":[\"F\"]" CITED(
					       4) ",\"influential_citation_count\":2"),
			A("2606.00001",
			    TITLE("ax") ",\"abstract\":\"ax\",\"authors\":[\"ax\",\"b\"]"
					",\"categories\":[\"cs.CL\",\"cs.AI\"]") },
		    "title abstract authors categories fields_of_study venue citation_count "
		    "influential_citation_count",
		    "\"ax\" \"ax\" [\"ax\", \"b\"] [\"cs.CL\", \"cs.AI\"] [\"F\"] \"V\" 4 2\n" },
		{ "each field by itself, where arXiv has none or an empty one",
		    { A("2606.00001", TITLE("") ",\"abstract\":null,\"authors\":[]"),
			S(1, ARXIV_ID("2606.00001")
				 TITLE("s2") ",\"abstract\":\"s2\",\"authors\":[\"s2\"]") },
		    "title abstract authors", "\"s2\" \"s2\" [\"s2\"]\n" },
		{ "a blank is as good as nothing",
		    { A("2606.00001", TITLE(" \\n\\u0007") ",\"authors\":[\" \"]"),
			S(1, ARXIV_ID("2606.00001") TITLE("s2") ",\"authors\":[\"s2\"]") },
		    "title authors", "\"s2\" [\"s2\"]\n" },
		{ "most citations first",
		    { S(1, DOI("10.1/a") TITLE("few") CITED(3) ",\"venue\":\"few\""),
			S(2, DOI("10.1/a") TITLE("many") CITED(30) ",\"venue\":\"many\"") },
		    "title venue citation_count", "\"many\" \"many\" 30\n" },
		{ "then the lowest CorpusId, as a number",
		    { S(10, DOI("10.1/a") TITLE("ten") CITED(3)),
			S(9, DOI("10.1/a") TITLE("nine") CITED(3)) },
		    "title", "\"nine\"\n" },
		{ "an unknown count is below 0",
		    { S(1, DOI("10.1/a") TITLE("unknown")),
			S(2, DOI("10.1/a") TITLE("zero") CITED(0)) },
		    "title", "\"zero\"\n" },
		{ "both counts from the first record, though another has more",
		    { S(1, DOI("10.1/a") CITED(30) ",\"influential_citation_count\":1"),
			S(2, DOI("10.1/a") CITED(3) ",\"influential_citation_count\":3") },
		    "citation_count influential_citation_count", "30 1\n" },
		{ "and though the first knows but one of them",
		    { S(1, DOI("10.1/a") CITED(30)),
			S(2, DOI("10.1/a") CITED(3) ",\"influential_citation_count\":3") },
		    "citation_count influential_citation_count", "30 0\n" },
		{ "counts are 0 without Semantic Scholar", { A("2606.00001", "") },
		    "citation_count influential_citation_count venue fields_of_study",
		    "0 0 null []\n" },
		{ "the second record fills what the first lacks",
		    { S(1, DOI("10.1/a") CITED(30) ",\"venue\":\"\",\"fields_of_study\":[]"),
			S(2, DOI("10.1/a") CITED(3) ",\"venue\":\"V\",\"fields_of_study\":[\"F\"],"
						    "\"url\":\"u2\",\"pdf_url\":\"f2\"") },
		    "venue fields_of_study url pdf_url", "\"V\" [\"F\"] \"u2\" \"f2\"\n" },
		{ "fields of study that hold nothing are none",
		    { S(1, DOI("10.1/a") CITED(30) ",\"fields_of_study\":[\" \"]"),
			S(2, DOI("10.1/a") CITED(3) ",\"fields_of_study\":[\"F\"]") },
		    "fields_of_study", "[\"F\"]\n" },
		{ "two arXiv ids of one paper: the earlier one, its version",
		    { A("2606.00001",
			  OUT("2026-06-02T00:00:00Z") TITLE("The same words here") DOI("10.1/a")),
			"{\"source\":\"arxiv\",\"arxiv_id\":\"2606.00009\",\"version\":4" OUT(
			    "2026-06-01T23:59:59Z") TITLE("The same words here.")
			    DOI("10.1/a") "}" },
		    "arxiv_id title published_date pdf_url",
		    "\"2606.00009\" \"The same words here.\" \"2026-06-01T00:00:00\" "
		    "\"https://arxiv.org/pdf/2606.00009v4\"\n" },
		{ "of one moment the lower id",
		    { A("2606.00002",
			  OUT("2026-06-02T00:00:00Z") TITLE("The same words") DOI("10.1/a")),
			A("2606.00001",
			    OUT("2026-06-02T00:00:00Z") TITLE("The same words") DOI("10.1/a")) },
		    "arxiv_id", "\"2606.00001\"\n" },
		{ "an unknown moment comes last",
		    { A("2606.00001", TITLE("The same words") DOI("10.1/a")),
			A("2606.00002",
			    OUT("2026-06-02T00:00:00Z") TITLE("The same words") DOI("10.1/a")) },
		    "arxiv_id published_date", "\"2606.00002\" \"2026-06-02T00:00:00\"\n" },
		{ "categories are arXiv's alone", { S(1, ",\"categories\":[\"cs.CL\"]") },
		    "categories", "[]\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_doi(void **state)
{
	static const struct merge_case cases[] = {
		{ "arXiv's own before Semantic Scholar's",
		    { S(1, ARXIV_ID("2606.00001") DOI("10.2/s2") CITED(9)),
			A("2606.00001", DOI("10.1/ax")) },
		    "doi", "\"10.1/ax\"\n" },
		{ "Semantic Scholar's where arXiv has none",
		    { S(1, ARXIV_ID("2606.00001") DOI("10.2/s2")), A("2606.00001", "") }, "doi",
		    "\"10.2/s2\"\n" },
		{ "a publisher's before arXiv's prefix, whoever tells it",
		    { A("2606.00001", DOI("10.48550/arXiv.2606.00001")),
			S(1, ARXIV_ID("2606.00001") DOI("10.2/s2")) },
		    "doi", "\"10.2/s2\"\n" },
		{ "a publisher's before arXiv's prefix in one field",
		    { A("2606.00001", DOI("10.48550/arXiv.2606.00001 10.2/b 10.2/a")) }, "doi",
		    "\"10.2/b\"\n" },
		{ "arXiv's prefix where there is no other",
		    { A("2606.00001", ""),
			S(1, ARXIV_ID("2606.00001") DOI("10.48550/ARXIV.2606.00001")) },
		    "doi", "\"10.48550/ARXIV.2606.00001\"\n" },
		{ "the first of several in one field", { A("2606.00001", DOI("10.2/b 10.2/a")) },
		    "doi", "\"10.2/b\"\n" },
		{ "words that are no DOI are passed over", { A("2606.00001", DOI("see 10.2/b")) },
		    "doi", "\"10.2/b\"\n" },
		{ "as written, case and form", { S(1, DOI("https://doi.org/10.2/AbC")) }, "doi",
		    "\"https://doi.org/10.2/AbC\"\n" },
		{ "escapes are no part of it", { S(1, DOI("10.2\\/\\u0041")) }, "doi",
		    "\"10.2/A\"\n" },
		{ "no source gives one", { A("2606.00001", ""), S(1, DOI("")) }, "doi",
		    "null\nnull\n" },
		{ "no control reaches a row", { S(1, DOI("10.2/a\\u0085b")) }, "doi", "null\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_ids(void **state)
{
	const struct {
		const char *why, *lines[LINES], *text;
	} cases[] = {
		{ "the arXiv id", { A("2606.20543", DOI("10.1/a")) }, "paper:arxiv:2606.20543" },
		{ "without version", { A("2606.20543v7", "") }, "paper:arxiv:2606.20543" },
		{ "an old id, canonical", { A("math.GT/0309136", "") },
		    "paper:arxiv:math/0309136" },
		{ "one that a DBLP key tells",
		    { S(1, ",\"dblp\":\"journals/corr/abs-2606-20543\"") },
		    "paper:arxiv:2606.20543" },
		{ "one that a DOI tells", { S(1, DOI("10.48550/ARXIV.2606.20543")) },
		    "paper:arxiv:2606.20543" },
		{ "the DOI, stripped, in lower case",
		    { S(1, DOI("https://doi.org/10.1000/ABC.d")) }, "paper:doi:10.1000/abc.d" },
		{ "no letter but ASCII's is lowered", { S(1, DOI("10.1000/\xc3\x89")) },
		    "paper:doi:10.1000/\xc3\x89" },
		{ "the DOI that the row shows",
		    { S(1, DOI("10.1/b") CITED(1)), S(1, DOI("10.1/a")) }, "paper:doi:10.1/a" },
		{ "the CorpusId", { S(280000001, "") }, "paper:s2:280000001" },
		{ "the CorpusId if the DOI is none", { S(280000001, DOI("n/a")) },
		    "paper:s2:280000001" },
		{ "the paperId if there is nothing else",
		    { "{\"source\":\"semantic_scholar\",\"paper_id\":\"00ab\"}" },
		    "paper:s2:00ab" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome outcome;
		char hex[65], wanted[80];

		outcome_of(&outcome, cases[i].lines, LINES, &everything);
		snprintf(wanted, sizeof(wanted), "\"%s\"\n", sha256_hex(cases[i].text, hex));
		assert_rows(&outcome, "id", wanted, cases[i].why);
		outcome_free(&outcome);
	}
}

static void
test_published(void **state)
{
	static const struct merge_case cases[] = {
		{ "arXiv's, in UTC",
		    { A("2606.00001", OUT("2026-06-18T23:30:00-05:00")),
			S(1, ARXIV_ID("2606.00001") ",\"publication_date\":\"2020-01-01\",\"year\":"
						    "2019") },
		    "published_date", "\"2026-06-19T00:00:00\"\n" },
		{ "else Semantic Scholar's day",
		    { A("2606.00001", ",\"published\":null"),
			S(1, ARXIV_ID("2606.00001") ",\"publication_date\":\"2026-05-04\",\"year\":"
						    "2019") },
		    "published_date", "\"2026-05-04T00:00:00\"\n" },
		{ "a day before a year, though the year's record comes first",
		    { S(1, DOI("10.1/a") CITED(9) ",\"year\":2019"),
			S(2, DOI("10.1/a") CITED(1) ",\"publication_date\":\"2026-05-04\"") },
		    "published_date", "\"2026-05-04T00:00:00\"\n" },
		{ "else 1 January of the year",
		    { S(1, ",\"publication_date\":null,\"year\":2019") }, "published_date",
		    "\"2019-01-01T00:00:00\"\n" },
		{ "the first record's year",
		    { S(1, DOI("10.1/a") CITED(1) ",\"year\":2018"),
			S(2, DOI("10.1/a") CITED(9) ",\"year\":2019") },
		    "published_date", "\"2019-01-01T00:00:00\"\n" },
		{ "year 0 is none", { S(1, ",\"year\":0") }, "published_date", "null\n" },
		{ "unknown", { S(1, "") }, "published_date", "null\n" },
		{ "1970 is a year", { S(1, ",\"year\":1970") }, "published_date",
		    "\"1970-01-01T00:00:00\"\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_urls(void **state)
{
	static const struct merge_case cases[] = {
		{ "arXiv's with its version",
		    { "{\"source\":\"arxiv\",\"arxiv_id\":\"2606.00001\",\"version\":2}" },
		    "url pdf_url",
		    "\"https://arxiv.org/abs/2606.00001\" "
		    "\"https://arxiv.org/pdf/2606.00001v2\"\n" },
		{ "no vN where arXiv tells none",
		    { "{\"source\":\"arxiv\",\"arxiv_id\":\"2606.00001\"}" }, "url pdf_url",
		    "\"https://arxiv.org/abs/2606.00001\" \"https://arxiv.org/pdf/2606.00001\"\n" },
		{ "no vN where only Semantic Scholar knows the id",
		    { S(1, ARXIV_ID("2606.00001v2") ",\"url\":\"u\",\"pdf_url\":\"f\"") },
		    "url pdf_url",
		    "\"https://arxiv.org/abs/2606.00001\" \"https://arxiv.org/pdf/2606.00001\"\n" },
		{ "a version that Semantic Scholar tells is not arXiv's",
		    { S(1, ARXIV_ID("2606.00001") ",\"version\":2") }, "pdf_url",
		    "\"https://arxiv.org/pdf/2606.00001\"\n" },
		{ "an old id", { A("math/0309136", "") }, "url pdf_url",
		    "\"https://arxiv.org/abs/math/0309136\" "
		    "\"https://arxiv.org/pdf/math/0309136v1\"\n" },
		{ "without arXiv what Semantic Scholar says",
		    { S(1, ",\"url\":\"https:\\/\\/s2\",\"pdf_url\":\"https://pdf\"") },
		    "url pdf_url", "\"https://s2\" \"https://pdf\"\n" },
		{ "an empty PDF address is none",
		    { S(1, ",\"url\":\"https://s2\",\"pdf_url\":\"\"") }, "url pdf_url",
		    "\"https://s2\" null\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_text(void **state)
{
	static const struct merge_case cases[] = {
		{ "escapes are decoded, slashes plain",
		    { S(1, TITLE("a\\u00e9\\/\\ud83d\\ude00\\\"\\\\")) }, "title",
		    "\"a\xc3\xa9/\xf0\x9f\x98\x80\\\"\\\\\"\n" },
		{ "line breaks and tabs fold", { S(1, TITLE("a\\r\\n\\tb")) }, "title",
		    "\"a b\"\n" },
		{ "raw double blanks fold", { S(1, TITLE("  a   b ")) }, "title", "\"a b\"\n" },
		{ "controls go", { S(1, TITLE("a\\u0001\\u001bb\\u007f\\u0080")) }, "title",
		    "\"ab\"\n" },
		{ "raw DEL goes",
		    { S(1, TITLE("a\x7f"
				 "b")) },
		    "title", "\"ab\"\n" },
		{ "U+2028 raw and escaped",
		    { S(1, TITLE("a\xe2\x80\xa8"
				 "b\\u2029c\\u00a0d")) },
		    "title", "\"a b c d\"\n" },
		{ "in an abstract", { S(1, ",\"abstract\":\" a\\n b\\u2028\"") }, "abstract",
		    "\"a b\"\n" },
		{ "in every author, empty ones go",
		    { S(1, ",\"authors\":[\" Ada\\u00a0L. \",\"\",\" \\t\",\"B\\u0001\"]") },
		    "authors", "[\"Ada L.\", \"B\"]\n" },
		{ "in categories", { A("2606.00001", ",\"categories\":[\" cs.CL\"]") },
		    "categories", "[\"cs.CL\"]\n" },
		{ "in fields of study", { S(1, ",\"fields_of_study\":[\" A \\u0042\",\"\"]") },
		    "fields_of_study", "[\"A B\"]\n" },
		{ "in a venue", { S(1, ",\"venue\":\" A\\n  C\\u004c \"") }, "venue",
		    "\"A CL\"\n" },
		{ "a venue of blanks is null", { S(1, ",\"venue\":\" \\n\"") }, "venue", "null\n" },
		{ "in addresses", { S(1, ",\"url\":\" https://x\\n\",\"pdf_url\":\" \"") },
		    "url pdf_url", "\"https://x\" null\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_order(void **state)
{
	const struct {
		const char *why, *lines[LINES], *titles[4];
	} cases[] = {
		{ "the latest first, by the second",
		    { A(X, OUT("2026-06-18T10:00:00Z") TITLE("b")),
			A(Y, OUT("2026-06-18T10:00:01Z") TITLE("a")),
			A(Z, OUT("2026-06-17T23:59:59Z") TITLE("c")) },
		    { "a", "b", "c" } },
		{ "a day is its midnight",
		    { S(1, TITLE("c") ",\"publication_date\":\"2026-06-18\""),
			A(X, OUT("2026-06-18T00:00:01Z") TITLE("b")),
			S(2, TITLE("a") ",\"publication_date\":\"2026-06-19\"") },
		    { "a", "b", "c" } },
		{ "a year is its first day",
		    { S(1, TITLE("c") ",\"year\":2026"),
			S(2, TITLE("b") ",\"publication_date\":\"2026-01-02\""),
			A(X, OUT("2026-01-03T00:00:00Z") TITLE("a")) },
		    { "a", "b", "c" } },
		{ "the unknown last, even behind antiquity",
		    { S(1, TITLE("c")), S(2, TITLE("a") ",\"year\":1066"),
			S(3, TITLE("b") ",\"year\":1") },
		    { "a", "b", "c" } },
	};
	const char *const ties[] = { S(1, ""), S(2, ""), S(3, ""), S(4, ""), S(5, "") };
	struct outcome outcome;
	struct buf ids = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf wanted = BUF_INIT;

		for (size_t j = 0; cases[i].titles[j] != NULL; j++)
			buf_printf(&wanted, "\"%s\"\n", cases[i].titles[j]);
		outcome_of(&outcome, cases[i].lines, LINES, &everything);
		assert_rows(&outcome, "title", wanted.data, cases[i].why);
		outcome_free(&outcome);
		buf_free(&wanted);
	}
	outcome_of(&outcome, ties, COUNT(ties), &everything);
	select_keys(&outcome, "id", &ids);
	assert_int_equal(ids.len, 67 * COUNT(ties));
	for (size_t at = 0; at + 2 * 67 <= ids.len; at += 67)
		assert_true(memcmp(ids.data + at, ids.data + at + 67, 67) < 0);
	outcome_free(&outcome);
	buf_free(&ids);
}

static void
test_scope(void **state)
{
	static const char *const lines[] = {
		A("2606.00001",
		    OUT("2026-06-19T23:59:59Z") ",\"categories\":[\"cs.CL\",\"stat.ML\"]" TITLE(
			"a")),
		A("2606.00002",
		    OUT("2026-06-20T00:00:00Z") ",\"categories\":[\"csx.AI\"]" TITLE("b")),
		A("2606.00003",
		    OUT("2026-06-01T00:00:00Z") ",\"categories\":[\"math.GT\"]" TITLE("c")),
		A("2606.00004",
		    OUT("2026-05-31T23:59:59Z") ",\"categories\":[\"astro-ph\"]" TITLE("d")),
		S(1, ",\"publication_date\":\"2026-06-19\"" TITLE("e")),
		S(2, TITLE("f")),
	};
	const struct {
		const char *why, *from, *to, *categories[3], *titles;
	} cases[] = {
		{ "everything", NULL, NULL, { NULL }, "b a e c d f" },
		{ "as of a day: all of that day, no later one", NULL, "2026-06-19", { NULL },
		    "a e c d f" },
		{ "from a day: all of that day, no earlier one", "2026-06-01", NULL, { NULL },
		    "b a e c f" },
		{ "one day, and what has none", "2026-06-19", "2026-06-19", { NULL }, "a e f" },
		{ "a category, and papers without", NULL, NULL, { "cs.CL" }, "a e f" },
		{ "a secondary category", NULL, NULL, { "stat.ML" }, "a e f" },
		{ "one of several", NULL, NULL, { "math.GT", "astro-ph" }, "e c d f" },
		{ "an archive, and no other that it starts", NULL, NULL, { "cs.*" }, "a e f" },
		{ "a category is no prefix", NULL, NULL, { "math.G" }, "e f" },
		{ "an archive without classes", NULL, NULL, { "astro-ph" }, "e d f" },
		{ "days and categories", "2026-06-01", "2026-06-19", { "math.*", "astro-ph" },
		    "e c f" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct merge_scope scope = everything;
		struct buf got = BUF_INIT, titles_got = BUF_INIT;
		struct outcome outcome;
		char *categories[3];

		memcpy(categories, cases[i].categories, sizeof(categories));
		scope.categories = categories;
		while (scope.category_count < 3 && categories[scope.category_count] != NULL)
			scope.category_count++;
		if (cases[i].from != NULL)
			assert_int_equal(date_day_parse(slice_of(cases[i].from), &scope.from), 0);
		if (cases[i].to != NULL)
			assert_int_equal(date_day_parse(slice_of(cases[i].to), &scope.to), 0);
		outcome_of(&outcome, lines, COUNT(lines), &scope);
		select_keys(&outcome, "title", &got);
		for (size_t j = 0; j + 3 < got.len; j += 4)
			buf_printf(&titles_got, "%s%c", j == 0 ? "" : " ", got.data[j + 1]);
		assert_bytes(buf_slice(&titles_got), slice_of(cases[i].titles), cases[i].why);
		assert_int_equal(merge_count(outcome.merge).papers, COUNT(lines));
		outcome_free(&outcome);
		buf_free(&got);
		buf_free(&titles_got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supply),
		cmocka_unit_test(test_doi),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_scope),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
