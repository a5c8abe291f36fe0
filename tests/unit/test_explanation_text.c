#include "explanation.h"

#include "explanation_cases.h"
#include "paragraph.h"
#include "text.h"

static void
check_text(const struct explanation *explanation, const char *wanted, const char *why)
{
	struct buf out = BUF_INIT;

	explanation_text_write(explanation, &out);
	if (!slice_is(buf_slice(&out), wanted))
		fprintf(stderr, "%s: got\n%s", why, out.data);
	assert_true(slice_is(buf_slice(&out), wanted));
	buf_free(&out);
}

static void
test_all(void **state)
{
	struct arena arena = ARENA_INIT;
	struct explanation_moment history[3];
	struct explanation explanation;

	(void)state;
	explain_all(&explanation, history, &arena);
	check_text(&explanation,
	    "A Title\n"
	    "paper          arXiv 2605.00001, DOI 10.1/x\n"
	    "               line 12 of rows.jsonl, as of 2026-06-19\n"
	    "quality_score  0.5042, reproduces; freshness won\n"
	    "               rank 2 of 9 rows, 3 of them with this score\n"
	    "id             00\n"
	    "               = SHA-256 of paper:arxiv:2605.00001, DOES NOT REPRODUCE: it is\n"
	    "               ab12\n"
	    "impact         0.30103 = the larger of\n"
	    "               citations: log10(12 + 1) / 4 = 0.278486\n"
	    "               influential: log10(3 + 1) / 2 = 0.30103\n"
	    "freshness      recency 0.958333 x (0.35 + 0.00 code + 0.20 venue) = 0.527083\n"
	    "               age 80 days: recency 0.958333 = 1 - (80 - 60) / 480\n"
	    "               1 until 2026-05-30, falls from 2026-05-31, 0 from 2027-09-22\n"
	    "would change   0.65 if its code were out\n"
	    "               0.3537 if it had a venue\n"
	    "               0.3578 from 26 citations on\n"
	    "               0.3891 from 5 influential citations on\n"
	    "fields         from record 1: title, categories\n"
	    "               from records 1, 2: authors\n"
	    "               from no record: venue\n"
	    "               title: record 2 lost with \"Another\\u001b[m Title\"\n"
	    "code           an address in the comment\n"
	    "records        1: arXiv 2605.00001v2, fetched 2025-06-15T15:06:40Z\n"
	    "               DOI 10.1/in-conflict joins nothing: it is in conflict\n"
	    "               2: Semantic Scholar 0123456789012345678901234567890123456789\n"
	    "                 CorpusId 77\n"
	    "               joined to 1 by arXiv id 2605.00001\n"
	    "               3: arXiv 2605.00001v1, superseded\n"
	    "conflicts      DOI 10.1/in-conflict in 3 records of arXiv 2605.00001,\n"
	    "                 2605.00002: joins nothing\n"
	    "               DOI 10.1/joined in 2 records of arXiv 2605.00001, 2605.00002:\n"
	    "                 joined, the titles agree\n"
	    "history        2026-06-17 not in it\n"
	    "               2026-06-18 0.25, 12 citations, 3 influential, venue\n"
	    "               2026-06-18.2 0.25, 12 citations, 3 influential, venue; moved by\n"
	    "                 citations, influential citations, code, venue, age, date of\n"
	    "                 publication\n\n",
	    "all");
	arena_free(&arena);
}

static void
test_little(void **state)
{
	static const char unknown[] =
	    "(no title)\n"
	    "paper          line 12 of rows.jsonl, as of 2026-06-19, the date that its scores\n"
	    "                 tell\n"
	    "quality_score  nothing, which cannot be told: citation_count: the key is missing\n"
	    "               rank 1 of 1 rows, the only one with this score\n"
	    "id             nothing\n"
	    "               the row alone does not tell: no arXiv id, no DOI\n\n";
	static const char old[] =
	    "(no title)\n"
	    "paper          line 12 of rows.jsonl, as of 2026-06-19\n"
	    "quality_score  1.0, DOES NOT REPRODUCE: expected 0.0; impact and freshness are\n"
	    "                 equal\n"
	    "               rank 1 of 1 rows, the only one with this score\n"
	    "id             null\n"
	    "               the row alone does not tell: no arXiv id, no DOI\n"
	    "impact         0 = the larger of\n"
	    "               citations: log10(0 + 1) / 4 = 0\n"
	    "               influential: log10(0 + 1) / 2 = 0\n"
	    "freshness      recency 0 x (0.35 + 0.30 code + 0.00 venue) = 0\n"
	    "               no date of publication: recency 0\n"
	    "records        none of the sources knows this paper\n\n";
	struct arena arena = ARENA_INIT;
	struct explanation explanation;

	(void)state;
	explain_line(&explanation, "{}", &arena);
	explanation.day_told = false;
	check_text(&explanation, unknown, "an empty row");
	explain_line(&explanation,
	    "{\"id\": null, \"published_date\": null, \"citation_count\": 0, "
	    "\"influential_citation_count\": 0, \"has_code\": true, \"venue\": null, "
	    "\"quality_score\": 1.0}",
	    &arena);
	explanation.has_sources = true;
	check_text(&explanation, old, "a row without a date, unknown to the sources");
	arena_free(&arena);
}

/* Lines of at most 80 columns, of characters that a terminal only shows. */
static void
check_safe(struct slice text, const char *why)
{
	size_t column = 0;

	for (size_t at = 0; at < text.len;) {
		uint32_t rune = 0;
		size_t step = text_decode(text.data + at, text.len - at, &rune);
		struct buf shown = BUF_INIT;

		if (step == 0)
			print_error("%s: no UTF-8 at %zu\n", why, at);
		assert_int_not_equal(step, 0);
		text_show((struct slice){ text.data + at, step }, &shown);
		if (rune == '\n')
			column = 0;
		else
			assert_int_equal(shown.len, step);
		column += rune == '\n' ? 0 : text_width(rune);
		if (column > PARAGRAPH_COLUMNS)
			print_error("%s: too wide at %zu\n", why, at);
		assert_true(column <= PARAGRAPH_COLUMNS);
		at += step;
		buf_free(&shown);
	}
}

static void
test_hostile(void **state)
{
	static const char *const values[] = { "\\u001b[31m\\u001b]0;owned\\u0007",
		"\xe2\x80\xae abc \xc2\x9b 31m \xf3\xa0\x81\x81", "\\n\\r\\t\\b", "李雷李雷李雷",
		"\\\\ \\\" </title> {\\\\bf x}", "", " " };
	struct arena arena = ARENA_INIT;
	struct explanation_moment history[3];
	struct explanation explanation;
	struct buf line = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		explain_all(&explanation, history, &arena);
		buf_clear(&line);
		buf_clear(&out);
		buf_add_text(&line, "{");
		for (size_t field = 0; field < ROW_FIELD_COUNT; field++) {
			buf_printf(
			    &line, "%s\"%s\": \"", field == 0 ? "" : ", ", row_fields[field].key);
			for (size_t times = 0; times < 400; times++)
				buf_printf(&line, "%s%s", values[i], times % 50 == 7 ? " " : "");
			buf_add_text(&line, "\"");
		}
		buf_add_text(&line, "}");
		explain_line(&explanation, line.data, &arena);
		explanation.path = explanation.line;
		explanation.id_text = explanation.line;
		explanation_text_write(&explanation, &out);
		check_safe(buf_slice(&out), values[i]);
		/* Long values are cut. */
		assert_in_range(out.len, 1, 3 * line.len + 4000);
	}
	buf_free(&line);
	buf_free(&out);
	arena_free(&arena);
}

static void
test_paragraph(void **state)
{
	const struct {
		const char *why, *text;
		size_t column, indent;
		const char *wanted;
	} cases[] = {
		{ "nothing", "", 15, 17, "\n" },
		{ "blanks are one", "  a   b ", 15, 17, "a b\n" },
		{ "a line that is just full",
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234", 10, 2,
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234\n" },
		{ "one column too many",
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 12345", 10,
		    2,
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n  "
		    "12345\n" },
		{ "wide characters count two",
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 李雷a", 10,
		    2,
		    "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890\n  "
		    "李雷a\n" },
		{ "a word longer than a line is broken",
		    "ab 1234567890123456789012345678901234567890123456789012345678901234567890"
		    "12345678901234567890",
		    0, 4,
		    "ab\n"
		    "    "
		    "1234567890123456789012345678901234567890123456789012345678901234567890123456\n"
		    "    78901234567890\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		paragraph_write(slice_of(cases[i].text), cases[i].column, cases[i].indent, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_paragraph),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
