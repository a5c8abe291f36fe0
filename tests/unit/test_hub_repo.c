#include "hub_repo.h"
#include "scratch.h"

static void
test_names(void **state)
{
	static const struct {
		const char *why;
		const char *name;
		bool good;
	} cases[] = {
		{ "plain", "me/specdec", true },
		{ "all that a name is made of", "Me_1/a.b-c_D.9", true },
		{ "an underscore may stand at an end", "_me/specdec_", true },
		{ "two underscores", "me/a__b", true },
		{ "a dot behind a dash", "me/a-.b", true },
		{ "one letter", "a/b", true },
		{ "git inside", "me/a.gitx", true },
		{ "no namespace", "specdec", false },
		{ "empty", "", false },
		{ "no name", "me/", false },
		{ "an empty namespace", "/specdec", false },
		{ "two slashes", "datasets/me/specdec", false },
		{ "an address", "https://huggingface.co/datasets/me/specdec", false },
		{ "two dashes", "me/a--b", false },
		{ "two dots", "me/a..b", false },
		{ "a way up", "../specdec", false },
		{ "dash in front", "-me/specdec", false },
		{ "dash at the end", "me-/specdec", false },
		{ "dot in front", "me/.specdec", false },
		{ "dot at the end", "me/specdec.", false },
		{ "git", "me/specdec.git", false },
		{ "a blank", "me/spec dec", false },
		{ "a letter beyond ASCII", "me/sp\xc3\xa9", false },
		{ "a query", "me/specdec?x", false },
		{ "an escape", "me/%2e", false },
		{ "a line", "me/specdec\n", false },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&scratch.lines);
		if ((hub_repo_check(cases[i].name, "push", &scratch.log) == 0) != cases[i].good)
			fail_msg("%s", cases[i].why);
		if (!cases[i].good)
			assert_memory_equal(scratch.lines.data, "push: ", 6);
	}
	scratch_free(&scratch);
}

static void
test_lengths(void **state)
{
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t len = 95; len <= 97; len++)
		for (int side = 0; side < 2; side++) {
			struct buf name = BUF_INIT;

			buf_add_text(&name, side == 0 ? "" : "a/");
			for (size_t i = 0; i < len; i++)
				buf_add_char(&name, 'x');
			buf_add_text(&name, side == 0 ? "/a" : "");
			assert_int_equal(
			    hub_repo_check(name.data, "push", &scratch.log), len <= 96 ? 0 : -1);
			buf_free(&name);
		}
	scratch_free(&scratch);
}

static void
test_revisions(void **state)
{
	static const struct {
		const char *revision;
		bool good;
	} cases[] = {
		{ "main", true },
		{ "refs/pr/1", true },
		{ "v1.0", true },
		{ "\xc3\xa9t\xc3\xa9", true },
		{ "a@b", true },
		{ "", false },
		{ "-main", false },
		{ "/main", false },
		{ "main/", false },
		{ "a//b", false },
		{ "a/.b", false },
		{ "a..b", false },
		{ "a.", false },
		{ "a.lock", false },
		{ "@", false },
		{ "a@{1}", false },
		{ "a b", false },
		{ "a\n", false },
		{ "a~1", false },
		{ "a^", false },
		{ "a:b", false },
		{ "a?", false },
		{ "a*", false },
		{ "a[", false },
		{ "a\\b", false },
		{ "\xff", false },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		int checked =
		    hub_repo_check_revision(cases[i].revision, "--revision", &scratch.log);

		if ((checked == 0) != cases[i].good)
			fail_msg("%s", cases[i].revision);
	}
	scratch_free(&scratch);
}

static void
test_urls(void **state)
{
	const struct hub_repo repo = { "http://127.0.0.1:80", "me/specdec", "refs/pr/1 \xc3\xa9" };
	struct buf url = BUF_INIT;

	(void)state;
	hub_repo_api(&repo, "commit", &url);
	assert_string_equal(
	    url.data, "http://127.0.0.1:80/api/datasets/me/specdec/commit/refs%2Fpr%2F1%20%C3%A9");
	buf_clear(&url);
	hub_repo_lfs(&repo, &url);
	assert_string_equal(
	    url.data, "http://127.0.0.1:80/datasets/me/specdec.git/info/lfs/objects/batch");
	buf_clear(&url);
	hub_repo_page(&repo, &url);
	assert_string_equal(url.data, "http://127.0.0.1:80/datasets/me/specdec");
	buf_free(&url);
}

static void
test_hrefs(void **state)
{
	static const struct {
		const char *href, *wanted;
	} cases[] = {
		{ "https://huggingface.co/a?b", "http://127.0.0.1:80/a?b" },
		{ "https://huggingface.co.evil/a", "https://huggingface.co.evil/a" },
		{ "https://s3.example/huggingface.co/", "https://s3.example/huggingface.co/" },
	};
	const struct hub_repo repo = { "http://127.0.0.1:80", "me/specdec", "main" };
	struct buf url = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&url);
		hub_repo_href(&repo, slice_of(cases[i].href), &url);
		assert_string_equal(url.data, cases[i].wanted);
	}
	buf_free(&url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_hrefs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
