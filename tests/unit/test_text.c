#include "text.h"

#include "scratch.h"

static void
test_decode(void **state)
{
	const struct {
		const char *why;
		struct slice bytes;
		size_t len;
		uint32_t rune;
	} cases[] = {
		{ "NUL", { "\0", 1 }, 1, 0 },
		{ "ASCII", SLICE_LITERAL("A"), 1, 'A' },
		{ "the last of one byte", SLICE_LITERAL("\x7f"), 1, 0x7f },
		{ "the first of two", SLICE_LITERAL("\xc2\x80"), 2, 0x80 },
		{ "the last of two", SLICE_LITERAL("\xdf\xbf"), 2, 0x7ff },
		{ "the first of three", SLICE_LITERAL("\xe0\xa0\x80"), 3, 0x800 },
		{ "before the surrogates", SLICE_LITERAL("\xed\x9f\xbf"), 3, 0xd7ff },
		{ "behind the surrogates", SLICE_LITERAL("\xee\x80\x80"), 3, 0xe000 },
		{ "the last of three", SLICE_LITERAL("\xef\xbf\xbf"), 3, 0xffff },
		{ "the first of four", SLICE_LITERAL("\xf0\x90\x80\x80"), 4, 0x10000 },
		{ "the last of all", SLICE_LITERAL("\xf4\x8f\xbf\xbf"), 4, 0x10ffff },
		{ "more behind it is not read", SLICE_LITERAL("\xc3\xa9\xff"), 2, 0xe9 },
		{ "a continuation alone", SLICE_LITERAL("\x80"), 0, 0 },
		{ "overlong, two bytes", SLICE_LITERAL("\xc0\xaf"), 0, 0 },
		{ "overlong, two bytes, the last", SLICE_LITERAL("\xc1\xbf"), 0, 0 },
		{ "overlong, three bytes", SLICE_LITERAL("\xe0\x9f\xbf"), 0, 0 },
		{ "overlong, four bytes", SLICE_LITERAL("\xf0\x8f\xbf\xbf"), 0, 0 },
		{ "the first surrogate", SLICE_LITERAL("\xed\xa0\x80"), 0, 0 },
		{ "the last surrogate", SLICE_LITERAL("\xed\xbf\xbf"), 0, 0 },
		{ "past U+10FFFF", SLICE_LITERAL("\xf4\x90\x80\x80"), 0, 0 },
		{ "five bytes", SLICE_LITERAL("\xf8\x88\x80\x80\x80"), 0, 0 },
		{ "never a byte of UTF-8", SLICE_LITERAL("\xff"), 0, 0 },
		{ "cut after one of two", { "\xc3\xa9", 1 }, 0, 0 },
		{ "cut after two of three", { "\xe2\x82\xac", 2 }, 0, 0 },
		{ "cut after three of four", { "\xf0\x9f\x98\x80", 3 }, 0, 0 },
		{ "no continuation behind it", SLICE_LITERAL("\xc3("), 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t rune = 0;
		size_t len = text_decode(cases[i].bytes.data, cases[i].bytes.len, &rune);

		if (len != cases[i].len || rune != cases[i].rune)
			print_error("%s: %zu, %x\n", cases[i].why, len, (unsigned)rune);
		assert_int_equal(len, cases[i].len);
		assert_int_equal(rune, cases[i].rune);
	}
}

static void
test_clean(void **state)
{
	const struct {
		const char *why, *text, *clean;
		size_t repaired;
	} cases[] = {
		{ "nothing", "", "", 0 },
		{ "clean already", "A b", "A b", 0 },
		{ "blanks alone", " \t\r\n ", "", 0 },
		{ "ends trimmed", "  a b\n", "a b", 0 },
		{ "runs folded", "a \t\n  b", "a b", 0 },
		{ "a line break of Windows", "a\r\nb", "a b", 0 },
		{ "vertical tab, form feed", "a\vb\fc", "a b c", 0 },
		{ "the ASCII separators",
		    "a\x1c"
		    "b\x1d"
		    "c\x1e"
		    "d\x1f"
		    "e",
		    "a b c d e", 0 },
		{ "next line U+0085",
		    "a\xc2\x85"
		    "b",
		    "a b", 0 },
		{ "no-break space",
		    "a\xc2\xa0"
		    "b",
		    "a b", 0 },
		{ "Ogham space",
		    "a\xe1\x9a\x80"
		    "b",
		    "a b", 0 },
		{ "en quad to hair space",
		    "a\xe2\x80\x80\xe2\x80\x85\xe2\x80\x8a"
		    "b",
		    "a b", 0 },
		{ "line and paragraph separator",
		    "a\xe2\x80\xa8"
		    "b\xe2\x80\xa9"
		    "c",
		    "a b c", 0 },
		{ "narrow no-break space",
		    "a\xe2\x80\xaf"
		    "b",
		    "a b", 0 },
		{ "mathematical space",
		    "a\xe2\x81\x9f"
		    "b",
		    "a b", 0 },
		{ "ideographic space",
		    "a\xe3\x80\x80"
		    "b",
		    "a b", 0 },
		{ "zero width space is no space",
		    "a\xe2\x80\x8b"
		    "b",
		    "a\xe2\x80\x8b"
		    "b",
		    0 },
		{ "a byte order mark is no space",
		    "\xef\xbb\xbf"
		    "a",
		    "\xef\xbb\xbf"
		    "a",
		    0 },
		{ "C0 controls go",
		    "a\x01"
		    "b\x1b[0m",
		    "ab[0m", 2 },
		{ "DEL goes",
		    "a\x7f"
		    "b",
		    "ab", 1 },
		{ "C1 controls go",
		    "a\xc2\x80"
		    "b\xc2\x9f"
		    "c",
		    "abc", 2 },
		{ "a control between blanks leaves one", "a \x01 b", "a b", 1 },
		{ "a control at the end leaves no blank", "a \x01", "a", 1 },
		{ "a byte that is no UTF-8",
		    "a\xff"
		    "b",
		    "a\xef\xbf\xbd"
		    "b",
		    1 },
		{ "each byte by itself", "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd", 2 },
		{ "an overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", 2 },
		{ "a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3 },
		{ "Latin-1 text", "M\xfcller", "M\xef\xbf\xbdller", 1 },
		{ "what reorders text goes, its marks stay",
		    "\xe2\x80\xaa"
		    "a\xe2\x80\xae"
		    "b\xe2\x81\xa6"
		    "c\xe2\x81\xa9\xe2\x80\x8f",
		    "abc\xe2\x80\x8f", 4 },
		{ "noncharacters are replaced", "\xef\xbf\xbf\xef\xb7\x90\xf4\x8f\xbf\xbe",
		    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3 },
		{ "their neighbours stay", "\xef\xb7\x8f\xef\xb7\xb0\xf0\x90\x80\x80\xe2\x80\xaf",
		    "\xef\xb7\x8f\xef\xb7\xb0\xf0\x90\x80\x80", 0 },
		{ "other scripts stay", "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80",
		    "\xe4\xb8\xad\xe6\x96\x87 \xf0\x9f\x98\x80", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;
		struct slice text = slice_of(cases[i].text);
		size_t repaired;

		/* Appended: what stood there neither changes nor counts as text. */
		buf_add_text(&out, "x ");
		repaired = text_clean(text, &out);
		assert_bytes((struct slice){ out.data + 2, out.len - 2 }, slice_of(cases[i].clean),
		    cases[i].why);
		assert_int_equal(repaired, cases[i].repaired);
		assert_int_equal(text_is_clean(text), strcmp(cases[i].text, cases[i].clean) == 0);
		assert_true(text_is_clean(slice_of(cases[i].clean)));
		buf_free(&out);
	}
}

static void
test_number(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
	} cases[] = { { "0", 0 }, { "007", 7 }, { "999999999999999999", 999999999999999999 },
		{ "1000000000000000000", -1 }, { "", -1 }, { "-1", -1 }, { "+1", -1 }, { " 1", -1 },
		{ "1.0", -1 }, { "1e3", -1 }, { "0x1", -1 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(text_number(slice_of(cases[i].text)), cases[i].number);
	assert_int_equal(text_number(SLICE_NONE), -1);
}

/* text_is_clean has its own way through the bytes: it must come to what text_clean does. */
static void
test_clean_agrees(void **state)
{
	static const char *const parts[] = { " ", "  ", "a", "b", "\t", "\x01", "\x7f", "\xc2\x85",
		"\xc2\xa0", "\xc3\xa9", "\xe2\x80\xa8", "\xe2", "\xff", "\xed\xa0\x80", "\x80",
		"\xf0\x9f\x98\x80", "\xc2\x9f", "\x1f" };
	uint64_t seed = 20260619;
	size_t clean = 0;

	(void)state;
	for (int round = 0; round < 40000; round++) {
		struct buf text = BUF_INIT, once = BUF_INIT, twice = BUF_INIT;
		size_t count = random_below(&seed, 7);
		bool same;

		buf_add_text(&text, "");
		buf_reserve(&text, 1);
		for (size_t i = 0; i < count; i++) {
			if (round % 2 == 0)
				buf_add_char(&text, (char)random_below(&seed, 256));
			else
				buf_add_text(&text, parts[random_below(&seed, COUNT(parts))]);
		}
		text_clean(buf_slice(&text), &once);
		same = slice_equal(buf_slice(&text), buf_slice(&once));
		assert_int_equal(text_is_clean(buf_slice(&text)), same);
		assert_true(text_is_clean(buf_slice(&once)));
		assert_true(text_is_utf8(buf_slice(&once)));
		assert_int_equal(text_clean(buf_slice(&once), &twice), 0);
		assert_true(slice_equal(buf_slice(&once), buf_slice(&twice)));
		clean += same;
		buf_free(&text);
		buf_free(&once);
		buf_free(&twice);
	}
	/* Both answers were given often. */
	assert_in_range(clean, 2000, 38000);
}

static void
test_find_starts_trim(void **state)
{
	const struct {
		const char *why, *text, *part;
		size_t at;
	} cases[] = {
		{ "at the front", "Code here", "code", 0 },
		{ "further on", "my CODE", "code", 3 },
		{ "nowhere", "my cod", "code", 6 },
		{ "an empty text", "", "a", 0 },
		{ "the last byte", "ab", "B", 1 },
		{ "other letters are not folded", "\xc3\x89", "\xc3\xa9", 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (text_find(slice_of(cases[i].text), cases[i].part) != cases[i].at)
			print_error("%s\n", cases[i].why);
		assert_int_equal(text_find(slice_of(cases[i].text), cases[i].part), cases[i].at);
	}
	assert_true(text_starts(slice_of("DOI:10"), "doi:"));
	assert_false(text_starts(slice_of("doi"), "doi:"));
	assert_false(text_starts(SLICE_NONE, "a"));
	assert_true(text_starts(SLICE_NONE, ""));
	assert_bytes(text_trim(slice_of(" \t a b\r\n")), slice_of("a b"), "ASCII ends");
	assert_int_equal(text_trim(slice_of(" \n")).len, 0);
	assert_int_equal(text_trim(SLICE_NONE).len, 0);
}

static void
test_fold(void **state)
{
	char out[] = "..................";
	char own[] = "AZ[";
	struct slice folded = text_fold(slice_of("10.1000/@AZ[`az{\xc3\x84"), out);

	(void)state;
	assert_ptr_equal(folded.data, out);
	assert_int_equal(folded.len, 18);
	assert_string_equal(out, "10.1000/@az[`az{\xc3\x84");
	assert_ptr_equal(text_fold(slice_of(own), own).data, own);
	assert_string_equal(own, "az[");
	assert_null(text_fold(SLICE_NONE, out).data);
}

static void
test_digit(void **state)
{
	static const struct {
		const char *digits;
		uint32_t value;
	} cases[] = {
		{ "0000", 0 },
		{ "09af", 0x9af },
		{ "FFFF", 0xffff },
		{ "D8aB", 0xd8ab },
		{ "000g", UINT32_MAX },
		{ "/000", UINT32_MAX },
		{ "0:00", UINT32_MAX },
		{ "00@0", UINT32_MAX },
		{ "000`", UINT32_MAX },
		{ "00", UINT32_MAX },
	};

	(void)state;
	assert_int_equal(text_digit('z'), 35);
	assert_int_equal(text_digit('Z'), 35);
	assert_int_equal(text_digit('{'), 36);
	assert_int_equal(text_digit('['), 36);
	assert_int_equal(text_digit('\0'), 36);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(text_hex4(cases[i].digits) == cases[i].value);
}

static void
test_similarity(void **state)
{
	const struct {
		const char *why, *a, *b;
		double wanted;
	} cases[] = {
		{ "the same", "A Title", "A Title", 1 },
		{ "case, blanks and punctuation fold", "Spec-Decode: A study",
		    "spec decode a STUDY!", 1 },
		{ "two empty ones know nothing", "", "", 0 },
		{ "one empty", "", "abc", 0 },
		{ "nothing but punctuation", "...", "--", 0 },
		{ "one of ten differs", "abcdefghij", "abcdefghix", 0.9 },
		{ "one of ten is missing", "abcdefghij", "abcdefghi", 0.9 },
		{ "one of nine differs", "abcdefghi", "abcdefghx", 1 - 1.0 / 9 },
		{ "nothing in common", "abc", "xyz", 0 },
		{ "a classic", "kitten", "sitting", 1 - 3.0 / 7 },
		{ "two swapped are two steps", "ab", "ba", 0 },
		{ "digits count", "Llama 2", "Llama 3", 1 - 1.0 / 6 },
		{ "an accent", "\xc3\xa9", "e", 0 },
		{ "other letters are one character each", "\xd0\xb0\xd0\xb1", "\xd0\xb0\xd0\xb2",
		    0.5 },
		{ "three bytes are one character", "\xe4\xb8\xad\xe4\xb8\xab",
		    "\xe4\xb8\xad\xe4\xb8\xb8", 0.5 },
		{ "bytes that are no text stand for themselves", "ab\xff\xfe", "ab\xff\xfd", 0.75 },
	};
	struct buf a = BUF_INIT, b = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice left = slice_of(cases[i].a), right = slice_of(cases[i].b);

		if (text_similarity(left, right) < cases[i].wanted - 1e-12 ||
		    text_similarity(left, right) > cases[i].wanted + 1e-12)
			print_error("%s: %g\n", cases[i].why, text_similarity(left, right));
		assert_true(text_similarity(left, right) >= cases[i].wanted - 1e-12);
		assert_true(text_similarity(left, right) <= cases[i].wanted + 1e-12);
		assert_true(text_similarity(left, right) == text_similarity(right, left));
	}
	assert_true(text_similarity(SLICE_NONE, slice_of("a")) <= 0);
	/* A crafted title of any size costs a bounded time. */
	for (size_t i = 0; i < 300000; i++) {
		buf_add_char(&a, 'a');
		buf_add_char(&b, 'b');
	}
	assert_true(text_similarity(buf_slice(&a), buf_slice(&b)) <= 0);
	/* That long, all of it counts. */
	assert_true(text_similarity(buf_slice(&a), buf_slice(&a)) >= 1);
	assert_true(text_similarity(buf_slice(&a), (struct slice){ a.data, a.len / 2 }) <= 0);
	a.data[a.len - 1] = 'c';
	assert_true(text_similarity(buf_slice(&a), (struct slice){ a.data, 2000 }) <= 0);
	assert_true(
	    text_similarity((struct slice){ a.data, 2000 }, (struct slice){ a.data, 1800 }) >= 0.9);
	buf_free(&a);
	buf_free(&b);
}

static void
test_show(void **state)
{
	const struct {
		const char *why, *text, *shown;
		/* Inside a JSON string. */
		const char *json;
	} cases[] = {
		{ "nothing", "", "", "" },
		{ "plain text", "A b \\u202e ~", "A b \\u202e ~", "A b \\u202e ~" },
		{ "other scripts stay", "Å 李 雷 𝔇 é", "Å 李 雷 𝔇 é", "Å 李 雷 𝔇 é" },
		{ "an escape sequence", "\x1b[31mred", "\\u001b[31mred", " [31mred" },
		{ "a line break", "a\nb\rc\td", "a\\u000ab\\u000dc\\u0009d", "a b c d" },
		{ "DEL", "\x7f", "\\u007f", "\\u007f" },
		{ "the C1 control sequence introducer", "\xc2\x9b", "\\u009b", "\\u009b" },
		{ "the last C1 control", "\xc2\x9f", "\\u009f", "\\u009f" },
		{ "behind them a no-break space stays", "\xc2\xa0", "\xc2\xa0", "\xc2\xa0" },
		{ "soft hyphen", "\xc2\xad", "\\u00ad", "\\u00ad" },
		{ "Arabic letter mark", "\xd8\x9c", "\\u061c", "\\u061c" },
		{ "zero width space", "\xe2\x80\x8b", "\\u200b", "\\u200b" },
		{ "left-to-right mark", "\xe2\x80\x8e", "\\u200e", "\\u200e" },
		{ "right-to-left mark", "\xe2\x80\x8f", "\\u200f", "\\u200f" },
		{ "a hyphen behind them stays", "\xe2\x80\x90", "\xe2\x80\x90", "\xe2\x80\x90" },
		{ "line separator", "\xe2\x80\xa8", "\\u2028", "\\u2028" },
		{ "paragraph separator", "\xe2\x80\xa9", "\\u2029", "\\u2029" },
		{ "left-to-right embedding", "\xe2\x80\xaa", "\\u202a", "\\u202a" },
		{ "right-to-left override", "\xe2\x80\xae", "\\u202e", "\\u202e" },
		{ "narrow no-break space stays", "\xe2\x80\xaf", "\xe2\x80\xaf", "\xe2\x80\xaf" },
		{ "word joiner", "\xe2\x81\xa0", "\\u2060", "\\u2060" },
		{ "left-to-right isolate", "\xe2\x81\xa6", "\\u2066", "\\u2066" },
		{ "pop isolate", "\xe2\x81\xa9", "\\u2069", "\\u2069" },
		{ "Hangul filler", "\xe3\x85\xa4", "\\u3164", "\\u3164" },
		{ "variation selector", "\xef\xb8\x8f", "\\ufe0f", "\\ufe0f" },
		{ "byte order mark", "\xef\xbb\xbf", "\\ufeff", "\\ufeff" },
		{ "annotation", "\xef\xbf\xb9", "\\ufff9", "\\ufff9" },
		{ "the replacement character stays", "\xef\xbf\xbd", "\xef\xbf\xbd",
		    "\xef\xbf\xbd" },
		{ "a tag character", "\xf3\xa0\x81\x81", "\\U000e0041", "\\udb40\\udc41" },
		{ "a supplementary variation selector", "\xf3\xa0\x84\x80", "\\U000e0100",
		    "\\udb40\\udd00" },
		{ "a byte that is no UTF-8", "a\xff\xc3(", "a\\xff\\xc3(", NULL },
		{ "a cut sequence, byte by byte", "\xe2\x80", "\\xe2\\x80", NULL },
		{ "a C1 control as a bare byte", "\x9b", "\\x9b", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		buf_add_text(&out, ">");
		text_show(slice_of(cases[i].text), &out);
		assert_bytes((struct slice){ out.data + 1, out.len - 1 }, slice_of(cases[i].shown),
		    cases[i].why);
		buf_clear(&out);
		buf_add_text(&out, ">");
		if (cases[i].json != NULL) {
			text_show_json(slice_of(cases[i].text), &out);
			assert_bytes((struct slice){ out.data + 1, out.len - 1 },
			    slice_of(cases[i].json), cases[i].why);
		}
		buf_free(&out);
	}
}

static void
test_width(void **state)
{
	const struct {
		const char *why;
		uint32_t rune;
		size_t columns;
	} cases[] = {
		{ "a letter", 'a', 1 },
		{ "an umlaut", 0xe4, 1 },
		{ "Hangul", 0xac00, 2 },
		{ "Hangul jamo", 0x1100, 2 },
		{ "a kana", 0x3042, 2 },
		{ "a Han character", 0x674e, 2 },
		{ "the last of the block", 0xa4cf, 2 },
		{ "behind it", 0xa4d0, 1 },
		{ "full-width A", 0xff21, 2 },
		{ "half-width katakana", 0xff71, 1 },
		{ "an emoji", 0x1f600, 2 },
		{ "a mathematical letter", 0x1d507, 1 },
		{ "Han of plane 2", 0x20000, 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (text_width(cases[i].rune) != cases[i].columns)
			print_error("%s\n", cases[i].why);
		assert_int_equal(text_width(cases[i].rune), cases[i].columns);
	}
}

static void
test_distance(void **state)
{
	const struct {
		const char *why, *a, *b;
		size_t distance;
	} cases[] = {
		{ "the same", "2606.20543", "2606.20543", 0 },
		{ "two empty ones", "", "", 0 },
		{ "one empty", "", "abc", 3 },
		{ "one replaced", "2606.20543", "2606.20533", 1 },
		{ "one missing", "2606.20543", "2606.2054", 1 },
		{ "two swapped", "2606.20543", "2606.20534", 2 },
		{ "a classic", "kitten", "sitting", 3 },
		{ "one in front, one less behind", "abcdef", "xabcde", 2 },
		{ "case counts", "a", "A", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice a = slice_of(cases[i].a), b = slice_of(cases[i].b);

		for (size_t limit = 0; limit < 12; limit++) {
			size_t got = text_distance(a, b, limit);

			if (limit >= cases[i].distance ? got != cases[i].distance : got <= limit)
				print_error("%s: limit %zu, %zu\n", cases[i].why, limit, got);
			if (limit >= cases[i].distance)
				assert_int_equal(got, cases[i].distance);
			else
				assert_true(got > limit);
			assert_int_equal(got > limit, text_distance(b, a, limit) > limit);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_agrees),
		cmocka_unit_test(test_find_starts_trim),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_digit),
		cmocka_unit_test(test_similarity),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_distance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
