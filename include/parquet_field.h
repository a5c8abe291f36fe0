#ifndef FINESET_PARQUET_FIELD_H
#define FINESET_PARQUET_FIELD_H

#include <stdbool.h>

/* What the values of a column are. */
enum parquet_kind {
	/* UTF-8. */
	PARQUET_TEXT,
	/* A list of such. */
	PARQUET_TEXTS,
	PARQUET_INTEGER,
	PARQUET_BOOLEAN,
	PARQUET_REAL,
	/* Milliseconds since 1970, without a time zone. */
	PARQUET_TIME
};

/* How the format stores them; its own numbers. */
enum parquet_type {
	PARQUET_TYPE_BOOLEAN = 0,
	PARQUET_TYPE_INT64 = 2,
	PARQUET_TYPE_DOUBLE = 5,
	PARQUET_TYPE_BYTE_ARRAY = 6
};

/* A column of a table; the name is borrowed. */
struct parquet_field {
	const char *name;
	enum parquet_kind kind;
	bool nullable;
};

/** parquet_field_type(kind): How values are stored. */
enum parquet_type parquet_field_type(enum parquet_kind kind);

/** parquet_field_is_text(kind): Whether values are texts. */
bool parquet_field_is_text(enum parquet_kind kind);

/** parquet_field_definition(field): The definition level of a value that is there: what may be
 * missing above it is the field itself, and of a list its elements and what they hold. */
unsigned parquet_field_definition(const struct parquet_field *field);

#endif
