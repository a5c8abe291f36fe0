#include "journal.h"

#include "date.h"
#include "scratch.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define QUERY "{\"any\": [\"x\"]}"
#define OTHER "{\"any\": [\"y\"]}"
#define HEADER "{\"query\":" QUERY "}\n"
#define RECORD(corpus, second)                                                           \
	"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:" second "Z\"," \
	"\"corpus_id\":" corpus "}\n"
#define COMMIT(at) "{\"commit\":{\"at\":" at "}}\n"

/* What a journal told: CorpusIds, and commits in angle brackets. */
static void
hear_record(void *cookie, const struct record_line *record)
{
	buf_add_slice(cookie, record->values[RECORD_CORPUS_ID].raw);
	buf_add_char(cookie, ' ');
}

static void
hear_commit(void *cookie, struct slice commit)
{
	buf_printf(cookie, "<%.*s> ", (int)commit.len, commit.data);
}

static struct journal *
open_kind(struct scratch *scratch, enum journal_kind kind, const char *query, struct buf *heard)
{
	struct journal_reader reader = { hear_record, hear_commit, heard };

	buf_clear(heard);
	buf_add_text(heard, "");
	return journal_open(
	    scratch->path, SOURCE_SEMANTIC_SCHOLAR, kind, slice_of(query), &reader, &scratch->log);
}

static struct journal *
open_journal(struct scratch *scratch, const char *query, struct buf *heard)
{
	return open_kind(scratch, JOURNAL_HELD, query, heard);
}

static bool
stands(struct scratch *scratch, enum journal_kind kind, const char *query)
{
	return journal_stands(scratch->path, SOURCE_SEMANTIC_SCHOLAR, kind, slice_of(query));
}

static void
add_record(struct journal *journal, int64_t corpus_id, int64_t fetched)
{
	struct source_record record;

	source_record_init(&record, SOURCE_SEMANTIC_SCHOLAR, fetched);
	record.corpus_id = corpus_id;
	journal_add(journal, &record);
}

static void
assert_heard(const struct buf *heard, const char *wanted, const char *why)
{
	if (!slice_is(buf_slice(heard), wanted))
		print_error("%s: heard %s\n", why, heard->data == NULL ? "" : heard->data);
	assert_true(slice_is(buf_slice(heard), wanted));
}

static void
test_pages(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT, text = BUF_INIT;
	struct journal *journal;

	(void)state;
	scratch_init(&scratch);
	journal = open_journal(&scratch, QUERY, &heard);
	assert_non_null(journal);
	assert_heard(&heard, "", "a new one");
	assert_int_equal(journal_last_fetched(journal), 0);
	scratch_assert_file(&scratch, "sources/semantic_scholar.jsonl", HEADER, "the header first");
	add_record(journal, 1, 1781838007);
	add_record(journal, 2, 1781838008);
	scratch_assert_file(
	    &scratch, "sources/semantic_scholar.jsonl", HEADER, "nothing uncommitted");
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":2}")), 0);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":3}")), 0);
	add_record(journal, 9, 1781838009);
	/* Never committed: forgotten. */
	journal_free(journal);
	scratch_read(&scratch, "sources/semantic_scholar.jsonl", &text);
	assert_int_equal(strncmp(text.data, HEADER "{\"source\":\"semantic_scholar\",",
			     strlen(HEADER "{\"source\":\"semantic_scholar\",")),
	    0);
	assert_null(strstr(text.data, "\"corpus_id\":9"));
	journal = open_journal(&scratch, QUERY, &heard);
	assert_heard(&heard, "1 2 <{\"at\":2}> <{\"at\":3}> ", "read back");
	assert_true(journal_last_fetched(journal) == 1781838008);
	assert_int_equal(journal_settle(journal), 0);
	journal_free(journal);
	journal_free(NULL);
	scratch_assert_log(&scratch, "", "nothing to complain of");
	buf_free(&heard);
	buf_free(&text);
	scratch_free(&scratch);
}

#define PATH "DIR/sources/semantic_scholar.jsonl: "

static void
test_torn_and_damaged(void **state)
{
	static const struct {
		const char *why, *text, *heard, *left, *log;
	} cases[] = {
		{ "whole", HEADER RECORD("1", "01") COMMIT("1"), "1 <{\"at\":1}> ", NULL, "" },
		{ "a page without commit",
		    HEADER RECORD("1", "01") COMMIT("1") RECORD("2", "02") RECORD("3", "03"),
		    "1 <{\"at\":1}> ", HEADER RECORD("1", "01") COMMIT("1"),
		    PATH "2 lines behind the last commit dropped, a page that was not finished\n" },
		{ "a line cut off", HEADER RECORD("1", "01") COMMIT("1") "{\"source\":\"sem",
		    "1 <{\"at\":1}> ", HEADER RECORD("1", "01") COMMIT("1"),
		    PATH "1 lines behind the last commit dropped, a page that was not finished\n" },
		{ "a commit cut off before its newline",
		    HEADER RECORD("1", "01") "{\"commit\":{\"at\":1}}", "", HEADER,
		    PATH "2 lines behind the last commit dropped, a page that was not finished\n" },
		{ "a commit cut off in the middle",
		    HEADER RECORD("1", "01") "{\"commit\":{\"at\"\n", "", HEADER,
		    PATH "2 lines behind the last commit dropped, a page that was not finished\n" },
		{ "bytes of no use and no newline",
		    HEADER RECORD("1", "01") COMMIT("1") "\x01\x01\x01", "1 <{\"at\":1}> ",
		    HEADER RECORD("1", "01") COMMIT("1"),
		    PATH "1 lines behind the last commit dropped, a page that was not finished\n" },
		{ "the header alone", HEADER, "", NULL, "" },
		{ "a damaged line in the middle: the rest counts, but claims nothing",
		    HEADER RECORD("1", "01") COMMIT("1") "{\"source\":\"sema\n" RECORD("3", "03")
			COMMIT("2"),
		    "1 3 <{}> ",
		    HEADER RECORD("1", "01") RECORD("3", "03") "{\"commit\":{},\"position\":236}\n",
		    PATH "line 4: line ends too early at byte 15\n" PATH
			 "damaged lines left out: 1; the source is asked for everything again\n" },
		{ "a wrong type in the middle",
		    HEADER RECORD("-5", "01") RECORD("2", "02") COMMIT("1"), "2 <{}> ",
		    HEADER RECORD("2", "02") "{\"commit\":{},\"position\":201}\n",
		    PATH "line 2: corpus_id: must be a whole number, not negative and not absurd, "
			 "got '-5'\n" PATH
			 "damaged lines left out: 1; the source is asked for everything again\n" },
		{ "a damaged commit", HEADER RECORD("1", "01") "{\"commit\":{\"at}}\n" COMMIT("2"),
		    "1 <{}> ", HEADER RECORD("1", "01") "{\"commit\":{},\"position\":140}\n",
		    PATH "line 3: line ends too early at byte 16\n" PATH
			 "damaged lines left out: 1; the source is asked for everything again\n" },
		{ "a position past all reason",
		    HEADER RECORD(
			"1", "01") "{\"commit\":{\"at\":1},\"position\":9223372036854775807}\n",
		    "1 <{}> ", HEADER RECORD("1", "01") "{\"commit\":{},\"position\":154}\n",
		    PATH "line 3: position: must be a whole number, not negative and not absurd, "
			 "got '9223372036854775807'\n" PATH
			 "damaged lines left out: 1; the source is asked for everything again\n" },
		{ "a commit that is not written as one claims nothing",
		    HEADER RECORD("1", "01") "{ \"commit\":{\"at\":1}}\n" RECORD("2", "02")
			COMMIT("2"),
		    "1 2 <{}> ",
		    HEADER RECORD("1", "01") RECORD("2", "02") "{\"commit\":{},\"position\":221}\n",
		    PATH "line 3: source: must be arxiv or semantic_scholar, got ''\n" PATH
			 "damaged lines left out: 1; the source is asked for everything again\n" },
		{ "damaged lines and a torn page",
		    HEADER "x\n" RECORD("1", "01") "\n" COMMIT("1") RECORD("2", "02"), "1 <{}> ",
		    HEADER RECORD("1", "01") "{\"commit\":{},\"position\":126}\n",
		    PATH
		    "1 lines behind the last commit dropped, a page that was not finished\n" PATH
		    "line 2: no object at byte 0\n" PATH
		    "line 4: line ends too early at byte 0\n" PATH
		    "damaged lines left out: 2; the source is asked for everything again\n" },
		{ "a page that was kept when another was damaged",
		    HEADER RECORD("1", "01") "{\"commit\":{},\"position\":900}\n" RECORD("2", "02")
			COMMIT("2"),
		    "1 <{}> 2 <{\"at\":2}> ", NULL, "" },
		{ "no line at all", "", "", HEADER, "" },
		{ "a header cut off", "{\"query\":{\"any\"", "", HEADER, "" },
		{ "a header cut off before its newline", "{\"query\":" QUERY "}", "", HEADER, "" },
		{ "a header that never reached the disk", "\x01\x01\x01\x01", "", HEADER, "" },
	};
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct journal *journal;

		scratch_write(&scratch, "sources/semantic_scholar.jsonl", slice_of(cases[i].text));
		journal = open_journal(&scratch, QUERY, &heard);
		assert_non_null(journal);
		assert_heard(&heard, cases[i].heard, cases[i].why);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
		scratch_assert_file(&scratch, "sources/semantic_scholar.jsonl",
		    cases[i].left == NULL ? cases[i].text : cases[i].left, cases[i].why);
		/* It goes on behind what counts. */
		assert_int_equal(journal_commit(journal, slice_of("{\"at\":9}")), 0);
		journal_free(journal);
		journal = open_journal(&scratch, QUERY, &heard);
		assert_non_null(journal);
		assert_non_null(strstr(heard.data, "<{\"at\":9}> "));
		journal_free(journal);
		scratch_assert_log(&scratch, "", "told once");
	}
	free(sources);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* The head of a journal is gone: which query it answered is not known, so another begins. */
static void
test_damaged_head(void **state)
{
	static const struct {
		const char *why, *text, *log;
	} cases[] = {
		{ "no JSON", "x" HEADER RECORD("1", "01") COMMIT("1"),
		    PATH "line 1: no object at byte 0; all that it held is asked for "
			 "again\n" },
		{ "a record", RECORD("1", "01") COMMIT("1"),
		    PATH "line 1: no query; all that it held is asked for again\n" },
	};
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources, *next;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	next = scratch_path(&scratch, "sources/semantic_scholar.next.jsonl");
	assert_int_equal(mkdir(sources, 0777), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct journal *journal;

		scratch_write(&scratch, "sources/semantic_scholar.jsonl", slice_of(cases[i].text));
		journal = open_journal(&scratch, QUERY, &heard);
		assert_non_null(journal);
		assert_heard(&heard, "", cases[i].why);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
		assert_string_equal(journal_path(journal), next);
		assert_int_equal(journal_settle(journal), 0);
		journal_free(journal);
		scratch_assert_file(
		    &scratch, "sources/semantic_scholar.jsonl", HEADER, cases[i].why);
		assert_false(file_exists(next));
	}
	free(sources);
	free(next);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* A line that no program of ours writes blocks nobody: it is damaged like any other. */
static void
test_endless_line(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT, text = BUF_INIT;
	struct journal *journal;
	char *sources;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	buf_add_text(&text, HEADER RECORD("1", "01"));
	memset(buf_reserve(&text, BOUND_LINE_BYTES + 9), ' ', BOUND_LINE_BYTES + 9);
	text.len += BOUND_LINE_BYTES + 9;
	buf_add_text(&text, "\n" RECORD("2", "02") COMMIT("1"));
	scratch_write(&scratch, "sources/semantic_scholar.jsonl", buf_slice(&text));
	journal = open_journal(&scratch, QUERY, &heard);
	assert_non_null(journal);
	assert_heard(&heard, "1 2 <{}> ", "the rest counts");
	assert_int_equal(journal_damaged(journal), 1);
	scratch_assert_log(&scratch,
	    PATH "line 3: longer than 16777216 bytes\n" PATH
		 "damaged lines left out: 1; the source is asked for everything again\n",
	    "told");
	journal_free(journal);
	free(sources);
	buf_free(&text);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* The end of a journal is looked at first: longer ones are read to their end, and are no other for
 * that. */
static void
test_long(void **state)
{
	static const struct {
		const char *why;
		/* Behind the records; the bytes of its last value, which some have none of; what
		 * comes then. */
		const char *text;
		size_t len;
		const char *end;
		/* Whether what is behind the records counts, and lines that do not. */
		bool counts;
		int torn;
	} cases[] = {
		{ "a commit", "{\"commit\":{\"at\":\"", 3, "\"}}\n", true, 0 },
		{ "a long commit", "{\"commit\":{\"at\":\"", 40000, "\"}}\n", true, 0 },
		{ "a long commit without newline", "{\"commit\":{\"at\":\"", 40000, "\"}}", false,
		    1 },
		{ "a record", RECORD("7", "07") "{\"x\":\"", 9, "\"}\n", false, 2 },
		/* Behind the brace before it there are as many bytes as are looked at. */
		{ "the end of a line that looks like a commit", "{\"x\":{\"commit\":\"", 16384 - 15,
		    "\"}}\n", false, 1 },
	};
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf text = BUF_INIT, wanted = BUF_INIT, log = BUF_INIT;
		struct journal *journal;
		size_t committed, len = cases[i].len;

		buf_add_text(&text, HEADER);
		for (int j = 0; j < 500; j++) {
			buf_add_text(&text, RECORD("1", "01"));
			buf_add_text(&wanted, "1 ");
		}
		buf_add_text(&text, COMMIT("1"));
		buf_add_text(&wanted, "<{\"at\":1}> ");
		committed = text.len;
		buf_add_text(&text, cases[i].text);
		memset(buf_reserve(&text, len), 'v', len);
		text.len += len;
		buf_add_text(&text, cases[i].end);
		if (cases[i].counts) {
			buf_printf(&wanted, "<%.*s> ", (int)(text.len - committed - 12),
			    text.data + committed + 10);
			committed = text.len;
		} else {
			buf_printf(&log,
			    PATH "%d lines behind the last commit dropped, a page that was not "
				 "finished\n",
			    cases[i].torn);
		}
		scratch_write(&scratch, "sources/semantic_scholar.jsonl", buf_slice(&text));
		journal = open_journal(&scratch, QUERY, &heard);
		assert_non_null(journal);
		assert_bytes(buf_slice(&heard), buf_slice(&wanted), cases[i].why);
		scratch_assert_log(&scratch, log.data == NULL ? "" : log.data, cases[i].why);
		text.data[text.len = committed] = '\0';
		/* It goes on behind what counts. */
		assert_int_equal(journal_commit(journal, slice_of("{\"at\":9}")), 0);
		journal_free(journal);
		buf_add_text(&text, COMMIT("9"));
		scratch_assert_file(
		    &scratch, "sources/semantic_scholar.jsonl", text.data, cases[i].why);
		buf_free(&text);
		buf_free(&wanted);
		buf_free(&log);
	}
	free(sources);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* A query may be longer than what is read of a journal for its head at first. */
static void
test_long_query(void **state)
{
	static const size_t lengths[] = { 4000, 5000, 80000, 2000000 };
	struct scratch scratch;
	struct buf heard = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct buf query = BUF_INIT;
		struct journal *journal;

		scratch_init(&scratch);
		buf_add_text(&query, "{\"any\": [\"");
		memset(buf_reserve(&query, lengths[i]), 'q', lengths[i]);
		query.len += lengths[i];
		buf_add_text(&query, "\"]}");
		journal = open_journal(&scratch, query.data, &heard);
		assert_int_equal(journal_commit(journal, slice_of("{\"at\":1}")), 0);
		journal_free(journal);
		journal = open_journal(&scratch, query.data, &heard);
		assert_heard(&heard, "<{\"at\":1}> ", "the same query");
		assert_false(journal_replaces(journal));
		journal_free(journal);
		assert_true(stands(&scratch, JOURNAL_HELD, query.data));
		query.data[query.len - 4] = 'p';
		assert_false(stands(&scratch, JOURNAL_HELD, query.data));
		scratch_assert_log(&scratch, "", "no fault");
		buf_free(&query);
		scratch_free(&scratch);
	}
	buf_free(&heard);
}

#define ABSENT(id) "{\"commit\":{\"absent\":[" id "]}}\n"

/* Offsets of lines by their numbers from 1 (0 ends them), and their bytes. */
static uint64_t
find_lines(const char *text, const int *numbers, uint64_t *offsets, size_t *count)
{
	const char *line = text;
	uint64_t bytes = 0;

	*count = 0;
	for (int number = 1; *numbers != 0 && *line != '\0'; number++) {
		const char *end = strchr(line, '\n') + 1;

		if (number == *numbers) {
			offsets[(*count)++] = (uint64_t)(line - text);
			bytes += (uint64_t)(end - line);
			numbers++;
		}
		line = end;
	}
	return bytes;
}

static void
test_compact(void **state)
{
	static const struct {
		const char *why, *text;
		int dead[8];
		const char *left, *heard;
		uint64_t position;
	} cases[] = {
		{ "less than half is dead: it stays",
		    HEADER RECORD("1", "01") RECORD("1", "02") COMMIT("1"), { 2 }, NULL,
		    "1 1 <{\"at\":1}> ", 199 },
		{ "more than half",
		    HEADER RECORD("1", "01") RECORD("1", "02") RECORD("1", "03") COMMIT("1"),
		    { 2, 3 }, HEADER RECORD("1", "03") "{\"commit\":{\"at\":1},\"position\":276}\n",
		    "1 <{\"at\":1}> ", 276 },
		{ "commits stay where they stood",
		    HEADER RECORD("1", "01") COMMIT("1") RECORD("2", "02") COMMIT("2")
			RECORD("1", "03") RECORD("2", "04") RECORD("3", "05") COMMIT("3"),
		    { 2, 4, 6, 7 },
		    HEADER COMMIT("1") COMMIT("2")
			RECORD("3", "05") "{\"commit\":{\"at\":3},\"position\":470}\n",
		    "<{\"at\":1}> <{\"at\":2}> 3 <{\"at\":3}> ", 470 },
		{ "whatever they say",
		    HEADER RECORD("1", "01") ABSENT("\"a\"") RECORD("1", "02") COMMIT("2")
			RECORD("1", "02") ABSENT("") RECORD("1", "03") COMMIT("3"),
		    { 2, 4, 6 },
		    HEADER ABSENT("\"a\"") COMMIT("2") ABSENT("")
			RECORD("1", "03") "{\"commit\":{\"at\":3},\"position\":426}\n",
		    "<{\"absent\":[\"a\"]}> <{\"at\":2}> <{\"absent\":[]}> 1 <{\"at\":3}> ", 426 },
		{ "once more, with a position of before",
		    HEADER RECORD("1",
			"01") "{\"commit\":{\"absent\":[1]},\"position\":5000}\n" RECORD("1", "02")
			RECORD("1", "02") RECORD("1", "03") COMMIT("2"),
		    { 2, 4, 5 },
		    HEADER "{\"commit\":{\"absent\":[1]}}\n" RECORD(
			"1", "03") "{\"commit\":{\"at\":2},\"position\":5251}\n",
		    "<{\"absent\":[1]}> 1 <{\"at\":2}> ", 5251 },
	};
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct journal *journal;
		uint64_t offsets[8], bytes;
		size_t count;

		scratch_write(&scratch, "sources/semantic_scholar.jsonl", slice_of(cases[i].text));
		/* What a run that was killed has left is in nobody's way. */
		scratch_write(&scratch, "sources/semantic_scholar.jsonl.tmp", slice_of("x"));
		journal = open_journal(&scratch, QUERY, &heard);
		assert_non_null(journal);
		bytes = find_lines(cases[i].text, cases[i].dead, offsets, &count);
		assert_int_equal(journal_compact(journal, offsets, count, bytes), 0);
		scratch_assert_file(&scratch, "sources/semantic_scholar.jsonl",
		    cases[i].left == NULL ? cases[i].text : cases[i].left, cases[i].why);
		assert_int_equal(journal_position(journal), cases[i].position);
		journal_free(journal);
		journal = open_journal(&scratch, QUERY, &heard);
		assert_heard(&heard, cases[i].heard, cases[i].why);
		assert_int_equal(journal_position(journal), cases[i].position);
		/* It goes on from there. */
		assert_int_equal(journal_commit(journal, slice_of("{\"at\":9}")), 0);
		assert_int_equal(
		    journal_position(journal), cases[i].position + strlen(COMMIT("9")));
		journal_free(journal);
		journal = open_journal(&scratch, QUERY, &heard);
		assert_int_equal(
		    journal_position(journal), cases[i].position + strlen(COMMIT("9")));
		journal_free(journal);
		buf_clear(&scratch.lines);
	}
	free(sources);
	buf_free(&heard);
	scratch_free(&scratch);
}

static void
test_new_query(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	struct journal *journal;
	char *next;

	(void)state;
	scratch_init(&scratch);
	next = scratch_path(&scratch, "sources/semantic_scholar.next.jsonl");
	journal = open_journal(&scratch, QUERY, &heard);
	add_record(journal, 1, 1781838007);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":1}")), 0);
	assert_false(file_exists(next));
	journal_free(journal);

	journal = open_journal(&scratch, OTHER, &heard);
	assert_heard(&heard, "", "a new query starts anew");
	assert_string_equal(journal_path(journal), next);
	add_record(journal, 2, 1781838008);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":2}")), 0);
	journal_free(journal);

	/* Cut short, it goes on where it was; the old journal stays until the new one stands. */
	journal = open_journal(&scratch, OTHER, &heard);
	assert_heard(&heard, "2 <{\"at\":2}> ", "resumed beside the old one");
	journal_free(journal);
	journal = open_journal(&scratch, QUERY, &heard);
	assert_heard(&heard, "1 <{\"at\":1}> ", "the old query still has its own");
	journal_free(journal);

	/* A third query takes the place of the second, which never stood. */
	journal = open_journal(&scratch, "{\"any\": [\"z\"]}", &heard);
	assert_heard(&heard, "", "a third");
	add_record(journal, 3, 1781838009);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":3}")), 0);
	assert_int_equal(journal_settle(journal), 0);
	assert_false(file_exists(next));
	assert_null(strstr(journal_path(journal), ".next"));
	assert_int_equal(journal_settle(journal), 0);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":4}")), 0);
	journal_free(journal);
	journal = open_journal(&scratch, "{\"any\": [\"z\"]}", &heard);
	assert_heard(&heard, "3 <{\"at\":3}> <{\"at\":4}> ", "in the place of the first");
	journal_free(journal);
	scratch_assert_log(&scratch, "", "nothing to complain of");
	free(next);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* All is asked again: the old journal stays as it is until the new one stands. */
static void
test_anew(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	struct journal *journal;

	(void)state;
	scratch_init(&scratch);
	assert_false(stands(&scratch, JOURNAL_HELD, QUERY));
	/* Where nothing is held there is nothing to replace. */
	journal = open_kind(&scratch, JOURNAL_ANEW, QUERY, &heard);
	assert_false(journal_replaces(journal));
	add_record(journal, 1, 1781838007);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":1}")), 0);
	journal_free(journal);
	assert_true(stands(&scratch, JOURNAL_HELD, QUERY));
	assert_false(stands(&scratch, JOURNAL_HELD, OTHER));
	assert_false(stands(&scratch, JOURNAL_ANEW, QUERY));

	journal = open_kind(&scratch, JOURNAL_ANEW, QUERY, &heard);
	assert_heard(&heard, "", "all again");
	assert_true(journal_replaces(journal));
	add_record(journal, 2, 1781838008);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":2}")), 0);
	journal_free(journal);
	assert_true(stands(&scratch, JOURNAL_ANEW, QUERY));
	assert_false(stands(&scratch, JOURNAL_ANEW, OTHER));

	journal = open_journal(&scratch, QUERY, &heard);
	assert_heard(&heard, "1 <{\"at\":1}> ", "what is held");
	assert_false(journal_replaces(journal));
	journal_free(journal);
	journal = open_kind(&scratch, JOURNAL_ANEW, QUERY, &heard);
	assert_heard(&heard, "2 <{\"at\":2}> ", "it goes on");
	assert_int_equal(journal_settle(journal), 0);
	assert_false(journal_replaces(journal));
	journal_free(journal);
	assert_false(stands(&scratch, JOURNAL_ANEW, QUERY));
	journal = open_journal(&scratch, QUERY, &heard);
	assert_heard(&heard, "2 <{\"at\":2}> ", "in the place of the old one");
	journal_free(journal);
	scratch_assert_log(&scratch, "", "nothing to complain of");
	buf_free(&heard);
	scratch_free(&scratch);
}

/* A clock that went back must not make new records look older than those that they supersede. */
static void
test_time(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT, text = BUF_INIT;
	struct journal *journal;

	(void)state;
	scratch_init(&scratch);
	journal = open_journal(&scratch, QUERY, &heard);
	add_record(journal, 1, 1781838007);
	add_record(journal, 2, 1781838000);
	assert_int_equal(journal_commit(journal, slice_of("{}")), 0);
	journal_free(journal);
	journal = open_journal(&scratch, QUERY, &heard);
	add_record(journal, 3, 5);
	add_record(journal, 4, 1781838008);
	assert_int_equal(journal_commit(journal, slice_of("{}")), 0);
	assert_true(journal_last_fetched(journal) == 1781838008);
	journal_free(journal);
	scratch_read(&scratch, "sources/semantic_scholar.jsonl", &text);
	for (int i = 1; i <= 4; i++) {
		char wanted[100];
		const char *line = text.data;

		for (int skip = 0; skip < i + (i > 2); skip++)
			line = strchr(line, '\n') + 1;
		snprintf(wanted, sizeof(wanted),
		    "{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:%02dZ\"",
		    i == 4 ? 8 : 7);
		assert_memory_equal(line, wanted, strlen(wanted));
	}
	buf_free(&heard);
	buf_free(&text);
	scratch_free(&scratch);
}

/* Each text may be as long as it is, but the line would count as damaged in every later run. */
static void
test_too_long(void **state)
{
	static const struct {
		const char *why;
		size_t names, fields;
		const char *log;
	} cases[] = {
		{ "as long as may be", 15, 0, "" },
		{ "a line too long", 16, 0,
		    PATH "record (2606.20543) left out: longer than 16777216 bytes\n" },
		{ "fields of study", 0, 2,
		    PATH "record (2606.20543) left out: fields_of_study: longer than 1 MiB, got "
			 "'["
			 "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			 "xxxxxxx"
			 "...'\n" },
	};
	struct scratch scratch;
	struct slice texts[16];
	struct buf heard = BUF_INIT, text = BUF_INIT;

	(void)state;
	memset(buf_reserve(&text, BOUND_TEXT_BYTES), 'x', BOUND_TEXT_BYTES);
	for (size_t i = 0; i < COUNT(texts); i++)
		texts[i] = (struct slice){ text.data, BOUND_TEXT_BYTES };
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct source_record record;
		struct journal *journal;

		scratch_init(&scratch);
		journal = open_journal(&scratch, QUERY, &heard);
		source_record_init(&record, SOURCE_SEMANTIC_SCHOLAR, 1781838007);
		record.arxiv_id = SLICE_LITERAL("2606.20543");
		record.corpus_id = 1;
		record.authors = (struct slice_list){ texts, cases[i].names };
		record.fields_of_study = (struct slice_list){ texts, cases[i].fields };
		journal_add(journal, &record);
		add_record(journal, 2, 1781838007);
		assert_int_equal(journal_commit(journal, slice_of("{}")), 0);
		journal_free(journal);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
		journal = open_journal(&scratch, QUERY, &heard);
		assert_heard(&heard, *cases[i].log == '\0' ? "1 2 <{}> " : "2 <{}> ", cases[i].why);
		journal_free(journal);
		scratch_assert_log(&scratch, "", "nothing damaged");
		scratch_free(&scratch);
	}
	buf_free(&text);
	buf_free(&heard);
}

/* A full disk: the page is taken back, and the journal is as whole as before. */
static void
test_full_disk(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	struct journal *journal;
	struct rlimit limit;

	(void)state;
	scratch_init(&scratch);
	journal = open_journal(&scratch, QUERY, &heard);
	for (int i = 0; i < 10; i++)
		add_record(journal, i, 1781838007);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = 200;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":1}")), -1);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	scratch_assert_log(&scratch, PATH "cannot write: File too large\n", "a full disk");
	scratch_assert_file(&scratch, "sources/semantic_scholar.jsonl", HEADER, "taken back");
	add_record(journal, 77, 1781838007);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":2}")), 0);
	journal_free(journal);
	journal = open_journal(&scratch, QUERY, &heard);
	assert_heard(&heard, "77 <{\"at\":2}> ", "the page that failed is gone");
	journal_free(journal);
	buf_free(&heard);
	scratch_free(&scratch);
}

/* What a run that was killed has left of a beginning or a compaction goes, whatever is opened. */
static void
test_leftovers(void **state)
{
	static const struct {
		const char *why, *query;
		enum journal_kind kind;
	} cases[] = {
		{ "the journal that is held", QUERY, JOURNAL_HELD },
		{ "one beside it", QUERY, JOURNAL_ANEW },
		{ "another query", OTHER, JOURNAL_HELD },
	};
	static const char *const names[] = { "sources/semantic_scholar.jsonl.tmp",
		"sources/semantic_scholar.next.jsonl.tmp" };
	struct scratch scratch;
	struct buf heard = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		scratch_init(&scratch);
		journal_free(open_journal(&scratch, QUERY, &heard));
		for (size_t name = 0; name < COUNT(names); name++)
			scratch_write(&scratch, names[name], slice_of("x"));
		journal_free(open_kind(&scratch, cases[i].kind, cases[i].query, &heard));
		for (size_t name = 0; name < COUNT(names); name++) {
			char *path = scratch_path(&scratch, names[name]);

			if (file_exists(path))
				print_error("%s: %s is left\n", cases[i].why, names[name]);
			assert_false(file_exists(path));
			free(path);
		}
		scratch_assert_log(&scratch, "", cases[i].why);
		scratch_free(&scratch);
	}
	buf_free(&heard);
}

/* A directory that leads elsewhere is looked at and no more. */
static void
test_refused_directory(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources, *elsewhere;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	elsewhere = scratch_path(&scratch, "elsewhere");
	assert_int_equal(mkdir(elsewhere, 0777), 0);
	assert_int_equal(symlink("elsewhere", sources), 0);
	scratch_write(&scratch, "elsewhere/semantic_scholar.jsonl.tmp", slice_of("x"));
	scratch_write(&scratch, "elsewhere/semantic_scholar.next.jsonl.tmp", slice_of("x"));
	assert_null(open_journal(&scratch, QUERY, &heard));
	scratch_assert_log(&scratch, "DIR/sources: cannot make directory: File exists\n", "a link");
	scratch_assert_file(&scratch, "elsewhere/semantic_scholar.jsonl.tmp", "x", "left alone");
	scratch_assert_file(
	    &scratch, "elsewhere/semantic_scholar.next.jsonl.tmp", "x", "left alone");
	free(sources);
	free(elsewhere);
	buf_free(&heard);
	scratch_free(&scratch);
}

static void
test_refused(void **state)
{
	struct scratch scratch;
	struct buf heard = BUF_INIT;
	char *sources, *link;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	scratch_write(&scratch, "sources", slice_of(""));
	assert_null(open_journal(&scratch, QUERY, &heard));
	scratch_assert_log(&scratch, "DIR/sources: cannot make directory: File exists\n", "a file");
	assert_int_equal(unlink(sources), 0);
	assert_int_equal(mkdir(sources, 0777), 0);
	scratch_write(&scratch, "elsewhere", slice_of(HEADER));
	link = scratch_path(&scratch, "sources/semantic_scholar.jsonl");
	assert_int_equal(symlink("../elsewhere", link), 0);
	assert_null(open_journal(&scratch, QUERY, &heard));
	scratch_assert_log(
	    &scratch, PATH "cannot open: Too many levels of symbolic links\n", "a link");
	scratch_assert_file(&scratch, "elsewhere", HEADER, "what a link points to is left alone");
	free(sources);
	free(link);
	buf_free(&heard);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_torn_and_damaged),
		cmocka_unit_test(test_damaged_head),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_long_query),
		cmocka_unit_test(test_compact),
		cmocka_unit_test(test_new_query),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_refused_directory),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
