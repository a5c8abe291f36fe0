#include "semantic_scholar_paper.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "buf.h"
#include "date.h"
#include "doi.h"
#include "json_text.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

/* Semantic Scholar knows 23 fields of study; each is compared with all before it. */
#define FIELDS_MAX 200
/* No paper has a billion citations. */
#define COUNT_MAX 1000000000
/* A SHA-1 in hex. */
#define PAPER_ID_BYTES 40

/* The entry being read. */
struct entry {
	struct answer *answer;
	const struct log *log;
	/* The id of its paper, for people. */
	struct slice label;
};

static void
note(const struct entry *entry, const char *field, const char *reason)
{
	answer_fault(
	    entry->answer, entry->log, SOURCE_SEMANTIC_SCHOLAR, entry->label, field, reason);
}

static void
note_got(const struct entry *entry, const char *field, const char *reason, struct slice got)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s, got '" LOG_VALUE_FMT "'", reason, LOG_VALUE(got));
	note(entry, field, text.data);
	buf_free(&text);
}

/* Any value as text; the caller frees it. */
static char *
dump(const json_t *value)
{
	char *text = json_is_string(value)
			 ? mem_dup(json_string_value(value), json_string_length(value))
			 : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (text == NULL)
		mem_out();
	return text;
}

/* Like note_got, with any value; null is no fault. */
static void
note_value(const struct entry *entry, const char *field, const char *reason, const json_t *value)
{
	char *text;

	if (value == NULL || json_is_null(value))
		return;
	text = dump(value);
	note_got(entry, field, reason, slice_of(text));
	free(text);
}

/* The text of a string, cleaned, in the arena; anything else but null is logged. */
static struct slice
text_of(const struct entry *entry, const char *field, const json_t *value)
{
	struct slice text;
	size_t repaired;
	struct buf reason = BUF_INIT;

	if (!json_is_string(value)) {
		note_value(entry, field, "not a string", value);
		return SLICE_NONE;
	}
	text = (struct slice){ json_string_value(value), json_string_length(value) };
	if (text.len > BOUND_TEXT_BYTES) {
		buf_printf(&reason, "longer than %zu bytes, dropped", BOUND_TEXT_BYTES);
		text = SLICE_NONE;
	} else {
		text = answer_text(entry->answer, text, &repaired);
		if (repaired > 0)
			buf_printf(&reason, "text repaired, %zu bad bytes or controls", repaired);
	}
	if (reason.len > 0)
		note(entry, field, reason.data);
	buf_free(&reason);
	return text;
}

/* A whole number or a numeral in a string; anything else, or a number out of bounds, is logged. */
static int64_t
number_of(
    const struct entry *entry, const char *field, const json_t *value, int64_t least, int64_t most)
{
	struct buf reason = BUF_INIT;
	int64_t number;

	if (value == NULL || json_is_null(value))
		return SOURCE_NUMBER_NONE;
	number = json_is_integer(value) ? json_integer_value(value)
					: text_number(slice_of(json_string_value(value)));
	if (number >= least && number <= most)
		return number;
	buf_printf(&reason, "not a whole number from %" PRId64 " to %" PRId64, least, most);
	note_value(entry, field, reason.data, value);
	buf_free(&reason);
	return SOURCE_NUMBER_NONE;
}

static struct slice
url_of(const struct entry *entry, const char *field, const json_t *value)
{
	struct slice url = text_of(entry, field, value);

	if (url.data == NULL || (text_starts(url, "https://") && url.len > 8) ||
	    (text_starts(url, "http://") && url.len > 7))
		return url;
	note_got(entry, field, "not an http(s) address", url);
	return SLICE_NONE;
}

static struct slice
paper_id_of(const struct entry *entry, const json_t *value)
{
	struct slice text = text_of(entry, "paperId", value);
	size_t hex = 0;

	while (hex < text.len && text_digit(text.data[hex]) < 16)
		hex++;
	if (text.data == NULL || (hex == PAPER_ID_BYTES && text.len == hex))
		return text;
	note_got(entry, "paperId", "not 40 hex digits", text);
	return SLICE_NONE;
}

static struct slice
date_of(const struct entry *entry, const json_t *value)
{
	struct slice text = text_of(entry, "publicationDate", value);
	int64_t days;

	if (text.data == NULL || date_day_parse(text, &days) == 0)
		return text;
	note_got(entry, "publicationDate", "not a date", text);
	return SLICE_NONE;
}

static void
read_external_ids(const struct entry *entry, const json_t *paper, struct source_record *record)
{
	const json_t *ids = json_object_get(paper, "externalIds");
	const json_t *corpus = json_object_get(paper, "corpusId");
	struct slice text;
	struct arxiv_id id;

	if (!json_is_object(ids))
		note_value(entry, "externalIds", "not an object", ids);
	record->corpus_id = number_of(entry, "corpusId", corpus, 1, INT64_MAX);
	if (record->corpus_id == SOURCE_NUMBER_NONE)
		record->corpus_id = number_of(
		    entry, "externalIds.CorpusId", json_object_get(ids, "CorpusId"), 1, INT64_MAX);
	text = text_of(entry, "externalIds.ArXiv", json_object_get(ids, "ArXiv"));
	if (text.data != NULL && arxiv_id_parse(text, &id) == 0)
		record->arxiv_id = arena_dup(&entry->answer->arena, slice_of(id.text));
	else if (text.data != NULL)
		note_got(entry, "externalIds.ArXiv", "not an arXiv id", text);
	text = text_of(entry, "externalIds.DOI", json_object_get(ids, "DOI"));
	if (doi_strip(text).data != NULL)
		record->doi = text;
	else if (text.data != NULL)
		note_got(entry, "externalIds.DOI", "not a DOI", text);
	record->dblp = text_of(entry, "externalIds.DBLP", json_object_get(ids, "DBLP"));
}

/* Room for as many items as ${value} has; an empty list if it is no array or too long. */
static struct slice_list
list_for(const struct entry *entry, const char *field, const json_t *value, size_t most)
{
	struct slice_list list = { NULL, 0 };
	struct buf reason = BUF_INIT;

	if (!json_is_array(value))
		note_value(entry, field, "not a list", value);
	else if (json_array_size(value) > most)
		buf_printf(&reason, "more than %zu, dropped", most);
	else if (json_array_size(value) > 0)
		list.items =
		    arena_new(&entry->answer->arena, json_array_size(value), sizeof(*list.items));
	if (reason.len > 0)
		note(entry, field, reason.data);
	buf_free(&reason);
	return list;
}

static struct slice_list
authors_of(const struct entry *entry, const json_t *value)
{
	struct slice_list list = list_for(entry, "authors", value, BOUND_AUTHORS);
	size_t count = list.items == NULL ? 0 : json_array_size(value);

	for (size_t i = 0; i < count; i++) {
		const json_t *author = json_array_get(value, i);
		struct slice name = SLICE_NONE;

		if (json_is_object(author))
			name = text_of(entry, "authors", json_object_get(author, "name"));
		else
			note_value(entry, "authors", "not an object", author);
		if (name.data != NULL)
			list.items[list.count++] = name;
	}
	return list;
}

static void
add_distinct(struct slice_list *list, struct slice text)
{
	if (text.data == NULL)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->items[i], text))
			return;
	list->items[list->count++] = text;
}

/* The strings of a list, or the strings ${key} of its objects, without repeats. */
static struct slice_list
names_of(const struct entry *entry, const char *field, const json_t *value, const char *key)
{
	struct slice_list list = list_for(entry, field, value, FIELDS_MAX);
	size_t count = list.items == NULL ? 0 : json_array_size(value);

	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(value, i);

		if (key == NULL)
			add_distinct(&list, text_of(entry, field, item));
		else if (json_is_object(item))
			add_distinct(&list, text_of(entry, field, json_object_get(item, key)));
		else
			note_value(entry, field, "not an object", item);
	}
	return list;
}

static void
read_rest(const struct entry *entry, const json_t *paper, struct source_record *record)
{
	const json_t *pdf = json_object_get(paper, "openAccessPdf");

	record->title = text_of(entry, "title", json_object_get(paper, "title"));
	record->abstract = text_of(entry, "abstract", json_object_get(paper, "abstract"));
	record->authors = authors_of(entry, json_object_get(paper, "authors"));
	record->fields_of_study =
	    names_of(entry, "fieldsOfStudy", json_object_get(paper, "fieldsOfStudy"), NULL);
	if (record->fields_of_study.count == 0)
		record->fields_of_study = names_of(entry, "s2FieldsOfStudy",
		    json_object_get(paper, "s2FieldsOfStudy"), "category");
	record->publication_date = date_of(entry, json_object_get(paper, "publicationDate"));
	record->year = number_of(entry, "year", json_object_get(paper, "year"), 1000, 9999);
	record->venue = text_of(entry, "venue", json_object_get(paper, "venue"));
	record->citation_count = number_of(
	    entry, "citationCount", json_object_get(paper, "citationCount"), 0, COUNT_MAX);
	record->influential_citation_count = number_of(entry, "influentialCitationCount",
	    json_object_get(paper, "influentialCitationCount"), 0, COUNT_MAX);
	if (!json_is_object(pdf))
		note_value(entry, "openAccessPdf", "not an object", pdf);
	record->pdf_url = url_of(entry, "openAccessPdf.url", json_object_get(pdf, "url"));
	record->url = url_of(entry, "url", json_object_get(paper, "url"));
}

/* Who a log line is about: the first of these that the paper has. */
static struct slice
label_of(const json_t *paper)
{
	static const char *const keys[] = { "ArXiv", "DOI", "DBLP" };
	const json_t *ids = json_object_get(paper, "externalIds");
	const json_t *name = json_object_get(paper, "paperId");

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !json_is_string(name); i++)
		name = json_object_get(ids, keys[i]);
	if (!json_is_string(name))
		name = json_object_get(paper, "title");
	return json_string_length(name) > 0 ? slice_of(json_string_value(name))
					    : SLICE_LITERAL("no id");
}

static int
read_paper(const struct entry *entry, const json_t *paper, struct source_record *record)
{
	if (!json_is_object(paper)) {
		note_value(entry, "paper", "not an object, entry skipped", paper);
		return -1;
	}
	record->paper_id = paper_id_of(entry, json_object_get(paper, "paperId"));
	read_external_ids(entry, paper, record);
	read_rest(entry, paper, record);
	if (record->paper_id.data != NULL || record->corpus_id != SOURCE_NUMBER_NONE ||
	    record->arxiv_id.data != NULL || record->doi.data != NULL || record->title.data != NULL)
		return 0;
	note(entry, "paper", "neither id nor title, entry skipped");
	return -1;
}

/* The paper itself or, among references and citations, what is held by the entry. */
static const json_t *
paper_of(const json_t *root)
{
	static const char *const holders[] = { "citedPaper", "citingPaper" };

	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++)
		if (json_object_get(root, holders[i]) != NULL)
			return json_object_get(root, holders[i]);
	return root;
}

static json_t *
load(struct slice json, size_t flags, json_error_t *error)
{
	json_t *root = json_loadb(json.data, json.len, flags | JSON_DECODE_ANY, error);

	if (root == NULL && json_error_code(error) == json_error_out_of_memory)
		mem_out();
	return root;
}

/* A number that is too big for the parser costs the field that it stands in and no more. */
static json_t *
load_mended(struct slice json, json_error_t *error)
{
	struct buf mended = BUF_INIT;
	json_t *root;

	json_text_mend(json, &mended);
	root = load(buf_slice(&mended), JSON_REJECT_DUPLICATES, error);
	buf_free(&mended);
	return root;
}

/* Of a key that stands twice nobody knows which value was meant: such an entry is no paper, and is
 * read only for its name. */
static void
refuse(struct entry *entry, struct slice json, const json_error_t *why)
{
	struct buf reason = BUF_INIT;
	json_error_t error;
	json_t *root = load(json, 0, &error);

	entry->label = label_of(paper_of(root));
	buf_printf(&reason, "%s, entry skipped", why->text);
	note(entry, "paper", reason.data);
	buf_free(&reason);
	json_decref(root);
}

void
semantic_scholar_paper_parse(
    struct slice json, int64_t fetched, const struct log *log, struct answer *answer)
{
	struct entry entry = { .answer = answer, .log = log };
	struct source_record record;
	json_error_t error;
	json_t *root = load(json, JSON_REJECT_DUPLICATES, &error);
	const json_t *paper;

	if (root == NULL && json_error_code(&error) == json_error_numeric_overflow)
		root = load_mended(json, &error);
	paper = paper_of(root);
	answer->items++;
	entry.label = label_of(paper);
	source_record_init(&record, SOURCE_SEMANTIC_SCHOLAR, fetched);
	if (json_is_null(paper)) {
		answer->unknown++;
	} else if (paper == NULL) {
		refuse(&entry, json, &error);
		answer->refused++;
	} else if (read_paper(&entry, paper, &record) == 0) {
		*answer_add(answer, answer->items - 1) = record;
	} else {
		answer->refused++;
	}
	json_decref(root);
}
