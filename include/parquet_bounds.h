#ifndef FINESET_PARQUET_BOUNDS_H
#define FINESET_PARQUET_BOUNDS_H

#include "arena.h"
#include "attribute.h"
#include "parquet_field.h"
#include "slice.h"

/* A text that is longer than this is told by a shorter one below or above it. */
#define PARQUET_BOUNDS_BYTES 64

/*
 * The least and the largest of some values; both SLICE_NONE if there are none.  Values are the
 * bytes that Parquet's PLAIN encoding has for them, texts without their length, a boolean in a
 * byte of its own; a text lies in the order of its bytes.
 */
struct parquet_bounds {
	struct slice min;
	struct slice max;
};

/** parquet_bounds_cmp(kind, a, b): Which of two values comes first: below 0, 0, or above. */
int parquet_bounds_cmp(enum parquet_kind kind, struct slice a, struct slice b);

/** parquet_bounds_add(bounds, kind, value): Count a value in, which is borrowed. */
void parquet_bounds_add(struct parquet_bounds *bounds, enum parquet_kind kind, struct slice value);

/** parquet_bounds_join(bounds, kind, others): Count those of other values in. */
void parquet_bounds_join(
    struct parquet_bounds *bounds, enum parquet_kind kind, const struct parquet_bounds *others);

/**
 * parquet_bounds_store(bounds, kind, arena):
 * What a file says of them: texts of more than PARQUET_BOUNDS_BYTES give way to a shorter one,
 * still valid UTF-8, that is not above the least or not below the largest; SLICE_NONE if that is
 * not found (every character ends with the last byte of its sort).  A real 0 is -0 as the least and
 * +0 as the largest, as the format has it. Borrowed from ${bounds} and ${arena}.
 */
struct parquet_bounds parquet_bounds_store(
    const struct parquet_bounds *bounds, enum parquet_kind kind, struct arena *arena) MUST_CHECK;

#endif
