#ifndef FINESET_PARQUET_CHUNK_H
#define FINESET_PARQUET_CHUNK_H

#include "buf.h"
#include "parquet_column.h"
#include "parquet_packer.h"

#include <stdint.h>

/* What is known of the pages of one column of one group, once they are written: structs of
 * parquet.thrift. */
struct parquet_chunk {
	/* Where the first page begins. */
	uint64_t offset;
	struct parquet_size size;
	/* ColumnMetaData. */
	struct buf metadata;
	/* ColumnIndex; nothing if one of the pages has values but no bounds, or of numbers only
	 * nulls. */
	struct buf column_index;
	/* OffsetIndex. */
	struct buf offset_index;
	/* Where the indexes stand, once all groups are written. */
	uint64_t column_index_offset;
	uint64_t offset_index_offset;
};

/** parquet_chunk_write(chunk, column, packer): Write all pages of a column, with a dictionary where
 * that pays; ${chunk} is filled in. */
void parquet_chunk_write(struct parquet_chunk *chunk, const struct parquet_column *column,
    struct parquet_packer *packer);

/** parquet_chunk_free(chunk): Free what it holds. */
void parquet_chunk_free(struct parquet_chunk *chunk);

#endif
