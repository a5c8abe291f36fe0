#include "commit.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		bool good;
		const char *why;
	} cases[] = {
		{ "{}", true, "empty" },
		{ "{\"until\":-9223372036854775808,\"token\":null}", true, "as written" },
		{ "{\"start\":1e400}", false, "a number that nothing holds" },
		{ "{\"start\":1,\"start\":2}", false, "a key twice" },
		{ "[]", false, "a list" },
		{ "7", false, "a number" },
		{ "", false, "nothing" },
		{ "{\"start\":1", false, "cut off" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct commit *commit = commit_parse(slice_of(cases[i].text));

		if ((commit != NULL) != cases[i].good)
			fail_msg("%s: %s", cases[i].why, cases[i].text);
		commit_free(commit);
	}
}

/* A commit of exactly so many bytes. */
static bool
is_taken(size_t len)
{
	struct buf text = BUF_INIT;
	struct commit *commit;

	buf_add_text(&text, "{\"token\":\"");
	while (text.len < len - 2)
		buf_add_char(&text, 'x');
	buf_add_text(&text, "\"}");
	commit = commit_parse(buf_slice(&text));
	buf_free(&text);
	commit_free(commit);
	return commit != NULL;
}

static void
test_length(void **state)
{
	(void)state;
	assert_true(is_taken((size_t)1 << 20));
	assert_false(is_taken(((size_t)1 << 20) + 1));
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
		const char *why;
	} cases[] = {
		{ "{\"n\":0}", 0, "zero" },
		{ "{\"n\":1000000000000}", 1000000000000, "the largest" },
		{ "{\"n\":-1000000000000}", -1000000000000, "the smallest" },
		{ "{\"n\":1000000000001}", -5, "too large" },
		{ "{\"n\":-1000000000001}", -5, "too small" },
		{ "{\"n\":9223372036854775807}", -5, "the largest of its type" },
		{ "{\"n\":-9223372036854775808}", -5, "the smallest of its type" },
		{ "{\"n\":1.5}", -5, "not whole" },
		{ "{\"n\":\"1\"}", -5, "a string" },
		{ "{\"n\":[1]}", -5, "a list" },
		{ "{\"m\":1}", -5, "absent" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct commit *commit = commit_parse(slice_of(cases[i].text));

		if (commit_number(commit_member(commit, "n"), -5) != cases[i].number)
			fail_msg("%s: %s", cases[i].why, cases[i].text);
		commit_free(commit);
	}
}

/* Values of another kind than is asked for, and none, are empty ones. */
static void
test_kinds(void **state)
{
	struct commit *commit = commit_parse(
	    slice_of("{\"list\":[\"a\",7,[1,2]],\"text\":\"\",\"yes\":true,\"one\":1}"));
	const struct commit *list = commit_member(commit, "list");

	(void)state;
	assert_int_equal(commit_count(list), 3);
	assert_true(slice_is(commit_text(commit_element(list, 0)), "a"));
	assert_null(commit_text(commit_element(list, 1)).data);
	assert_int_equal(commit_number(commit_element(commit_element(list, 2), 1), 0), 2);
	assert_null(commit_element(list, 3));
	assert_non_null(commit_text(commit_member(commit, "text")).data);
	assert_int_equal(commit_count(commit_member(commit, "text")), 0);
	assert_null(commit_member(list, "text"));
	assert_true(commit_is_true(commit_member(commit, "yes")));
	assert_false(commit_is_true(commit_member(commit, "one")));
	assert_false(commit_is_true(NULL));
	assert_null(commit_member(NULL, "yes"));
	commit_free(commit);
	commit_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
