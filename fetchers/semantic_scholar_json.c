#include "semantic_scholar_json.h"

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
/* Longer numerals may not fit int64_t. */
#define NUMERAL_BYTES 18

/* One run over one body. */
struct page {
	struct answer *answer;
	const struct log *log;
	int64_t fetched;
	/* The id of the paper being read, for people. */
	struct slice label;
};

static void
note(const struct page *page, const char *field, const char *reason)
{
	if (page->answer->items == 0)
		log_notice(page->log, "semantic_scholar: page: %s: %s", field, reason);
	else
		log_notice(page->log, "semantic_scholar: item %zu (" LOG_VALUE_FMT "): %s: %s",
		    page->answer->items, LOG_VALUE(page->label), field, reason);
}

static void
note_got(const struct page *page, const char *field, const char *reason, struct slice got)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s, got '" LOG_VALUE_FMT "'", reason, LOG_VALUE(got));
	note(page, field, text.data);
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
note_value(const struct page *page, const char *field, const char *reason, const json_t *value)
{
	char *text;

	if (value == NULL || json_is_null(value))
		return;
	text = dump(value);
	note_got(page, field, reason, slice_of(text));
	free(text);
}

/* The text of a string, cleaned, in the arena; anything else but null is logged. */
static struct slice
text_of(const struct page *page, const char *field, const json_t *value)
{
	struct slice text;
	size_t repaired;
	struct buf reason = BUF_INIT;

	if (!json_is_string(value)) {
		note_value(page, field, "not a string", value);
		return SLICE_NONE;
	}
	text = (struct slice){ json_string_value(value), json_string_length(value) };
	if (text.len > BOUND_TEXT_BYTES) {
		buf_printf(&reason, "longer than %zu bytes, dropped", BOUND_TEXT_BYTES);
		text = SLICE_NONE;
	} else {
		text = answer_text(page->answer, text, &repaired);
		if (repaired > 0)
			buf_printf(&reason, "text repaired, %zu bad bytes or controls", repaired);
	}
	if (reason.len > 0)
		note(page, field, reason.data);
	buf_free(&reason);
	return text;
}

/* A whole number or a numeral in a string; anything else, or a number out of bounds, is logged. */
static int64_t
number_of(
    const struct page *page, const char *field, const json_t *value, int64_t least, int64_t most)
{
	struct buf reason = BUF_INIT;
	struct slice text;
	int64_t number = 0;

	if (value == NULL || json_is_null(value))
		return SOURCE_NUMBER_NONE;
	if (json_is_integer(value)) {
		number = json_integer_value(value);
	} else {
		text = slice_of(json_string_value(value));
		if (text.len == 0 || text.len > NUMERAL_BYTES)
			number = SOURCE_NUMBER_NONE;
		for (size_t i = 0; i < text.len && number != SOURCE_NUMBER_NONE; i++)
			number = text_is_digit(text.data[i]) ? number * 10 + (text.data[i] - '0')
							     : SOURCE_NUMBER_NONE;
	}
	if (number >= least && number <= most)
		return number;
	buf_printf(&reason, "not a whole number from %" PRId64 " to %" PRId64, least, most);
	note_value(page, field, reason.data, value);
	buf_free(&reason);
	return SOURCE_NUMBER_NONE;
}

static struct slice
url_of(const struct page *page, const char *field, const json_t *value)
{
	struct slice url = text_of(page, field, value);

	if (url.data == NULL || (text_starts(url, "https://") && url.len > 8) ||
	    (text_starts(url, "http://") && url.len > 7))
		return url;
	note_got(page, field, "not an http(s) address", url);
	return SLICE_NONE;
}

static struct slice
paper_id_of(const struct page *page, const json_t *value)
{
	struct slice text = text_of(page, "paperId", value);
	size_t hex = 0;

	while (hex < text.len &&
	       (text_is_digit(text.data[hex]) ||
		   (text_lower(text.data[hex]) >= 'a' && text_lower(text.data[hex]) <= 'f')))
		hex++;
	if (text.data == NULL || (hex == PAPER_ID_BYTES && text.len == hex))
		return text;
	note_got(page, "paperId", "not 40 hex digits", text);
	return SLICE_NONE;
}

static struct slice
date_of(const struct page *page, const json_t *value)
{
	struct slice text = text_of(page, "publicationDate", value);
	int64_t days;

	if (text.data == NULL || date_day_parse(text, &days) == 0)
		return text;
	note_got(page, "publicationDate", "not a date", text);
	return SLICE_NONE;
}

static void
read_external_ids(const struct page *page, const json_t *paper, struct source_record *record)
{
	const json_t *ids = json_object_get(paper, "externalIds");
	const json_t *corpus = json_object_get(paper, "corpusId");
	struct slice text;
	struct arxiv_id id;

	if (!json_is_object(ids))
		note_value(page, "externalIds", "not an object", ids);
	record->corpus_id = number_of(page, "corpusId", corpus, 1, INT64_MAX);
	if (record->corpus_id == SOURCE_NUMBER_NONE)
		record->corpus_id = number_of(
		    page, "externalIds.CorpusId", json_object_get(ids, "CorpusId"), 1, INT64_MAX);
	text = text_of(page, "externalIds.ArXiv", json_object_get(ids, "ArXiv"));
	if (text.data != NULL && arxiv_id_parse(text, &id) == 0)
		record->arxiv_id = arena_dup(&page->answer->arena, slice_of(id.text));
	else if (text.data != NULL)
		note_got(page, "externalIds.ArXiv", "not an arXiv id", text);
	text = text_of(page, "externalIds.DOI", json_object_get(ids, "DOI"));
	if (doi_strip(text).data != NULL)
		record->doi = text;
	else if (text.data != NULL)
		note_got(page, "externalIds.DOI", "not a DOI", text);
	record->dblp = text_of(page, "externalIds.DBLP", json_object_get(ids, "DBLP"));
}

/* Room for as many items as ${value} has; an empty list if it is no array or too long. */
static struct slice_list
list_for(const struct page *page, const char *field, const json_t *value, size_t most)
{
	struct slice_list list = { NULL, 0 };
	struct buf reason = BUF_INIT;

	if (!json_is_array(value))
		note_value(page, field, "not a list", value);
	else if (json_array_size(value) > most)
		buf_printf(&reason, "more than %zu, dropped", most);
	else if (json_array_size(value) > 0)
		list.items =
		    arena_new(&page->answer->arena, json_array_size(value), sizeof(*list.items));
	if (reason.len > 0)
		note(page, field, reason.data);
	buf_free(&reason);
	return list;
}

static struct slice_list
authors_of(const struct page *page, const json_t *value)
{
	struct slice_list list = list_for(page, "authors", value, BOUND_AUTHORS);
	size_t count = list.items == NULL ? 0 : json_array_size(value);

	for (size_t i = 0; i < count; i++) {
		const json_t *author = json_array_get(value, i);
		struct slice name = SLICE_NONE;

		if (json_is_object(author))
			name = text_of(page, "authors", json_object_get(author, "name"));
		else
			note_value(page, "authors", "not an object", author);
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
names_of(const struct page *page, const char *field, const json_t *value, const char *key)
{
	struct slice_list list = list_for(page, field, value, FIELDS_MAX);
	size_t count = list.items == NULL ? 0 : json_array_size(value);

	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(value, i);

		if (key == NULL)
			add_distinct(&list, text_of(page, field, item));
		else if (json_is_object(item))
			add_distinct(&list, text_of(page, field, json_object_get(item, key)));
		else
			note_value(page, field, "not an object", item);
	}
	return list;
}

static void
read_rest(const struct page *page, const json_t *paper, struct source_record *record)
{
	const json_t *pdf = json_object_get(paper, "openAccessPdf");

	record->title = text_of(page, "title", json_object_get(paper, "title"));
	record->abstract = text_of(page, "abstract", json_object_get(paper, "abstract"));
	record->authors = authors_of(page, json_object_get(paper, "authors"));
	record->fields_of_study =
	    names_of(page, "fieldsOfStudy", json_object_get(paper, "fieldsOfStudy"), NULL);
	if (record->fields_of_study.count == 0)
		record->fields_of_study = names_of(
		    page, "s2FieldsOfStudy", json_object_get(paper, "s2FieldsOfStudy"), "category");
	record->publication_date = date_of(page, json_object_get(paper, "publicationDate"));
	record->year = number_of(page, "year", json_object_get(paper, "year"), 1000, 9999);
	record->venue = text_of(page, "venue", json_object_get(paper, "venue"));
	record->citation_count =
	    number_of(page, "citationCount", json_object_get(paper, "citationCount"), 0, COUNT_MAX);
	record->influential_citation_count = number_of(page, "influentialCitationCount",
	    json_object_get(paper, "influentialCitationCount"), 0, COUNT_MAX);
	if (!json_is_object(pdf))
		note_value(page, "openAccessPdf", "not an object", pdf);
	record->pdf_url = url_of(page, "openAccessPdf.url", json_object_get(pdf, "url"));
	record->url = url_of(page, "url", json_object_get(paper, "url"));
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

static void
read_paper(struct page *page, const json_t *paper)
{
	struct source_record record;

	page->label = label_of(paper);
	if (!json_is_object(paper)) {
		note_value(page, "paper", "not an object, entry skipped", paper);
		page->answer->refused++;
		return;
	}
	source_record_init(&record, SOURCE_SEMANTIC_SCHOLAR, page->fetched);
	record.paper_id = paper_id_of(page, json_object_get(paper, "paperId"));
	read_external_ids(page, paper, &record);
	read_rest(page, paper, &record);
	if (record.paper_id.data == NULL && record.corpus_id == SOURCE_NUMBER_NONE &&
	    record.arxiv_id.data == NULL && record.doi.data == NULL && record.title.data == NULL) {
		note(page, "paper", "neither id nor title, entry skipped");
		page->answer->refused++;
		return;
	}
	*answer_add(page->answer, page->answer->items - 1) = record;
}

/* An entry is a paper or, among references and citations, holds one. */
static void
read_list(struct page *page, const json_t *list)
{
	static const char *const holders[] = { "citedPaper", "citingPaper" };

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *paper = json_array_get(list, i);

		for (size_t j = 0; j < sizeof(holders) / sizeof(holders[0]); j++)
			if (json_object_get(paper, holders[j]) != NULL)
				paper = json_object_get(paper, holders[j]);
		page->answer->items++;
		if (json_is_null(paper))
			page->answer->unknown++;
		else
			read_paper(page, paper);
	}
}

/* Numbers of the whole answer are no fault of a paper. */
static void
read_total(struct page *page, const json_t *root)
{
	const json_t *token = json_object_get(root, "token");
	int64_t total;

	total = number_of(page, "total", json_object_get(root, "total"), 0, INT64_MAX);
	page->answer->total = total == SOURCE_NUMBER_NONE ? -1 : total;
	if (!json_is_string(token))
		note_value(page, "token", "not a string", token);
	else if (json_string_length(token) > 0)
		page->answer->token = arena_dup(&page->answer->arena,
		    (struct slice){ json_string_value(token), json_string_length(token) });
}

static bool
is_paper(const json_t *root)
{
	return json_object_get(root, "paperId") != NULL ||
	       json_object_get(root, "externalIds") != NULL ||
	       json_object_get(root, "title") != NULL;
}

static void
read_root(struct page *page, const json_t *root)
{
	const json_t *data = json_object_get(root, "data");
	const json_t *error = json_object_get(root, "error");
	char *text;

	/* The application says `error`, the gateway before it `message`. */
	if (error == NULL || json_is_null(error))
		error = json_object_get(root, "message");
	if (!json_is_array(data))
		data = json_object_get(root, "recommendedPapers");
	if (json_is_array(root)) {
		read_list(page, root);
	} else if (json_is_array(data)) {
		read_total(page, root);
		read_list(page, data);
	} else if (error != NULL && !json_is_null(error)) {
		text = dump(error);
		answer_fail(page->answer, ANSWER_ERROR, slice_of(text));
		free(text);
	} else if (is_paper(root)) {
		page->answer->items++;
		read_paper(page, root);
	} else {
		read_total(page, root);
		if (page->answer->total != 0)
			answer_fail(page->answer, ANSWER_UNUSABLE,
			    SLICE_LITERAL("a JSON object without papers"));
	}
}

static json_t *
load(struct slice text, json_error_t *error)
{
	json_t *root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, error);

	if (root == NULL && json_error_code(error) == json_error_out_of_memory)
		mem_out();
	return root;
}

/* The tree of ${text}; if there is none, the answer has failed. */
static json_t *
load_page(struct page *page, struct slice text, enum json_text state)
{
	struct buf message = BUF_INIT;
	json_error_t error = { .line = 0 };
	json_t *root = load(text, &error);
	size_t bads;

	if (root == NULL && state == JSON_TEXT_WHOLE) {
		bads = json_text_mend(text, &message);
		if (bads > 0) {
			log_notice(page->log,
			    "semantic_scholar: page: bad characters replaced: %zu", bads);
			root = load(buf_slice(&message), &error);
		}
	}
	buf_clear(&message);
	if (root == NULL) {
		buf_printf(&message, "%s: %s, line %d, column %d",
		    state == JSON_TEXT_CUT ? "cut off" : "malformed JSON", error.text, error.line,
		    error.column);
		answer_fail(page->answer, ANSWER_UNUSABLE, buf_slice(&message));
	}
	buf_free(&message);
	return root;
}

/* What needs no parser to be seen. */
static int
check_text(struct page *page, struct slice text, enum json_text state)
{
	struct buf message = BUF_INIT;

	if (text.len > BOUND_BODY_BYTES)
		buf_printf(&message, "longer than %zu bytes", BOUND_BODY_BYTES);
	else if (state == JSON_TEXT_EMPTY)
		buf_add_text(&message, "empty body");
	else if (state == JSON_TEXT_FOREIGN)
		buf_printf(&message, "not JSON: '" LOG_VALUE_FMT "'", LOG_VALUE(text_trim(text)));
	else if (state == JSON_TEXT_DEEP)
		buf_printf(&message, "nested deeper than %d levels", BOUND_DEPTH);
	else
		return 0;
	answer_fail(page->answer, ANSWER_UNUSABLE, buf_slice(&message));
	buf_free(&message);
	return -1;
}

void
semantic_scholar_json_parse(
    const char *json, size_t len, int64_t fetched, const struct log *log, struct answer *answer)
{
	struct page page = { .answer = answer, .log = log, .fetched = fetched };
	struct slice text = { json, len };
	enum json_text state;
	json_t *root = NULL;

	if (text_starts(text, "\xef\xbb\xbf"))
		text = (struct slice){ json + 3, len - 3 };
	state = json_text_check(text);
	if (check_text(&page, text, state) == 0)
		root = load_page(&page, text, state);
	if (root == NULL)
		return;
	answer->verdict = ANSWER_RECORDS;
	read_root(&page, root);
	json_decref(root);
}
