#include "changes.h"

#include "scratch.h"

#include <fcntl.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define ROW(id, rest) "{\"id\": \"" id "\", \"title\": \"t\", \"arxiv_id\": null" rest "}\n"
#define LINE(change, id, rest)                       \
	"{\"change\": \"" change "\", \"id\": \"" id \
	"\", \"arxiv_id\": null, \"title\": \"t\"" rest "}\n"

/* Compare DIR/old, if that is wanted, with DIR/new; what is written is in DIR/out. */
static int
compare(const struct scratch *scratch, bool with_old, struct changes *changes,
    struct field_changes *fields)
{
	char *paths[] = { scratch_path(scratch, "old"), scratch_path(scratch, "new"),
		scratch_path(scratch, "out") };
	struct changes_file old = { with_old ? file_open(paths[0], NULL) : -1, paths[0] },
			    new = { file_open(paths[1], NULL), paths[1] };
	struct file_writer writer;
	int result;

	unlink(paths[2]);
	assert_int_equal(file_writer_open(&writer, paths[2], &scratch->log), 0);
	result =
	    changes_write(with_old ? &old : NULL, &new, &writer, changes, fields, &scratch->log);
	assert_int_equal(file_writer_close(&writer), 0);
	if (with_old)
		assert_int_equal(close(old.fd), 0);
	assert_int_equal(close(new.fd), 0);
	for (size_t i = 0; i < COUNT(paths); i++)
		free(paths[i]);
	return result;
}

static void
test_changes(void **state)
{
	static const struct {
		const char *why, *old, *new, *changes;
		uint64_t added, removed, changed, rescored;
	} cases[] = {
		{ "nothing at all", "", "", "", 0, 0, 0, 0 },
		{ "the first snapshot", NULL, ROW(B, "") ROW(A, ""),
		    LINE("added", B, "") LINE("added", A, ""), 2, 0, 0, 0 },
		{ "nothing new, in another order", ROW(A, "") ROW(B, ""), ROW(B, "") ROW(A, ""), "",
		    0, 0, 0, 0 },
		{ "all gone, in the old order", ROW(B, "") ROW(A, ""), "",
		    LINE("removed", B, "") LINE("removed", A, ""), 0, 2, 0, 0 },
		{ "changes in the new order, then what is gone",
		    ROW(C, "") ROW(A, ", \"citation_count\": 1"),
		    ROW(B, "") ROW(A, ", \"citation_count\": 2"),
		    LINE("added", B, "") LINE("changed", A,
			", \"fields\": {\"citation_count\": {\"old\": 1, \"new\": 2}}")
			LINE("removed", C, ""),
		    1, 1, 1, 0 },
		{ "several fields, in the order of a row",
		    ROW(A, ", \"venue\": null, \"doi\": \"x\", \"authors\": [\"A\"]"),
		    ROW(A, ", \"venue\": \"V\", \"doi\": null, \"authors\": [\"A\", \"B\"]"),
		    LINE("changed", A,
			", \"fields\": {\"authors\": {\"old\": [\"A\"], \"new\": [\"A\", \"B\"]}, "
			"\"doi\": {\"old\": \"x\", \"new\": null}, "
			"\"venue\": {\"old\": null, \"new\": \"V\"}}"),
		    0, 0, 1, 0 },
		{ "null and \"null\" differ", ROW(A, ", \"venue\": null"),
		    ROW(A, ", \"venue\": \"null\""),
		    LINE("changed", A,
			", \"fields\": {\"venue\": {\"old\": null, \"new\": \"null\"}}"),
		    0, 0, 1, 0 },
		{ "a key that was not there", ROW(A, ""), ROW(A, ", \"has_code\": true"),
		    LINE("changed", A,
			", \"fields\": {\"has_code\": {\"old\": null, \"new\": true}}"),
		    0, 0, 1, 0 },
		{ "other keys, by name, behind the fields of a row",
		    ROW(A, ", \"y\": {\"a\": 1}, \"x\": 1, \"same\": 0, \"venue\": null"),
		    ROW(A, ", \"x\": 2, \"z\": [1,\"\\u0041\"], \"same\": 0, \"venue\": \"V\""),
		    LINE("changed", A,
			", \"fields\": {\"venue\": {\"old\": null, \"new\": \"V\"}, "
			"\"x\": {\"old\": 1, \"new\": 2}, "
			"\"y\": {\"old\": {\"a\": 1}, \"new\": null}, "
			"\"z\": {\"old\": null, \"new\": [1, \"A\"]}}"),
		    0, 0, 1, 0 },
		{ "other keys alone", ROW(A, ", \"x\": 1, \"y\": 1, \"z\": 1"),
		    ROW(A, ", \"x\": 2, \"y\": 2"),
		    LINE("changed", A,
			", \"fields\": {\"x\": {\"old\": 1, \"new\": 2}, "
			"\"y\": {\"old\": 1, \"new\": 2}, \"z\": {\"old\": 1, \"new\": null}}"),
		    0, 0, 1, 0 },
		{ "a name is written as JSON", ROW(A, ""), ROW(A, ", \"\\\"\\u001b\": 1"),
		    LINE("changed", A,
			", \"fields\": {\"\\\"\\u001b\": {\"old\": null, \"new\": 1}}"),
		    0, 0, 1, 0 },
		{ "a name with escapes is the same name", ROW(A, ", \"\\u0078\": 1"),
		    ROW(A, ", \"x\": 1"), "", 0, 0, 0, 0 },
		{ "another order of the keys is no change", ROW(A, ", \"x\": 1, \"venue\": null"),
		    ROW(A, ", \"venue\": null, \"x\": 1"), "", 0, 0, 0, 0 },
		{ "a key that is missing is null", ROW(A, ", \"venue\": null, \"x\": null"),
		    ROW(A, ""), "", 0, 0, 0, 0 },
		{ "escapes are no change", ROW(A, ", \"venue\": \"\\u00e9\\/\""),
		    ROW(A, ", \"venue\": \"\xc3\xa9/\""), "", 0, 0, 0, 0 },
		{ "nor in a list, nor its blanks", ROW(A, ", \"authors\": [\"\\u0041\",\"B\"]"),
		    ROW(A, ", \"authors\": [ \"A\" , \"B\"]"), "", 0, 0, 0, 0 },
		{ "nor in an id", ROW(A, ""),
		    "{\"id\": "
		    "\"\\u0061aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", "
		    "\"title\": \"t\"}\n",
		    "", 0, 0, 0, 0 },
		{ "a number is what it is written as", ROW(A, ", \"quality_score\": 0.5"),
		    ROW(A, ", \"quality_score\": 0.50"),
		    LINE("changed", A,
			", \"fields\": {\"quality_score\": {\"old\": 0.5, \"new\": 0.50}}"),
		    0, 0, 1, 1 },
		{ "blank lines and CRLF", "\n" ROW(A, "") " \t\r\n",
		    "\r\n{\"id\": \"" A "\", \"title\": \"t\"}\r\n\n", "", 0, 0, 0, 0 },
		{ "the score alone",
		    ROW(A, ", \"venue\": \"V\", \"quality_score\": 0.5")
			ROW(B, ", \"venue\": \"V\", \"quality_score\": 0.5"),
		    ROW(A, ", \"venue\": \"V\", \"quality_score\": 0.4")
			ROW(B, ", \"venue\": \"W\", \"quality_score\": 0.4"),
		    LINE("changed", A,
			", \"fields\": {"
			"\"quality_score\": {\"old\": 0.5, \"new\": 0.4}}") LINE("changed", B,
			", \"fields\": {"
			"\"venue\": {\"old\": \"V\", \"new\": \"W\"}, "
			"\"quality_score\": {\"old\": 0.5, \"new\": 0.4}}"),
		    0, 0, 2, 1 },
		{ "blanks are no change", ROW(A, ", \"venue\": null"), ROW(A, ",\"venue\":null"),
		    "", 0, 0, 0, 0 },
		{ "the last line without newline", ROW(A, ""),
		    "{\"id\": \"" B "\", \"title\": \"t\"}",
		    LINE("added", B, "") LINE("removed", A, ""), 1, 1, 0, 0 },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct field_changes *fields = field_changes_new();
		struct changes changes = { 9, 9, 9, 9, 9 };

		if (cases[i].old != NULL)
			scratch_write(&scratch, "old", slice_of(cases[i].old));
		scratch_write(&scratch, "new", slice_of(cases[i].new));
		assert_int_equal(compare(&scratch, cases[i].old != NULL, &changes, fields), 0);
		scratch_assert_file(&scratch, "out", cases[i].changes, cases[i].why);
		assert_int_equal(changes.added, cases[i].added);
		assert_int_equal(changes.removed, cases[i].removed);
		assert_int_equal(changes.changed, cases[i].changed);
		assert_int_equal(changes.refused, 0);
		assert_int_equal(changes.rescored, cases[i].rescored);
		scratch_assert_log(&scratch, "", cases[i].why);
		field_changes_free(fields);
	}
	scratch_free(&scratch);
}

/* What is no row is told, counted and passed over. */
static void
test_refused(void **state)
{
	static const struct {
		const char *why, *old, *new, *changes, *log;
		uint64_t refused;
	} cases[] = {
		{ "no JSON in the new file", ROW(A, ""), ROW(A, "") "x\n" ROW(B, ""),
		    LINE("added", B, ""), "DIR/new: line 2: no object at byte 0\n", 1 },
		{ "no JSON in the old file", "x\n" ROW(A, "") "{]\n" ROW(B, ""), ROW(B, ""),
		    LINE("removed", A, ""),
		    "DIR/old: line 1: no object at byte 0\nDIR/old: line 3: no key at byte 1\n",
		    2 },
		{ "no id", "", "{\"title\": \"t\"}\n", "",
		    "DIR/new: line 1: id: the key is missing\n", 1 },
		{ "an id that is none", "", "{\"id\": \"\\u001b[0m\"}\n", "",
		    "DIR/new: line 1: id: must be 64 lower-case hex digits, got '\\u001b[0m'\n",
		    1 },
		{ "twice in the old file: the first counts",
		    ROW(A, "") ROW(A, ", \"venue\": \"V\""), ROW(A, ""), "",
		    "DIR/old: line 2: id: stands in an earlier line already, got '" A "'\n", 1 },
		{ "twice in the new file", ROW(A, ""), ROW(A, "") ROW(A, ", \"venue\": \"V\""), "",
		    "DIR/new: line 2: id: stands in an earlier line already, got '" A "'\n", 1 },
		{ "twice among the added", "", ROW(A, "") "\n" ROW(A, ""), LINE("added", A, ""),
		    "DIR/new: line 3: id: stands in an earlier line already, got '" A "'\n", 1 },
	};
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct field_changes *fields = field_changes_new();
		struct changes changes;

		scratch_write(&scratch, "old", slice_of(cases[i].old));
		scratch_write(&scratch, "new", slice_of(cases[i].new));
		assert_int_equal(compare(&scratch, true, &changes, fields), 0);
		scratch_assert_file(&scratch, "out", cases[i].changes, cases[i].why);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
		assert_int_equal(changes.refused, cases[i].refused);
		field_changes_free(fields);
	}
	scratch_free(&scratch);
}

/* Fields are counted over all papers: those of a row in its order, others as they were met. */
static void
test_counts(void **state)
{
	static const char *const wanted[] = { "authors 1", "citation_count 2", "venue 1", "z 2",
		"b 1" };
	struct field_changes *fields = field_changes_new();
	struct changes changes;
	struct scratch scratch;
	struct slice name;
	uint64_t count;
	size_t at = 0;

	(void)state;
	scratch_init(&scratch);
	assert_false(field_changes_next(fields, &at, &name, &count));
	scratch_write(&scratch, "old", SLICE_LITERAL(ROW(A, "") ROW(B, "") ROW(C, "")));
	scratch_write(&scratch, "new",
	    SLICE_LITERAL(ROW(A, ", \"venue\": \"V\", \"z\": 1, \"citation_count\": 1") ROW(
		B, ", \"z\": 2, \"b\": 3, \"authors\": []") ROW(C, ", \"citation_count\": 1")));
	assert_int_equal(compare(&scratch, true, &changes, fields), 0);
	assert_int_equal(changes.changed, 3);
	at = 0;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		struct buf text = BUF_INIT;

		assert_true(field_changes_next(fields, &at, &name, &count));
		buf_printf(&text, "%.*s %d", (int)name.len, name.data, (int)count);
		assert_string_equal(text.data, wanted[i]);
		buf_free(&text);
	}
	assert_false(field_changes_next(fields, &at, &name, &count));
	field_changes_free(fields);
	scratch_free(&scratch);
}

/* Against the obvious answer, for more rows than a table has at first. */
static void
test_many(void **state)
{
	const size_t rows = 3000;
	struct field_changes *fields = field_changes_new();
	struct buf old = BUF_INIT, new = BUF_INIT, wanted = BUF_INIT, removed = BUF_INIT;
	struct changes changes;
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < rows; i++) {
		struct buf head = BUF_INIT;

		buf_printf(
		    &head, "\"id\": \"%056x%08zx\", \"arxiv_id\": null, \"title\": \"t\"", 7, i);
		if (i % 3 != 0)
			buf_printf(&old, "{%s, \"venue\": \"%zu\"}\n", head.data, i);
		if (i % 3 != 1)
			buf_printf(&new, "{%s, \"venue\": \"%zu\"}\n", head.data, i + i % 2);
		if (i % 3 == 0)
			buf_printf(&wanted, "{\"change\": \"added\", %s}\n", head.data);
		if (i % 3 == 1)
			buf_printf(&removed, "{\"change\": \"removed\", %s}\n", head.data);
		if (i % 3 == 2 && i % 2 == 1)
			buf_printf(&wanted,
			    "{\"change\": \"changed\", %s, \"fields\": {\"venue\": {\"old\": "
			    "\"%zu\", \"new\": \"%zu\"}}}\n",
			    head.data, i, i + 1);
		buf_free(&head);
	}
	buf_add_slice(&wanted, buf_slice(&removed));
	scratch_write(&scratch, "old", buf_slice(&old));
	scratch_write(&scratch, "new", buf_slice(&new));
	assert_int_equal(compare(&scratch, true, &changes, fields), 0);
	scratch_assert_file(&scratch, "out", wanted.data, "many rows");
	assert_int_equal(changes.added, rows / 3);
	assert_int_equal(changes.removed, rows / 3);
	assert_int_equal(changes.changed, rows / 6);
	buf_free(&old);
	buf_free(&new);
	buf_free(&wanted);
	buf_free(&removed);
	field_changes_free(fields);
	scratch_free(&scratch);
}

#define LONG_ROWS 900
#define LONG_LINE(change, rest)                                           \
	"{\"change\": \"" change "\", \"id\": \"%064zx\", \"arxiv_id\": " \
	"null, \"title\": \"t\"" rest "}\n"

/* Most rows are short, some are long, a few are longer than what is read at once. */
static void
add_long_row(struct buf *out, size_t row, size_t citations)
{
	size_t len = row % 100 == 50 ? 200000 : row % 30 == 7 ? 100000 : 200 + row;

	buf_printf(out,
	    "{\"id\": \"%064zx\", \"arxiv_id\": null, \"title\": \"t\", "
	    "\"citation_count\": %zu, \"venue\": \"",
	    row, citations);
	memset(buf_reserve(out, len), 'v', len);
	out->len += len;
	buf_add_text(out, "\"}\n");
}

/* Rows of the old file that the new one has in another order, or not: it is read again many lines
 * at once where that helps, and gives the same lines. */
static void
test_orders(void **state)
{
	static const struct {
		const char *why;
		/* The row at place i of the new file is (i * factor + more) ^ turned of all; these
		 * are gone. */
		size_t factor, more, turned, gone_from, gone_to;
	} cases[] = {
		{ "the same", 1, 0, 0, 0, 0 },
		{ "backwards", LONG_ROWS - 1, LONG_ROWS - 1, 0, 0, 0 },
		{ "mixed", 467, 0, 0, 0, 0 },
		{ "pairs swapped", 1, 0, 1, 0, 0 },
		{ "the last first", 1, LONG_ROWS - 1, 0, 0, 0 },
		{ "without the first half", 1, 0, 0, 0, LONG_ROWS / 2 },
		{ "without the middle", 1, 0, 0, 100, LONG_ROWS - 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf old = BUF_INIT, new = BUF_INIT, wanted = BUF_INIT, removed = BUF_INIT;
		struct field_changes *fields = field_changes_new();
		struct changes changes;
		struct scratch scratch;

		scratch_init(&scratch);
		for (size_t j = 0; j < LONG_ROWS; j++) {
			size_t row =
			    (j * cases[i].factor + cases[i].more) % LONG_ROWS ^ cases[i].turned;

			add_long_row(&old, j, 0);
			if (j >= cases[i].gone_from && j < cases[i].gone_to) {
				buf_printf(&removed, LONG_LINE("removed", ""), j);
				continue;
			}
			add_long_row(&new, row, row % 2);
			if (row % 2 == 1)
				buf_printf(&wanted,
				    LONG_LINE("changed", ", \"fields\": {\"citation_count\": "
							 "{\"old\": 0, \"new\": 1}}"),
				    row);
		}
		buf_add_slice(&wanted, buf_slice(&removed));
		scratch_write(&scratch, "old", buf_slice(&old));
		scratch_write(&scratch, "new", buf_slice(&new));
		assert_int_equal(compare(&scratch, true, &changes, fields), 0);
		scratch_assert_file(&scratch, "out", wanted.data, cases[i].why);
		scratch_assert_log(&scratch, "", cases[i].why);
		buf_free(&old);
		buf_free(&new);
		buf_free(&wanted);
		buf_free(&removed);
		field_changes_free(fields);
		scratch_free(&scratch);
	}
}

/* A file that cannot be read fails the comparison. */
static void
test_unreadable(void **state)
{
	struct scratch scratch;

	(void)state;
	scratch_init(&scratch);
	for (int i = 0; i < 2; i++) {
		struct changes_file rows = { scratch_open(SLICE_LITERAL(ROW(A, ""))), "rows" },
				    directory = { open(scratch.path, O_RDONLY), "directory" };
		struct field_changes *fields = field_changes_new();
		struct file_writer writer;
		struct changes changes;
		int out = scratch_open(SLICE_LITERAL(""));

		file_writer_fd(&writer, out, "out", &scratch.log);
		assert_int_equal(
		    changes_write(i == 0 ? &directory : &rows, i == 0 ? &rows : &directory, &writer,
			&changes, fields, &scratch.log),
		    -1);
		assert_int_equal(file_writer_close(&writer), 0);
		scratch_assert_log(
		    &scratch, "directory: cannot read: Is a directory\n", "unreadable");
		field_changes_free(fields);
		close(out);
		close(rows.fd);
		close(directory.fd);
	}
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
