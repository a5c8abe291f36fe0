#include "parquet_bounds.h"

#include <stdint.h>

/* Bytes behind which there is no other of their sort. */
#define LAST_ASCII 0x7f
#define LAST_CONTINUATION 0xbf

static uint64_t
number_of(struct slice value)
{
	uint64_t number = 0;

	for (size_t i = value.len; i > 0; i--)
		number = number << 8 | (unsigned char)value.data[i - 1];
	return number;
}

static double
real_of(struct slice value)
{
	uint64_t bits = number_of(value);
	double real;

	memcpy(&real, &bits, sizeof(real));
	return real;
}

int
parquet_bounds_cmp(enum parquet_kind kind, struct slice a, struct slice b)
{
	switch (kind) {
	case PARQUET_TEXT:
	case PARQUET_TEXTS:
	case PARQUET_BOOLEAN:
		return slice_cmp(a, b);
	case PARQUET_INTEGER:
	case PARQUET_TIME: {
		int64_t left = (int64_t)number_of(a), right = (int64_t)number_of(b);

		return (left > right) - (left < right);
	}
	case PARQUET_REAL:
		return (real_of(a) > real_of(b)) - (real_of(a) < real_of(b));
	}
	return 0;
}

void
parquet_bounds_add(struct parquet_bounds *bounds, enum parquet_kind kind, struct slice value)
{
	if (bounds->min.data == NULL || parquet_bounds_cmp(kind, value, bounds->min) < 0)
		bounds->min = value;
	if (bounds->max.data == NULL || parquet_bounds_cmp(kind, value, bounds->max) > 0)
		bounds->max = value;
}

void
parquet_bounds_join(
    struct parquet_bounds *bounds, enum parquet_kind kind, const struct parquet_bounds *others)
{
	if (others->min.data == NULL)
		return;
	parquet_bounds_add(bounds, kind, others->min);
	parquet_bounds_add(bounds, kind, others->max);
}

/* Where the character before ${end} begins. */
static size_t
character_before(struct slice text, size_t end)
{
	do
		end--;
	while (end > 0 && ((unsigned char)text.data[end] & 0xc0) == 0x80);
	return end;
}

/* The longest beginning of a long text that ends between two characters. */
static struct slice
beginning(struct slice text)
{
	size_t end = PARQUET_BOUNDS_BYTES;

	if (((unsigned char)text.data[end] & 0xc0) == 0x80)
		end = character_before(text, end);
	return (struct slice){ text.data, end };
}

/* A beginning whose last character became the next one, where that takes no more than its last
 * byte; characters at the end with which it would take more are left out. */
static struct slice
text_above(struct slice text, struct arena *arena)
{
	struct slice start = beginning(text);

	while (start.len > 0) {
		unsigned char last = (unsigned char)start.data[start.len - 1];
		struct slice above;

		if (last != LAST_ASCII && last != LAST_CONTINUATION) {
			above = arena_dup(arena, start);
			((char *)above.data)[above.len - 1]++;
			return above;
		}
		start.len = character_before(start, start.len);
	}
	return SLICE_NONE;
}

struct parquet_bounds
parquet_bounds_store(
    const struct parquet_bounds *bounds, enum parquet_kind kind, struct arena *arena)
{
	static const char least_zero[] = { 0, 0, 0, 0, 0, 0, 0, (char)0x80 },
			  largest_zero[sizeof(least_zero)];
	struct parquet_bounds stored = *bounds;

	if (bounds->min.data == NULL)
		return stored;
	if (parquet_field_is_text(kind)) {
		if (stored.min.len > PARQUET_BOUNDS_BYTES)
			stored.min = beginning(stored.min);
		if (stored.max.len > PARQUET_BOUNDS_BYTES)
			stored.max = text_above(stored.max, arena);
	} else if (kind == PARQUET_REAL) {
		if (real_of(stored.min) == 0)
			stored.min = (struct slice){ least_zero, sizeof(least_zero) };
		if (real_of(stored.max) == 0)
			stored.max = (struct slice){ largest_zero, sizeof(largest_zero) };
	}
	return stored;
}
