#ifndef FINESET_TEST_EXPLANATION_CASES_H
#define FINESET_TEST_EXPLANATION_CASES_H

/* Explanations that are made up, for the tests of what writes them. */

#include "date.h"
#include "explanation.h"
#include "scored_row.h"
#include "scratch.h"

static inline int64_t
a_day(const char *text)
{
	int64_t day;

	assert_int_equal(date_day_parse(slice_of(text), &day), 0);
	return day;
}

/* All that a row alone tells; ${line} is one of JSON. */
static inline void
explain_line(struct explanation *explanation, const char *line, struct arena *arena)
{
	size_t len = strlen(line);
	char *copy = arena_new(arena, len + JSONL_PADDING, 1);
	struct jsonl_error error;

	memcpy(copy, line, len);
	*explanation = (struct explanation){
		.asked = SLICE_LITERAL("asked"),
		.line = { copy, len },
		.number = 12,
		.path = SLICE_LITERAL("rows.jsonl"),
		.day = a_day("2026-06-19"),
		.day_told = true,
		.rank = 1,
		.tie = 1,
		.rows = 1,
		.full_until = EXPLANATION_DAY_NONE,
		.falls_from = EXPLANATION_DAY_NONE,
		.zero_from = EXPLANATION_DAY_NONE,
	};
	assert_int_equal(row_line_parse(copy, len, &explanation->row, &error), 0);
	explanation->fault = scored_row_line_input(
	    &explanation->row, explanation->day, &explanation->input, &explanation->fault_field);
	if (explanation->fault == NULL)
		explanation->score = score_of(&explanation->input);
}

/* A slice in a static initialiser. */
#define TEXT(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static struct explanation_change changes[] = {
	{ LEVER_CODE, 0, 0.65 },
	{ LEVER_VENUE, 0, 0.3537 },
	{ LEVER_CITATIONS, 26, 0.3578 },
	{ LEVER_INFLUENTIAL, 5, 0.3891 },
};

static size_t first[] = { 0 }, second[] = { 1 }, both[] = { 0, 1 };
static struct slice lost[] = { TEXT("\"Another\\u001b[m Title\"") };
static struct explanation_field fields[] = {
	{ ROW_TITLE, first, 1, second, 1, lost },
	{ ROW_AUTHORS, both, 2, NULL, 0, NULL },
	{ ROW_CATEGORIES, first, 1, NULL, 0, NULL },
	{ ROW_VENUE, NULL, 0, NULL, 0, NULL },
};

static struct merge_join arxiv_joins[] = {
	{ KEY_ARXIV, TEXT("2605.00001"), true, second, 1 },
	{ KEY_DOI, TEXT("10.1/in-conflict"), false, NULL, 0 },
};
static struct merge_join s2_joins[] = {
	{ KEY_ARXIV, TEXT("2605.00001"), true, first, 1 },
	{ KEY_CORPUS, TEXT("77"), true, NULL, 0 },
	{ KEY_PAPER, TEXT("0123456789012345678901234567890123456789"), false, NULL, 0 },
};
static struct merge_record records[] = {
	{ .source = SOURCE_ARXIV,
	    .fetched = 1750000000,
	    .file = "sources/arxiv.jsonl",
	    .offset = 4000,
	    .version = 2,
	    .corpus_id = SOURCE_NUMBER_NONE,
	    .row = { .title = TEXT("A Title"),
		.arxiv_id = TEXT("2605.00001"),
		.doi = TEXT("10.1/IN-conflict") },
	    .joins = arxiv_joins,
	    .join_count = COUNT(arxiv_joins) },
	{ .source = SOURCE_SEMANTIC_SCHOLAR,
	    .file = "sources/semantic_scholar.jsonl",
	    .corpus_id = 77,
	    .paper_id = TEXT("0123456789012345678901234567890123456789"),
	    .row = { .title = TEXT("Another\x1b[m Title") },
	    .joins = s2_joins,
	    .join_count = COUNT(s2_joins) },
	{ .source = SOURCE_ARXIV,
	    .file = "sources/arxiv.jsonl",
	    .version = 1,
	    .corpus_id = SOURCE_NUMBER_NONE,
	    .superseded = true,
	    .row = { .arxiv_id = TEXT("2605.00001") } },
};

static struct slice ids_in_conflict[] = { TEXT("2605.00001"), TEXT("2605.00002") };
static struct doi_conflict conflicts[] = {
	{ TEXT("10.1/in-conflict"), { ids_in_conflict, 2 }, 3, false },
	{ TEXT("10.1/joined"), { ids_in_conflict, 2 }, 2, true },
};

/* All that a dataset can tell of a row. */
static inline void
explain_all(
    struct explanation *explanation, struct explanation_moment history[3], struct arena *arena)
{
	explain_line(explanation,
	    "{\"id\": \"00\", \"title\": \"A Title\", \"arxiv_id\": \"2605.00001\", \"doi\": "
	    "\"10.1/x\", \"published_date\": \"2026-03-31T00:00:00\", \"citation_count\": 12, "
	    "\"influential_citation_count\": 3, \"has_code\": false, \"venue\": \"V\", "
	    "\"quality_score\": 0.5042}",
	    arena);
	explanation->id_text = SLICE_LITERAL("paper:arxiv:2605.00001");
	memcpy(explanation->id, "ab12", 5);
	explanation->score_reproduces = true;
	explanation->full_until = a_day("2026-05-30");
	explanation->falls_from = a_day("2026-05-31");
	explanation->zero_from = a_day("2027-09-22");
	explanation->changes = changes;
	explanation->change_count = COUNT(changes);
	explanation->rank = 2;
	explanation->tie = 3;
	explanation->rows = 9;
	explanation->has_sources = true;
	explanation->records = records;
	explanation->record_count = COUNT(records);
	explanation->fields = fields;
	explanation->field_count = COUNT(fields);
	explanation->code_from = "comment";
	explanation->code_address = true;
	explanation->conflicts = conflicts;
	explanation->conflict_count = COUNT(conflicts);
	history[0] = (struct explanation_moment){ .name = SLICE_LITERAL("2026-06-17"),
		.day = a_day("2026-06-17") };
	history[1] = (struct explanation_moment){ .name = SLICE_LITERAL("2026-06-18"),
		.day = a_day("2026-06-18"),
		.present = true,
		.stored_score = 0.25,
		.input = explanation->input,
		.score = explanation->score };
	history[2] = history[1];
	history[2].name = SLICE_LITERAL("2026-06-18.2");
	history[2].by_citations = history[2].by_influential = history[2].by_code = true;
	history[2].by_venue = history[2].by_age = history[2].by_date = true;
	explanation->history = history;
	explanation->history_count = 3;
}

#endif
