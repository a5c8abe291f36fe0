#include "date.h"

#include "scratch.h"

static void
test_day_parse(void **state)
{
	const struct {
		const char *why, *text;
		int result;
		int64_t days;
	} cases[] = {
		{ "the first day", "1970-01-01", 0, 0 },
		{ "the day before", "1969-12-31", 0, -1 },
		{ "a leap day", "2024-02-29", 0, 19782 },
		{ "no leap year", "2026-02-29", -1, 0 },
		{ "1900 was none", "1900-02-29", -1, 0 },
		{ "2000 was one", "2000-02-29", 0, 11016 },
		{ "the snapshot day", "2026-06-19", 0, 20623 },
		{ "the first year", "0001-01-01", 0, -719162 },
		{ "the last day", "9999-12-31", 0, 2932896 },
		{ "no year 0", "0000-01-01", -1, 0 },
		{ "no month 0", "2026-00-01", -1, 0 },
		{ "no month 13", "2026-13-01", -1, 0 },
		{ "no day 0", "2026-01-00", -1, 0 },
		{ "no day 32", "2026-01-32", -1, 0 },
		{ "no 31 April", "2026-04-31", -1, 0 },
		{ "one digit", "2026-6-19", -1, 0 },
		{ "other separators", "2026/06/19", -1, 0 },
		{ "no separators", "20260619", -1, 0 },
		{ "a time behind it", "2026-06-19T00:00:00Z", -1, 0 },
		{ "a blank before it", " 2026-06-19", -1, 0 },
		{ "a blank behind it", "2026-06-19 ", -1, 0 },
		{ "a sign", "+026-06-19", -1, 0 },
		{ "letters", "2o26-06-19", -1, 0 },
		{ "empty", "", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t days = 0;
		int result = date_day_parse(slice_of(cases[i].text), &days);

		if (result != cases[i].result || (result == 0 && days != cases[i].days))
			print_error("%s: %d, %lld\n", cases[i].why, result, (long long)days);
		assert_int_equal(result, cases[i].result);
		if (result == 0)
			assert_true(days == cases[i].days);
	}
	assert_int_equal(date_day_parse(SLICE_NONE, &(int64_t){ 0 }), -1);
}

static void
test_time_parse(void **state)
{
	const struct {
		const char *why, *text;
		int result;
		int64_t seconds;
	} cases[] = {
		{ "the first second", "1970-01-01T00:00:00Z", 0, 0 },
		{ "as journals write it", "2026-06-19T03:00:07Z", 0, 1781838007 },
		{ "a day is its midnight", "2026-06-19", 0, 1781827200 },
		{ "without a zone is UTC", "2026-06-19T03:00:07", 0, 1781838007 },
		{ "a small z", "2026-06-19T03:00:07z", 0, 1781838007 },
		{ "a blank for the T", "2026-06-19 03:00:07Z", 0, 1781838007 },
		{ "a fraction is dropped", "2026-06-19T03:00:07.999Z", 0, 1781838007 },
		{ "a fraction without zone", "2026-06-19T03:00:07.1", 0, 1781838007 },
		{ "east of UTC", "2026-06-19T05:30:07+02:30", 0, 1781838007 },
		{ "west of UTC, the day before", "2026-06-18T22:00:07-05:00", 0, 1781838007 },
		{ "a leap second", "2016-12-31T23:59:60Z", 0, 1483228800 },
		{ "before 1970", "1969-12-31T23:59:59Z", 0, -1 },
		{ "the last second", "9999-12-31T23:59:59Z", 0, 253402300799 },
		{ "the second behind it", "9999-12-31T23:59:60Z", -1, 0 },
		{ "a zone that leads behind it", "9999-12-31T23:59:00-00:01", -1, 0 },
		{ "a zone that leads into the year 0", "0001-01-01T00:00:00+00:01", -1, 0 },
		{ "24 hours", "2026-06-19T24:00:00Z", -1, 0 },
		{ "60 minutes", "2026-06-19T03:60:00Z", -1, 0 },
		{ "61 seconds", "2026-06-19T03:00:61Z", -1, 0 },
		{ "no seconds", "2026-06-19T03:00Z", -1, 0 },
		{ "no day like that", "2026-02-30T00:00:00Z", -1, 0 },
		{ "a dot without digits", "2026-06-19T03:00:07.Z", -1, 0 },
		{ "a zone without colon", "2026-06-19T03:00:07+0230", -1, 0 },
		{ "a zone of 24 hours", "2026-06-19T03:00:07+24:00", -1, 0 },
		{ "a zone of 60 minutes", "2026-06-19T03:00:07+02:60", -1, 0 },
		{ "a zone cut off", "2026-06-19T03:00:07+02", -1, 0 },
		{ "more behind the zone", "2026-06-19T03:00:07Zx", -1, 0 },
		{ "a letter for the T", "2026-06-19x03:00:07Z", -1, 0 },
		{ "dots for colons", "2026-06-19T03.00.07Z", -1, 0 },
		{ "a T alone", "2026-06-19T", -1, 0 },
		{ "empty", "", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t seconds = 0;
		int result = date_time_parse(slice_of(cases[i].text), &seconds);

		if (result != cases[i].result || (result == 0 && seconds != cases[i].seconds))
			print_error("%s: %d, %lld\n", cases[i].why, result, (long long)seconds);
		assert_int_equal(result, cases[i].result);
		if (result == 0)
			assert_true(seconds == cases[i].seconds);
	}
}

/* Counted one by one, every day of the years 1 to 9999 is the next one of the day before. */
static void
test_every_day(void **state)
{
	int64_t days = date_day(1, 1, 1), parsed;
	char text[DATE_DAY_SIZE], wanted[DATE_DAY_SIZE];

	(void)state;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; date_exists(year, month, day); day++, days++) {
				int y, m, d;

				date_civil(days, &y, &m, &d);
				if (date_day(year, month, day) != days || y != year || m != month ||
				    d != day) {
					print_error("%d-%d-%d\n", year, month, day);
					assert_true(false);
				}
				if (day != 29 && year % 100 != 0)
					continue;
				date_day_write(days, text);
				snprintf(wanted, sizeof(wanted), "%04u-%02u-%02u",
				    (unsigned)year % 10000, (unsigned)month % 100,
				    (unsigned)day % 100);
				assert_string_equal(text, wanted);
				assert_int_equal(date_day_parse(slice_of(text), &parsed), 0);
				assert_true(parsed == days);
			}
	assert_true(days == date_day(9999, 12, 31) + 1);
	assert_int_equal(days - date_day(1, 1, 1), 3652059);
}

static void
test_day_of_and_write(void **state)
{
	const struct {
		const char *why;
		int64_t seconds, day;
		const char *text;
	} cases[] = {
		{ "the first second", 0, 0, "1970-01-01T00:00:00Z" },
		{ "the last of the first day", 86399, 0, "1970-01-01T23:59:59Z" },
		{ "the second day", 86400, 1, "1970-01-02T00:00:00Z" },
		{ "the second before", -1, -1, "1969-12-31T23:59:59Z" },
		{ "a whole day before", -86400, -1, "1969-12-31T00:00:00Z" },
		{ "and a second more", -86401, -2, "1969-12-30T23:59:59Z" },
		{ "a journal's time", 1781838007, 20623, "2026-06-19T03:00:07Z" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[DATE_TIME_SIZE];
		int64_t back;

		date_time_write(cases[i].seconds, text);
		assert_bytes(slice_of(text), slice_of(cases[i].text), cases[i].why);
		assert_true(date_day_of(cases[i].seconds) == cases[i].day);
		assert_int_equal(date_time_parse(slice_of(text), &back), 0);
		assert_true(back == cases[i].seconds);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_day_parse),
		cmocka_unit_test(test_time_parse),
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_day_of_and_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
