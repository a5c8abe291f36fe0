#include "row_check.h"

#include "date.h"
#include "scratch.h"

#define ARXIV_ID "\"989fef5fc253b0613a59b01cec35c0cc584fc413ce901e3b5192ea8bd456c69e\""
#define OTHER_ID "\"189fef5fc253b0613a59b01cec35c0cc584fc413ce901e3b5192ea8bd456c69e\""
#define DOI_ID "\"f03e3e8020b7b3d4d7a310119c28e4e286a6a887d50f7e392d407a1ff793c4b3\""
#define OLD_ID "\"96d89647d459e67146bbd5f49dd636b7c7eb1bf05226558b65d0610af4a65002\""

/* A row that reproduces as of 2026-06-19: a value for each key. */
static const char *const good[ROW_FIELD_COUNT] = {
	ARXIV_ID,
	"[\"arxiv\", \"semantic_scholar\"]",
	"\"A title\"",
	"null",
	"[\"Ada\"]",
	"[\"cs.CV\"]",
	"[]",
	"\"2026-06-18T00:00:00\"",
	"\"https://arxiv.org/abs/2606.20543\"",
	"\"https://arxiv.org/pdf/2606.20543v1\"",
	"\"2606.20543\"",
	"null",
	"0",
	"0",
	"false",
	"null",
	"null",
	"0.35",
};

#define CHANGES 12

struct change {
	enum row_key field;
	/* NULL: the key is not there. */
	const char *json;
};

/* The paper that only Semantic Scholar has, by its DOI. */
#define BY_DOI                                                                                   \
	{ ROW_ID, DOI_ID }, { ROW_SOURCES, "[\"semantic_scholar\"]" }, { ROW_CATEGORIES, "[]" }, \
	    { ROW_URL, "\"https://www.semanticscholar.org/paper/1\"" }, { ROW_PDF_URL, "null" }, \
	    { ROW_ARXIV_ID, "null" },                                                            \
	{                                                                                        \
		ROW_DOI, "\"10.5555/Demo.1\""                                                    \
	}

static void
make_line(const struct change *changes, struct buf *line)
{
	const char *values[ROW_FIELD_COUNT];
	const char *before = "{";

	memcpy(values, good, sizeof(values));
	/* Zeros fill up a list of changes. */
	for (size_t i = 0; i < CHANGES; i++)
		if (changes[i].field != ROW_ID || changes[i].json != NULL)
			values[changes[i].field] = changes[i].json;
	buf_clear(line);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		if (values[i] == NULL)
			continue;
		buf_printf(line, "%s\"%s\": %s", before, row_fields[i].key, values[i]);
		before = ", ";
	}
	buf_add_char(line, '}');
}

static void
hear(void *cookie, const struct audit_fault *fault)
{
	struct buf *heard = cookie;

	buf_add_text(heard, fault->field);
	if (fault->expected.data != NULL) {
		buf_add_text(heard, " should be ");
		buf_add_slice(heard, fault->expected);
	}
	if (fault->reason.data != NULL) {
		buf_add_text(heard, ": ");
		buf_add_slice(heard, fault->reason);
	}
	buf_add_char(heard, '\n');
}

/* What is heard of a line, and whether it tells its id. */
static bool
run(const struct buf *line, struct buf *heard)
{
	static struct slice arxiv_ids[] = { { "1", 1 }, { "2", 1 } };
	const struct doi_conflict conflict = { SLICE_LITERAL("10.5555/conflict"), { arxiv_ids, 2 },
		3, false };
	struct row_keys *keys = row_keys_new(&conflict, 1);
	struct row_check *check = row_check_new(date_day(2026, 6, 19), keys);
	struct buf padded = BUF_INIT;
	struct jsonl_error error;
	struct row_line row;
	bool told;

	buf_add_slice(&padded, buf_slice(line));
	(void)buf_reserve(&padded, JSONL_PADDING);
	if (row_line_parse(padded.data, padded.len, &row, &error) == -1)
		fail_msg("%s: %s", padded.data, error.reason);
	buf_clear(heard);
	buf_add_text(heard, "");
	told = row_check_run(check, &row, hear, heard);
	buf_free(&padded);
	row_check_free(check);
	row_keys_free(keys);
	return told;
}

static void
test_rows(void **state)
{
	static const struct {
		const char *why;
		struct change changes[CHANGES];
		const char *faults;
		bool untold;
	} cases[] = {
		{ "as it should be", { { ROW_ID, ARXIV_ID } }, "", false },
		{ "a version is no part of the id",
		    { { ROW_PDF_URL, "\"https://arxiv.org/pdf/2606.20543\"" } }, "", false },
		{ "only its DOI", { BY_DOI }, "", false },
		{ "neither arXiv id nor DOI: its id is its own", { BY_DOI, { ROW_DOI, "null" } },
		    "", true },
		{ "nor does a DOI in conflict tell",
		    { BY_DOI, { ROW_DOI, "\"10.5555/CONFLICT\"" } }, "", true },
		{ "an old arXiv id, whose month is not looked at",
		    { { ROW_ID, OLD_ID }, { ROW_ARXIV_ID, "\"math/0309136\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/math/0309136\"" },
			{ ROW_PDF_URL, "\"https://arxiv.org/pdf/math/0309136v2\"" } },
		    "", false },

		{ "a shape", { { ROW_AUTHORS, "\"Ada\"" } },
		    "authors: must be a list of strings without control characters\n", false },
		{ "a key that is missing", { { ROW_VENUE, NULL } }, "venue: the key is missing\n",
		    false },
		{ "an input of the score without its shape says nothing of the score",
		    { { ROW_HAS_CODE, "1" } }, "has_code: must be true or false\n", false },
		{ "a score of another shape", { { ROW_QUALITY_SCORE, "0.350" } },
		    "quality_score: must be a number from 0.0 to 1.0 with 1 to 4 decimals, as "
		    "short as it can be\n",
		    false },
		{ "no id at all", { { ROW_ARXIV_ID, "null" }, { ROW_ID, "\"\"" } },
		    "id: must be 64 lower-case hex digits\narxiv_id: sources have arxiv\n", false },

		{ "the id is wrong", { { ROW_TITLE, "null" }, { ROW_ID, OTHER_ID } },
		    "id should be " ARXIV_ID "\n", false },
		{ "the arXiv id is wrong: all else speaks for another one",
		    { { ROW_ARXIV_ID, "\"2606.20544\"" } },
		    "arxiv_id should be \"2606.20543\": id and another field have this one\n",
		    false },
		{ "so does the address of the PDF alone",
		    { { ROW_ARXIV_ID, "\"2606.20544\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2606.20544\"" } },
		    "arxiv_id should be \"2606.20543\": id and another field have this one\n"
		    "url should be \"https://arxiv.org/abs/2606.20543\": arxiv_id has this "
		    "address\n",
		    false },
		{ "so does the DOI alone",
		    { { ROW_ARXIV_ID, "null" }, { ROW_URL, "null" }, { ROW_PDF_URL, "null" },
			{ ROW_DOI, "\"10.48550/ARXIV.2606.20543\"" } },
		    "arxiv_id should be \"2606.20543\": id and another field have this one\n"
		    "url should be \"https://arxiv.org/abs/2606.20543\": arxiv_id has this "
		    "address\n"
		    "pdf_url should be \"https://arxiv.org/pdf/2606.20543\": arxiv_id has this "
		    "address\n",
		    false },
		{ "the arXiv id has another shape: told once",
		    { { ROW_ARXIV_ID, "\"2606.20543v1\"" } },
		    "arxiv_id: must be an arXiv id without version, or null\n", false },
		{ "id and arXiv id are wrong: the id is named",
		    { { ROW_ARXIV_ID, "\"2606.20544\"" }, { ROW_ID, OTHER_ID } },
		    "id should be "
		    "\"ff29c60a66d766aca84ad75b4fcb0a48fbed43aa459a0c4fb0e839c8d1b7b305\"\n"
		    "url should be \"https://arxiv.org/abs/2606.20544\": arxiv_id has this "
		    "address\n"
		    "pdf_url should be \"https://arxiv.org/pdf/2606.20544v1\": arxiv_id has this "
		    "address\n",
		    false },
		{ "the address is wrong", { { ROW_URL, "\"https://arxiv.org/abs/2606.20534\"" } },
		    "url should be \"https://arxiv.org/abs/2606.20543\": arxiv_id has this "
		    "address\n",
		    false },
		{ "the address of the PDF is wrong",
		    { { ROW_PDF_URL, "\"https://arxiv.org/pdf/2606.20544v12\"" } },
		    "pdf_url should be \"https://arxiv.org/pdf/2606.20543v12\": arxiv_id has this "
		    "address\n",
		    false },
		{ "no version 0", { { ROW_PDF_URL, "\"https://arxiv.org/pdf/2606.20543v0\"" } },
		    "pdf_url should be \"https://arxiv.org/pdf/2606.20543\": arxiv_id has this "
		    "address\n",
		    false },
		{ "an address that is missing", { { ROW_PDF_URL, "null" } },
		    "pdf_url should be \"https://arxiv.org/pdf/2606.20543\": arxiv_id has this "
		    "address\n",
		    false },
		{ "the DOI of another arXiv paper, which some record made one with it",
		    { { ROW_DOI, "\"10.48550/arXiv.2606.20544\"" } }, "", false },
		{ "a DOI that is not the id's", { BY_DOI, { ROW_DOI, "\"10.5555/demo.2\"" } },
		    "id should be "
		    "\"03c33e7561753988f06cc6d30fbbc8b19956f9cebe8630ad25d858b4e145a35a\": id or "
		    "doi is wrong\n",
		    false },
		{ "no arXiv id although arXiv is a source",
		    { BY_DOI, { ROW_SOURCES, "[\"\\u0061rxiv\"]" } },
		    "arxiv_id: sources have arxiv\n", false },

		{ "later than the snapshot", { { ROW_PUBLISHED_DATE, "\"2026-06-20T00:00:00\"" } },
		    "published_date: later than the snapshot\n", false },
		{ "a later month than that of the arXiv id",
		    { { ROW_ID,
			  "\"85a8a10b63cae8159ab20edac5005ccfa50544c42737638f810316a7aae681f0\"" },
			{ ROW_ARXIV_ID, "\"2605.00001\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2605.00001\"" },
			{ ROW_PDF_URL, "null" },
			{ ROW_PUBLISHED_DATE, "\"2026-06-01T00:00:00\"" } },
		    "pdf_url should be \"https://arxiv.org/pdf/2605.00001\": arxiv_id has this "
		    "address\n"
		    "published_date: later than the month of its arXiv id\n",
		    false },
		{ "the last day of that month is in time",
		    { { ROW_ID,
			  "\"85a8a10b63cae8159ab20edac5005ccfa50544c42737638f810316a7aae681f0\"" },
			{ ROW_ARXIV_ID, "\"2605.00001\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2605.00001\"" },
			{ ROW_PDF_URL, "\"https://arxiv.org/pdf/2605.00001\"" },
			{ ROW_CITATION_COUNT, "9999" }, { ROW_QUALITY_SCORE, "1.0" },
			{ ROW_PUBLISHED_DATE, "\"2026-05-31T00:00:00\"" } },
		    "", false },
		{ "and of a December",
		    { { ROW_ID,
			  "\"0f90ec65745fac4146eac7a6000ff93b6e9a0a63ac11a7312ae4cc5e17c2b4a2\"" },
			{ ROW_ARXIV_ID, "\"2512.00001\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2512.00001\"" },
			{ ROW_PDF_URL, "\"https://arxiv.org/pdf/2512.00001\"" },
			{ ROW_CITATION_COUNT, "9999" }, { ROW_QUALITY_SCORE, "1.0" },
			{ ROW_PUBLISHED_DATE, "\"2025-12-31T00:00:00\"" } },
		    "", false },
		{ "but New Year is not",
		    { { ROW_ID,
			  "\"0f90ec65745fac4146eac7a6000ff93b6e9a0a63ac11a7312ae4cc5e17c2b4a2\"" },
			{ ROW_ARXIV_ID, "\"2512.00001\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2512.00001\"" },
			{ ROW_PDF_URL, "\"https://arxiv.org/pdf/2512.00001\"" },
			{ ROW_CITATION_COUNT, "9999" }, { ROW_QUALITY_SCORE, "1.0" },
			{ ROW_PUBLISHED_DATE, "\"2026-01-01T00:00:00\"" } },
		    "published_date: later than the month of its arXiv id\n", false },
		{ "a date of Semantic Scholar may be that of the journal",
		    { { ROW_SOURCES, "[\"semantic_scholar\"]" }, { ROW_CATEGORIES, "[]" },
			{ ROW_ID, "\"85a8a10b63cae8159ab20edac5005ccfa50544c42737638f810316a7aae681"
				  "f0\"" },
			{ ROW_ARXIV_ID, "\"2605.00001\"" },
			{ ROW_URL, "\"https://arxiv.org/abs/2605.00001\"" },
			{ ROW_PDF_URL, "\"https://arxiv.org/pdf/2605.00001\"" },
			{ ROW_PUBLISHED_DATE, "\"2026-06-01T00:00:00\"" } },
		    "", false },

		{ "what only Semantic Scholar gives",
		    { { ROW_SOURCES, "[\"arxiv\"]" }, { ROW_FIELDS_OF_STUDY, "[\"Physics\"]" },
			{ ROW_CITATION_COUNT, "1" }, { ROW_INFLUENTIAL_CITATION_COUNT, "1" },
			{ ROW_VENUE, "\"ICML\"" }, { ROW_QUALITY_SCORE, "0.55" } },
		    "fields_of_study should be []: sources lack semantic_scholar\n"
		    "citation_count should be 0: sources lack semantic_scholar\n"
		    "influential_citation_count should be 0: sources lack semantic_scholar\n"
		    "venue should be null: sources lack semantic_scholar\n",
		    false },
		{ "what only arXiv gives", { { ROW_SOURCES, "[\"semantic_scholar\"]" } },
		    "categories should be []: sources lack arxiv\n", false },
		{ "an address of code, but no code",
		    { { ROW_CODE_URL, "\"https://github.com/a/b\"" } },
		    "code_url should be null: has_code is false\n", false },

		{ "a score that is too high by a count", { { ROW_QUALITY_SCORE, "0.3891" } },
		    "quality_score should be 0.35: citation_count 35 would fit; "
		    "influential_citation_count 5 would fit\n",
		    false },
		{ "a score that nothing gives", { { ROW_QUALITY_SCORE, "0.3499" } },
		    "quality_score should be 0.35: no single input would fit\n", false },
		{ "a score of another day", { { ROW_QUALITY_SCORE, "0.3493" } },
		    "quality_score should be 0.35: published_date 2026-04-19 would fit\n", false },
		{ "code", { { ROW_QUALITY_SCORE, "0.65" } },
		    "quality_score should be 0.35: citation_count 397 would fit; has_code "
		    "true would fit\n",
		    false },
	};
	struct buf line = BUF_INIT, heard = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool told;

		make_line(cases[i].changes, &line);
		told = run(&line, &heard);
		assert_bytes(buf_slice(&heard), slice_of(cases[i].faults), cases[i].why);
		if (told == cases[i].untold)
			print_error("%s: told %d\n", cases[i].why, told);
		assert_int_not_equal(told, cases[i].untold);
	}
	buf_free(&line);
	buf_free(&heard);
}

static void
test_key_order(void **state)
{
	static const struct {
		const char *why;
		const char *line;
		const char *faults;
	} cases[] = {
		{ "two keys", "{\"doi\": null, \"arxiv_id\": null}",
		    "key order: doi stands before arxiv_id\n" },
		{ "only one of many", "{\"venue\": \"\", \"url\": \"\", \"title\": \"\"}",
		    "key order: url stands before title\n" },
		{ "unknown keys may stand anywhere",
		    "{\"a\": 1, \"id\": \"\", \"b\": 2, \"title\": \"\", \"venue\": [], \"c\": 3}",
		    "" },
		{ "no keys", "{}", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf line = BUF_INIT, heard = BUF_INIT;
		struct jsonl_error error;
		struct row_line row;
		bool told;

		buf_add_text(&line, cases[i].line);
		buf_add_text(&heard, "");
		(void)buf_reserve(&line, JSONL_PADDING);
		assert_int_equal(row_line_parse(line.data, line.len, &row, &error), 0);
		told = row_check_key_order(&row, hear, &heard);
		assert_int_equal(told, heard.len == 0);
		assert_bytes(buf_slice(&heard), slice_of(cases[i].faults), cases[i].why);
		buf_free(&line);
		buf_free(&heard);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_key_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
