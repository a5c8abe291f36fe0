#include "paper_table.h"

#include "best_rows.h"
#include "scratch.h"
#include "terminal.h"

/* Add a row of which the ranking and a title are told. */
static void
add(struct best_rows *best, double score, int citations, const char *date, char id,
    const char *title)
{
	struct buf line = BUF_INIT;
	struct jsonl_error error;
	struct row_line row;

	buf_add_text(&line, "{\"id\": \"");
	for (int i = 0; i < 64; i++)
		buf_add_char(&line, id);
	buf_printf(&line,
	    "\", \"title\": \"%s\", \"published_date\": %s, \"url\": \"https://x.org/%c\", "
	    "\"arxiv_id\": \"2606.0000%c\", \"citation_count\": %d, \"has_code\": true, "
	    "\"code_url\": \"javascript:x\", \"quality_score\": %.4f}",
	    title, date, id, id, citations, score);
	buf_reserve(&line, JSONL_PADDING);
	assert_int_equal(row_line_parse(line.data, line.len, &row, &error), 0);
	best_rows_add(best, &row, buf_slice(&line));
	buf_free(&line);
}

#define DAY(day) "\"2026-06-" day "T00:00:00\""

/* By score, citations, date, id, whatever the order in which they come, and only so many. */
static void
test_ranking(void **state)
{
	static const struct {
		double score;
		int citations;
		const char *date;
		char id;
	} rows[] = { { 0.9, 0, "null", '7' }, { 0.5, 9, "null", '6' }, { 0.5, 8, DAY("02"), '5' },
		{ 0.5, 8, DAY("01"), '4' }, { 0.5, 8, "null", '2' }, { 0.5, 8, "null", '3' },
		{ 0.1, 99, DAY("09"), '1' } };
	uint64_t seed = 3;

	(void)state;
	for (size_t round = 0; round < 500; round++) {
		size_t order[COUNT(rows)], limit = 1 + random_below(&seed, COUNT(rows) + 1);
		struct best_rows best;

		best_rows_init(&best, limit);
		for (size_t i = 0; i < COUNT(rows); i++)
			order[i] = i;
		for (size_t i = 0; i < COUNT(rows); i++) {
			size_t other = i + random_below(&seed, COUNT(rows) - i), kept = order[i];

			order[i] = order[other];
			order[other] = kept;
			add(&best, rows[order[i]].score, rows[order[i]].citations,
			    rows[order[i]].date, rows[order[i]].id, "t");
		}
		best_rows_sort(&best);
		assert_int_equal(best.count, limit < COUNT(rows) ? limit : COUNT(rows));
		for (size_t i = 0; i < best.count; i++)
			assert_int_equal(best.rows[i].id[0], rows[i].id);
		best_rows_free(&best);
	}
}

static void
test_cut(void **state)
{
	static const struct {
		const char *why, *text;
		size_t columns;
		const char *wanted;
		size_t width;
	} cases[] = {
		{ "it fits", "abc", 3, "abc", 3 },
		{ "it does not", "abcd", 3, "ab…", 3 },
		{ "one column", "abcd", 1, "…", 1 },
		{ "no column", "abcd", 0, "", 0 },
		{ "wide characters", "漢字漢", 6, "漢字漢", 6 },
		{ "half a wide one", "漢字漢", 5, "漢字…", 5 },
		{ "a column that a wide one cannot use", "漢字漢", 4, "漢…", 3 },
		{ "combining marks take none",
		    "e\xcc\x81"
		    "e\xcc\x81",
		    2,
		    "e\xcc\x81"
		    "e\xcc\x81",
		    2 },
		{ "marks stay with their letter",
		    "e\xcc\x81"
		    "bc",
		    2, "e\xcc\x81…", 2 },
		{ "emoji", "😀😀", 3, "😀…", 3 },
		{ "letters beyond ASCII", "éèê", 2, "é…", 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		buf_add_text(&out, "");
		assert_int_equal(
		    terminal_cut(slice_of(cases[i].text), cases[i].columns, &out), cases[i].width);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
		buf_free(&out);
	}
}

static void
test_links(void **state)
{
	static const struct {
		const char *url;
		bool linked;
	} cases[] = { { "https://x.org/a?b=c", true }, { "http://x.org", true }, { "", false },
		{ "javascript:x", false }, { "https://x.org/\033\\", false },
		{ "https://x.org/a b", false }, { "https://x.org/é", false } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT, wanted = BUF_INIT;

		terminal_link(slice_of(cases[i].url), SLICE_LITERAL("t"), &out);
		if (cases[i].linked)
			buf_printf(&wanted, "\033]8;;%s\033\\t\033]8;;\033\\", cases[i].url);
		else
			buf_add_text(&wanted, "t");
		assert_bytes(buf_slice(&out), buf_slice(&wanted), cases[i].url);
		buf_free(&out);
		buf_free(&wanted);
	}
}

static void
test_table(void **state)
{
	static const struct {
		size_t columns;
		bool links;
		const char *wanted;
	} cases[] = {
		{ SIZE_MAX, false,
		    "score   cited  published   code  paper       title\n"
		    "0.9000      7  2026-06-01  code  2606.00001  A title of some length, "
		    "\\u202e漢\n"
		    "0.1000    123              code  2606.00002  B\n" },
		{ 71, false,
		    "score   cited  published   code  paper       title\n"
		    "0.9000      7  2026-06-01  code  2606.00001  A title of some length, \\…\n"
		    "0.1000    123              code  2606.00002  B\n" },
		{ 60, false,
		    "score   published   paper       title\n"
		    "0.9000  2026-06-01  2606.00001  A title of some length, \\u2…\n"
		    "0.1000              2606.00002  B\n" },
		{ 20, false, "title\nA title of some len…\nB\n" },
		{ 1, false, "…\n…\nB\n" },
		{ 44, true,
		    "score   paper       title\n"
		    "0.9000  \033]8;;https://x.org/1\033\\2606.00001\033]8;;\033\\  "
		    "\033]8;;https://x.org/1\033\\A title of some length,…\033]8;;\033\\\n"
		    "0.1000  \033]8;;https://x.org/2\033\\2606.00002\033]8;;\033\\  "
		    "\033]8;;https://x.org/2\033\\B\033]8;;\033\\\n" },
	};
	struct best_rows best;

	(void)state;
	best_rows_init(&best, 5);
	add(&best, 0.1, 123, "null", '2', "B");
	add(&best, 0.9, 7, DAY("01"), '1', "A title of some length, \\u202e漢");
	best_rows_sort(&best);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		paper_table_write(&best, cases[i].columns, cases[i].links, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), "table");
		buf_free(&out);
	}
	best_rows_free(&best);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranking),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
