#include "answer.h"
#include "mem.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* answer_text has a short way for text that is clean; the long way, text_clean, is right. */
static void
check_text(struct slice text)
{
	struct buf wanted = BUF_INIT;
	struct answer answer;
	struct slice got;
	size_t repaired = 99, wanted_repaired = text_clean(text, &wanted);

	answer_init(&answer);
	got = answer_text(&answer, text, &repaired);
	assert_int_equal(repaired, wanted_repaired);
	assert_true((got.data == NULL) == (wanted.len == 0));
	assert_true(slice_equal(got, buf_slice(&wanted)));
	answer_free(&answer);
	buf_free(&wanted);
}

static void
test_text_like_text_clean(void **state)
{
	static const char *const odd[] = { "", " ", "  ", "\t", "\n", "\x1f", "\x7f", "\x80",
		"\xc2\x85", "\xc3\xa9", "\xc2\xa0", "\xff", "~", "!", " \xc3\xa9 ", "\x01 \x02" };

	(void)state;
	check_text(SLICE_NONE);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (size_t before = 0; before < 20; before++)
			for (size_t after = 0; after < 20; after++) {
				struct buf text = BUF_INIT;
				char *exact;

				for (size_t j = 0; j < before; j++)
					buf_add_char(&text, j == 3 ? ' ' : 'a');
				buf_add_text(&text, odd[i]);
				for (size_t j = 0; j < after; j++)
					buf_add_char(&text, j == 5 ? ' ' : 'b');
				/* Without room behind it, so that a sanitizer sees a byte too many.
				 */
				exact = mem_new(text.len, 1);
				if (text.len > 0)
					memcpy(exact, text.data, text.len);
				check_text((struct slice){ exact, text.len });
				free(exact);
				buf_free(&text);
			}
}

static void
test_fail_drops_everything(void **state)
{
	struct answer answer;

	(void)state;
	answer_init(&answer);
	for (size_t i = 0; i < 100; i++)
		source_record_init(answer_add(&answer, i + 7), SOURCE_ARXIV, 0);
	assert_int_equal(answer.count, 100);
	assert_int_equal(answer.positions[99], 106);
	answer.items = 107;
	answer.refused = 7;
	answer.total = 5000;
	answer.start = 2000;
	answer.token = SLICE_LITERAL("next");
	answer_fail(&answer, ANSWER_ERROR, SLICE_LITERAL(" two\nlines\x07 "));
	assert_int_equal(answer.verdict, ANSWER_ERROR);
	assert_string_equal(answer.message.data, "two lines");
	assert_int_equal(answer.count + answer.items + answer.refused + answer.unknown, 0);
	assert_int_equal(answer.total, -1);
	assert_int_equal(answer.start, -1);
	assert_null(answer.token.data);
	answer_free(&answer);
	assert_null(answer.records);
}

/* What was mended before parsing counts with the field that it stands in. */
static void
test_mended_text(void **state)
{
	struct answer answer;
	size_t repaired = 99;

	(void)state;
	answer_init(&answer);
	assert_true(slice_is(
	    answer_text(&answer, SLICE_LITERAL("\xef\xbf\xbd"), &repaired), "\xef\xbf\xbd"));
	assert_int_equal(repaired, 0);
	answer.mended = true;
	assert_true(slice_is(
	    answer_text(&answer, SLICE_LITERAL("a \xef\xbf\xbd b\x7f \xef\xbf\xbd"), &repaired),
	    "a \xef\xbf\xbd b \xef\xbf\xbd"));
	assert_int_equal(repaired, 3);
	assert_true(slice_is(
	    answer_text(&answer, SLICE_LITERAL("plain and long"), &repaired), "plain and long"));
	assert_int_equal(repaired, 0);
	answer_free(&answer);
}

static void
keep_line(void *cookie, enum log_level level, const char *line)
{
	assert_int_equal(level, LOG_NOTICE);
	buf_printf(cookie, "%s\n", line);
}

static size_t
count_lines(const struct buf *lines)
{
	size_t count = 0;

	for (size_t i = 0; i < lines->len; i++)
		count += lines->data[i] == '\n';
	return count;
}

/* All faults are counted, the first hundred are told, and those of an earlier reading not again. */
static void
test_faults(void **state)
{
	struct buf lines = BUF_INIT;
	struct log log = { keep_line, &lines, LOG_NOTICE };
	struct answer answer;

	(void)state;
	answer_init(&answer);
	answer.told = 1;
	for (size_t i = 0; i < 250; i++) {
		answer.items = i / 10 + 1;
		answer_fault(&answer, &log, SOURCE_ARXIV, SLICE_LITERAL("x"), "title", "odd");
	}
	answer_end(&answer, &log, SOURCE_ARXIV);
	assert_int_equal(answer.faults, 250);
	assert_int_equal(count_lines(&lines), 90 + 1);
	assert_non_null(strstr(lines.data, "arxiv: item 2 (x): title: odd\n"));
	assert_non_null(strstr(lines.data, "arxiv: page: 150 more faults\n"));
	answer_fail(&answer, ANSWER_UNUSABLE, SLICE_LITERAL("no"));
	assert_int_equal(answer.faults, 0);
	answer_free(&answer);
	buf_free(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_like_text_clean),
		cmocka_unit_test(test_mended_text),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_fail_drops_everything),
	};

	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
