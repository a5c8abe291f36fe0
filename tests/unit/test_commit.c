#include "commit.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_sound(void **state)
{
	static const struct {
		const char *commit;
		bool sound;
	} cases[] = {
		{ "{}", true },
		{ "{\"until\":-9223372036854775808,\"matched\":-1,\"token\":null,\"anew\":true}",
		    true },
		{ "{\"windows\":[[1,1000000000000]],\"walk\":{\"since\":-1000000000000}}", true },
		{ "{\"until\":9223372036854775807}", false },
		{ "{\"until\":-9223372036854775807}", false },
		{ "{\"windows\":[[1,1000000000001]]}", false },
		{ "{\"walk\":{\"since\":-1000000000001}}", false },
		{ "{\"start\":1.5}", false },
		{ "{\"start\":1e400}", false },
		{ "{\"start\":1,\"start\":2}", false },
		{ "[]", false },
		{ "7", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (commit_is_sound(slice_of(cases[i].commit)) != cases[i].sound)
			fail_msg("%s", cases[i].commit);
}

static void
test_texts(void **state)
{
	(void)state;
	for (size_t len = COMMIT_TEXT_BYTES; len <= COMMIT_TEXT_BYTES + 1; len++) {
		struct buf commit = BUF_INIT;

		buf_add_text(&commit, "{\"token\":\"");
		memset(buf_reserve(&commit, len), 'x', len);
		commit.len += len;
		buf_add_text(&commit, "\"}");
		assert_int_equal(commit_is_sound(buf_slice(&commit)), len == COMMIT_TEXT_BYTES);
		buf_free(&commit);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
