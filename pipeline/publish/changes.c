#include "changes.h"

#include "bounds.h"
#include "key_table.h"
#include "lines.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A file of rows has millions of them: where the old file has one takes 8 bytes. */
#define OFFSET_BITS 38
#define LEN_BITS 25
#define OFFSET_END (UINT64_C(1) << OFFSET_BITS)
#define LEN_END (1u << LEN_BITS)
/* So much of the old file is read again at once. */
#define WINDOW_BYTES ((size_t)128 << 10)
_Static_assert(BOUND_LINE_BYTES < LEN_END, "the length of a line fits");

struct place {
	uint64_t offset : OFFSET_BITS;
	uint64_t len : LEN_BITS;
	/* The new file has the paper too. */
	uint64_t seen : 1;
};

struct comparison {
	const struct changes_file *old;
	/* Ids as bytes: first those of the old file in its order, then those that were added. */
	struct key_table *ids;
	struct place *places;
	size_t old_count;
	size_t capacity;
	/* Where the old file ends; the part of it that was read again, where that begins, and a
	 * line that lies elsewhere. */
	uint64_t old_end;
	struct buf window;
	uint64_t window_from;
	struct buf stray;
	/* The line that is being written. */
	struct buf text;
	struct file_writer *out;
	struct changes *changes;
	struct field_changes *fields;
	const struct log *log;
};

/* The number of a row's id; KEY_NONE, logged, if that is none or stands in the same file already.
 */
static uint32_t
take_id(struct comparison *comparison, const struct lines *lines, const struct row_line *row)
{
	const char *fault = row_line_fault(row, ROW_ID);
	size_t known = key_table_count(comparison->ids);
	char id[DIGEST_BYTES];
	uint32_t number = KEY_NONE;

	if (fault == NULL) {
		buf_clear(&comparison->text);
		row_line_text(row, ROW_ID, &comparison->text);
		for (size_t i = 0; i < DIGEST_BYTES; i++)
			id[i] = (char)(text_digit(comparison->text.data[2 * i]) << 4 |
				       text_digit(comparison->text.data[2 * i + 1]));
		number = key_table_intern(comparison->ids, 0, (struct slice){ id, DIGEST_BYTES });
		if (number < known &&
		    (number >= comparison->old_count || comparison->places[number].seen == 1))
			fault = "stands in an earlier line already";
	}
	if (fault == NULL)
		return number;
	row_line_refuse(row, ROW_ID, fault, lines->name, lines->number, comparison->log);
	return KEY_NONE;
}

/* The next good row of a file and the number of its id: 1, 0 at the end, or -1. */
static int
next_row(struct comparison *comparison, struct lines *lines, struct field_changes_row *row,
    uint32_t *number)
{
	int more;

	while ((more = lines_next(lines, &row->line)) == 1) {
		if (text_trim(row->line).len == 0)
			continue;
		if (row_line_read(row->line, lines->name, lines->number, &row->values,
			comparison->log) == 0 &&
		    (*number = take_id(comparison, lines, &row->values)) != KEY_NONE)
			return 1;
		comparison->changes->refused++;
	}
	return more;
}

static int
index_old(struct comparison *comparison)
{
	struct field_changes_row row;
	struct lines lines;
	uint32_t number;
	int more;

	lines_init(&lines, comparison->old->fd, comparison->old->name, comparison->log);
	while ((more = next_row(comparison, &lines, &row, &number)) == 1) {
		if (lines.offset >= OFFSET_END) {
			log_error(comparison->log,
			    "%s: line %" PRIu64 ": lies beyond byte %" PRIu64, lines.name,
			    lines.number, OFFSET_END);
			more = -1;
			break;
		}
		comparison->places = mem_grow(comparison->places, &comparison->capacity,
		    (size_t)number + 1, sizeof(*comparison->places));
		comparison->places[number] = (struct place){
			.offset = lines.offset & (OFFSET_END - 1),
			.len = row.line.len & (LEN_END - 1),
		};
	}
	comparison->old_end = lines.offset;
	lines_free(&lines);
	comparison->old_count = key_table_count(comparison->ids);
	return more;
}

/* Read a part of the old file again. */
static int
read_again(const struct comparison *comparison, uint64_t offset, size_t len, struct buf *out)
{
	return lines_again(
	    comparison->old->fd, comparison->old->name, offset, len, out, comparison->log);
}

/* Move the window on, to begin with a line. */
static int
move_window(struct comparison *comparison, uint64_t offset)
{
	const uint64_t left = comparison->old_end - offset;

	comparison->window_from = offset;
	return read_again(comparison, offset, left < WINDOW_BYTES ? (size_t)left : WINDOW_BYTES,
	    &comparison->window);
}

/* Whether a line is best read with what follows it: it is next or close behind, as most are, for
 * most rows stand in the order of the new file. */
static bool
in_order(const struct comparison *comparison, const struct place *place)
{
	const uint64_t from = comparison->window_from, len = comparison->window.len;

	return place->len <= WINDOW_BYTES &&
	       (len == 0 || (place->offset >= from && place->offset < from + len + WINDOW_BYTES));
}

/* Read the line of a row of the old file again; it is borrowed until the next.  The window only
 * moves on, so in any order no part of the file is read into it more than twice. */
static int
read_line(struct comparison *comparison, size_t number, struct slice *line)
{
	const struct place *place = &comparison->places[number];
	const struct buf *window = &comparison->window;

	if (!in_order(comparison, place)) {
		if (read_again(comparison, place->offset, place->len, &comparison->stray) == -1)
			return -1;
		*line = buf_slice(&comparison->stray);
		return 0;
	}
	if (place->offset + place->len > comparison->window_from + window->len &&
	    move_window(comparison, place->offset) == -1)
		return -1;
	*line =
	    (struct slice){ window->data + (place->offset - comparison->window_from), place->len };
	return 0;
}

static int
parse_old(const struct comparison *comparison, struct field_changes_row *row)
{
	struct jsonl_error error;

	if (row_line_parse(row->line.data, row->line.len, &row->values, &error) == 0)
		return 0;
	log_error(comparison->log, "%s: changed while it was read", comparison->old->name);
	return -1;
}

static void
begin_change(struct buf *text, const char *change, const struct row_line *row)
{
	buf_clear(text);
	buf_printf(text, "{\"change\": \"%s\", \"id\": ", change);
	jsonl_copy(&row->values[ROW_ID], text);
	buf_add_text(text, ", \"arxiv_id\": ");
	jsonl_copy(&row->values[ROW_ARXIV_ID], text);
	buf_add_text(text, ", \"title\": ");
	jsonl_copy(&row->values[ROW_TITLE], text);
}

static void
end_change(struct comparison *comparison, uint64_t *count)
{
	struct buf shown = BUF_INIT;

	buf_add_char(&comparison->text, '}');
	/* People read this too. */
	text_show_json(buf_slice(&comparison->text), &shown);
	buf_add_char(&shown, '\n');
	file_writer_add(comparison->out, shown.data, shown.len);
	buf_free(&shown);
	++*count;
}

/* A row that both files have: 0, or -1. */
static int
compare_row(struct comparison *comparison, size_t number, const struct field_changes_row *new)
{
	struct field_changes_row old;
	size_t differences;

	comparison->places[number].seen = 1;
	if (read_line(comparison, number, &old.line) == -1)
		return -1;
	if (slice_equal(old.line, new->line))
		return 0;
	if (parse_old(comparison, &old) == -1)
		return -1;
	begin_change(&comparison->text, "changed", &new->values);
	buf_add_text(&comparison->text, ", \"fields\": ");
	differences = field_changes_write(comparison->fields, &old, new, &comparison->text);
	if (differences == 0)
		return 0;
	end_change(comparison, &comparison->changes->changed);
	comparison->changes->rescored +=
	    differences == 1 && !slice_equal(old.values.values[ROW_QUALITY_SCORE].raw,
				    new->values.values[ROW_QUALITY_SCORE].raw);
	return 0;
}

static int
compare_new(struct comparison *comparison, const struct changes_file *new)
{
	struct field_changes_row row;
	struct lines lines;
	uint32_t number;
	int more;

	lines_init(&lines, new->fd, new->name, comparison->log);
	while ((more = next_row(comparison, &lines, &row, &number)) == 1) {
		if (number >= comparison->old_count) {
			begin_change(&comparison->text, "added", &row.values);
			end_change(comparison, &comparison->changes->added);
		} else if (compare_row(comparison, number, &row) == -1) {
			more = -1;
			break;
		}
	}
	lines_free(&lines);
	return more;
}

static int
write_removed(struct comparison *comparison)
{
	struct field_changes_row row;

	for (size_t i = 0; i < comparison->old_count; i++) {
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): each old row has its own. */
		if (comparison->places[i].seen == 1)
			continue;
		if (read_line(comparison, i, &row.line) == -1 || parse_old(comparison, &row) == -1)
			return -1;
		begin_change(&comparison->text, "removed", &row.values);
		end_change(comparison, &comparison->changes->removed);
	}
	return 0;
}

int
changes_write(const struct changes_file *old, const struct changes_file *new,
    struct file_writer *out, struct changes *changes, struct field_changes *fields,
    const struct log *log)
{
	struct comparison comparison = {
		.old = old,
		.ids = key_table_new(),
		.window = BUF_INIT,
		.stray = BUF_INIT,
		.text = BUF_INIT,
		.out = out,
		.changes = changes,
		.fields = fields,
		.log = log,
	};
	int result = -1;

	*changes = (struct changes){ 0 };
	if ((old == NULL || index_old(&comparison) == 0) && compare_new(&comparison, new) == 0)
		result = write_removed(&comparison);
	key_table_free(comparison.ids);
	free(comparison.places);
	buf_free(&comparison.window);
	buf_free(&comparison.stray);
	buf_free(&comparison.text);
	return result;
}
