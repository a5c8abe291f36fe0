#include "merge.h"

#include "merge_cases.h"

/* The order of lines must not matter: every order of small sets gives the same bytes. */
static const char *const orders[][7] = {
	{ A(X, DOI("10.1/a") TITLE("t")), S(1, DOI("10.1/a 10.1/b")), S(2, DOI("10.1/b") CITED(3)),
	    S(3, ARXIV_ID(X) CITED(3)), S(4, DOI("10.1/c")), S(5, DOI("10.1/c 10.1/b")) },
	{ A(X, AT("02") DOI("10.1/a") TITLE("abc")), A(Y, AT("02") DOI("10.1/a") TITLE("xyz")),
	    S(1, DOI("10.1/a")), S(2, DOI("10.1/a")), S(3, ARXIV_ID(Y) DOI("10.1/a")),
	    S(4, DOI("10.1/a") CITED(2)) },
	{ A(X, AT("02") DOI("10.1/a") TITLE("abc")), A(Y, AT("02") DOI("10.1/a") TITLE("abc")),
	    S(1, DOI("10.1/b") ARXIV_ID(X)), A(Z, DOI("10.1/b") TITLE("z")),
	    S(4, DOI("10.1/a") TITLE("abc")), S(5, ",\"dblp\":\"journals/corr/abs-2606-00003\"") },
	/* Versions and times decide, never the line. */
	{ "{\"source\":\"arxiv\",\"arxiv_id\":\"" X "\",\"version\":1" TITLE("one") "}",
	    "{\"source\":\"arxiv\",\"arxiv_id\":\"" X "\",\"version\":2" TITLE("two") "}",
	    "{\"source\":\"arxiv\",\"arxiv_id\":\"" X
	    "\",\"version\":2,\"fetched\":\"2026-06-19\"" TITLE("late") "}",
	    "{\"source\":\"semantic_scholar\",\"paper_id\":\"p\",\"fetched\":\"2026-06-"
	    "18\"" ARXIV_ID(X) CITED(7) "}",
	    "{\"source\":\"semantic_scholar\",\"paper_id\":\"p\",\"fetched\":\"2026-06-"
	    "19\"" ARXIV_ID(X) CITED(5) "}",
	    "{\"source\":\"semantic_scholar\",\"paper_id\":\"p\",\"fetched\":\"2026-06-"
	    "17\"" ARXIV_ID(X) CITED(9) "}" },
};

/* Heap's algorithm, step by step. */
static void
test_every_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		const char *lines[7];
		size_t turns[7] = { 0 }, count = 0, tried = 1;
		struct buf first = BUF_INIT;
		struct outcome outcome;

		memcpy(lines, orders[i], sizeof(lines));
		while (count < 7 && lines[count] != NULL)
			count++;
		outcome_of(&outcome, lines, count, &everything);
		assert_same_rows(&first, &outcome, "set", i);
		outcome_free(&outcome);
		for (size_t at = 1; at < count;) {
			size_t other = at % 2 == 0 ? 0 : turns[at];
			const char *line = lines[at];

			if (turns[at] >= at) {
				turns[at++] = 0;
				continue;
			}
			lines[at] = lines[other];
			lines[other] = line;
			turns[at]++;
			at = 1;
			outcome_of(&outcome, lines, count, &everything);
			assert_same_rows(&first, &outcome, "set", i);
			outcome_free(&outcome);
			tried++;
		}
		assert_int_equal(tried, 720);
		buf_free(&first);
	}
}

/* Lines of several stretches: any number of workers makes the same of them. */
static void
test_every_team(void **state)
{
	enum { RECORDS = 9000, BAD = 7777 };
	struct buf text = BUF_INIT, first = BUF_INIT;

	(void)state;
	for (int i = 0; i < RECORDS; i++) {
		buf_printf(&text,
		    "{\"source\":\"arxiv\",\"arxiv_id\":\"2606.%05d\",\"abstract\":\"", i / 2);
		memset(buf_reserve(&text, 2000), 'a' + i % 26, 2000);
		text.len += 2000;
		buf_printf(
		    &text, "\",\"published\":\"20%02d-01-02\"%s\n", i % 90, i == BAD ? "" : "}");
	}
	for (size_t workers = 1; workers <= 5; workers++) {
		struct outcome outcome = { .rows = BUF_INIT };

		scratch_log_init(&outcome.scratch);
		outcome.merge = merge_new(workers, &outcome.scratch.log);
		read_text(&outcome, "large.jsonl", buf_slice(&text));
		outcome_end(&outcome, &everything);
		assert_same_rows(&first, &outcome, "workers", workers);
		assert_int_equal(outcome.row_count, RECORDS / 2);
		scratch_assert_log(&outcome.scratch,
		    "large.jsonl: line 7778: line ends too early at byte 2080\n", "the bad line");
		outcome_free(&outcome);
	}
	buf_free(&text);
	buf_free(&first);
}

/* Seconds apart, over a byte's edge, and on both sides of 1970; what has no date comes last. */
static void
test_dates(void **state)
{
	static const char *const lines[] = {
		A("2606.00007", OUT("1969-12-31T23:59:59Z")),
		A("2606.00003", OUT("2026-06-20T04:16:16Z")),
		A("2606.00009", ""),
		A("2606.00006", OUT("1970-01-01T00:00:00Z")),
		A("2606.00001", OUT("9999-12-31T23:59:59Z")),
		A("2606.00004", OUT("2026-06-20T04:16:15Z")),
		A("2606.00008", OUT("0001-01-01T00:00:00Z")),
		A("2606.00005", OUT("1970-01-01T00:00:01Z")),
		A("2606.00002", OUT("2026-06-20T04:20:31Z")),
	};
	struct outcome outcome;

	(void)state;
	outcome_of(&outcome, lines, COUNT(lines), &everything);
	assert_rows(&outcome, "arxiv_id",
	    "\"2606.00001\"\n"
	    "\"2606.00002\"\n"
	    "\"2606.00003\"\n"
	    "\"2606.00004\"\n"
	    "\"2606.00005\"\n"
	    "\"2606.00006\"\n"
	    "\"2606.00007\"\n"
	    "\"2606.00008\"\n"
	    "\"2606.00009\"\n",
	    "by date");
	outcome_free(&outcome);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_every_order),
		cmocka_unit_test(test_every_team),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
