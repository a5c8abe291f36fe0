#include "changes.h"

#include "jsonl.h"
#include "lines.h"
#include "mem.h"
#include "row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where the old file has a row. */
struct old_row {
	char id[DIGEST_HEX_SIZE];
	bool seen;
	uint64_t offset;
	size_t len;
};

struct old_file {
	int fd;
	const char *path;
	struct old_row *rows;
	size_t count;
	size_t capacity;
	/* The line that was read last. */
	struct buf line;
};

/* A row taken apart, its fields in the order of row_fields. */
struct fields {
	struct jsonl_value values[ROW_FIELD_COUNT];
};

enum { FIELD_ID = 0, FIELD_TITLE = 2, FIELD_ARXIV_ID = 10, FIELD_SCORE = ROW_FIELD_COUNT - 1 };

static int
take_apart(struct slice line, struct fields *fields, const char *path, uint64_t number,
    const struct log *log)
{
	struct slice keys[ROW_FIELD_COUNT];
	struct jsonl_error error = { .reason = "no id" };

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		keys[i] = slice_of(row_fields[i].key);
	if (jsonl_scan(line.data, line.len, keys, ROW_FIELD_COUNT, fields->values, &error) == 0 &&
	    fields->values[FIELD_ID].kind == JSONL_STRING &&
	    fields->values[FIELD_ID].raw.len == DIGEST_HEX_SIZE - 1)
		return 0;
	log_error(log, "%s: line %" PRIu64 ": %s", path, number, error.reason);
	return -1;
}

static int
old_order(const void *a, const void *b)
{
	return memcmp(
	    ((const struct old_row *)a)->id, ((const struct old_row *)b)->id, DIGEST_HEX_SIZE);
}

static int
offset_order(const void *a, const void *b)
{
	const struct old_row *left = a, *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

static int
index_old(struct old_file *old, const struct log *log)
{
	struct lines lines;
	struct slice line;
	struct fields fields;
	int more;

	lines_init(&lines, old->fd, old->path, log);
	while ((more = lines_next(&lines, &line)) == 1) {
		struct old_row *row;

		if (take_apart(line, &fields, old->path, lines.number, log) == -1)
			continue;
		old->rows = mem_grow(old->rows, &old->capacity, old->count + 1, sizeof(*old->rows));
		row = &old->rows[old->count++];
		*row = (struct old_row){ .offset = lines.offset, .len = line.len };
		memcpy(row->id, fields.values[FIELD_ID].raw.data, DIGEST_HEX_SIZE - 1);
	}
	lines_free(&lines);
	if (old->count > 0)
		qsort(old->rows, old->count, sizeof(*old->rows), old_order);
	return more;
}

static int
read_old(struct old_file *old, const struct old_row *row, const struct log *log)
{
	buf_clear(&old->line);
	buf_reserve(&old->line, row->len + JSONL_PADDING);
	if (file_read_at(old->fd, old->path, row->offset, old->line.data, row->len, log) == -1)
		return -1;
	old->line.len = row->len;
	memset(old->line.data + row->len, 0, JSONL_PADDING);
	return 0;
}

static void
begin_change(struct buf *text, const char *change, const struct fields *fields)
{
	buf_clear(text);
	buf_printf(text, "{\"change\": \"%s\", \"id\": ", change);
	jsonl_copy(&fields->values[FIELD_ID], text);
	buf_add_text(text, ", \"arxiv_id\": ");
	jsonl_copy(&fields->values[FIELD_ARXIV_ID], text);
	buf_add_text(text, ", \"title\": ");
	jsonl_copy(&fields->values[FIELD_TITLE], text);
}

static void
end_change(struct buf *text, struct file_writer *out)
{
	buf_add_text(text, "}\n");
	file_writer_add(out, text->data, text->len);
}

static bool
differs(const struct fields *old, const struct fields *new, size_t field)
{
	const struct jsonl_value *was = &old->values[field], *is = &new->values[field];

	return was->kind != is->kind || !slice_equal(was->raw, is->raw);
}

/* Add the fields that differ; how many do. */
static size_t
add_differences(struct buf *text, const struct fields *old, const struct fields *new)
{
	size_t differences = 0;

	buf_add_text(text, ", \"fields\": {");
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		if (!differs(old, new, i))
			continue;
		buf_printf(text, "%s\"%s\": {\"old\": ", differences++ == 0 ? "" : ", ",
		    row_fields[i].key);
		jsonl_copy(&old->values[i], text);
		buf_add_text(text, ", \"new\": ");
		jsonl_copy(&new->values[i], text);
		buf_add_char(text, '}');
	}
	buf_add_char(text, '}');
	return differences;
}

/* One row of the new file: 0, or -1. */
static int
compare_row(struct old_file *old, const struct fields *fields, struct slice line,
    struct file_writer *out, struct changes *changes, const struct log *log)
{
	struct old_row wanted = { 0 }, *row = NULL;
	struct buf text = BUF_INIT;
	struct fields before;
	size_t differences;
	int result = 0;

	memcpy(wanted.id, fields->values[FIELD_ID].raw.data, DIGEST_HEX_SIZE - 1);
	if (old->count > 0)
		row = bsearch(&wanted, old->rows, old->count, sizeof(*old->rows), old_order);
	if (row == NULL) {
		begin_change(&text, "added", fields);
		end_change(&text, out);
		changes->added++;
		goto out;
	}
	row->seen = true;
	result = read_old(old, row, log);
	if (result == 0 && !slice_equal(buf_slice(&old->line), line) &&
	    take_apart(buf_slice(&old->line), &before, old->path, 0, log) == 0) {
		begin_change(&text, "changed", fields);
		differences = add_differences(&text, &before, fields);
		if (differences > 0) {
			end_change(&text, out);
			changes->changed++;
			changes->rescored +=
			    differences == 1 && differs(&before, fields, FIELD_SCORE);
		}
	}
out:
	buf_free(&text);
	return result;
}

static int
write_removed(
    struct old_file *old, struct file_writer *out, struct changes *changes, const struct log *log)
{
	struct buf text = BUF_INIT;
	struct fields fields;
	int result = 0;

	if (old->count > 0)
		qsort(old->rows, old->count, sizeof(*old->rows), offset_order);
	for (size_t i = 0; i < old->count && result == 0; i++) {
		if (old->rows[i].seen)
			continue;
		result = read_old(old, &old->rows[i], log);
		if (result == -1 ||
		    take_apart(buf_slice(&old->line), &fields, old->path, 0, log) == -1)
			continue;
		begin_change(&text, "removed", &fields);
		end_change(&text, out);
		changes->removed++;
	}
	buf_free(&text);
	return result;
}

int
changes_write(const char *old_path, const char *new_path, struct file_writer *out,
    struct changes *changes, const struct log *log)
{
	struct old_file old = { .fd = -1, .path = old_path };
	int fd = file_open(new_path, log), result = -1, more = 0;
	struct lines lines;
	struct slice line;
	struct fields fields;

	*changes = (struct changes){ 0 };
	lines_init(&lines, fd, new_path, log);
	if (fd == -1)
		goto out;
	if (old_path != NULL &&
	    ((old.fd = file_open(old_path, log)) == -1 || index_old(&old, log) == -1))
		goto out;
	while ((more = lines_next(&lines, &line)) == 1)
		if (take_apart(line, &fields, new_path, lines.number, log) == -1 ||
		    compare_row(&old, &fields, line, out, changes, log) == -1)
			goto out;
	if (more == 0)
		result = write_removed(&old, out, changes, log);
out:
	lines_free(&lines);
	if (fd != -1)
		close(fd);
	if (old.fd != -1)
		close(old.fd);
	free(old.rows);
	buf_free(&old.line);
	return result;
}
