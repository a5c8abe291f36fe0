#include "hub_token.h"
#include "scratch.h"
#include "text.h"

static const char *const variables[] = { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH",
	"HF_HOME", "XDG_CACHE_HOME", "HOME", "HF_HUB_DISABLE_IMPLICIT_TOKEN" };

/* A variable of the environment; `%` stands for the scratch directory. */
struct setting {
	const char *name, *value;
};

static const struct {
	const char *why;
	struct setting settings[3];
	/* Where a file with a token lies, and what is in it. */
	const char *file, *content;
	/* The token that is found in which place; NULL: none, and a line that has this place. */
	const char *token, *place;
} cases[] = {
	{ "HF_TOKEN", { { "HF_TOKEN", "hf_one" }, { "HUGGING_FACE_HUB_TOKEN", "hf_two" } }, NULL,
	    NULL, "hf_one", "HF_TOKEN" },
	{ "white space around it", { { "HF_TOKEN", " hf_one\r\n" } }, NULL, NULL, "hf_one",
	    "HF_TOKEN" },
	{ "the older name", { { "HF_TOKEN", "" }, { "HUGGING_FACE_HUB_TOKEN", "hf_two" } }, NULL,
	    NULL, "hf_two", "HUGGING_FACE_HUB_TOKEN" },
	{ "the environment before the file", { { "HF_TOKEN", "hf_one" }, { "HF_HOME", "%" } },
	    "token", "hf_three", "hf_one", "HF_TOKEN" },
	{ "HF_TOKEN_PATH", { { "HF_TOKEN_PATH", "%/mine" }, { "HF_HOME", "%/none" } }, "mine",
	    "hf_three\n", "hf_three", "%/mine" },
	{ "HF_HOME", { { "HF_HOME", "%" }, { "XDG_CACHE_HOME", "%/none" } }, "token", "hf_four",
	    "hf_four", "%/token" },
	{ "XDG_CACHE_HOME", { { "XDG_CACHE_HOME", "%" }, { "HOME", "%/none" } },
	    "huggingface/token", "hf_five", "hf_five", "%/huggingface/token" },
	{ "HOME", { { "HOME", "%" } }, ".cache/huggingface/token", "hf_six\r\n", "hf_six",
	    "%/.cache/huggingface/token" },
	{ "none", { { "HOME", "%" } }, NULL, NULL, NULL, "%/.cache/huggingface/token" },
	{ "an empty file", { { "HOME", "%" } }, ".cache/huggingface/token", " \n", NULL,
	    "%/.cache/huggingface/token" },
	{ "a line too many", { { "HF_HOME", "%" } }, "token", "hf_secret\nX-Evil: 1", NULL,
	    "%/token" },
	{ "a character that no token has", { { "HF_TOKEN", "hf_secret\xc3\xa9" } }, NULL, NULL,
	    NULL, "HF_TOKEN" },
	{ "switched off",
	    { { "HF_TOKEN", "hf_secret" }, { "HF_HUB_DISABLE_IMPLICIT_TOKEN", "True" } }, NULL,
	    NULL, NULL, "HF_HUB_DISABLE_IMPLICIT_TOKEN" },
	{ "not switched off",
	    { { "HF_TOKEN", "hf_one" }, { "HF_HUB_DISABLE_IMPLICIT_TOKEN", "0" } }, NULL, NULL,
	    "hf_one", "HF_TOKEN" },
};

static char *
fill(const char *text, const struct scratch *scratch)
{
	struct buf filled = BUF_INIT;

	for (; *text != '\0'; text++)
		if (*text == '%')
			buf_add_text(&filled, scratch->path);
		else
			buf_add_char(&filled, *text);
	return buf_take(&filled);
}

static void
apply(const struct setting *settings, size_t count, const struct scratch *scratch)
{
	for (size_t i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	for (size_t i = 0; i < count && settings[i].name != NULL; i++) {
		char *value = fill(settings[i].value, scratch);

		setenv(settings[i].name, value, 1);
		free(value);
	}
}

static void
write_token(const struct scratch *scratch, const char *name, const char *content)
{
	char *path = file_path(scratch->path, name);

	for (char *at = path + strlen(scratch->path) + 1; (at = strchr(at, '/')) != NULL; at++) {
		*at = '\0';
		assert_int_equal(file_make_directory(path, &scratch->log), 0);
		*at = '/';
	}
	assert_int_equal(file_replace(path, content, strlen(content), &scratch->log), 0);
	free(path);
}

static void
test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scratch scratch;
		struct buf token = BUF_INIT, place = BUF_INIT;
		char *expected;

		print_message("%s\n", cases[i].why);
		scratch_init(&scratch);
		expected = fill(cases[i].place, &scratch);
		if (cases[i].file != NULL)
			write_token(&scratch, cases[i].file, cases[i].content);
		apply(cases[i].settings, COUNT(cases[i].settings), &scratch);
		assert_int_equal(
		    hub_token_find(&token, &place, &scratch.log), cases[i].token == NULL ? -1 : 0);
		if (cases[i].token != NULL) {
			assert_string_equal(token.data, cases[i].token);
			assert_string_equal(place.data, expected);
			assert_int_equal(scratch.lines.len, 0);
		} else {
			/* One line, and nothing of the token in it. */
			assert_non_null(strstr(scratch.lines.data, expected));
			assert_null(strstr(scratch.lines.data, "secret"));
			assert_ptr_equal(strchr(scratch.lines.data, '\n') + 1,
			    scratch.lines.data + scratch.lines.len);
		}
		free(expected);
		buf_free(&token);
		buf_free(&place);
		scratch_free(&scratch);
	}
}

static void
test_flags(void **state)
{
	static const struct {
		const char *value;
		bool on;
	} flags[] = { { "1", true }, { "on", true }, { "YES", true }, { "True", true },
		{ "0", false }, { "", false }, { "off", false }, { "11", false } };

	(void)state;
	unsetenv("HF_HUB_OFFLINE");
	assert_false(hub_token_flag("HF_HUB_OFFLINE"));
	for (size_t i = 0; i < COUNT(flags); i++) {
		setenv("HF_HUB_OFFLINE", flags[i].value, 1);
		assert_int_equal(hub_token_flag("HF_HUB_OFFLINE"), flags[i].on);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
