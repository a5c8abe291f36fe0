/* What a refresh asks, and what it catches: the walk by last update, Semantic Scholar again. */

#include "fake_run.h"

#define ARXIV SOURCE_ARXIV
#define S2 SOURCE_SEMANTIC_SCHOLAR

/* A world that is held already, the next day: some papers only one search finds, some S2 does not
 * know. */
static struct fake_whole *
held_new(size_t papers)
{
	struct fake_whole *whole = fake_whole_new(papers);

	for (size_t i = 0; i < papers; i++) {
		whole->world.papers[i].s2_finds = i % 50 != 5;
		whole->world.papers[i].on_s2 = i % 100 != 5;
	}
	fake_whole_succeeds(whole);
	fake_whole_next(whole, 1);
	return whole;
}

static void
go_well(struct fake_whole *whole)
{
	fake_run_go(&whole->run);
	if (fake_outcome(&whole->run, ARXIV) != SOURCE_OK ||
	    fake_outcome(&whole->run, S2) != SOURCE_OK)
		fail_msg("%s", whole->run.log_lines.data);
}

/* What happens on the last day of the fake world, and after it. */
static int64_t
on_day(int64_t day)
{
	return (FAKE_TODAY + day) * DATE_DAY_SECONDS + 3600;
}

/* The least there can be: one request to know that nothing is new; all pages of S2's search, for
 * the counts change and it has no order by change; its batches for what the search does not bring.
 */
static void
test_requests(void **state)
{
	static const struct {
		size_t papers;
		unsigned arxiv, s2_search, s2_batch;
	} cases[] = { { 485, 1, 1, 1 }, { 5000, 1, 5, 1 }, { 50000, 2, 49, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = held_new(cases[i].papers);

		go_well(whole);
		print_message(
		    "refresh of %zu papers: arXiv %u, Semantic Scholar %u requests, %.1f s\n",
		    cases[i].papers, whole->world.requests[ARXIV], whole->world.requests[S2],
		    (double)whole->run.took / 1000);
		assert_int_equal(whole->world.requests[ARXIV], cases[i].arxiv);
		assert_int_equal(whole->world.requests[S2], cases[i].s2_search + cases[i].s2_batch);
		assert_int_equal(arxiv_until(whole->run.arxiv), FAKE_TODAY + 1);
		assert_int_equal(arxiv_matched(whole->run.arxiv), cases[i].papers);
		for (size_t paper = 0; paper < cases[i].papers; paper++) {
			assert_int_equal(whole->sink.came[ARXIV][paper], 1);
			assert_int_equal(
			    whole->sink.came[S2][paper], whole->world.papers[paper].on_s2 ? 2 : 0);
		}
		assert_string_equal(whole->run.log_lines.data, "");
		fake_whole_free(whole);
	}
}

/* So many papers have a new version: the walk goes as deep as they are, in pages that grow. */
static void
test_revisions(void **state)
{
	static const struct {
		size_t papers, revised;
		unsigned arxiv;
	} cases[] = { { 485, 10, 1 }, { 5000, 10, 1 }, { 5000, 700, 2 }, { 5000, 2500, 4 },
		{ 20000, 1200, 3 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = held_new(cases[i].papers);

		for (size_t paper = 0; paper < cases[i].revised; paper++)
			fake_revise(&whole->world, paper, on_day(0) + (int64_t)paper);
		go_well(whole);
		print_message("%zu of %zu revised: arXiv %u requests\n", cases[i].revised,
		    cases[i].papers, whole->world.requests[ARXIV]);
		assert_int_equal(whole->world.requests[ARXIV], cases[i].arxiv);
		for (size_t paper = 0; paper < cases[i].papers; paper++)
			assert_int_equal(
			    whole->sink.came[ARXIV][paper], 1 + (paper < cases[i].revised));
		fake_whole_free(whole);
	}
}

/* Papers that surface late: within the overlap the walk meets them; beyond it the count tells, and
 * everything is read once. */
static void
test_late(void **state)
{
	static const struct {
		const char *why;
		int64_t days_before;
		unsigned arxiv;
	} cases[] = {
		{ "today", 0, 1 },
		{ "nine days late", 9, 1 },
		{ "a year late", 365, 1 + 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(5000);
		size_t place = 4999;

		for (size_t j = 0; j < 5000; j++) {
			int64_t newest = on_day(-cases[i].days_before);

			if (whole->world.papers[j].published < newest)
				place = j;
		}
		whole->world.papers[place].arxiv_from = 4;
		whole->world.papers[place].on_s2 = false;
		fake_run_go(&whole->run);
		fake_whole_next(whole, 1);
		whole->world.papers[place].arxiv_from = 0;
		if (cases[i].days_before < 300)
			whole->world.papers[place].published = on_day(-cases[i].days_before);
		go_well(whole);
		print_message(
		    "%s: arXiv %u requests\n", cases[i].why, whole->world.requests[ARXIV]);
		assert_int_equal(whole->world.requests[ARXIV], cases[i].arxiv);
		assert_int_equal(whole->sink.came[ARXIV][place], 1);
		assert_int_equal(strstr(whole->run.log_lines.data, "have come in unseen") != NULL,
		    cases[i].arxiv > 1);
		/* And the day after it is quiet again. */
		fake_whole_next(whole, 1);
		go_well(whole);
		assert_int_equal(whole->world.requests[ARXIV], 1);
		fake_whole_free(whole);
	}
}

static void
test_order_that_does_not_hold(void **state)
{
	struct fake_whole *whole = held_new(5000);

	(void)state;
	fake_revise(&whole->world, 17, on_day(0));
	whole->world.ignores_order = true;
	go_well(whole);
	assert_non_null(strstr(whole->run.log_lines.data,
	    "arXiv: the order by last update does not hold, asking for all again"));
	assert_int_equal(whole->world.requests[ARXIV], 1 + 3);
	assert_int_equal(whole->sink.came[ARXIV][17], 2);
	assert_int_equal(whole->sink.came[ARXIV][18], 1);
	fake_whole_free(whole);
}

/* More has changed than the server tells in one search. */
static void
test_more_than_the_server_gives(void **state)
{
	struct fake_whole *whole = held_new(12000);

	(void)state;
	for (size_t i = 0; i < 12000; i++)
		fake_revise(&whole->world, i, on_day(0));
	go_well(whole);
	assert_non_null(strstr(whole->run.log_lines.data, "papers have changed, asking for all"));
	for (size_t i = 0; i < 12000; i++)
		assert_int_equal(whole->sink.came[ARXIV][i], 2);
	fake_whole_free(whole);
}

static const struct {
	const char *why;
	struct fake_fault fault;
	unsigned arxiv;
} passing[] = {
	{ "nothing", { ARXIV, 1, 1, FAKE_ZERO, 0, NULL, 0 }, 3 },
	{ "an empty page", { ARXIV, 1, 1, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 3 },
	{ "an empty page in the middle", { ARXIV, 2, 1, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 3 },
	{ "a short page", { ARXIV, 1, 1, FAKE_SHORT, 123, NULL, 0 }, 3 },
	{ "a page that stays short", { ARXIV, 1, 2, FAKE_SHORT, 400, NULL, 0 }, 4 },
	{ "an entry less", { ARXIV, 1, 1, FAKE_LOSE_ONE, 0, NULL, 0 }, 3 },
	{ "more entries than there are", { ARXIV, 1, 1, FAKE_TOTAL, 100, NULL, 0 }, 3 },
	{ "500 twice", { ARXIV, 1, 2, FAKE_STATUS, 500, NULL, 0 }, 5 },
	{ "cut", { ARXIV, 2, 1, FAKE_CUT, 0, NULL, 0 }, 3 },
	{ "429", { ARXIV, 1, 1, FAKE_STATUS, 429, NULL, 0 }, 3 },
};

static void
test_passing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		struct fake_whole *whole = held_new(3000);

		for (size_t paper = 0; paper < 700; paper++)
			fake_revise(&whole->world, paper, on_day(0) + (int64_t)paper);
		fake_add_fault(&whole->world, passing[i].fault);
		go_well(whole);
		print_message("%s: %u requests\n", passing[i].why, whole->world.requests[ARXIV]);
		assert_in_range(
		    whole->world.requests[ARXIV], passing[i].arxiv, passing[i].arxiv + 1);
		for (size_t paper = 0; paper < 3000; paper++)
			assert_int_equal(whole->sink.came[ARXIV][paper], 1 + (paper < 700));
		fake_whole_free(whole);
	}
}

/* A small topic has no page whose entries may all be missing for good. */
static void
test_empty_page_of_few(void **state)
{
	struct fake_whole *whole = held_new(15);

	(void)state;
	fake_revise(&whole->world, 3, on_day(0));
	fake_add_fault(
	    &whole->world, (struct fake_fault){
			       .source = ARXIV, .first = 1, .times = 3, .kind = FAKE_EMPTY_PAGE });
	go_well(whole);
	assert_int_equal(whole->world.requests[ARXIV], 4);
	assert_int_equal(whole->sink.came[ARXIV][3], 2);
	fake_whole_free(whole);
}

/* What is held is never believed to be gone. */
static void
test_nothing_for_ever(void **state)
{
	struct fake_whole *whole = held_new(485);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = ARXIV, .first = 1, .times = 99, .kind = FAKE_ZERO });
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_int_equal(whole->world.requests[ARXIV], 6);
	assert_int_equal(arxiv_until(whole->run.arxiv), FAKE_TODAY);
	fake_whole_free(whole);
}

/* Stopped at each request, the next run of that day asks for the rest alone. */
static void
test_resume(void **state)
{
	unsigned all = 3 + 3 + 1;

	(void)state;
	for (unsigned stop_at = 1; stop_at <= all; stop_at++) {
		struct fake_whole *whole = held_new(3000);
		unsigned made;

		for (size_t paper = 0; paper < 1400; paper++)
			fake_revise(&whole->world, paper, on_day(0) + (int64_t)paper);
		whole->run.stop_at = stop_at;
		fake_run_go(&whole->run);
		made = whole->world.requests[ARXIV] + whole->world.requests[S2];
		fake_whole_next(whole, 0);
		whole->run.renew = false;
		go_well(whole);
		made += whole->world.requests[ARXIV] + whole->world.requests[S2];
		assert_int_equal(made, all);
		for (size_t paper = 0; paper < 3000; paper++) {
			assert_int_equal(whole->sink.came[ARXIV][paper], 1 + (paper < 1400));
			assert_int_equal(
			    whole->sink.came[S2][paper], whole->world.papers[paper].on_s2 ? 2 : 0);
		}
		fake_whole_free(whole);
	}
}

/* A walk that was left one day is begun anew the next: what is new stands at its top. */
static void
test_resume_the_next_day(void **state)
{
	struct fake_whole *whole = held_new(3000);

	(void)state;
	for (size_t paper = 0; paper < 1400; paper++)
		fake_revise(&whole->world, paper, on_day(0) + (int64_t)paper);
	whole->run.stop_at = 1;
	fake_run_go(&whole->run);
	fake_whole_next(whole, 1);
	fake_revise(&whole->world, 2000, on_day(1));
	go_well(whole);
	for (size_t paper = 0; paper < 3000; paper++)
		assert_int_equal(
		    whole->sink.came[ARXIV][paper], 1 + (paper < 1400 || paper == 2000));
	assert_int_equal(arxiv_until(whole->run.arxiv), FAKE_TODAY + 2);
	fake_whole_free(whole);
}

/* An entry that arXiv counts and never hands out is asked for again by the next run, then believed.
 */
static void
test_missing(void **state)
{
	static const int64_t missing[] = { 1, 0, 0 };
	static const bool reads[] = { true, true, false };
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	whole->world.papers[100].ghost = true;
	whole->world.papers[100].on_s2 = false;
	for (size_t i = 0; i < 3; i++) {
		if (i > 0)
			fake_whole_next(whole, 1);
		fake_run_go(&whole->run);
		assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
		assert_int_equal(arxiv_missing(whole->run.arxiv), missing[i]);
		/* Three times everything and what is behind it; the walk asks a short page twice.
		 */
		assert_int_equal(whole->world.requests[ARXIV], reads[i] ? 3 * 2 : 2);
		assert_int_equal(known_found(whole->run.known), 484);
	}
	fake_whole_free(whole);
}

/* No paper at all, by search or by id, where S2 names some: a source that fails, asked again by the
 * next run. */
static void
test_zero_is_proven_by_ids(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = ARXIV, .first = 1, .times = 3, .kind = FAKE_ZERO });
	for (size_t i = 0; i < 485; i++)
		whole->world.papers[i].ghost = true;
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_non_null(strstr(whole->run.endpoints[ARXIV].report.reason, "neither by search"));
	assert_int_equal(arxiv_until(whole->run.arxiv), INT64_MIN);
	fake_whole_next(whole, 0);
	whole->run.renew = false;
	whole->world.fault_count = 0;
	for (size_t i = 0; i < 485; i++)
		whole->world.papers[i].ghost = false;
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[ARXIV], 1);
	assert_int_equal(whole->world.requests[S2], 0);
	fake_whole_free(whole);
}

/* The first answer that there is nothing is not believed in place of a journal that had papers. */
static void
test_expected(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);
	struct source_setup setup = { .topic = &whole->run.topic,
		.until = FAKE_TODAY,
		.today = FAKE_TODAY,
		.expected = 485,
		.base_url = "https://export.arxiv.org/api/query",
		.known = whole->run.known,
		.sink = { .page = fake_keep, .cookie = &whole->sink },
		.log = &whole->run.log };

	(void)state;
	arxiv_free(whole->run.arxiv);
	whole->run.arxiv = arxiv_new(&setup);
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = ARXIV, .first = 1, .times = 99, .kind = FAKE_ZERO });
	fake_run_go_with(&whole->run, true, false);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_int_equal(whole->world.requests[ARXIV], 6);
	fake_whole_free(whole);
}

/* The pace goes on from one run to the next. */
static void
test_pace_carries_over(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);
	const struct clock clock = { fake_utc, fake_ticks, &whole->world };
	const struct transport transport = {
		.start = fake_start, .poll = fake_poll, .cookie = &whole->world
	};
	const struct engine engine = {
		.transport = &transport, .clock = &clock, .log = &whole->run.log
	};
	struct endpoint endpoint = { .interval = 3000 };

	(void)state;
	known_set_searched(whole->run.known, S2);
	for (int i = 0; i < 3; i++) {
		endpoint.machine = arxiv_machine(whole->run.arxiv, true);
		engine_run(&engine, &endpoint, 1);
		assert_int_equal(endpoint.report.outcome, SOURCE_OK);
	}
	assert_int_equal(whole->world.requests[ARXIV], 3);
	assert_int_equal(whole->world.too_soon[ARXIV], 0);
	fake_whole_free(whole);
}

/* Papers that S2 does not know: a first batch of nulls is asked twice, whole; a later one is no
 * news.
 */
static void
test_nulls(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	for (size_t i = 0; i < 400; i++)
		whole->world.papers[i].on_s2 = false;
	go_well(whole);
	assert_int_equal(whole->world.requests[S2], 1 + 2);
	fake_whole_next(whole, 1);
	go_well(whole);
	assert_int_equal(whole->world.requests[S2], 1 + 1);
	/* It knows one of them now, and forgets it: that is doubted. */
	fake_whole_next(whole, 1);
	whole->world.papers[7].on_s2 = true;
	whole->world.papers[7].s2_finds = false;
	go_well(whole);
	assert_int_equal(whole->world.requests[S2], 1 + 1);
	assert_int_equal(whole->sink.came[S2][7], 1);
	fake_whole_next(whole, 1);
	whole->world.papers[7].on_s2 = false;
	go_well(whole);
	assert_int_equal(whole->world.requests[S2], 1 + 2);
	fake_whole_free(whole);
}

/* What S2's search ended without is asked again by the next run, also of the same day. */
static void
test_search_that_ended_early(void **state)
{
	struct fake_whole *whole = fake_whole_new(3000);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = S2, .first = 2, .times = 2, .kind = FAKE_EARLY_END });
	go_well(whole);
	assert_int_equal(semantic_scholar_missing(whole->run.semantic_scholar), 1700);
	fake_whole_next(whole, 0);
	whole->run.renew = false;
	whole->world.fault_count = 0;
	go_well(whole);
	assert_int_equal(semantic_scholar_missing(whole->run.semantic_scholar), 0);
	assert_int_equal(whole->world.requests[S2], 3);
	assert_int_equal(whole->world.requests[ARXIV], 0);
	fake_whole_next(whole, 0);
	whole->run.renew = false;
	go_well(whole);
	assert_int_equal(whole->world.requests[S2], 0);
	fake_whole_free(whole);
}

/* What only S2 named is asked by id once, and told apart from what the search finds. */
static void
test_by_id(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	whole->world.papers[7].arxiv_from = FAKE_NEVER;
	whole->world.papers[8].arxiv_from = FAKE_NEVER;
	whole->world.papers[8].ghost = true;
	go_well(whole);
	assert_int_equal(whole->world.requests[ARXIV], 1 + 2);
	assert_int_equal(known_found(whole->run.known), 483);
	fake_whole_next(whole, 1);
	go_well(whole);
	assert_int_equal(whole->world.requests[ARXIV], 1);
	assert_int_equal(known_found(whole->run.known), 483);
	/* Its second version is one that the search finds. */
	fake_whole_next(whole, 1);
	whole->world.papers[7].arxiv_from = 0;
	fake_revise(&whole->world, 7, on_day(1));
	go_well(whole);
	assert_int_equal(whole->world.requests[ARXIV], 1);
	assert_int_equal(known_found(whole->run.known), 484);
	assert_int_equal(arxiv_matched(whole->run.arxiv), 484);
	assert_string_equal(whole->run.log_lines.data, "");
	fake_whole_free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_order_that_does_not_hold),
		cmocka_unit_test(test_more_than_the_server_gives),
		cmocka_unit_test(test_passing),
		cmocka_unit_test(test_empty_page_of_few),
		cmocka_unit_test(test_nothing_for_ever),
		cmocka_unit_test(test_resume),
		cmocka_unit_test(test_resume_the_next_day),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_zero_is_proven_by_ids),
		cmocka_unit_test(test_expected),
		cmocka_unit_test(test_pace_carries_over),
		cmocka_unit_test(test_nulls),
		cmocka_unit_test(test_search_that_ended_early),
		cmocka_unit_test(test_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
