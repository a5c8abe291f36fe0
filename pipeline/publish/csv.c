#include "output.h"

#include "text.h"

/* Between the elements of a list. */
static const char separator[] = "; ";

/* One table in progress: a cell at a time. */
struct table {
	struct file_writer *out;
	struct buf cell;
	struct buf line;
};

/*
 * Whether a spreadsheet may run a cell: it begins, after white space or not, with a sign of a
 * formula, also of full width.  Apostrophes before that count as white space, so that the one that
 * write_text puts there can be told from one that was there: whoever takes one away from each cell
 * that begins so has what the row has.
 */
static bool
is_formula(struct slice cell)
{
	uint32_t rune;
	size_t step;

	for (size_t i = 0; i < cell.len; i += step) {
		step = text_decode(cell.data + i, cell.len - i, &rune);
		if (step == 0)
			return false;
		switch (rune) {
		case '\t':
		case '\r':
		case '=':
		case '+':
		case '-':
		case '@':
		case 0xff1d:
		case 0xff0b:
		case 0xff0d:
		case 0xff20:
			return true;
		default:
			if (rune != '\'' && !text_is_space(rune))
				return false;
		}
	}
	return false;
}

static void
write_text(struct table *table, struct slice cell)
{
	buf_add_char(&table->line, '"');
	if (is_formula(cell))
		buf_add_char(&table->line, '\'');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.data[i] == '"')
			buf_add_char(&table->line, '"');
		buf_add_char(&table->line, cell.data[i]);
	}
	buf_add_char(&table->line, '"');
}

static void
write_list(struct table *table, const struct jsonl_value *list)
{
	struct jsonl_value element;
	bool first = true;

	buf_clear(&table->cell);
	for (size_t i = 0; jsonl_next(list, &i, &element); first = false) {
		buf_add_text(&table->cell, first ? "" : separator);
		jsonl_text(&element, &table->cell);
	}
	if (!first)
		write_text(table, buf_slice(&table->cell));
}

/* Null and the empty list are an empty cell, an empty text is "". */
static void
write_cell(struct table *table, const struct jsonl_value *value)
{
	switch (value->kind) {
	case JSONL_STRING:
		buf_clear(&table->cell);
		jsonl_text(value, &table->cell);
		write_text(table, buf_slice(&table->cell));
		break;
	case JSONL_ARRAY:
		write_list(table, value);
		break;
	case JSONL_TRUE:
	case JSONL_FALSE:
	case JSONL_NUMBER:
		buf_add_slice(&table->line, value->raw);
		break;
	case JSONL_ABSENT:
	case JSONL_NULL:
	case JSONL_OBJECT:
		break;
	}
}

static void
end_line(struct table *table)
{
	buf_add_text(&table->line, "\r\n");
	file_writer_add(table->out, table->line.data, table->line.len);
	buf_clear(&table->line);
}

static void
write_header(struct table *table)
{
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		buf_printf(&table->line, "%s%s", i == 0 ? "" : ",", row_fields[i].key);
	end_line(table);
}

int
output_csv(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct table table = { .out = out };
	struct row_reader reader;
	int more;

	write_header(&table);
	output_rows(input, &reader, log);
	while ((more = row_reader_next(&reader)) == 1) {
		for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
			if (i > 0)
				buf_add_char(&table.line, ',');
			write_cell(&table, &reader.row.values[i]);
		}
		end_line(&table);
	}
	row_reader_free(&reader);
	buf_free(&table.cell);
	buf_free(&table.line);
	return more;
}
