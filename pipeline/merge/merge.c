#include "merge.h"

#include "date.h"
#include "digest.h"
#include "doi.h"
#include "mem.h"
#include "merge_group.h"
#include "merge_index.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A paper as pass 2 needs it. */
struct paper {
	/* Seconds since 1970, or MERGE_TIME_NONE. */
	int64_t time;
	uint32_t head;
	unsigned char id[DIGEST_BYTES];
};

struct merge {
	struct merge_index index;
	struct merge_groups groups;
	struct merge_scope scope;
	struct paper *papers;
	size_t count;
};

struct merge *
merge_new(const struct log *log)
{
	struct merge *merge = mem_new(1, sizeof(*merge));

	merge_index_init(&merge->index, log);
	return merge;
}

void
merge_free(struct merge *merge)
{
	if (merge == NULL)
		return;
	merge_groups_free(&merge->groups);
	merge_index_free(&merge->index);
	free(merge->papers);
	free(merge);
}

int
merge_read(struct merge *merge, int fd, const char *name)
{
	return merge_index_read(&merge->index, fd, name);
}

static const struct merge_entry *
entry_at(const struct merge *merge, uint32_t record)
{
	return record == MERGE_RECORD_NONE ? NULL : &merge->index.entries[record];
}

/* Walk the records of a paper, best first. */
#define FOR_EACH_ENTRY(merge, entry, head)                                           \
	for (const struct merge_entry *entry = entry_at(merge, head); entry != NULL; \
	     entry = entry_at(merge, entry->next))

/* First publication: arXiv's, else a day that Semantic Scholar knows, else a year. */
static int64_t
time_of(const struct merge *merge, uint32_t head)
{
	int64_t year = MERGE_TIME_NONE;

	FOR_EACH_ENTRY(merge, entry, head)
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
arxiv_id_of(const struct merge *merge, uint32_t head)
{
	FOR_EACH_ENTRY(merge, entry, head)
	{
		size_t at = 0;
		uint32_t key = merge_index_ref(&merge->index, entry, KEY_ARXIV, &at);

		if (key != KEY_NONE)
			return key_table_text(merge->index.keys, key);
	}
	return SLICE_NONE;
}

/* The DOI as it was written: a publisher's before one of arXiv's own. */
static struct slice
doi_of(const struct merge *merge, uint32_t head)
{
	struct slice own = SLICE_NONE;

	FOR_EACH_ENTRY(merge, entry, head)
	{
		size_t at = 0;
		uint32_t key;

		while ((key = merge_index_ref(&merge->index, entry, KEY_TEXT, &at)) != KEY_NONE) {
			struct slice written = key_table_text(merge->index.keys, key);

			if (!doi_is_arxiv_prefix(doi_strip(written)))
				return written;
			if (own.data == NULL)
				own = written;
		}
	}
	return own;
}

/* `paper:s2:<CorpusId>`; a record without one is known by its paperId. */
static void
semantic_scholar_id(const struct merge *merge, uint32_t head, struct buf *text)
{
	const struct merge_entry *first = entry_at(merge, head);

	FOR_EACH_ENTRY(merge, entry, head)
	{
		if (entry->corpus_id != SOURCE_NUMBER_NONE) {
			buf_printf(text, "paper:s2:%" PRId64, entry->corpus_id);
			return;
		}
	}
	buf_add_text(text, "paper:s2:");
	if (first != NULL)
		buf_add_slice(text, key_table_text(merge->index.keys, first->identity));
}

/* The text whose SHA-256 is the id of a paper. */
static void
id_text(const struct merge *merge, uint32_t head, bool with_doi, struct buf *text)
{
	struct slice arxiv_id = arxiv_id_of(merge, head);
	struct slice doi = doi_strip(doi_of(merge, head));

	buf_clear(text);
	if (arxiv_id.data != NULL) {
		buf_add_text(text, "paper:arxiv:");
		buf_add_slice(text, arxiv_id);
	} else if (doi.data != NULL && with_doi) {
		buf_add_text(text, "paper:doi:");
		for (size_t i = 0; i < doi.len; i++)
			buf_add_char(text, text_lower(doi.data[i]));
	} else {
		semantic_scholar_id(merge, head, text);
	}
}

static void
digest_text(struct digest *digest, const struct buf *text, unsigned char id[DIGEST_BYTES])
{
	digest_add(digest, text->data, text->len);
	digest_finish(digest, id);
}

/* Published descending, unknown last; then id ascending. */
static int
paper_order(const void *a, const void *b)
{
	const struct paper *left = a, *right = b;

	if (left->time != right->time)
		return left->time > right->time ? -1 : 1;
	return memcmp(left->id, right->id, DIGEST_BYTES);
}

static int
paper_id_order(const void *a, const void *b)
{
	const struct paper *left = a, *right = b;
	int order = memcmp(left->id, right->id, DIGEST_BYTES);

	return order != 0 ? order : (left->head > right->head) - (left->head < right->head);
}

/* All papers of a run with one id, but the one whose record supplies first, get their CorpusId's.
 */
static void
part_run(struct merge *merge, struct paper *papers, size_t count, struct digest *digest)
{
	struct buf text = BUF_INIT;
	size_t best = 0;

	for (size_t i = 1; i < count; i++)
		if (merge_groups_cmp(&merge->index, papers[i].head, papers[best].head) < 0)
			best = i;
	for (size_t i = 0; i < count; i++) {
		if (i == best)
			continue;
		id_text(merge, papers[i].head, false, &text);
		digest_text(digest, &text, papers[i].id);
	}
	buf_free(&text);
}

/*
 * A DOI in conflict joins nothing, so several papers without an arXiv id may have no other name. An
 * id must stand for one paper.
 */
static void
part_equal_ids(struct merge *merge, struct digest *digest)
{
	size_t start = 0;

	if (merge->groups.conflict_count == 0 || merge->count == 0)
		return;
	qsort(merge->papers, merge->count, sizeof(*merge->papers), paper_id_order);
	for (size_t i = 1; i <= merge->count; i++) {
		if (i < merge->count &&
		    memcmp(merge->papers[i].id, merge->papers[start].id, DIGEST_BYTES) == 0)
			continue;
		if (i - start > 1)
			part_run(merge, merge->papers + start, i - start, digest);
		start = i;
	}
}

static bool
in_scope(const struct merge_scope *scope, int64_t time)
{
	int64_t day = time == MERGE_TIME_NONE ? scope->from : date_day_of(time);

	return day >= scope->from && day <= scope->to;
}

static void
keep_in_scope(struct merge *merge)
{
	size_t kept = 0;

	for (size_t i = 0; i < merge->count; i++)
		if (in_scope(&merge->scope, merge->papers[i].time))
			merge->papers[kept++] = merge->papers[i];
	merge->count = kept;
}

int
merge_resolve(struct merge *merge, const struct merge_scope *scope)
{
	struct digest *digest = digest_new();
	struct buf text = BUF_INIT;
	int result = merge_groups_find(&merge->index, &merge->groups);

	merge->scope = *scope;
	merge->papers = mem_new(merge->groups.count, sizeof(*merge->papers));
	for (size_t i = 0; i < merge->groups.count && result == 0; i++) {
		struct paper *paper = &merge->papers[merge->count++];

		paper->head = merge->groups.heads[i];
		paper->time = time_of(merge, paper->head);
		id_text(merge, paper->head, true, &text);
		digest_text(digest, &text, paper->id);
	}
	/* Before the scope is looked at: what it leaves out must not change the id of another. */
	part_equal_ids(merge, digest);
	keep_in_scope(merge);
	if (merge->count > 0)
		qsort(merge->papers, merge->count, sizeof(*merge->papers), paper_order);
	buf_free(&text);
	digest_free(digest);
	return result;
}

size_t
merge_size(const struct merge *merge)
{
	return merge->count;
}

/* The text of a string value, clean; SLICE_NONE if nothing is left. */
static struct slice
clean_text(const struct jsonl_value *value, struct arena *arena)
{
	struct buf text = BUF_INIT, clean = BUF_INIT;
	struct slice result = value->raw;

	if (value->kind != JSONL_STRING)
		return SLICE_NONE;
	if (value->escaped || !text_is_clean(result)) {
		jsonl_text(value, &text);
		text_clean(buf_slice(&text), &clean);
		result = arena_dup(arena, buf_slice(&clean));
		buf_free(&text);
		buf_free(&clean);
	}
	return result.len == 0 ? SLICE_NONE : result;
}

/* The elements of a list value, clean; empty ones are dropped. */
static struct slice_list
clean_list(const struct jsonl_value *value, struct arena *arena)
{
	struct slice_list list = { NULL, 0 };
	struct jsonl_value element;
	size_t at = 0, count = 0;

	if (value->kind != JSONL_ARRAY)
		return list;
	while (jsonl_next(value, &at, &element))
		count++;
	list.items = arena_new(arena, count, sizeof(*list.items));
	at = 0;
	while (jsonl_next(value, &at, &element)) {
		struct slice text = clean_text(&element, arena);

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
		*field = clean_text(&record->values[from], arena);
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
supply_texts(struct merge *merge, uint32_t head, struct row *row, struct arena *arena)
{
	FOR_EACH_ENTRY(merge, entry, head)
	{
		struct record_line record;

		if ((entry->has & lacks(row)) == 0)
			continue;
		if (merge_index_record(&merge->index, entry, &record, arena) == -1)
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
fields_of(const struct merge *merge, const struct merge_entry *entry, struct arena *arena)
{
	struct jsonl_value list = {
		.raw = key_table_text(merge->index.keys, entry->fields_of_study),
		.kind = entry->fields_of_study == KEY_NONE ? JSONL_ABSENT : JSONL_ARRAY,
	};

	return clean_list(&list, arena);
}

/* Counts come from the first record of Semantic Scholar, the rest from the first that has any. */
static void
supply_numbers(const struct merge *merge, uint32_t head, struct row *row, struct arena *arena)
{
	uint32_t venue = KEY_NONE;

	FOR_EACH_ENTRY(merge, entry, head)
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
			row->fields_of_study = fields_of(merge, entry, arena);
	}
	row->venue = key_table_text(merge->index.keys, venue);
}

/* Where arXiv shows the paper; the version is that of the record that gave the id. */
static void
set_arxiv_urls(const struct merge *merge, uint32_t head, struct row *row, struct arena *arena)
{
	const struct merge_entry *first = entry_at(merge, head);
	struct buf url = BUF_INIT;

	buf_printf(&url, "https://arxiv.org/abs/%.*s", (int)row->arxiv_id.len, row->arxiv_id.data);
	row->url = arena_dup(arena, buf_slice(&url));
	buf_clear(&url);
	buf_printf(&url, "https://arxiv.org/pdf/%.*s", (int)row->arxiv_id.len, row->arxiv_id.data);
	if (first != NULL && first->source == SOURCE_ARXIV && first->version > 0)
		buf_printf(&url, "v%d", first->version);
	row->pdf_url = arena_dup(arena, buf_slice(&url));
	buf_free(&url);
}

/* `cs.CL` is itself, `cs.*` is all of cs. */
static bool
category_matches(struct slice category, const char *wanted)
{
	size_t len = strlen(wanted);

	if (len > 1 && wanted[len - 1] == '*')
		return category.len >= len - 1 && memcmp(category.data, wanted, len - 1) == 0;
	return slice_is(category, wanted);
}

static bool
in_categories(const struct merge_scope *scope, const struct row *row)
{
	if (scope->category_count == 0 || row->categories.count == 0)
		return true;
	for (size_t i = 0; i < scope->category_count; i++)
		for (size_t j = 0; j < row->categories.count; j++)
			if (category_matches(row->categories.items[j], scope->categories[i]))
				return true;
	return false;
}

int
merge_row(struct merge *merge, size_t number, struct row *row, struct arena *arena)
{
	const struct paper *paper = &merge->papers[number];

	*row = (struct row){
		.published = paper->time,
		.arxiv_id = arxiv_id_of(merge, paper->head),
		.doi = doi_of(merge, paper->head),
	};
	digest_hex(paper->id, row->id);
	supply_numbers(merge, paper->head, row, arena);
	if (supply_texts(merge, paper->head, row, arena) == -1)
		return -1;
	if (row->arxiv_id.data != NULL)
		set_arxiv_urls(merge, paper->head, row, arena);
	return in_categories(&merge->scope, row);
}

struct merge_counts
merge_count(const struct merge *merge)
{
	struct merge_counts counts = {
		.superseded = merge->groups.superseded,
		.refused = merge->index.refused,
		.papers = merge->groups.count,
	};

	for (size_t i = 0; i < merge->index.count; i++)
		if (!merge->index.entries[i].superseded)
			counts.records[merge->index.entries[i].source]++;
	return counts;
}

struct merge_dead
merge_superseded(const struct merge *merge, size_t file)
{
	struct merge_dead dead = { NULL, 0, 0 };
	size_t capacity = 0;

	for (size_t i = 0; i < merge->index.count; i++) {
		const struct merge_entry *entry = &merge->index.entries[i];

		if (!entry->superseded || entry->file != file)
			continue;
		dead.offsets =
		    mem_grow(dead.offsets, &capacity, dead.count + 1, sizeof(*dead.offsets));
		dead.offsets[dead.count++] = entry->offset;
		dead.bytes += entry->length + (uint64_t)1;
	}
	return dead;
}

const struct doi_conflict *
merge_conflicts(const struct merge *merge, size_t *count)
{
	*count = merge->groups.conflict_count;
	return merge->groups.conflicts;
}
