#include "arxiv_entry.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "date.h"
#include "doi.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* Categories, or DOIs, of one paper: a handful.  Each is compared with all before it. */
#define DISTINCT_MAX 200
/* The longest category is `physics.data-an`. */
#define CATEGORY_BYTES 40

/* The fields, as logs name them, and how many values each may have. */
static const struct {
	const char *name;
	size_t most;
} fields[ARXIV_FIELD_COUNT] = {
	[ARXIV_ID] = { "id", 1 },
	[ARXIV_TITLE] = { "title", 1 },
	[ARXIV_SUMMARY] = { "summary", 1 },
	[ARXIV_PUBLISHED] = { "published", 1 },
	[ARXIV_UPDATED] = { "updated", 1 },
	[ARXIV_COMMENT] = { "comment", 1 },
	[ARXIV_JOURNAL_REF] = { "journal_ref", 1 },
	[ARXIV_PRIMARY] = { "primary_category", 1 },
	[ARXIV_AUTHORS] = { "authors", BOUND_AUTHORS },
	[ARXIV_CATEGORIES] = { "categories", DISTINCT_MAX },
	[ARXIV_DOI] = { "doi", DISTINCT_MAX },
};

void
arxiv_entry_init(
    struct arxiv_entry *entry, struct answer *answer, const struct log *log, int64_t fetched)
{
	*entry = (struct arxiv_entry){ .answer = answer, .log = log, .fetched = fetched };
}

void
arxiv_entry_free(struct arxiv_entry *entry)
{
	for (size_t i = 0; i < ARXIV_FIELD_COUNT; i++)
		free(entry->fields[i].items);
	free(entry->distinct.items);
	*entry = (struct arxiv_entry){ .answer = NULL };
}

static void
values_clear(struct arxiv_values *values)
{
	values->count = 0;
	values->repaired = 0;
	values->too_long = false;
	values->too_many = false;
}

void
arxiv_entry_clear(struct arxiv_entry *entry)
{
	for (size_t i = 0; i < ARXIV_FIELD_COUNT; i++)
		values_clear(&entry->fields[i]);
	entry->label = SLICE_NONE;
}

static void
values_add(struct arxiv_values *values, struct slice text, size_t most)
{
	if (values->count == most) {
		values->too_many = true;
		return;
	}
	values->items =
	    mem_grow(values->items, &values->capacity, values->count + 1, sizeof(*values->items));
	values->items[values->count++] = text;
}

void
arxiv_entry_add(struct arxiv_entry *entry, enum arxiv_field field, struct slice text)
{
	struct arxiv_values *values = &entry->fields[field];
	size_t repaired;

	text = answer_text(entry->answer, text, &repaired);
	values->repaired += repaired;
	if (text.data != NULL)
		values_add(values, text, fields[field].most);
}

void
arxiv_entry_too_long(struct arxiv_entry *entry, enum arxiv_field field)
{
	entry->fields[field].too_long = true;
}

static void
note(const struct arxiv_entry *entry, enum arxiv_field field, const char *reason)
{
	answer_fault(
	    entry->answer, entry->log, SOURCE_ARXIV, entry->label, fields[field].name, reason);
}

static void
note_got(
    const struct arxiv_entry *entry, enum arxiv_field field, const char *reason, struct slice got)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s, got '" LOG_VALUE_FMT "'", reason, LOG_VALUE(got));
	note(entry, field, text.data);
	buf_free(&text);
}

/* Log what is wrong with a field as such.  What is over a limit is dropped, of a repeated field the
 * rest. */
static void
check_field(struct arxiv_entry *entry, enum arxiv_field field)
{
	struct arxiv_values *values = &entry->fields[field];
	struct buf reason = BUF_INIT;

	if (values->too_long)
		buf_printf(&reason, "longer than %zu bytes, dropped", BOUND_TEXT_BYTES);
	else if (values->too_many && fields[field].most == 1)
		buf_add_text(&reason, "given more than once, the first one kept");
	else if (values->too_many)
		buf_printf(&reason, "more than %zu, dropped", fields[field].most);
	else if (values->repaired > 0)
		buf_printf(&reason, "text repaired, %zu bad bytes or controls", values->repaired);
	if (reason.len > 0)
		note(entry, field, reason.data);
	if (values->too_long || (values->too_many && fields[field].most > 1))
		values->count = 0;
	buf_free(&reason);
}

static struct slice
value_of(const struct arxiv_entry *entry, enum arxiv_field field)
{
	return entry->fields[field].count == 0 ? SLICE_NONE : entry->fields[field].items[0];
}

/* DOIs are equal in any case; categories differ in more than that. */
static bool
same_word(struct slice a, struct slice b)
{
	size_t at = 0;

	while (a.len == b.len && at < a.len && text_lower(a.data[at]) == text_lower(b.data[at]))
		at++;
	return at == a.len && at == b.len;
}

static void
add_distinct(struct arxiv_entry *entry, struct slice text)
{
	for (size_t i = 0; i < entry->distinct.count; i++)
		if (same_word(entry->distinct.items[i], text))
			return;
	values_add(&entry->distinct, text, DISTINCT_MAX);
}

static struct slice_list
values_list(const struct arxiv_values *values, struct arena *arena)
{
	struct slice_list list = { NULL, values->count };

	if (list.count > 0) {
		list.items = arena_new(arena, list.count, sizeof(*list.items));
		memcpy(list.items, values->items, list.count * sizeof(*list.items));
	}
	return list;
}

/* Where ${part} begins in a clean text, which holds no NUL and has one behind it; NULL if nowhere.
 */
static const char *
find(struct slice text, const char *part)
{
	return text.data == NULL ? NULL : strstr(text.data, part);
}

/* The id stands behind `/abs/`: an old one has a slash of its own. */
static int
read_id(struct arxiv_entry *entry, struct arxiv_id *id)
{
	struct slice text = value_of(entry, ARXIV_ID);
	const char *page = find(text, "/abs/");

	if (page != NULL) {
		entry->label = slice_of(page + strlen("/abs/"));
		return arxiv_id_parse(entry->label, id);
	}
	entry->label = text.data == NULL ? SLICE_LITERAL("no id") : text;
	return -1;
}

static int64_t
read_time(struct arxiv_entry *entry, enum arxiv_field field)
{
	struct slice text = value_of(entry, field);
	int64_t seconds;

	if (text.data == NULL)
		return SOURCE_NUMBER_NONE;
	if (date_time_parse(text, &seconds) == 0)
		return seconds;
	note_got(entry, field, "not a time", text);
	return SOURCE_NUMBER_NONE;
}

/*
 * `archive` or `archive.XX`; until 2025 terms of other schemes (MSC `53D10, 53D15`, ACM `I.2.7`)
 * stood between them.
 */
static bool
is_category(struct slice term)
{
	size_t archive = 0, end;

	while (archive < term.len && (term.data[archive] == '-' ||
					 (term.data[archive] >= 'a' && term.data[archive] <= 'z')))
		archive++;
	if (archive < 2 || term.len > CATEGORY_BYTES)
		return false;
	if (archive == term.len)
		return true;
	for (end = archive + 1; end < term.len; end++)
		if (!text_is_letter(term.data[end]) && term.data[end] != '-')
			return false;
	return term.data[archive] == '.' && end - archive > 2;
}

/* The primary category first, then the others in order. */
static struct slice_list
read_categories(struct arxiv_entry *entry)
{
	const struct arxiv_values *values = &entry->fields[ARXIV_CATEGORIES];
	struct slice primary = value_of(entry, ARXIV_PRIMARY);

	values_clear(&entry->distinct);
	if (is_category(primary))
		add_distinct(entry, primary);
	else if (primary.data != NULL)
		note_got(entry, ARXIV_PRIMARY, "not an arXiv category", primary);
	for (size_t i = 0; i < values->count; i++)
		if (is_category(values->items[i]))
			add_distinct(entry, values->items[i]);
	return values_list(&entry->distinct, &entry->answer->arena);
}

/* All DOIs as written, joined by a space; one value may hold several, and words that are none. */
static struct slice
read_dois(struct arxiv_entry *entry)
{
	const struct arxiv_values *values = &entry->fields[ARXIV_DOI];
	struct buf joined = BUF_INIT;
	struct slice word, dois = SLICE_NONE;

	values_clear(&entry->distinct);
	for (size_t i = 0; i < values->count; i++) {
		size_t at = 0, found = 0;

		while (doi_next(values->items[i], &at, &word).data != NULL) {
			add_distinct(entry, word);
			found++;
		}
		if (found == 0)
			note_got(entry, ARXIV_DOI, "not a DOI", values->items[i]);
	}
	for (size_t i = 0; i < entry->distinct.count; i++) {
		if (i > 0)
			buf_add_char(&joined, ' ');
		buf_add_slice(&joined, entry->distinct.items[i]);
	}
	if (joined.len > 0)
		dois = arena_dup(&entry->answer->arena, buf_slice(&joined));
	buf_free(&joined);
	return dois;
}

static void
add_record(struct arxiv_entry *entry, const struct arxiv_id *id)
{
	struct arena *arena = &entry->answer->arena;
	struct source_record *record = answer_add(entry->answer, entry->answer->items - 1);

	source_record_init(record, SOURCE_ARXIV, entry->fetched);
	record->arxiv_id = arena_dup(arena, slice_of(id->text));
	record->version = id->version == 0 ? 1 : id->version;
	record->title = value_of(entry, ARXIV_TITLE);
	record->abstract = value_of(entry, ARXIV_SUMMARY);
	record->authors = values_list(&entry->fields[ARXIV_AUTHORS], arena);
	record->categories = read_categories(entry);
	record->published = read_time(entry, ARXIV_PUBLISHED);
	record->updated = read_time(entry, ARXIV_UPDATED);
	record->comment = value_of(entry, ARXIV_COMMENT);
	record->journal_ref = value_of(entry, ARXIV_JOURNAL_REF);
	record->doi = read_dois(entry);
}

struct slice
arxiv_entry_end(struct arxiv_entry *entry)
{
	struct slice text = value_of(entry, ARXIV_ID), summary;
	struct arxiv_id id;
	int known = read_id(entry, &id);

	entry->answer->items++;
	for (enum arxiv_field field = 0; field < ARXIV_FIELD_COUNT; field++)
		check_field(entry, field);
	/* First of all: it may quote the id that was asked, with its `/abs/`. */
	if (find(text, "/api/errors") != NULL) {
		summary = value_of(entry, ARXIV_SUMMARY);
		return summary.data == NULL ? text : summary;
	}
	if (known == 0) {
		add_record(entry, &id);
	} else {
		note_got(entry, ARXIV_ID, "not an arXiv id, entry skipped", text);
		entry->answer->refused++;
	}
	return SLICE_NONE;
}
