/*
 * A line of a dataset, which may come from anywhere: a row without a fault is one that row_write
 * can write, and what it writes is the same row without a fault.
 */
#include "row_line.h"

#include "arena.h"
#include "buf.h"
#include "check.h"
#include "date.h"
#include "mem.h"
#include "scored_row.h"
#include "text.h"

#include <string.h>

/* A copy with just the padding that may be read. */
static char *
padded_copy(const uint8_t *data, size_t len)
{
	char *line = mem_new(len + JSONL_PADDING, 1);

	if (len > 0)
		memcpy(line, data, len);
	memset(line + len, '"', JSONL_PADDING);
	return line;
}

static struct slice
text_of(const struct jsonl_value *value, struct arena *arena)
{
	struct buf text = BUF_INIT;
	struct slice kept;

	if (value->kind != JSONL_STRING)
		return SLICE_NONE;
	buf_add_text(&text, "");
	jsonl_text(value, &text);
	kept = arena_dup(arena, buf_slice(&text));
	buf_free(&text);
	return kept;
}

static struct slice_list
list_of(const struct jsonl_value *value, struct arena *arena)
{
	struct slice_list list = { NULL, 0 };
	struct jsonl_value element;
	size_t count = 0;

	for (size_t at = 0; jsonl_next(value, &at, &element);)
		count++;
	list.items = arena_new(arena, count, sizeof(*list.items));
	for (size_t at = 0; jsonl_next(value, &at, &element);)
		list.items[list.count++] = text_of(&element, arena);
	return list;
}

static bool
has_source(const struct row_line *line, const char *name, struct arena *arena)
{
	struct slice_list sources = list_of(&line->values[ROW_SOURCES], arena);
	bool has = false;

	for (size_t i = 0; i < sources.count; i++)
		has = has || slice_is(sources.items[i], name);
	return has;
}

/* The row that a line without faults tells. */
static void
read_row(const struct row_line *line, struct row *row, struct arena *arena)
{
	const struct jsonl_value *values = line->values;
	struct slice id = text_of(&values[ROW_ID], arena);
	int64_t day = row_line_day(line);

	CHECK(id.len == DIGEST_HEX_SIZE - 1);
	*row = (struct row){
		.from_arxiv = has_source(line, "arxiv", arena),
		.from_semantic_scholar = has_source(line, "semantic_scholar", arena),
		.title = text_of(&values[ROW_TITLE], arena),
		.abstract = text_of(&values[ROW_ABSTRACT], arena),
		.authors = list_of(&values[ROW_AUTHORS], arena),
		.categories = list_of(&values[ROW_CATEGORIES], arena),
		.fields_of_study = list_of(&values[ROW_FIELDS_OF_STUDY], arena),
		.published = day == ROW_TIME_NONE ? day : day * DATE_DAY_SECONDS,
		.url = text_of(&values[ROW_URL], arena),
		.pdf_url = text_of(&values[ROW_PDF_URL], arena),
		.arxiv_id = text_of(&values[ROW_ARXIV_ID], arena),
		.doi = text_of(&values[ROW_DOI], arena),
		.citation_count = row_line_number(line, ROW_CITATION_COUNT),
		.influential_citation_count = row_line_number(line, ROW_INFLUENTIAL_CITATION_COUNT),
		.has_code = row_line_has(line, ROW_HAS_CODE),
		.code_url = text_of(&values[ROW_CODE_URL], arena),
		.venue = text_of(&values[ROW_VENUE], arena),
		.quality_score = row_line_score(line),
	};
	memcpy(row->id, id.data, id.len);
}

/* Values mean the same, however they are spelled. */
static void
check_same(const struct jsonl_value *a, const struct jsonl_value *b)
{
	struct buf left = BUF_INIT, right = BUF_INIT;

	CHECK(a->kind == b->kind);
	jsonl_copy(a, &left);
	jsonl_copy(b, &right);
	CHECK(slice_equal(buf_slice(&left), buf_slice(&right)));
	buf_free(&left);
	buf_free(&right);
}

/* A count may be spelled `-0`. */
static bool
is_count(size_t field)
{
	return field == ROW_CITATION_COUNT || field == ROW_INFLUENTIAL_CITATION_COUNT;
}

static void
check_rewritten(const struct row_line *line)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct jsonl_error error;
	struct row_line again;
	struct row row;

	read_row(line, &row, &arena);
	row_write(&row, &text);
	CHECK(memchr(text.data, '\n', text.len) == text.data + text.len - 1);
	text.len--;
	buf_reserve(&text, JSONL_PADDING);
	CHECK(row_line_parse(text.data, text.len, &again, &error) == 0);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		CHECK(row_line_fault(&again, i) == NULL);
		if (is_count(i))
			CHECK(row_line_number(&again, i) == row_line_number(line, i));
		else
			check_same(&line->values[i], &again.values[i]);
	}
	arena_free(&arena);
	buf_free(&text);
}

/* Each fault is one line for people; returns how many fields have one. */
static size_t
check_faults(const struct row_line *row)
{
	size_t lines = 0, faults = 0;
	struct log log = { check_sink, &lines, LOG_DETAIL };

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const char *fault = row_line_fault(row, i);

		if (fault == NULL)
			continue;
		faults++;
		row_line_refuse(row, i, fault, "rows.jsonl", 7, &log);
	}
	CHECK(lines == faults);
	return faults;
}

/* What the score is made of is what its five fields say, or one of them has a fault. */
static void
check_score(const struct row_line *row)
{
	struct score_input input;
	size_t field = ROW_FIELD_COUNT;
	const char *fault = scored_row_line_input(row, date_day(2026, 6, 19), &input, &field);
	double score;

	if (fault != NULL) {
		CHECK(row_line_fault(row, field) == fault);
		return;
	}
	score = score_of(&input).rounded;
	CHECK(input.citation_count >= 0 && input.influential_citation_count >= 0);
	CHECK(score >= 0 && score <= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *line = padded_copy(data, len);
	struct log log = { check_sink, NULL, LOG_DETAIL };
	struct row_line row;

	if (row_line_read((struct slice){ line, len }, "rows.jsonl", 1, &row, &log) == 0) {
		check_score(&row);
		if (check_faults(&row) == 0)
			check_rewritten(&row);
	}
	free(line);
	return 0;
}
