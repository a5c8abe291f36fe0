#include "answer_cases.h"
#include "arxiv_feed.h"

#include "bounds.h"
#include "text.h"
#include "xml_text.h"

static void
test_good(void **state)
{
	(void)state;
	cases_run("tests/data/arxiv_feed/good", arxiv_feed_parse);
}

static void
test_bad(void **state)
{
	(void)state;
	cases_run("tests/data/arxiv_feed/bad", arxiv_feed_parse);
}

#define FEED_HEAD                                                                                \
	"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:arxiv='http://arxiv.org/schemas/atom'>" \
	"<entry><id>http://arxiv.org/abs/2401.00001v1</id>"
#define FEED_TAIL "<title>T</title></entry></feed>"

/* One entry with ${count} times ${part}, between ${before} and ${after}. */
static void
build(struct buf *out, const char *before, const char *part, size_t count, const char *after)
{
	buf_clear(out);
	buf_add_text(out, FEED_HEAD);
	buf_add_text(out, before);
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, part);
	buf_add_text(out, after);
	buf_add_text(out, FEED_TAIL);
}

static void
test_limits(void **state)
{
	const char *author = "<author><name>A</name></author>";
	const char *category = "<category term='cs.CL'/>";
	const struct {
		const char *why, *before, *part;
		size_t count;
		const char *after, *line;
		size_t authors, abstract;
	} cases[] = {
		{ "as many authors as there may be", "", author, BOUND_AUTHORS, "", "",
		    BOUND_AUTHORS, 0 },
		{ "one author more", "", author, BOUND_AUTHORS + 1, "",
		    "arxiv: item 1 (2401.00001v1): authors: more than 10000, dropped\n", 0, 0 },
		{ "the longest text", "<summary>", "x", BOUND_TEXT_BYTES, "</summary>", "", 0,
		    BOUND_TEXT_BYTES },
		{ "one byte more", "<summary>", "x", BOUND_TEXT_BYTES + 1, "</summary>",
		    "arxiv: item 1 (2401.00001v1): summary: longer than 1048576 bytes, dropped\n",
		    0, 0 },
		{ "one name too long", "<author><name>", "x", BOUND_TEXT_BYTES + 1,
		    "</name></author><author><name>B</name></author>",
		    "arxiv: item 1 (2401.00001v1): authors: longer than 1048576 bytes, dropped\n",
		    0, 0 },
		{ "a crowd of categories", "", category, 201, "",
		    "arxiv: item 1 (2401.00001v1): categories: more than 200, dropped\n", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf xml = BUF_INIT, lines = BUF_INIT;
		struct log log = { case_sink, &lines, LOG_DETAIL };
		struct answer answer;

		print_message("%s\n", cases[i].why);
		answer_init(&answer);
		buf_add(&lines, "", 0);
		build(&xml, cases[i].before, cases[i].part, cases[i].count, cases[i].after);
		arxiv_feed_parse(xml.data, xml.len, 0, &log, &answer);
		assert_string_equal(lines.data, cases[i].line);
		assert_int_equal(answer.verdict, ANSWER_RECORDS);
		assert_int_equal(answer.count, 1);
		assert_int_equal(answer.records[0].authors.count, cases[i].authors);
		assert_int_equal(answer.records[0].abstract.len, cases[i].abstract);
		assert_int_equal(answer.records[0].title.len, 1);
		answer_free(&answer);
		buf_free(&xml);
		buf_free(&lines);
	}
}

static void
test_body_limit(void **state)
{
	char *body = mem_new(BOUND_BODY_BYTES + 1, 1);
	struct answer answer;

	(void)state;
	memset(body, '<', BOUND_BODY_BYTES + 1);
	answer_init(&answer);
	arxiv_feed_parse(body, BOUND_BODY_BYTES + 1, 0, NULL, &answer);
	assert_int_equal(answer.verdict, ANSWER_UNUSABLE);
	assert_string_equal(answer.message.data, "longer than 67108864 bytes");
	answer_free(&answer);
	free(body);
}

/* A tag is as long as its attributes make it, whatever stands between their quotes. */
static void
test_tag_limit(void **state)
{
	static const struct {
		const char *why;
		const char *before;
		size_t filling;
		const char *after;
		bool is_long;
	} cases[] = {
		{ "at the limit", "<a b='", BOUND_TAG_BYTES - 7, "'>", false },
		{ "over the limit", "<a b='", BOUND_TAG_BYTES - 6, "'>", true },
		{ "a sign in quotes ends no tag", "<a b='>' c=\">'", BOUND_TAG_BYTES, "\">", true },
		{ "cut off", "<a b='", BOUND_TAG_BYTES, "", true },
		{ "text is no tag", "<a>", BOUND_TAG_BYTES, "</a>", false },
		{ "nor is a comment", "<!-- ", BOUND_TAG_BYTES, " -->", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf text = BUF_INIT;

		buf_add_text(&text, cases[i].before);
		memset(buf_reserve(&text, cases[i].filling), 'x', cases[i].filling);
		text.len += cases[i].filling;
		buf_add_text(&text, cases[i].after);
		if (xml_text_has_long_tag(buf_slice(&text)) != cases[i].is_long)
			print_error("%s\n", cases[i].why);
		assert_int_equal(xml_text_has_long_tag(buf_slice(&text)), cases[i].is_long);
		buf_free(&text);
	}
}

/* Names and namespaces without end: a parser keeps each of them, and looks for ever longer. */
static void
test_name_limit(void **state)
{
	static const struct {
		const char *why, *before, *after;
		int count;
		const char *message;
	} cases[] = {
		{ "some", "<a", "/>", 1000, NULL },
		{ "elements", "<a", "/>", 1000000, "too many names" },
		{ "attributes", "<a b", "=''/>", 1000000, "too many names" },
		{ "namespaces", "<a xmlns='u", "'/>", 1000000, "too many names" },
		{ "prefixes", "<a xmlns:b", "='u'/>", 1000000, "too many names" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf xml = BUF_INIT;
		struct answer answer;

		print_message("%s\n", cases[i].why);
		buf_add_text(&xml, "<feed xmlns=\"http://www.w3.org/2005/Atom\">");
		for (int name = 0; name < cases[i].count; name++)
			buf_printf(&xml, "%s%d%s", cases[i].before, name, cases[i].after);
		buf_add_text(&xml, "</feed>");
		answer_init(&answer);
		arxiv_feed_parse(xml.data, xml.len, 0, NULL, &answer);
		assert_int_equal(
		    answer.verdict, cases[i].message == NULL ? ANSWER_RECORDS : ANSWER_UNUSABLE);
		if (cases[i].message != NULL)
			assert_true(
			    text_find(answer.message, cases[i].message) < answer.message.len);
		answer_free(&answer);
		buf_free(&xml);
	}
}

/* A page cut anywhere is never half read. */
static void
test_cut_anywhere(void **state)
{
	struct buf xml = BUF_INIT;

	(void)state;
	build(&xml, "<summary>", "a &amp; <![CDATA[b]]> \xc3\xa9<!-- c -->", 2,
	    "</summary><category term='cs.CL'/><arxiv:doi>10.1/x</arxiv:doi>");
	for (size_t len = 0; len <= xml.len; len++) {
		char *part = mem_dup(xml.data, len);
		struct answer answer;

		answer_init(&answer);
		arxiv_feed_parse(part, len, 0, NULL, &answer);
		if ((answer.verdict == ANSWER_RECORDS) != (len == xml.len))
			fail_msg("cut at %zu: verdict %d", len, (int)answer.verdict);
		/* Inside the first tag the name of the root is not whole. */
		if (len > strcspn(xml.data, ">") && len < xml.len &&
		    strncmp(answer.message.data, "cut off after", 13) != 0)
			fail_msg("cut at %zu: %s", len, answer.message.data);
		answer_free(&answer);
		free(part);
	}
	buf_free(&xml);
}

static enum answer_verdict
recording_verdict(const char *name)
{
	static const struct {
		const char *part;
		enum answer_verdict verdict;
	} odd[] = {
		{ "id_abc", ANSWER_ERROR },
		{ "legacy_error_start", ANSWER_ERROR },
		{ "error-body__", ANSWER_UNUSABLE },
		/* Two feeds in one file. */
		{ "rsi_arxiv_raw.xml__56f3c5b", ANSWER_UNUSABLE },
		/* Cut off in a title, as they were recorded. */
		{ "kbibtex__embedded", ANSWER_UNUSABLE },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		if (strstr(name, odd[i].part) != NULL)
			return odd[i].verdict;
	return ANSWER_RECORDS;
}

static void
check_recording(const char *name, const struct buf *body, size_t records)
{
	struct answer answer;

	answer_init(&answer);
	arxiv_feed_parse(body->data, body->len, CASE_FETCHED, NULL, &answer);
	if (answer.verdict != recording_verdict(name))
		fail_msg("%s: verdict %d, %s", name, (int)answer.verdict,
		    answer.message.data == NULL ? "" : answer.message.data);
	if (answer.verdict == ANSWER_RECORDS && answer.count != records)
		fail_msg("%s: %zu records, the manifest says %zu", name, answer.count, records);
	answer_free(&answer);
}

static void
test_recordings(void **state)
{
	(void)state;
	if (recordings_walk("arxiv", 3, check_recording) == 0)
		skip();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_body_limit),
		cmocka_unit_test(test_tag_limit),
		cmocka_unit_test(test_name_limit),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_recordings),
	};

	return cmocka_run_group_tests_name("arxiv_feed", tests, NULL, NULL);
}
