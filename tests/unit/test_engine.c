#include "fake_run.h"

#define ARXIV SOURCE_ARXIV
#define S2 SOURCE_SEMANTIC_SCHOLAR

static void
tell(const char *what, const struct fake_whole *whole)
{
	print_message("%s: arXiv %u, Semantic Scholar %u requests, %.1f s\n", what,
	    whole->world.requests[ARXIV], whole->world.requests[S2],
	    (double)whole->run.took / 1000);
}

static void
test_two_requests(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_whole_succeeds(whole);
	tell("485 papers", whole);
	assert_int_equal(whole->world.requests[ARXIV], 1);
	assert_int_equal(whole->world.requests[S2], 1);
	assert_int_equal(whole->run.endpoints[ARXIV].report.requests, 1);
	assert_int_equal(whole->run.endpoints[S2].report.retries, 0);
	assert_true(whole->run.took < 2000);
	assert_int_equal(arxiv_matched(whole->run.arxiv), 485);
	assert_int_equal(semantic_scholar_matched(whole->run.semantic_scholar), 485);
	assert_int_equal(arxiv_until(whole->run.arxiv), FAKE_TODAY);
	assert_string_equal(whole->run.log_lines.data, "");
	fake_whole_free(whole);
}

static void
test_where_searches_differ(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	for (size_t i = 0; i < 485; i++) {
		whole->world.papers[i].arxiv_from = i % 10 == 3 ? FAKE_NEVER : 0;
		whole->world.papers[i].s2_finds = i % 10 != 5;
		whole->world.papers[i].on_s2 = i % 20 != 5;
	}
	fake_whole_succeeds(whole);
	tell("485 papers, searches differ", whole);
	assert_int_equal(whole->world.requests[ARXIV], 2);
	assert_int_equal(whole->world.requests[S2], 2);
	fake_whole_free(whole);
}

/* The arXiv search ends first and S2 has nothing left to ask: the id_list must not be forgotten. */
static void
test_id_list_alone(void **state)
{
	static const size_t sizes[] = { 10, 5000 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fake_whole *whole = fake_whole_new(sizes[i]);

		whole->world.papers[3].arxiv_from = FAKE_NEVER;
		fake_whole_succeeds(whole);
		assert_int_equal(whole->world.requests[S2], sizes[i] == 10 ? 1 : 5);
		fake_whole_free(whole);
	}
}

static int64_t
time_alone(size_t papers, enum source source)
{
	struct fake_whole *whole = fake_whole_new(papers);
	int64_t took;

	fake_run_go_with(&whole->run, source == ARXIV, source == S2);
	assert_int_equal(fake_outcome(&whole->run, source), SOURCE_OK);
	fake_check_whole(&whole->sink, source);
	tell(source == ARXIV ? "5000 papers, arXiv alone" : "5000 papers, S2 alone", whole);
	took = whole->run.took;
	fake_whole_free(whole);
	return took;
}

static void
test_side_by_side(void **state)
{
	struct fake_whole *whole = fake_whole_new(5000);
	int64_t arxiv = time_alone(5000, ARXIV), semantic_scholar = time_alone(5000, S2);
	int64_t slower = arxiv > semantic_scholar ? arxiv : semantic_scholar;

	(void)state;
	fake_whole_succeeds(whole);
	tell("5000 papers, both", whole);
	assert_in_range(whole->run.took, slower, slower + slower / 10);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	assert_int_equal(whole->world.requests[S2], 5);
	fake_whole_free(whole);
}

static void
test_more_than_the_server_gives(void **state)
{
	static const struct {
		size_t papers;
		unsigned least, most;
		bool strict_end, both;
	} cases[] = {
		{ 9001, 5, 6, false, false },
		{ 25000, 13, 14, false, true },
		{ 12000, 7, 7, true, false },
		{ 50000, 25, 28, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].papers);
		char what[32];

		whole->world.strict_end = cases[i].strict_end;
		fake_run_go_with(&whole->run, true, cases[i].both);
		assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
		fake_check_whole(&whole->sink, ARXIV);
		if (cases[i].both)
			fake_check_whole(&whole->sink, S2);
		snprintf(what, sizeof(what), "%zu papers", cases[i].papers);
		tell(what, whole);
		assert_in_range(whole->world.requests[ARXIV], cases[i].least, cases[i].most);
		assert_int_equal(whole->world.requests[S2], cases[i].both ? 25 : 0);
		assert_int_equal(arxiv_matched(whole->run.arxiv), cases[i].papers);
		assert_int_equal(arxiv_missing(whole->run.arxiv), 0);
		fake_whole_free(whole);
	}
}

static void
test_one_minute(void **state)
{
	static const struct {
		size_t papers, came;
	} cases[] = { { 9500, 9500 }, { 12000, 10000 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].papers);
		size_t came = 0;

		for (size_t j = 0; j < cases[i].papers; j++) {
			whole->world.papers[j].published = FAKE_NOW - 86400 * 30;
			whole->world.papers[j].on_s2 = false;
		}
		fake_run_go_with(&whole->run, true, false);
		assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
		for (size_t j = 0; j < cases[i].papers; j++)
			came += whole->sink.came[ARXIV][j] == 1;
		tell("papers of one minute", whole);
		assert_int_equal(came, cases[i].came);
		assert_int_equal(arxiv_missing(whole->run.arxiv), cases[i].papers - cases[i].came);
		/* All of time, then all since that minute, then the minute. */
		assert_in_range(whole->world.requests[ARXIV], 5, 17);
		fake_whole_free(whole);
	}
}

static void
test_order_that_does_not_hold(void **state)
{
	struct fake_whole *whole = fake_whole_new(12000);

	(void)state;
	whole->world.ignores_order = true;
	fake_run_go_with(&whole->run, true, false);
	fake_check_whole(&whole->sink, ARXIV);
	tell("12000 papers out of order", whole);
	assert_in_range(whole->world.requests[ARXIV], 6, 16);
	fake_whole_free(whole);
}

static void
test_server_that_ignores_dates(void **state)
{
	struct fake_whole *whole = fake_whole_new(12000);

	(void)state;
	whole->world.ignores_window = true;
	fake_run_go_with(&whole->run, true, false);
	/* The first window is all of time; the second is answered with the first again. */
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_non_null(strstr(whole->run.log_lines.data, "papers outside the dates"));
	assert_in_range(whole->world.requests[ARXIV], 1, 20);
	fake_whole_free(whole);
}

/* A paper that comes into the index while it is read, at its end or with an older date. */
static void
test_submitted_meanwhile(void **state)
{
	static const size_t places[] = { 4999, 100, 2000, 3999 };

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (unsigned when = 2; when <= 3; when++) {
			struct fake_whole *whole = fake_whole_new(5000);

			whole->world.papers[places[i]].arxiv_from = when;
			fake_run_go_with(&whole->run, true, false);
			assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
			fake_check_whole(&whole->sink, ARXIV);
			assert_in_range(whole->world.requests[ARXIV], 3, 6);
			fake_whole_free(whole);
		}
}

/* In a window that goes on from another, what the first lost is seen by the count of the second. */
static void
test_lost_before_the_window_goes_on(void **state)
{
	(void)state;
	for (unsigned when = 1; when <= 6; when++) {
		struct fake_whole *whole = fake_whole_new(11000);

		fake_add_fault(&whole->world,
		    (struct fake_fault){
			.source = ARXIV, .first = when, .times = 1, .kind = FAKE_LOSE_ONE });
		fake_run_go_with(&whole->run, true, false);
		assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
		fake_check_whole(&whole->sink, ARXIV);
		tell("11000 papers, one lost on the way", whole);
		assert_int_equal(arxiv_missing(whole->run.arxiv), 0);
		assert_in_range(whole->world.requests[ARXIV], 7, 13);
		fake_whole_free(whole);
	}
}

static void
test_sink_that_fails(void **state)
{
	(void)state;
	for (size_t fails_at = 0; fails_at < 8; fails_at += 2) {
		struct fake_whole *whole = fake_whole_new(5000);
		int failed;

		whole->sink.fails_at = fails_at;
		fake_run_go(&whole->run);
		failed = (fake_outcome(&whole->run, ARXIV) == SOURCE_CANNOT_WRITE) +
			 (fake_outcome(&whole->run, S2) == SOURCE_CANNOT_WRITE);
		assert_in_range(failed, 1, 2);
		fake_whole_free(whole);
	}
}

static void
test_out_of_time(void **state)
{
	(void)state;
	for (int64_t max_time = 1; max_time < 10000; max_time += 1301) {
		struct fake_whole *whole = fake_whole_new(3000);
		bool done;

		whole->run.max_time = max_time;
		fake_run_go(&whole->run);
		done = fake_outcome(&whole->run, ARXIV) == SOURCE_OK &&
		       fake_outcome(&whole->run, S2) == SOURCE_OK;
		if (!done && fake_outcome(&whole->run, ARXIV) != SOURCE_CUT)
			assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_CUT);
		assert_true(whole->run.took <= max_time);
		fake_whole_free(whole);
	}
}

/* The pace alone would take longer than there is time: it ends at once. */
static void
test_no_time_for_the_next(void **state)
{
	struct fake_whole *whole = fake_whole_new(5000);

	(void)state;
	whole->run.max_time = 3500;
	fake_run_go_with(&whole->run, true, false);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_CUT);
	assert_int_equal(whole->sink.count, 1);
	assert_true(whole->run.took < 2500);
	fake_whole_free(whole);
}

/* arXiv asks for a pause that ends too late: it ends at once, and S2 goes on. */
static void
test_no_time_for_a_pause(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_add_fault(&whole->world, (struct fake_fault){ .source = ARXIV,
					  .first = 1,
					  .times = 1,
					  .kind = FAKE_STATUS,
					  .number = 503,
					  .retry_after = 120 });
	whole->run.max_time = 100000;
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_CUT);
	assert_string_equal(whole->run.endpoints[ARXIV].report.reason, "HTTP 503");
	assert_int_equal(whole->run.endpoints[ARXIV].report.waited, 0);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
	assert_true(whole->run.took < 3000);
	fake_whole_free(whole);
}

static void
test_stop_keeps_what_is_under_way(void **state)
{
	(void)state;
	for (unsigned stop_at = 1; stop_at <= 8; stop_at++) {
		struct fake_whole *whole = fake_whole_new(5000);
		unsigned requests;

		whole->run.stop_at = stop_at;
		fake_run_go(&whole->run);
		requests = whole->world.requests[ARXIV] + whole->world.requests[S2];
		/* Both may start in one step. */
		assert_in_range(requests, stop_at, stop_at + 1);
		assert_int_equal(whole->sink.count, requests);
		if (requests < 8)
			assert_true(fake_outcome(&whole->run, ARXIV) == SOURCE_CUT ||
				    fake_outcome(&whole->run, S2) == SOURCE_CUT);
		fake_whole_free(whole);
	}
}

/* A world with work for each phase, or one in which the window of arXiv goes on. */
static struct fake_whole *
resumable_new(bool long_window)
{
	struct fake_whole *whole = fake_whole_new(long_window ? 11000 : 2600);

	for (size_t i = 0; i < whole->world.count; i++) {
		struct fake_paper *paper = &whole->world.papers[i];

		paper->arxiv_from = i % 10 == 3 && !long_window ? FAKE_NEVER : 0;
		paper->s2_finds = i % 10 != 5;
		paper->on_s2 = i % 20 != 5 && !long_window;
	}
	fake_add_fault(&whole->world, (struct fake_fault){ .source = ARXIV,
					  .first = 2,
					  .times = 1,
					  .kind = FAKE_SHORT,
					  .number = long_window ? 1234 : 111 });
	return whole;
}

static void
go_on(struct fake_whole *whole, bool long_window)
{
	fake_run_go_with(&whole->run, true, !long_window);
}

static void
stop_and_restore(struct fake_whole *whole, bool long_window, unsigned stop_at, int64_t max_time)
{
	whole->run.stop_at = stop_at;
	whole->run.max_time = max_time;
	go_on(whole, long_window);
	fake_run_free(&whole->run);
	fake_run_init(&whole->run, &whole->world, &whole->sink);
	fake_run_restore(&whole->run);
	/* Another process: it does not know when the last one asked. */
	whole->world.ticks += 5000;
	for (int i = 0; i < SOURCE_COUNT; i++)
		whole->world.answers[i].pending = false;
}

/* To the end; how many requests all runs together took. */
static unsigned
finish_and_free(struct fake_whole *whole, bool long_window)
{
	unsigned requests;

	go_on(whole, long_window);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
	fake_check_whole(&whole->sink, ARXIV);
	if (!long_window)
		fake_check_whole(&whole->sink, S2);
	requests = whole->world.requests[ARXIV] + whole->world.requests[S2];
	fake_whole_free(whole);
	return requests;
}

static void
test_resume_after_stop(void **state)
{
	(void)state;
	for (int long_window = 0; long_window < 2; long_window++) {
		unsigned all = finish_and_free(resumable_new(long_window), long_window);

		print_message("to be resumed: %u requests\n", all);
		for (unsigned stop_at = 1; stop_at <= all; stop_at++) {
			struct fake_whole *whole = resumable_new(long_window);

			stop_and_restore(whole, long_window, stop_at, 0);
			assert_int_equal(finish_and_free(whole, long_window), all);
		}
	}
}

/* What is under way when the time is up is lost, but nothing else. */
static void
test_resume_after_time(void **state)
{
	(void)state;
	for (int64_t max_time = 100; max_time < 16000; max_time += 2222) {
		struct fake_whole *whole = resumable_new(false);

		stop_and_restore(whole, false, 0, max_time);
		finish_and_free(whole, false);
	}
}

/* Stopped after each page, again and again. */
static void
test_resume_always(void **state)
{
	(void)state;
	for (int long_window = 0; long_window < 2; long_window++) {
		unsigned all = finish_and_free(resumable_new(long_window), long_window);
		struct fake_whole *whole = resumable_new(long_window);

		for (unsigned i = 1; i <= all; i++)
			stop_and_restore(whole, long_window, i, 0);
		assert_int_equal(finish_and_free(whole, long_window), all);
	}
}

/* Entries that are asked twice are not counted twice by who goes on: a lost one is seen. */
static void
test_resume_with_overlap(void **state)
{
	struct fake_whole *whole = fake_whole_new(2600);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){
		.source = ARXIV, .first = 2, .times = 1, .kind = FAKE_SHORT, .number = 203 });
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = ARXIV, .first = 3, .times = 1, .kind = FAKE_LOSE_ONE });
	/* 2203 is a prime: no page fits behind it. */
	stop_and_restore(whole, true, 2, 0);
	assert_int_equal(finish_and_free(whole, true), 4 + 2);
}

/* Two of one second stand on two pages, and the other way round for who goes on: the one that comes
 * again is not the one that did not come. */
static void
test_resume_between_two(void **state)
{
	struct fake_whole *whole = fake_whole_new(2600);

	(void)state;
	whole->world.papers[1999].published = whole->world.papers[2000].published;
	stop_and_restore(whole, true, 1, 0);
	whole->world.swapped = 1999;
	assert_int_equal(finish_and_free(whole, true), 2 + 2);
}

/* The last minute of the search lies behind the wanted days, for nobody knows whether a window ends
 * with its last minute's first second: what it brings counts for nothing. */
static void
test_behind_the_last_day(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	whole->world.papers[484].published = (FAKE_TODAY + 1) * DATE_DAY_SECONDS;
	whole->world.papers[484].on_s2 = false;
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
	assert_int_equal(whole->sink.came[ARXIV][484], 0);
	assert_int_equal(known_found(whole->run.known), 484);
	assert_int_equal(arxiv_matched(whole->run.arxiv), 484);
	fake_whole_free(whole);
}

/* A day later only the new days are searched. */
static void
test_next_day(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	whole->world.papers[484].published = FAKE_NOW;
	fake_whole_succeeds(whole);
	fake_run_free(&whole->run);
	fake_run_init(&whole->run, &whole->world, &whole->sink);
	fake_run_restore(&whole->run);
	fake_run_go(&whole->run);
	assert_int_equal(whole->world.requests[ARXIV], 1);
	assert_int_equal(whole->world.requests[S2], 1);
	assert_int_equal(arxiv_until(whole->run.arxiv), FAKE_TODAY);
	fake_whole_free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_requests),
		cmocka_unit_test(test_where_searches_differ),
		cmocka_unit_test(test_id_list_alone),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_more_than_the_server_gives),
		cmocka_unit_test(test_one_minute),
		cmocka_unit_test(test_order_that_does_not_hold),
		cmocka_unit_test(test_server_that_ignores_dates),
		cmocka_unit_test(test_submitted_meanwhile),
		cmocka_unit_test(test_lost_before_the_window_goes_on),
		cmocka_unit_test(test_sink_that_fails),
		cmocka_unit_test(test_out_of_time),
		cmocka_unit_test(test_no_time_for_the_next),
		cmocka_unit_test(test_no_time_for_a_pause),
		cmocka_unit_test(test_stop_keeps_what_is_under_way),
		cmocka_unit_test(test_resume_after_stop),
		cmocka_unit_test(test_resume_after_time),
		cmocka_unit_test(test_resume_always),
		cmocka_unit_test(test_resume_with_overlap),
		cmocka_unit_test(test_resume_between_two),
		cmocka_unit_test(test_behind_the_last_day),
		cmocka_unit_test(test_next_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
