#ifndef FINESET_PARQUET_PACKER_H
#define FINESET_PARQUET_PACKER_H

#include "attribute.h"
#include "file.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* How values are written; the format's own numbers. */
enum parquet_encoding { PARQUET_PLAIN = 0, PARQUET_RLE = 3, PARQUET_RLE_DICTIONARY = 8 };

/* Writes pages: a header and a body that is compressed with zstd. */
struct parquet_packer;

/* What pages take, headers included. */
struct parquet_size {
	uint64_t uncompressed;
	uint64_t compressed;
};

/** parquet_packer_new(out): Write to ${out}, borrowed. */
struct parquet_packer *parquet_packer_new(struct file_writer *out) MUST_CHECK;

/** parquet_packer_free(packer): Free it. */
void parquet_packer_free(struct parquet_packer *packer);

/** parquet_packer_position(packer): Where in the file the next page begins. */
uint64_t parquet_packer_position(const struct parquet_packer *packer);

/** parquet_packer_data(packer, encoding, entries, body, size): Write a data page (version 1) of so
 * many values and nulls, and add what it takes to ${size}. */
void parquet_packer_data(struct parquet_packer *packer, enum parquet_encoding encoding,
    size_t entries, struct slice body, struct parquet_size *size);

/** parquet_packer_dictionary(packer, count, body, size): The same of a dictionary of ${count}
 * values. */
void parquet_packer_dictionary(
    struct parquet_packer *packer, size_t count, struct slice body, struct parquet_size *size);

#endif
