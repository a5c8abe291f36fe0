#include "merge_index.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "buf.h"
#include "date.h"
#include "doi.h"
#include "file.h"
#include "lines.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* More keys than this on one record is not a paper: real ones have up to 8. */
#define REFS_MAX 200

void
merge_index_init(struct merge_index *index, const struct log *log)
{
	*index = (struct merge_index){ .keys = key_table_new(), .log = log };
}

void
merge_index_free(struct merge_index *index)
{
	for (size_t i = 0; i < index->file_count; i++) {
		close(index->files[i].fd);
		free(index->files[i].name);
	}
	free(index->files);
	free(index->entries);
	free(index->refs);
	key_table_free(index->keys);
}

static struct slice
text_of(const struct record_line *record, enum record_field field)
{
	const struct jsonl_value *value = &record->values[field];

	return value->kind == JSONL_STRING ? value->raw : SLICE_NONE;
}

static int64_t
number_of(const struct record_line *record, enum record_field field, int64_t missing)
{
	int64_t number;

	if (jsonl_int64(&record->values[field], &number) == -1)
		return missing;
	return number;
}

/* Add a key of the entry that is being made, once. */
static void
add_ref(struct merge_index *index, struct merge_entry *entry, uint32_t key)
{
	for (size_t i = entry->refs; i < index->ref_count; i++)
		if (index->refs[i] == key)
			return;
	if (entry->ref_count == REFS_MAX)
		return;
	index->refs =
	    mem_grow(index->refs, &index->ref_capacity, index->ref_count + 1, sizeof(*index->refs));
	index->refs[index->ref_count++] = key;
	entry->ref_count++;
}

static void
add_arxiv_id(struct merge_index *index, struct merge_entry *entry, const struct arxiv_id *id)
{
	add_ref(index, entry, key_table_intern(index->keys, KEY_ARXIV, slice_of(id->text)));
}

static void
add_dois(struct merge_index *index, struct merge_entry *entry, struct slice field)
{
	struct slice doi, written;
	struct arxiv_id id;
	char lower[BOUND_DOI_BYTES];
	size_t at = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL) {
		if (doi_arxiv(doi, &id)) {
			add_arxiv_id(index, entry, &id);
		} else {
			for (size_t i = 0; i < doi.len; i++)
				lower[i] = text_lower(doi.data[i]);
			add_ref(index, entry,
			    key_table_intern(
				index->keys, KEY_DOI, (struct slice){ lower, doi.len }));
		}
		add_ref(index, entry, key_table_intern(index->keys, KEY_TEXT, written));
	}
}

static void
add_dblp(struct merge_index *index, struct merge_entry *entry, const struct jsonl_value *value)
{
	struct buf text = BUF_INIT;
	struct arxiv_id id;

	if (value->kind != JSONL_STRING)
		return;
	jsonl_text(value, &text);
	if (arxiv_id_from_dblp(buf_slice(&text), &id))
		add_arxiv_id(index, entry, &id);
	buf_free(&text);
}

static void
add_keys(struct merge_index *index, struct merge_entry *entry, const struct record_line *record)
{
	const struct jsonl_value *doi = &record->values[RECORD_DOI];
	struct slice paper = text_of(record, RECORD_PAPER_ID);
	struct buf text = BUF_INIT;
	struct arxiv_id id;

	entry->refs = (uint32_t)index->ref_count;
	entry->identity = KEY_NONE;
	if (record_line_arxiv_id(record, &id) == 0) {
		add_arxiv_id(index, entry, &id);
		if (record->source == SOURCE_ARXIV)
			entry->identity = index->refs[entry->refs];
	}
	if (doi->kind == JSONL_STRING) {
		jsonl_text(doi, &text);
		add_dois(index, entry, buf_slice(&text));
		buf_free(&text);
	}
	if (record->source == SOURCE_ARXIV)
		return;
	add_dblp(index, entry, &record->values[RECORD_DBLP]);
	if (entry->corpus_id != SOURCE_NUMBER_NONE) {
		buf_add_number(&text, entry->corpus_id);
		add_ref(index, entry, key_table_intern(index->keys, KEY_CORPUS, buf_slice(&text)));
		buf_free(&text);
		entry->identity = index->refs[index->ref_count - 1];
	}
	if (paper.data != NULL)
		entry->identity = key_table_intern(index->keys, KEY_PAPER, paper);
}

static bool
has_value(const struct jsonl_value *value)
{
	struct jsonl_value element;
	size_t at = 0;

	if (value->kind == JSONL_ARRAY)
		return jsonl_next(value, &at, &element);
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

	if (date_time_parse(text_of(record, field), &entry->time) == 0)
		return;
	entry->time = MERGE_TIME_NONE;
	if (record->source == SOURCE_SEMANTIC_SCHOLAR && year > 0) {
		entry->time = date_day((int)year, 1, 1) * DATE_DAY_SECONDS;
		entry->has |= MERGE_HAS_YEAR_ONLY;
	}
}

static uint32_t
intern_text(struct merge_index *index, const struct record_line *record, enum record_field field)
{
	const struct jsonl_value *value = &record->values[field];
	struct buf text = BUF_INIT, clean = BUF_INIT;
	uint32_t key = KEY_NONE;

	if (!has_value(value))
		return KEY_NONE;
	if (value->kind == JSONL_ARRAY) {
		jsonl_copy(value, &text);
		key = key_table_intern(index->keys, KEY_TEXT, buf_slice(&text));
	} else {
		jsonl_text(value, &text);
		text_clean(buf_slice(&text), &clean);
		if (clean.len > 0)
			key = key_table_intern(index->keys, KEY_TEXT, buf_slice(&clean));
	}
	buf_free(&text);
	buf_free(&clean);
	return key;
}

static void
add_entry(struct merge_index *index, const struct lines *lines, size_t len,
    const struct record_line *record)
{
	struct merge_entry *entry;

	if (index->count == MERGE_RECORD_NONE || index->ref_count > UINT32_MAX - REFS_MAX)
		mem_out();
	index->entries =
	    mem_grow(index->entries, &index->capacity, index->count + 1, sizeof(*index->entries));
	entry = &index->entries[index->count++];
	*entry = (struct merge_entry){
		.offset = lines->offset,
		.length = (uint32_t)len,
		.file = (uint8_t)(index->file_count - 1),
		.source = (uint8_t)record->source,
		.has = has_of(record),
		.version = (uint16_t)number_of(record, RECORD_VERSION, 0),
		.corpus_id = number_of(record, RECORD_CORPUS_ID, SOURCE_NUMBER_NONE),
		.citations = (int32_t)number_of(record, RECORD_CITATION_COUNT, -1),
		.influential = (int32_t)number_of(record, RECORD_INFLUENTIAL_CITATION_COUNT, -1),
		.fetched = record_line_fetched(record),
		.venue = intern_text(index, record, RECORD_VENUE),
		.fields_of_study = intern_text(index, record, RECORD_FIELDS_OF_STUDY),
		.next = MERGE_RECORD_NONE,
	};
	set_time(entry, record);
	add_keys(index, entry, record);
}

static void
read_line(struct merge_index *index, const struct lines *lines, struct slice line)
{
	struct record_line record;
	char *reason;

	if (text_trim(line).len == 0)
		return;
	switch (record_line_parse(line.data, line.len, &record, &reason)) {
	case RECORD_LINE_RECORD:
		add_entry(index, lines, line.len, &record);
		break;
	case RECORD_LINE_BAD:
		log_error(
		    index->log, "%s: line %" PRIu64 ": %s", lines->name, lines->number, reason);
		index->refused++;
		free(reason);
		break;
	case RECORD_LINE_QUERY:
	case RECORD_LINE_COMMIT:
		break;
	}
}

int
merge_index_read(struct merge_index *index, int fd, const char *name, uint64_t bytes)
{
	struct lines lines;
	struct slice line;
	int more = -1;

	index->files = mem_grow(
	    index->files, &index->file_capacity, index->file_count + 1, sizeof(*index->files));
	index->files[index->file_count++] =
	    (struct merge_file){ .fd = fd, .name = mem_dup(name, strlen(name)) };
	lines_init(&lines, fd, name, index->log);
	lines.left = bytes;
	if (index->file_count > UINT8_MAX)
		log_error(index->log, "%s: more than %d files", name, UINT8_MAX);
	else
		while ((more = lines_next(&lines, &line)) == 1)
			read_line(index, &lines, line);
	lines_free(&lines);
	return more;
}

int
merge_index_record(const struct merge_index *index, const struct merge_entry *entry,
    struct record_line *record, struct arena *arena)
{
	char *line = arena_new(arena, entry->length + (size_t)JSONL_PADDING, 1), *reason = NULL;

	if (file_read_at(index->files[entry->file].fd, index->files[entry->file].name,
		entry->offset, line, entry->length, index->log) == -1)
		return -1;
	if (record_line_parse(line, entry->length, record, &reason) == RECORD_LINE_RECORD)
		return 0;
	log_error(index->log, "%s: changed while it was read, at byte %" PRIu64 ": %s",
	    index->files[entry->file].name, entry->offset, reason == NULL ? "no record" : reason);
	free(reason);
	return -1;
}

uint32_t
merge_index_ref(const struct merge_index *index, const struct merge_entry *entry,
    enum merge_key kind, size_t *at)
{
	while (*at < entry->ref_count) {
		uint32_t key = index->refs[entry->refs + (*at)++];

		if (key_table_kind(index->keys, key) == (int)kind)
			return key;
	}
	return KEY_NONE;
}
