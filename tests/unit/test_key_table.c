#include "key_table.h"

#include "scratch.h"

static void
test_kinds(void **state)
{
	const struct {
		const char *why;
		int kind;
		struct slice text;
	} keys[] = {
		{ "the first", 0, SLICE_LITERAL("2606.20543") },
		{ "the same bytes of another kind", 1, SLICE_LITERAL("2606.20543") },
		{ "the largest kind", 255, SLICE_LITERAL("2606.20543") },
		{ "a prefix", 0, SLICE_LITERAL("2606.2054") },
		{ "nothing", 0, SLICE_LITERAL("") },
		{ "nothing of another kind", 1, SLICE_LITERAL("") },
		{ "a NUL byte", 0, { "a\0b", 3 } },
		{ "another behind the NUL byte", 0, { "a\0c", 3 } },
		{ "eight bytes, a step of the hash", 0, SLICE_LITERAL("12345678") },
		{ "one more", 0, SLICE_LITERAL("123456789") },
		{ "the longest short one", 0, SLICE_LITERAL("12345678901234") },
		{ "the shortest long one", 0, SLICE_LITERAL("123456789012345") },
		{ "the same bytes of another kind", 2, SLICE_LITERAL("123456789012345") },
	};
	struct key_table *table = key_table_new();

	(void)state;
	assert_int_equal(key_table_count(table), 0);
	for (size_t i = 0; i < COUNT(keys); i++) {
		assert_int_equal(key_table_find(table, keys[i].kind, keys[i].text), KEY_NONE);
		if (key_table_intern(table, keys[i].kind, keys[i].text) != i)
			print_error("%s\n", keys[i].why);
		assert_int_equal(key_table_count(table), i + 1);
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		assert_int_equal(key_table_intern(table, keys[i].kind, keys[i].text), i);
		assert_int_equal(key_table_find(table, keys[i].kind, keys[i].text), i);
		assert_bytes(key_table_text(table, (uint32_t)i), keys[i].text, keys[i].why);
		assert_int_equal(key_table_kind(table, (uint32_t)i), keys[i].kind);
	}
	assert_int_equal(key_table_count(table), COUNT(keys));
	assert_null(key_table_text(table, KEY_NONE).data);
	key_table_free(table);
	key_table_free(NULL);
}

/* Past every growth of its memory it still knows each key. */
static void
test_many(void **state)
{
	enum { MANY = 100000 };
	struct key_table *table = key_table_new();
	char text[32];

	(void)state;
	assert_int_equal(key_table_bytes(table), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "10.1000/%u", i / 2);
		assert_int_equal(key_table_intern(table, (int)(i % 2), slice_of(text)), i);
	}
	assert_int_equal(key_table_count(table), MANY);
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "10.1000/%u", i / 2);
		assert_int_equal(key_table_find(table, (int)(i % 2), slice_of(text)), i);
		assert_true(slice_is(key_table_text(table, i), text));
		assert_int_equal(key_table_find(table, 2, slice_of(text)), KEY_NONE);
		/* What is given back is made again, for finding and for adding. */
		if (i % 30000 == 0)
			key_table_trim(table);
	}
	key_table_trim(table);
	assert_int_equal(key_table_intern(table, 1, slice_of("10.1000/7")), 15);
	assert_int_equal(key_table_intern(table, 1, slice_of("new")), MANY);
	/* This one is too long for the table itself. */
	assert_int_equal(key_table_intern(table, 1, slice_of("10.1000/a-longer-one")), MANY + 1);
	assert_int_equal(key_table_bytes(table), strlen("10.1000/a-longer-one"));
	key_table_free(table);
}

/* Whatever was expected, before or meanwhile, the same comes. */
static void
test_room(void **state)
{
	enum { MANY = 30000, NEVER = 1 << 25 };
	const size_t rooms[] = { 0, 1, 5000, MANY, MANY * 3, NEVER };

	(void)state;
	for (size_t i = 0; i < COUNT(rooms); i++) {
		struct key_table *table = key_table_new();
		char text[32];

		for (uint32_t j = 0; j < MANY; j++) {
			if (j == 0 || j == MANY / 2)
				key_table_room(table, rooms[i], rooms[i] * 20);
			snprintf(text, sizeof(text), "10.1000/number-%u", j);
			assert_int_equal(key_table_intern(table, 0, slice_of(text)), j);
		}
		assert_int_equal(key_table_count(table), MANY);
		for (uint32_t j = 0; j < MANY; j++) {
			snprintf(text, sizeof(text), "10.1000/number-%u", j);
			assert_int_equal(key_table_find(table, 0, slice_of(text)), j);
			assert_true(slice_is(key_table_text(table, j), text));
		}
		key_table_free(table);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
