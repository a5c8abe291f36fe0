#include "snapshot_date.h"

#include "date.h"
#include "row.h"
#include "scratch.h"

/* A row of which only what counts is told: its date, counts and score. */
#define ROW(published, citations, score)                                              \
	"{\"published_date\": " published ", \"citation_count\": " citations          \
	", \"influential_citation_count\": 0, \"has_code\": false, \"venue\": null, " \
	"\"quality_score\": " score "}\n"
#define ON(day) "\"" day "T00:00:00\""

static int64_t
day_of(const char *text)
{
	int64_t day;

	if (strcmp(text, "-") == 0)
		return INT64_MIN;
	if (strcmp(text, "+") == 0)
		return INT64_MAX;
	assert_int_equal(date_day_parse(slice_of(text), &day), 0);
	return day;
}

static void
test_dates(void **state)
{
	static const struct {
		const char *why;
		const char *rows;
		const char *day, *first, *last;
		uint64_t reproduced, count;
	} cases[] = {
		{ "one row on its way down tells the day", ROW(ON("2026-01-01"), "0", "0.2625"),
		    "2026-06-30", "2026-06-30", "2026-06-30", 1, 1 },
		{ "one that is new leaves it open: the day of the row itself",
		    ROW(ON("2026-06-18"), "0", "0.35"), "2026-06-18", "-", "2026-08-17", 1, 1 },
		{ "one that only its citations count for, at any age from some day on",
		    ROW(ON("2020-01-01"), "9", "0.25"), "2020-07-17", "2020-07-17", "+", 1, 1 },
		{ "not before the newest row",
		    ROW(ON("2026-01-01"), "0", "0.35") ROW(ON("2026-01-20"), "0", "0.35"),
		    "2026-01-20", "-", "2026-03-02", 2, 2 },
		{ "two rows together",
		    ROW(ON("2026-06-18"), "0", "0.35") ROW(ON("2026-01-01"), "0", "0.2625")
			ROW(ON("2020-01-01"), "9999", "1.0"),
		    "2026-06-30", "2026-06-30", "2026-06-30", 3, 3 },
		{ "the day that most rows share",
		    ROW(ON("2026-01-01"), "0", "0.2625") ROW(ON("2026-01-01"), "0", "0.2625")
			ROW(ON("2026-01-01"), "0", "0.2618"),
		    "2026-06-30", "2026-06-30", "2026-06-30", 2, 3 },
		{ "two days that do as well: the first",
		    ROW(ON("2026-01-01"), "0", "0.2625") ROW(ON("2026-01-01"), "0", "0.2618"),
		    "2026-06-30", "2026-06-30", "2026-07-01", 1, 2 },
		{ "all of them before the newest row: the last",
		    ROW(ON("2026-01-01"), "0", "0.2625") ROW(ON("2026-01-01"), "0", "0.2603")
			ROW(ON("2026-12-31"), "0", "0.9"),
		    "2026-07-03", "2026-07-03", "2026-07-03", 1, 3 },
		{ "no row has a date", ROW("null", "9", "0.25"), "1970-01-01", "-", "+", 1, 1 },
		{ "no day does", ROW(ON("2026-01-01"), "0", "0.9"), "2026-01-01", "-", "+", 0, 1 },
		{ "the first day of the calendar", ROW(ON("0001-01-01"), "0", "0.35"), "0001-01-01",
		    "-", "0001-03-02", 1, 1 },
		{ "and its last, later than which is never", ROW(ON("9999-12-01"), "0", "0.35"),
		    "9999-12-01", "-", "+", 1, 1 },
		{ "what cannot be read is a row that does not reproduce",
		    "{\n\n" ROW(ON("2026-01-01"), "0", "0.2625") ROW(ON("2026-13-01"), "0", "0.35")
			ROW(ON("2026-06-18"), "-1", "0.35") ROW(ON("2026-06-18"), "0", "0.350")
			    ROW(ON("2026-06-18"), "0", "\"0.35\""),
		    "2026-06-30", "2026-06-30", "2026-06-30", 1, 7 },
		{ "no rows", "", "1970-01-01", "-", "+", 0, 0 },
	};
	struct scratch scratch;

	(void)state;
	scratch_log_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		int fd = scratch_open(slice_of(cases[i].rows));
		struct snapshot_date date;
		char day[DATE_DAY_SIZE];

		/* From its start, wherever it stands. */
		assert_int_not_equal(lseek(fd, 0, SEEK_END), -1);
		assert_int_equal(snapshot_date_find(fd, "rows", &date, &scratch.log), 0);
		date_day_write(date.day, day);
		assert_bytes(slice_of(day), slice_of(cases[i].day), cases[i].why);
		if (date.first != day_of(cases[i].first) || date.last != day_of(cases[i].last))
			print_error(
			    "%s: from %d to %d\n", cases[i].why, (int)date.first, (int)date.last);
		assert_int_equal(date.first, day_of(cases[i].first));
		assert_int_equal(date.last, day_of(cases[i].last));
		assert_int_equal(date.reproduced, cases[i].reproduced);
		assert_int_equal(date.rows, cases[i].count);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
		close(fd);
	}
	scratch_free(&scratch);
}

static void
test_unreadable(void **state)
{
	struct snapshot_date date;
	struct scratch scratch;
	int ends[2];

	(void)state;
	scratch_log_init(&scratch);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(snapshot_date_find(ends[0], "rows", &date, &scratch.log), -1);
	scratch_assert_log(&scratch, "rows: cannot read again: Illegal seek\n", "a pipe");
	close(ends[0]);
	close(ends[1]);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
