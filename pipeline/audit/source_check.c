#include "source_check.h"

#include "arena.h"
#include "doi.h"
#include "mem.h"
#include "row_check.h"
#include "scored_row.h"
#include "text.h"

#include <stdlib.h>

struct source_check {
	struct merge *merge;
	int64_t day;
	struct row_stats *stats;
	/* The paper that the next line should be. */
	size_t next;
	/* Papers that a line was, or that the topic leaves out. */
	bool *done;

	/* The paper made last, and the line that it gives; row is that taken apart. */
	size_t paper;
	bool left_out;
	struct row made;
	struct buf line;
	struct row_line row;
	struct merge_reader *reader;
	struct arena arena;
	struct buf code_url;

	/* For one field at a time. */
	struct buf stored;
	struct buf expected;
};

struct source_check *
source_check_new(struct merge *merge, int64_t day, struct row_stats *stats)
{
	struct source_check *check = mem_new(1, sizeof(*check));

	check->merge = merge;
	check->reader = merge_reader_new(merge);
	check->day = day;
	check->stats = stats;
	check->done = mem_new(merge_size(merge), sizeof(*check->done));
	check->paper = MERGE_PAPER_NONE;
	return check;
}

void
source_check_free(struct source_check *check)
{
	if (check == NULL)
		return;
	free(check->done);
	buf_free(&check->line);
	merge_reader_free(check->reader);
	arena_free(&check->arena);
	buf_free(&check->code_url);
	buf_free(&check->stored);
	buf_free(&check->expected);
	free(check);
}

/* Make the line that a paper gives. */
static int
make(struct source_check *check, size_t paper)
{
	int wanted;

	if (check->paper == paper)
		return 0;
	arena_clear(&check->arena);
	check->paper = MERGE_PAPER_NONE;
	wanted = merge_row(check->merge, paper, &check->made, check->reader, &check->arena);
	if (wanted == -1)
		return -1;
	check->paper = paper;
	check->left_out = wanted == 0;
	scored_row_complete(&check->made, check->day, &check->code_url);
	buf_clear(&check->line);
	row_write(&check->made, &check->line);
	/* Its newline is no part of it. */
	check->line.len--;
	jsonl_pad(&check->line);
	return 0;
}

/* Take the line that was made apart. */
static void
part(struct source_check *check)
{
	struct jsonl_error error;

	if (row_line_parse(check->line.data, check->line.len, &check->row, &error) == -1)
		check->row = (struct row_line){ 0 };
}

/* The line that was made is done with, and its paper's successor comes next. */
static void
pass(struct source_check *check)
{
	if (!check->done[check->paper] && !check->left_out)
		row_stats_add(check->stats, &check->made);
	check->done[check->paper] = true;
	check->next = check->paper + 1;
}

/* Make the line that should come next, if there is one; the topic's categories leave papers out. */
static int
make_next(struct source_check *check)
{
	while (check->next < merge_size(check->merge)) {
		if (make(check, check->next) == -1)
			return -1;
		if (!check->left_out)
			break;
		pass(check);
	}
	return 0;
}

static bool
same_field(struct source_check *check, const struct row_line *row, size_t field)
{
	struct slice stored = row_check_stored(row, field, &check->stored);
	struct slice expected = row_check_stored(&check->row, field, &check->expected);

	return slice_equal(stored, expected);
}

/* In how many fields a row is what was made. */
static size_t
likeness(struct source_check *check, const struct row_line *row)
{
	size_t same = 0;

	part(check);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		same += same_field(check, row, i);
	return same;
}

/* Whether a row stands at the place of the paper that comes next, and tells of it. */
static bool
is_in_place(struct source_check *check, const struct row_line *row)
{
	part(check);
	return (row_line_has(row, ROW_TITLE) && same_field(check, row, ROW_TITLE)) ||
	       (row_line_has(row, ROW_URL) && same_field(check, row, ROW_URL));
}

/* A DOI as the merge knows it. */
static void
fold_doi(struct buf *text)
{
	struct slice doi = doi_strip(buf_slice(text));

	if (doi.data != NULL)
		memmove(text->data, doi.data, doi.len);
	text->len = doi.len;
	(void)text_fold(buf_slice(text), text->data);
}

/* The paper that a field of a row names. */
static size_t
named(struct source_check *check, const struct row_line *row, enum row_key field)
{
	struct buf *text = &check->stored;

	buf_clear(text);
	if (row_line_fault(row, field) == NULL)
		row_line_text(row, field, text);
	if (field == ROW_DOI)
		fold_doi(text);
	if (text->len == 0)
		return MERGE_PAPER_NONE;
	if (field == ROW_ID)
		return merge_find_id(check->merge, buf_slice(text));
	return merge_find_key(
	    check->merge, field == ROW_DOI ? KEY_DOI : KEY_ARXIV, buf_slice(text));
}

/* The paper of a row that is not what should come next: of those that it could be the likeliest. */
static int
find(struct source_check *check, const struct row_line *row, size_t *paper)
{
	size_t papers[4], most = 0;
	size_t count = 0;

	*paper = MERGE_PAPER_NONE;
	papers[count++] = named(check, row, ROW_ID);
	papers[count++] = named(check, row, ROW_ARXIV_ID);
	papers[count++] = named(check, row, ROW_DOI);
	if (check->next < merge_size(check->merge) && is_in_place(check, row))
		papers[count++] = check->next;
	for (size_t i = 0; i < count; i++) {
		size_t like;

		if (papers[i] == MERGE_PAPER_NONE || papers[i] == *paper)
			continue;
		if (make(check, papers[i]) == -1)
			return -1;
		like = likeness(check, row);
		if (*paper == MERGE_PAPER_NONE || like > most) {
			*paper = papers[i];
			most = like;
		}
	}
	if (*paper == MERGE_PAPER_NONE)
		return 0;
	if (make(check, *paper) == -1)
		return -1;
	part(check);
	return 0;
}

/* Tell of each field of a row that is not what was made. */
static void
compare(struct source_check *check, const struct row_line *row, audit_fault_fn *tell, void *cookie)
{
	bool same = true;

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		if (same_field(check, row, i))
			continue;
		same = false;
		tell(cookie, &(struct audit_fault){ .field = row_fields[i].key,
				 .stored = row_check_stored(row, i, &check->stored),
				 .expected = buf_slice(&check->expected),
				 .reason = slice_of(row_line_fault(row, i)) });
	}
	if (same && row_check_key_order(row, tell, cookie))
		tell(cookie, &(struct audit_fault){ .field = "line",
				 .reason = SLICE_LITERAL("the bytes differ, the values do not") });
}

static void
tell_unknown(
    struct source_check *check, const struct row_line *row, audit_fault_fn *tell, void *cookie)
{
	tell(cookie,
	    &(struct audit_fault){ .field = row_fields[ROW_ID].key,
		.stored = row_check_stored(row, ROW_ID, &check->stored),
		.expected = SLICE_LITERAL("null"),
		.reason = SLICE_LITERAL("the sources have no such paper in this snapshot") });
}

int
source_check_next(struct source_check *check, struct slice line, size_t *paper, struct slice *id)
{
	if (make_next(check) == -1)
		return -1;
	if (check->next == merge_size(check->merge) || !slice_equal(line, buf_slice(&check->line)))
		return 0;
	*paper = check->next;
	*id = slice_of(check->made.id);
	pass(check);
	return 1;
}

int
source_check_row(struct source_check *check, struct slice line, const struct row_line *row,
    audit_fault_fn *tell, void *cookie, size_t *paper)
{
	if (find(check, row, paper) == -1)
		return -1;
	if (*paper == MERGE_PAPER_NONE || check->left_out) {
		*paper = MERGE_PAPER_NONE;
		tell_unknown(check, row, tell, cookie);
		return 0;
	}
	if (!slice_equal(line, buf_slice(&check->line)))
		compare(check, row, tell, cookie);
	pass(check);
	return 0;
}

int
source_check_end(struct source_check *check, audit_fault_fn *tell, void *cookie)
{
	for (size_t i = 0; i < merge_size(check->merge); i++) {
		if (check->done[i])
			continue;
		if (make(check, i) == -1)
			return -1;
		if (check->left_out)
			continue;
		part(check);
		tell(
		    cookie, &(struct audit_fault){ .id = slice_of(check->made.id),
				.arxiv_id = check->made.arxiv_id,
				.field = row_fields[ROW_ID].key,
				.expected = row_check_stored(&check->row, ROW_ID, &check->expected),
				.reason = SLICE_LITERAL("missing") });
		pass(check);
	}
	return 0;
}
