#include "team.h"

#include "scratch.h"

#include <sched.h>
#include <stdatomic.h>

#define ITEMS 500

/* What is made and taken, and what may not happen. */
struct job {
	size_t items;
	/* The item that cannot be made, and the one that cannot be taken; SIZE_MAX for none. */
	size_t unmade;
	size_t untaken;
	/* What was made last in each slot, until it is taken. */
	size_t made[TEAM_SLOTS];
	size_t taken;
	bool disorder;
	/* Not atomic: two takers at once would lose counts, and the sanitizer would tell. */
	size_t sum;
};

static int
make(void *cookie, size_t slot, size_t item)
{
	struct job *job = cookie;

	if (item >= job->items)
		return 0;
	if (item == job->unmade)
		return -1;
	/* Some take longer, so that workers get out of step. */
	for (size_t i = 0; i < item % 7; i++)
		sched_yield();
	job->made[slot] = item * item;
	return 1;
}

static int
take(void *cookie, size_t slot, size_t item)
{
	struct job *job = cookie;

	job->disorder |= item != job->taken || job->made[slot] != item * item;
	if (item == job->untaken)
		return -1;
	job->taken++;
	job->sum += job->made[slot];
	return 0;
}

static void
test_order(void **state)
{
	static const struct {
		const char *why;
		size_t items;
		size_t unmade;
		size_t untaken;
		int result;
		size_t taken;
	} cases[] = {
		{ "nothing to do", 0, SIZE_MAX, SIZE_MAX, 0, 0 },
		{ "one item", 1, SIZE_MAX, SIZE_MAX, 0, 1 },
		{ "many items", ITEMS, SIZE_MAX, SIZE_MAX, 0, ITEMS },
		{ "the first cannot be made", ITEMS, 0, SIZE_MAX, -1, 0 },
		{ "one cannot be made: those before it count", ITEMS, 123, SIZE_MAX, -1, 123 },
		{ "one cannot be taken", ITEMS, SIZE_MAX, 123, -1, 123 },
		{ "the earlier of two faults decides", ITEMS, 200, 123, -1, 123 },
		{ "the last cannot be made", ITEMS, ITEMS - 1, SIZE_MAX, -1, ITEMS - 1 },
	};
	const struct team_work work = { make, take };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t workers = 1; workers <= 5; workers++) {
			struct job job = { .items = cases[i].items,
				.unmade = cases[i].unmade,
				.untaken = cases[i].untaken };
			size_t sum = 0;
			int result = team_run(&work, &job, workers);

			for (size_t item = 0; item < cases[i].taken; item++)
				sum += item * item;
			if (result != cases[i].result || job.taken != cases[i].taken)
				print_error("%s: %zu workers: %d, %zu taken\n", cases[i].why,
				    workers, result, job.taken);
			assert_int_equal(result, cases[i].result);
			assert_int_equal(job.taken, cases[i].taken);
			assert_int_equal(job.sum, sum);
			assert_false(job.disorder);
		}
	}
}

/* Items of which the first is made when all others are. */
struct slow_job {
	size_t items;
	atomic_size_t made;
	size_t taken;
};

static int
make_slowly(void *cookie, size_t slot, size_t item)
{
	struct slow_job *job = cookie;

	(void)slot;
	if (item >= job->items)
		return 0;
	while (item == 0 && atomic_load(&job->made) + 1 < job->items)
		sched_yield();
	atomic_fetch_add(&job->made, 1);
	return 1;
}

static int
take_any(void *cookie, size_t slot, size_t item)
{
	struct slow_job *job = cookie;

	(void)slot;
	job->taken += item == job->taken;
	return 0;
}

/* One worker does what the other's slow item leaves to do, and does not wait for it. */
static void
test_slack(void **state)
{
	const struct team_work work = { make_slowly, take_any };

	(void)state;
	for (size_t workers = 2; workers <= 4; workers++) {
		struct slow_job job = { .items = workers + 1 };

		/* A team that waits would wait for ever. */
		alarm(60);
		assert_int_equal(team_run(&work, &job, workers), 0);
		alarm(0);
		assert_int_equal(job.taken, job.items);
	}
}

static void
test_size(void **state)
{
	(void)state;
	assert_in_range(team_size(), 1, TEAM_LARGEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_slack),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
