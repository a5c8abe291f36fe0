#include "arxiv.h"
#include "arxiv_query.h"
#include "date.h"
#include "fetch.h"
#include "semantic_scholar.h"
#include "semantic_scholar_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Phrases joined by `;`. */
static void
add_all(struct topic_list *list, const char *phrases)
{
	while (*phrases != '\0') {
		struct buf phrase = BUF_INIT;

		while (*phrases != '\0' && *phrases != ';')
			buf_add_char(&phrase, *phrases++);
		phrases += *phrases == ';';
		topic_add(list, phrase.data);
		buf_free(&phrase);
	}
}

struct query_case {
	const char *why, *any, *all, *none, *categories;
	enum topic_match match;
	const char *arxiv, *semantic_scholar;
};

#define DATES "submittedDate:[202601020000 TO 202601031234]"

static const struct query_case cases[] = {
	{ "one phrase", "speculative decoding", "", "", "", TOPIC_TITLE_ABSTRACT,
	    "((ti:\"speculative decoding\" OR abs:\"speculative decoding\")) AND " DATES,
	    "\"speculative decoding\"" },
	{ "alternatives", "a b;c", "", "", "", TOPIC_TITLE_ABSTRACT,
	    "((ti:\"a b\" OR abs:\"a b\") OR (ti:\"c\" OR abs:\"c\")) AND " DATES,
	    "(\"a b\" | \"c\")" },
	{ "each of all", "", "a;b", "", "", TOPIC_TITLE_ABSTRACT,
	    "(ti:\"a\" OR abs:\"a\") AND (ti:\"b\" OR abs:\"b\") AND " DATES, "\"a\" +\"b\"" },
	{ "none of none", "a", "", "b;c", "", TOPIC_TITLE_ABSTRACT,
	    "((ti:\"a\" OR abs:\"a\")) AND " DATES
	    " ANDNOT ((ti:\"b\" OR abs:\"b\") OR (ti:\"c\" OR abs:\"c\"))",
	    "\"a\" -\"b\" -\"c\"" },
	{ "categories", "a", "", "", "cs.CL;astro-ph", TOPIC_TITLE_ABSTRACT,
	    "((ti:\"a\" OR abs:\"a\")) AND (cat:cs.CL OR cat:astro-ph) AND " DATES, "\"a\"" },
	{ "everywhere", "a;b", "c", "d", "", TOPIC_EVERYWHERE,
	    "(all:\"a\" OR all:\"b\") AND all:\"c\" AND " DATES " ANDNOT (all:\"d\")",
	    "(\"a\" | \"b\") +\"c\" -\"d\"" },
	{ "a quote does not end the phrase", "x\" OR ti:\"y", "", "", "", TOPIC_EVERYWHERE,
	    "(all:\"x  OR ti: y\") AND " DATES, "\"x  OR ti: y\"" },
	{ "nor does a backslash before it", "x\\", "", "", "", TOPIC_EVERYWHERE,
	    "(all:\"x \") AND " DATES, "\"x \"" },
	{ "parentheses and operators stay inside", "x) AND (cat:q-bio | -y", "", "", "",
	    TOPIC_EVERYWHERE, "(all:\"x) AND (cat:q-bio | -y\") AND " DATES,
	    "\"x) AND (cat:q-bio | -y\"" },
	{ "letters beyond ASCII",
	    "Schr\xc3\xb6"
	    "dinger",
	    "", "", "", TOPIC_EVERYWHERE,
	    "(all:\"Schr\xc3\xb6"
	    "dinger\") AND " DATES,
	    "\"Schr\xc3\xb6"
	    "dinger\"" },
};

static void
check(const struct query_case *it)
{
	int64_t from = date_day(2026, 1, 2) * 1440, to = date_day(2026, 1, 3) * 1440 + 12 * 60 + 34;
	struct buf arxiv = BUF_INIT, semantic_scholar = BUF_INIT;
	struct topic topic;

	topic_init(&topic);
	add_all(&topic.any, it->any);
	add_all(&topic.all, it->all);
	add_all(&topic.none, it->none);
	add_all(&topic.categories, it->categories);
	topic.match = it->match;
	arxiv_query_write(&topic, from, to, &arxiv);
	semantic_scholar_query_write(&topic, &semantic_scholar);
	if (strcmp(arxiv.data, it->arxiv) != 0)
		fail_msg("%s: %s", it->why, arxiv.data);
	if (strcmp(semantic_scholar.data, it->semantic_scholar) != 0)
		fail_msg("%s: %s", it->why, semantic_scholar.data);
	buf_free(&arxiv);
	buf_free(&semantic_scholar);
	topic_free(&topic);
}

static void
test_queries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(&cases[i]);
}

static void
test_quote(void **state)
{
	struct buf quoted = BUF_INIT;

	(void)state;
	fetch_quote(slice_of("a\r\nb\tc\x7f\"\\\xc3\xa9"), &quoted);
	assert_string_equal(quoted.data, "\"a  b c   \xc3\xa9\"");
	buf_free(&quoted);
}

static void
test_minutes(void **state)
{
	static const struct {
		int year, month, day, minute;
		const char *text;
	} minutes[] = {
		{ 1970, 1, 1, 0, "197001010000" },
		{ 1969, 12, 31, 1439, "196912312359" },
		{ 1986, 4, 25, 59, "198604250059" },
		{ 2024, 2, 29, 1439, "202402292359" },
		{ 2099, 12, 31, 1439, "209912312359" },
	};
	struct topic topic;

	(void)state;
	topic_init(&topic);
	topic.match = TOPIC_EVERYWHERE;
	topic_add(&topic.all, "a");
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		int64_t minute =
		    date_day(minutes[i].year, minutes[i].month, minutes[i].day) * 1440 +
		    minutes[i].minute;
		struct buf query = BUF_INIT, wanted = BUF_INIT;

		arxiv_query_write(&topic, minute, minute, &query);
		buf_printf(&wanted, "all:\"a\" AND submittedDate:[%s TO %s]", minutes[i].text,
		    minutes[i].text);
		assert_string_equal(query.data, wanted.data);
		buf_free(&query);
		buf_free(&wanted);
	}
	topic_free(&topic);
}

static void
test_dates(void **state)
{
	static const struct {
		bool from, to;
		const char *parameter;
	} days[] = {
		{ false, false, "?" },
		{ true, false, "?&publicationDateOrYear=2020-02-29:" },
		{ false, true, "?&publicationDateOrYear=:2021-12-31" },
		{ true, true, "?&publicationDateOrYear=2020-02-29:2021-12-31" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct buf url = BUF_INIT;
		struct topic topic;

		topic_init(&topic);
		topic.from = days[i].from ? date_day(2020, 2, 29) : TOPIC_DAY_NONE;
		topic.to = days[i].to ? date_day(2021, 12, 31) : TOPIC_DAY_NONE;
		buf_add_char(&url, '?');
		semantic_scholar_query_dates(&topic, &url);
		assert_string_equal(url.data, days[i].parameter);
		buf_free(&url);
		topic_free(&topic);
	}
}

static void
test_escape(void **state)
{
	struct buf out = BUF_INIT;
	char all[256];
	size_t kept = 0;

	(void)state;
	fetch_escape(slice_of("a b+c&d=e#f%g?\"|()[]<>\r\n;\xc3\xa9-_.~:,/Z9"), &out);
	assert_string_equal(out.data,
	    "a%20b%2Bc%26d%3De%23f%25g%3F%22%7C%28%29%5B%5D%3C%3E%0D%0A%3B"
	    "%C3%A9-_.~:,/Z9");
	buf_clear(&out);
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	fetch_escape((struct slice){ all, sizeof(all) }, &out);
	for (size_t i = 0; i < out.len; i++) {
		assert_in_range(out.data[i], '!', '~');
		kept += out.data[i] != '%';
	}
	/* 69 as they are, 187 as two digits. */
	assert_int_equal(kept, 69 + 187 * 2);
	buf_free(&out);
}

static void
test_base_urls(void **state)
{
	static const struct {
		char *(*base_url)(const char *given);
		const char *given, *made;
	} urls[] = {
		{ arxiv_base_url, "https://export.arxiv.org/api/query",
		    "https://export.arxiv.org/api/query" },
		{ arxiv_base_url, "https://export.arxiv.org/api/query/",
		    "https://export.arxiv.org/api/query" },
		{ arxiv_base_url, "http://127.0.0.1:8080", "http://127.0.0.1:8080/api/query" },
		{ arxiv_base_url, "http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/query" },
		{ arxiv_base_url, "http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/query" },
		{ arxiv_base_url, "http://127.0.0.1:8080/api//",
		    "http://127.0.0.1:8080/api/query" },
		{ arxiv_base_url, "http://localhost/mirror/query",
		    "http://localhost/mirror/query" },
		{ arxiv_base_url, "http://localhost/mirror", "http://localhost/mirror/api/query" },
		{ arxiv_base_url, "https://query", "https://query/api/query" },
		{ semantic_scholar_base_url, "https://api.semanticscholar.org/graph/v1",
		    "https://api.semanticscholar.org/graph/v1" },
		{ semantic_scholar_base_url, "https://api.semanticscholar.org/graph/v1/",
		    "https://api.semanticscholar.org/graph/v1" },
		{ semantic_scholar_base_url, "http://127.0.0.1:8080",
		    "http://127.0.0.1:8080/graph/v1" },
		{ semantic_scholar_base_url, "http://127.0.0.1:8080/",
		    "http://127.0.0.1:8080/graph/v1" },
		{ semantic_scholar_base_url, "http://localhost/s2/graph/v1",
		    "http://localhost/s2/graph/v1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		char *made = urls[i].base_url(urls[i].given);

		assert_string_equal(made, urls[i].made);
		free(made);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_minutes),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_base_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
