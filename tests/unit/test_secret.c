#include "secret.h"

#include "buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_hide(void **state)
{
	static const struct {
		const char *why, *secret, *text, *left;
	} cases[] = {
		{ "nothing", "ab/\"c", "", "" },
		{ "as it is", "ab/c", "xab/cab/c ab/", "x******** ab/" },
		{ "behind a beginning of it", "aab", "aaab aaaab", "a*** aa***" },
		{ "at the very end", "abc", "ab abc", "ab ***" },
		{ "cut off", "abc", "ab", "ab" },
		{ "JSON's letters", "ab/c",
		    "\\u0061b/c a\\u0062\\u002Fc \\u0061\\u0062\\u002f\\u0063",
		    "********* ************** ************************" },
		{ "JSON's slash", "ab/c", "ab\\/c", "*****" },
		{ "JSON's quote", "a\"c", "a\\\"c", "****" },
		{ "of JSON, but another letter", "abc", "a\\u0063c \\u00611bc a\\u62c",
		    "a\\u0063c \\u00611bc a\\u62c" },
		{ "percent-encoded", "ab/c", "ab%2Fc %61%62%2f%63", "****** ************" },
		{ "half a percent", "ab/", "ab%2", "ab%2" },
		{ "XML's letters", "ab/c", "&#97;b&#x2F;&#X63; &#0097;b/c",
		    "****************** **********" },
		{ "an unfinished one", "ab", "a&#98 a&#98", "a&#98 a&#98" },
		{ "all at once", "abcd", "\\u0061%62&#99;d", "***************" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].text);
		/* Without a byte behind it, for the sanitizer. */
		char *text = malloc(len + 1);

		assert_non_null(text);
		memcpy(text, cases[i].text, len);
		secret_hide(slice_of(cases[i].secret), text, len);
		if (memcmp(text, cases[i].left, len) != 0)
			fail_msg("%s: %.*s", cases[i].why, (int)len, text);
		assert_int_equal(strlen(cases[i].left), len);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
