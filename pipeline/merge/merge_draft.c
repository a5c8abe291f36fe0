#include "merge_draft.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "date.h"
#include "doi.h"
#include "key_table.h"
#include "mem.h"
#include "record_line.h"
#include "text.h"

#include <stdlib.h>

static int64_t
number_of(const struct record_line *record, enum record_field field, int64_t missing)
{
	int64_t number;

	if (jsonl_int64(&record->values[field], &number) == -1)
		return missing;
	return number;
}

static void
add_key(struct merge_draft *draft, enum merge_key kind, struct slice text, int roles)
{
	draft->keys =
	    mem_grow(draft->keys, &draft->key_capacity, draft->key_count + 1, sizeof(*draft->keys));
	draft->keys[draft->key_count++] = (struct draft_key){
		.offset = draft->texts.len,
		.len = text.len,
		.hash = key_table_hash((int)kind, text),
		.kind = (uint8_t)kind,
		.roles = (uint8_t)roles,
	};
	buf_add_slice(&draft->texts, text);
}

static void
add_dois(struct merge_draft *draft, struct slice field)
{
	struct slice doi, written;
	struct arxiv_id id;
	char folded[BOUND_DOI_BYTES];
	size_t at = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL) {
		if (doi_arxiv(doi, &id)) {
			add_key(draft, KEY_ARXIV, slice_of(id.text), DRAFT_REF);
		} else {
			add_key(draft, KEY_DOI, text_fold(doi, folded), DRAFT_REF);
		}
		add_key(draft, doi_is_arxiv_prefix(doi) ? KEY_ARXIV_TEXT : KEY_TEXT, written,
		    DRAFT_REF);
	}
}

static void
add_corpus_id(struct merge_draft *draft, const struct record_line *record, int roles)
{
	int64_t corpus_id = number_of(record, RECORD_CORPUS_ID, SOURCE_NUMBER_NONE);

	if (corpus_id == SOURCE_NUMBER_NONE)
		return;
	buf_clear(&draft->text);
	buf_add_number(&draft->text, corpus_id);
	add_key(draft, KEY_CORPUS, buf_slice(&draft->text), roles);
}

/* What a later record supersedes this one by: its paperId, else its CorpusId, else nothing.  A
 * field of more DOIs than a record has room for may cost no other key, so they come last. */
static void
add_keys(struct merge_draft *draft, const struct record_line *record)
{
	const struct jsonl_value *values = record->values;
	bool arxiv = record->source == SOURCE_ARXIV;
	bool paper = values[RECORD_PAPER_ID].kind == JSONL_STRING;
	struct arxiv_id id;

	if (record_line_arxiv_id(record, &id) == 0)
		add_key(draft, KEY_ARXIV, slice_of(id.text),
		    arxiv ? DRAFT_REF | DRAFT_IDENTITY : DRAFT_REF);
	if (!arxiv) {
		add_corpus_id(draft, record, paper ? DRAFT_REF : DRAFT_REF | DRAFT_IDENTITY);
		if (paper)
			add_key(draft, KEY_PAPER,
			    record_line_text(record, RECORD_PAPER_ID, &draft->text),
			    DRAFT_IDENTITY);
	}
	if (values[RECORD_DOI].kind == JSONL_STRING)
		add_dois(draft, record_line_text(record, RECORD_DOI, &draft->text));
	if (!arxiv && values[RECORD_DBLP].kind == JSONL_STRING &&
	    arxiv_id_from_dblp(record_line_text(record, RECORD_DBLP, &draft->text), &id))
		add_key(draft, KEY_ARXIV, slice_of(id.text), DRAFT_REF);
}

static bool
has_value(const struct jsonl_value *value)
{
	if (value->kind == JSONL_ARRAY)
		return value->elements > 0;
	return value->kind == JSONL_STRING && value->raw.len > 0;
}

static uint8_t
has_of(const struct record_line *record)
{
	static const struct {
		enum record_field field;
		enum merge_has has;
	} fields[] = {
		{ RECORD_TITLE, MERGE_HAS_TITLE },
		{ RECORD_ABSTRACT, MERGE_HAS_ABSTRACT },
		{ RECORD_AUTHORS, MERGE_HAS_AUTHORS },
		{ RECORD_COMMENT, MERGE_HAS_COMMENT },
		{ RECORD_CATEGORIES, MERGE_HAS_CATEGORIES },
		{ RECORD_PDF_URL, MERGE_HAS_PDF_URL },
		{ RECORD_URL, MERGE_HAS_URL },
	};
	int has = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (has_value(&record->values[fields[i].field]))
			has |= (int)fields[i].has;
	return (uint8_t)has;
}

static void
set_time(struct merge_entry *entry, const struct record_line *record)
{
	int64_t year = number_of(record, RECORD_YEAR, 0);
	enum record_field field =
	    record->source == SOURCE_ARXIV ? RECORD_PUBLISHED : RECORD_PUBLICATION_DATE;

	if (record_line_time(record, field, &entry->time) == 0)
		return;
	entry->time = MERGE_TIME_NONE;
	if (record->source == SOURCE_SEMANTIC_SCHOLAR && year > 0) {
		entry->time = date_day((int)year, 1, 1) * DATE_DAY_SECONDS;
		entry->has |= MERGE_HAS_YEAR_ONLY;
	}
}

static void
add_venue(struct merge_draft *draft, const struct record_line *record)
{
	struct slice text = record_line_text(record, RECORD_VENUE, &draft->text);

	if (text.data != NULL && !text_is_clean(text)) {
		buf_clear(&draft->clean);
		text_clean(text, &draft->clean);
		text = buf_slice(&draft->clean);
	}
	if (text.len > 0)
		add_key(draft, KEY_TEXT, text, DRAFT_VENUE);
}

static void
add_fields_of_study(struct merge_draft *draft, const struct jsonl_value *value)
{
	if (value->kind != JSONL_ARRAY || !has_value(value))
		return;
	buf_clear(&draft->text);
	jsonl_copy(value, &draft->text);
	add_key(draft, KEY_TEXT, buf_slice(&draft->text), DRAFT_FIELDS_OF_STUDY);
}

static void
add_entry(struct merge_draft *draft, const struct record_line *record, size_t len)
{
	int64_t fetched = record_line_fetched(record);
	struct merge_entry *entry;

	draft->entries =
	    mem_grow(draft->entries, &draft->capacity, draft->count + 1, sizeof(*draft->entries));
	entry = &draft->entries[draft->count++];
	*entry = (struct merge_entry){
		.offset = draft->lines.offset & 0xffffffffffffu,
		.length = len & 0x1ffffffu,
		.refs = (uint32_t)draft->key_count,
		.source = (uint8_t)record->source,
		.has = has_of(record),
		.version = (uint16_t)number_of(record, RECORD_VERSION, 0),
		.citations = (int32_t)number_of(record, RECORD_CITATION_COUNT, -1),
		.influential = (int32_t)number_of(record, RECORD_INFLUENTIAL_CITATION_COUNT, -1),
		.fetched = fetched < 0 ? 0 : (uint64_t)fetched & 0x3fffffffffu,
		.identity = KEY_NONE,
		.venue = KEY_NONE,
		.fields_of_study = KEY_NONE,
		.next = MERGE_RECORD_NONE,
	};
	set_time(entry, record);
	add_keys(draft, record);
	add_venue(draft, record);
	add_fields_of_study(draft, &record->values[RECORD_FIELDS_OF_STUDY]);
}

static void
refuse(struct merge_draft *draft, char *reason)
{
	draft->refusals = mem_grow(draft->refusals, &draft->refusal_capacity,
	    draft->refusal_count + 1, sizeof(*draft->refusals));
	draft->refusals[draft->refusal_count++] =
	    (struct draft_refusal){ draft->lines.number, reason };
}

static void
read_line(struct merge_draft *draft, struct slice line)
{
	struct record_line record;
	char *reason;

	if (line.len == 0 || (line.data[0] != '{' && text_trim(line).len == 0))
		return;
	switch (record_line_parse(line.data, line.len, &record, &reason)) {
	case RECORD_LINE_RECORD:
		add_entry(draft, &record, line.len);
		break;
	case RECORD_LINE_BAD:
		refuse(draft, reason);
		break;
	case RECORD_LINE_QUERY:
	case RECORD_LINE_COMMIT:
		break;
	}
}

/* Read the next line, unless it is one to look at closely. */
static bool
read_record(struct merge_draft *draft)
{
	struct record_line record;
	size_t len;

	if (!record_line_first(lines_ahead(&draft->lines), &record, &len))
		return false;
	lines_take(&draft->lines, len);
	add_entry(draft, &record, len);
	return true;
}

static void
clear(struct merge_draft *draft)
{
	for (size_t i = 0; i < draft->refusal_count; i++)
		free(draft->refusals[i].reason);
	draft->count = draft->key_count = draft->refusal_count = 0;
	buf_clear(&draft->texts);
}

int
merge_draft_read(struct merge_draft *draft, uint64_t from, uint64_t to, uint64_t limit)
{
	struct slice line;
	int more = 1;

	clear(draft);
	lines_range(&draft->lines, from, to, limit);
	while (more == 1) {
		if (read_record(draft))
			continue;
		more = lines_next(&draft->lines, &line);
		if (more == 1)
			read_line(draft, line);
	}
	return more;
}

struct slice
merge_draft_text(const struct merge_draft *draft, const struct draft_key *key)
{
	return (struct slice){ buf_slice(&draft->texts).data + key->offset, key->len };
}

void
merge_draft_free(struct merge_draft *draft)
{
	clear(draft);
	free(draft->entries);
	free(draft->keys);
	free(draft->refusals);
	buf_free(&draft->texts);
	buf_free(&draft->text);
	buf_free(&draft->clean);
	lines_free(&draft->lines);
}
