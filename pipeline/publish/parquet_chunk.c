#include "parquet_chunk.h"

#include "mem.h"
#include "parquet_dictionary.h"
#include "parquet_hybrid.h"
#include "thrift.h"

#include <stdlib.h>

/* The numbers and ids of parquet.thrift. */
enum order { UNORDERED = 0, ASCENDING, DESCENDING };
enum { CODEC_ZSTD = 6 };
enum column_metadata {
	TYPE = 1,
	ENCODINGS,
	PATH,
	CODEC,
	VALUES,
	UNCOMPRESSED,
	COMPRESSED,
	DATA_OFFSET = 9,
	DICTIONARY_OFFSET = 11,
	STATISTICS
};
enum statistics { NULL_COUNT = 3, MAX_VALUE = 5, MIN_VALUE, IS_MAX_EXACT, IS_MIN_EXACT };
enum column_index { NULL_PAGES = 1, MIN_VALUES, MAX_VALUES, BOUNDARY_ORDER, NULL_COUNTS };
enum offset_index { PAGE_LOCATIONS = 1 };
enum page_location { OFFSET = 1, PAGE_SIZE, FIRST_ROW };

/* A page that is written. */
struct location {
	uint64_t offset;
	uint64_t bytes;
	size_t row;
	size_t nulls;
	/* As they are stored. */
	struct parquet_bounds bounds;
};

struct writing {
	const struct parquet_column *column;
	struct parquet_packer *packer;
	/* NULL if it did not pay. */
	const struct parquet_dictionary *dictionary;
	struct buf body;
	struct location *pages;
	size_t page_count;
	size_t page_capacity;
	struct parquet_bounds bounds;
	struct arena arena;
	uint64_t data_offset;
};

/* Levels of a page, with the length of the run before them. */
static void
put_levels(
    const struct buf *levels, const struct parquet_page *page, unsigned largest, struct buf *body)
{
	struct parquet_hybrid hybrid;
	struct buf run = BUF_INIT;

	parquet_hybrid_init(&hybrid, parquet_hybrid_width(largest), &run);
	for (size_t i = 0; i < page->entries; i++)
		parquet_hybrid_add(&hybrid, (unsigned char)levels->data[page->entry + i]);
	parquet_hybrid_end(&hybrid);
	buf_add_little(body, run.len, 4);
	buf_add_slice(body, buf_slice(&run));
	buf_free(&run);
}

static void
put_indexes(
    const struct parquet_dictionary *dictionary, const struct parquet_page *page, struct buf *body)
{
	struct parquet_hybrid hybrid;
	/* A dictionary of one value needs no bits to number it. */
	unsigned width = parquet_hybrid_width((uint32_t)dictionary->count - 1);

	buf_add_char(body, (char)width);
	parquet_hybrid_init(&hybrid, width, body);
	for (size_t i = 0; i < page->value_count; i++)
		parquet_hybrid_add(&hybrid, dictionary->indexes[page->value + i]);
	parquet_hybrid_end(&hybrid);
}

static void
put_bits(const char *values, size_t count, struct buf *body)
{
	for (size_t i = 0; i < count; i += 8) {
		unsigned bits = 0;

		for (size_t j = i; j < count && j < i + 8; j++)
			bits |= (unsigned)(values[j] != 0) << (j - i);
		buf_add_char(body, (char)bits);
	}
}

static void
put_values(const struct writing *writing, const struct parquet_page *page, struct buf *body)
{
	const struct parquet_column *column = writing->column;

	if (writing->dictionary != NULL)
		put_indexes(writing->dictionary, page, body);
	else if (column->field.kind == PARQUET_BOOLEAN)
		put_bits(column->values.data + page->from, page->value_count, body);
	else if (page->to > page->from)
		buf_add(body, column->values.data + page->from, page->to - page->from);
}

static void
write_page(struct writing *writing, const struct parquet_page *page, struct parquet_size *size)
{
	const struct parquet_column *column = writing->column;
	unsigned definition = parquet_field_definition(&column->field);
	struct location location = {
		.offset = parquet_packer_position(writing->packer),
		.row = page->row,
		.nulls = page->entries - page->value_count,
		.bounds = parquet_bounds_store(&page->bounds, column->field.kind, &writing->arena),
	};

	buf_clear(&writing->body);
	if (column->field.kind == PARQUET_TEXTS)
		put_levels(&column->repetitions, page, 1, &writing->body);
	if (definition > 0)
		put_levels(&column->definitions, page, definition, &writing->body);
	put_values(writing, page, &writing->body);
	parquet_packer_data(writing->packer,
	    writing->dictionary == NULL ? PARQUET_PLAIN : PARQUET_RLE_DICTIONARY, page->entries,
	    buf_slice(&writing->body), size);
	location.bytes = parquet_packer_position(writing->packer) - location.offset;
	parquet_bounds_join(&writing->bounds, column->field.kind, &page->bounds);
	writing->pages = mem_grow(writing->pages, &writing->page_capacity, writing->page_count + 1,
	    sizeof(*writing->pages));
	writing->pages[writing->page_count++] = location;
}

static void
write_pages(struct writing *writing, struct parquet_size *size)
{
	struct parquet_page page = { 0 };

	if (writing->dictionary != NULL)
		parquet_packer_dictionary(writing->packer, writing->dictionary->count,
		    buf_slice(&writing->dictionary->values), size);
	writing->data_offset = parquet_packer_position(writing->packer);
	while (parquet_column_page(writing->column, &page))
		write_page(writing, &page, size);
}

static void
put_path(const struct parquet_field *field, struct thrift *thrift)
{
	bool list = field->kind == PARQUET_TEXTS;

	thrift_list(thrift, PATH, THRIFT_BINARY, list ? 3 : 1);
	thrift_element_binary(thrift, slice_of(field->name));
	if (list) {
		thrift_element_binary(thrift, SLICE_LITERAL("list"));
		thrift_element_binary(thrift, SLICE_LITERAL("element"));
	}
}

static void
put_statistics(struct writing *writing, struct thrift *thrift)
{
	const struct parquet_column *column = writing->column;
	struct parquet_bounds stored =
	    parquet_bounds_store(&writing->bounds, column->field.kind, &writing->arena);

	thrift_struct(thrift, STATISTICS);
	thrift_i64(thrift, NULL_COUNT, (int64_t)(column->entries - column->value_count));
	if (stored.max.data != NULL)
		thrift_binary(thrift, MAX_VALUE, stored.max);
	if (stored.min.data != NULL)
		thrift_binary(thrift, MIN_VALUE, stored.min);
	if (stored.max.data != NULL)
		thrift_bool(thrift, IS_MAX_EXACT, slice_equal(stored.max, writing->bounds.max));
	if (stored.min.data != NULL)
		thrift_bool(thrift, IS_MIN_EXACT, slice_equal(stored.min, writing->bounds.min));
	thrift_end(thrift);
}

static void
put_metadata(struct writing *writing, struct parquet_chunk *chunk)
{
	const struct parquet_column *column = writing->column;
	bool dictionary = writing->dictionary != NULL;
	struct thrift thrift;

	thrift_init(&thrift, &chunk->metadata);
	thrift_i32(&thrift, TYPE, (int32_t)parquet_field_type(column->field.kind));
	thrift_list(&thrift, ENCODINGS, THRIFT_I32, dictionary ? 3 : 2);
	thrift_element_number(&thrift, PARQUET_PLAIN);
	thrift_element_number(&thrift, PARQUET_RLE);
	if (dictionary)
		thrift_element_number(&thrift, PARQUET_RLE_DICTIONARY);
	put_path(&column->field, &thrift);
	thrift_i32(&thrift, CODEC, CODEC_ZSTD);
	thrift_i64(&thrift, VALUES, (int64_t)column->entries);
	thrift_i64(&thrift, UNCOMPRESSED, (int64_t)chunk->size.uncompressed);
	thrift_i64(&thrift, COMPRESSED, (int64_t)chunk->size.compressed);
	thrift_i64(&thrift, DATA_OFFSET, (int64_t)writing->data_offset);
	if (dictionary)
		thrift_i64(&thrift, DICTIONARY_OFFSET, (int64_t)chunk->offset);
	put_statistics(writing, &thrift);
	thrift_end(&thrift);
}

/* Whether no page with values comes before the one ahead of it, in this direction. */
static bool
is_sorted(const struct writing *writing, int direction)
{
	enum parquet_kind kind = writing->column->field.kind;
	const struct parquet_bounds *before = NULL;

	for (size_t i = 0; i < writing->page_count; i++) {
		const struct parquet_bounds *bounds = &writing->pages[i].bounds;

		if (bounds->min.data == NULL)
			continue;
		if (before != NULL &&
		    (parquet_bounds_cmp(kind, before->min, bounds->min) * direction > 0 ||
			parquet_bounds_cmp(kind, before->max, bounds->max) * direction > 0))
			return false;
		before = bounds;
	}
	return true;
}

/* Whether there are bounds for all pages.  A page of nulls has empty ones, which some readers
 * cannot take for numbers. */
static bool
has_index(const struct writing *writing)
{
	bool text = parquet_field_is_text(writing->column->field.kind);

	for (size_t i = 0; i < writing->page_count; i++) {
		const struct parquet_bounds *bounds = &writing->pages[i].bounds;

		if (bounds->max.data == NULL && (bounds->min.data != NULL || !text))
			return false;
	}
	return true;
}

static void
put_column_index(const struct writing *writing, struct buf *out)
{
	size_t count = writing->page_count;
	struct thrift thrift;

	if (!has_index(writing))
		return;
	thrift_init(&thrift, out);
	thrift_list(&thrift, NULL_PAGES, THRIFT_TRUE, count);
	for (size_t i = 0; i < count; i++)
		thrift_element_bool(&thrift, writing->pages[i].bounds.min.data == NULL);
	thrift_list(&thrift, MIN_VALUES, THRIFT_BINARY, count);
	for (size_t i = 0; i < count; i++)
		thrift_element_binary(&thrift, writing->pages[i].bounds.min);
	thrift_list(&thrift, MAX_VALUES, THRIFT_BINARY, count);
	for (size_t i = 0; i < count; i++)
		thrift_element_binary(&thrift, writing->pages[i].bounds.max);
	thrift_i32(&thrift, BOUNDARY_ORDER,
	    is_sorted(writing, 1)    ? ASCENDING
	    : is_sorted(writing, -1) ? DESCENDING
				     : UNORDERED);
	thrift_list(&thrift, NULL_COUNTS, THRIFT_I64, count);
	for (size_t i = 0; i < count; i++)
		thrift_element_number(&thrift, (int64_t)writing->pages[i].nulls);
	thrift_end(&thrift);
}

static void
put_offset_index(const struct writing *writing, struct buf *out)
{
	struct thrift thrift;

	thrift_init(&thrift, out);
	thrift_list(&thrift, PAGE_LOCATIONS, THRIFT_STRUCT, writing->page_count);
	for (size_t i = 0; i < writing->page_count; i++) {
		thrift_element_struct(&thrift);
		thrift_i64(&thrift, OFFSET, (int64_t)writing->pages[i].offset);
		thrift_i32(&thrift, PAGE_SIZE, (int32_t)writing->pages[i].bytes);
		thrift_i64(&thrift, FIRST_ROW, (int64_t)writing->pages[i].row);
		thrift_end(&thrift);
	}
	thrift_end(&thrift);
}

void
parquet_chunk_write(
    struct parquet_chunk *chunk, const struct parquet_column *column, struct parquet_packer *packer)
{
	struct parquet_dictionary dictionary;
	bool pays = parquet_dictionary_init(&dictionary, column);
	struct writing writing = {
		.column = column,
		.packer = packer,
		.dictionary = pays ? &dictionary : NULL,
		.arena = ARENA_INIT,
	};

	*chunk = (struct parquet_chunk){ .offset = parquet_packer_position(packer) };
	write_pages(&writing, &chunk->size);
	put_metadata(&writing, chunk);
	put_column_index(&writing, &chunk->column_index);
	put_offset_index(&writing, &chunk->offset_index);
	parquet_dictionary_free(&dictionary);
	buf_free(&writing.body);
	free(writing.pages);
	arena_free(&writing.arena);
}

void
parquet_chunk_free(struct parquet_chunk *chunk)
{
	buf_free(&chunk->metadata);
	buf_free(&chunk->column_index);
	buf_free(&chunk->offset_index);
}
