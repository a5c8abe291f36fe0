#include "topic.h"

#include "scratch.h"

#define ANY "\"any\":[\"x\"]"

static void
test_bad(void **state)
{
	static const struct {
		const char *why, *json, *message;
	} cases[] = {
		{ "empty", "", "t: line 1: '[' or '{' expected near end of file\n" },
		{ "no JSON", "{\n\"any\": [x]}", "t: line 2: invalid token near 'x'\n" },
		{ "more behind it", "{" ANY "} x", "t: line 1: end of file expected near 'x'\n" },
		{ "a list", "[]", "t: must be a JSON object\n" },
		{ "a key twice", "{" ANY "," ANY "}",
		    "t: line 1: duplicate object key near '\"any\"'\n" },
		{ "NUL in a phrase", "{\"any\":[\"a\\u0000b\"]}",
		    "t: line 1: \\u0000 is not allowed without JSON_ALLOW_NUL near "
		    "'\"a\\u0000b\"'\n" },
		{ "an unknown key", "{" ANY ",\"catagories\":[]}",
		    "t: unknown key 'catagories', the nearest known one is 'categories'\n" },
		{ "a key in capitals", "{\"Any\":[\"x\"]}",
		    "t: unknown key 'Any', the nearest known one is 'any'\n" },
		{ "a key cut short", "{" ANY ",\"licence\":\"x\"}",
		    "t: unknown key 'licence', the nearest known one is 'license'\n" },
		{ "a key with an escape", "{" ANY ",\"m\\u001batch\":1}",
		    "t: unknown key 'm\\u001batch', the nearest known one is 'match'\n" },
		{ "a name of another type", "{" ANY ",\"name\":1}",
		    "t: name: must be a string, got 1\n" },
		{ "phrases without a list", "{\"any\":\"x\"}",
		    "t: any: must be a list of strings, got \"x\"\n" },
		{ "phrases null", "{" ANY ",\"all\":null}",
		    "t: all: must be a list of strings, got null\n" },
		{ "a phrase of another type", "{\"any\":[\"x\",2]}",
		    "t: any: must be a list of strings, got [\"x\",2]\n" },
		{ "a long value is cut",
		    "{\"any\":\"123456789 123456789 123456789 123456789 123456789 123456789 "
		    "123456789 "
		    "123456789 123456789\"}",
		    "t: any: must be a list of strings, got \"123456789 123456789 123456789 "
		    "123456789 "
		    "123456789 123456789 123456789 123456789...\n" },
		{ "a date that no calendar has", "{" ANY ",\"from\":\"2026-02-30\"}",
		    "t: from: must be a date YYYY-MM-DD, got \"2026-02-30\"\n" },
		{ "a date as a number", "{" ANY ",\"to\":2026}",
		    "t: to: must be a date YYYY-MM-DD, got 2026\n" },
		{ "an unknown match", "{" ANY ",\"match\":\"title\"}",
		    "t: match: must be \"title+abstract\" or \"everywhere\", got \"title\"\n" },
		{ "a match of another type", "{" ANY ",\"match\":true}",
		    "t: match: must be \"title+abstract\" or \"everywhere\", got true\n" },
		{ "keep nothing", "{" ANY ",\"keep\":0}",
		    "t: keep: must be a whole number from 1, got 0\n" },
		{ "keep a fraction", "{" ANY ",\"keep\":1.5}",
		    "t: keep: must be a whole number from 1, got 1.5\n" },
		{ "keep as text", "{" ANY ",\"keep\":\"7\"}",
		    "t: keep: must be a whole number from 1, got \"7\"\n" },
		{ "keep too many", "{" ANY ",\"keep\":100001}",
		    "t: keep: must be a whole number from 1, got 100001\n" },
		{ "a license of another type", "{" ANY ",\"license\":[]}",
		    "t: license: must be a string, got []\n" },
		{ "nothing to look for", "{}",
		    "t: any: nothing to look for: give at least one phrase in any or all\n" },
		{ "only what must not occur", "{\"none\":[\"x\"],\"categories\":[\"cs.CL\"]}",
		    "t: any: nothing to look for: give at least one phrase in any or all\n" },
		{ "an empty phrase", "{\"any\":[\"\"]}",
		    "t: any: a phrase needs a letter or a digit, got ''\n" },
		{ "a phrase of blanks", "{" ANY ",\"all\":[\" \\n\"]}",
		    "t: all: a phrase needs a letter or a digit, got ''\n" },
		{ "a phrase of punctuation", "{" ANY ",\"none\":[\"--\"]}",
		    "t: none: a phrase needs a letter or a digit, got '--'\n" },
		{ "no category", "{" ANY ",\"categories\":[\"cs.CL\",\"cs CL\"]}",
		    "t: categories: an arXiv category looks like cs.CL or astro-ph, got 'cs "
		    "CL'\n" },
		{ "a category with an operator", "{" ANY ",\"categories\":[\"cs.CL)+OR+(all:x\"]}",
		    "t: categories: an arXiv category looks like cs.CL or astro-ph, got "
		    "'cs.CL)+OR+(all:x'\n" },
		{ "a category of one letter", "{" ANY ",\"categories\":[\"c.CL\"]}",
		    "t: categories: an arXiv category looks like cs.CL or astro-ph, got 'c.CL'\n" },
		{ "a category without its class", "{" ANY ",\"categories\":[\"cs.\"]}",
		    "t: categories: an arXiv category looks like cs.CL or astro-ph, got 'cs.'\n" },
		{ "everything is no category", "{" ANY ",\"categories\":[\"*\"]}",
		    "t: categories: an arXiv category looks like cs.CL or astro-ph, got '*'\n" },
		{ "from behind to", "{" ANY ",\"from\":\"2026-02-02\",\"to\":\"2026-02-01\"}",
		    "t: from: 2026-02-02 lies after to, 2026-02-01\n" },
	};
	struct scratch scratch;

	(void)state;
	scratch_log_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct topic topic;

		topic_init(&topic);
		assert_int_equal(
		    topic_parse(cases[i].json, strlen(cases[i].json), "t", &topic, &scratch.log),
		    -1);
		scratch_assert_log(&scratch, cases[i].message, cases[i].why);
		topic_free(&topic);
	}
	scratch_free(&scratch);
}

static void
test_bounds(void **state)
{
	const struct {
		const char *why;
		size_t phrases, bytes;
		const char *message;
	} cases[] = {
		{ "as many phrases as may be", BOUND_PHRASES, 3, "" },
		{ "one too many", BOUND_PHRASES + 1, 3,
		    "t: any: 51 phrases, at most 50 can be asked\n" },
		{ "a phrase as long as may be", 1, BOUND_PHRASE_BYTES, "" },
		{ "one byte too many", 1, BOUND_PHRASE_BYTES + 1,
		    "t: any: a phrase of 301 bytes, at most 300 can be asked, got "
		    "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxx"
		    "...'\n" },
	};
	struct scratch scratch;

	(void)state;
	scratch_log_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct topic topic;
		char phrase[BOUND_PHRASE_BYTES + 2] = "";

		topic_init(&topic);
		memset(phrase, 'x', cases[i].bytes);
		for (size_t j = 0; j < cases[i].phrases; j++)
			topic_add(&topic.any, phrase);
		assert_int_equal(
		    topic_check(&topic, "t", &scratch.log), *cases[i].message == '\0' ? 0 : -1);
		scratch_assert_log(&scratch, cases[i].message, cases[i].why);
		topic_free(&topic);
	}
	scratch_free(&scratch);
}

/* What is read is written in one form, which reads as the same again; the query is a part of it. */
static void
test_good(void **state)
{
	static const struct {
		const char *why, *json, *written, *query;
	} cases[] = {
		{ "the least", "{\"any\":[\"speculative decoding\"]}",
		    "{\n  \"name\": null,\n  \"any\": [\"speculative decoding\"],\n  \"all\": [],\n"
		    "  \"none\": [],\n  \"categories\": [],\n  \"from\": null,\n  \"to\": null,\n"
		    "  \"match\": \"title+abstract\",\n  \"keep\": 7,\n  \"license\": null\n}\n",
		    "{\"any\": [\"speculative decoding\"], \"all\": [], \"none\": [], "
		    "\"categories\": [], "
		    "\"from\": null, \"to\": null, \"match\": \"title+abstract\"}" },
		{ "everything, in another order",
		    "{\"license\":\"cc0-1.0\",\"keep\":1,\"match\":\"everywhere\",\"to\":\"2026-06-"
		    "19\","
		    "\"from\":\"2026-06-19\",\"categories\":[\"cs.*\",\"astro-ph\",\"cond-mat.mes-"
		    "hall\","
		    "\"cs.CL\"],\"none\":[\"c\"],\"all\":[\"b\",\"d\"],\"name\":\"A "
		    "\\\"name\\\"\"}",
		    "{\n  \"name\": \"A \\\"name\\\"\",\n  \"any\": [],\n  \"all\": [\"b\", "
		    "\"d\"],\n"
		    "  \"none\": [\"c\"],\n  \"categories\": [\"cs.*\", \"astro-ph\", "
		    "\"cond-mat.mes-hall\", \"cs.CL\"],\n  \"from\": \"2026-06-19\",\n"
		    "  \"to\": \"2026-06-19\",\n  \"match\": \"everywhere\",\n  \"keep\": 1,\n"
		    "  \"license\": \"cc0-1.0\"\n}\n",
		    "{\"any\": [], \"all\": [\"b\", \"d\"], \"none\": [\"c\"], \"categories\": "
		    "[\"cs.*\", "
		    "\"astro-ph\", \"cond-mat.mes-hall\", \"cs.CL\"], \"from\": \"2026-06-19\", "
		    "\"to\": \"2026-06-19\", \"match\": \"everywhere\"}" },
		{ "text is cleaned",
		    "{\"any\":[\" a\\n\\u00a0b\\u0007 \",\"\\u65e5\"],\"name\":\"\\tx \"}",
		    "{\n  \"name\": \"x\",\n  \"any\": [\"a b\", \"\xe6\x97\xa5\"],\n  \"all\": "
		    "[],\n"
		    "  \"none\": [],\n  \"categories\": [],\n  \"from\": null,\n  \"to\": null,\n"
		    "  \"match\": \"title+abstract\",\n  \"keep\": 7,\n  \"license\": null\n}\n",
		    "{\"any\": [\"a b\", \"\xe6\x97\xa5\"], \"all\": [], \"none\": [], "
		    "\"categories\": [], "
		    "\"from\": null, \"to\": null, \"match\": \"title+abstract\"}" },
	};
	struct scratch scratch;

	(void)state;
	scratch_log_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct topic topic, again;
		struct buf once = BUF_INIT, twice = BUF_INIT, query = BUF_INIT;

		topic_init(&topic);
		topic_init(&again);
		assert_int_equal(
		    topic_parse(cases[i].json, strlen(cases[i].json), "t", &topic, &scratch.log),
		    0);
		topic_write(&topic, &once);
		assert_bytes(buf_slice(&once), slice_of(cases[i].written), cases[i].why);
		assert_int_equal(topic_parse(once.data, once.len, "t", &again, &scratch.log), 0);
		topic_write(&again, &twice);
		assert_bytes(buf_slice(&twice), buf_slice(&once), cases[i].why);
		topic_query_write(&again, &query);
		assert_bytes(buf_slice(&query), slice_of(cases[i].query), cases[i].why);
		scratch_assert_log(&scratch, "", cases[i].why);
		topic_free(&topic);
		topic_free(&again);
		buf_free(&once);
		buf_free(&twice);
		buf_free(&query);
	}
	scratch_free(&scratch);
}

/* Two topics ask for the same when these bytes are equal: what does not ask must not show. */
static void
test_query(void **state)
{
	static const struct {
		const char *why, *json;
		bool same;
	} cases[] = {
		{ "another name", "{\"any\":[\"a\"],\"name\":\"b\"}", true },
		{ "another keep and license", "{\"any\":[\"a\"],\"keep\":3,\"license\":\"x\"}",
		    true },
		{ "the default said aloud", "{\"any\":[\"a\"],\"match\":\"title+abstract\"}",
		    true },
		{ "blanks", "{ \"any\" : [ \" a \" ] }", true },
		{ "another phrase", "{\"any\":[\"b\"]}", false },
		{ "another list", "{\"all\":[\"a\"]}", false },
		{ "another category", "{\"any\":[\"a\"],\"categories\":[\"cs.CL\"]}", false },
		{ "another day", "{\"any\":[\"a\"],\"from\":\"2026-01-01\"}", false },
		{ "another end", "{\"any\":[\"a\"],\"to\":\"2026-01-01\"}", false },
		{ "another match", "{\"any\":[\"a\"],\"match\":\"everywhere\"}", false },
		{ "a phrase that looks like two", "{\"any\":[\"a\\\", \\\"b\"]}", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct topic a, b;
		struct buf left = BUF_INIT, right = BUF_INIT;

		topic_init(&a);
		topic_init(&b);
		topic_add(&a.any, "a");
		assert_int_equal(
		    topic_parse(cases[i].json, strlen(cases[i].json), "t", &b, NULL), 0);
		topic_query_write(&a, &left);
		topic_query_write(&b, &right);
		if (slice_equal(buf_slice(&left), buf_slice(&right)) != cases[i].same)
			print_error("%s\n", cases[i].why);
		assert_int_equal(slice_equal(buf_slice(&left), buf_slice(&right)), cases[i].same);
		topic_free(&a);
		topic_free(&b);
		buf_free(&left);
		buf_free(&right);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
