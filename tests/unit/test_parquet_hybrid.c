#include "parquet_hybrid.h"

#include "scratch.h"

static void
test_width(void **state)
{
	(void)state;
	assert_int_equal(parquet_hybrid_width(0), 0);
	assert_int_equal(parquet_hybrid_width(1), 1);
	assert_int_equal(parquet_hybrid_width(2), 2);
	assert_int_equal(parquet_hybrid_width(3), 2);
	assert_int_equal(parquet_hybrid_width(4), 3);
	assert_int_equal(parquet_hybrid_width(UINT32_MAX), 32);
}

/* The examples of Encodings.md, and where a run begins and ends. */
static void
test_runs(void **state)
{
	const struct {
		const char *why;
		/* Each digit is a value, `c*n` n of it. */
		const char *values;
		unsigned width;
		struct slice bytes;
	} cases[] = {
		{ "nothing", "", 1, SLICE_LITERAL("") },
		{ "the numbers 0 to 7", "01234567", 3, SLICE_LITERAL("\x03\x88\xc6\xfa") },
		{ "one zero", "0", 1, SLICE_LITERAL("\x03\x00") },
		{ "seven of one value are packed, and filled up", "1*7", 1,
		    SLICE_LITERAL("\x03\x7f") },
		{ "eight are a run", "1*8", 1, SLICE_LITERAL("\x10\x01") },
		{ "zeros, too", "0*8", 1, SLICE_LITERAL("\x10\x00") },
		{ "many", "3*200", 2, SLICE_LITERAL("\x90\x03\x03") },
		{ "two runs", "1*9,0*10", 1, SLICE_LITERAL("\x12\x01\x14\x00") },
		{ "a run, then fewer than a group", "1*9,0*2", 1,
		    SLICE_LITERAL("\x12\x01\x03\x00") },
		{ "a group takes the beginning of a run", "0,1*15", 1,
		    SLICE_LITERAL("\x03\xfe\x10\x01") },
		{ "what is left of it is no run", "0,1*14", 1, SLICE_LITERAL("\x05\xfe\x7f") },
		{ "two groups, one header", "0123456701234567", 3,
		    SLICE_LITERAL("\x05\x88\xc6\xfa\x88\xc6\xfa") },
		{ "a group behind a run has a header of its own", "01234567,5*8,01234567", 3,
		    SLICE_LITERAL("\x03\x88\xc6\xfa\x10\x05\x03\x88\xc6\xfa") },
		{ "numbers without bits have no bytes", "0*8", 0, SLICE_LITERAL("\x10") },
		{ "nor have few of them", "0*2", 0, SLICE_LITERAL("\x03") },
		{ "a wide value has two bytes in a run", "7*8", 9, SLICE_LITERAL("\x10\x07\x00") },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;
		struct parquet_hybrid hybrid;

		parquet_hybrid_init(&hybrid, cases[i].width, &out);
		for (const char *at = cases[i].values; *at != '\0'; at++) {
			uint32_t value = (uint32_t)(*at - '0');
			unsigned long times = 1;
			char *end;

			if (*at == ',')
				continue;
			if (at[1] == '*') {
				times = strtoul(at + 2, &end, 10);
				at = end - 1;
			}
			for (; times > 0; times--)
				parquet_hybrid_add(&hybrid, value);
		}
		parquet_hybrid_end(&hybrid);
		assert_bytes(buf_slice(&out), cases[i].bytes, cases[i].why);
		buf_free(&out);
	}
}

/* Read back what was written, as Encodings.md tells it. */
struct decoder {
	struct slice left;
	unsigned width;
};

static uint64_t
take_varint(struct decoder *decoder)
{
	uint64_t number = 0;

	for (unsigned shift = 0;; shift += 7) {
		unsigned char byte = (unsigned char)decoder->left.data[0];

		decoder->left.data++;
		decoder->left.len--;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
}

static uint32_t
bits_at(const char *data, size_t bit, unsigned width)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < width; i++, bit++)
		value |= (uint32_t)((unsigned char)data[bit / 8] >> (bit % 8) & 1) << i;
	return value;
}

static size_t
decode(struct decoder decoder, uint32_t *values, size_t capacity)
{
	size_t count = 0;

	while (decoder.left.len > 0) {
		uint64_t header = take_varint(&decoder);
		size_t runs = header & 1 ? (size_t)(header >> 1) * PARQUET_HYBRID_GROUP
					 : (size_t)(header >> 1);
		size_t bytes =
		    header & 1 ? (size_t)(header >> 1) * decoder.width : (decoder.width + 7) / 8;

		assert_true(bytes <= decoder.left.len);
		for (size_t i = 0; i < runs && count < capacity; i++)
			values[count++] = bits_at(
			    decoder.left.data, header & 1 ? i * decoder.width : 0, decoder.width);
		decoder.left.data += bytes;
		decoder.left.len -= bytes;
	}
	return count;
}

/* Whatever the width, and past the most groups that a header counts, values come back. */
static void
test_round_trip(void **state)
{
	enum { MANY = 3000 };
	uint32_t *values = mem_new(MANY, sizeof(*values)), *back = mem_new(MANY + 8, sizeof(*back));

	(void)state;
	for (unsigned width = 1; width <= 32; width++) {
		uint32_t mask = width == 32 ? UINT32_MAX : (1u << width) - 1, seed = width;
		struct buf out = BUF_INIT;
		struct parquet_hybrid hybrid;

		parquet_hybrid_init(&hybrid, width, &out);
		for (size_t i = 0; i < MANY; i++) {
			seed = seed * 1664525 + 1013904223;
			/* Stretches of noise and stretches of equal ones. */
			values[i] =
			    (i / 600 % 2 == 0 ? seed >> (32 - width) : (uint32_t)i / 37) & mask;
			parquet_hybrid_add(&hybrid, values[i]);
		}
		parquet_hybrid_end(&hybrid);
		assert_in_range(decode((struct decoder){ buf_slice(&out), width }, back, MANY + 8),
		    MANY, MANY + 7);
		assert_memory_equal(values, back, MANY * sizeof(*values));
		buf_free(&out);
	}
	free(values);
	free(back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
