#include "parquet.h"

#include "parquet_dictionary.h"

#include "scratch.h"

static struct parquet_column
column_of(enum parquet_kind kind, bool nullable)
{
	struct parquet_field field = { "field", kind, nullable };
	struct parquet_column column;

	parquet_column_init(&column, &field);
	return column;
}

/* Levels as parquet-format's Nested Encoding has them. */
static void
test_levels(void **state)
{
	struct parquet_column column = column_of(PARQUET_TEXTS, true);

	(void)state;
	parquet_column_add_null(&column);
	parquet_column_add_empty(&column);
	parquet_column_add_element(&column, SLICE_LITERAL("a"), true);
	parquet_column_add_element(&column, SLICE_LITERAL(""), false);
	parquet_column_add_element(&column, SLICE_LITERAL("c"), true);
	assert_bytes(
	    buf_slice(&column.definitions), (struct slice){ "\0\1\3\3\3", 5 }, "how much is there");
	assert_bytes(
	    buf_slice(&column.repetitions), (struct slice){ "\0\0\0\1\0", 5 }, "what begins a row");
	assert_bytes(buf_slice(&column.values), (struct slice){ "\1\0\0\0a\0\0\0\0\1\0\0\0c", 14 },
	    "the values");
	assert_int_equal(column.rows, 4);
	assert_int_equal(column.entries, 5);
	assert_int_equal(column.value_count, 3);
	assert_int_equal(parquet_column_bytes(&column), 24);
	parquet_column_clear(&column);
	assert_int_equal(column.rows + column.entries + column.value_count, 0);
	assert_int_equal(parquet_column_bytes(&column), 0);
	parquet_column_free(&column);
}

/* What always is there has no levels. */
static void
test_required(void **state)
{
	struct parquet_column list = column_of(PARQUET_TEXTS, false);
	struct parquet_column number = column_of(PARQUET_INTEGER, false);
	size_t at = 0;

	(void)state;
	parquet_column_add_empty(&list);
	parquet_column_add_element(&list, SLICE_LITERAL("a"), true);
	assert_bytes(
	    buf_slice(&list.definitions), (struct slice){ "\0\2", 2 }, "no level for null");
	parquet_column_add_integer(&number, -2);
	parquet_column_add_integer(&number, INT64_MAX);
	assert_int_equal(number.definitions.len + number.repetitions.len, 0);
	assert_bytes(parquet_column_next(&number, &at),
	    (struct slice){ "\xfe\xff\xff\xff\xff\xff\xff\xff", 8 }, "the first");
	assert_int_equal(at, 8);
	parquet_column_free(&list);
	parquet_column_free(&number);
}

/* Pages end with a row, and with the one that fills them. */
static void
test_pages(void **state)
{
	struct parquet_column column = column_of(PARQUET_TEXTS, false);
	struct parquet_page page = { 0 };
	char *large = mem_new(1, PARQUET_PAGE_BYTES);

	(void)state;
	memset(large, 'x', PARQUET_PAGE_BYTES);
	for (size_t i = 0; i < PARQUET_PAGE_ROWS + 1; i++) {
		parquet_column_add_element(&column, SLICE_LITERAL("a"), true);
		parquet_column_add_element(&column, SLICE_LITERAL("b"), false);
	}
	parquet_column_add_element(&column, (struct slice){ large, PARQUET_PAGE_BYTES - 20 }, true);
	parquet_column_add_element(&column, SLICE_LITERAL("of the same row"), false);
	parquet_column_add_element(&column, SLICE_LITERAL("of the same row"), false);
	parquet_column_add_empty(&column);

	assert_true(parquet_column_page(&column, &page));
	assert_int_equal(page.rows, PARQUET_PAGE_ROWS);
	assert_int_equal(page.entries, 2 * PARQUET_PAGE_ROWS);
	assert_bytes(page.bounds.min, SLICE_LITERAL("a"), "the least");
	assert_bytes(page.bounds.max, SLICE_LITERAL("b"), "the largest");
	assert_true(parquet_column_page(&column, &page));
	assert_int_equal(page.row, PARQUET_PAGE_ROWS);
	assert_int_equal(page.rows, 2);
	assert_int_equal(page.entry, 2 * PARQUET_PAGE_ROWS);
	assert_int_equal(page.entries, 5);
	assert_int_equal(page.value, 2 * PARQUET_PAGE_ROWS);
	assert_int_equal(page.value_count, 5);
	assert_int_equal(page.from, PARQUET_PAGE_ROWS * 10);
	assert_int_equal(page.to, column.values.len);
	assert_true(parquet_column_page(&column, &page));
	assert_int_equal(page.row, PARQUET_PAGE_ROWS + 2);
	assert_int_equal(page.rows, 1);
	assert_int_equal(page.entries, 1);
	assert_int_equal(page.value_count, 0);
	assert_null(page.bounds.min.data);
	assert_false(parquet_column_page(&column, &page));
	parquet_column_free(&column);
	free(large);
}

/* Whether a dictionary of so many values, each of so many bytes, of which so many are distinct,
 * pays. */
static bool
pays(size_t count, size_t len, size_t distinct)
{
	struct parquet_column column = column_of(PARQUET_TEXT, false);
	struct parquet_dictionary dictionary;
	char *text = mem_new(1, len + 1);
	bool result;

	memset(text, 'x', len);
	for (size_t i = 0; i < count; i++) {
		size_t number = i % distinct;

		memcpy(text, &number, len < sizeof(number) ? len : sizeof(number));
		parquet_column_add_text(&column, (struct slice){ text, len });
	}
	result = parquet_dictionary_init(&dictionary, &column);
	if (result) {
		assert_int_equal(dictionary.count, distinct);
		assert_int_equal(dictionary.values.len, distinct * (len + 4));
		for (size_t i = 0; i < count; i++)
			assert_int_equal(dictionary.indexes[i], i % distinct);
	}
	parquet_dictionary_free(&dictionary);
	parquet_column_free(&column);
	free(text);
	return result;
}

static void
test_dictionary(void **state)
{
	/* So many of 1020 bytes, and 4 of their length, fill a dictionary. */
	const size_t full = PARQUET_DICTIONARY_BYTES / 1024;

	(void)state;
	assert_true(pays(2, 8, 1));
	assert_false(pays(1, 8, 1));
	assert_true(pays(1000, 8, 500));
	assert_false(pays(1000, 8, 501));
	assert_true(pays(2 * full, 1020, full));
	assert_false(pays(2 * full + 2, 1020, full + 1));
}

/* Numbers have one, booleans and nulls none. */
static void
test_dictionary_kinds(void **state)
{
	struct parquet_column number = column_of(PARQUET_INTEGER, false);
	struct parquet_column boolean = column_of(PARQUET_BOOLEAN, false);
	struct parquet_column null = column_of(PARQUET_TEXT, true);
	struct parquet_dictionary dictionary;

	(void)state;
	for (int i = 0; i < 8; i++) {
		parquet_column_add_integer(&number, 1 + i / 4);
		parquet_column_add_boolean(&boolean, true);
		parquet_column_add_null(&null);
	}
	assert_true(parquet_dictionary_init(&dictionary, &number));
	assert_bytes(buf_slice(&dictionary.values),
	    (struct slice){ "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0", 16 }, "the numbers");
	assert_int_equal(dictionary.indexes[3], 0);
	assert_int_equal(dictionary.indexes[4], 1);
	parquet_dictionary_free(&dictionary);
	assert_false(parquet_dictionary_init(&dictionary, &boolean));
	parquet_dictionary_free(&dictionary);
	assert_false(parquet_dictionary_init(&dictionary, &null));
	parquet_dictionary_free(&dictionary);
	parquet_column_free(&number);
	parquet_column_free(&boolean);
	parquet_column_free(&null);
}

/* How many bytes a file has once so many rows, each with a text of so many bytes, are in, and the
 * bytes of all of it in ${out}. */
static uint64_t
bytes_after(size_t rows, size_t len, const char *path, struct buf *out, const struct log *log)
{
	const struct parquet_field field = { "text", PARQUET_TEXT, false };
	char *text = mem_new(1, len + 1);
	struct file_writer writer;
	struct parquet *parquet;
	uint64_t bytes;

	unlink(path);
	assert_int_equal(file_writer_open(&writer, path, log), 0);
	parquet = parquet_new(&field, 1, &writer);
	memset(text, 'x', len);
	for (size_t i = 0; i < rows; i++) {
		parquet_column_add_text(
		    parquet_field_column(parquet, 0), (struct slice){ text, len });
		parquet_end_row(parquet);
	}
	bytes = writer.bytes;
	parquet_finish(parquet);
	parquet_free(parquet);
	free(text);
	assert_int_equal(file_writer_close(&writer), 0);
	buf_clear(out);
	assert_int_equal(file_read(path, SIZE_MAX, out, log), 0);
	return bytes;
}

/* A group is written with the row that fills it. */
static void
test_groups(void **state)
{
	struct scratch scratch;
	char *path;
	const size_t large = (PARQUET_GROUP_BYTES / 4) - 4;
	struct buf file = BUF_INIT;
	size_t footer;

	(void)state;
	scratch_init(&scratch);
	path = file_path(scratch.path, "a.parquet");
	assert_int_equal(bytes_after(PARQUET_GROUP_ROWS - 1, 1, path, &file, &scratch.log), 4);
	assert_true(bytes_after(PARQUET_GROUP_ROWS, 1, path, &file, &scratch.log) > 4);
	assert_int_equal(bytes_after(3, large, path, &file, &scratch.log), 4);
	assert_true(bytes_after(4, large, path, &file, &scratch.log) > 4);

	/* Magic, ..., footer, its length, magic. */
	assert_memory_equal(file.data, "PAR1", 4);
	assert_memory_equal(file.data + file.len - 4, "PAR1", 4);
	footer = (unsigned char)file.data[file.len - 8] |
		 (size_t)(unsigned char)file.data[file.len - 7] << 8;
	assert_true(footer + 12 < file.len);
	assert_memory_equal(file.data + file.len - 8 - footer, "\x15\x04", 2);
	/* That bounds lie in the order of their type stands at its end. */
	assert_memory_equal(file.data + file.len - 8 - 6, "\x19\x1c\x1c\0\0\0", 6);
	buf_free(&file);
	free(path);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_dictionary),
		cmocka_unit_test(test_dictionary_kinds),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
