#include "audit_fault.h"

#include "jsonl.h"
#include "scratch.h"

#define TEN "0123456789"
#define FORTY TEN TEN TEN TEN
#define TEXT(text)                       \
	{                                \
		(text), sizeof(text) - 1 \
	}
#define NOTHING         \
	{               \
		NULL, 0 \
	}
#define HUNDRED FORTY FORTY TEN TEN

static void
test_forms(void **state)
{
	static const struct {
		const char *why;
		struct audit_fault fault;
		const char *text;
		const char *json;
	} cases[] = {
		{ "a value",
		    { NULL, 12, TEXT("ab12"), TEXT("2606.20543"), "venue", TEXT("\"ICML\""),
			TEXT("\"NeurIPS\""), NOTHING },
		    "line 12: 2606.20543: venue: stored \"ICML\", expected \"NeurIPS\"\n",
		    "{\"file\": null, \"line\": 12, \"id\": \"ab12\", \"arxiv_id\": "
		    "\"2606.20543\", \"field\": \"venue\", \"stored\": \"ICML\", \"expected\": "
		    "\"NeurIPS\", \"reason\": null}\n" },
		{ "without an arXiv id it is known by its id; a reason behind the values",
		    { NULL, 3, TEXT("ab12"), NOTHING, "quality_score", TEXT("0.4"), TEXT("0.35"),
			TEXT("has_code true would fit") },
		    "line 3: ab12: quality_score: stored 0.4, expected 0.35 (has_code true would "
		    "fit)\n",
		    "{\"file\": null, \"line\": 3, \"id\": \"ab12\", \"arxiv_id\": null, "
		    "\"field\": \"quality_score\", \"stored\": 0.4, \"expected\": 0.35, "
		    "\"reason\": \"has_code true would fit\"}\n" },
		{ "nothing stands there",
		    { NULL, 1, NOTHING, NOTHING, "doi", NOTHING, TEXT("null"),
			TEXT("the key is missing") },
		    "line 1: doi: stored nothing, expected null (the key is missing)\n",
		    "{\"file\": null, \"line\": 1, \"id\": null, \"arxiv_id\": null, \"field\": "
		    "\"doi\", \"stored\": null, \"expected\": null, \"reason\": \"the key is "
		    "missing\"}\n" },
		{ "what should stand there cannot be said",
		    { NULL, 1, NOTHING, NOTHING, "url", TEXT("1"), NOTHING, TEXT("a \"reason\"") },
		    "line 1: url: stored 1 (a \"reason\")\n",
		    "{\"file\": null, \"line\": 1, \"id\": null, \"arxiv_id\": null, \"field\": "
		    "\"url\", \"stored\": 1, \"expected\": null, \"reason\": \"a "
		    "\\\"reason\\\"\"}\n" },
		{ "only a reason",
		    { NULL, 7, NOTHING, NOTHING, "line", NOTHING, NOTHING,
			TEXT("byte 1: no object") },
		    "line 7: line: byte 1: no object\n",
		    "{\"file\": null, \"line\": 7, \"id\": null, \"arxiv_id\": null, \"field\": "
		    "\"line\", \"stored\": null, \"expected\": null, \"reason\": \"byte 1: no "
		    "object\"}\n" },
		{ "of a file, in no line",
		    { "manifest.json", 0, NOTHING, NOTHING, "records", TEXT("2"), TEXT("3"),
			NOTHING },
		    "manifest.json: records: stored 2, expected 3\n",
		    "{\"file\": \"manifest.json\", \"line\": null, \"id\": null, \"arxiv_id\": "
		    "null, \"field\": \"records\", \"stored\": 2, \"expected\": 3, \"reason\": "
		    "null}\n" },
		{ "nothing for a terminal to act on",
		    { NULL, 1, TEXT("\x1b[2J"), TEXT("\xc2\x9b"), "doi",
			TEXT("\"\xe2\x80\xae\x7f\""), NOTHING, TEXT("\a") },
		    "line 1: \\u009b: doi: stored \"\\u202e\\u007f\" (\\u0007)\n",
		    "{\"file\": null, \"line\": 1, \"id\": \"\\u001b[2J\", \"arxiv_id\": "
		    "\"\\u009b\", \"field\": \"doi\", \"stored\": \"\\u202e\\u007f\", "
		    "\"expected\": null, \"reason\": \"\\u0007\"}\n" },
	};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&out);
		audit_fault_text_write(&cases[i].fault, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].text), cases[i].why);
		buf_clear(&out);
		audit_fault_json_write(&cases[i].fault, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].json), cases[i].why);
	}
	buf_free(&out);
}

static void
test_cuts(void **state)
{
	static const struct {
		const char *why;
		const char *stored;
		const char *expected;
		const char *text;
	} cases[] = {
		{ "100 bytes are shown", HUNDRED, "1", "stored " HUNDRED ", expected 1" },
		{ "not more", HUNDRED "abc", "1", "stored " HUNDRED "..., expected 1" },
		{ "without another value", HUNDRED "abc", NULL, "stored " HUNDRED "..." },
		{ "the difference is shown", HUNDRED HUNDRED "a" HUNDRED,
		    HUNDRED HUNDRED "b" HUNDRED,
		    "stored ..." FORTY "a" FORTY TEN "012345678..., expected ..." FORTY
		    "b" FORTY TEN "012345678..." },
		{ "at the end, too", HUNDRED HUNDRED "a", HUNDRED HUNDRED,
		    "stored ..." FORTY "a, expected ..." FORTY },
		{ "no difference is too early to need it", FORTY TEN TEN "a" HUNDRED,
		    FORTY TEN TEN "b" HUNDRED,
		    "stored " FORTY TEN TEN "a" TEN TEN TEN "012345678..., expected " FORTY TEN TEN
		    "b" TEN TEN TEN "012345678..." },
		{ "no character is cut at the end", FORTY FORTY TEN "012345678\xe2\x82\xac" FORTY,
		    "1", "stored " FORTY FORTY TEN "012345678..., expected 1" },
		{ "nor at the front", HUNDRED "\xe2\x82\xac" TEN TEN TEN "012345678a",
		    HUNDRED "\xe2\x82\xac" TEN TEN TEN "012345678b",
		    "stored ...\xe2\x82\xac" TEN TEN TEN
		    "012345678a, expected ...\xe2\x82\xac" TEN TEN TEN "012345678b" },
		{ "nor where the difference is within one",
		    HUNDRED "01\xe2\x82\xac" TEN TEN TEN "01234567\xe2\x82\xac" HUNDRED,
		    HUNDRED "01\xe2\x82\xac" TEN TEN TEN "01234567\xe2\x82\xad" HUNDRED, NULL },
	};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct audit_fault fault = {
			.field = "x",
			.stored = slice_of(cases[i].stored),
			.expected = slice_of(cases[i].expected),
		};
		size_t len = cases[i].text == NULL ? 0 : strlen(cases[i].text);

		buf_clear(&out);
		audit_fault_text_write(&fault, &out);
		assert_null(strstr(out.data, "\\x"));
		if (cases[i].text != NULL)
			assert_bytes((struct slice){ out.data + 3, len }, slice_of(cases[i].text),
			    cases[i].why);
	}
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
