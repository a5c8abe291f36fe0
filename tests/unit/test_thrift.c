#include "thrift.h"

#include "scratch.h"

static void
test_varint(void **state)
{
	const struct {
		uint64_t number;
		struct slice bytes;
	} cases[] = {
		{ 0, { "\0", 1 } },
		{ 1, SLICE_LITERAL("\x01") },
		{ 127, SLICE_LITERAL("\x7f") },
		{ 128, SLICE_LITERAL("\x80\x01") },
		{ 300, SLICE_LITERAL("\xac\x02") },
		{ 16383, SLICE_LITERAL("\xff\x7f") },
		{ 16384, SLICE_LITERAL("\x80\x80\x01") },
		{ UINT64_MAX, SLICE_LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		thrift_varint(cases[i].number, &out);
		assert_bytes(buf_slice(&out), cases[i].bytes, "a number in base 128");
		buf_free(&out);
	}
}

static void
test_zigzag(void **state)
{
	const struct {
		int64_t number;
		uint64_t zigzag;
	} cases[] = {
		{ 0, 0 },
		{ -1, 1 },
		{ 1, 2 },
		{ -2, 3 },
		{ INT32_MAX, UINT32_MAX - 1 },
		{ INT32_MIN, UINT32_MAX },
		{ INT64_MAX, UINT64_MAX - 1 },
		{ INT64_MIN, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT, want = BUF_INIT;
		struct thrift thrift;

		thrift_init(&thrift, &out);
		thrift_element_number(&thrift, cases[i].number);
		thrift_varint(cases[i].zigzag, &want);
		assert_bytes(buf_slice(&out), buf_slice(&want), "a number of either sign");
		buf_free(&out);
		buf_free(&want);
	}
}

/* The id of a field counts from the one before in its own struct. */
static void
test_fields(void **state)
{
	static const char want[] = "\x15\x02"         /* 1: i32 1 */
				   "\xf6\x03"         /* 16: i64 -2 */
				   "\x05\x40\x00"     /* 32: i32 0, too far for a delta */
				   "\x11\x12"         /* 33: true, 34: false */
				   "\x18\x02hi"       /* 35: binary */
				   "\x1c"             /* 36: a struct */
				   "\x25\x0e"         /* 2: i32 7 */
				   "\x1c\x00"         /* 3: an empty struct */
				   "\x1c\x11\x00"     /* 4: one that was written before */
				   "\x00"             /* its end */
				   "\x19\x25\x02\x01" /* 37: a list of i32 1, -1 */
				   "\x19\x21\x01\x02" /* 38: a list of true, false */
				   "\x19\x18\x00"     /* 39: a list of one empty binary */
				   "\x19\x1c\x11\x00" /* 40: a list of a struct with 1: true */
				   "\x05\x02\x02"     /* 1: i32 1, before the last one */
				   "";
	struct buf out = BUF_INIT;
	struct thrift thrift;

	(void)state;
	thrift_init(&thrift, &out);
	thrift_i32(&thrift, 1, 1);
	thrift_i64(&thrift, 16, -2);
	thrift_i32(&thrift, 32, 0);
	thrift_bool(&thrift, 33, true);
	thrift_bool(&thrift, 34, false);
	thrift_binary(&thrift, 35, SLICE_LITERAL("hi"));
	thrift_struct(&thrift, 36);
	thrift_i32(&thrift, 2, 7);
	thrift_struct(&thrift, 3);
	thrift_end(&thrift);
	thrift_embed(&thrift, 4, (struct slice){ "\x11\0", 2 });
	thrift_end(&thrift);
	thrift_list(&thrift, 37, THRIFT_I32, 2);
	thrift_element_number(&thrift, 1);
	thrift_element_number(&thrift, -1);
	thrift_list(&thrift, 38, THRIFT_TRUE, 2);
	thrift_element_bool(&thrift, true);
	thrift_element_bool(&thrift, false);
	thrift_list(&thrift, 39, THRIFT_BINARY, 1);
	thrift_element_binary(&thrift, SLICE_NONE);
	thrift_list(&thrift, 40, THRIFT_STRUCT, 1);
	thrift_element_struct(&thrift);
	thrift_bool(&thrift, 1, true);
	thrift_end(&thrift);
	thrift_i32(&thrift, 1, 1);
	thrift_end(&thrift);
	assert_bytes(buf_slice(&out), (struct slice){ want, sizeof(want) }, "fields");
	buf_free(&out);
}

/* A short list has its length in its header. */
static void
test_lists(void **state)
{
	const struct {
		size_t count;
		struct slice header;
	} cases[] = {
		{ 0, SLICE_LITERAL("\x19\x06") },
		{ 14, SLICE_LITERAL("\x19\xe6") },
		{ 15, SLICE_LITERAL("\x19\xf6\x0f") },
		{ 300, SLICE_LITERAL("\x19\xf6\xac\x02") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;
		struct thrift thrift;

		thrift_init(&thrift, &out);
		thrift_list(&thrift, 1, THRIFT_I64, cases[i].count);
		assert_bytes(buf_slice(&out), cases[i].header, "the header of a list");
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_varint),
		cmocka_unit_test(test_zigzag),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
