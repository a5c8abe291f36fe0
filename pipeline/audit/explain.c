#include "explain.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "code_link.h"
#include "digest.h"
#include "doi.h"
#include "levers.h"
#include "paper_id.h"
#include "scored_row.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

static struct slice
text_of(const struct row_line *row, enum row_key field, struct arena *arena)
{
	struct buf text = BUF_INIT;
	struct slice result = SLICE_NONE;

	if (row_line_has(row, field)) {
		row_line_text(row, field, &text);
		result = arena_dup(arena, buf_slice(&text));
	}
	buf_free(&text);
	return result;
}

/* A DOI in the form in which the merge knows it. */
static struct slice
lower_doi(struct slice doi, struct arena *arena)
{
	char folded[BOUND_DOI_BYTES];

	return arena_dup(arena, text_fold(doi_strip(doi), folded));
}

/* The paper of the sources that a stored row is about. */
static size_t
find_paper(struct merge *merge, const struct row_line *row, struct arena *arena)
{
	struct slice arxiv_id = text_of(row, ROW_ARXIV_ID, arena);
	struct slice doi = lower_doi(text_of(row, ROW_DOI, arena), arena);
	size_t paper;

	if (merge == NULL)
		return MERGE_PAPER_NONE;
	paper = merge_find_id(merge, text_of(row, ROW_ID, arena));
	if (paper == MERGE_PAPER_NONE && arxiv_id.data != NULL)
		paper = merge_find_key(merge, KEY_ARXIV, arxiv_id);
	if (paper == MERGE_PAPER_NONE && doi.data != NULL)
		paper = merge_find_key(merge, KEY_DOI, doi);
	return paper;
}

static void
set_id(struct explanation *explanation, struct merge *merge, size_t paper, struct arena *arena)
{
	const struct row_line *row = &explanation->row;
	struct buf text = BUF_INIT;
	unsigned char sha256[DIGEST_BYTES];
	struct digest *digest = digest_new();
	bool told = true;

	if (paper != MERGE_PAPER_NONE)
		merge_id_text(merge, paper, &text);
	else
		told = paper_id_text(
		    text_of(row, ROW_ARXIV_ID, arena), text_of(row, ROW_DOI, arena), &text);
	if (told) {
		digest_add(digest, text.data, text.len);
		digest_finish(digest, sha256);
		digest_hex(sha256, explanation->id);
		explanation->id_text = arena_dup(arena, buf_slice(&text));
		explanation->id_reproduces = slice_is(text_of(row, ROW_ID, arena), explanation->id);
	}
	digest_free(digest);
	buf_free(&text);
}

static void
set_score(struct explanation *explanation, struct arena *arena)
{
	const struct jsonl_value *stored = &explanation->row.values[ROW_QUALITY_SCORE];
	struct buf expected = BUF_INIT;

	explanation->fault = scored_row_line_input(
	    &explanation->row, explanation->day, &explanation->input, &explanation->fault_field);
	if (explanation->fault != NULL)
		return;
	explanation->score = score_of(&explanation->input);
	row_score_write(explanation->score.rounded, &expected);
	explanation->score_reproduces = slice_equal(stored->raw, buf_slice(&expected));
	buf_free(&expected);
	explanation->full_until = EXPLANATION_DAY_NONE;
	explanation->falls_from = EXPLANATION_DAY_NONE;
	explanation->zero_from = EXPLANATION_DAY_NONE;
	if (explanation->input.published_day != SCORE_DAY_UNKNOWN) {
		explanation->full_until = explanation->input.published_day + SCORE_FRESH_DAYS;
		explanation->falls_from = explanation->full_until + 1;
		explanation->zero_from = explanation->full_until + SCORE_FADE_DAYS;
	}
	levers_find(explanation, arena);
}

/* Place and tie among the scores that the rows say. */
static void
set_rank(struct explanation *explanation, const struct row_stats *stats)
{
	size_t place = row_stats_place(row_line_score(&explanation->row));

	explanation->rows = stats->records;
	explanation->tie = stats->scores[place];
	explanation->rank = 1;
	for (size_t i = place + 1; i < ROW_STATS_SCORES; i++)
		explanation->rank += stats->scores[i];
}

/* A complete row as the line that would stand in data.jsonl, taken apart; in the arena. */
static int
spell_row(struct row *row, int64_t day, struct row_line *spelled, struct arena *arena)
{
	struct buf line = BUF_INIT, code_url = BUF_INIT;
	struct jsonl_error error;
	size_t len;
	char *copy;

	scored_row_complete(row, day, &code_url);
	row->code_url = arena_dup(arena, row->code_url);
	row_write(row, &line);
	/* Without its newline. */
	len = line.len - 1;
	copy = arena_new(arena, len + JSONL_PADDING, 1);
	memcpy(copy, line.data, len);
	buf_free(&line);
	buf_free(&code_url);
	return row_line_parse(copy, len, spelled, &error);
}

/* Whether a record says anything of a field; only Semantic Scholar counts citations. */
static bool
says(const struct merge_record *record, const struct row_line *spelled, enum row_key field)
{
	if (field == ROW_CITATION_COUNT || field == ROW_INFLUENTIAL_CITATION_COUNT)
		return record->source == SOURCE_SEMANTIC_SCHOLAR;
	return row_line_has(spelled, field);
}

static struct slice
spelling(const struct row_line *row, enum row_key field, struct arena *arena)
{
	struct buf text = BUF_INIT;
	struct slice result;

	jsonl_copy(&row->values[field], &text);
	result = arena_dup(arena, buf_slice(&text));
	buf_free(&text);
	return result;
}

static void
set_field(struct explanation *explanation, enum row_key key, const struct row_line *spelled,
    size_t live, struct arena *arena)
{
	struct explanation_field *field = &explanation->fields[explanation->field_count];
	struct slice stored = spelling(&explanation->row, key, arena);

	*field = (struct explanation_field){
		.field = key,
		.suppliers = arena_new(arena, live, sizeof(*field->suppliers)),
		.losers = arena_new(arena, live, sizeof(*field->losers)),
		.lost = arena_new(arena, live, sizeof(*field->lost)),
	};
	for (size_t i = 0; i < live; i++) {
		struct slice own = spelling(&spelled[i], key, arena);

		if (!says(&explanation->records[i], &spelled[i], key))
			continue;
		if (slice_equal(own, stored)) {
			field->suppliers[field->supplier_count++] = i;
		} else {
			field->losers[field->loser_count] = i;
			field->lost[field->loser_count++] = own;
		}
	}
	if (field->supplier_count + field->loser_count > 0 || row_line_has(&explanation->row, key))
		explanation->field_count++;
}

/* Where each field comes from: each record is held against the row as if it were the only one. */
static int
set_fields(struct explanation *explanation, int64_t day, struct arena *arena)
{
	struct row_line *spelled = arena_new(arena, explanation->record_count, sizeof(*spelled));
	size_t live = 0;

	for (; live < explanation->record_count && !explanation->records[live].superseded; live++)
		if (spell_row(&explanation->records[live].row, day, &spelled[live], arena) == -1)
			return -1;
	explanation->fields = arena_new(arena, ROW_FIELD_COUNT, sizeof(*explanation->fields));
	for (int key = ROW_TITLE; key < ROW_QUALITY_SCORE; key++)
		set_field(explanation, (enum row_key)key, spelled, live, arena);
	return 0;
}

/* Whether comment or abstract tells of the code, and how. */
static int
set_code(struct explanation *explanation, struct merge *merge, size_t paper, struct arena *arena)
{
	struct buf url = BUF_INIT, commented = BUF_INIT;
	enum code_evidence whole, comment;
	struct row row;
	int result = merge_row(merge, paper, &row, NULL, arena);

	if (result != -1) {
		whole = code_link_find(row.comment, row.abstract, &url);
		comment = code_link_find(row.comment, SLICE_NONE, &commented);
		explanation->code_address = whole == CODE_ADDRESS;
		/* A comment may have an address, and the abstract one that is preferred to it. */
		if (whole != CODE_NONE)
			explanation->code_from =
			    whole == comment && slice_equal(buf_slice(&url), buf_slice(&commented))
				? "comment"
				: "abstract";
	}
	buf_free(&url);
	buf_free(&commented);
	return result == -1 ? -1 : 0;
}

static bool
names_doi(const struct explanation *explanation, struct slice doi)
{
	for (size_t i = 0; i < explanation->record_count; i++)
		for (size_t j = 0; j < explanation->records[i].join_count; j++)
			if (explanation->records[i].joins[j].key == KEY_DOI &&
			    slice_equal(explanation->records[i].joins[j].text, doi))
				return true;
	return false;
}

static bool
names_id(const struct doi_conflict *conflict, struct slice arxiv_id)
{
	for (size_t i = 0; i < conflict->arxiv_ids.count; i++)
		if (slice_equal(conflict->arxiv_ids.items[i], arxiv_id))
			return true;
	return false;
}

/* The conflicts that touched the paper: of the sources, else those that the manifest lists. */
static void
set_conflicts(const struct explain *explain, struct explanation *explanation, struct arena *arena)
{
	struct slice arxiv_id = text_of(&explanation->row, ROW_ARXIV_ID, arena);
	struct slice doi = lower_doi(text_of(&explanation->row, ROW_DOI, arena), arena);
	const struct doi_conflict *all = NULL;
	size_t count = 0;

	if (explain->merge != NULL)
		all = merge_conflicts(explain->merge, &count);
	else if (explain->subject->manifest != NULL)
		all = manifest_reading_conflicts(explain->subject->manifest, &count);
	explanation->conflicts = arena_new(arena, count, sizeof(*all));
	for (size_t i = 0; i < count; i++)
		if (names_doi(explanation, all[i].doi) || slice_equal(doi, all[i].doi) ||
		    names_id(&all[i], arxiv_id))
			explanation->conflicts[explanation->conflict_count++] = all[i];
}

static int
set_sources(const struct explain *explain, struct explanation *explanation, size_t paper,
    struct arena *arena)
{
	explanation->has_sources = explain->merge != NULL;
	if (paper == MERGE_PAPER_NONE)
		return 0;
	if (merge_records(explain->merge, paper, &explanation->records, &explanation->record_count,
		arena) == -1 ||
	    set_fields(explanation, explain->day, arena) == -1)
		return -1;
	return set_code(explanation, explain->merge, paper, arena);
}

int
explain_row(const struct explain *explain, struct explanation *explanation, struct arena *arena)
{
	struct jsonl_error error;
	size_t paper;

	explanation->path = slice_of(explain->subject->path);
	explanation->day = explain->day;
	explanation->day_told = explain->day_told;
	if (row_line_parse(
		explanation->line.data, explanation->line.len, &explanation->row, &error) == -1) {
		log_error(explain->log, "%s: line %" PRIu64 ": %s at byte %zu",
		    explain->subject->path, explanation->number, error.reason, error.offset);
		return -1;
	}
	paper = find_paper(explain->merge, &explanation->row, arena);
	set_id(explanation, explain->merge, paper, arena);
	set_score(explanation, arena);
	set_rank(explanation, explain->stats);
	if (set_sources(explain, explanation, paper, arena) == -1)
		return -1;
	set_conflicts(explain, explanation, arena);
	return 0;
}
