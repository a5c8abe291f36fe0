#include "lines.h"

#include "jsonl.h"
#include "scratch.h"

#include <fcntl.h>
#include <unistd.h>

/* Open a file of these bytes. */
static int
open_text(struct scratch *scratch, struct slice text)
{
	char *path;
	int fd;

	scratch_write(scratch, "lines", text);
	path = scratch_path(scratch, "lines");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_not_equal(fd, -1);
	free(path);
	return fd;
}

static void
test_small(void **state)
{
	const struct {
		const char *why;
		struct slice text;
		/* Number, offset, bytes and text of each line. */
		const char *lines;
	} cases[] = {
		{ "an empty file", SLICE_LITERAL(""), "" },
		{ "one line", SLICE_LITERAL("a\n"), "[1 0 2 a]" },
		{ "the last without newline", SLICE_LITERAL("a\nbc"), "[1 0 2 a][2 2 2 bc]" },
		{ "empty lines are lines", SLICE_LITERAL("\n\na\n"), "[1 0 1 ][2 1 1 ][3 2 2 a]" },
		{ "a carriage return belongs to the line", SLICE_LITERAL("a\r\nb"),
		    "[1 0 3 a\r][2 3 1 b]" },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf got = BUF_INIT;
		struct lines lines;
		struct slice line;
		int fd = open_text(&scratch, cases[i].text), more;

		buf_add_text(&got, "");
		lines_init(&lines, fd, "lines", &scratch.log);
		while ((more = lines_next(&lines, &line)) == 1)
			buf_printf(&got, "[%u %u %zu %.*s]", (unsigned)lines.number,
			    (unsigned)lines.offset, lines.bytes, (int)line.len, line.data);
		assert_int_equal(more, 0);
		assert_int_equal(lines_next(&lines, &line), 0);
		if (!slice_is(buf_slice(&got), cases[i].lines))
			print_error("%s: %s\n", cases[i].why, got.data == NULL ? "" : got.data);
		assert_true(slice_is(buf_slice(&got), cases[i].lines));
		lines_free(&lines);
		close(fd);
		buf_free(&got);
	}
	scratch_assert_log(&scratch, "", "nothing to complain of");
	scratch_free(&scratch);
}

/* Lines of all sizes around and far above the block of 1 MiB come out as they went in. */
static void
test_blocks(void **state)
{
	static const size_t sizes[] = { 0, 1, 70, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 3,
		(3 << 20) + 17, 0, 5, (1 << 20) - 8, 12 };
	struct scratch scratch;
	struct buf text = BUF_INIT;
	struct lines lines;
	struct slice line;
	uint64_t offset = 0;
	unsigned padding = 0;
	int fd;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		memset(buf_reserve(&text, sizes[i] + 1), 'a' + (int)i, sizes[i]);
		text.len += sizes[i];
		if (i + 1 < COUNT(sizes))
			buf_add_char(&text, '\n');
	}
	fd = open_text(&scratch, buf_slice(&text));
	lines_init(&lines, fd, "lines", &scratch.log);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		assert_int_equal(lines_next(&lines, &line), 1);
		assert_int_equal(line.len, sizes[i]);
		assert_int_equal(lines.number, i + 1);
		assert_true(lines.offset == offset);
		assert_true(line.len == 0 || memcmp(line.data, text.data + offset, line.len) == 0);
		for (size_t j = 0; j < JSONL_PADDING; j++)
			padding += (unsigned char)line.data[line.len + j];
		offset += sizes[i] + 1;
	}
	assert_int_equal(lines_next(&lines, &line), 0);
	assert_int_not_equal(padding, 0);
	scratch_assert_log(&scratch, "", "nothing to complain of");
	lines_free(&lines);
	close(fd);
	buf_free(&text);
	scratch_free(&scratch);
}

/* Of a line over the limit comes one byte more than that, and the next line is where it belongs. */
static void
test_too_long(void **state)
{
	const struct {
		const char *why;
		size_t len;
		const char *end;
		size_t given;
	} cases[] = {
		{ "as long as may be", BOUND_LINE_BYTES, "\nb\n", BOUND_LINE_BYTES },
		{ "one byte too many", BOUND_LINE_BYTES + 1, "\nb\n", BOUND_LINE_BYTES + 1 },
		{ "one byte too many, the last line", BOUND_LINE_BYTES + 1, "",
		    BOUND_LINE_BYTES + 1 },
		{ "two bytes too many", BOUND_LINE_BYTES + 2, "\nb\n", BOUND_LINE_BYTES + 1 },
		{ "some blocks too long", BOUND_LINE_BYTES + (4 << 20) + 7, "\nb\n",
		    BOUND_LINE_BYTES + 1 },
		{ "far too long, the last line", BOUND_LINE_BYTES + (4 << 20), "",
		    BOUND_LINE_BYTES + 1 },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf text = BUF_INIT;
		struct lines lines;
		struct slice line;
		int fd, last = cases[i].end[0] == '\0';

		buf_add_text(&text, "first\n");
		memset(buf_reserve(&text, cases[i].len), 'x', cases[i].len);
		text.len += cases[i].len;
		buf_add_text(&text, cases[i].end);
		fd = open_text(&scratch, buf_slice(&text));
		lines_init(&lines, fd, "big", &scratch.log);
		assert_int_equal(lines_next(&lines, &line), 1);
		assert_int_equal(lines_next(&lines, &line), 1);
		if (line.len != cases[i].given)
			print_error("%s: %zu\n", cases[i].why, line.len);
		assert_int_equal(line.len, cases[i].given);
		assert_memory_equal(line.data, text.data + 6, line.len);
		assert_int_equal(lines.bytes, cases[i].len + (size_t)!last);
		assert_int_equal(lines_next(&lines, &line), !last);
		if (!last) {
			assert_int_equal(lines.number, 3);
			assert_int_equal(lines.offset, 6 + cases[i].len + 1);
			assert_bytes(line, slice_of("b"), cases[i].why);
		}
		scratch_assert_log(&scratch, "", cases[i].why);
		lines_free(&lines);
		close(fd);
		buf_free(&text);
	}
	scratch_free(&scratch);
}

/* lines_next, or where the caller finds the newline itself, every other line. */
static int
next_line(struct lines *lines, struct slice *line)
{
	struct slice ahead = lines_ahead(lines);
	const char *newline = ahead.len == 0 ? NULL : memchr(ahead.data, '\n', ahead.len);

	if (newline == NULL || lines->number % 2 == 1)
		return lines_next(lines, line);
	*line = (struct slice){ ahead.data, (size_t)(newline - ahead.data) };
	lines_take(lines, line->len);
	return 1;
}

/* The lines of three ranges that meet at ${first} and ${second}, with their offsets. */
static void
collect(int fd, struct scratch *scratch, size_t first, size_t second, size_t limit, struct buf *out)
{
	const size_t bounds[] = { 0, first, second, limit };
	struct lines lines;
	struct slice line;

	buf_add_text(out, "");
	lines_init(&lines, fd, "lines", &scratch->log);
	for (size_t i = 0; i < 3; i++) {
		lines_range(&lines, bounds[i], bounds[i + 1], limit);
		for (uint64_t number = 1; next_line(&lines, &line) == 1; number++) {
			assert_true(lines.number == number);
			buf_printf(
			    out, "[%u %.*s]", (unsigned)lines.offset, (int)line.len, line.data);
		}
	}
	lines_free(&lines);
}

static void
test_unreadable(void **state)
{
	struct scratch scratch;
	struct lines lines;
	struct slice line;

	(void)state;
	scratch_log_init(&scratch);
	lines_init(&lines, -1, "gone", &scratch.log);
	assert_int_equal(lines_next(&lines, &line), -1);
	scratch_assert_log(&scratch, "gone: cannot read: Bad file descriptor\n", "no descriptor");
	lines_free(&lines);
	scratch_free(&scratch);
}

/* Wherever a text is cut in three, ranges that meet give each line once, with its offset. */
static void
test_ranges(void **state)
{
	const struct slice texts[] = { SLICE_LITERAL(""), SLICE_LITERAL("\n"),
		SLICE_LITERAL("a\nbc\n\ndef\ng"), SLICE_LITERAL("abcdef\n"),
		SLICE_LITERAL("\n\nab\n\n") };
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(texts); i++) {
		int fd = open_text(&scratch, texts[i]);
		struct buf whole = BUF_INIT;

		collect(fd, &scratch, texts[i].len, texts[i].len, texts[i].len, &whole);
		for (size_t first = 0; first <= texts[i].len; first++)
			for (size_t second = first; second <= texts[i].len; second++) {
				struct buf parts = BUF_INIT;

				collect(fd, &scratch, first, second, texts[i].len, &parts);
				assert_bytes(buf_slice(&parts), buf_slice(&whole), "cut in three");
				buf_free(&parts);
			}
		buf_free(&whole);
		close(fd);
	}
	scratch_assert_log(&scratch, "", "nothing to complain of");
	scratch_free(&scratch);
}

/* What lies behind the limit is not read, be it in the middle of a line. */
static void
test_range_limit(void **state)
{
	struct scratch scratch;
	struct buf got = BUF_INIT;
	int fd;

	(void)state;
	scratch_init(&scratch);
	fd = open_text(&scratch, slice_of("ab\ncd\nef\n"));
	collect(fd, &scratch, 1, 4, 5, &got);
	assert_bytes(buf_slice(&got), slice_of("[0 ab][3 cd]"), "five bytes of ten");
	close(fd);
	buf_free(&got);
	scratch_free(&scratch);
}

/* Ranges within one long line read no more than themselves. */
static void
test_range_within(void **state)
{
	enum { LONG = 3 << 20, PART = 1 << 20 };
	struct scratch scratch;
	struct buf text = BUF_INIT;
	struct lines lines;
	struct slice line;
	int fd;

	(void)state;
	scratch_init(&scratch);
	memset(buf_reserve(&text, LONG), 'x', LONG);
	text.len += LONG;
	buf_add_text(&text, "\nb\n");
	fd = open_text(&scratch, buf_slice(&text));
	lines_init(&lines, fd, "lines", &scratch.log);
	lines_range(&lines, PART / 2, PART, text.len);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(lines_next(&lines, &line), 0);
		assert_int_equal(lines.number, 0);
		assert_int_equal(lines_ahead(&lines).len, 0);
		assert_true(lines.position == PART);
	}
	lines_range(&lines, PART, text.len, text.len);
	assert_int_equal(lines_next(&lines, &line), 1);
	assert_bytes(line, slice_of("b"), "the line behind it");
	assert_true(lines.offset == LONG + 1);
	assert_int_equal(lines_next(&lines, &line), 0);
	scratch_assert_log(&scratch, "", "nothing to complain of");
	lines_free(&lines);
	close(fd);
	buf_free(&text);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_range_limit),
		cmocka_unit_test(test_range_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
