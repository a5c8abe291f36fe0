#include "merge_supply.h"

#include "date.h"
#include "jsonl.h"
#include "paper_id.h"
#include "text.h"

const struct merge_entry *
merge_chain_entry(const struct merge_index *index, struct merge_chain chain, uint32_t record)
{
	return record == MERGE_RECORD_NONE || record == chain.end ? NULL : &index->entries[record];
}

int64_t
merge_supply_time(const struct merge_index *index, struct merge_chain chain)
{
	int64_t year = MERGE_TIME_NONE;

	FOR_EACH_ENTRY(index, entry, chain)
	{
		if (entry->time == MERGE_TIME_NONE)
			continue;
		if (!(entry->has & MERGE_HAS_YEAR_ONLY))
			return entry->time;
		if (year == MERGE_TIME_NONE)
			year = entry->time;
	}
	return year;
}

static struct slice
arxiv_id_of(const struct merge_index *index, struct merge_chain chain)
{
	FOR_EACH_ENTRY(index, entry, chain)
	{
		size_t at = 0;
		uint32_t key = merge_index_ref(index, entry, KEY_ARXIV, &at);

		if (key != KEY_NONE)
			return key_table_text(index->keys, key);
	}
	return SLICE_NONE;
}

/* The DOI as it was written: a publisher's before one of arXiv's own. */
static struct slice
doi_of(const struct merge_index *index, struct merge_chain chain)
{
	uint32_t own = KEY_NONE;

	FOR_EACH_ENTRY(index, entry, chain)
	{
		size_t at = 0, own_at = 0;
		uint32_t key = merge_index_ref(index, entry, KEY_TEXT, &at);

		if (key != KEY_NONE)
			return key_table_text(index->keys, key);
		if (own == KEY_NONE)
			own = merge_index_ref(index, entry, KEY_ARXIV_TEXT, &own_at);
	}
	return key_table_text(index->keys, own);
}

/* `paper:s2:<CorpusId>`; a record without one is known by its paperId. */
static void
semantic_scholar_id(const struct merge_index *index, struct merge_chain chain, struct buf *text)
{
	const struct merge_entry *first = merge_chain_entry(index, chain, chain.first);

	FOR_EACH_ENTRY(index, entry, chain)
	{
		size_t at = 0;
		uint32_t key = merge_index_ref(index, entry, KEY_CORPUS, &at);

		if (key != KEY_NONE) {
			buf_add_text(text, "paper:s2:");
			buf_add_slice(text, key_table_text(index->keys, key));
			return;
		}
	}
	buf_add_text(text, "paper:s2:");
	if (first != NULL)
		buf_add_slice(text, key_table_text(index->keys, first->identity));
}

void
merge_supply_id_text(
    const struct merge_index *index, struct merge_chain chain, bool with_doi, struct buf *text)
{
	struct slice arxiv_id = arxiv_id_of(index, chain), doi = SLICE_NONE;

	if (arxiv_id.data == NULL && with_doi)
		doi = doi_of(index, chain);
	if (!paper_id_text(arxiv_id, doi, text))
		semantic_scholar_id(index, chain, text);
}

struct slice
merge_supply_text(const struct jsonl_value *value, struct arena *arena)
{
	struct slice text = value->raw;
	struct buf clean = BUF_INIT;

	if (value->kind != JSONL_STRING)
		return SLICE_NONE;
	if (value->escaped) {
		char *decoded = arena_bytes(arena, value->raw.len + 1);

		text = (struct slice){ decoded, jsonl_decode(value, decoded) };
	}
	if (!text_is_clean(text)) {
		text_clean(text, &clean);
		text = arena_dup(arena, buf_slice(&clean));
		buf_free(&clean);
	}
	return text.len == 0 ? SLICE_NONE : text;
}

/* Whether no element of a list needs more than a look at its ends: one look at all of them is
 * cheaper than one at each. */
static bool
is_clean_list(struct slice raw)
{
	return memchr(raw.data, '\\', raw.len) == NULL && text_is_clean(raw);
}

/* The elements of a list value, clean; empty ones are dropped. */
static struct slice_list
clean_list(const struct jsonl_value *value, struct arena *arena)
{
	struct slice_list list = { NULL, 0 };
	struct jsonl_value element;
	size_t at = 0;
	bool clean;

	if (value->kind != JSONL_ARRAY)
		return list;
	clean = is_clean_list(value->raw);
	/* An element takes two quotes and a comma at least. */
	list.items = arena_new(arena, value->raw.len / 3 + 1, sizeof(*list.items));
	while (jsonl_next(value, &at, &element)) {
		struct slice text = element.raw;

		if (!clean || text.len == 0 || text.data[0] == ' ' ||
		    text.data[text.len - 1] == ' ' || element.kind != JSONL_STRING)
			text = merge_supply_text(&element, arena);
		if (text.len > 0)
			list.items[list.count++] = text;
	}
	return list;
}

/* The first non-empty value stays. */
static void
supply_text(struct slice *field, const struct record_line *record, enum record_field from,
    struct arena *arena)
{
	if (field->len == 0)
		*field = merge_supply_text(&record->values[from], arena);
}

static void
supply_list(struct slice_list *field, const struct record_line *record, enum record_field from,
    struct arena *arena)
{
	if (field->count == 0)
		*field = clean_list(&record->values[from], arena);
}

/* Which texts the row still lacks. */
static int
lacks(const struct row *row)
{
	int wanted = row->comment.len == 0 ? MERGE_HAS_COMMENT : 0;

	wanted |= row->title.len == 0 ? MERGE_HAS_TITLE : 0;
	wanted |= row->abstract.len == 0 ? MERGE_HAS_ABSTRACT : 0;
	wanted |= row->authors.count == 0 ? MERGE_HAS_AUTHORS : 0;
	wanted |= row->categories.count == 0 ? MERGE_HAS_CATEGORIES : 0;
	if (row->arxiv_id.data == NULL) {
		wanted |= row->url.len == 0 ? MERGE_HAS_URL : 0;
		wanted |= row->pdf_url.len == 0 ? MERGE_HAS_PDF_URL : 0;
	}
	return wanted;
}

static int
supply_texts(const struct merge_index *index, struct merge_chain chain, struct row *row,
    struct merge_reader *reader, struct arena *arena)
{
	FOR_EACH_ENTRY(index, entry, chain)
	{
		struct record_line record;

		if ((entry->has & lacks(row)) == 0)
			continue;
		if (merge_index_record(index, entry, &record, reader, arena) == -1)
			return -1;
		supply_text(&row->title, &record, RECORD_TITLE, arena);
		supply_text(&row->abstract, &record, RECORD_ABSTRACT, arena);
		supply_list(&row->authors, &record, RECORD_AUTHORS, arena);
		if (entry->source == SOURCE_ARXIV) {
			supply_text(&row->comment, &record, RECORD_COMMENT, arena);
			supply_list(&row->categories, &record, RECORD_CATEGORIES, arena);
		}
		if (row->arxiv_id.data == NULL) {
			supply_text(&row->url, &record, RECORD_URL, arena);
			supply_text(&row->pdf_url, &record, RECORD_PDF_URL, arena);
		}
	}
	return 0;
}

static struct slice_list
fields_of(const struct merge_index *index, const struct merge_entry *entry, struct arena *arena)
{
	struct jsonl_value list = {
		.raw = key_table_text(index->keys, entry->fields_of_study),
		.kind = entry->fields_of_study == KEY_NONE ? JSONL_ABSENT : JSONL_ARRAY,
	};

	return clean_list(&list, arena);
}

/* Counts come from the first record of Semantic Scholar, the rest from the first that has any. */
static void
supply_numbers(
    const struct merge_index *index, struct merge_chain chain, struct row *row, struct arena *arena)
{
	uint32_t venue = KEY_NONE;

	FOR_EACH_ENTRY(index, entry, chain)
	{
		if (entry->source == SOURCE_ARXIV) {
			row->from_arxiv = true;
			continue;
		}
		if (!row->from_semantic_scholar) {
			row->citation_count = entry->citations < 0 ? 0 : entry->citations;
			row->influential_citation_count =
			    entry->influential < 0 ? 0 : entry->influential;
		}
		row->from_semantic_scholar = true;
		venue = venue == KEY_NONE ? entry->venue : venue;
		if (row->fields_of_study.count == 0)
			row->fields_of_study = fields_of(index, entry, arena);
	}
	row->venue = key_table_text(index->keys, venue);
}

/* `BEFORE ID AFTER` without the blanks, in the arena. */
static struct slice
address(struct slice before, struct slice id, struct slice after, struct arena *arena)
{
	size_t len = before.len + id.len + after.len;
	char *bytes = arena_bytes(arena, len);

	memcpy(bytes, before.data, before.len);
	memcpy(bytes + before.len, id.data, id.len);
	if (after.len > 0)
		memcpy(bytes + before.len + id.len, after.data, after.len);
	return (struct slice){ bytes, len };
}

/* Where arXiv shows the paper; the version is that of the record that gave the id. */
static void
set_arxiv_urls(
    const struct merge_index *index, struct merge_chain chain, struct row *row, struct arena *arena)
{
	const struct merge_entry *first = merge_chain_entry(index, chain, chain.first);
	struct buf version = BUF_INIT;

	if (first != NULL && first->source == SOURCE_ARXIV && first->version > 0) {
		buf_add_char(&version, 'v');
		buf_add_number(&version, first->version);
	}
	row->url =
	    address(SLICE_LITERAL("https://arxiv.org/abs/"), row->arxiv_id, SLICE_NONE, arena);
	row->pdf_url = address(
	    SLICE_LITERAL("https://arxiv.org/pdf/"), row->arxiv_id, buf_slice(&version), arena);
	buf_free(&version);
}

/* A chain is in the order of supply, so the first entry has most of what is looked at. */
void
merge_supply_expect(const struct merge_index *index, struct merge_chain chain, unsigned step)
{
	const struct merge_entry *entry = &index->entries[chain.first];

	if (step == 0) {
		__builtin_prefetch(entry);
		return;
	}
	if (step == 1) {
		__builtin_prefetch(&index->refs[entry->refs]);
		if (entry->next != MERGE_RECORD_NONE)
			__builtin_prefetch(&index->entries[entry->next]);
		return;
	}
	for (size_t i = 0; i < entry->ref_count; i++)
		key_table_expect_text(index->keys, index->refs[entry->refs + i].key);
}

int
merge_supply_row(const struct merge_index *index, struct merge_chain chain, struct row *row,
    struct merge_reader *reader, struct arena *arena)
{
	*row = (struct row){
		.published = merge_supply_time(index, chain),
		.arxiv_id = arxiv_id_of(index, chain),
		.doi = doi_of(index, chain),
	};
	/* Their texts lie anywhere, too: they come while the record is read. */
	__builtin_prefetch(row->arxiv_id.data);
	__builtin_prefetch(row->doi.data);
	supply_numbers(index, chain, row, arena);
	if (supply_texts(index, chain, row, reader, arena) == -1)
		return -1;
	if (row->arxiv_id.data != NULL)
		set_arxiv_urls(index, chain, row, arena);
	return 0;
}
