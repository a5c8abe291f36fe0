#include "retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* 2026-06-19T03:00:07Z */
#define NOW INT64_C(1781838007)
#define CEILING (15 * 60 * 1000)

static void
test_after(void **state)
{
	static const struct {
		const char *why, *value;
		int64_t seconds;
	} cases[] = {
		{ "seconds", "120", 120 },
		{ "blanks around", " \t7 \r\n", 7 },
		{ "zero", "0", 0 },
		{ "many zeros", "000000000000000000000005", 5 },
		{ "negative", "-5", -1 },
		{ "a sign", "+5", -1 },
		{ "a fraction", "1.5", -1 },
		{ "an exponent", "1e3", -1 },
		{ "a unit", "10s", -1 },
		{ "nine digits and garbage", "123456789abc", -1 },
		{ "nothing", "", -1 },
		{ "blanks only", "  ", -1 },
		{ "words", "soon", -1 },
		{ "HTTP date", "Fri, 19 Jun 2026 03:01:07 GMT", 60 },
		{ "RFC 850 date", "Friday, 19-Jun-26 03:00:17 GMT", 10 },
		{ "asctime date", "Fri Jun 19 03:00:08 2026", 1 },
		{ "date that has passed", "Fri, 19 Jun 2026 02:00:00 GMT", 0 },
		{ "date of this second", "Fri, 19 Jun 2026 03:00:07 GMT", 0 },
		{ "date in ISO form", "2026-06-19T03:01:07Z", -1 },
		{ "no such date", "Fri, 99 Jun 2026 03:01:07 GMT", -1 },
		{ "longer than any date",
		    "Fri, 19 Jun 2026 03:01:07 GMT                                            x",
		    -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t seconds = retry_after_parse(slice_of(cases[i].value), NOW);

		if (seconds != cases[i].seconds)
			fail_msg("%s: %lld", cases[i].why, (long long)seconds);
	}
	assert_int_equal(retry_after_parse(SLICE_NONE, NOW), -1);
	/* Absurd, but a number that may be counted with. */
	assert_in_range(retry_after_parse(slice_of("99999999999999999999999999"), NOW), 86400,
	    INT64_C(10000000000));
}

static void
test_waits_grow(void **state)
{
	static const enum source_take why[] = { TAKE_AGAIN, TAKE_THROTTLED };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (uint64_t seed = 0; seed < 200; seed++) {
			struct retry retry = { .interval = 3000, .random = seed };
			int64_t exact = why[i] == TAKE_AGAIN ? 6000 : 30000;

			for (unsigned times = 1; times <= 40; times++) {
				int64_t wait = retry_wait(&retry, why[i], times, -1);

				assert_in_range(wait, exact, exact + exact / 4);
				exact = exact * 2 < 180000 ? exact * 2 : 180000;
			}
		}
}

static void
test_jitter(void **state)
{
	struct retry retry = { .interval = 3000, .random = 1 };
	struct retry same = { .interval = 3000, .random = 1 };
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		int64_t wait = retry_wait(&retry, TAKE_AGAIN, 1, -1);

		assert_int_equal(wait, retry_wait(&same, TAKE_AGAIN, 1, -1));
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	assert_in_range(least, 6000, 6100);
	assert_in_range(most, 7400, 7500);
}

static void
test_server_asks(void **state)
{
	static const struct {
		const char *why;
		int64_t interval, after, least, most;
	} cases[] = {
		{ "zero gets our own", 3000, 0, 30000, 37500 },
		{ "less than our own", 3000, 5, 30000, 37500 },
		{ "more than our own", 3000, 100, 100000, 100000 },
		{ "just below the ceiling", 3000, 899, 899000, 899000 },
		{ "the ceiling", 3000, 900, CEILING, CEILING },
		{ "a day", 3000, 86400, CEILING, CEILING },
		{ "what no sum holds", 3000, INT64_MAX, CEILING, CEILING },
		{ "no pace: still a floor", 0, -1, 20, 25 },
		{ "no pace, but asked", 0, 2, 2000, 2000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct retry retry = { .interval = cases[i].interval, .random = 7 };
		int64_t wait = retry_wait(&retry, TAKE_THROTTLED, 1, cases[i].after);

		if (wait < cases[i].least || wait > cases[i].most)
			fail_msg("%s: %lld", cases[i].why, (long long)wait);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_after),
		cmocka_unit_test(test_waits_grow),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_server_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
