#include "row_line.h"

#include "scratch.h"

#include <inttypes.h>

/* Take ${text} apart; the row borrows ${line}. */
static void
parse(const char *text, struct buf *line, struct row_line *row)
{
	struct jsonl_error error = { .reason = "" };

	buf_clear(line);
	buf_add_text(line, text);
	buf_reserve(line, JSONL_PADDING);
	if (row_line_parse(line->data, line->len, row, &error) == -1)
		fail_msg("%s: %s", text, error.reason);
}

static void
test_parse(void **state)
{
	struct buf line = BUF_INIT;
	struct jsonl_error error;
	struct row_line row;

	(void)state;
	parse("{\"x\": 1, \"venue\": \"V\", \"id\": 7}", &line, &row);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		assert_int_equal(row.values[i].kind, i == ROW_ID      ? JSONL_NUMBER
						     : i == ROW_VENUE ? JSONL_STRING
								      : JSONL_ABSENT);
	parse("{}", &line, &row);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		assert_string_equal(row_line_fault(&row, i), "the key is missing");
	assert_int_equal(row_line_parse("[]", 2, &row, &error), -1);
	assert_string_equal(error.reason, "no object");
	buf_free(&line);
}

#define HEX "a8b3c1d2e4f5061728394a5b6c7d8e9fa8b3c1d2e4f5061728394a5b6c7d8e9"
#define ID_FAULT "must be 64 lower-case hex digits"
#define SOURCES_FAULT "must be [\"arxiv\"], [\"semantic_scholar\"] or both"
#define TEXT_FAULT "must be a string without control characters, or null"
#define LIST_FAULT "must be a list of strings without control characters"
#define DATE_FAULT "must be a date as YYYY-MM-DDT00:00:00, or null"
#define ADDRESS_FAULT "must be a non-empty string without control characters, or null"
#define ARXIV_FAULT "must be an arXiv id without version, or null"
#define DOI_FAULT "must be a DOI or null"
#define COUNT_FAULT "must be an integer, 0 or more"
#define BOOL_FAULT "must be true or false"
#define SCORE_FAULT "must be a number from 0.0 to 1.0 with 1 to 4 decimals, as short as it can be"

/* What the schema says too is in test_row_schema.c; here is the wording, and what it cannot say. */
static void
test_faults(void **state)
{
	static const struct {
		const char *why;
		size_t field;
		const char *value, *fault;
	} cases[] = {
		{ "escapes are spelling", ROW_ID, "\"" HEX "\\u0066\"", NULL },
		{ "no string", ROW_ID, "12", ID_FAULT },
		{ "as many bytes with an escape", ROW_ID, "\"\\u00660\"", ID_FAULT },
		{ "escapes are spelling", ROW_SOURCES, "[\"\\u0061rxiv\"]", NULL },
		{ "three", ROW_SOURCES, "[\"arxiv\", \"semantic_scholar\", \"arxiv\"]",
		    SOURCES_FAULT },
		{ "empty", ROW_TITLE, "\"\"", NULL },
		{ "an escape sequence", ROW_TITLE, "\"\\u001b[31m\"", TEXT_FAULT },
		{ "DEL as it stands", ROW_TITLE, "\"a\177\"", TEXT_FAULT },
		{ "a C1 control", ROW_ABSTRACT, "\"\302\233\"", TEXT_FAULT },
		{ "no C1 control, though it begins like one", ROW_ABSTRACT, "\"\302\240\"", NULL },
		{ "DEL as an escape", ROW_TITLE, "\"a\\u007F\"", TEXT_FAULT },
		{ "the first C1 control as an escape", ROW_TITLE, "\"\\u0080\"", TEXT_FAULT },
		{ "the last one", ROW_TITLE, "\"\\\" \\u009f\"", TEXT_FAULT },
		{ "and what follows it", ROW_TITLE, "\"\\u00a0\"", NULL },
		{ "other escapes", ROW_TITLE, "\"\\u0020\\u007e\\u0100\\ud83d\\ude00\\/\"", NULL },
		{ "a form feed", ROW_TITLE, "\"\\f\"", TEXT_FAULT },
		{ "no escape, but a backslash", ROW_TITLE, "\"\\\\u0007\"", NULL },
		{ "a control character beside an escape", ROW_TITLE, "\"\\\"\302\237\"",
		    TEXT_FAULT },
		{ "a tab in a name", ROW_AUTHORS, "[\"A\\tB\"]", LIST_FAULT },
		{ "a newline", ROW_VENUE, "\"A\\nB\"", ADDRESS_FAULT },
		{ "false", ROW_ABSTRACT, "false", TEXT_FAULT },
		{ "an object", ROW_AUTHORS, "{}", LIST_FAULT },
		{ "a number in it", ROW_CATEGORIES, "[\"cs.CL\", 1]", LIST_FAULT },
		{ "null", ROW_FIELDS_OF_STUDY, "null", LIST_FAULT },
		{ "29 February of no leap year", ROW_PUBLISHED_DATE, "\"2023-02-29T00:00:00\"",
		    DATE_FAULT },
		{ "year 0", ROW_PUBLISHED_DATE, "\"0000-01-01T00:00:00\"", DATE_FAULT },
		{ "shorter than a day", ROW_PUBLISHED_DATE, "\"2023\"", DATE_FAULT },
		{ "escapes are spelling", ROW_PUBLISHED_DATE, "\"2023-02-28\\u005400:00:00\"",
		    NULL },
		{ "a number", ROW_URL, "1", ADDRESS_FAULT },
		{ "empty", ROW_CODE_URL, "\"\"", ADDRESS_FAULT },
		{ "a list", ROW_VENUE, "[\"ACL\"]", ADDRESS_FAULT },
		{ "an escaped slash", ROW_ARXIV_ID, "\"math\\/0309136\"", NULL },
		{ "a URL", ROW_ARXIV_ID, "\"https://arxiv.org/abs/2606.20543\"", ARXIV_FAULT },
		{ "too short", ROW_ARXIV_ID, "\"2606.205\"", ARXIV_FAULT },
		{ "a number", ROW_ARXIV_ID, "2606.20543", ARXIV_FAULT },
		{ "a tab", ROW_DOI, "\"10.1/x\\t\"", DOI_FAULT },
		{ "a blank behind the prefix", ROW_DOI, "\"doi: 10.1/x\"", DOI_FAULT },
		{ "a control character", ROW_DOI, "\"10.1/x\\u0007y\"", DOI_FAULT },
		{ "a number", ROW_DOI, "10.1", DOI_FAULT },
		{ "more than fits", ROW_CITATION_COUNT, "9223372036854775808", COUNT_FAULT },
		{ "an exponent", ROW_CITATION_COUNT, "1e2", COUNT_FAULT },
		{ "below 0", ROW_INFLUENTIAL_CITATION_COUNT, "-7", COUNT_FAULT },
		{ "a string", ROW_HAS_CODE, "\"true\"", BOOL_FAULT },
		{ "no decimal", ROW_QUALITY_SCORE, "1", SCORE_FAULT },
		{ "0 without one", ROW_QUALITY_SCORE, "0", SCORE_FAULT },
		{ "five decimals", ROW_QUALITY_SCORE, "0.12345", SCORE_FAULT },
		{ "a zero too many", ROW_QUALITY_SCORE, "0.350", SCORE_FAULT },
		{ "zero with two decimals", ROW_QUALITY_SCORE, "0.00", SCORE_FAULT },
		{ "one with two decimals", ROW_QUALITY_SCORE, "1.00", SCORE_FAULT },
		{ "above 1", ROW_QUALITY_SCORE, "1.5", SCORE_FAULT },
		{ "ten", ROW_QUALITY_SCORE, "10.0", SCORE_FAULT },
		{ "two", ROW_QUALITY_SCORE, "2.0", SCORE_FAULT },
		{ "below 0", ROW_QUALITY_SCORE, "-0.5", SCORE_FAULT },
		{ "an exponent", ROW_QUALITY_SCORE, "0.5e0", SCORE_FAULT },
		{ "a string", ROW_QUALITY_SCORE, "\"0.5\"", SCORE_FAULT },
	};
	struct buf line = BUF_INIT, text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *key = row_fields[cases[i].field].key, *fault;
		struct row_line row;

		buf_clear(&text);
		buf_printf(&text, "{\"%s\": %s}", key, cases[i].value);
		parse(text.data, &line, &row);
		fault = row_line_fault(&row, cases[i].field);
		if (fault != cases[i].fault &&
		    (fault == NULL || cases[i].fault == NULL || strcmp(fault, cases[i].fault) != 0))
			fail_msg("%s: %s: '%s'", key, cases[i].why, fault == NULL ? "" : fault);
	}
	buf_free(&line);
	buf_free(&text);
}

/* Wherever a control character stands in a long line, its field is told, and no other. */
static void
test_control_anywhere(void **state)
{
	enum { LEN = 600 };
	static const struct {
		const char *bytes;
		bool bad;
	} cases[] = { { "\177", true }, { "\302\200", true }, { "\302\237", true },
		{ "\302\240", false }, { "\303\200", false } };
	struct buf line = BUF_INIT, text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int at = 0; at <= LEN; at++) {
			struct row_line row;

			buf_clear(&text);
			buf_printf(&text, "{\"venue\": \"V\", \"title\": \"%*s%s%*s\"}", at, "",
			    cases[i].bytes, LEN - at, "");
			parse(text.data, &line, &row);
			if ((row_line_fault(&row, ROW_TITLE) != NULL) != cases[i].bad)
				fail_msg("case %zu at %d", i, at);
			assert_null(row_line_fault(&row, ROW_VENUE));
		}
	buf_free(&line);
	buf_free(&text);
}

/* row_score_write is the oracle: each of its texts is a score, and no other number near by. */
static void
test_scores(void **state)
{
	struct buf line = BUF_INIT, score = BUF_INIT, text = BUF_INIT;
	struct row_line row;

	(void)state;
	for (int units = 0; units <= 10000; units++) {
		buf_clear(&score);
		row_score_write(units / 10000.0, &score);
		for (int zeros = 0; zeros < 2; zeros++) {
			buf_clear(&text);
			buf_printf(
			    &text, "{\"quality_score\": %s%s}", score.data, zeros == 0 ? "" : "0");
			parse(text.data, &line, &row);
			assert_int_equal(
			    row_line_fault(&row, ROW_QUALITY_SCORE) == NULL, zeros == 0);
		}
	}
	buf_free(&line);
	buf_free(&score);
	buf_free(&text);
}

static void
test_messages(void **state)
{
	static const char bad[] =
	    "{\"a\": 1,}" /* and what may be read behind it */
	    "                                                                ";
	struct buf line = BUF_INIT;
	struct scratch scratch;
	struct row_line row;

	(void)state;
	scratch_log_init(&scratch);
	assert_int_equal(
	    row_line_read((struct slice){ bad, 9 }, "rows", 3, &row, &scratch.log), -1);
	scratch_assert_log(&scratch, "rows: line 3: no key at byte 8\n", "no JSON");
	parse("{\"venue\": \"\\u001b[2J\", \"has_code\": 1}", &line, &row);
	row_line_refuse(&row, ROW_HAS_CODE, "must be x", "rows", 4, &scratch.log);
	scratch_assert_log(&scratch, "rows: line 4: has_code: must be x, got '1'\n", "a value");
	row_line_refuse(&row, ROW_DOI, "the key is missing", "rows", 5, &scratch.log);
	scratch_assert_log(&scratch, "rows: line 5: doi: the key is missing\n", "no value");
	buf_free(&line);
	scratch_free(&scratch);
}

static void
test_values(void **state)
{
	static const struct {
		const char *why, *line, *text;
		int64_t number;
		bool has;
		int64_t day;
	} cases[] = {
		{ "nothing", "{}", "", 0, false, ROW_TIME_NONE },
		{ "null", "{\"venue\": null, \"citation_count\": null, \"published_date\": null}",
		    "", 0, false, ROW_TIME_NONE },
		{ "all",
		    "{\"venue\": \"V\", \"citation_count\": 12, "
		    "\"published_date\": \"1970-01-03T00:00:00\"}",
		    "V", 12, true, 2 },
		{ "escapes",
		    "{\"venue\": \"\\u0056\\/\", \"citation_count\": -1, "
		    "\"published_date\": \"1969-12-31T\\u0030\\u0030:00:00\"}",
		    "V/", -1, true, -1 },
		{ "empty", "{\"venue\": \"\", \"citation_count\": 1.5, \"published_date\": \"\"}",
		    "", 0, false, ROW_TIME_NONE },
		{ "other kinds",
		    "{\"venue\": true, \"citation_count\": \"1\", "
		    "\"published_date\": [\"1970-01-03T00:00:00\"]}",
		    "", 0, true, ROW_TIME_NONE },
		{ "a list", "{\"venue\": [null]}", "", 0, true, ROW_TIME_NONE },
		{ "an empty list", "{\"venue\": [ ]}", "", 0, false, ROW_TIME_NONE },
		{ "false", "{\"venue\": false}", "", 0, false, ROW_TIME_NONE },
		{ "no midnight", "{\"published_date\": \"1970-01-03T00:00:01\"}", "", 0, false,
		    ROW_TIME_NONE },
	};
	struct buf line = BUF_INIT, text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row_line row;

		parse(cases[i].line, &line, &row);
		buf_clear(&text);
		row_line_text(&row, ROW_VENUE, &text);
		if (!slice_is(buf_slice(&text), cases[i].text) ||
		    row_line_number(&row, ROW_CITATION_COUNT) != cases[i].number ||
		    row_line_has(&row, ROW_VENUE) != cases[i].has ||
		    row_line_day(&row) != cases[i].day)
			fail_msg("%s: '%s', %" PRId64 ", %d, %" PRId64, cases[i].why,
			    text.data == NULL ? "" : text.data,
			    row_line_number(&row, ROW_CITATION_COUNT),
			    row_line_has(&row, ROW_VENUE), row_line_day(&row));
	}
	buf_free(&line);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_control_anywhere),
		cmocka_unit_test(test_scores),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
