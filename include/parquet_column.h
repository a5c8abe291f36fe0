#ifndef FINESET_PARQUET_COLUMN_H
#define FINESET_PARQUET_COLUMN_H

#include "buf.h"
#include "parquet_bounds.h"
#include "parquet_field.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A page ends with the row that fills it: so many rows, or so many bytes of values. */
#define PARQUET_PAGE_ROWS 20000
#define PARQUET_PAGE_BYTES ((size_t)1 << 20)

/* What a column holds of the rows of one group. */
struct parquet_column {
	struct parquet_field field;
	/* A level for each entry, in a byte: how much of it is there (where anything may be
	 * missing), and of lists whether it goes on a row. */
	struct buf definitions;
	struct buf repetitions;
	/* The values that are there, as PLAIN encoding has them; a boolean in a byte. */
	struct buf values;
	size_t rows;
	/* Values, nulls and empty lists. */
	size_t entries;
	size_t value_count;
};

/** parquet_column_init(column, field): Without rows; the name stays borrowed. */
void parquet_column_init(struct parquet_column *column, const struct parquet_field *field);

/** parquet_column_free(column): Free what it holds. */
void parquet_column_free(struct parquet_column *column);

/** parquet_column_clear(column): Forget the rows, keep the memory. */
void parquet_column_clear(struct parquet_column *column);

/** parquet_column_bytes(column): What its rows take. */
size_t parquet_column_bytes(const struct parquet_column *column);

/** parquet_column_add_null(column): A row without a value; the field is nullable. */
void parquet_column_add_null(struct parquet_column *column);

/** parquet_column_add_text(column, text): A row with a text. */
void parquet_column_add_text(struct parquet_column *column, struct slice text);

/** parquet_column_add_empty(column): A row with an empty list. */
void parquet_column_add_empty(struct parquet_column *column);

/** parquet_column_add_element(column, text, first): The first element of a row's list, or the next
 * one. */
void parquet_column_add_element(struct parquet_column *column, struct slice text, bool first);

/** parquet_column_add_integer(column, number): A row with an integer or a time. */
void parquet_column_add_integer(struct parquet_column *column, int64_t number);

/** parquet_column_add_boolean(column, value): A row with a boolean. */
void parquet_column_add_boolean(struct parquet_column *column, bool value);

/** parquet_column_add_real(column, number): A row with a real. */
void parquet_column_add_real(struct parquet_column *column, double number);

/** parquet_column_next(column, at): The value at this offset in column->values, which moves behind
 * it. */
struct slice parquet_column_next(const struct parquet_column *column, size_t *at);

/* A stretch of whole rows: where it begins and how much there is of it. */
struct parquet_page {
	size_t row;
	size_t rows;
	size_t entry;
	size_t entries;
	size_t value;
	size_t value_count;
	/* Offsets in the column's values. */
	size_t from;
	size_t to;
	/* Borrowed from the column. */
	struct parquet_bounds bounds;
};

/** parquet_column_page(column, page): Let ${page}, zeros at first, be the next one; false behind
 * the last. */
bool parquet_column_page(const struct parquet_column *column, struct parquet_page *page);

#endif
