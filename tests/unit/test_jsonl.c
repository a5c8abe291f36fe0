#include "bounds.h"
#include "jsonl.h"

/* Brings jsonl_fault and padded_copy: what the fuzz target checks is checked here over seeded
 * lines.
 * NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "../fuzz/fuzz_jsonl.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Garbage behind a line that would complete it if it were read. */
static const char *const garbage[] = { "\"}", "}", "]}", "0}", "e}", "\"", "1\"}", "\xa9\"}", " }",
	".5}", ",", ":1}" };

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545f4914f6cdd1d) >> 32;
}

static void
assert_slice(struct slice got, struct slice wanted, const char *why)
{
	if (!slice_equal(got, wanted))
		print_error("%s: got '%.*s'\n", why, (int)got.len, got.data);
	assert_true(slice_equal(got, wanted));
}

/* ${line} must be refused for this ${reason} at ${offset}, or pass if there is none. */
static void
assert_verdict(struct slice line, const char *reason, size_t offset, const char *why)
{
	const struct slice keys[] = { SLICE_LITERAL("a"), SLICE_LITERAL("bc") };

	for (size_t i = 0; i < COUNT(garbage); i++) {
		struct jsonl_value values[COUNT(keys)];
		struct jsonl_error error = { "nothing", 0 };
		char *copy = padded_copy(line.data, line.len, garbage[i]);
		int result = jsonl_scan(copy, line.len, keys, COUNT(keys), values, &error);
		bool right = reason == NULL ? result == 0
					    : result == -1 && strcmp(error.reason, reason) == 0 &&
						  error.offset == offset;

		if (!right)
			print_error("%s: %d, %s at %zu\n", why, result, error.reason, error.offset);
		assert_true(right);
		free(copy);
	}
}

static void
test_good(void **state)
{
	const struct {
		const char *why, *line;
		enum jsonl_kind kind;
		bool escaped;
		const char *raw, *text, *copy;
	} cases[] = {
		{ "nothing there", "{}", JSONL_ABSENT, false, NULL, NULL, "null" },
		{ "another key", "{\"b\":1}", JSONL_ABSENT, false, NULL, NULL, "null" },
		{ "a longer key", "{\"aa\":1}", JSONL_ABSENT, false, NULL, NULL, "null" },
		{ "a key further down", "{\"b\":{\"a\":1}}", JSONL_ABSENT, false, NULL, NULL,
		    "null" },
		{ "a key in an array", "{\"b\":[{\"a\":1}]}", JSONL_ABSENT, false, NULL, NULL,
		    "null" },
		{ "null", "{\"a\":null}", JSONL_NULL, false, "null", NULL, "null" },
		{ "true", "{\"a\":true}", JSONL_TRUE, false, "true", NULL, "true" },
		{ "false", "{\"a\":false}", JSONL_FALSE, false, "false", NULL, "false" },
		{ "zero", "{\"a\":0}", JSONL_NUMBER, false, "0", NULL, "0" },
		{ "all parts of a number", "{\"a\":-10.25E+07}", JSONL_NUMBER, false, "-10.25E+07",
		    NULL, "-10.25E+07" },
		{ "a small exponent", "{\"a\":1e-2}", JSONL_NUMBER, false, "1e-2", NULL, "1e-2" },
		{ "more digits than any type has", "{\"a\":123456789012345678901234567890}",
		    JSONL_NUMBER, false, "123456789012345678901234567890", NULL,
		    "123456789012345678901234567890" },
		{ "an empty string", "{\"a\":\"\"}", JSONL_STRING, false, "", "", "\"\"" },
		{ "DEL and U+2028 stay", "{\"a\":\"\x7f\xe2\x80\xa8\"}", JSONL_STRING, false,
		    "\x7f\xe2\x80\xa8", "\x7f\xe2\x80\xa8", "\"\x7f\xe2\x80\xa8\"" },
		{ "the ends of UTF-8's ranges",
		    "{\"a\":"
		    "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f"
		    "\xbf\xbf\"}",
		    JSONL_STRING, false,
		    "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f"
		    "\xbf"
		    "\xbf",
		    "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f"
		    "\xbf"
		    "\xbf",
		    "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f"
		    "\xbf"
		    "\xbf\"" },
		{ "short escapes", "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", JSONL_STRING, true,
		    "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t",
		    "\"\\\"\\\\/\\b\\f\\n\\r\\t\"" },
		{ "controls as \\u", "{\"a\":\"\\u0001\\u001F\\u000b\\u000A\"}", JSONL_STRING, true,
		    "\\u0001\\u001F\\u000b\\u000A", "\x01\x1f\x0b\n",
		    "\"\\u0001\\u001f\\u000b\\n\"" },
		{ "one to four bytes from \\u", "{\"a\":\"\\u0041\\u00E9\\u20ac\\ud83d\\uDE00\"}",
		    JSONL_STRING, true, "\\u0041\\u00E9\\u20ac\\ud83d\\uDE00",
		    "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		    "\"A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ "the ends of \\u's ranges",
		    "{\"a\":\"\\u007f\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff\"}",
		    JSONL_STRING, true,
		    "\\u007f\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff",
		    "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf",
		    "\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"
		    "\"" },
		{ "quote and backslash from \\u", "{\"a\":\"\\u0022\\u005c\"}", JSONL_STRING, true,
		    "\\u0022\\u005c", "\"\\", "\"\\\"\\\\\"" },
		{ "an empty array", "{\"a\":[ ]}", JSONL_ARRAY, false, "[ ]", NULL, "[]" },
		{ "an array of strings", "{\"a\":[\"x\" ,\r\"\\/\",\t\"\\u00e9\"]}", JSONL_ARRAY,
		    false, "[\"x\" ,\r\"\\/\",\t\"\\u00e9\"]", NULL,
		    "[\"x\", \"/\", \"\xc3\xa9\"]" },
		{ "nested text stands as it is",
		    "{\"a\":[1 ,true,null,[\"\\/]\" ,2],{\"x\" :\"}\\\"\"},\"\\/\"]}", JSONL_ARRAY,
		    false, "[1 ,true,null,[\"\\/]\" ,2],{\"x\" :\"}\\\"\"},\"\\/\"]", NULL,
		    "[1, true, null, [\"\\/]\" ,2], {\"x\" :\"}\\\"\"}, \"/\"]" },
		{ "an object", "{\"a\":{ \"b\" : [] }}", JSONL_OBJECT, false, "{ \"b\" : [] }",
		    NULL, "{ \"b\" : [] }" },
		{ "white space everywhere", " \t\r{ \"a\"\t:\r\"x\" , \"b\" : 1 } \r", JSONL_STRING,
		    false, "x", "x", "\"x\"" },
		{ "a key with escapes", "{\"\\u0061\":1}", JSONL_NUMBER, false, "1", NULL, "1" },
		{ "the same key in sister objects", "{\"x\":[{\"k\":1},{\"k\":2}],\"k\":3,\"a\":4}",
		    JSONL_NUMBER, false, "4", NULL, "4" },
	};
	const struct slice key = SLICE_LITERAL("a");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice line = slice_of(cases[i].line);
		char *copy = padded_copy(line.data, line.len, "\"}");
		struct buf text = BUF_INIT, canonical = BUF_INIT;
		struct jsonl_value value;
		struct jsonl_error error;

		assert_verdict(line, NULL, 0, cases[i].why);
		assert_int_equal(jsonl_scan(copy, line.len, &key, 1, &value, &error), 0);
		if (value.kind != cases[i].kind || value.escaped != cases[i].escaped)
			print_error("%s: kind %d, escaped %d\n", cases[i].why, (int)value.kind,
			    value.escaped);
		assert_int_equal(value.kind, cases[i].kind);
		assert_int_equal(value.escaped, cases[i].escaped);
		assert_slice(value.raw, slice_of(cases[i].raw), cases[i].why);
		assert_int_equal(value.raw.data == NULL, cases[i].raw == NULL);
		if (value.kind == JSONL_STRING)
			jsonl_text(&value, &text);
		assert_slice(buf_slice(&text), slice_of(cases[i].text), cases[i].why);
		jsonl_copy(&value, &canonical);
		assert_slice(buf_slice(&canonical), slice_of(cases[i].copy), cases[i].why);
		buf_free(&text);
		buf_free(&canonical);
		free(copy);
	}
}

static void
test_bad(void **state)
{
	const struct {
		const char *why;
		struct slice line;
		const char *reason;
		size_t offset;
	} cases[] = {
#define BAD(why, line, reason, offset) { why, SLICE_LITERAL(line), reason, offset }
		BAD("nothing", "", "line ends too early", 0),
		BAD("only white space", "  ", "line ends too early", 2),
		BAD("a byte order mark", "\xef\xbb\xbf{}", "no object", 0),
		BAD("an array", "[]", "no object", 0),
		BAD("a string", " \"a\"", "no object", 1),
		BAD("a form feed is no white space", "\f{}", "no object", 0),
		BAD("a word cut short", "{\"a\":tru", "no value", 5),
		BAD("a word misspelt", "{\"a\":nulL}", "no value", 5),
		BAD("another false", "{\"a\":fals3}", "no value", 5),
		BAD("a word too long", "{\"a\":nulll}", "no comma", 9),
		BAD("an upper-case word", "{\"a\":True}", "no value", 5),
		BAD("not a number", "{\"a\":NaN}", "no value", 5),
		BAD("no value", "{\"a\":}", "no value", 5),
		BAD("no value but a comma", "{\"a\":,\"b\":1}", "no value", 5),
		BAD("no colon", "{\"a\" 1}", "no colon", 5),
		BAD("a comma for a colon", "{\"a\",1}", "no colon", 4),
		BAD("no comma between members", "{\"a\":1 \"b\":2}", "no comma", 7),
		BAD("no comma between elements", "{\"a\":[1 2]}", "no comma", 8),
		BAD("the wrong bracket", "{\"a\":[1}", "no comma", 7),
		BAD("the wrong brace", "{\"a\":1]", "no comma", 6),
		BAD("a comma before the brace", "{\"a\":1,}", "no key", 7),
		BAD("a comma before the bracket", "{\"a\":[1,]}", "no value", 8),
		BAD("a comma first", "{,\"a\":1}", "no key", 1),
		BAD("a comma first in an array", "{\"a\":[,1]}", "no value", 6),
		BAD("a key without quotes", "{a:1}", "no key", 1),
		BAD("a key in single quotes", "{'a':1}", "no key", 1),
		BAD("a number as a key", "{1:1}", "no key", 1),
		BAD("a comment", "{/**/}", "no key", 1),
		BAD("text behind the object", "{} x", "text behind the object", 3),
		BAD("a second object", "{}{}", "text behind the object", 2),
		BAD("a brace too many", "{}}", "text behind the object", 2),
		BAD("a raw NUL behind the object", "{}\0", "text behind the object", 2),
		BAD("a newline in front", "\n{}", "newline in the line", 0),
		BAD("a newline behind", "{}\n", "newline in the line", 2),
		BAD("a newline before a key", "{\n\"a\":1}", "newline in the line", 1),
		BAD("a newline before a colon", "{\"a\"\n:1}", "newline in the line", 4),
		BAD("a newline before a value", "{\"a\":\n1}", "newline in the line", 5),
		BAD("a newline before a comma", "{\"a\":[1\n,2]}", "newline in the line", 7),
		BAD("a leading zero", "{\"a\":01}", "bad number", 5),
		BAD("a leading zero behind a minus", "{\"a\":-01}", "bad number", 5),
		BAD("two zeros", "{\"a\":00}", "bad number", 5),
		BAD("a minus alone", "{\"a\":-}", "bad number", 5),
		BAD("two minus", "{\"a\":--1}", "bad number", 5),
		BAD("a plus", "{\"a\":+1}", "no value", 5),
		BAD("no digit behind the point", "{\"a\":1.}", "bad number", 5),
		BAD("no digit before the point", "{\"a\":.5}", "no value", 5),
		BAD("no digit between minus and point", "{\"a\":-.5}", "bad number", 5),
		BAD("no digit between point and exponent", "{\"a\":1.e5}", "bad number", 5),
		BAD("no digit in the exponent", "{\"a\":1e}", "bad number", 5),
		BAD("only a sign in the exponent", "{\"a\":1E+}", "bad number", 5),
		BAD("a fraction in the exponent", "{\"a\":1e1.5}", "no comma", 8),
		BAD("two points", "{\"a\":1.2.3}", "no comma", 8),
		BAD("hexadecimal", "{\"a\":0x1}", "no comma", 6),
		BAD("a number that the padding would end", "{\"a\":1.", "bad number", 5),
		BAD("a tab in a string", "{\"a\":\"x\ty\"}", "control character in a string", 7),
		BAD("a newline in a string", "{\"a\":\"\n\"}", "control character in a string", 6),
		BAD("a raw NUL in a string", "{\"a\":\"\0\"}", "control character in a string", 6),
		BAD("0x1f in a key", "{\"\x1f\":1}", "control character in a string", 2),
		BAD("a string without end", "{\"a\":\"x", "line ends too early", 7),
		BAD("a backslash without anything", "{\"a\":\"x\\", "line ends too early", 8),
		BAD("an escape of nothing known", "{\"a\":\"x\\x\"}", "bad escape", 7),
		BAD("an upper-case escape", "{\"a\":\"\\N\"}", "bad escape", 6),
		BAD("an escaped NUL byte", "{\"a\":\"\\\0\"}", "bad escape", 6),
		BAD("an escaped quote in single form", "{\"a\":\"\\'\"}", "bad escape", 6),
		BAD("three digits", "{\"a\":\"\\u004\"}", "bad escape", 6),
		BAD("a letter past f", "{\"a\":\"\\u004g\"}", "bad escape", 6),
		BAD("a character before 0", "{\"a\":\"\\u00/0\"}", "bad escape", 6),
		BAD("a sign for a digit", "{\"a\":\"\\u+041\"}", "bad escape", 6),
		BAD("an upper-case U", "{\"a\":\"\\U0041\"}", "bad escape", 6),
		BAD("digits that the padding would give", "{\"a\":\"\\u004", "bad escape", 6),
		BAD("a pair that the padding would end", "{\"a\":\"\\ud83d\\ude0", "lone surrogate",
		    6),
		BAD("a number that may go on", "{\"a\":1", "line ends too early", 6),
		BAD("an escape for NUL", "{\"a\":\"x\\u0000\"}", "NUL in a string", 7),
		BAD("an escape for NUL in a key", "{\"\\u0000\":1}", "NUL in a string", 2),
		BAD("a high surrogate alone", "{\"a\":\"\\ud800\"}", "lone surrogate", 6),
		BAD("a high surrogate before text", "{\"a\":\"\\udbffabcdefg\"}", "lone surrogate",
		    6),
		BAD("a high surrogate before another", "{\"a\":\"\\ud800\\ud800\"}",
		    "lone surrogate", 6),
		BAD("a high surrogate before a letter", "{\"a\":\"\\ud800\\u0041\"}",
		    "lone surrogate", 6),
		BAD("a high surrogate before U+E000", "{\"a\":\"\\ud800\\ue000\"}",
		    "lone surrogate", 6),
		BAD("a high surrogate before half a low one", "{\"a\":\"\\ud800\\udc0\"}",
		    "lone surrogate", 6),
		BAD("a high surrogate before another escape", "{\"a\":\"\\ud800\\ndc00\"}",
		    "lone surrogate", 6),
		BAD("a low surrogate alone", "{\"a\":\"\\udc00\"}", "lone surrogate", 6),
		BAD("the last low surrogate", "{\"a\":\"\\uDFFF\"}", "lone surrogate", 6),
		BAD("a continuation byte", "{\"a\":\"\x80\"}", "not UTF-8", 6),
		BAD("an overlong slash", "{\"a\":\"\xc0\xaf\"}", "not UTF-8", 6),
		BAD("overlong in two bytes", "{\"a\":\"\xc1\xbf\"}", "not UTF-8", 6),
		BAD("overlong in three bytes", "{\"a\":\"\xe0\x9f\xbf\"}", "not UTF-8", 6),
		BAD("overlong in four bytes", "{\"a\":\"\xf0\x8f\xbf\xbf\"}", "not UTF-8", 6),
		BAD("a surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}", "not UTF-8", 6),
		BAD("past U+10FFFF", "{\"a\":\"\xf4\x90\x80\x80\"}", "not UTF-8", 6),
		BAD("a byte that UTF-8 lacks", "{\"a\":\"\xff\"}", "not UTF-8", 6),
		BAD("a second character cut short", "{\"a\":\"\xc3\xa9\xc3\"}", "not UTF-8", 8),
		BAD("a character that the padding would end", "{\"a\":\"\xc3", "not UTF-8", 6),
		BAD("not UTF-8 outside a string", "{\"a\":\xc3\xa9}", "no value", 5),
		BAD("a wanted key twice", "{\"a\":1,\"a\":2}", "duplicate key", 7),
		BAD("a wanted key twice, null first", "{\"a\":null,\"b\":0,\"a\":2}",
		    "duplicate key", 16),
		BAD("the second key twice", "{\"bc\":1,\"a\":1,\"bc\":2}", "duplicate key", 14),
		BAD("an unwanted key twice", "{\"x\":1,\"y\":2,\"x\":3}", "duplicate key", 13),
		BAD("an empty key twice", "{\"\":1,\"\":2}", "duplicate key", 6),
		BAD("a wanted key and its escaped form", "{\"a\":1,\"\\u0061\":2}", "duplicate key",
		    7),
		BAD("the escaped form first", "{\"b\\u0063\":1,\"bc\":2}", "duplicate key", 13),
		BAD("two escaped forms", "{\"\\u0078y\":1,\"x\\u0079\":2}", "duplicate key", 13),
		BAD("an unwanted key and its escaped form", "{\"/\":1,\"\\/\":2}", "duplicate key",
		    7),
		BAD("twice in an object below", "{\"x\":[{\"k\":1,\"l\":2,\"k\":3}]}",
		    "duplicate key", 19),
		BAD("a wanted name twice below", "{\"x\":{\"a\":1,\"a\":2}}", "duplicate key", 12),
#undef BAD
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_verdict(cases[i].line, cases[i].reason, cases[i].offset, cases[i].why);
}

/* What is special in a string is seen wherever a block of the scanner may begin and end. */
static void
test_blocks(void **state)
{
	const struct {
		const char *why, *part, *reason;
		size_t offset;
	} cases[] = {
		{ "plain", "", NULL, 0 },
		{ "an escape", "\\\"", NULL, 0 },
		{ "a surrogate pair", "\\ud83d\\ude00", NULL, 0 },
		{ "two bytes", "\xc3\xa9", NULL, 0 },
		{ "four bytes, twice", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", NULL, 0 },
		{ "the lowest plain byte and the highest", " \x7f", NULL, 0 },
		{ "the highest control", "\x1f", "control character in a string", 0 },
		{ "the lowest control but NUL", "\x01", "control character in a string", 0 },
		{ "bad UTF-8", "\xff", "not UTF-8", 0 },
		{ "bad UTF-8 behind good", "\xc3\xa9\x80", "not UTF-8", 2 },
		{ "a bad escape", "\\x", "bad escape", 0 },
		{ "the end", "\"x", "no comma", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t before = 0; before < 70; before++) {
			struct buf line = BUF_INIT;

			buf_printf(&line, "{\"a\":\"%*s%s", (int)before, "", cases[i].part);
			buf_printf(&line, "%*s\"}", (int)(before * 7 % 40), "");
			assert_verdict(buf_slice(&line), cases[i].reason,
			    6 + before + cases[i].offset, cases[i].why);
			buf_free(&line);
		}
	}
}

static void
test_prefixes(void **state)
{
	struct slice line = SLICE_LITERAL(
	    "{\"a\":\"A title long enough for more than one block \xe2\x82\xac\\ud83d\\ude00\\n\","
	    "\"bc\":[-1.5e+10,0,true,false,null,[],{}],\"x\":{\"y\":\"\\u00e9\",\"z\":[[\"\"]]}}");

	(void)state;
	assert_verdict(line, NULL, 0, "the whole line");
	for (size_t len = 0; len < line.len; len++) {
		for (size_t i = 0; i < COUNT(garbage); i++) {
			char *copy = padded_copy(line.data, len, garbage[i]);
			struct jsonl_error error;

			assert_int_equal(jsonl_scan(copy, len, NULL, 0, NULL, &error), -1);
			assert_true(error.offset <= len);
			free(copy);
		}
	}
}

static void
add_times(struct buf *out, const char *part, size_t times)
{
	while (times-- > 0)
		buf_add_text(out, part);
}

static void
test_depth(void **state)
{
	struct buf closed = BUF_INIT;

	(void)state;
	buf_add_char(&closed, '[');
	add_times(&closed, "[],{},", BOUND_DEPTH);
	buf_add_char(&closed, '0');

	const struct {
		const char *why, *open, *middle, *close;
		size_t levels;
		const char *reason;
		size_t offset;
	} cases[] = {
		{ "arrays", "[", "", "]", BOUND_DEPTH - 1, NULL, 0 },
		{ "an array more", "[", "", "]", BOUND_DEPTH, "nested too deep", 4 + BOUND_DEPTH },
		{ "objects", "{\"\":", "0", "}", BOUND_DEPTH - 1, NULL, 0 },
		{ "an object more", "{\"\":", "0", "}", BOUND_DEPTH, "nested too deep",
		    5 + 4 * (BOUND_DEPTH - 1) },
		{ "levels that are closed again", "", closed.data, "]", 1, NULL, 0 },
		{ "far too many", "[", "", "]", 1000000, "nested too deep", 4 + BOUND_DEPTH },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf line = BUF_INIT;

		buf_add_text(&line, "{\"a\":");
		add_times(&line, cases[i].open, cases[i].levels);
		buf_add_text(&line, cases[i].middle);
		add_times(&line, cases[i].close, cases[i].levels);
		buf_add_char(&line, '}');
		assert_verdict(buf_slice(&line), cases[i].reason, cases[i].offset, cases[i].why);
		buf_free(&line);
	}
	buf_free(&closed);
}

/* Whatever order keys come and are asked in, and whichever are missing, each value finds its place.
 */
static void
test_key_order(void **state)
{
	static const char *const names[] = { "a", "id", "doi", "year", "title", "abstract",
		"published", "abstract_id", "dblp_a", "dblp_b", "citation_count",
		"influential_citation_count" };
	uint64_t random = 7;

	(void)state;
	for (size_t round = 0; round < 2000; round++) {
		struct slice keys[COUNT(names)];
		struct jsonl_value values[COUNT(names)];
		struct jsonl_error error;
		size_t order[COUNT(names)], first = round % COUNT(names);
		struct buf line = BUF_INIT;

		for (size_t i = 0; i < COUNT(names); i++) {
			keys[(i + first) % COUNT(names)] = slice_of(names[i]);
			order[i] = round < 1000 ? (i + first) % COUNT(names) : i;
		}
		for (size_t i = COUNT(names) - 1; round % 3 != 0 && i > 0; i--) {
			size_t j = next_random(&random) % (i + 1), other = order[i];

			order[i] = order[j];
			order[j] = other;
		}
		buf_add_char(&line, '{');
		for (size_t i = 0; i < COUNT(names) - round % 5; i++)
			buf_printf(&line, "%s\"%s\":%zu,\"x%zu\":[]", i == 0 ? "" : ",",
			    keys[order[i]].data, order[i], i);
		buf_add_char(&line, '}');
		jsonl_pad(&line);
		assert_int_equal(
		    jsonl_scan(line.data, line.len, keys, COUNT(names), values, &error), 0);
		for (size_t i = 0; i < COUNT(names); i++) {
			int64_t number = -1;
			bool there = i < COUNT(names) - round % 5;

			assert_int_equal(jsonl_int64(&values[order[i]], &number), there ? 0 : -1);
			assert_int_equal(number, there ? (int64_t)order[i] : -1);
		}
		buf_free(&line);
	}
}

/* The line ends in a key of which the padding, if it were read, has more. */
static void
test_cut_key(void **state)
{
	char text[4 * JSONL_PADDING];
	const struct slice key = { text, sizeof(text) };
	struct jsonl_value value;
	struct jsonl_error error;
	char *line = padded_copy("{\"kk", 4, "k");

	(void)state;
	memset(text, 'k', sizeof(text));
	assert_int_equal(jsonl_scan(line, 4, &key, 1, &value, &error), -1);
	assert_int_equal(error.offset, 4);
	free(line);
}

/* Objects with more keys than fit at hand, below each other, with and without a repeated one. */
static void
test_many_keys(void **state)
{
	(void)state;
	for (size_t count = 1; count < 200; count++) {
		size_t repeated = 0;
		struct buf line = BUF_INIT;

		buf_add_char(&line, '{');
		for (size_t i = 0; i < count; i++) {
			/* Keys that begin and end alike, in no order. */
			buf_printf(
			    &line, "\"key%zu\":{\"key0\":0,\"key%zu\":0},", i * 7919 % 1000, i + 1);
			if (i == count / 2) {
				assert_verdict(SLICE_LITERAL("{}"), NULL, 0, "a line between");
				buf_add_text(&line, "\"inner\":{");
				for (size_t j = 0; j < count; j++)
					buf_printf(&line, "\"%zu\":0,", j);
				buf_add_text(&line, "\"a\":0},");
			}
		}
		buf_add_text(&line, "\"bc\":0}");
		assert_verdict(buf_slice(&line), NULL, 0, "all different");
		line.len--;
		buf_add_char(&line, ',');
		repeated = line.len;
		buf_printf(&line, "\"\\u006bey%zu\":0,\"key0\":0}", count / 3 * 7919 % 1000);
		assert_verdict(
		    buf_slice(&line), "duplicate key", repeated, "an earlier one again, escaped");
		buf_free(&line);
	}
}

/* Two million keys: the search for a repeated one must not be quadratic. */
static void
test_keys_without_end(void **state)
{
	struct buf line = BUF_INIT;

	(void)state;
	buf_add_char(&line, '{');
	for (size_t i = 0; line.len < BOUND_LINE_BYTES / 4; i++)
		buf_printf(&line, "\"%zx\":0,", i);
	buf_add_text(&line, "\"x\":0}");
	jsonl_pad(&line);

	struct jsonl_error error;

	assert_int_equal(jsonl_scan(line.data, line.len, NULL, 0, NULL, &error), 0);
	buf_free(&line);
}

/* What jsonl_scan says of an array beside its text. */
static void
test_arrays(void **state)
{
	static const struct {
		const char *why;
		const char *line;
		bool of_strings;
		uint16_t elements;
	} cases[] = {
		{ "empty", "{\"a\":[ ]}", true, 0 },
		{ "strings", "{\"a\":[\"x\", \"\",\"],[\"]}", true, 3 },
		{ "a null at the front", "{\"a\":[null,\"x\"]}", false, 2 },
		{ "an array at the end, its own elements not counted", "{\"a\":[\"x\",[1,2,3]]}",
		    false, 2 },
		{ "an object", "{\"a\":[{\"a\":[\"x\"]}]}", false, 1 },
	};
	const struct slice key = SLICE_LITERAL("a");
	struct jsonl_error error;
	struct jsonl_value value;
	struct buf many = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice line = slice_of(cases[i].line);
		char *copy = padded_copy(line.data, line.len, "\"}");

		assert_int_equal(jsonl_scan(copy, line.len, &key, 1, &value, &error), 0);
		if (value.of_strings != cases[i].of_strings || value.elements != cases[i].elements)
			print_error("%s\n", cases[i].why);
		assert_int_equal(value.of_strings, cases[i].of_strings);
		assert_int_equal(value.elements, cases[i].elements);
		free(copy);
	}
	buf_add_text(&many, "{\"a\":[\"\"");
	for (size_t i = 0; i < 70000; i++)
		buf_add_text(&many, ",\"\"");
	buf_add_text(&many, "]}");
	buf_reserve(&many, JSONL_PADDING);
	assert_int_equal(jsonl_scan(many.data, many.len, &key, 1, &value, &error), 0);
	assert_int_equal(value.elements, UINT16_MAX);
	buf_free(&many);
}

static struct jsonl_value
value_of(const char *text, enum jsonl_kind kind)
{
	return (struct jsonl_value){ .raw = slice_of(text), .kind = kind };
}

static void
test_int64(void **state)
{
	const struct {
		const char *why, *text;
		enum jsonl_kind kind;
		int result;
		int64_t number;
	} cases[] = {
		{ "zero", "0", JSONL_NUMBER, 0, 0 },
		{ "minus zero", "-0", JSONL_NUMBER, 0, 0 },
		{ "a number", "280000001", JSONL_NUMBER, 0, 280000001 },
		{ "minus one", "-1", JSONL_NUMBER, 0, -1 },
		{ "the largest", "9223372036854775807", JSONL_NUMBER, 0, INT64_MAX },
		{ "one more", "9223372036854775808", JSONL_NUMBER, -1, 0 },
		{ "the smallest", "-9223372036854775808", JSONL_NUMBER, 0, INT64_MIN },
		{ "one less", "-9223372036854775809", JSONL_NUMBER, -1, 0 },
		{ "2^64", "18446744073709551616", JSONL_NUMBER, -1, 0 },
		{ "2^64 + 1", "18446744073709551617", JSONL_NUMBER, -1, 0 },
		{ "a digit more", "10000000000000000000", JSONL_NUMBER, -1, 0 },
		{ "a fraction", "1.0", JSONL_NUMBER, -1, 0 },
		{ "an exponent", "1e2", JSONL_NUMBER, -1, 0 },
		{ "a string", "1", JSONL_STRING, -1, 0 },
		{ "null", "null", JSONL_NULL, -1, 0 },
		{ "absent", NULL, JSONL_ABSENT, -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct jsonl_value value = value_of(cases[i].text, cases[i].kind);
		int64_t number = 0;
		int result = jsonl_int64(&value, &number);

		if (result != cases[i].result || number != cases[i].number)
			print_error("%s\n", cases[i].why);
		assert_int_equal(result, cases[i].result);
		assert_true(number == cases[i].number);
	}
}

static void
test_next(void **state)
{
	const struct jsonl_value array = value_of(
	    "[ \"a\\\"]\" , -1.5,null,[[],\"]\"],{\"k\":\"\\\\\"} ,true,false,\"\" ]", JSONL_ARRAY);
	const struct {
		const char *raw;
		enum jsonl_kind kind;
		bool escaped;
	} wanted[] = {
		{ "a\\\"]", JSONL_STRING, true },
		{ "-1.5", JSONL_NUMBER, false },
		{ "null", JSONL_NULL, false },
		{ "[[],\"]\"]", JSONL_ARRAY, false },
		{ "{\"k\":\"\\\\\"}", JSONL_OBJECT, false },
		{ "true", JSONL_TRUE, false },
		{ "false", JSONL_FALSE, false },
		{ "", JSONL_STRING, false },
	};
	const struct jsonl_value others[] = { value_of("[]", JSONL_ARRAY),
		value_of("[ ]", JSONL_ARRAY), value_of("{}", JSONL_OBJECT),
		value_of("[x]", JSONL_STRING), value_of(NULL, JSONL_ABSENT) };
	struct jsonl_value element;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		assert_true(jsonl_next(&array, &at, &element));
		assert_slice(element.raw, slice_of(wanted[i].raw), "an element");
		assert_int_equal(element.kind, wanted[i].kind);
		assert_int_equal(element.escaped, wanted[i].escaped);
	}
	assert_false(jsonl_next(&array, &at, &element));
	assert_false(jsonl_next(&array, &at, &element));
	for (size_t i = 0; i < COUNT(others); i++) {
		at = 0;
		assert_false(jsonl_next(&others[i], &at, &element));
	}
}

static void
test_next_member(void **state)
{
	static const struct {
		const char *key, *raw;
		enum jsonl_kind kind;
		bool key_escaped, escaped;
	} wanted[] = {
		{ "a\\u0022}", "x\\\"}", JSONL_STRING, true, true },
		{ "", "-1.5", JSONL_NUMBER, false, false },
		{ "{", "null", JSONL_NULL, false, false },
		{ "b", "{\"k\": {\"}\":\"{\"} }", JSONL_OBJECT, false, false },
		{ ":", "[[],{} ,\"]\"]", JSONL_ARRAY, false, false },
		{ ",", "true", JSONL_TRUE, false, false },
		{ "c", "0", JSONL_NUMBER, false, false },
	};
	static const struct {
		const char *why, *object;
	} texts[] = {
		{ "as tight as it goes",
		    "{\"a\\u0022}\":\"x\\\"}\",\"\":-1.5,\"{\":null,\"b\":{\"k\": {\"}\":\"{\"} },"
		    "\":\":[[],{} ,\"]\"],\",\":true,\"c\":0}" },
		{ "white space everywhere, also around the object",
		    " \t{ \"a\\u0022}\" :\t\"x\\\"}\" , \"\" : -1.5\t,\r\"{\" :null ,\"b\":\t"
		    "{\"k\": {\"}\":\"{\"} } , \":\":[[],{} ,\"]\"], \",\":true ,\"c\":0 }\t\r" },
	};
	static const char *const empty[] = { "{}", " { } ", "{\t}\r" };
	struct jsonl_value key, value;
	struct jsonl_error error;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct slice line = slice_of(texts[i].object);
		char *copy = padded_copy(line.data, line.len, ",\"d\":1}");
		size_t at = 0;

		line.data = copy;
		assert_int_equal(jsonl_scan(line.data, line.len, NULL, 0, NULL, &error), 0);
		for (size_t j = 0; j < COUNT(wanted); j++) {
			assert_true(jsonl_next_member(line, &at, &key, &value));
			assert_slice(key.raw, slice_of(wanted[j].key), texts[i].why);
			assert_slice(value.raw, slice_of(wanted[j].raw), texts[i].why);
			assert_int_equal(key.kind, JSONL_STRING);
			assert_int_equal(key.escaped, wanted[j].key_escaped);
			assert_int_equal(value.kind, wanted[j].kind);
			assert_int_equal(value.escaped, wanted[j].escaped);
		}
		assert_false(jsonl_next_member(line, &at, &key, &value));
		assert_false(jsonl_next_member(line, &at, &key, &value));
		free(copy);
	}
	for (size_t i = 0; i < COUNT(empty); i++) {
		size_t at = 0;

		assert_false(jsonl_next_member(slice_of(empty[i]), &at, &key, &value));
	}
}

static void
test_write(void **state)
{
	const struct {
		const char *why;
		struct slice text;
		const char *wanted;
	} cases[] = {
		{ "no value", SLICE_NONE, "null" },
		{ "an empty text", SLICE_LITERAL(""), "\"\"" },
		{ "plain text", SLICE_LITERAL("a/b"), "\"a/b\"" },
		{ "short escapes", SLICE_LITERAL("\"\\\b\f\n\r\t"), "\"\\\"\\\\\\b\\f\\n\\r\\t\"" },
		{ "other controls", SLICE_LITERAL("\x01\x0b\x1f"), "\"\\u0001\\u000b\\u001f\"" },
		{ "NUL", SLICE_LITERAL("a\0b"), "\"a\\u0000b\"" },
		{ "DEL, U+0080, U+2028 and more stay raw",
		    SLICE_LITERAL("\x7f\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80"),
		    "\"\x7f\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80\"" },
		{ "text between escapes", SLICE_LITERAL("$\\alpha$ \"x\""),
		    "\"$\\\\alpha$ \\\"x\\\"\"" },
	};
	struct slice items[] = { SLICE_LITERAL("a"), SLICE_LITERAL("\""), SLICE_NONE };
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&out);
		jsonl_write_string(cases[i].text, &out);
		assert_slice(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
	}
	for (size_t count = 0; count <= COUNT(items); count++) {
		static const char *const wanted[] = { "x[]", "x[\"a\"]", "x[\"a\", \"\\\"\"]",
			"x[\"a\", \"\\\"\", null]" };

		buf_clear(&out);
		buf_add_char(&out, 'x');
		jsonl_write_strings((struct slice_list){ items, count }, &out);
		assert_slice(buf_slice(&out), slice_of(wanted[count]), "a list");
	}
	buf_free(&out);
}

/* Random valid UTF-8 without NUL: each length of a character as likely, ASCII with its controls. */
static void
add_random_text(struct buf *out, uint64_t *random)
{
	static const uint32_t from[] = { 1, 0x20, 0x80, 0x800, 0xe000, 0x10000 };
	static const uint32_t behind[] = { 0x80, 0x80, 0x800, 0xd800, 0x10000, 0x110000 };

	for (size_t left = next_random(random) % 100; left > 0; left--) {
		size_t kind = next_random(random) % COUNT(from);
		uint32_t rune =
		    from[kind] + (uint32_t)next_random(random) % (behind[kind] - from[kind]);

		if (rune >= 0x10000)
			buf_printf(out, "%c%c", (char)(0xf0 | rune >> 18),
			    (char)(0x80 | (rune >> 12 & 63)));
		else if (rune >= 0x800)
			buf_add_char(out, (char)(0xe0 | rune >> 12));
		if (rune >= 0x800)
			buf_add_char(out, (char)(0x80 | (rune >> 6 & 63)));
		else if (rune >= 0x80)
			buf_add_char(out, (char)(0xc0 | rune >> 6));
		buf_add_char(out, (char)(rune < 0x80 ? rune : 0x80 | (rune & 63)));
	}
}

static void
test_round_trip(void **state)
{
	const struct slice key = SLICE_LITERAL("key");
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < 20000; i++) {
		struct buf text = BUF_INIT, line = BUF_INIT, back = BUF_INIT;
		struct jsonl_value value;
		struct jsonl_error error;

		add_random_text(&text, &random);
		buf_add_text(&line, "{\"key\":");
		jsonl_write_string(buf_slice(&text), &line);
		buf_add_char(&line, '}');
		jsonl_pad(&line);
		assert_int_equal(jsonl_scan(line.data, line.len, &key, 1, &value, &error), 0);
		jsonl_text(&value, &back);
		assert_slice(buf_slice(&back), buf_slice(&text), "read back");
		buf_clear(&back);
		jsonl_copy(&value, &back);
		assert_slice(
		    buf_slice(&back), (struct slice){ line.data + 7, line.len - 8 }, "copied");
		buf_free(&text);
		buf_free(&line);
		buf_free(&back);
	}
}

static void
assert_no_fault(const char *line, size_t len)
{
	const char *fault = jsonl_fault(line, len);

	if (fault != NULL)
		print_error("%s: '%.*s'\n", fault, (int)len, line);
	assert_null(fault);
}

/* Each \u alone, and pairs around the edges of the surrogates, as jansson reads them. */
static void
test_unicode_escapes(void **state)
{
	static const unsigned edges[] = { 0x0000, 0x0041, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff,
		0xe000 };
	char line[64];

	(void)state;
	for (unsigned unit = 0; unit <= 0xffff; unit++) {
		int len = snprintf(line, sizeof(line), "{\"a\":\"\\u%04X\"}", unit);

		assert_no_fault(line, (size_t)len);
	}
	for (size_t i = 0; i < COUNT(edges) * COUNT(edges); i++) {
		int len = snprintf(line, sizeof(line), "{\"\\u%04x\\u%04x\":1}",
		    edges[i / COUNT(edges)], edges[i % COUNT(edges)]);

		assert_no_fault(line, (size_t)len);
	}
}

/* A byte changed, put in or taken out, or a stretch repeated. */
static void
mutate(struct buf *line, uint64_t *random)
{
	static const char alphabet[] = "\"\"\"\\\\{}[]:,,  \t\r\n\x1f\x7f\xc3\xa9\xed\xa0\xf0"
				       "\x80-+.0019eEuabdcfnlrt/";
	size_t at = next_random(random) % line->len;
	size_t len = 1 + next_random(random) % 8;
	char new = alphabet[next_random(random) % (sizeof(alphabet) - 1)];

	if (len > line->len - at)
		len = line->len - at;
	switch (next_random(random) % 4) {
	case 0:
		line->data[at] = new;
		break;
	case 1:
		buf_add_char(line, ' ');
		memmove(line->data + at + 1, line->data + at, line->len - at - 1);
		line->data[at] = new;
		break;
	case 2:
		memmove(line->data + at, line->data + at + len, line->len - at - len);
		line->len -= len;
		break;
	default:
		buf_reserve(line, len);
		memmove(line->data + at + len, line->data + at, line->len - at);
		line->len += len;
	}
}

static void
test_mutations(void **state)
{
	static const char *const lines[] = {
		"{\"source\":\"arxiv\",\"version\":1,\"title\":\"On $\\\\alpha$ and \\\"b\\\"\","
		"\"authors\":[\"\xc3\x89va\",\"B C\"],\"doi\":null}",
		"{\"a\":\"\\u00e9\\ud83d\\ude00\\/\",\"b\":{\"c\":[-1.50e+3,{}],\"d\":true}}",
		"{\"a\":[\"a\\/"
		"\",\"\xe2\x82\xac\",0,[],[\"\"]],\"b\":-9223372036854775808,\"title\":\"a\"}",
		"{\"\\u0061\":1,\"b\":2,\"ab\":3,\"ba\":[4,5]}",
		" { \"a\" : 10 , \"b\" : [ null , false ] } ",
	};
	uint64_t random = 42;
	size_t good = 0, count = 150000;
	struct buf line = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct jsonl_error error;

		buf_clear(&line);
		buf_add_text(&line, lines[i % COUNT(lines)]);
		for (size_t times = next_random(&random) % 4; times > 0 && line.len > 0; times--)
			mutate(&line, &random);
		assert_no_fault(line.data, line.len);
		jsonl_pad(&line);
		good += jsonl_scan(line.data, line.len, NULL, 0, NULL, &error) == 0;
	}
	/* Both verdicts were put to the test. */
	assert_true(good > count / 4 && good < count * 3 / 4);
	buf_free(&line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_key_order),
		cmocka_unit_test(test_cut_key),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_keys_without_end),
		cmocka_unit_test(test_arrays),
		cmocka_unit_test(test_int64),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_next_member),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_unicode_escapes),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("jsonl", tests, NULL, NULL);
}
