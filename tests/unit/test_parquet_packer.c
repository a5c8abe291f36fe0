#include "parquet_packer.h"

#include "scratch.h"

/* How every frame of zstd begins. */
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"

/* Pages of five bytes, in the numbers of parquet.thrift: what a header says of a page, with N for
 * what the frame takes. */
static void
test_headers(void **state)
{
	const struct {
		const char *why;
		struct slice header;
	} pages[] = {
		{ "a data page", SLICE_LITERAL("\x15\x00\x15\x0aNN\x2c\x15\xd8\x04\x15\x10\x15\x06"
					       "\x15\x06\x00\x00") },
		{ "a dictionary", SLICE_LITERAL("\x15\x04\x15\x0aNN\x4c\x15\x06\x15\x00\x00\x00") },
	};
	struct parquet_size size = { 0, 0 };
	struct parquet_packer *packer;
	struct file_writer writer;
	struct buf file = BUF_INIT;
	struct scratch scratch;
	uint64_t headers = 0;
	char *path;
	size_t at = 0;

	(void)state;
	scratch_init(&scratch);
	path = file_path(scratch.path, "pages");
	assert_int_equal(file_writer_open(&writer, path, &scratch.log), 0);
	packer = parquet_packer_new(&writer);
	assert_int_equal(parquet_packer_position(packer), 0);
	parquet_packer_data(packer, PARQUET_RLE_DICTIONARY, 300, SLICE_LITERAL("hello"), &size);
	parquet_packer_dictionary(packer, 3, SLICE_LITERAL("hello"), &size);
	assert_int_equal(parquet_packer_position(packer), size.compressed);
	parquet_packer_free(packer);
	assert_int_equal(file_writer_close(&writer), 0);
	assert_int_equal(file_read(path, SIZE_MAX, &file, &scratch.log), 0);
	assert_int_equal(file.len, size.compressed);

	for (size_t i = 0; i < COUNT(pages); i++) {
		struct slice want = pages[i].header;
		size_t frame;

		assert_true(at + want.len + 4 < file.len);
		frame = (unsigned char)file.data[at + 5] / 2;
		assert_memory_equal(file.data + at, want.data, 4);
		assert_int_equal(file.data[at + 4], 0x15);
		if (memcmp(file.data + at + 6, want.data + 6, want.len - 6) != 0)
			print_error("%s\n", pages[i].why);
		assert_memory_equal(file.data + at + 6, want.data + 6, want.len - 6);
		assert_memory_equal(file.data + at + want.len, ZSTD_MAGIC, 4);
		headers += want.len;
		at += want.len + frame;
	}
	assert_int_equal(at, file.len);
	assert_int_equal(size.uncompressed, headers + 2 * strlen("hello"));
	buf_free(&file);
	free(path);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
