#ifndef FINESET_THRIFT_H
#define FINESET_THRIFT_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Structs in Thrift's compact protocol (thrift-compact-protocol.md of Apache Thrift), as far as
 * Parquet's metadata needs them.  The fields of a struct are written by ascending id.
 */

/* Structs in structs: Parquet's deepest is a file's, with a time unit in it. */
#define THRIFT_DEPTH 8

/* What the elements of a list are. */
enum thrift_type {
	THRIFT_TRUE = 1,
	THRIFT_FALSE = 2,
	THRIFT_I32 = 5,
	THRIFT_I64 = 6,
	THRIFT_BINARY = 8,
	THRIFT_LIST = 9,
	THRIFT_STRUCT = 12
};

/* One value being written; there is nothing to free. */
struct thrift {
	struct buf *out;
	/* The id of the last field of each struct that is open. */
	int last[THRIFT_DEPTH];
	size_t depth;
};

/** thrift_init(thrift, out): Begin a struct, appended to ${out} (borrowed); thrift_end ends it. */
void thrift_init(struct thrift *thrift, struct buf *out);

/** thrift_i32(thrift, id, number): A field of 32 bits. */
void thrift_i32(struct thrift *thrift, int id, int32_t number);

/** thrift_i64(thrift, id, number): A field of 64 bits. */
void thrift_i64(struct thrift *thrift, int id, int64_t number);

/** thrift_bool(thrift, id, value): A field that is true or false. */
void thrift_bool(struct thrift *thrift, int id, bool value);

/** thrift_binary(thrift, id, bytes): A field of bytes or text. */
void thrift_binary(struct thrift *thrift, int id, struct slice bytes);

/** thrift_struct(thrift, id): Begin a struct as a field; thrift_end ends it. */
void thrift_struct(struct thrift *thrift, int id);

/** thrift_embed(thrift, id, bytes): A struct that was written before, as a field. */
void thrift_embed(struct thrift *thrift, int id, struct slice bytes);

/** thrift_list(thrift, id, type, count): Begin a list as a field; its ${count} elements follow, and
 * nothing ends it. */
void thrift_list(struct thrift *thrift, int id, enum thrift_type type, size_t count);

/** thrift_element_number(thrift, number): An element of THRIFT_I32 or THRIFT_I64. */
void thrift_element_number(struct thrift *thrift, int64_t number);

/** thrift_element_bool(thrift, value): An element of THRIFT_TRUE. */
void thrift_element_bool(struct thrift *thrift, bool value);

/** thrift_element_binary(thrift, bytes): An element of THRIFT_BINARY. */
void thrift_element_binary(struct thrift *thrift, struct slice bytes);

/** thrift_element_struct(thrift): Begin an element of THRIFT_STRUCT; thrift_end ends it. */
void thrift_element_struct(struct thrift *thrift);

/** thrift_end(thrift): End the struct that was begun last. */
void thrift_end(struct thrift *thrift);

/** thrift_varint(number, out): Append a number in base 128, the low digits first (ULEB128). */
void thrift_varint(uint64_t number, struct buf *out);

#endif
