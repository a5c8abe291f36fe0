#include "explanation.h"

#include "date.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>

/* The key of what comes next; the first of an object opens it. */
static void
write_key(struct buf *out, const char *key)
{
	char last = out->len == 0 ? '[' : out->data[out->len - 1];

	buf_printf(out, "%s\"%s\": ", last == '{' ? "" : ", ", key);
}

static void
write_text(struct buf *out, const char *key, struct slice text)
{
	struct buf shown = BUF_INIT;

	write_key(out, key);
	/* Only what was typed or is a path may be no UTF-8. */
	if (!text_is_utf8(text)) {
		text_show(text, &shown);
		text = buf_slice(&shown);
	}
	jsonl_write_string(text, out);
	buf_free(&shown);
}

static void
write_number(struct buf *out, const char *key, int64_t number)
{
	write_key(out, key);
	buf_printf(out, "%" PRId64, number);
}

/* As many digits as it takes to read the same double back. */
static void
write_double(struct buf *out, const char *key, double number)
{
	write_key(out, key);
	if (isfinite(number))
		buf_printf(out, "%.17g", number);
	else
		buf_add_text(out, "null");
}

static void
write_bool(struct buf *out, const char *key, bool value)
{
	write_key(out, key);
	buf_add_text(out, value ? "true" : "false");
}

static void
write_null(struct buf *out, const char *key)
{
	write_key(out, key);
	buf_add_text(out, "null");
}

static void
write_day(struct buf *out, const char *key, int64_t day)
{
	char text[DATE_DAY_SIZE];

	if (day == EXPLANATION_DAY_NONE) {
		write_null(out, key);
		return;
	}
	date_day_write(day, text);
	write_text(out, key, slice_of(text));
}

static void
write_stored(struct buf *out, const struct explanation *explanation, enum row_key field)
{
	write_key(out, "stored");
	jsonl_copy(&explanation->row.values[field], out);
}

static void
write_id(const struct explanation *explanation, struct buf *out)
{
	bool told = explanation->id_text.data != NULL;

	write_key(out, "id");
	buf_add_char(out, '{');
	write_stored(out, explanation, ROW_ID);
	write_text(out, "text", explanation->id_text);
	write_text(out, "sha256", told ? slice_of(explanation->id) : SLICE_NONE);
	if (told)
		write_bool(out, "reproduces", explanation->id_reproduces);
	else
		write_null(out, "reproduces");
	buf_add_char(out, '}');
}

static void
write_impact(const struct explanation *explanation, struct buf *out)
{
	const struct score *score = &explanation->score;

	write_key(out, "impact");
	buf_add_char(out, '{');
	write_number(out, "citation_count", explanation->input.citation_count);
	write_double(out, "citations_term", score->citation_impact);
	write_number(
	    out, "influential_citation_count", explanation->input.influential_citation_count);
	write_double(out, "influential_term", score->influential_impact);
	write_double(out, "value", score->impact);
	buf_add_char(out, '}');
}

static void
write_freshness(const struct explanation *explanation, struct buf *out)
{
	const struct score_input *input = &explanation->input;
	const struct score *score = &explanation->score;

	write_key(out, "freshness");
	buf_add_char(out, '{');
	write_double(out, "recency", score->recency);
	write_key(out, "weight");
	buf_add_char(out, '{');
	write_double(out, "base", SCORE_WEIGHT_BASE);
	write_double(out, "code", input->has_code ? SCORE_WEIGHT_CODE : 0);
	write_double(out, "venue", input->has_venue ? SCORE_WEIGHT_VENUE : 0);
	write_double(out, "value", score->weight);
	buf_add_char(out, '}');
	write_double(out, "value", score->freshness);
	buf_add_char(out, '}');
}

static void
write_winner(const struct score *score, struct buf *out)
{
	if (score->impact > score->freshness)
		write_text(out, "winner", SLICE_LITERAL("impact"));
	else if (score->freshness > score->impact)
		write_text(out, "winner", SLICE_LITERAL("freshness"));
	else
		write_null(out, "winner");
}

/* What can be said of a score that cannot be computed. */
static void
write_no_score(const struct explanation *explanation, struct buf *out)
{
	static const char *const unknown[] = { "winner", "impact", "freshness", "exact", "age_days",
		"full_until", "falls_from", "zero_from" };

	write_null(out, "expected");
	write_null(out, "reproduces");
	write_key(out, "fault");
	buf_add_char(out, '{');
	write_text(out, "field", slice_of(row_fields[explanation->fault_field].key));
	write_text(out, "reason", slice_of(explanation->fault));
	buf_add_char(out, '}');
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		write_null(out, unknown[i]);
}

static void
write_score_parts(const struct explanation *explanation, struct buf *out)
{
	const struct score *score = &explanation->score;

	write_key(out, "expected");
	row_score_write(score->rounded, out);
	write_bool(out, "reproduces", explanation->score_reproduces);
	write_null(out, "fault");
	write_winner(score, out);
	write_impact(explanation, out);
	write_freshness(explanation, out);
	write_double(out, "exact", score->exact);
	if (score->age_days < 0)
		write_null(out, "age_days");
	else
		write_number(out, "age_days", score->age_days);
	write_day(out, "full_until", explanation->full_until);
	write_day(out, "falls_from", explanation->falls_from);
	write_day(out, "zero_from", explanation->zero_from);
}

static void
write_score(const struct explanation *explanation, struct buf *out)
{
	write_key(out, "score");
	buf_add_char(out, '{');
	write_stored(out, explanation, ROW_QUALITY_SCORE);
	if (explanation->fault != NULL)
		write_no_score(explanation, out);
	else
		write_score_parts(explanation, out);
	buf_add_char(out, '}');
}

static void
write_levers(const struct explanation *explanation, struct buf *out)
{
	write_key(out, "levers");
	buf_add_char(out, '[');
	for (size_t i = 0; i < explanation->change_count; i++) {
		const struct explanation_change *change = &explanation->changes[i];

		buf_add_text(out, i == 0 ? "{" : ", {");
		write_text(out, "lever", slice_of(explanation_lever_name(change->lever)));
		if (change->lever == LEVER_CODE || change->lever == LEVER_VENUE)
			write_null(out, "at");
		else if (change->lever == LEVER_AGE)
			write_day(out, "at", change->at);
		else
			write_number(out, "at", change->at);
		write_key(out, "score");
		row_score_write(change->score, out);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

/* Numbers of records, which people count from 1. */
static void
write_numbers(struct buf *out, const char *key, const size_t *numbers, size_t count)
{
	write_key(out, key);
	buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%zu", i == 0 ? "" : ", ", numbers[i] + 1);
	buf_add_char(out, ']');
}

static void
write_fields(const struct explanation *explanation, struct buf *out)
{
	write_key(out, "fields");
	buf_add_char(out, '{');
	for (size_t i = 0; i < explanation->field_count; i++) {
		const struct explanation_field *field = &explanation->fields[i];

		write_key(out, row_fields[field->field].key);
		buf_add_char(out, '{');
		write_numbers(out, "from", field->suppliers, field->supplier_count);
		write_key(out, "lost");
		buf_add_char(out, '[');
		for (size_t j = 0; j < field->loser_count; j++) {
			buf_add_text(out, j == 0 ? "{" : ", {");
			write_number(out, "record", (int64_t)field->losers[j] + 1);
			write_key(out, "value");
			buf_add_slice(out, field->lost[j]);
			buf_add_char(out, '}');
		}
		buf_add_text(out, "]}");
	}
	buf_add_char(out, '}');
}

static void
write_code(const struct explanation *explanation, struct buf *out)
{
	if (explanation->code_from == NULL) {
		write_null(out, "code");
		return;
	}
	write_key(out, "code");
	buf_add_char(out, '{');
	write_text(out, "from", slice_of(explanation->code_from));
	write_text(out, "by",
	    explanation->code_address ? SLICE_LITERAL("address") : SLICE_LITERAL("statement"));
	buf_add_char(out, '}');
}

static void
write_joins(const struct merge_record *record, struct buf *out)
{
	static const char *const names[] = {
		[KEY_ARXIV] = "arxiv_id",
		[KEY_DOI] = "doi",
		[KEY_CORPUS] = "corpus_id",
		[KEY_PAPER] = "paper_id",
	};

	write_key(out, "keys");
	buf_add_char(out, '[');
	for (size_t i = 0; i < record->join_count; i++) {
		const struct merge_join *join = &record->joins[i];

		buf_add_text(out, i == 0 ? "{" : ", {");
		write_text(out, "key", slice_of(names[join->key]));
		write_text(out, "text", join->text);
		write_bool(out, "joins", join->joins);
		write_numbers(out, "with", join->with, join->with_count);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void
write_record(const struct merge_record *record, size_t number, struct buf *out)
{
	char fetched[DATE_TIME_SIZE];

	write_number(out, "number", (int64_t)number);
	write_text(out, "source", slice_of(source_name(record->source)));
	write_text(out, "arxiv_id", record->row.arxiv_id);
	if (record->version > 0)
		write_number(out, "version", record->version);
	else
		write_null(out, "version");
	write_text(out, "doi", record->row.doi);
	write_text(out, "paper_id", record->paper_id);
	if (record->corpus_id == SOURCE_NUMBER_NONE)
		write_null(out, "corpus_id");
	else
		write_number(out, "corpus_id", record->corpus_id);
	write_text(out, "title", record->row.title);
	if (record->fetched != 0)
		date_time_write(record->fetched, fetched);
	write_text(out, "fetched", record->fetched == 0 ? SLICE_NONE : slice_of(fetched));
	write_text(out, "file", slice_of(record->file));
	write_number(out, "offset", (int64_t)record->offset);
	write_bool(out, "superseded", record->superseded);
	write_joins(record, out);
}

static void
write_records(const struct explanation *explanation, struct buf *out)
{
	if (!explanation->has_sources) {
		write_null(out, "fields");
		write_null(out, "code");
		write_null(out, "records");
		return;
	}
	write_fields(explanation, out);
	write_code(explanation, out);
	write_key(out, "records");
	buf_add_char(out, '[');
	for (size_t i = 0; i < explanation->record_count; i++) {
		buf_add_text(out, i == 0 ? "{" : ", {");
		write_record(&explanation->records[i], i + 1, out);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void
write_conflicts(const struct explanation *explanation, struct buf *out)
{
	write_key(out, "conflicts");
	buf_add_char(out, '[');
	for (size_t i = 0; i < explanation->conflict_count; i++) {
		const struct doi_conflict *conflict = &explanation->conflicts[i];

		buf_add_text(out, i == 0 ? "{" : ", {");
		write_text(out, "doi", conflict->doi);
		write_key(out, "arxiv_ids");
		jsonl_write_strings(conflict->arxiv_ids, out);
		write_number(out, "records", (int64_t)conflict->records);
		write_bool(out, "joined", conflict->joined);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

/* Names of what moved a score: those of the levers, and the date of publication. */
static void
write_causes(const struct explanation_moment *moment, struct buf *out)
{
	const struct {
		bool moved;
		const char *name;
	} causes[] = {
		{ moment->by_citations, explanation_lever_name(LEVER_CITATIONS) },
		{ moment->by_influential, explanation_lever_name(LEVER_INFLUENTIAL) },
		{ moment->by_code, explanation_lever_name(LEVER_CODE) },
		{ moment->by_venue, explanation_lever_name(LEVER_VENUE) },
		{ moment->by_age, explanation_lever_name(LEVER_AGE) },
		{ moment->by_date, row_fields[ROW_PUBLISHED_DATE].key },
	};
	const char *between = "";

	write_key(out, "moved_by");
	buf_add_char(out, '[');
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (!causes[i].moved)
			continue;
		buf_printf(out, "%s\"%s\"", between, causes[i].name);
		between = ", ";
	}
	buf_add_char(out, ']');
}

static void
write_moment(const struct explanation_moment *moment, struct buf *out)
{
	write_text(out, "snapshot", moment->name);
	write_day(out, "as_of", moment->day);
	write_bool(out, "present", moment->present);
	if (!moment->present)
		return;
	write_double(out, row_fields[ROW_QUALITY_SCORE].key, moment->stored_score);
	write_key(out, "expected");
	row_score_write(moment->score.rounded, out);
	write_number(out, "citation_count", moment->input.citation_count);
	write_number(out, "influential_citation_count", moment->input.influential_citation_count);
	write_bool(out, "has_code", moment->input.has_code);
	write_bool(out, "has_venue", moment->input.has_venue);
	write_day(out, "published", moment->input.published_day);
	write_causes(moment, out);
}

static void
write_history(const struct explanation *explanation, struct buf *out)
{
	write_key(out, "history");
	buf_add_char(out, '[');
	for (size_t i = 0; i < explanation->history_count; i++) {
		buf_add_text(out, i == 0 ? "{" : ", {");
		write_moment(&explanation->history[i], out);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void
explanation_json_write(const struct explanation *explanation, struct buf *out)
{
	struct buf json = BUF_INIT;

	buf_add_char(&json, '{');
	write_text(&json, "asked", explanation->asked);
	write_text(&json, "file", explanation->path);
	write_number(&json, "line", (int64_t)explanation->number);
	write_day(&json, "as_of", explanation->day);
	write_bool(&json, "as_of_told", explanation->day_told);
	write_key(&json, "row");
	buf_add_slice(&json, text_trim(explanation->line));
	write_id(explanation, &json);
	write_score(explanation, &json);
	write_number(&json, "rank", (int64_t)explanation->rank);
	write_number(&json, "tie", (int64_t)explanation->tie);
	write_number(&json, "rows", (int64_t)explanation->rows);
	write_levers(explanation, &json);
	write_records(explanation, &json);
	write_conflicts(explanation, &json);
	write_history(explanation, &json);
	buf_add_char(&json, '}');
	/* The row may hold what a terminal acts on. */
	text_show_json(buf_slice(&json), out);
	buf_add_char(out, '\n');
	buf_free(&json);
}
