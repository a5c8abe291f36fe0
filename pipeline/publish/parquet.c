#include "parquet.h"

#include "mem.h"
#include "parquet_chunk.h"
#include "thrift.h"

#include <stdlib.h>

#define MAGIC "PAR1"
#define VERSION 2

/* The numbers and ids of parquet.thrift. */
enum repetition { REQUIRED = 0, OPTIONAL, REPEATED };
enum converted_type { CONVERTED_UTF8 = 0, CONVERTED_LIST = 3, CONVERTED_TIMESTAMP_MILLIS = 9 };
enum logical_type { LOGICAL_STRING = 1, LOGICAL_LIST = 3, LOGICAL_TIMESTAMP = 8 };
enum timestamp_type { IS_UTC = 1, UNIT };
enum time_unit { UNIT_MILLIS = 1 };
enum schema_element { TYPE = 1, REPETITION = 3, NAME, CHILDREN, CONVERTED, LOGICAL = 10 };
enum column_chunk {
	FILE_OFFSET = 2,
	METADATA,
	OFFSET_INDEX_OFFSET,
	OFFSET_INDEX_LENGTH,
	COLUMN_INDEX_OFFSET,
	COLUMN_INDEX_LENGTH
};
enum row_group { COLUMNS = 1, TOTAL_BYTES, ROWS, GROUP_OFFSET = 5, TOTAL_COMPRESSED };
enum column_order { TYPE_ORDER = 1 };
enum file_metadata { FORMAT = 1, SCHEMA, FILE_ROWS, GROUPS, CREATED_BY = 6, COLUMN_ORDERS };

struct group {
	size_t rows;
	/* One a field. */
	struct parquet_chunk *chunks;
};

struct parquet {
	struct file_writer *out;
	struct parquet_packer *packer;
	struct parquet_column *columns;
	size_t column_count;
	/* Those that are written. */
	struct group *groups;
	size_t group_count;
	size_t group_capacity;
	/* Of the group that is in memory, and of all. */
	size_t pending_rows;
	uint64_t rows;
};

struct parquet *
parquet_new(const struct parquet_field *fields, size_t count, struct file_writer *out)
{
	struct parquet *parquet = mem_new(1, sizeof(*parquet));

	parquet->out = out;
	parquet->packer = parquet_packer_new(out);
	parquet->columns = mem_new(count, sizeof(*parquet->columns));
	parquet->column_count = count;
	for (size_t i = 0; i < count; i++)
		parquet_column_init(&parquet->columns[i], &fields[i]);
	file_writer_add(out, MAGIC, sizeof(MAGIC) - 1);
	return parquet;
}

void
parquet_free(struct parquet *parquet)
{
	for (size_t i = 0; i < parquet->group_count; i++) {
		for (size_t j = 0; j < parquet->column_count; j++)
			parquet_chunk_free(&parquet->groups[i].chunks[j]);
		free(parquet->groups[i].chunks);
	}
	for (size_t i = 0; i < parquet->column_count; i++)
		parquet_column_free(&parquet->columns[i]);
	parquet_packer_free(parquet->packer);
	free(parquet->groups);
	free(parquet->columns);
	free(parquet);
}

struct parquet_column *
parquet_field_column(struct parquet *parquet, size_t field)
{
	return &parquet->columns[field];
}

static void
write_group(struct parquet *parquet)
{
	struct group group = { parquet->pending_rows,
		mem_new(parquet->column_count, sizeof(*group.chunks)) };

	for (size_t i = 0; i < parquet->column_count; i++) {
		parquet_chunk_write(&group.chunks[i], &parquet->columns[i], parquet->packer);
		parquet_column_clear(&parquet->columns[i]);
	}
	parquet->groups = mem_grow(parquet->groups, &parquet->group_capacity,
	    parquet->group_count + 1, sizeof(*parquet->groups));
	parquet->groups[parquet->group_count++] = group;
	parquet->rows += group.rows;
	parquet->pending_rows = 0;
}

void
parquet_end_row(struct parquet *parquet)
{
	size_t bytes = 0;

	parquet->pending_rows++;
	for (size_t i = 0; i < parquet->column_count; i++)
		bytes += parquet_column_bytes(&parquet->columns[i]);
	if (parquet->pending_rows >= PARQUET_GROUP_ROWS || bytes >= PARQUET_GROUP_BYTES)
		write_group(parquet);
}

static void
put_node(struct thrift *thrift, const char *name, enum repetition repetition, int32_t children)
{
	thrift_element_struct(thrift);
	thrift_i32(thrift, REPETITION, (int32_t)repetition);
	thrift_binary(thrift, NAME, slice_of(name));
	if (children > 0)
		thrift_i32(thrift, CHILDREN, children);
}

/* A column of what its kind is. */
static void
put_leaf(struct thrift *thrift, const char *name, enum parquet_kind kind, bool optional)
{
	thrift_element_struct(thrift);
	thrift_i32(thrift, TYPE, (int32_t)parquet_field_type(kind));
	thrift_i32(thrift, REPETITION, optional ? OPTIONAL : REQUIRED);
	thrift_binary(thrift, NAME, slice_of(name));
	if (parquet_field_is_text(kind)) {
		thrift_i32(thrift, CONVERTED, CONVERTED_UTF8);
		thrift_struct(thrift, LOGICAL);
		thrift_struct(thrift, LOGICAL_STRING);
		thrift_end(thrift);
		thrift_end(thrift);
	} else if (kind == PARQUET_TIME) {
		/* The older mark would tell of UTC, so there is none. */
		thrift_struct(thrift, LOGICAL);
		thrift_struct(thrift, LOGICAL_TIMESTAMP);
		thrift_bool(thrift, IS_UTC, false);
		thrift_struct(thrift, UNIT);
		thrift_struct(thrift, UNIT_MILLIS);
		thrift_end(thrift);
		thrift_end(thrift);
		thrift_end(thrift);
		thrift_end(thrift);
	}
	thrift_end(thrift);
}

/* Three levels: the field, its elements, and what each holds. */
static void
put_list(struct thrift *thrift, const struct parquet_field *field)
{
	put_node(thrift, field->name, field->nullable ? OPTIONAL : REQUIRED, 1);
	thrift_i32(thrift, CONVERTED, CONVERTED_LIST);
	thrift_struct(thrift, LOGICAL);
	thrift_struct(thrift, LOGICAL_LIST);
	thrift_end(thrift);
	thrift_end(thrift);
	thrift_end(thrift);
	put_node(thrift, "list", REPEATED, 1);
	thrift_end(thrift);
	put_leaf(thrift, "element", field->kind, true);
}

static void
put_schema(const struct parquet *parquet, struct thrift *thrift)
{
	size_t nodes = 1 + parquet->column_count;

	for (size_t i = 0; i < parquet->column_count; i++)
		if (parquet->columns[i].field.kind == PARQUET_TEXTS)
			nodes += 2;
	thrift_list(thrift, SCHEMA, THRIFT_STRUCT, nodes);
	thrift_element_struct(thrift);
	thrift_binary(thrift, NAME, SLICE_LITERAL("schema"));
	thrift_i32(thrift, CHILDREN, (int32_t)parquet->column_count);
	thrift_end(thrift);
	for (size_t i = 0; i < parquet->column_count; i++) {
		const struct parquet_field *field = &parquet->columns[i].field;

		if (field->kind == PARQUET_TEXTS)
			put_list(thrift, field);
		else
			put_leaf(thrift, field->name, field->kind, field->nullable);
	}
}

static void
put_chunk(const struct parquet_chunk *chunk, struct thrift *thrift)
{
	thrift_element_struct(thrift);
	/* Of metadata outside of the footer: there are none. */
	thrift_i64(thrift, FILE_OFFSET, 0);
	thrift_embed(thrift, METADATA, buf_slice(&chunk->metadata));
	thrift_i64(thrift, OFFSET_INDEX_OFFSET, (int64_t)chunk->offset_index_offset);
	thrift_i32(thrift, OFFSET_INDEX_LENGTH, (int32_t)chunk->offset_index.len);
	if (chunk->column_index.len > 0) {
		thrift_i64(thrift, COLUMN_INDEX_OFFSET, (int64_t)chunk->column_index_offset);
		thrift_i32(thrift, COLUMN_INDEX_LENGTH, (int32_t)chunk->column_index.len);
	}
	thrift_end(thrift);
}

static void
put_group(const struct parquet *parquet, const struct group *group, struct thrift *thrift)
{
	struct parquet_size size = { 0, 0 };

	thrift_element_struct(thrift);
	thrift_list(thrift, COLUMNS, THRIFT_STRUCT, parquet->column_count);
	for (size_t i = 0; i < parquet->column_count; i++) {
		put_chunk(&group->chunks[i], thrift);
		size.uncompressed += group->chunks[i].size.uncompressed;
		size.compressed += group->chunks[i].size.compressed;
	}
	thrift_i64(thrift, TOTAL_BYTES, (int64_t)size.uncompressed);
	thrift_i64(thrift, ROWS, (int64_t)group->rows);
	thrift_i64(thrift, GROUP_OFFSET, (int64_t)group->chunks[0].offset);
	thrift_i64(thrift, TOTAL_COMPRESSED, (int64_t)size.compressed);
	thrift_end(thrift);
}

static void
put_metadata(const struct parquet *parquet, struct buf *out)
{
	struct thrift thrift;

	thrift_init(&thrift, out);
	thrift_i32(&thrift, FORMAT, VERSION);
	put_schema(parquet, &thrift);
	thrift_i64(&thrift, FILE_ROWS, (int64_t)parquet->rows);
	thrift_list(&thrift, GROUPS, THRIFT_STRUCT, parquet->group_count);
	for (size_t i = 0; i < parquet->group_count; i++)
		put_group(parquet, &parquet->groups[i], &thrift);
	thrift_binary(&thrift, CREATED_BY, SLICE_LITERAL("fineset version " FINESET_VERSION));
	/* Without it bounds in the order of the type are not believed. */
	thrift_list(&thrift, COLUMN_ORDERS, THRIFT_STRUCT, parquet->column_count);
	for (size_t i = 0; i < parquet->column_count; i++) {
		thrift_element_struct(&thrift);
		thrift_struct(&thrift, TYPE_ORDER);
		thrift_end(&thrift);
		thrift_end(&thrift);
	}
	thrift_end(&thrift);
}

/* Write an index; returns where it stands. */
static uint64_t
put_index(struct parquet *parquet, const struct buf *index)
{
	uint64_t offset = parquet->out->bytes;

	if (index->len > 0)
		file_writer_add(parquet->out, index->data, index->len);
	return offset;
}

static void
put_indexes(struct parquet *parquet)
{
	size_t chunks = parquet->column_count;

	for (size_t i = 0; i < parquet->group_count; i++)
		for (size_t j = 0; j < chunks; j++) {
			struct parquet_chunk *chunk = &parquet->groups[i].chunks[j];

			chunk->column_index_offset = put_index(parquet, &chunk->column_index);
		}
	for (size_t i = 0; i < parquet->group_count; i++)
		for (size_t j = 0; j < chunks; j++) {
			struct parquet_chunk *chunk = &parquet->groups[i].chunks[j];

			chunk->offset_index_offset = put_index(parquet, &chunk->offset_index);
		}
}

void
parquet_finish(struct parquet *parquet)
{
	struct buf metadata = BUF_INIT;

	if (parquet->pending_rows > 0)
		write_group(parquet);
	put_indexes(parquet);
	put_metadata(parquet, &metadata);
	buf_add_little(&metadata, metadata.len, 4);
	buf_add_text(&metadata, MAGIC);
	file_writer_add(parquet->out, metadata.data, metadata.len);
	buf_free(&metadata);
}
