#ifndef FINESET_PARQUET_DICTIONARY_H
#define FINESET_PARQUET_DICTIONARY_H

#include "attribute.h"
#include "buf.h"
#include "parquet_column.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A larger dictionary does not pay: a reader has to hold all of it. */
#define PARQUET_DICTIONARY_BYTES ((size_t)1 << 20)

/* The distinct values of a column, in the order in which they come first. */
struct parquet_dictionary {
	/* Of each value of the column, which it is. */
	uint32_t *indexes;
	/* As PLAIN encoding has them. */
	struct buf values;
	size_t count;
};

/**
 * parquet_dictionary_init(dictionary, column):
 * Make the dictionary of a column.  False if it does not pay: booleans, no value, more than half of
 * the values distinct, or more than PARQUET_DICTIONARY_BYTES of them.  To be freed either way.
 */
bool parquet_dictionary_init(
    struct parquet_dictionary *dictionary, const struct parquet_column *column) MUST_CHECK;

/** parquet_dictionary_free(dictionary): Free what it holds. */
void parquet_dictionary_free(struct parquet_dictionary *dictionary);

#endif
