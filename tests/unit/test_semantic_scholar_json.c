#include "answer_cases.h"
#include "bounds.h"
#include "semantic_scholar_json.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void
test_good(void **state)
{
	(void)state;
	cases_run("tests/data/semantic_scholar_json/good", semantic_scholar_json_parse);
}

/* ${body} with spaces for its newlines, or with a newline more, where that says nothing. */
static void
lay_out(const char *body, size_t len, bool in_one_line, struct buf *out)
{
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (quoted && body[i] == '\\' && i + 1 < len)
			buf_add_char(out, body[i++]);
		else if (body[i] == '"')
			quoted = !quoted;
		buf_add_char(out, in_one_line && !quoted && body[i] == '\n' ? ' ' : body[i]);
		if (!in_one_line && !quoted && (body[i] == '{' || body[i] == '['))
			buf_add_char(out, '\n');
	}
}

static void
parse_laid_out(struct slice body, bool in_one_line, int64_t fetched, const struct log *log,
    struct answer *answer)
{
	struct buf text = BUF_INIT;

	lay_out(body.data, body.len, in_one_line, &text);
	semantic_scholar_json_parse(text.data, text.len, fetched, log, answer);
	buf_free(&text);
}

static void
parse_one_line(
    const char *body, size_t len, int64_t fetched, const struct log *log, struct answer *answer)
{
	parse_laid_out((struct slice){ body, len }, true, fetched, log, answer);
}

static void
parse_lines(
    const char *body, size_t len, int64_t fetched, const struct log *log, struct answer *answer)
{
	parse_laid_out((struct slice){ body, len }, false, fetched, log, answer);
}

/* What our scanner takes and what only a parser does says the same. */
static void
test_layouts(void **state)
{
	(void)state;
	cases_run("tests/data/semantic_scholar_json/good", parse_one_line);
	cases_run("tests/data/semantic_scholar_json/good", parse_lines);
}

static void
test_bad(void **state)
{
	(void)state;
	cases_run("tests/data/semantic_scholar_json/bad", semantic_scholar_json_parse);
}

/* ${before}, ${count} times ${part}, ${after}. */
static void
build(struct buf *out, const char *before, const char *part, size_t count, const char *after)
{
	buf_clear(out);
	buf_add_text(out, before);
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, part);
	buf_add_text(out, after);
}

static void
test_limits(void **state)
{
	const char *author = "{\"name\":\"A\"},", *field = "\"Art\",";
	const struct {
		const char *why, *before, *part;
		size_t count;
		const char *after, *line;
		size_t authors, abstract, fields;
	} cases[] = {
		{ "as many authors as there may be", "{\"title\":\"T\",\"authors\":[", author,
		    BOUND_AUTHORS - 1, "{\"name\":\"B\"}]}", "", BOUND_AUTHORS, 0, 0 },
		{ "one author more", "{\"title\":\"T\",\"authors\":[", author, BOUND_AUTHORS,
		    "{\"name\":\"B\"}]}",
		    "semantic_scholar: item 1 (T): authors: more than 10000, dropped\n", 0, 0, 0 },
		{ "the longest text", "{\"title\":\"T\",\"abstract\":\"", "x", BOUND_TEXT_BYTES,
		    "\"}", "", 0, BOUND_TEXT_BYTES, 0 },
		{ "one byte more", "{\"title\":\"T\",\"abstract\":\"", "x", BOUND_TEXT_BYTES + 1,
		    "\"}",
		    "semantic_scholar: item 1 (T): abstract: longer than 1048576 bytes, dropped\n",
		    0, 0, 0 },
		{ "many fields of study", "{\"title\":\"T\",\"fieldsOfStudy\":[", field, 199,
		    "\"Law\"]}", "", 0, 0, 2 },
		{ "too many", "{\"title\":\"T\",\"fieldsOfStudy\":[", field, 200, "\"Law\"]}",
		    "semantic_scholar: item 1 (T): fieldsOfStudy: more than 200, dropped\n", 0, 0,
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf json = BUF_INIT, lines = BUF_INIT;
		struct log log = { case_sink, &lines, LOG_DETAIL };
		struct answer answer;

		print_message("%s\n", cases[i].why);
		answer_init(&answer);
		buf_add(&lines, "", 0);
		build(&json, cases[i].before, cases[i].part, cases[i].count, cases[i].after);
		semantic_scholar_json_parse(json.data, json.len, 0, &log, &answer);
		assert_string_equal(lines.data, cases[i].line);
		assert_int_equal(answer.verdict, ANSWER_RECORDS);
		assert_int_equal(answer.count, 1);
		assert_int_equal(answer.records[0].authors.count, cases[i].authors);
		assert_int_equal(answer.records[0].abstract.len, cases[i].abstract);
		assert_int_equal(answer.records[0].fields_of_study.count, cases[i].fields);
		answer_free(&answer);
		buf_free(&json);
		buf_free(&lines);
	}
}

static void
test_body_limit(void **state)
{
	char *body = mem_new(BOUND_BODY_BYTES + 1, 1);
	struct answer answer;

	(void)state;
	memset(body, '[', BOUND_BODY_BYTES + 1);
	answer_init(&answer);
	semantic_scholar_json_parse(body, BOUND_BODY_BYTES + 1, 0, NULL, &answer);
	assert_int_equal(answer.verdict, ANSWER_UNUSABLE);
	assert_string_equal(answer.message.data, "longer than 67108864 bytes");
	answer_free(&answer);
	free(body);
}

/* A body within the limit may still be more than a parser should build. */
static void
test_crowds(void **state)
{
	const struct {
		const char *part;
		size_t count;
		enum answer_verdict verdict;
	} cases[] = { { "7,", BOUND_VALUES - 2, ANSWER_RECORDS },
		{ "7,", BOUND_VALUES, ANSWER_UNUSABLE }, { "[],", BOUND_VALUES, ANSWER_UNUSABLE },
		{ "\",,,\",", BOUND_VALUES / 2, ANSWER_RECORDS } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf json = BUF_INIT;
		struct answer answer;

		answer_init(&answer);
		build(&json, "[", cases[i].part, cases[i].count, "8]");
		semantic_scholar_json_parse(json.data, json.len, 0, NULL, &answer);
		assert_int_equal(answer.verdict, cases[i].verdict);
		if (answer.verdict == ANSWER_RECORDS)
			assert_int_equal(answer.refused, cases[i].count + 1);
		else
			assert_string_equal(answer.message.data, "more than 1000000 values");
		answer_free(&answer);
		buf_free(&json);
	}
}

/* Few values may be as heavy as many. */
static void
test_weights(void **state)
{
	const struct {
		const char *why, *before, *part;
		size_t count;
		const char *after;
		enum answer_verdict verdict;
	} cases[] = {
		{ "a text as long as a line", "[\"", "x", BOUND_LINE_BYTES - 1, "\"]",
		    ANSWER_RECORDS },
		{ "a longer one", "[\"", "x", BOUND_LINE_BYTES, "\"]", ANSWER_UNUSABLE },
		{ "a longer key", "[{\"", "x", BOUND_LINE_BYTES, "\":1}]", ANSWER_UNUSABLE },
		{ "a longer number", "[", "9", BOUND_LINE_BYTES + 1, "]", ANSWER_UNUSABLE },
		{ "longer blanks", "[", " ", BOUND_LINE_BYTES + 1, "1]", ANSWER_UNUSABLE },
		{ "papers with many authors", "[", "\"........\",", 700000, "8]", ANSWER_RECORDS },
		{ "many values and long ones", "[", "\"....................................\",",
		    900000, "8]", ANSWER_UNUSABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf json = BUF_INIT;
		struct answer answer;

		print_message("%s\n", cases[i].why);
		answer_init(&answer);
		build(&json, cases[i].before, cases[i].part, cases[i].count, cases[i].after);
		semantic_scholar_json_parse(json.data, json.len, 0, NULL, &answer);
		assert_int_equal(answer.verdict, cases[i].verdict);
		if (answer.verdict == ANSWER_UNUSABLE)
			assert_string_equal(
			    answer.message.data, "wants more memory than an answer may have");
		answer_free(&answer);
		buf_free(&json);
	}
}

/* What is nothing but bad characters is not mended. */
static void
test_bad_characters(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct buf json = BUF_INIT;
		struct answer answer;

		answer_init(&answer);
		build(
		    &json, "{\"title\":\"a\",\"x\":\"", "\xff", BOUND_BAD_CHARACTERS + more, "\"}");
		semantic_scholar_json_parse(json.data, json.len, 0, NULL, &answer);
		assert_int_equal(answer.verdict, more ? ANSWER_UNUSABLE : ANSWER_RECORDS);
		answer_free(&answer);
		buf_free(&json);
	}
}

/* An answer cut anywhere is never half read. */
static void
test_cut_anywhere(void **state)
{
	static const char json[] =
	    "{\"total\": 1, \"token\": null, \"data\": [{\"paperId\": \"x\", "
	    "\"title\": \"a \\\"b\\\\ \\ud83d\\ude00 [{\", \"year\": 2024}]}";

	(void)state;
	for (size_t len = 0; len < sizeof(json); len++) {
		char *part = mem_dup(json, len);
		struct answer answer;

		answer_init(&answer);
		semantic_scholar_json_parse(part, len, 0, NULL, &answer);
		if ((answer.verdict == ANSWER_RECORDS) != (len == sizeof(json) - 1))
			fail_msg("cut at %zu: verdict %d", len, (int)answer.verdict);
		if (len > 0 && len < sizeof(json) - 1 &&
		    strncmp(answer.message.data, "cut off: ", 9) != 0)
			fail_msg("cut at %zu: %s", len, answer.message.data);
		answer_free(&answer);
		free(part);
	}
}

static void
check_recording(const char *name, const struct buf *body, size_t records)
{
	bool failed = strstr(name, "_400.json") != NULL || strstr(name, "_403.json") != NULL ||
		      strstr(name, "_404.json") != NULL || strstr(name, "_429.json") != NULL;
	struct answer answer;

	answer_init(&answer);
	semantic_scholar_json_parse(body->data, body->len, CASE_FETCHED, NULL, &answer);
	if (answer.verdict != (failed ? ANSWER_ERROR : ANSWER_RECORDS))
		fail_msg("%s: verdict %d, %s", name, (int)answer.verdict,
		    answer.message.data == NULL ? "" : answer.message.data);
	if (answer.count + answer.unknown != records || answer.refused > 0)
		fail_msg("%s: %zu records, %zu unknown, %zu refused; the manifest says %zu", name,
		    answer.count, answer.unknown, answer.refused, records);
	answer_free(&answer);
}

static void
test_recordings(void **state)
{
	(void)state;
	if (recordings_walk("semantic_scholar", 4, check_recording) == 0)
		skip();
}

/* Append what `xz -dc ${path}` prints; -1 if there is no such program or it fails. */
static int
unpack(const char *path, struct buf *out)
{
	char *const arguments[] = { (char[]){ "xz" }, (char[]){ "-dc" },
		mem_dup(path, strlen(path)), NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	pid_t child;
	ssize_t got = 1;

	assert_int_equal(pipe(ends), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	if (posix_spawnp(&child, "xz", &actions, NULL, arguments, environ) == 0) {
		close(ends[1]);
		while (got > 0) {
			got = read(ends[0], buf_reserve(out, 65536), 65536);
			out->len += got > 0 ? (size_t)got : 0;
		}
		waitpid(child, &status, 0);
	} else {
		close(ends[1]);
	}
	buf_add(out, "", 0);
	close(ends[0]);
	posix_spawn_file_actions_destroy(&actions);
	free(arguments[2]);
	return status == 0 ? 0 : -1;
}

static int
read_corpus(struct buf *out)
{
	const char *unpacked = getenv("FINESET_S2_CORPUS"), *shared = getenv("FINESET_SHARED");
	struct buf path = BUF_INIT;
	int status;

	if (unpacked != NULL)
		return case_read(unpacked, out);
	buf_printf(
	    &path, "%s/corpus/semantic-scholar-4k.jsonl.xz", shared == NULL ? "../shared" : shared);
	status = access(path.data, R_OK) == 0 ? unpack(path.data, out) : -1;
	if (status == -1)
		print_message("skipped: no %s, or no xz\n", path.data);
	buf_free(&path);
	return status;
}

/* Every paper of the real corpus is one record with its ids. */
static void
test_corpus(void **state)
{
	struct buf corpus = BUF_INIT;
	size_t papers = 0, arxiv = 0, dois = 0;

	(void)state;
	if (read_corpus(&corpus) == -1) {
		buf_free(&corpus);
		skip();
	}
	for (char *line = corpus.data; *line != '\0'; papers++) {
		size_t len = strcspn(line, "\n");
		struct answer answer;

		answer_init(&answer);
		semantic_scholar_json_parse(line, len, CASE_FETCHED, NULL, &answer);
		if (answer.verdict != ANSWER_RECORDS || answer.count != 1)
			fail_msg("line %zu: %zu records", papers + 1, answer.count);
		assert_true(answer.records[0].paper_id.len == 40);
		assert_true(answer.records[0].corpus_id > 0);
		arxiv += answer.records[0].arxiv_id.data != NULL;
		dois += answer.records[0].doi.data != NULL;
		answer_free(&answer);
		line += len + (line[len] == '\n');
	}
	buf_free(&corpus);
	print_message("%zu papers, %zu with an arXiv id, %zu with a DOI\n", papers, arxiv, dois);
	assert_int_equal(papers, 4427);
	assert_int_equal(arxiv, 733);
	assert_int_equal(dois, 3411);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_body_limit),
		cmocka_unit_test(test_crowds),
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_bad_characters),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_recordings),
		cmocka_unit_test(test_corpus),
	};

	return cmocka_run_group_tests_name("semantic_scholar_json", tests, NULL, NULL);
}
