#include "parquet_bounds.h"

#include "scratch.h"
#include "text.h"

/* 63 bytes, so that one more fills a bound. */
#define X63 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
/* Characters of 2 bytes that no other with the same beginning follows. */
#define LAST8 "\xc2\xbf\xc2\xbf\xc2\xbf\xc2\xbf"
#define LAST64 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8

static struct parquet_bounds
bounds_of(enum parquet_kind kind, struct slice a, struct slice b)
{
	struct parquet_bounds bounds = { SLICE_NONE, SLICE_NONE };

	parquet_bounds_add(&bounds, kind, a);
	parquet_bounds_add(&bounds, kind, b);
	return bounds;
}

static void
test_texts(void **state)
{
	const struct {
		const char *why;
		struct slice text;
		struct slice min;
		struct slice max;
	} cases[] = {
		{ "nothing", SLICE_LITERAL(""), SLICE_LITERAL(""), SLICE_LITERAL("") },
		{ "as long as may be", SLICE_LITERAL(X63 "a"), SLICE_LITERAL(X63 "a"),
		    SLICE_LITERAL(X63 "a") },
		{ "as long as may be, with half a character behind it", { X63 "a\x80", 64 },
		    SLICE_LITERAL(X63 "a"), SLICE_LITERAL(X63 "a") },
		{ "one byte more", SLICE_LITERAL(X63 "ab"), SLICE_LITERAL(X63 "a"),
		    SLICE_LITERAL(X63 "b") },
		{ "a character across the end", SLICE_LITERAL(X63 "é"), SLICE_LITERAL(X63),
		    SLICE_LITERAL("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
				  "xxy") },
		{ "a character before the end",
		    SLICE_LITERAL("x" LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 "é王王王王"),
		    SLICE_LITERAL("x" LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 "é王"),
		    SLICE_LITERAL("x" LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 "é\xe7\x8e\x8c") },
		{ "the last of a sort gives way to the one before", SLICE_LITERAL("ab" LAST64),
		    SLICE_LITERAL(
			"ab" LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 LAST8 "\xc2\xbf\xc2\xbf\xc2\xbf"),
		    SLICE_LITERAL("ac") },
		{ "nothing short is above it", SLICE_LITERAL(LAST64 "a"), SLICE_LITERAL(LAST64),
		    SLICE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena arena = ARENA_INIT;
		struct parquet_bounds bounds =
		    bounds_of(PARQUET_TEXT, cases[i].text, cases[i].text);
		struct parquet_bounds stored = parquet_bounds_store(&bounds, PARQUET_TEXT, &arena);

		assert_bytes(stored.min, cases[i].min, cases[i].why);
		assert_bytes(stored.max, cases[i].max, cases[i].why);
		assert_true(text_is_utf8(stored.min) &&
			    (stored.max.data == NULL || text_is_utf8(stored.max)));
		assert_true(slice_cmp(stored.min, cases[i].text) <= 0);
		assert_true(stored.max.data == NULL || slice_cmp(stored.max, cases[i].text) >= 0);
		arena_free(&arena);
	}
}

static void
test_order(void **state)
{
	const struct {
		const char *why;
		enum parquet_kind kind;
		struct slice less;
		struct slice more;
	} cases[] = {
		{ "texts by their bytes", PARQUET_TEXT, SLICE_LITERAL("Z"), SLICE_LITERAL("a") },
		{ "bytes have no sign", PARQUET_TEXTS, SLICE_LITERAL("z"), SLICE_LITERAL("é") },
		{ "a prefix first", PARQUET_TEXT, SLICE_LITERAL("ab"), SLICE_LITERAL("abc") },
		{ "booleans", PARQUET_BOOLEAN, { "\0", 1 }, { "\1", 1 } },
		{ "integers by all their bytes", PARQUET_INTEGER, { "\xff\0\0\0\0\0\0\0", 8 },
		    { "\0\1\0\0\0\0\0\0", 8 } },
		{ "a time before 1970", PARQUET_TIME, { "\xff\xff\xff\xff\xff\xff\xff\xff", 8 },
		    { "\0\0\0\0\0\0\0\0", 8 } },
		{ "reals: 0.5 and 0.75", PARQUET_REAL, { "\0\0\0\0\0\0\xe0\x3f", 8 },
		    { "\0\0\0\0\0\0\xe8\x3f", 8 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct parquet_bounds bounds =
		    bounds_of(cases[i].kind, cases[i].more, cases[i].less);

		assert_true(parquet_bounds_cmp(cases[i].kind, cases[i].less, cases[i].more) < 0);
		assert_true(parquet_bounds_cmp(cases[i].kind, cases[i].more, cases[i].less) > 0);
		assert_true(parquet_bounds_cmp(cases[i].kind, cases[i].more, cases[i].more) == 0);
		assert_bytes(bounds.min, cases[i].less, cases[i].why);
		assert_bytes(bounds.max, cases[i].more, cases[i].why);
	}
}

static void
test_zero(void **state)
{
	struct slice zero = { "\0\0\0\0\0\0\0\0", 8 }, minus = { "\0\0\0\0\0\0\0\x80", 8 };
	struct parquet_bounds bounds = bounds_of(PARQUET_REAL, zero, zero), stored;
	struct arena arena = ARENA_INIT;

	(void)state;
	stored = parquet_bounds_store(&bounds, PARQUET_REAL, &arena);
	assert_bytes(stored.min, minus, "-0 is below 0");
	assert_bytes(stored.max, zero, "0 is the largest");
	stored = parquet_bounds_store(&bounds, PARQUET_INTEGER, &arena);
	assert_bytes(stored.min, zero, "an integer has no -0");
	arena_free(&arena);
}

static void
test_join(void **state)
{
	struct parquet_bounds none = { SLICE_NONE, SLICE_NONE }, all = none, stored;
	struct parquet_bounds some =
	    bounds_of(PARQUET_TEXT, SLICE_LITERAL("b"), SLICE_LITERAL("d"));
	struct arena arena = ARENA_INIT;

	(void)state;
	parquet_bounds_join(&all, PARQUET_TEXT, &none);
	stored = parquet_bounds_store(&all, PARQUET_TEXT, &arena);
	assert_null(stored.min.data);
	assert_null(stored.max.data);
	parquet_bounds_join(&all, PARQUET_TEXT, &some);
	parquet_bounds_join(&all, PARQUET_TEXT, &none);
	some = bounds_of(PARQUET_TEXT, SLICE_LITERAL("a"), SLICE_LITERAL("c"));
	parquet_bounds_join(&all, PARQUET_TEXT, &some);
	parquet_bounds_join(&all, PARQUET_TEXT, &none);
	assert_bytes(all.min, SLICE_LITERAL("a"), "the least of all");
	assert_bytes(all.max, SLICE_LITERAL("d"), "the largest of all");
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_join),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
