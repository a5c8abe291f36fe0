#include "arxiv_feed.h"

#include "arxiv_entry.h"
#include "bounds.h"
#include "buf.h"
#include "mem.h"
#include "text.h"
#include "xml_text.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

/* An error this close to the end says that the body was cut off; libxml2 stays before a `![CDATA`.
 */
#define CUT_BYTES 8

/* Of a body that is no XML; a message shows less. */
#define SHOWN_BYTES 200

#if LIBXML_VERSION >= 21200
#define XML_ERROR const xmlError
#else
#define XML_ERROR xmlError
#endif

/* The namespaces that matter. */
enum family { FAMILY_OTHER, FAMILY_ATOM, FAMILY_OPENSEARCH, FAMILY_ARXIV, FAMILY_COUNT };

/* The elements that hold others; the number is how many are open inside it, itself included. */
enum place { PLACE_DOCUMENT, PLACE_FEED, PLACE_ENTRY, PLACE_AUTHOR };

struct feed;
typedef void start_fn(struct feed *feed, const xmlChar **attributes, int count);
typedef void text_fn(struct feed *feed, enum arxiv_field field);

/* How one element is read: by its attributes when it opens, or else by its text when it closes. */
struct element {
	enum place place;
	enum family family;
	const char *name;
	start_fn *start;
	text_fn *text;
	enum arxiv_field field;
};

/* One run over one body. */
struct feed {
	xmlParserCtxtPtr xml;
	struct slice body;
	struct answer *answer;

	/* How many elements are open, and in which container; where the two differ, inside an
	   element that nobody reads. */
	int depth;
	enum place place;
	bool opened;
	/* The element whose text is gathered, and the depth that it stands at. */
	const struct element *reading;
	int reading_depth;
	struct buf text;
	bool too_long;
	/* The last namespace of each family; libxml2 keeps one copy of each. */
	const xmlChar *uris[FAMILY_COUNT];

	struct arxiv_entry entry;
	/* What an error feed says. */
	struct slice error;
	/* Why the body is unusable. */
	bool failed;
	bool malformed;
	struct buf message;
};

/* Say why the body is unusable; the first reason stands. */
static struct buf *
fail(struct feed *feed)
{
	feed->failed = true;
	xmlStopParser(feed->xml);
	return &feed->message;
}

/* Of the feed: a whole number, or -1. */
static int64_t
number_of(const struct feed *feed, const char *name)
{
	struct slice text = text_trim(buf_slice(&feed->text));
	int64_t number = text_number(text);

	if (number == -1)
		log_notice(feed->entry.log,
		    "arxiv: page: %s: not a whole number, got '" LOG_VALUE_FMT "'", name,
		    LOG_VALUE(text));
	return number;
}

static void
text_total(struct feed *feed, enum arxiv_field field)
{
	int64_t before = feed->answer->total, total = number_of(feed, "totalResults");

	(void)field;
	feed->answer->total = total;
	/* Nobody knows which one was meant. */
	if (before != -1 && total != before)
		buf_add_text(fail(feed), "totalResults stands twice");
}

static void
text_start(struct feed *feed, enum arxiv_field field)
{
	(void)field;
	feed->answer->start = number_of(feed, "startIndex");
}

static enum family
family_of(struct slice uri)
{
	static const struct {
		const char *address;
		enum family family;
	} known[] = { { "www.w3.org/2005/Atom", FAMILY_ATOM },
		{ "arxiv.org/schemas/atom", FAMILY_ARXIV },
		{ "a9.com/-/spec/opensearch", FAMILY_OPENSEARCH } };
	size_t scheme = text_starts(uri, "https://") ? 8 : text_starts(uri, "http://") ? 7 : 0;
	struct slice address = { uri.data + scheme, uri.len - scheme };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (scheme > 0 && text_starts(address, known[i].address))
			return known[i].family;
	return FAMILY_OTHER;
}

static enum family
family_find(struct feed *feed, const xmlChar *uri)
{
	enum family family;

	if (uri == NULL)
		return FAMILY_OTHER;
	for (family = FAMILY_OTHER; family < FAMILY_COUNT; family++)
		if (feed->uris[family] == uri)
			return family;
	family = family_of(slice_of((const char *)uri));
	feed->uris[family] = uri;
	return family;
}

/* libxml2 gives five pointers for each attribute: name, prefix, URI, value and the value's end. */
static struct slice
attribute_find(const xmlChar **attributes, int count, const char *name)
{
	for (int i = 0; i < count; i++, attributes += 5)
		if (attributes[1] == NULL && strcmp((const char *)attributes[0], name) == 0)
			return (struct slice){ (const char *)attributes[3],
				(size_t)(attributes[4] - attributes[3]) };
	return SLICE_NONE;
}

static void
start_category(struct feed *feed, const xmlChar **attributes, int count)
{
	struct slice scheme = attribute_find(attributes, count, "scheme");

	if (scheme.data == NULL || family_of(scheme) == FAMILY_ARXIV)
		arxiv_entry_add(
		    &feed->entry, ARXIV_CATEGORIES, attribute_find(attributes, count, "term"));
}

static void
start_primary(struct feed *feed, const xmlChar **attributes, int count)
{
	arxiv_entry_add(&feed->entry, ARXIV_PRIMARY, attribute_find(attributes, count, "term"));
}

static void
start_entry(struct feed *feed, const xmlChar **attributes, int count)
{
	(void)attributes, (void)count;
	feed->place = PLACE_ENTRY;
	arxiv_entry_clear(&feed->entry);
}

static void
start_author(struct feed *feed, const xmlChar **attributes, int count)
{
	(void)attributes, (void)count;
	feed->place = PLACE_AUTHOR;
}

static void
text_field(struct feed *feed, enum arxiv_field field)
{
	if (feed->too_long)
		arxiv_entry_too_long(&feed->entry, field);
	else
		arxiv_entry_add(&feed->entry, field, buf_slice(&feed->text));
}

static const struct element *
element_find(enum place place, enum family family, const char *name)
{
	static const struct element elements[] = {
		{ PLACE_ENTRY, FAMILY_ATOM, "author", start_author, NULL, 0 },
		{ PLACE_AUTHOR, FAMILY_ATOM, "name", NULL, text_field, ARXIV_AUTHORS },
		{ PLACE_ENTRY, FAMILY_ATOM, "category", start_category, NULL, 0 },
		{ PLACE_ENTRY, FAMILY_ARXIV, "primary_category", start_primary, NULL, 0 },
		{ PLACE_ENTRY, FAMILY_ATOM, "id", NULL, text_field, ARXIV_ID },
		{ PLACE_ENTRY, FAMILY_ATOM, "title", NULL, text_field, ARXIV_TITLE },
		{ PLACE_ENTRY, FAMILY_ATOM, "summary", NULL, text_field, ARXIV_SUMMARY },
		{ PLACE_ENTRY, FAMILY_ATOM, "published", NULL, text_field, ARXIV_PUBLISHED },
		{ PLACE_ENTRY, FAMILY_ATOM, "updated", NULL, text_field, ARXIV_UPDATED },
		{ PLACE_ENTRY, FAMILY_ARXIV, "comment", NULL, text_field, ARXIV_COMMENT },
		{ PLACE_ENTRY, FAMILY_ARXIV, "journal_ref", NULL, text_field, ARXIV_JOURNAL_REF },
		{ PLACE_ENTRY, FAMILY_ARXIV, "doi", NULL, text_field, ARXIV_DOI },
		{ PLACE_FEED, FAMILY_ATOM, "entry", start_entry, NULL, 0 },
		{ PLACE_FEED, FAMILY_OPENSEARCH, "totalResults", NULL, text_total, 0 },
		{ PLACE_FEED, FAMILY_OPENSEARCH, "startIndex", NULL, text_start, 0 },
	};

	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (elements[i].place == place && elements[i].family == family &&
		    strcmp(elements[i].name, name) == 0)
			return &elements[i];
	return NULL;
}

static void
check_root(struct feed *feed, enum family family, const char *name)
{
	feed->opened = true;
	feed->place = PLACE_FEED;
	if (family != FAMILY_ATOM || strcmp(name, "feed") != 0)
		buf_printf(fail(feed),
		    "root element is '" LOG_VALUE_FMT "'%s, expected an Atom feed",
		    LOG_VALUE(slice_of(name)), strcmp(name, "feed") == 0 ? " of another kind" : "");
}

static void
on_start(void *cookie, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted,
    const xmlChar **attributes)
{
	struct feed *feed = cookie;
	const struct element *element;
	int outside = feed->depth++;
	enum family family;

	(void)prefix, (void)namespace_count, (void)namespaces, (void)defaulted;
	if (feed->failed)
		return;
	if (feed->depth > BOUND_DEPTH)
		buf_printf(fail(feed), "nested deeper than %d elements", BOUND_DEPTH);
	if (outside != (int)feed->place || feed->failed)
		return;
	family = family_find(feed, uri);
	if (outside == PLACE_DOCUMENT) {
		check_root(feed, family, (const char *)name);
		return;
	}
	element = element_find(feed->place, family, (const char *)name);
	if (element != NULL && element->start != NULL) {
		element->start(feed, attributes, attribute_count);
	} else if (element != NULL) {
		feed->reading = element;
		feed->reading_depth = feed->depth;
		feed->too_long = false;
		buf_clear(&feed->text);
	}
}

static void
on_text(void *cookie, const xmlChar *data, int len)
{
	struct feed *feed = cookie;

	if (feed->reading == NULL || feed->failed)
		return;
	if ((size_t)len > BOUND_TEXT_BYTES - feed->text.len)
		feed->too_long = true;
	else
		buf_add(&feed->text, (const char *)data, (size_t)len);
}

/* A container closes, and with an entry a record is complete. */
static void
end_place(struct feed *feed)
{
	struct slice error;

	if (feed->place-- != PLACE_ENTRY)
		return;
	error = arxiv_entry_end(&feed->entry);
	if (feed->error.data == NULL)
		feed->error = error;
}

static void
on_end(void *cookie, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct feed *feed = cookie;
	int depth = feed->depth--;

	(void)name, (void)prefix, (void)uri;
	if (feed->failed)
		return;
	if (feed->reading == NULL) {
		if (depth == (int)feed->place)
			end_place(feed);
	} else if (depth == feed->reading_depth) {
		feed->reading->text(feed, feed->reading->field);
		feed->reading = NULL;
	}
}

static void
on_doctype(void *cookie, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	struct feed *feed = cookie;

	(void)public_id, (void)system_id;
	if (!feed->failed)
		buf_printf(fail(feed), "has a DOCTYPE '" LOG_VALUE_FMT "', expected an Atom feed",
		    LOG_VALUE(slice_of((const char *)name)));
}

/* Not the place to stop the parser, which is in the middle of something; it stops by itself. */
static void
on_error(void *cookie, XML_ERROR *error)
{
	struct feed *feed = cookie;
	const xmlParserInput *input = feed->xml->input;
	struct slice words = text_trim(slice_of(error->message));
	bool cut = input != NULL && input->end - input->cur < CUT_BYTES &&
		   error->code != XML_ERR_TAG_NAME_MISMATCH;

	if (error->level < XML_ERR_ERROR || feed->failed)
		return;
	feed->failed = true;
	feed->malformed = true;
	/* Which it says of names that are too many, too. */
	if (error->code == XML_ERR_NO_MEMORY)
		words = SLICE_LITERAL("too many names, or no memory");
	if (!feed->opened && !(cut && text_starts(text_trim(feed->body), "<")))
		buf_printf(&feed->message, "not XML: '" LOG_VALUE_FMT "'",
		    LOG_VALUE(text_trim(feed->body)));
	else if (feed->opened && feed->depth == 0)
		buf_printf(&feed->message, "text behind the end of the feed: %.*s, line %d",
		    (int)words.len, words.data, error->line);
	else
		buf_printf(&feed->message, "%s after entry %zu: %.*s, line %d",
		    cut ? "cut off" : "malformed", feed->answer->items, (int)words.len, words.data,
		    error->line);
}

/* The body is UTF-8 whatever it says: arXiv sends nothing else, and so no other decoder ever runs.
 */
static void
run(struct feed *feed)
{
	xmlSAXHandler sax = { .initialized = XML_SAX2_MAGIC,
		.internalSubset = on_doctype,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.serror = on_error };
	xmlDocPtr document;

	feed->xml = xmlNewParserCtxt();
	if (feed->xml == NULL)
		mem_out();
	*feed->xml->sax = sax;
	feed->xml->userData = feed;
	xmlDictSetLimit(feed->xml->dict, BOUND_NAMES_BYTES);
	document = xmlCtxtReadMemory(feed->xml, feed->body.data, (int)feed->body.len, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	if (!feed->failed && !feed->xml->wellFormed)
		buf_add_text(fail(feed), "not well-formed XML");
	xmlFreeDoc(document);
	xmlFreeParserCtxt(feed->xml);
	feed->xml = NULL;
}

/* One bad character must not cost a page of 2,000 papers. */
static void
run_again(struct feed *feed, struct buf *mended)
{
	size_t told = feed->answer->items;
	size_t bads = feed->body.len > BOUND_MENDED_BYTES ? 0 : xml_text_bads(feed->body);
	struct feed again = { .answer = feed->answer,
		.text = feed->text,
		.entry = feed->entry,
		.message = feed->message };

	if (bads == 0 || bads > BOUND_BAD_CHARACTERS)
		return;
	xml_text_mend(feed->body, bads, mended);
	answer_free(feed->answer);
	feed->answer->told = told;
	feed->answer->mended = true;
	again.body = buf_slice(mended);
	buf_clear(&again.message);
	*feed = again;
	run(feed);
}

/* What no parser needs to see, such as UTF-16. */
static void
fail_foreign(struct feed *feed, struct slice text)
{
	struct buf shown = BUF_INIT;

	if (text.len > SHOWN_BYTES)
		text.len = SHOWN_BYTES;
	text_clean(text, &shown);
	buf_printf(&feed->message, "not XML: '" LOG_VALUE_FMT "'", LOG_VALUE(buf_slice(&shown)));
	buf_free(&shown);
	feed->failed = true;
}

void
arxiv_feed_parse(
    const char *xml, size_t len, int64_t fetched, const struct log *log, struct answer *answer)
{
	struct feed feed = { .body = { xml, len }, .answer = answer };
	struct buf mended = BUF_INIT;
	struct slice text;

	if (text_starts(feed.body, "\xef\xbb\xbf"))
		feed.body = (struct slice){ xml + 3, len - 3 };
	arxiv_entry_init(&feed.entry, answer, log, fetched);
	text = text_trim(feed.body);
	if (text.len == 0) {
		feed.failed = true;
		buf_add_text(&feed.message, "empty body");
	} else if (text.data[0] != '<' || (text.len > 1 && text.data[1] == '\0')) {
		fail_foreign(&feed, text);
	} else if (len > BOUND_BODY_BYTES) {
		feed.failed = true;
		buf_printf(&feed.message, "longer than %zu bytes", BOUND_BODY_BYTES);
	} else if (xml_text_has_long_tag(feed.body)) {
		feed.failed = true;
		buf_printf(&feed.message, "has a tag longer than %zu bytes", BOUND_TAG_BYTES);
	} else {
		run(&feed);
		if (feed.malformed)
			run_again(&feed, &mended);
	}
	if (feed.failed)
		answer_fail(answer, ANSWER_UNUSABLE, buf_slice(&feed.message));
	else if (feed.error.data != NULL)
		answer_fail(answer, ANSWER_ERROR, feed.error);
	else
		answer->verdict = ANSWER_RECORDS;
	answer_end(answer, log, SOURCE_ARXIV);
	arxiv_entry_free(&feed.entry);
	buf_free(&feed.text);
	buf_free(&feed.message);
	buf_free(&mended);
}
