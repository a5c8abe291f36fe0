#include "explanation.h"

#include "date.h"
#include "paragraph.h"
#include "text.h"

#include <inttypes.h>

/* Where the text of a section begins, behind its name. */
#define INDENT 15
/* What hangs from a line of a section. */
#define HANGING (INDENT + 2)
/* So many bytes of a title, of another value from outside, and of one that lost, are shown. */
#define TITLE_BYTES 300
#define VALUE_BYTES 120
#define LOST_BYTES 60

/* What a person reads, section by section. */
struct page {
	struct buf *out;
	/* The line that is being written. */
	struct buf line;
	/* The name of the section, until its first line is out. */
	const char *section;
};

static void
begin(struct page *page, const char *section)
{
	page->section = section;
}

/* A line of the section is complete. */
static void
end_line(struct page *page)
{
	buf_printf(page->out, "%-*s", INDENT, page->section == NULL ? "" : page->section);
	paragraph_write(buf_slice(&page->line), INDENT, HANGING, page->out);
	page->section = NULL;
	buf_clear(&page->line);
}

/* A value from outside, cut. */
static void
show(struct page *page, struct slice text, size_t most)
{
	size_t len = text.len;

	if (len > most)
		for (len = most; len > 0 && ((unsigned char)text.data[len] & 0xc0) == 0x80;)
			len--;
	text_show((struct slice){ text.data, len }, &page->line);
	if (len < text.len)
		buf_add_text(&page->line, "...");
}

static void
show_field(struct page *page, const struct explanation *explanation, enum row_key field)
{
	struct buf text = BUF_INIT;

	row_line_text(&explanation->row, field, &text);
	show(page, buf_slice(&text), field == ROW_TITLE ? TITLE_BYTES : VALUE_BYTES);
	buf_free(&text);
}

/* A stored value as its JSON. */
static void
show_stored(struct page *page, const struct explanation *explanation, enum row_key field)
{
	const struct jsonl_value *value = &explanation->row.values[field];

	if (value->kind == JSONL_STRING)
		show_field(page, explanation, field);
	else
		show(page, value->kind == JSONL_ABSENT ? SLICE_LITERAL("nothing") : value->raw,
		    VALUE_BYTES);
}

static void
add_day(struct page *page, int64_t day)
{
	char text[DATE_DAY_SIZE];

	date_day_write(day, text);
	buf_add_text(&page->line, text);
}

static void
write_head(struct page *page, const struct explanation *explanation)
{
	const char *between = "";

	if (row_line_has(&explanation->row, ROW_TITLE))
		show_field(page, explanation, ROW_TITLE);
	else
		buf_add_text(&page->line, "(no title)");
	paragraph_write(buf_slice(&page->line), 0, 0, page->out);
	buf_clear(&page->line);
	begin(page, "paper");
	if (row_line_has(&explanation->row, ROW_ARXIV_ID)) {
		buf_add_text(&page->line, "arXiv ");
		show_field(page, explanation, ROW_ARXIV_ID);
		between = ", ";
	}
	if (row_line_has(&explanation->row, ROW_DOI)) {
		buf_printf(&page->line, "%sDOI ", between);
		show_field(page, explanation, ROW_DOI);
	}
	if (page->line.len > 0)
		end_line(page);
	buf_printf(&page->line, "line %" PRIu64 " of ", explanation->number);
	text_show(explanation->path, &page->line);
	buf_add_text(&page->line, ", as of ");
	add_day(page, explanation->day);
	buf_add_text(&page->line, explanation->day_told ? "" : ", the date that its scores tell");
	end_line(page);
}

static void
write_winner(struct page *page, const struct score *score)
{
	if (score->impact > score->freshness)
		buf_add_text(&page->line, "; impact won");
	else if (score->freshness > score->impact)
		buf_add_text(&page->line, "; freshness won");
	else
		buf_add_text(&page->line, "; impact and freshness are equal");
}

static void
write_stored_score(struct page *page, const struct explanation *explanation)
{
	begin(page, row_fields[ROW_QUALITY_SCORE].key);
	show_stored(page, explanation, ROW_QUALITY_SCORE);
	if (explanation->fault != NULL) {
		buf_printf(&page->line, ", which cannot be told: %s: %s",
		    row_fields[explanation->fault_field].key, explanation->fault);
	} else if (explanation->score_reproduces) {
		buf_add_text(&page->line, ", reproduces");
		write_winner(page, &explanation->score);
	} else {
		buf_add_text(&page->line, ", DOES NOT REPRODUCE: expected ");
		row_score_write(explanation->score.rounded, &page->line);
		write_winner(page, &explanation->score);
	}
	end_line(page);
	buf_printf(&page->line, "rank %" PRIu64 " of %" PRIu64 " rows, ", explanation->rank,
	    explanation->rows);
	if (explanation->tie > 1)
		buf_printf(&page->line, "%" PRIu64 " of them with this score", explanation->tie);
	else
		buf_add_text(&page->line, "the only one with this score");
	end_line(page);
}

static void
write_id(struct page *page, const struct explanation *explanation)
{
	begin(page, row_fields[ROW_ID].key);
	show_stored(page, explanation, ROW_ID);
	end_line(page);
	if (explanation->id_text.data == NULL) {
		buf_add_text(&page->line, "the row alone does not tell: no arXiv id, no DOI");
	} else {
		buf_add_text(&page->line, "= SHA-256 of ");
		show(page, explanation->id_text, TITLE_BYTES);
		buf_add_text(&page->line,
		    explanation->id_reproduces ? ", reproduces" : ", DOES NOT REPRODUCE: it is");
	}
	end_line(page);
	if (explanation->id_text.data != NULL && !explanation->id_reproduces) {
		buf_add_text(&page->line, explanation->id);
		end_line(page);
	}
}

static void
write_impact(struct page *page, const struct explanation *explanation)
{
	const struct score *score = &explanation->score;

	begin(page, "impact");
	buf_printf(&page->line, "%.6g%s = the larger of", score->impact,
	    score->impact > 1 ? " (it counts as 1)" : "");
	end_line(page);
	buf_printf(&page->line, "citations: log10(%" PRId64 " + 1) / %d = %.6g",
	    explanation->input.citation_count, SCORE_CITATION_DECADES, score->citation_impact);
	end_line(page);
	buf_printf(&page->line, "influential: log10(%" PRId64 " + 1) / %d = %.6g",
	    explanation->input.influential_citation_count, SCORE_INFLUENTIAL_DECADES,
	    score->influential_impact);
	end_line(page);
}

static void
write_recency(struct page *page, const struct explanation *explanation)
{
	const struct score *score = &explanation->score;

	if (score->age_days < 0) {
		buf_add_text(&page->line, "no date of publication: recency 0");
		end_line(page);
		return;
	}
	buf_printf(&page->line, "age %" PRId64 " day%s: recency %.6g", score->age_days,
	    score->age_days == 1 ? "" : "s", score->recency);
	if (score->recency > 0 && score->recency < 1)
		buf_printf(&page->line, " = 1 - (%" PRId64 " - %d) / %d", score->age_days,
		    SCORE_FRESH_DAYS, SCORE_FADE_DAYS);
	end_line(page);
	buf_add_text(&page->line, "1 until ");
	add_day(page, explanation->full_until);
	buf_add_text(&page->line, ", falls from ");
	add_day(page, explanation->falls_from);
	buf_add_text(&page->line, ", 0 from ");
	add_day(page, explanation->zero_from);
	end_line(page);
}

static void
write_freshness(struct page *page, const struct explanation *explanation)
{
	const struct score_input *input = &explanation->input;

	begin(page, "freshness");
	buf_printf(&page->line, "recency %.6g x (%.2f + %.2f code + %.2f venue) = %.6g",
	    explanation->score.recency, SCORE_WEIGHT_BASE, input->has_code ? SCORE_WEIGHT_CODE : 0,
	    input->has_venue ? SCORE_WEIGHT_VENUE : 0, explanation->score.freshness);
	end_line(page);
	write_recency(page, explanation);
}

static void
write_levers(struct page *page, const struct explanation *explanation)
{
	begin(page, "would change");
	for (size_t i = 0; i < explanation->change_count; i++) {
		const struct explanation_change *change = &explanation->changes[i];
		/* Both are multiples of 1 / 10000. */
		bool matters = change->score > explanation->score.rounded ||
			       change->score < explanation->score.rounded;

		if (matters)
			row_score_write(change->score, &page->line);
		else
			buf_add_text(&page->line, "nothing");
		if (change->lever == LEVER_CODE)
			buf_add_text(&page->line, " if its code were out");
		else if (change->lever == LEVER_VENUE)
			buf_add_text(&page->line, " if it had a venue");
		else if (change->lever == LEVER_CITATIONS)
			buf_printf(&page->line, " from %" PRId64 " citations on", change->at);
		else if (change->lever == LEVER_INFLUENTIAL)
			buf_printf(
			    &page->line, " from %" PRId64 " influential citations on", change->at);
		if (change->lever == LEVER_AGE) {
			buf_add_text(&page->line, " by age alone from ");
			add_day(page, change->at);
			buf_add_text(&page->line, " on");
		}
		end_line(page);
	}
}

static void
add_numbers(struct page *page, const size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(&page->line, "%s%zu", i == 0 ? "" : ", ", numbers[i] + 1);
}

static bool
same_suppliers(const struct explanation_field *a, const struct explanation_field *b)
{
	return a->supplier_count == b->supplier_count &&
	       (a->supplier_count == 0 || memcmp(a->suppliers, b->suppliers,
					      a->supplier_count * sizeof(*a->suppliers)) == 0);
}

static void
add_suppliers(struct page *page, const struct explanation_field *field)
{
	if (field->supplier_count == 0)
		buf_add_text(&page->line, "from no record: ");
	else
		buf_printf(&page->line, "from record%s ", field->supplier_count == 1 ? "" : "s");
	add_numbers(page, field->suppliers, field->supplier_count);
	buf_add_text(&page->line, field->supplier_count == 0 ? "" : ": ");
}

/* The fields with the same origin in one line. */
static void
write_origins(struct page *page, const struct explanation *explanation)
{
	const struct explanation_field *fields = explanation->fields;

	for (size_t i = 0; i < explanation->field_count; i++) {
		bool told = false;

		for (size_t j = 0; j < i && !told; j++)
			told = same_suppliers(&fields[j], &fields[i]);
		if (told)
			continue;
		add_suppliers(page, &fields[i]);
		for (size_t j = i; j < explanation->field_count; j++)
			if (same_suppliers(&fields[i], &fields[j]))
				buf_printf(&page->line, "%s%s", j == i ? "" : ", ",
				    row_fields[fields[j].field].key);
		end_line(page);
	}
}

static void
write_fields(struct page *page, const struct explanation *explanation)
{
	begin(page, "fields");
	write_origins(page, explanation);
	for (size_t i = 0; i < explanation->field_count; i++) {
		const struct explanation_field *field = &explanation->fields[i];

		for (size_t j = 0; j < field->loser_count; j++) {
			buf_printf(&page->line, "%s: record %zu lost with ",
			    row_fields[field->field].key, field->losers[j] + 1);
			show(page, field->lost[j], LOST_BYTES);
			end_line(page);
		}
	}
}

static void
write_code(struct page *page, const struct explanation *explanation)
{
	if (explanation->code_from == NULL)
		return;
	begin(page, "code");
	buf_printf(&page->line, "%s in the %s",
	    explanation->code_address ? "an address" : "a statement", explanation->code_from);
	end_line(page);
}

static void
write_join(struct page *page, const struct merge_join *join, size_t self)
{
	static const char *const names[] = {
		[KEY_ARXIV] = "arXiv id",
		[KEY_DOI] = "DOI",
		[KEY_CORPUS] = "CorpusId",
	};
	size_t count = 0;

	if (join->key == KEY_PAPER)
		return;
	/* The record before has told of those behind it. */
	while (count < join->with_count && join->with[count] < self)
		count++;
	if (join->joins && count > 0) {
		buf_add_text(&page->line, "joined to ");
		add_numbers(page, join->with, count);
		buf_printf(&page->line, " by %s ", names[join->key]);
		show(page, join->text, VALUE_BYTES);
		end_line(page);
	} else if (!join->joins && join->key == KEY_DOI) {
		buf_add_text(&page->line, "DOI ");
		show(page, join->text, VALUE_BYTES);
		buf_add_text(&page->line, " joins nothing: it is in conflict");
		end_line(page);
	}
}

static void
write_record(struct page *page, const struct merge_record *record, size_t self)
{
	char fetched[DATE_TIME_SIZE];

	buf_printf(&page->line, "%zu: %s ", self + 1, source_title(record->source));
	show(page, record->source == SOURCE_ARXIV ? record->row.arxiv_id : record->paper_id,
	    VALUE_BYTES);
	if (record->version > 0)
		buf_printf(&page->line, "v%d", record->version);
	if (record->corpus_id != SOURCE_NUMBER_NONE)
		buf_printf(&page->line, " CorpusId %" PRId64, record->corpus_id);
	if (record->fetched != 0) {
		date_time_write(record->fetched, fetched);
		buf_printf(&page->line, ", fetched %s", fetched);
	}
	buf_add_text(&page->line, record->superseded ? ", superseded" : "");
	end_line(page);
	for (size_t i = 0; i < record->join_count && !record->superseded; i++)
		write_join(page, &record->joins[i], self);
}

static void
write_records(struct page *page, const struct explanation *explanation)
{
	begin(page, "records");
	for (size_t i = 0; i < explanation->record_count; i++)
		write_record(page, &explanation->records[i], i);
	if (explanation->has_sources && explanation->record_count == 0) {
		buf_add_text(&page->line, "none of the sources knows this paper");
		end_line(page);
	}
}

static void
write_conflicts(struct page *page, const struct explanation *explanation)
{
	begin(page, "conflicts");
	for (size_t i = 0; i < explanation->conflict_count; i++) {
		const struct doi_conflict *conflict = &explanation->conflicts[i];

		buf_add_text(&page->line, "DOI ");
		show(page, conflict->doi, VALUE_BYTES);
		buf_printf(&page->line, " in %zu records of arXiv ", conflict->records);
		for (size_t j = 0; j < conflict->arxiv_ids.count; j++) {
			buf_add_text(&page->line, j == 0 ? "" : ", ");
			show(page, conflict->arxiv_ids.items[j], VALUE_BYTES);
		}
		buf_add_text(&page->line,
		    conflict->joined ? ": joined, the titles agree" : ": joins nothing");
		end_line(page);
	}
}

static void
write_causes(struct page *page, const struct explanation_moment *moment)
{
	const struct {
		bool moved;
		const char *name;
	} causes[] = {
		{ moment->by_citations, "citations" },
		{ moment->by_influential, "influential citations" },
		{ moment->by_code, "code" },
		{ moment->by_venue, "venue" },
		{ moment->by_age, "age" },
		{ moment->by_date, "date of publication" },
	};
	const char *between = "; moved by ";

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (!causes[i].moved)
			continue;
		buf_printf(&page->line, "%s%s", between, causes[i].name);
		between = ", ";
	}
}

static void
write_history(struct page *page, const struct explanation *explanation)
{
	begin(page, "history");
	for (size_t i = 0; i < explanation->history_count; i++) {
		const struct explanation_moment *moment = &explanation->history[i];

		show(page, moment->name, VALUE_BYTES);
		if (!moment->present) {
			buf_add_text(&page->line, " not in it");
			end_line(page);
			continue;
		}
		buf_printf(&page->line, " %.6g, %" PRId64 " citations, %" PRId64 " influential%s%s",
		    moment->stored_score, moment->input.citation_count,
		    moment->input.influential_citation_count,
		    moment->input.has_code ? ", code" : "",
		    moment->input.has_venue ? ", venue" : "");
		write_causes(page, moment);
		end_line(page);
	}
}

void
explanation_text_write(const struct explanation *explanation, struct buf *out)
{
	struct page page = { .out = out, .line = BUF_INIT };

	write_head(&page, explanation);
	write_stored_score(&page, explanation);
	write_id(&page, explanation);
	if (explanation->fault == NULL) {
		write_impact(&page, explanation);
		write_freshness(&page, explanation);
		write_levers(&page, explanation);
	}
	write_fields(&page, explanation);
	write_code(&page, explanation);
	write_records(&page, explanation);
	write_conflicts(&page, explanation);
	write_history(&page, explanation);
	buf_add_char(out, '\n');
	buf_free(&page.line);
}
