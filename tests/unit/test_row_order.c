#include "row_order.h"

#include "scratch.h"

#define ROUNDS 2000
#define MOST 9

/* The rows that would have to move, as `row>other` (behind it) or `row<other` (before it). */
static void
moves_of(const char *ranks, struct buf *out)
{
	struct row_order *order = row_order_new();
	size_t found, told = 0;

	/* A letter is a rank, a capital a doubtful row, `-` one that belongs nowhere. */
	for (const char *at = ranks; *at != '\0'; at++) {
		if (*at == '-')
			row_order_skip(order);
		else
			row_order_add(order, (struct row_rank){ *at | 0x20, 0 }, *at < 'a');
	}
	found = row_order_find(order);
	buf_clear(out);
	buf_add_text(out, "");
	for (size_t row = 0, other; row_order_next(order, &row, &other); row++) {
		buf_printf(
		    out, "%s%zu%c%zu", told == 0 ? "" : " ", row, other > row ? '>' : '<', other);
		told++;
	}
	assert_int_equal(found, told);
	row_order_free(order);
}

static void
test_moves(void **state)
{
	static const struct {
		const char *why;
		const char *ranks;
		const char *moves;
	} cases[] = {
		{ "no rows", "", "" },
		{ "one row", "a", "" },
		{ "in order", "abcd", "" },
		{ "equal ranks have no order", "aabbb", "" },
		{ "one too early", "aebcdf", "1>4" },
		{ "one too late", "acdebf", "4<1" },
		{ "behind the last that is lower, before the first that is higher", "fabbccgb",
		    "0>5 7<4" },
		{ "upside down", "dcba", "0>3 1>3 2>3" },
		{ "two that belong nowhere", "a-b-c", "" },
		{ "nor do they hide a descent", "b-a", "0>2" },
		{ "a doubtful one moves", "aCbd", "1>2" },
		{ "not the one that it contradicts", "abCbd", "2>3" },
		{ "even if that were fewer", "aXYbcZd", "1>6 2>6 5>6" },
		{ "a doubtful one that fits stays", "abCbBd", "2>3" },
		{ "also among equal ones", "aBbCbd", "3>4" },
		{ "two doubtful ones contradict nobody else", "aDCe", "" },
		{ "only doubtful ones", "CBA", "" },
	};
	struct buf moves = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		moves_of(cases[i].ranks, &moves);
		assert_bytes(buf_slice(&moves), slice_of(cases[i].moves), cases[i].why);
	}
	buf_free(&moves);
}

static void
test_second_rank(void **state)
{
	struct row_order *order = row_order_new();
	size_t row = 0, other;

	(void)state;
	row_order_add(order, (struct row_rank){ 5, 1 }, false);
	row_order_add(order, (struct row_rank){ 5, UINT64_MAX }, false);
	row_order_add(order, (struct row_rank){ 5, 2 }, false);
	row_order_add(order, (struct row_rank){ 5, 3 }, false);
	assert_int_equal(row_order_find(order), 1);
	assert_true(row_order_next(order, &row, &other));
	assert_int_equal(row, 1);
	assert_int_equal(other, 3);
	row_order_free(order);
}

/* The most rows that may stay, by trying each set of them. */
static size_t
most_kept(const char *ranks, size_t count)
{
	size_t most = 0;

	for (unsigned set = 0; set < 1u << count; set++) {
		size_t size = 0;
		char last = '\0';
		bool ascends = true;

		for (size_t i = 0; i < count; i++) {
			if ((set >> i & 1) == 0)
				continue;
			ascends = ascends && ranks[i] >= last;
			last = ranks[i];
			size++;
		}
		if (ascends && size > most)
			most = size;
	}
	return most;
}

static void
test_fewest(void **cookie)
{
	uint64_t state = 3;

	(void)cookie;
	for (size_t round = 0; round < ROUNDS; round++) {
		char ranks[MOST];
		size_t count = random_below(&state, MOST + 1);
		struct row_order *order = row_order_new();

		for (size_t i = 0; i < count; i++) {
			ranks[i] = (char)('a' + random_below(&state, 6));
			row_order_add(order, (struct row_rank){ ranks[i], 0 }, false);
		}
		assert_int_equal(row_order_find(order), count - most_kept(ranks, count));
		row_order_free(order);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_second_rank),
		cmocka_unit_test(test_fewest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
