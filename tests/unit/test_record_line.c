#include "record_line.h"

#include "scratch.h"

#define ARXIV "\"source\":\"arxiv\",\"arxiv_id\":\"2606.20543\""
#define S2 "\"source\":\"semantic_scholar\",\"corpus_id\":1"

/* Parse a copy with the padding that a scanner may read; the first of two lines is told alike. */
static enum record_line_kind
parse(struct slice text, struct buf *copy, struct record_line *record, char **reason)
{
	enum record_line_kind kind;
	size_t len = 0;
	bool good;

	buf_clear(copy);
	buf_add_slice(copy, text);
	buf_add_text(copy, "\n}\n");
	jsonl_pad(copy);
	good = record_line_first(buf_slice(copy), record, &len);
	copy->len = text.len;
	memset(buf_reserve(copy, JSONL_PADDING), '"', JSONL_PADDING);
	kind = record_line_parse(copy->data, copy->len, record, reason);
	assert_int_equal(good, kind == RECORD_LINE_RECORD);
	assert_int_equal(len, good ? text.len : len);
	return kind;
}

static void
test_kinds(void **state)
{
	const struct {
		const char *why, *line;
		enum record_line_kind kind;
	} cases[] = {
		{ "the least of arXiv", "{" ARXIV "}", RECORD_LINE_RECORD },
		{ "the least of Semantic Scholar", "{" S2 "}", RECORD_LINE_RECORD },
		{ "known by its paperId", "{\"source\":\"semantic_scholar\",\"paper_id\":\"ab\"}",
		    RECORD_LINE_RECORD },
		{ "known by its DOI", "{\"source\":\"semantic_scholar\",\"doi\":\"10.1/x\"}",
		    RECORD_LINE_RECORD },
		{ "known by its arXiv id",
		    "{\"source\":\"semantic_scholar\",\"arxiv_id\":\"math.GT/0309136\"}",
		    RECORD_LINE_RECORD },
		{ "an id with an escaped slash, as some writers do",
		    "{\"source\":\"arxiv\",\"arxiv_id\":\"math\\/0309136\"}", RECORD_LINE_RECORD },
		{ "escapes in a source and in times",
		    "{\"source\":\"arxi\\u0076\",\"arxiv_id\":\"2606.20543\",\"published\":\"2026-"
		    "06-"
		    "18T17:59:58\\u002b00:00\",\"updated\":\"\\u0032026-06-18\"}",
		    RECORD_LINE_RECORD },
		{ "and in a day", "{" S2 ",\"publication_date\":\"2026\\u002d06-18\"}",
		    RECORD_LINE_RECORD },
		{ "keys in any order, others among them",
		    "{\"z\":[1],\"arxiv_id\":\"2606.20543\",\"source\":\"arxiv\"}",
		    RECORD_LINE_RECORD },
		{ "a query", "{\"query\":{\"any\": []}}", RECORD_LINE_QUERY },
		{ "a commit", "{\"commit\":{}}", RECORD_LINE_COMMIT },
		{ "a commit with its position", "{\"commit\":{},\"position\":236}",
		    RECORD_LINE_COMMIT },
		{ "a commit begins its line", " {\"commit\":{}}", RECORD_LINE_BAD },
		{ "and ends it", "{\"commit\":{}} ", RECORD_LINE_BAD },
		{ "in small letters", "{\"COMMIT\":{}}", RECORD_LINE_BAD },
		{ "what begins as a commit is no record", "{\"commit\":1," S2 "}",
		    RECORD_LINE_BAD },
		{ "a record may have such keys", "{" S2 ",\"query\":{},\"commit\":{}}",
		    RECORD_LINE_RECORD },
		{ "a query must be an object", "{\"query\":1}", RECORD_LINE_BAD },
		{ "a commit must be an object", "{\"commit\":\"x\"}", RECORD_LINE_BAD },
	};
	struct buf copy = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record_line record;
		char *reason = NULL;
		enum record_line_kind kind =
		    parse(slice_of(cases[i].line), &copy, &record, &reason);

		if (kind != cases[i].kind)
			print_error("%s: %s\n", cases[i].why, reason);
		assert_int_equal(kind, cases[i].kind);
		assert_int_equal(reason != NULL, kind == RECORD_LINE_BAD);
		free(reason);
	}
	buf_free(&copy);
}

/* Every field of both records: all that may stand in it, and what may not. */
static void
test_types(void **state)
{
	static const char text[] = "must be a string";
	static const char list[] = "must be a list of strings";
	static const char number[] = "must be a whole number, not negative and not absurd";
	static const char time[] = "must be a time such as 2026-06-19T03:00:07Z";
	static const char day[] = "must be a date such as 2026-06-19";
	const struct {
		const char *key, *good, *bad, *fault;
	} cases[] = {
		{ "fetched", "\"2026-06-19T03:00:07Z\"", "\"yesterday\"", time },
		{ "fetched", "\"2026-06-19\"", "1781838007", text },
		{ "version", "1", "\"1\"", number },
		{ "version", "9999", "10000", number },
		{ "title", "\"x\"", "7", text },
		{ "title", "\"\"", "[\"x\"]", text },
		{ "abstract", "\"x\"", "{}", text },
		{ "authors", "[\"A\",\"B\"]", "\"A\"", list },
		{ "authors", "[]", "[\"A\",null]", list },
		{ "authors", "[\"\"]", "[{\"name\":\"A\"}]", list },
		{ "categories", "[\"cs.CL\"]", "{\"0\":\"cs.CL\"}", list },
		{ "categories", "[]", "[1]", list },
		{ "published", "\"2026-06-18T17:59:58Z\"", "\"2026-06-31T00:00:00Z\"", time },
		{ "updated", "\"2026-06-18T17:59:58Z\"", "false", text },
		{ "comment", "\"x\"", "true", text },
		{ "journal_ref", "\"x\"", "0", text },
		{ "doi", "\"anything\"", "[\"10.1/x\"]", text },
		{ "paper_id", "\"ab\"", "12", text },
		{ "corpus_id", "9223372036854775807", "9223372036854775808", number },
		{ "corpus_id", "0", "-1", number },
		{ "corpus_id", "5", "\"5\"", number },
		{ "dblp", "\"journals/x\"", "[]", text },
		{ "fields_of_study", "[\"Computer Science\"]", "\"Computer Science\"", list },
		{ "publication_date", "\"2026-06-18\"", "\"2026-06\"", day },
		{ "publication_date", "\"2026-06-18\"", "\"2026-06-18T00:00:00\"", day },
		{ "year", "2026", "2026.5", number },
		{ "year", "0", "20260", number },
		{ "venue", "\"\"", "1", text },
		{ "citation_count", "0", "-1", number },
		{ "citation_count", "2147483647", "2147483648", number },
		{ "citation_count", "1", "1e3", number },
		{ "influential_citation_count", "3", "null3", NULL },
		{ "influential_citation_count", "3", "1.0", number },
		{ "pdf_url", "\"x\"", "{\"url\":\"x\"}", text },
		{ "url", "\"x\"", "[]", text },
	};
	struct buf copy = BUF_INIT, line = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *values[] = { cases[i].good, "null", cases[i].bad };

		for (size_t j = 0; j < COUNT(values); j++) {
			struct record_line record;
			char *reason = NULL, wanted[200] = "";
			enum record_line_kind kind;

			buf_clear(&line);
			buf_printf(&line, "{\"source\":\"semantic_scholar\",\"%s\":%s",
			    cases[i].key, values[j]);
			/* Always known by something else, too. */
			buf_add_text(&line, strcmp(cases[i].key, "paper_id") == 0
						? ",\"corpus_id\":1}"
						: ",\"paper_id\":\"ab\"}");
			kind = parse(buf_slice(&line), &copy, &record, &reason);
			if (kind != (j == 2 ? RECORD_LINE_BAD : RECORD_LINE_RECORD))
				print_error("%s: %s\n", line.data, reason);
			assert_int_equal(kind, j == 2 ? RECORD_LINE_BAD : RECORD_LINE_RECORD);
			if (j == 2 && cases[i].fault != NULL) {
				size_t len = strlen(values[j]);
				bool quoted = values[j][0] == '"';

				snprintf(wanted, sizeof(wanted), "%s: %s, got '%.*s'", cases[i].key,
				    cases[i].fault, (int)(quoted ? len - 2 : len),
				    values[j] + quoted);
				assert_string_equal(reason, wanted);
			}
			free(reason);
		}
	}
	buf_free(&copy);
	buf_free(&line);
}

static void
test_bad(void **state)
{
	const struct {
		const char *why, *line, *reason;
	} cases[] = {
		{ "no JSON", "x", NULL },
		{ "empty", "", NULL },
		{ "cut off", "{" ARXIV, NULL },
		{ "a duplicate key", "{" ARXIV ",\"title\":\"a\",\"title\":\"b\"}", NULL },
		{ "no source", "{\"arxiv_id\":\"2606.20543\"}",
		    "source: must be arxiv or semantic_scholar, got ''" },
		{ "an unknown source", "{\"source\":\"openalex\",\"doi\":\"10.1/x\"}",
		    "source: must be arxiv or semantic_scholar, got 'openalex'" },
		{ "a source of another type", "{\"source\":1}",
		    "source: must be arxiv or semantic_scholar, got '1'" },
		{ "arXiv without id", "{\"source\":\"arxiv\",\"title\":\"x\"}",
		    "arxiv_id: missing, got ''" },
		{ "arXiv with a null id",
		    "{\"source\":\"arxiv\",\"arxiv_id\":null,\"doi\":\"10.1/x\"}",
		    "arxiv_id: missing, got ''" },
		{ "arXiv with a malformed id", "{\"source\":\"arxiv\",\"arxiv_id\":\"2606.2\"}",
		    "arxiv_id: no arXiv id, got '2606.2'" },
		{ "Semantic Scholar with a malformed one", "{" S2 ",\"arxiv_id\":\"x\"}",
		    "arxiv_id: no arXiv id, got 'x'" },
		{ "Semantic Scholar without any",
		    "{\"source\":\"semantic_scholar\",\"title\":\"x\"}",
		    "corpus_id: no id of any kind, got ''" },
	};
	struct buf copy = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record_line record;
		char *reason = NULL;

		assert_int_equal(
		    parse(slice_of(cases[i].line), &copy, &record, &reason), RECORD_LINE_BAD);
		assert_non_null(reason);
		if (cases[i].reason != NULL)
			assert_bytes(slice_of(reason), slice_of(cases[i].reason), cases[i].why);
		free(reason);
	}
	buf_free(&copy);
}

/* The limits of DESIGN hold in the journal, too: `fineset merge` reads what others wrote. */
static void
test_limits(void **state)
{
	const struct {
		const char *why, *key, *begin, *item, *end;
		size_t times;
		const char *fault;
	} cases[] = {
		{ "as many authors as may be", "authors", "[\"\"", ",\"a\"", "]", BOUND_AUTHORS - 1,
		    NULL },
		{ "one author too many", "authors", "[\"\"", ",\"a\"", "]", BOUND_AUTHORS,
		    "authors: more than 10000 values" },
		{ "an abstract as long as may be", "abstract", "\"", "a", "\"", BOUND_TEXT_BYTES,
		    NULL },
		{ "escapes count as what they stand for", "abstract", "\"", "\\\"", "\"",
		    BOUND_TEXT_BYTES, NULL },
		{ "one byte too many", "abstract", "\"", "a", "\"", BOUND_TEXT_BYTES + 1,
		    "abstract: longer than 1 MiB" },
		{ "a venue like a book", "venue", "\"", "a", "\"", BOUND_TEXT_BYTES + 1,
		    "venue: longer than 1 MiB" },
		{ "fields of study like a book", "fields_of_study", "[\"\"",
		    ",\"012345678901234567890123456789"
		    "012345678901234567890123456789012345678901234567890123456789"
		    "01234567890123456789012345678901234567890123456789\"",
		    "]", 9000, "fields_of_study: longer than 1 MiB" },
		{ "a field that nobody wants, like a library", "x", "\"", "a", "\"",
		    BOUND_LINE_BYTES, "longer than " },
		{ "one author like a book", "authors", "[\"", "a", "\"]", BOUND_TEXT_BYTES + 1,
		    "authors: longer than 1 MiB" },
	};
	struct buf copy = BUF_INIT, line = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record_line record;
		char *reason = NULL;
		enum record_line_kind kind;

		buf_clear(&line);
		buf_printf(&line, "{" S2 ",\"%s\":%s", cases[i].key, cases[i].begin);
		for (size_t j = 0; j < cases[i].times; j++)
			buf_add_text(&line, cases[i].item);
		buf_printf(&line, "%s}", cases[i].end);
		kind = parse(buf_slice(&line), &copy, &record, &reason);
		if ((kind == RECORD_LINE_BAD) != (cases[i].fault != NULL))
			print_error("%s: %s\n", cases[i].why, reason);
		assert_int_equal(
		    kind, cases[i].fault == NULL ? RECORD_LINE_RECORD : RECORD_LINE_BAD);
		if (cases[i].fault != NULL)
			assert_memory_equal(reason, cases[i].fault, strlen(cases[i].fault));
		free(reason);
	}
	buf_free(&copy);
	buf_free(&line);
}

static void
test_fetched(void **state)
{
	const struct {
		const char *why, *line;
		int64_t fetched;
	} cases[] = {
		{ "a time", "{" S2 ",\"fetched\":\"2026-06-19T03:00:07Z\"}", 1781838007 },
		{ "null", "{" S2 ",\"fetched\":null}", 0 },
		{ "absent", "{" S2 "}", 0 },
	};
	struct buf copy = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct record_line record;
		char *reason = NULL;

		assert_int_equal(
		    parse(slice_of(cases[i].line), &copy, &record, &reason), RECORD_LINE_RECORD);
		if (record_line_fetched(&record) != cases[i].fetched)
			print_error("%s\n", cases[i].why);
		assert_true(record_line_fetched(&record) == cases[i].fetched);
	}
	buf_free(&copy);
}

/* What source_record_write wrote is read back as it was, null and all. */
static void
test_round_trip(void **state)
{
	struct slice names[] = { SLICE_LITERAL("A \"B\" \\ C"), SLICE_LITERAL("\xc3\xa9") };
	struct source_record records[3];
	static const char *const lines[] = {
		"{\"source\":\"arxiv\",\"fetched\":\"2026-06-19T03:00:07Z\","
		"\"arxiv_id\":\"2606.20543\",\"version\":2,\"title\":\"T\",\"abstract\":\"/\","
		"\"authors\":[\"A \\\"B\\\" \\\\ C\",\"\xc3\xa9\"],\"categories\":[],"
		"\"published\":\"2026-06-18T17:59:58Z\",\"updated\":\"1970-01-01T00:00:00Z\","
		"\"comment\":null,\"journal_ref\":null,\"doi\":\"10.1/a 10.1/b\"}\n",
		"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:07Z\","
		"\"paper_id\":\"ab\",\"corpus_id\":5,\"arxiv_id\":null,\"doi\":null,\"dblp\":\"d\","
		"\"title\":null,\"abstract\":null,\"authors\":[],\"fields_of_study\":[\"A "
		"\\\"B\\\" "
		"\\\\ C\",\"\xc3\xa9\"],\"publication_date\":\"2026-06-18\",\"year\":2026,"
		"\"venue\":\"V\",\"citation_count\":0,\"influential_citation_count\":7,"
		"\"pdf_url\":\"p\",\"url\":\"u\"}\n",
		"{\"source\":\"semantic_scholar\",\"fetched\":\"1970-01-01T00:00:00Z\","
		"\"paper_id\":null,\"corpus_id\":null,\"arxiv_id\":null,\"doi\":\"10.1/x\","
		"\"dblp\":null,\"title\":null,\"abstract\":null,\"authors\":[],"
		"\"fields_of_study\":[],\"publication_date\":null,\"year\":null,\"venue\":null,"
		"\"citation_count\":null,\"influential_citation_count\":null,\"pdf_url\":null,"
		"\"url\":null}\n",
	};
	struct buf out = BUF_INIT, copy = BUF_INIT;

	(void)state;
	source_record_init(&records[0], SOURCE_ARXIV, 1781838007);
	records[0].arxiv_id = slice_of("2606.20543");
	records[0].version = 2;
	records[0].title = slice_of("T");
	records[0].abstract = slice_of("/");
	records[0].authors = (struct slice_list){ names, 2 };
	records[0].published = 1781805598;
	records[0].updated = 0;
	records[0].doi = slice_of("10.1/a 10.1/b");
	source_record_init(&records[1], SOURCE_SEMANTIC_SCHOLAR, 1781838007);
	records[1].paper_id = slice_of("ab");
	records[1].corpus_id = 5;
	records[1].dblp = slice_of("d");
	records[1].fields_of_study = (struct slice_list){ names, 2 };
	records[1].publication_date = slice_of("2026-06-18");
	records[1].year = 2026;
	records[1].venue = slice_of("V");
	records[1].citation_count = 0;
	records[1].influential_citation_count = 7;
	records[1].pdf_url = slice_of("p");
	records[1].url = slice_of("u");
	source_record_init(&records[2], SOURCE_SEMANTIC_SCHOLAR, 0);
	records[2].doi = slice_of("10.1/x");
	for (size_t i = 0; i < COUNT(records); i++) {
		struct record_line record;
		char *reason = NULL;

		buf_clear(&out);
		source_record_write(&records[i], &out);
		assert_string_equal(out.data, lines[i]);
		assert_int_equal(
		    parse((struct slice){ out.data, out.len - 1 }, &copy, &record, &reason),
		    RECORD_LINE_RECORD);
		assert_int_equal(record.source, records[i].source);
		assert_true(record_line_fetched(&record) == records[i].fetched);
	}
	buf_free(&out);
	buf_free(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_fetched),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
