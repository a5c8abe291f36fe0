#ifndef FINESET_PARQUET_H
#define FINESET_PARQUET_H

#include "attribute.h"
#include "file.h"
#include "parquet_column.h"
#include "parquet_field.h"

#include <stddef.h>

/* A group of rows is written once it has so many rows, or once they take so many bytes. */
#define PARQUET_GROUP_ROWS 50000
#define PARQUET_GROUP_BYTES ((size_t)64 << 20)

/*
 * A Parquet file (parquet-format 2: zstd, pages of version 1, dictionaries where they pay,
 * statistics and page index).  One group of rows is held in memory, and of each page that is
 * written less than a KiB.
 */
struct parquet;

/** parquet_new(fields, count, out): Begin a file at the beginning of ${out}; both are borrowed. */
struct parquet *parquet_new(
    const struct parquet_field *fields, size_t count, struct file_writer *out) MUST_CHECK;

/** parquet_free(parquet): Free it. */
void parquet_free(struct parquet *parquet);

/** parquet_field_column(parquet, field): Where values of a field are added: one row each, before
 * parquet_end_row. */
struct parquet_column *parquet_field_column(struct parquet *parquet, size_t field);

/** parquet_end_row(parquet): Each column has its value of the row. */
void parquet_end_row(struct parquet *parquet);

/** parquet_finish(parquet): Write what is left, and the metadata. */
void parquet_finish(struct parquet *parquet);

#endif
