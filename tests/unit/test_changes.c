#include "changes.h"

#include "scratch.h"

#include <sys/stat.h>

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define ROW(id, rest) "{\"id\": \"" id "\", \"title\": \"t\", \"arxiv_id\": null" rest "}\n"
#define LINE(change, id, rest)                       \
	"{\"change\": \"" change "\", \"id\": \"" id \
	"\", \"arxiv_id\": null, \"title\": \"t\"" rest "}\n"

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
		{ "a key that rows do not have is no change", ROW(A, ", \"x\": 1"),
		    ROW(A, ", \"x\": 2"), "", 0, 0, 0, 0 },
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
	char *old, *new, *out;

	(void)state;
	scratch_init(&scratch);
	old = scratch_path(&scratch, "old");
	new = scratch_path(&scratch, "new");
	out = scratch_path(&scratch, "out");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file_writer writer;
		struct changes changes = { 9, 9, 9, 9 };

		if (cases[i].old != NULL)
			scratch_write(&scratch, "old", slice_of(cases[i].old));
		scratch_write(&scratch, "new", slice_of(cases[i].new));
		unlink(out);
		assert_int_equal(file_writer_open(&writer, out, &scratch.log), 0);
		assert_int_equal(changes_write(cases[i].old == NULL ? NULL : old, new, &writer,
				     &changes, &scratch.log),
		    0);
		assert_int_equal(file_writer_close(&writer), 0);
		scratch_assert_file(&scratch, "out", cases[i].changes, cases[i].why);
		assert_int_equal(changes.added, cases[i].added);
		assert_int_equal(changes.removed, cases[i].removed);
		assert_int_equal(changes.changed, cases[i].changed);
		assert_int_equal(changes.rescored, cases[i].rescored);
		scratch_assert_log(&scratch, "", cases[i].why);
	}
	free(old);
	free(new);
	free(out);
	scratch_free(&scratch);
}

static void
test_bad(void **state)
{
	static const struct {
		const char *why, *old, *new, *log;
		int result;
	} cases[] = {
		{ "a bad new row", ROW(A, ""), ROW(A, "") "x\n", "DIR/new: line 2: no object\n",
		    -1 },
		{ "a new row without id", ROW(A, ""), "{\"title\": \"t\"}\n",
		    "DIR/new: line 1: no id\n", -1 },
		{ "an id that is none", ROW(A, ""), "{\"id\": \"ab\"}\n",
		    "DIR/new: line 1: no id\n", -1 },
		{ "a bad old row is passed over", "x\n" ROW(A, ""), ROW(A, ""),
		    "DIR/old: line 1: no object\n", 0 },
	};
	struct scratch scratch;
	char *old, *new, *out;

	(void)state;
	scratch_init(&scratch);
	old = scratch_path(&scratch, "old");
	new = scratch_path(&scratch, "new");
	out = scratch_path(&scratch, "out");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file_writer writer;
		struct changes changes;

		scratch_write(&scratch, "old", slice_of(cases[i].old));
		scratch_write(&scratch, "new", slice_of(cases[i].new));
		unlink(out);
		assert_int_equal(file_writer_open(&writer, out, &scratch.log), 0);
		assert_int_equal(
		    changes_write(old, new, &writer, &changes, &scratch.log), cases[i].result);
		assert_int_equal(file_writer_close(&writer), 0);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
	}
	for (int i = 0; i < 2; i++) {
		struct file_writer writer;
		struct changes changes;

		unlink(i == 0 ? old : new);
		scratch_write(&scratch, i == 0 ? "new" : "old", slice_of(ROW(A, "")));
		unlink(out);
		assert_int_equal(file_writer_open(&writer, out, &scratch.log), 0);
		assert_int_equal(changes_write(old, new, &writer, &changes, &scratch.log), -1);
		assert_int_equal(file_writer_close(&writer), 0);
		scratch_assert_log(&scratch,
		    i == 0 ? "DIR/old: cannot open: No such file or directory\n"
			   : "DIR/new: cannot open: No such file or directory\n",
		    "missing");
	}
	free(old);
	free(new);
	free(out);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
