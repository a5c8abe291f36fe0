#include "paper_table.h"

#include "date.h"
#include "terminal.h"
#include "text.h"

#include <inttypes.h>

/* A title gets so much before another column does. */
#define TITLE_LEAST 24
/* More than that of a DOI or another id is cut. */
#define PAPER_COLUMNS 24
#define ID_DIGITS 12

enum column { COLUMN_SCORE, COLUMN_CITED, COLUMN_DATE, COLUMN_CODE, COLUMN_PAPER, COLUMN_COUNT };

static const char *const heads[COLUMN_COUNT] = { "score", "cited", "published", "code", "paper" };
/* Those that go first where there is no room. */
static const enum column expendable[] = { COLUMN_CODE, COLUMN_CITED, COLUMN_DATE, COLUMN_PAPER,
	COLUMN_SCORE };

struct table {
	size_t widths[COLUMN_COUNT];
	/* Of the title. */
	size_t rest;
	bool links;
	struct buf *out;
	struct buf text;
	struct buf shown;
};

/* A field as a terminal may have it. */
static void
show_field(struct table *table, const struct row_line *row, enum row_key field)
{
	buf_clear(&table->text);
	row_line_text(row, field, &table->text);
	text_show(buf_slice(&table->text), &table->shown);
}

/* The text of a cell, in table->shown. */
static void
show_cell(struct table *table, const struct row_line *row, enum column column)
{
	char day[DATE_DAY_SIZE];

	buf_clear(&table->shown);
	switch (column) {
	case COLUMN_SCORE:
		buf_printf(&table->shown, "%.4f", row_line_score(row));
		break;
	case COLUMN_CITED:
		buf_add_number(&table->shown, row_line_number(row, ROW_CITATION_COUNT));
		break;
	case COLUMN_DATE:
		if (row_line_day(row) != ROW_TIME_NONE) {
			date_day_write(row_line_day(row), day);
			buf_add_text(&table->shown, day);
		}
		break;
	case COLUMN_CODE:
		buf_add_text(&table->shown, row_line_has(row, ROW_HAS_CODE) ? "code" : "");
		break;
	case COLUMN_PAPER:
		if (row_line_has(row, ROW_ARXIV_ID)) {
			show_field(table, row, ROW_ARXIV_ID);
		} else if (row_line_has(row, ROW_DOI)) {
			show_field(table, row, ROW_DOI);
		} else {
			show_field(table, row, ROW_ID);
			table->shown.len = ID_DIGITS;
		}
		break;
	case COLUMN_COUNT:
		break;
	}
}

static int
parse(const struct best_row *best, struct row_line *row)
{
	struct jsonl_error error;

	return row_line_parse(best->line, best->len, row, &error);
}

/* How wide each column is, and what is left for the title. */
static void
measure(struct table *table, const struct best_rows *best, size_t columns)
{
	struct row_line row;
	size_t used = 0;

	for (int i = 0; i < COLUMN_COUNT; i++)
		table->widths[i] = strlen(heads[i]);
	for (size_t i = 0; i < best->count; i++) {
		if (parse(&best->rows[i], &row) == -1)
			continue;
		for (int c = 0; c < COLUMN_COUNT; c++) {
			size_t width;

			show_cell(table, &row, (enum column)c);
			width = terminal_width(buf_slice(&table->shown));
			if (width > table->widths[c])
				table->widths[c] = width;
		}
	}
	if (table->widths[COLUMN_PAPER] > PAPER_COLUMNS && columns != SIZE_MAX)
		table->widths[COLUMN_PAPER] = PAPER_COLUMNS;
	for (int i = 0; i < COLUMN_COUNT; i++)
		used += table->widths[i] + 2;
	for (int i = 0; i < COLUMN_COUNT && used + TITLE_LEAST > columns; i++) {
		used -= table->widths[expendable[i]] + 2;
		table->widths[expendable[i]] = 0;
	}
	table->rest = columns - used;
}

/* What stands in table->shown, cut, as a link if there is an address, and blanks up to a width. */
static void
write_cell(struct table *table, size_t width, const struct row_line *row, enum row_key address,
    bool right, bool fill)
{
	struct buf cut = BUF_INIT;
	size_t used = terminal_cut(buf_slice(&table->shown), width, &cut);

	for (size_t i = used; right && i < width; i++)
		buf_add_char(table->out, ' ');
	buf_clear(&table->text);
	if (table->links && row != NULL)
		row_line_text(row, address, &table->text);
	terminal_link(buf_slice(&table->text), buf_slice(&cut), table->out);
	for (size_t i = used; !right && fill && i < width; i++)
		buf_add_char(table->out, ' ');
	buf_free(&cut);
}

static void
write_line(struct table *table, const struct row_line *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (table->widths[i] == 0)
			continue;
		if (row == NULL) {
			buf_clear(&table->shown);
			buf_add_text(&table->shown, heads[i]);
		} else {
			show_cell(table, row, (enum column)i);
		}
		write_cell(table, table->widths[i],
		    i == COLUMN_CODE || i == COLUMN_PAPER ? row : NULL,
		    i == COLUMN_CODE ? ROW_CODE_URL : ROW_URL, i == COLUMN_CITED, true);
		buf_add_text(table->out, "  ");
	}
	buf_clear(&table->shown);
	if (row == NULL)
		buf_add_text(&table->shown, "title");
	else
		show_field(table, row, ROW_TITLE);
	write_cell(table, table->rest, row, ROW_URL, false, false);
	buf_add_char(table->out, '\n');
}

void
paper_table_write(const struct best_rows *best, size_t columns, bool links, struct buf *out)
{
	struct table table = { .links = links, .out = out };
	struct row_line row;

	measure(&table, best, columns);
	write_line(&table, NULL);
	for (size_t i = 0; i < best->count; i++)
		if (parse(&best->rows[i], &row) == 0)
			write_line(&table, &row);
	buf_free(&table.text);
	buf_free(&table.shown);
}
