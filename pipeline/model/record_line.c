#include "record_line.h"

#include "bounds.h"
#include "buf.h"
#include "date.h"
#include "log.h"

#include <stdlib.h>

#define KEY(text)                      \
	{                              \
		text, sizeof(text) - 1 \
	}

/* In the order of enum record_field, which is close to the order in which both sources write them.
 */
static const struct slice keys[RECORD_FIELD_COUNT] = {
	KEY("source"),
	KEY("fetched"),
	KEY("paper_id"),
	KEY("corpus_id"),
	KEY("arxiv_id"),
	KEY("version"),
	KEY("doi"),
	KEY("dblp"),
	KEY("title"),
	KEY("abstract"),
	KEY("authors"),
	KEY("categories"),
	KEY("published"),
	KEY("updated"),
	KEY("comment"),
	KEY("journal_ref"),
	KEY("fields_of_study"),
	KEY("publication_date"),
	KEY("year"),
	KEY("venue"),
	KEY("citation_count"),
	KEY("influential_citation_count"),
	KEY("pdf_url"),
	KEY("url"),
	KEY("query"),
	KEY("commit"),
	KEY("position"),
};

enum shape { SHAPE_TEXT, SHAPE_LIST, SHAPE_COUNT, SHAPE_ID, SHAPE_TIME, SHAPE_DAY };

/* Others are texts. */
static const uint8_t shapes[RECORD_FIELD_COUNT] = {
	[RECORD_AUTHORS] = SHAPE_LIST,
	[RECORD_CATEGORIES] = SHAPE_LIST,
	[RECORD_FIELDS_OF_STUDY] = SHAPE_LIST,
	[RECORD_CITATION_COUNT] = SHAPE_COUNT,
	[RECORD_INFLUENTIAL_CITATION_COUNT] = SHAPE_COUNT,
	[RECORD_YEAR] = SHAPE_COUNT,
	[RECORD_VERSION] = SHAPE_COUNT,
	[RECORD_CORPUS_ID] = SHAPE_ID,
	[RECORD_FETCHED] = SHAPE_TIME,
	[RECORD_PUBLISHED] = SHAPE_TIME,
	[RECORD_UPDATED] = SHAPE_TIME,
	[RECORD_PUBLICATION_DATE] = SHAPE_DAY,
};

/* No sum of a position and the bytes of a file is more than an integer of JSON may be. */
#define POSITION_MAX (INT64_MAX / 2)

#define QUOTE(number) #number
#define SPELL(number) QUOTE(number)

/* Whether a text is over its limit; escapes count as what they stand for. */
static bool
too_long(const struct jsonl_value *value)
{
	struct buf text = BUF_INIT;
	bool over = value->raw.len > BOUND_TEXT_BYTES;

	if (over && value->escaped) {
		jsonl_text(value, &text);
		over = text.len > BOUND_TEXT_BYTES;
		buf_free(&text);
	}
	return over;
}

static const char *
list_fault(const struct jsonl_value *value)
{
	struct jsonl_value element;

	if (value->kind != JSONL_ARRAY || !value->of_strings)
		return "must be a list of strings";
	if (value->elements > BOUND_AUTHORS)
		return "more than " SPELL(BOUND_AUTHORS) " values";
	/* Only then can one of them be. */
	if (value->raw.len > BOUND_TEXT_BYTES)
		for (size_t at = 0; jsonl_next(value, &at, &element);)
			if (too_long(&element))
				return "longer than 1 MiB";
	return NULL;
}

static const char *
number_fault(const struct jsonl_value *value, int64_t largest)
{
	int64_t number;

	if (jsonl_int64(value, &number) == -1 || number < 0 || number > largest)
		return "must be a whole number, not negative and not absurd";
	return NULL;
}

struct slice
record_line_text(const struct record_line *record, enum record_field field, struct buf *text)
{
	const struct jsonl_value *value = &record->values[field];

	return value->kind == JSONL_STRING ? jsonl_decoded(value, text) : SLICE_NONE;
}

/* What a text says, as ${parse} of date.h reads it. */
static int
read_time(const struct record_line *record, enum record_field field,
    int (*parse)(struct slice text, int64_t *time), int64_t *time)
{
	struct buf text = BUF_INIT;
	int result = parse(record_line_text(record, field, &text), time);

	buf_free(&text);
	return result;
}

int
record_line_time(const struct record_line *record, enum record_field field, int64_t *time)
{
	return read_time(record, field, date_time_parse, time);
}

/* What is wrong with a value that is there, or NULL. */
static const char *
value_fault(const struct record_line *record, enum record_field field)
{
	const struct jsonl_value *value = &record->values[field];
	enum shape shape = (enum shape)shapes[field];
	int64_t time;

	/* The merge holds fields of study in memory, as one text. */
	if (field == RECORD_FIELDS_OF_STUDY && value->raw.len > BOUND_TEXT_BYTES)
		return "longer than 1 MiB";
	if (shape == SHAPE_LIST)
		return list_fault(value);
	if (shape == SHAPE_COUNT)
		return number_fault(
		    value, field == RECORD_VERSION || field == RECORD_YEAR ? 9999 : INT32_MAX);
	if (shape == SHAPE_ID)
		return number_fault(value, INT64_MAX);
	if (value->kind != JSONL_STRING)
		return "must be a string";
	if (too_long(value))
		return "longer than 1 MiB";
	if (shape == SHAPE_TIME && record_line_time(record, field, &time) == -1)
		return "must be a time such as 2026-06-19T03:00:07Z";
	if (shape == SHAPE_DAY && read_time(record, field, date_day_parse, &time) == -1)
		return "must be a date such as 2026-06-19";
	return NULL;
}

static char *
field_reason(size_t field, const char *fault, struct slice got)
{
	struct buf reason = BUF_INIT;

	buf_printf(&reason, "%.*s: %s, got '" LOG_VALUE_FMT "'", (int)keys[field].len,
	    keys[field].data, fault, LOG_VALUE(got));
	return buf_take(&reason);
}

static char *
source_reason(struct record_line *record)
{
	struct buf text = BUF_INIT;
	struct slice name = record_line_text(record, RECORD_SOURCE, &text);
	int source = 0;

	while (source < SOURCE_COUNT && !slice_is(name, source_name((enum source)source)))
		source++;
	buf_free(&text);
	if (source == SOURCE_COUNT)
		return field_reason(RECORD_SOURCE, "must be arxiv or semantic_scholar",
		    record->values[RECORD_SOURCE].raw);
	record->source = (enum source)source;
	return NULL;
}

int
record_line_arxiv_id(const struct record_line *record, struct arxiv_id *id)
{
	struct buf text = BUF_INIT;
	struct slice name = record_line_text(record, RECORD_ARXIV_ID, &text);
	int result = name.data == NULL ? -1 : arxiv_id_parse(name, id);

	buf_free(&text);
	return result;
}

/* Whether there is anything to know the record by. */
static char *
identity_reason(const struct record_line *record)
{
	const struct jsonl_value *arxiv = &record->values[RECORD_ARXIV_ID];
	struct arxiv_id id;
	bool known = record_line_arxiv_id(record, &id) == 0;

	if (arxiv->kind == JSONL_STRING && !known)
		return field_reason(RECORD_ARXIV_ID, "no arXiv id", arxiv->raw);
	if (known)
		return NULL;
	if (record->source == SOURCE_ARXIV)
		return field_reason(RECORD_ARXIV_ID, "missing", SLICE_NONE);
	if (record->values[RECORD_CORPUS_ID].kind != JSONL_NUMBER &&
	    record->values[RECORD_PAPER_ID].kind != JSONL_STRING &&
	    record->values[RECORD_DOI].kind != JSONL_STRING)
		return field_reason(RECORD_CORPUS_ID, "no id of any kind", SLICE_NONE);
	return NULL;
}

/* What is wrong with a commit, or NULL. */
static char *
commit_reason(const struct record_line *record)
{
	const struct jsonl_value *commit = &record->values[RECORD_COMMIT];
	const struct jsonl_value *position = &record->values[RECORD_POSITION];

	if (commit->kind != JSONL_OBJECT)
		return field_reason(RECORD_COMMIT, "must be an object", commit->raw);
	if (position->kind != JSONL_ABSENT && number_fault(position, POSITION_MAX) != NULL)
		return field_reason(
		    RECORD_POSITION, number_fault(position, POSITION_MAX), position->raw);
	return NULL;
}

/* What is wrong with a record, or NULL. */
static char *
record_reason(struct record_line *record)
{
	char *reason = source_reason(record);

	for (size_t i = 0; reason == NULL && i < RECORD_QUERY; i++) {
		const struct jsonl_value *value = &record->values[i];
		const char *fault;

		/* Most values are one of these. */
		if (value->kind == JSONL_ABSENT || value->kind == JSONL_NULL ||
		    (shapes[i] == SHAPE_TEXT && value->kind == JSONL_STRING &&
			value->raw.len <= BOUND_TEXT_BYTES))
			continue;
		fault = value_fault(record, (enum record_field)i);
		if (fault != NULL)
			reason = field_reason(i, fault, record->values[i].raw);
	}
	return reason == NULL ? identity_reason(record) : reason;
}

bool
record_line_is_commit(struct slice line)
{
	const struct slice start = SLICE_LITERAL("{\"commit\":");

	return line.len > start.len && memcmp(line.data, start.data, start.len) == 0 &&
	       line.data[line.len - 1] == '}';
}

enum record_line_kind
record_line_parse(const char *line, size_t len, struct record_line *record, char **reason)
{
	struct jsonl_error error;
	struct buf text = BUF_INIT;
	bool commit = record_line_is_commit((struct slice){ line, len });

	*reason = NULL;
	if (len > BOUND_LINE_BYTES) {
		buf_printf(&text, "longer than %zu bytes", BOUND_LINE_BYTES);
		*reason = buf_take(&text);
		return RECORD_LINE_BAD;
	}
	if (jsonl_scan(line, len, keys, RECORD_FIELD_COUNT, record->values, &error) == -1) {
		buf_printf(&text, "%s at byte %zu", error.reason, error.offset);
		*reason = buf_take(&text);
		return RECORD_LINE_BAD;
	}
	if (!commit && record->values[RECORD_SOURCE].kind == JSONL_ABSENT &&
	    record->values[RECORD_QUERY].kind == JSONL_OBJECT)
		return RECORD_LINE_QUERY;
	*reason = commit ? commit_reason(record) : record_reason(record);
	if (*reason != NULL)
		return RECORD_LINE_BAD;
	return commit ? RECORD_LINE_COMMIT : RECORD_LINE_RECORD;
}

bool
record_line_first(struct slice text, struct record_line *record, size_t *len)
{
	char *reason;

	if (jsonl_scan_first(text, keys, RECORD_FIELD_COUNT, record->values, len) == -1 ||
	    *len > BOUND_LINE_BYTES || record_line_is_commit((struct slice){ text.data, *len }))
		return false;
	reason = record_reason(record);
	free(reason);
	return reason == NULL;
}

int64_t
record_line_fetched(const struct record_line *record)
{
	int64_t fetched;

	return record_line_time(record, RECORD_FETCHED, &fetched) == -1 ? 0 : fetched;
}
