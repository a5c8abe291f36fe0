#include "date.h"
#include "output.h"
#include "parquet.h"

#define DAY_MILLISECONDS ((int64_t)1000 * DATE_DAY_SECONDS)

/* The kind of column for a type as the dataset cards spell it. */
static enum parquet_kind
kind_of(const char *type)
{
	static const struct {
		const char *type;
		enum parquet_kind kind;
	} kinds[] = {
		{ "list", PARQUET_TEXTS },
		{ "int64", PARQUET_INTEGER },
		{ "bool", PARQUET_BOOLEAN },
		{ "float64", PARQUET_REAL },
		{ "timestamp[s]", PARQUET_TIME },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (slice_is(slice_of(type), kinds[i].type))
			return kinds[i].kind;
	return PARQUET_TEXT;
}

static void
add_list(struct parquet_column *column, const struct jsonl_value *list, struct buf *decoded)
{
	struct jsonl_value element;
	bool first = true;

	for (size_t at = 0; jsonl_next(list, &at, &element); first = false)
		parquet_column_add_element(column, jsonl_decoded(&element, decoded), first);
	if (first)
		parquet_column_add_empty(column);
}

static void
add_value(
    struct parquet_column *column, const struct row_line *row, size_t field, struct buf *decoded)
{
	const struct jsonl_value *value = &row->values[field];

	if (value->kind == JSONL_NULL) {
		parquet_column_add_null(column);
		return;
	}
	switch (column->field.kind) {
	case PARQUET_TEXT:
		parquet_column_add_text(column, jsonl_decoded(value, decoded));
		break;
	case PARQUET_TEXTS:
		add_list(column, value, decoded);
		break;
	case PARQUET_INTEGER:
		parquet_column_add_integer(column, row_line_number(row, field));
		break;
	case PARQUET_BOOLEAN:
		parquet_column_add_boolean(column, value->kind == JSONL_TRUE);
		break;
	case PARQUET_REAL:
		parquet_column_add_real(column, row_line_score(row));
		break;
	case PARQUET_TIME:
		parquet_column_add_integer(column, row_line_day(row) * DAY_MILLISECONDS);
		break;
	}
}

int
output_parquet(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct parquet_field fields[ROW_FIELD_COUNT];
	struct buf decoded = BUF_INIT;
	struct parquet *parquet;
	struct row_reader reader;
	int more;

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		fields[i] = (struct parquet_field){ row_fields[i].key, kind_of(row_fields[i].type),
			row_fields[i].nullable };
	parquet = parquet_new(fields, ROW_FIELD_COUNT, out);
	output_rows(input, &reader, log);
	while ((more = row_reader_next(&reader)) == 1) {
		for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
			add_value(parquet_field_column(parquet, i), &reader.row, i, &decoded);
		parquet_end_row(parquet);
	}
	if (more == 0)
		parquet_finish(parquet);
	row_reader_free(&reader);
	parquet_free(parquet);
	buf_free(&decoded);
	return more;
}
