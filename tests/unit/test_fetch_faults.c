/* What the servers do wrong, and that nothing is lost by it. */

#include "fake_run.h"

#define ARXIV SOURCE_ARXIV
#define S2 SOURCE_SEMANTIC_SCHOLAR
#define FEED(inside)                                   \
	"<feed xmlns=\"http://www.w3.org/2005/Atom\" " \
	"xmlns:o=\"http://a9.com/-/spec/opensearch/1.1/\">" inside "</feed>"
#define TOTAL(number) "<o:totalResults>" number "</o:totalResults>"
#define ERROR_FEED                                                                           \
	FEED(TOTAL("1") "<entry><id>https://arxiv.org/api/errors#x</id><title>Error</title>" \
			"<summary>Internal error</summary></entry>")
#define X100                                                 \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" \
	"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X1000 X100 X100 X100 X100 X100 X100 X100 X100 X100 X100
#define ENDLESS_TOKEN "{\"total\":5000,\"data\":[],\"token\":\"x" X1000 X1000 "\"}"
#define DOCUMENT "<!DOCTYPE html>\n<html><body><h1>Service unavailable</h1></body></html>\n"

/* A run of another process, some time later. */
static void
run_again(struct fake_whole *whole)
{
	fake_run_free(&whole->run);
	fake_run_init(&whole->run, &whole->world, &whole->sink);
	fake_run_restore(&whole->run);
	whole->world.ticks += 5000;
	fake_run_go(&whole->run);
}

/* Faults that pass: all comes nevertheless, in so many requests and so much time. */
static const struct {
	const char *why;
	size_t papers;
	struct fake_fault fault;
	unsigned arxiv_least, arxiv_most, s2;
	int64_t least_ms, most_ms;
} passing[] = {
	{ "429", 485, { ARXIV, 1, 1, FAKE_STATUS, 429, "Rate exceeded.", 0 }, 2, 2, 1, 30000,
	    38500 },
	{ "429, wait a minute", 485, { ARXIV, 1, 1, FAKE_STATUS, 429, NULL, 60 }, 2, 2, 1, 60000,
	    61500 },
	{ "503, wait nothing", 485, { ARXIV, 1, 1, FAKE_STATUS, 503, NULL, -1 }, 2, 2, 1, 30000,
	    38500 },
	{ "503, wait a day", 485, { ARXIV, 1, 1, FAKE_STATUS, 503, NULL, 86400 }, 2, 2, 1, 900000,
	    901500 },
	{ "406, as a throttle", 485, { ARXIV, 1, 1, FAKE_STATUS, 406, NULL, 0 }, 2, 2, 1, 30000,
	    38500 },
	{ "403 of arXiv is a throttle", 485, { ARXIV, 1, 3, FAKE_STATUS, 403, NULL, 0 }, 4, 4, 1,
	    210000, 265000 },
	{ "Rate exceeded with 200", 485, { ARXIV, 1, 1, FAKE_BODY, 0, "Rate exceeded.", 0 }, 2, 2,
	    1, 30000, 38500 },
	{ "a document", 485, { ARXIV, 1, 1, FAKE_BODY, 0, DOCUMENT, 0 }, 2, 2, 1, 6000, 8500 },
	{ "no content", 485, { ARXIV, 1, 1, FAKE_STATUS, 204, NULL, 0 }, 2, 2, 1, 6000, 8500 },
	{ "partial content", 485, { ARXIV, 1, 1, FAKE_STATUS, 206, NULL, 0 }, 2, 2, 1, 6000, 8500 },
	{ "not modified", 485, { ARXIV, 1, 1, FAKE_STATUS, 304, NULL, 0 }, 2, 2, 1, 6000, 8500 },
	{ "misdirected", 485, { ARXIV, 1, 1, FAKE_STATUS, 421, NULL, 0 }, 2, 2, 1, 6000, 8500 },
	{ "an error with 200", 485, { ARXIV, 1, 1, FAKE_BODY, 0, ERROR_FEED, 0 }, 2, 2, 1, 6000,
	    8500 },
	{ "in the middle", 5000, { ARXIV, 2, 1, FAKE_BODY, 0, ERROR_FEED, 0 }, 4, 4, 5, 0, 20000 },
	{ "two totals", 485, { ARXIV, 1, 1, FAKE_BODY, 0, FEED(TOTAL("7") TOTAL("485")), 0 }, 2, 2,
	    1, 6000, 8500 },
	{ "more entries than there are", 5000, { ARXIV, 1, 1, FAKE_TOTAL, 100, NULL, 0 }, 4, 4, 5,
	    0, 20000 },
	{ "where nothing matches", 485, { ARXIV, 1, 1, FAKE_TOTAL, 0, NULL, 0 }, 2, 2, 1, 6000,
	    8500 },
	{ "the same in the middle", 5000, { ARXIV, 2, 1, FAKE_TOTAL, 2001, NULL, 0 }, 4, 4, 5, 0,
	    20000 },
	{ "an empty body", 485, { ARXIV, 1, 1, FAKE_BODY, 0, "", 0 }, 2, 2, 1, 6000, 8500 },
	{ "a cut body", 5000, { ARXIV, 2, 1, FAKE_CUT, 0, NULL, 0 }, 4, 4, 5, 0, 20000 },
	{ "a reset", 5000, { ARXIV, 2, 1, FAKE_RESET, 0, NULL, 0 }, 4, 4, 5, 0, 20000 },
	{ "500", 5000, { ARXIV, 2, 1, FAKE_STATUS, 500, NULL, 0 }, 4, 4, 5, 0, 20000 },
	{ "500 twice: smaller pages", 5000, { ARXIV, 2, 2, FAKE_STATUS, 500, NULL, 0 }, 6, 6, 5, 0,
	    50000 },
	{ "504 four times", 5000, { ARXIV, 2, 4, FAKE_STATUS, 504, NULL, 0 }, 7, 17, 5, 0, 200000 },
	{ "an empty page", 5000, { ARXIV, 2, 1, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 4, 4, 5, 0, 20000 },
	{ "three of them", 5000, { ARXIV, 2, 3, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 6, 12, 5, 0, 80000 },
	{ "none at first", 485, { ARXIV, 1, 1, FAKE_ZERO, 0, NULL, 0 }, 2, 2, 1, 6000, 8500 },
	{ "none at first, twice", 485, { ARXIV, 1, 2, FAKE_ZERO, 0, NULL, 0 }, 3, 3, 1, 18000,
	    25000 },
	{ "none in the middle", 5000, { ARXIV, 2, 2, FAKE_ZERO, 0, NULL, 0 }, 5, 7, 5, 0, 50000 },
	{ "a short page", 5000, { ARXIV, 1, 1, FAKE_SHORT, 1990, NULL, 0 }, 3, 4, 5, 0, 20000 },
	{ "a page that would end beyond 10,000", 8950, { ARXIV, 1, 1, FAKE_SHORT, 1700, NULL, 0 },
	    6, 6, 9, 0, 40000 },
	{ "a prime number", 5000, { ARXIV, 2, 1, FAKE_SHORT, 1009, NULL, 0 }, 4, 5, 5, 0, 20000 },
	{ "a very short one", 5000, { ARXIV, 1, 1, FAKE_SHORT, 1, NULL, 0 }, 4, 18, 5, 0, 60000 },
	{ "a lost entry", 5000, { ARXIV, 2, 1, FAKE_LOSE_ONE, 0, NULL, 0 }, 4, 7, 5, 0, 30000 },
	{ "a lost entry of one page", 485, { ARXIV, 1, 1, FAKE_LOSE_ONE, 0, NULL, 0 }, 2, 3, 1, 0,
	    9000 },
	{ "S2: 429", 5000, { S2, 2, 1, FAKE_STATUS, 429, NULL, 0 }, 3, 3, 6, 11000, 25000 },
	{ "S2: 500", 5000, { S2, 2, 1, FAKE_STATUS, 500, NULL, 0 }, 3, 3, 6, 0, 15000 },
	{ "S2: cut", 5000, { S2, 2, 1, FAKE_CUT, 0, NULL, 0 }, 3, 3, 6, 0, 15000 },
	{ "S2: a document", 485, { S2, 1, 1, FAKE_BODY, 0, DOCUMENT, 0 }, 1, 1, 2, 2200, 4500 },
	{ "S2: an error with 200", 485, { S2, 1, 1, FAKE_BODY, 0, "{\"error\":\"x\"}", 0 }, 1, 1, 2,
	    2200, 4500 },
	{ "S2: an error beside papers", 485,
	    { S2, 1, 1, FAKE_BODY, 0,
		"{\"error\":\"x\",\"total\":1,\"token\":null,\"data\":[{\"corpusId\":1000001}]}",
		0 },
	    1, 1, 2, 2200, 4500 },
	{ "S2: no content", 485, { S2, 1, 1, FAKE_STATUS, 204, NULL, 0 }, 1, 1, 2, 2200, 4500 },
	{ "S2: none at first", 485, { S2, 1, 1, FAKE_BODY, 0, "{\"total\": 0, \"offset\": 0}", 0 },
	    1, 1, 2, 2200, 4500 },
	{ "S2: key refused once", 485,
	    { S2, 1, 1, FAKE_STATUS, 403, "{\"message\":\"Forbidden\"}", 0 }, 1, 1, 2, 2200, 4500 },
	{ "S2: ends early", 5000, { S2, 3, 1, FAKE_EARLY_END, 0, NULL, 0 }, 3, 3, 6, 0, 15000 },
	{ "S2: and counts less than came", 5000, { S2, 3, 1, FAKE_EARLY_END, 1000, NULL, 0 }, 3, 3,
	    6, 0, 15000 },
};

static void
test_passing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		struct fake_whole *whole = fake_whole_new(passing[i].papers);
		const unsigned *requests = whole->world.requests;

		print_message("%s\n", passing[i].why);
		fake_add_fault(&whole->world, passing[i].fault);
		fake_whole_succeeds(whole);
		assert_in_range(requests[ARXIV], passing[i].arxiv_least, passing[i].arxiv_most);
		assert_int_equal(requests[S2], passing[i].s2);
		assert_in_range(whole->run.took, passing[i].least_ms, passing[i].most_ms);
		assert_int_equal(arxiv_missing(whole->run.arxiv), 0);
		/* Nothing is waited for or asked again in silence. */
		if (requests[ARXIV] > 3 || requests[S2] > 5)
			assert_true(
			    whole->run.log_lines.len > 0 || passing[i].fault.kind == FAKE_SHORT);
		fake_whole_free(whole);
	}
}

/* Who knows what still comes behind an answer that was none; a refusal is one. */
static void
test_dropped(void **state)
{
	static const struct {
		struct fake_fault fault;
		unsigned dropped;
	} cases[] = {
		{ { ARXIV, 1, 0, FAKE_STATUS, 0, NULL, 0 }, 0 },
		{ { ARXIV, 1, 1, FAKE_STATUS, 500, NULL, 0 }, 1 },
		{ { ARXIV, 1, 2, FAKE_BODY, 0, DOCUMENT, 0 }, 2 },
		{ { S2, 1, 1, FAKE_CUT, 0, NULL, 0 }, 1 },
		{ { ARXIV, 1, 1, FAKE_STATUS, 429, NULL, 0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(100);

		fake_add_fault(&whole->world, cases[i].fault);
		fake_whole_succeeds(whole);
		assert_int_equal(whole->world.dropped, cases[i].dropped);
		fake_whole_free(whole);
	}
}

static const struct {
	const char *why;
	struct fake_fault fault;
	enum source_outcome outcome;
	unsigned requests;
	const char *reason;
} lasting[] = {
	{ "arXiv is down", { ARXIV, 1, 99, FAKE_RESET, 0, NULL, 0 }, SOURCE_UNREACHABLE, 6,
	    "Recv failure: Connection reset by peer" },
	{ "in the middle", { ARXIV, 2, 99, FAKE_RESET, 0, NULL, 0 }, SOURCE_UNREACHABLE, 7,
	    "Recv failure" },
	{ "arXiv wants no more", { ARXIV, 1, 99, FAKE_STATUS, 429, NULL, 0 }, SOURCE_THROTTLED, 6,
	    "HTTP 429" },
	{ "arXiv forbids", { ARXIV, 1, 99, FAKE_STATUS, 403, NULL, 0 }, SOURCE_THROTTLED, 6,
	    "HTTP 403" },
	{ "the query is refused", { ARXIV, 1, 99, FAKE_STATUS, 400, NULL, 0 }, SOURCE_UNREACHABLE,
	    1, "HTTP 400" },
	{ "moved", { ARXIV, 1, 99, FAKE_STATUS, 301, NULL, 0 }, SOURCE_UNREACHABLE, 1,
	    "HTTP 301, a redirect that may not be followed" },
	{ "empty pages for ever", { ARXIV, 2, 99, FAKE_EMPTY_PAGE, 0, NULL, 0 }, SOURCE_UNREACHABLE,
	    7, "an empty page at 2000 of 5000" },
	{ "documents for ever", { ARXIV, 1, 99, FAKE_BODY, 0, DOCUMENT, 0 }, SOURCE_UNREACHABLE, 6,
	    "" },
	{ "the key is refused", { S2, 1, 99, FAKE_STATUS, 403, "{\"message\":\"Forbidden\"}", 0 },
	    SOURCE_KEY_REFUSED, 2, "HTTP 403: Forbidden" },
	{ "refused in the middle", { S2, 3, 99, FAKE_STATUS, 401, NULL, 0 }, SOURCE_KEY_REFUSED, 4,
	    "HTTP 401" },
	{ "S2 is down", { S2, 1, 99, FAKE_RESET, 0, NULL, 0 }, SOURCE_UNREACHABLE, 6, "Recv" },
	{ "S2 refuses the fields",
	    { S2, 1, 99, FAKE_STATUS, 400,
		"{\"error\":\"Unrecognized or unsupported fields: [x]\"}", 0 },
	    SOURCE_UNREACHABLE, 1, "HTTP 400: Unrecognized or unsupported fields: [x]" },
	{ "S2 never comes to an end",
	    { S2, 2, 99, FAKE_BODY, 0, "{\"total\":5000,\"token\":\"T1000\",\"data\":[]}", 0 },
	    SOURCE_UNREACHABLE, 7, "the token that was asked for comes again" },
	{ "nor with other tokens",
	    { S2, 3, 99, FAKE_BODY, 0, "{\"total\":1,\"token\":\"x\",\"data\":[]}", 0 },
	    SOURCE_UNREACHABLE, 8, "the search goes on at 2000 of 1" },
	{ "S2's token has no end", { S2, 1, 99, FAKE_BODY, 0, ENDLESS_TOKEN, 0 },
	    SOURCE_UNREACHABLE, 6, "a token of 2001 bytes" },
	{ "S2 wants no more", { S2, 1, 99, FAKE_STATUS, 429, NULL, 0 }, SOURCE_THROTTLED, 6,
	    "HTTP 429" },
};

/* One source fails for good; the other does all that it can, and waits for nobody. */
static void
test_lasting(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		struct fake_whole *whole = fake_whole_new(5000);
		enum source source = lasting[i].fault.source;
		enum source other = source == ARXIV ? S2 : ARXIV;

		print_message("%s\n", lasting[i].why);
		fake_add_fault(&whole->world, lasting[i].fault);
		fake_run_go(&whole->run);
		assert_int_equal(fake_outcome(&whole->run, source), lasting[i].outcome);
		assert_int_equal(whole->world.requests[source], lasting[i].requests);
		if (!text_starts(
			slice_of(whole->run.endpoints[source].report.reason), lasting[i].reason))
			fail_msg("%s", whole->run.endpoints[source].report.reason);
		assert_int_equal(fake_outcome(&whole->run, other), SOURCE_OK);
		fake_check_whole(&whole->sink, other);
		fake_whole_free(whole);
	}
}

/* Who counts more than there is, and has nothing behind its last entry, is given up however the
 * pages are laid: one that lies over the end brings what has come before. */
static void
test_counts_too_many(void **state)
{
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){
		.source = ARXIV, .first = 1, .times = 99, .kind = FAKE_TOTAL, .number = 1485 });
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_int_equal(whole->world.requests[ARXIV], 7);
	assert_string_equal(
	    whole->run.endpoints[ARXIV].report.reason, "an empty page at 485 of 1485");
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
	fake_check_whole(&whole->sink, ARXIV);
	fake_whole_free(whole);
}

/* Both asks for what only the other knows are made when the search of one failed half way. */
static void
test_rest_after_failure(void **state)
{
	struct fake_whole *whole = fake_whole_new(3000);

	(void)state;
	for (size_t i = 0; i < 3000; i++)
		whole->world.papers[i].s2_finds = i % 10 != 5;
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = ARXIV, .first = 2, .times = 99, .kind = FAKE_RESET });
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_UNREACHABLE);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
	/* Of the 300 that its search does not find arXiv told 200. */
	assert_int_equal(whole->world.requests[S2], 4);
	assert_int_equal(known_from(whole->run.known, S2), 2900);
	fake_whole_free(whole);
}

/* An entry that the server counts but never gives does not fail the rest. */
static void
test_ghosts(void **state)
{
	static const struct {
		size_t papers, ghost;
	} cases[] = { { 485, 100 }, { 485, 484 }, { 5000, 2500 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].papers);

		whole->world.papers[cases[i].ghost].ghost = true;
		whole->world.papers[cases[i].ghost].on_s2 = false;
		fake_whole_succeeds(whole);
		assert_int_equal(arxiv_missing(whole->run.arxiv), 1);
		assert_in_range(whole->world.requests[ARXIV], 3, 12);
		fake_whole_free(whole);
	}
}

/* What vanishes from a page that came moves the rest up, and one of it past the next page: all is
 * read again.  What vanishes before it came moves nothing. */
static void
test_vanishing(void **state)
{
	static const struct {
		const char *why;
		size_t papers, paper;
		unsigned after, least, most;
	} cases[] = {
		{ "of the first page, behind it", 5000, 100, 1, 6, 6 },
		{ "of the first page, behind the second", 5000, 1999, 2, 6, 6 },
		{ "of the second page, behind it", 5000, 2000, 2, 6, 6 },
		{ "behind the last page", 5000, 100, 3, 3, 3 },
		{ "behind a window that slid on", 12000, 4000, 4, 7, 14 },
		{ "of a window that slides on", 12000, 100, 2, 8, 14 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].papers);

		whole->world.papers[cases[i].paper].arxiv_to = cases[i].after;
		/* Or it would be asked for by its id. */
		for (size_t border = 2000; border < cases[i].papers; border += 2000)
			whole->world.papers[border].on_s2 = false;
		fake_whole_succeeds(whole);
		print_message("%s: %u requests\n", cases[i].why, whole->world.requests[ARXIV]);
		assert_int_equal(arxiv_missing(whole->run.arxiv), 0);
		assert_in_range(whole->world.requests[ARXIV], cases[i].least, cases[i].most);
		fake_whole_free(whole);
	}
}

/* A run that is cut in between knows how many there were. */
static void
test_vanishing_between_runs(void **state)
{
	struct fake_whole *whole = fake_whole_new(5000);

	(void)state;
	/* Or it would be asked for by its id. */
	whole->world.papers[2000].on_s2 = false;
	whole->world.faults[whole->world.fault_count++] =
	    (struct fake_fault){ ARXIV, 2, 20, FAKE_STATUS, 404, NULL, 0 };
	fake_run_go(&whole->run);
	assert_int_not_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
	whole->world.papers[100].arxiv_to = 1;
	whole->world.fault_count = 0;
	run_again(whole);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
	fake_check_whole(&whole->sink, ARXIV);
	fake_whole_free(whole);
}

/* Each time that the window is read another entry is missing: together they are whole. */
static void
test_lost_in_turn(void **state)
{
	struct fake_whole *whole = fake_whole_new(5000);

	(void)state;
	whole->world.faults[whole->world.fault_count++] =
	    (struct fake_fault){ ARXIV, 1, 1, FAKE_LOSE_ONE, 0, NULL, 0 };
	whole->world.faults[whole->world.fault_count++] =
	    (struct fake_fault){ ARXIV, 5, 1, FAKE_LOSE_ONE, 0, NULL, 0 };
	fake_whole_succeeds(whole);
	assert_int_equal(arxiv_missing(whole->run.arxiv), 0);
	assert_in_range(whole->world.requests[ARXIV], 6, 8);
	fake_whole_free(whole);
}

static void
test_server_with_small_pages(void **state)
{
	static const struct {
		int64_t fails_above, cap;
		unsigned most;
	} cases[] = {
		{ 1000, 0, 7 + 2 },
		{ 400, 0, 24 + 6 },
		{ 0, 100, 51 },
		{ 0, 37, 160 },
		{ 0, 1, 500 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].cap == 1 ? 300 : 5000);

		whole->world.page_fails_above = cases[i].fails_above;
		whole->world.page_cap = cases[i].cap;
		fake_whole_succeeds(whole);
		print_message("pages fail above %d, hold %d: %u requests\n",
		    (int)cases[i].fails_above, (int)cases[i].cap, whole->world.requests[ARXIV]);
		assert_in_range(whole->world.requests[ARXIV], 5, cases[i].most);
		fake_whole_free(whole);
	}
}

static void
test_no_papers(void **state)
{
	struct fake_whole *whole = fake_whole_new(0);

	(void)state;
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	assert_int_equal(whole->world.requests[S2], 2);
	assert_int_equal(arxiv_matched(whole->run.arxiv), 0);
	assert_int_equal(semantic_scholar_matched(whole->run.semantic_scholar), 0);
	fake_whole_free(whole);
}

static void
test_malformed_id(void **state)
{
	struct fake_whole *whole = fake_whole_new(50);

	(void)state;
	for (size_t i = 0; i < 10; i++)
		whole->world.papers[i].arxiv_from = FAKE_NEVER;
	whole->world.malformed_id = whole->world.papers[4].id;
	whole->world.papers[4].ghost = true;
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	assert_non_null(strstr(whole->run.log_lines.data, "incorrect id format"));
	/* And it is not asked again by the next run. */
	run_again(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	fake_whole_free(whole);
}

/* A list that is too long for somebody on the way comes in parts. */
static void
test_long_id_list(void **state)
{
	struct fake_whole *whole = fake_whole_new(50);

	(void)state;
	for (size_t i = 0; i < 20; i++)
		whole->world.papers[i].arxiv_from = FAKE_NEVER;
	whole->world.id_list_max = 6;
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[ARXIV], 1 + 2 + 4);
	fake_whole_free(whole);
}

/* Two papers are brought by id, the third is not known to arXiv: what comes is kept, and what does
 * not is absent when two answers say so, or three that contradict themselves. */
static void
test_short_id_lists(void **state)
{
	static const struct {
		const char *why;
		struct fake_fault fault;
		unsigned requests, came;
	} cases[] = {
		{ "all is well", { ARXIV, 9, 1, FAKE_ZERO, 0, NULL, 0 }, 3, 2 },
		{ "nothing after two", { ARXIV, 3, 1, FAKE_ZERO, 0, NULL, 0 }, 3, 2 },
		{ "nothing before", { ARXIV, 2, 1, FAKE_ZERO, 0, NULL, 0 }, 3, 2 },
		{ "one of two that are counted", { ARXIV, 2, 1, FAKE_SHORT, 1, NULL, 0 }, 4, 2 },
		{ "one at a time", { ARXIV, 2, 2, FAKE_SHORT, 1, NULL, 0 }, 4, 2 },
		{ "none of two that are counted", { ARXIV, 2, 2, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 5,
		    2 },
		{ "three times", { ARXIV, 2, 9, FAKE_EMPTY_PAGE, 0, NULL, 0 }, 4, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(50);
		struct fake_paper *papers = whole->world.papers;

		print_message("%s\n", cases[i].why);
		papers[3].arxiv_from = papers[5].arxiv_from = papers[7].arxiv_from = FAKE_NEVER;
		papers[7].ghost = true;
		fake_add_fault(&whole->world, cases[i].fault);
		fake_run_go(&whole->run);
		assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
		assert_int_equal(whole->world.requests[ARXIV], cases[i].requests);
		assert_int_equal(
		    whole->sink.came[ARXIV][3] + whole->sink.came[ARXIV][5], cases[i].came);
		/* And none is asked for again by the next run. */
		run_again(whole);
		assert_int_equal(whole->world.requests[ARXIV], cases[i].requests);
		fake_whole_free(whole);
	}
}

/* A server that counts ids that it does not know and repeats what it has given already. */
static void
test_repeated_by_id(void **state)
{
	struct fake_whole *whole = fake_whole_new(50);
	struct buf body = BUF_INIT;

	(void)state;
	whole->world.papers[3].arxiv_from = whole->world.papers[5].arxiv_from = FAKE_NEVER;
	whole->world.papers[5].ghost = true;
	fake_add_feed_head(2, 0, 2, &body);
	fake_add_entry(&whole->world.papers[3], &body);
	buf_add_text(&body, "</feed>\n");
	fake_add_fault(
	    &whole->world, (struct fake_fault){ ARXIV, 2, 99, FAKE_BODY, 0, body.data, 0 });
	fake_whole_succeeds(whole);
	/* The search, the list that brings one, and three that bring nothing. */
	assert_int_equal(whole->world.requests[ARXIV], 1 + 1 + 3);
	fake_whole_free(whole);
	buf_free(&body);
}

/* Lists that time out are halved, also when the answer before was only not believed. */
static void
test_timeouts_of_id_lists(void **state)
{
	(void)state;
	for (unsigned doubted = 0; doubted < 2; doubted++) {
		struct fake_whole *whole = fake_whole_new(400);

		for (size_t i = 50; i < 350; i++)
			whole->world.papers[i].arxiv_from = FAKE_NEVER;
		fake_add_fault(
		    &whole->world, (struct fake_fault){ ARXIV, 2, doubted, FAKE_ZERO, 0, NULL, 0 });
		fake_add_fault(&whole->world,
		    (struct fake_fault){ ARXIV, 2 + doubted, 3, FAKE_STATUS, 504, NULL, 0 });
		fake_whole_succeeds(whole);
		assert_in_range(
		    whole->world.requests[ARXIV], 1 + doubted + 3 + 2, 1 + doubted + 3 + 9);
		fake_whole_free(whole);
	}
}

/* What arXiv brings by id moves the DOIs that a batch, asked at the same time, was made of. */
static void
test_batch_beside_id_list(void **state)
{
	const size_t by_id = 2100, count = by_id + 3000;
	struct fake_whole *whole = fake_whole_new(count);
	char(*dois)[32] = mem_new(by_id, sizeof(*dois));

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct fake_paper *paper = &whole->world.papers[i];

		paper->s2_finds = i < by_id;
		if (i >= by_id)
			continue;
		snprintf(dois[i], sizeof(dois[i]), "10.1000/a.long.doi.%zu", i);
		paper->arxiv_from = FAKE_NEVER;
		paper->doi = dois[i];
	}
	fake_whole_succeeds(whole);
	fake_whole_free(whole);
	free(dois);
}

/* A search whose last page is empty, for the count fell meanwhile or was an estimate. */
static void
test_empty_last_page(void **state)
{
	static const struct {
		const char *body;
		size_t papers;
		int64_t missing;
	} cases[] = {
		{ "{\"total\": 2000, \"token\": null, \"data\": []}", 2001, 0 },
		{ "{\"total\": 2001, \"token\": null, \"data\": []}", 2001, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = fake_whole_new(cases[i].papers);

		fake_add_fault(
		    &whole->world, (struct fake_fault){ S2, 3, 2, FAKE_BODY, 0, cases[i].body, 0 });
		fake_run_go(&whole->run);
		assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
		/* Twice, and a batch for the paper that the search lost. */
		assert_int_equal(whole->world.requests[S2], 2 + 2 + 1);
		assert_int_equal(
		    semantic_scholar_missing(whole->run.semantic_scholar), cases[i].missing);
		fake_check_whole(&whole->sink, S2);
		fake_whole_free(whole);
	}
}

/* An early end is believed the second time, whatever is counted then. */
static void
test_early_end_of_a_moving_count(void **state)
{
#define ONE                                              \
	", \"token\": null, \"data\": [{\"paperId\": "   \
	"\"0000000000000000000000000000000000000001\", " \
	"\"externalIds\": {\"CorpusId\": 1000001}, \"title\": \"T\"}]}"
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_add_fault(
	    &whole->world, (struct fake_fault){ S2, 1, 1, FAKE_BODY, 0, "{\"total\": 485" ONE, 0 });
	fake_add_fault(
	    &whole->world, (struct fake_fault){ S2, 2, 1, FAKE_BODY, 0, "{\"total\": 486" ONE, 0 });
#undef ONE
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
	assert_int_equal(semantic_scholar_missing(whole->run.semantic_scholar), 485);
	fake_whole_free(whole);
}

/* A DOI that is refused costs no paper that its arXiv id brings; one paper's ids are asked in
 * parts.
 */
static void
test_dois_of_one_paper(void **state)
{
	struct fake_whole *whole = fake_whole_new(50);

	(void)state;
	whole->world.papers[5].doi = "10.1000/good 10.1000/bad%";
	whole->world.papers[5].s2_finds = false;
	whole->world.refused_id = "DOI:10.1000/bad%";
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[S2], 3);
	fake_whole_free(whole);

	whole = fake_whole_new(50);
	whole->world.papers[5].doi =
	    "10.1000/a https://doi.org/10.1000/A 10.1000/b 10.1000/c doi:10.1000/a 10.1000/d";
	whole->world.papers[5].s2_finds = false;
	whole->world.batch_fails_above = 2;
	whole->world.batch_status = 504;
	whole->world.batch_body = "{\"message\": \"Endpoint request timed out\"}";
	fake_whole_succeeds(whole);
	assert_non_null(strstr(whole->run.log_lines.data, "batch of 5 ids"));
	fake_whole_free(whole);
}

/* A search that tells of papers and ends before them, and then of none: two faults are no proof. */
static void
test_zero_behind_a_count(void **state)
{
	static const char early[] = "{\"total\": 485, \"token\": null, \"data\": []}";
	static const char zero[] = "{\"total\": 0, \"offset\": 0}";

	(void)state;
	for (int zero_first = 0; zero_first < 2; zero_first++) {
		struct fake_whole *whole = fake_whole_new(485);

		fake_add_fault(&whole->world,
		    (struct fake_fault){ S2, 1, 1, FAKE_BODY, 0, zero_first ? zero : early, 0 });
		fake_add_fault(&whole->world,
		    (struct fake_fault){ S2, 2, 2, FAKE_BODY, 0, zero_first ? early : zero, 0 });
		fake_whole_succeeds(whole);
		assert_int_equal(whole->world.requests[S2], 4);
		assert_int_equal(semantic_scholar_matched(whole->run.semantic_scholar), 485);
		fake_whole_free(whole);
	}
}

/* Two answers that end early, each elsewhere: neither is believed. */
static void
test_different_early_ends(void **state)
{
	static const char other[] =
	    "{\"total\": 485, \"token\": null, \"data\": [{\"paperId\": "
	    "\"00000000000000000000000000000000000f4240\", \"title\": \"T\"}]}";
	struct fake_whole *whole = fake_whole_new(485);

	(void)state;
	fake_add_fault(&whole->world, (struct fake_fault){ S2, 1, 1, FAKE_EARLY_END, 0, NULL, 0 });
	fake_add_fault(&whole->world, (struct fake_fault){ S2, 2, 1, FAKE_BODY, 0, other, 0 });
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[S2], 3);
	assert_int_equal(semantic_scholar_missing(whole->run.semantic_scholar), 0);
	fake_whole_free(whole);
}

/* A topic without a paper on arXiv, of which S2 names some: of two, that can be; of three, arXiv
 * fails. */
static void
test_invented_ids(void **state)
{
	(void)state;
	for (size_t count = 2; count <= 3; count++) {
		struct fake_whole *whole = fake_whole_new(count);

		for (size_t i = 0; i < count; i++)
			whole->world.papers[i].ghost = true;
		fake_add_fault(
		    &whole->world, (struct fake_fault){ ARXIV, 1, 3, FAKE_ZERO, 0, NULL, 0 });
		fake_run_go(&whole->run);
		assert_int_equal(
		    fake_outcome(&whole->run, ARXIV), count == 2 ? SOURCE_OK : SOURCE_UNREACHABLE);
		assert_int_equal(arxiv_until(whole->run.arxiv) == INT64_MIN, count == 3);
		fake_whole_free(whole);
	}
}

/* What S2 says is an arXiv paper and arXiv does not know. */
static void
test_absent_id(void **state)
{
	struct fake_whole *whole = fake_whole_new(50);

	(void)state;
	whole->world.papers[7].arxiv_from = FAKE_NEVER;
	whole->world.papers[7].ghost = true;
	fake_whole_succeeds(whole);
	/* None at all came, which is asked twice. */
	assert_int_equal(whole->world.requests[ARXIV], 3);
	run_again(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	fake_whole_free(whole);
}

/* A world whose S2 search finds nothing of 400. */
static struct fake_whole *
batches_new(void)
{
	struct fake_whole *whole = fake_whole_new(1000);

	for (size_t i = 0; i < 400; i++)
		whole->world.papers[i].s2_finds = false;
	return whole;
}

static void
test_batches(void **state)
{
	static const struct {
		const char *why;
		size_t fails_above;
		int status;
		const char *body;
		struct fake_fault fault;
		unsigned s2;
	} cases[] = {
		{ "whole", 0, 0, NULL, { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 2 },
		{ "504: halved", 200, 504, "{\"message\": \"Endpoint request timed out\"}",
		    { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 1 + 1 + 2 },
		{ "504: halved again", 100, 504, "{\"message\": \"Endpoint request timed out\"}",
		    { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 1 + 2 + 4 },
		{ "too large: halved", 300, 400,
		    "{\"error\":\"Response would exceed maximum size\"}",
		    { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 1 + 1 + 2 },
		{ "413: halved", 300, 413, "", { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 1 + 1 + 2 },
		{ "halved as often as it takes", 3, 400,
		    "{\"error\":\"Response would exceed maximum size\"}",
		    { S2, 9, 0, FAKE_RESET, 0, NULL, 0 }, 1 + 7 + 134 },
		{ "the same paper everywhere: asked again", 0, 0, NULL,
		    { S2, 2, 1, FAKE_SAME_PAPER, 0, NULL, 0 }, 1 + 1 + 1 },
		{ "one answer less: asked again", 0, 0, NULL,
		    { S2, 2, 1, FAKE_WRONG_LENGTH, 0, NULL, 0 }, 1 + 1 + 2 },
		{ "500: asked again", 0, 0, NULL, { S2, 2, 1, FAKE_STATUS, 500, NULL, 0 },
		    1 + 1 + 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = batches_new();

		print_message("%s\n", cases[i].why);
		whole->world.batch_fails_above = cases[i].fails_above;
		whole->world.batch_status = cases[i].status;
		whole->world.batch_body = cases[i].body;
		if (cases[i].fault.times > 0)
			fake_add_fault(&whole->world, cases[i].fault);
		fake_whole_succeeds(whole);
		assert_in_range(whole->world.requests[S2], cases[i].s2, cases[i].s2 + 1);
		fake_whole_free(whole);
	}
}

/* Papers of today: S2 knows none, and refuses the batch as a whole. */
static void
test_batch_of_unknown(void **state)
{
	struct fake_whole *whole = fake_whole_new(60);

	(void)state;
	for (size_t i = 50; i < 60; i++)
		whole->world.papers[i].on_s2 = false;
	whole->world.refuses_unknown = true;
	fake_whole_succeeds(whole);
	assert_int_equal(whole->world.requests[S2], 2);
	fake_whole_free(whole);
}

/* An id that S2 refuses by name does not cost the rest of its batch, nor the next run. */
static void
test_batch_of_refused_id(void **state)
{
	static const struct {
		const char *refused, *doi;
	} cases[] = { { "ARXIV:", NULL }, { "DOI:10.1000/refused", "10.1000/refused" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_whole *whole = batches_new();
		struct buf refused = BUF_INIT;

		buf_add_text(&refused, cases[i].refused);
		if (cases[i].doi == NULL)
			buf_add_text(&refused, whole->world.papers[7].id);
		whole->world.papers[7].doi = cases[i].doi;
		whole->world.papers[7].on_s2 = false;
		whole->world.refused_id = refused.data;
		fake_whole_succeeds(whole);
		assert_int_equal(whole->world.requests[S2], 1 + 1 + 1);
		assert_non_null(strstr(whole->run.log_lines.data, "; left out"));
		run_again(whole);
		assert_int_equal(whole->world.requests[S2], 1 + 1 + 1);
		buf_free(&refused);
		fake_whole_free(whole);
	}
}

/* By arXiv id and by DOI: the answers may name another id, or none, or come twice. */
static void
test_batch_names(void **state)
{
	struct fake_whole *whole = fake_whole_new(20);
	struct fake_paper *papers = whole->world.papers;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		papers[i].s2_finds = false;
	/* Known by both: comes once. */
	papers[0].doi = "10.1000/both";
	/* Another id than asked: not asked for ever. */
	papers[1].s2_id = papers[15].id;
	/* None: it is the one that was asked. */
	papers[2].s2_id = "";
	/* The publisher's DOI alone. */
	papers[3].doi = "10.1000/doi";
	papers[3].s2_id = "";
	/* An id that nobody knew. */
	papers[4].s2_id = "2601.77777";
	/* The second of the publishers' DOIs alone. */
	papers[5].doi = "10.1000/first 10.1000/first, 10.48550/arXiv.2601.88888 10.1000/second";
	papers[5].s2_doi = "10.1000/second";
	papers[5].s2_id = "";
	fake_run_go(&whole->run);
	fake_check_whole(&whole->sink, S2);
	fake_check_whole(&whole->sink, ARXIV);
	assert_int_equal(fake_outcome(&whole->run, ARXIV), SOURCE_OK);
	/* That two answers name others is asked twice; nothing twice in one batch. */
	assert_non_null(strstr(whole->run.log_lines.data, "batch of 10 ids"));
	assert_int_equal(whole->world.requests[S2], 3);
	assert_true(fake_sink_has(&whole->sink, S2, papers[2].id));
	assert_false(fake_sink_has(&whole->sink, S2, papers[1].id));
	/* What a batch brings is asked from arXiv by the next run; it does not know it either. */
	assert_int_equal(whole->world.requests[ARXIV], 1);
	run_again(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	run_again(whole);
	assert_int_equal(whole->world.requests[ARXIV], 3);
	assert_int_equal(whole->world.requests[S2], 3);
	fake_whole_free(whole);
}

/* A token from an older run that is refused: the search begins anew, but not for ever. */
static void
test_old_token(void **state)
{
	struct fake_whole *whole = fake_whole_new(2500);

	(void)state;
	whole->world.bad_token = "T1000";
	fake_run_go(&whole->run);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_UNREACHABLE);
	assert_int_equal(whole->world.requests[S2], 6);
	/* Every run tries anew, and goes on as soon as it can. */
	whole->world.bad_token = "T2000";
	run_again(whole);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_UNREACHABLE);
	whole->world.bad_token = NULL;
	run_again(whole);
	assert_int_equal(fake_outcome(&whole->run, S2), SOURCE_OK);
	for (size_t i = 0; i < 2500; i++)
		assert_true(whole->sink.came[S2][i] > 0);
	fake_whole_free(whole);
}

/* Ends early for good: believed the second time, and the batches bring the rest. */
static void
test_early_end_for_good(void **state)
{
	struct fake_whole *whole = fake_whole_new(3000);

	(void)state;
	fake_add_fault(&whole->world,
	    (struct fake_fault){ .source = S2, .first = 2, .times = 2, .kind = FAKE_EARLY_END });
	fake_whole_succeeds(whole);
	assert_int_equal(semantic_scholar_missing(whole->run.semantic_scholar), 1700);
	assert_int_equal(whole->world.requests[S2], 3 + 4);
	fake_whole_free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passing),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_lasting),
		cmocka_unit_test(test_counts_too_many),
		cmocka_unit_test(test_rest_after_failure),
		cmocka_unit_test(test_ghosts),
		cmocka_unit_test(test_vanishing),
		cmocka_unit_test(test_vanishing_between_runs),
		cmocka_unit_test(test_lost_in_turn),
		cmocka_unit_test(test_server_with_small_pages),
		cmocka_unit_test(test_no_papers),
		cmocka_unit_test(test_malformed_id),
		cmocka_unit_test(test_long_id_list),
		cmocka_unit_test(test_short_id_lists),
		cmocka_unit_test(test_invented_ids),
		cmocka_unit_test(test_repeated_by_id),
		cmocka_unit_test(test_timeouts_of_id_lists),
		cmocka_unit_test(test_batch_beside_id_list),
		cmocka_unit_test(test_empty_last_page),
		cmocka_unit_test(test_early_end_of_a_moving_count),
		cmocka_unit_test(test_dois_of_one_paper),
		cmocka_unit_test(test_zero_behind_a_count),
		cmocka_unit_test(test_different_early_ends),
		cmocka_unit_test(test_absent_id),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_batch_of_unknown),
		cmocka_unit_test(test_batch_of_refused_id),
		cmocka_unit_test(test_batch_names),
		cmocka_unit_test(test_old_token),
		cmocka_unit_test(test_early_end_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
