#include "parquet_column.h"

/* Bytes of a text's length, and of a number. */
#define LENGTH_BYTES 4
#define NUMBER_BYTES 8

void
parquet_column_init(struct parquet_column *column, const struct parquet_field *field)
{
	*column = (struct parquet_column){ .field = *field };
}

void
parquet_column_free(struct parquet_column *column)
{
	buf_free(&column->definitions);
	buf_free(&column->repetitions);
	buf_free(&column->values);
}

void
parquet_column_clear(struct parquet_column *column)
{
	buf_clear(&column->definitions);
	buf_clear(&column->repetitions);
	buf_clear(&column->values);
	column->rows = 0;
	column->entries = 0;
	column->value_count = 0;
}

size_t
parquet_column_bytes(const struct parquet_column *column)
{
	return column->definitions.len + column->repetitions.len + column->values.len;
}

/* An entry of a new row, or of the one before. */
static void
add_entry(struct parquet_column *column, unsigned definition, bool new_row)
{
	if (parquet_field_definition(&column->field) > 0)
		buf_add_char(&column->definitions, (char)definition);
	if (column->field.kind == PARQUET_TEXTS)
		buf_add_char(&column->repetitions, new_row ? 0 : 1);
	column->rows += new_row;
	column->entries++;
}

static void
add_value(struct parquet_column *column, bool new_row)
{
	add_entry(column, parquet_field_definition(&column->field), new_row);
	column->value_count++;
}

static void
put_text(struct parquet_column *column, struct slice text)
{
	buf_add_little(&column->values, text.len, LENGTH_BYTES);
	buf_add_slice(&column->values, text);
}

void
parquet_column_add_null(struct parquet_column *column)
{
	add_entry(column, 0, true);
}

void
parquet_column_add_text(struct parquet_column *column, struct slice text)
{
	add_value(column, true);
	put_text(column, text);
}

void
parquet_column_add_empty(struct parquet_column *column)
{
	add_entry(column, column->field.nullable, true);
}

void
parquet_column_add_element(struct parquet_column *column, struct slice text, bool first)
{
	add_value(column, first);
	put_text(column, text);
}

void
parquet_column_add_integer(struct parquet_column *column, int64_t number)
{
	add_value(column, true);
	buf_add_little(&column->values, (uint64_t)number, NUMBER_BYTES);
}

void
parquet_column_add_boolean(struct parquet_column *column, bool value)
{
	add_value(column, true);
	buf_add_char(&column->values, value);
}

void
parquet_column_add_real(struct parquet_column *column, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	add_value(column, true);
	buf_add_little(&column->values, bits, NUMBER_BYTES);
}

static size_t
text_len(const char *at)
{
	size_t len = 0;

	for (size_t i = LENGTH_BYTES; i > 0; i--)
		len = len << 8 | (unsigned char)at[i - 1];
	return len;
}

struct slice
parquet_column_next(const struct parquet_column *column, size_t *at)
{
	struct slice value = { column->values.data + *at, NUMBER_BYTES };

	if (parquet_field_is_text(column->field.kind)) {
		value.len = text_len(value.data);
		value.data += LENGTH_BYTES;
		*at += LENGTH_BYTES;
	} else if (column->field.kind == PARQUET_BOOLEAN) {
		value.len = 1;
	}
	*at += value.len;
	return value;
}

/* The next entry, whatever row it belongs to. */
static void
take_entry(const struct parquet_column *column, struct parquet_page *page)
{
	unsigned there = parquet_field_definition(&column->field);
	size_t entry = page->entry + page->entries++;

	if (there > 0 && (unsigned char)column->definitions.data[entry] < there)
		return;
	page->value_count++;
	parquet_bounds_add(
	    &page->bounds, column->field.kind, parquet_column_next(column, &page->to));
}

static void
take_row(const struct parquet_column *column, struct parquet_page *page)
{
	page->rows++;
	do
		take_entry(column, page);
	while (column->field.kind == PARQUET_TEXTS &&
	       page->entry + page->entries < column->entries &&
	       column->repetitions.data[page->entry + page->entries] == 1);
}

bool
parquet_column_page(const struct parquet_column *column, struct parquet_page *page)
{
	*page = (struct parquet_page){
		.row = page->row + page->rows,
		.entry = page->entry + page->entries,
		.value = page->value + page->value_count,
		.from = page->to,
		.to = page->to,
	};
	if (page->row == column->rows)
		return false;
	while (page->row + page->rows < column->rows && page->rows < PARQUET_PAGE_ROWS &&
	       page->to - page->from < PARQUET_PAGE_BYTES)
		take_row(column, page);
	return true;
}
