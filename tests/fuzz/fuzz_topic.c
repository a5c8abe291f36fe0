/* topic.json: what is accepted is clean, reads back as it is written, and cannot inject into a
 * query. */
#include "topic.h"

#include "arxiv_query.h"
#include "bounds.h"
#include "check.h"
#include "date.h"
#include "fetch.h"
#include "jsonl.h"
#include "semantic_scholar_query.h"
#include "text.h"

#include <string.h>

static void
check_phrases(const struct topic_list *list)
{
	CHECK(list->count <= BOUND_PHRASES);
	for (size_t i = 0; i < list->count; i++) {
		struct slice phrase = slice_of(list->items[i]);

		CHECK(phrase.len > 0 && phrase.len <= BOUND_PHRASE_BYTES && text_is_clean(phrase));
	}
}

static void
check_fields(const struct topic *topic)
{
	CHECK(topic->any.count + topic->all.count > 0);
	check_phrases(&topic->any);
	check_phrases(&topic->all);
	check_phrases(&topic->none);
	for (size_t i = 0; i < topic->categories.count; i++) {
		const char *category = topic->categories.items[i];

		CHECK(category[strspn(category,
			  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-.*")] == '\0');
	}
	CHECK(text_is_clean(slice_of(topic->name)) && text_is_clean(slice_of(topic->license)));
	CHECK(topic->from == TOPIC_DAY_NONE || topic->to == TOPIC_DAY_NONE ||
	      topic->from <= topic->to);
	CHECK(topic->keep >= 1);
	CHECK(topic->match == TOPIC_TITLE_ABSTRACT || topic->match == TOPIC_EVERYWHERE);
}

/* A query stays what it is around its phrases: each stands in quotes, and outside of them are only
 * the words, operators and numbers of the query language, in balanced parentheses. */
static void
check_query(struct slice query, const char *allowed, size_t phrases)
{
	size_t depth = 0, quotes = 0;

	CHECK(text_is_utf8(query));
	for (size_t i = 0; i < query.len; i++) {
		char c = query.data[i];

		CHECK((unsigned char)c >= 0x20 && c != 0x7f && c != '\\');
		quotes += c == '"';
		if (quotes % 2 == 1 || c == '"')
			continue;
		CHECK(strchr(allowed, c) != NULL || text_is_digit(c) || text_is_letter(c));
		CHECK(c != ')' || depth > 0);
		if (c == '(')
			depth++;
		else if (c == ')')
			depth--;
	}
	CHECK(depth == 0 && quotes == 2 * phrases);
}

/* Nothing but what a parameter of a URL may hold. */
static void
check_escaped(struct slice text)
{
	struct buf escaped = BUF_INIT;

	fetch_escape(text, &escaped);
	for (size_t i = 0; i < escaped.len; i++)
		CHECK(text_is_digit(escaped.data[i]) || text_is_letter(escaped.data[i]) ||
		      strchr("-._~:,/%", escaped.data[i]) != NULL);
	buf_free(&escaped);
}

static void
check_queries(const struct topic *topic)
{
	struct buf query = BUF_INIT;
	size_t phrases = topic->any.count + topic->all.count + topic->none.count;
	bool twice = topic->match == TOPIC_TITLE_ABSTRACT;

	arxiv_query_write(topic, 0, 1440, &query);
	check_query(buf_slice(&query), " ():[].*-", twice ? 2 * phrases : phrases);
	check_escaped(buf_slice(&query));
	buf_clear(&query);
	semantic_scholar_query_write(topic, &query);
	check_query(buf_slice(&query), " ()|+-", phrases);
	check_escaped(buf_slice(&query));
	buf_free(&query);
}

/* The query part stands at the head of a journal, in one line. */
static void
check_header(const struct topic *topic)
{
	struct buf line = BUF_INIT;
	struct jsonl_error error;

	topic_query_write(topic, &line);
	buf_reserve(&line, JSONL_PADDING);
	CHECK(jsonl_scan(line.data, line.len, NULL, 0, NULL, &error) == 0);
	buf_free(&line);
}

static void
check_reads_back(const struct topic *topic, const struct log *log)
{
	struct buf written = BUF_INIT, again = BUF_INIT;
	struct topic copy;

	topic_init(&copy);
	topic_write(topic, &written);
	CHECK(topic_parse(written.data, written.len, "topic.json", &copy, log) == 0);
	check_fields(&copy);
	topic_write(&copy, &again);
	CHECK(slice_equal(buf_slice(&written), buf_slice(&again)));
	CHECK(copy.from == topic->from && copy.to == topic->to && copy.keep == topic->keep &&
	      copy.match == topic->match);
	topic_free(&copy);
	buf_free(&written);
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	size_t lines = 0;
	struct log log = { check_sink, &lines, LOG_DETAIL };
	struct topic topic;

	topic_init(&topic);
	if (topic_parse((const char *)data, len, "topic.json", &topic, &log) == 0) {
		check_fields(&topic);
		check_queries(&topic);
		check_header(&topic);
		check_reads_back(&topic, &log);
		CHECK(lines == 0);
	} else {
		CHECK(lines == 1);
	}
	topic_free(&topic);
	return 0;
}
