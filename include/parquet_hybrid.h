#ifndef FINESET_PARQUET_HYBRID_H
#define FINESET_PARQUET_HYBRID_H

#include "buf.h"

#include <stddef.h>
#include <stdint.h>

/* Values of a run that are packed together. */
#define PARQUET_HYBRID_GROUP 8

/*
 * Parquet's hybrid of run lengths and bit packing (Encodings.md, "RLE"): eight or more equal values
 * in a row become a count and the value, others are packed eight at a time, low bits first.
 */
struct parquet_hybrid {
	struct buf *out;
	unsigned width;
	/* The last value, and how often it has come in a row since the last group was packed. */
	uint32_t last;
	uint64_t repeats;
	/* Values that are in no run yet. */
	uint32_t group[PARQUET_HYBRID_GROUP];
	size_t grouped;
	/* Where in ${out} the header of the packed run stands, and how many groups that has; 0 if
	 * none is open. */
	size_t header;
	unsigned groups;
};

/** parquet_hybrid_width(largest): How many bits a number takes. */
unsigned parquet_hybrid_width(uint32_t largest);

/** parquet_hybrid_init(hybrid, width, out): Begin to append to ${out} (borrowed), which nobody else
 * changes until parquet_hybrid_end; values have ${width} bits, 0 to 32. */
void parquet_hybrid_init(struct parquet_hybrid *hybrid, unsigned width, struct buf *out);

/** parquet_hybrid_add(hybrid, value): The next value. */
void parquet_hybrid_add(struct parquet_hybrid *hybrid, uint32_t value);

/** parquet_hybrid_end(hybrid): Append what is left: the last group is filled up with zeros. */
void parquet_hybrid_end(struct parquet_hybrid *hybrid);

#endif
