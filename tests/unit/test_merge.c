#include "merge.h"

#include "merge_cases.h"

static void
test_identity(void **state)
{
	static const struct merge_case cases[] = {
		{ "nothing", { NULL }, "title", "" },
		{ "one record", { A("2606.00001", TITLE("a")) }, "arxiv_id sources",
		    "\"2606.00001\" [\"arxiv\"]\n" },
		{ "one arXiv id", { A("2606.00001", ""), S(1, ARXIV_ID("2606.00001")) },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "with version and prefix",
		    { A("arXiv:2606.00001v3", ""), S(1, ARXIV_ID("2606.00001v1")) },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "as a URL",
		    { A("2606.00001", ""), S(1, ARXIV_ID("https://arxiv.org/abs/2606.00001v2")) },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "an old id with its class",
		    { A("math/0309136", ""), S(1, ARXIV_ID("math.GT/0309136")) },
		    "arxiv_id sources", "\"math/0309136\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "an old id with an escaped slash",
		    { A("math\\/0309136", ""), S(1, ARXIV_ID("math/0309136")) }, "arxiv_id sources",
		    "\"math/0309136\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "two arXiv ids are two papers", { A("2606.00001", ""), A("2606.00002", "") },
		    "sources", "[\"arxiv\"]\n[\"arxiv\"]\n" },
		{ "an id that another starts with", { A("0706.0001", ""), A("0706.00012", "") },
		    "sources", "[\"arxiv\"]\n[\"arxiv\"]\n" },
		{ "one DOI", { A("2606.00001", DOI("10.1/a")), S(1, DOI("10.1/a")) }, "sources",
		    "[\"arxiv\", \"semantic_scholar\"]\n" },
		{ "one DOI in other forms",
		    { A("2606.00001", DOI("10.1/Abc")), S(1, DOI("https:\\/\\/doi.org/10.1/aBC")) },
		    "sources", "[\"arxiv\", \"semantic_scholar\"]\n" },
		{ "the second of several DOIs",
		    { A("2606.00001", DOI("10.1/x 10.1/a")), S(1, DOI("10.1/a")) }, "sources",
		    "[\"arxiv\", \"semantic_scholar\"]\n" },
		{ "what is no DOI joins nothing", { S(1, DOI("n/a")), S(2, DOI("n/a")) },
		    "doi sources", "null [\"semantic_scholar\"]\nnull [\"semantic_scholar\"]\n" },
		{ "arXiv's DOI is its id",
		    { A("2606.00001", ""), S(1, DOI("10.48550/arXiv.2606.00001")) },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "in upper case, with version",
		    { A("2606.00001", ""), S(1, DOI("10.48550/ARXIV.2606.00001v2")) },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "arXiv's DOI of an old id",
		    { A("math/0309136", ""), S(1, DOI("10.48550/arXiv.math.GT/0309136")) },
		    "arxiv_id sources", "\"math/0309136\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "a DBLP key",
		    { A("2606.00001", ""), S(1, ",\"dblp\":\"journals/corr/abs-2606-00001\"") },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "a DBLP key with escaped slashes",
		    { A("2606.00001", ""), S(1, ",\"dblp\":\"journals\\/corr\\/abs-2606-00001\"") },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
		{ "another DBLP key",
		    { A("2606.00001", OUT("2026-06-01")), S(1, ",\"dblp\":\"journals/tacl/X26\"") },
		    "sources", "[\"arxiv\"]\n[\"semantic_scholar\"]\n" },
		{ "one CorpusId under two paperIds",
		    { S(7, TITLE("a")), "{\"source\":\"semantic_scholar\",\"paper_id\":\"other\","
					"\"corpus_id\":7}" },
		    "title", "\"a\"\n" },
		{ "one title alone is no sign", { S(1, TITLE("a")), S(2, TITLE("a")) }, "title",
		    "\"a\"\n\"a\"\n" },
		{ "a chain over DOI, CorpusId and DBLP",
		    { S(5, DOI("10.1/b")), A("2606.00001", DOI("10.1/a")),
			"{\"source\":\"semantic_scholar\",\"paper_id\":\"q\",\"corpus_id\":5,"
			"\"doi\":\"10.1/a\"}",
			S(6, DOI("10.1/b") ",\"dblp\":\"journals/corr/abs-2606-00001\"") },
		    "arxiv_id sources", "\"2606.00001\" [\"arxiv\", \"semantic_scholar\"]\n" },
	};

	(void)state;
	assert_cases(cases, COUNT(cases));
}

static void
test_supersede(void **state)
{
	static const struct merge_case cases[] = {
		{ "a later fetch wins, wherever it stands",
		    { "{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-20T00:00:00Z\","
		      "\"paper_id\":\"p1\",\"corpus_id\":1" CITED(5) "}",
			S(1, CITED(9)) },
		    "citation_count", "5\n" },
		{ "a count may fall",
		    { S(1, CITED(9)),
			"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-20T00:00:00Z\","
			"\"paper_id\":\"p1\",\"corpus_id\":1" CITED(5) "}" },
		    "citation_count", "5\n" },
		{ "of one moment the later line wins", { S(1, CITED(9)), S(1, CITED(5)) },
		    "citation_count", "5\n" },
		{ "what the later one lacks is gone", { S(1, TITLE("a") CITED(9)), S(1, "") },
		    "title citation_count", "null 0\n" },
		{ "a line without time is the oldest",
		    { S(1, CITED(5)), "{\"source\":\"semantic_scholar\",\"paper_id\":\"p1\","
				      "\"corpus_id\":1" CITED(9) "}" },
		    "citation_count", "5\n" },
		{ "whatever is written as an escape",
		    { "{\"source\":\"semantic\\u005fscholar\",\"fetched\":\"2026-06-18T00:00:"
		      "00\\u005A\","
		      "\"paper_id\":\"\\u00701\",\"corpus_id\":1" CITED(9) "}",
			S(1, CITED(5)) },
		    "citation_count", "5\n" },
		{ "the highest version wins, though fetched before",
		    { "{\"source\":\"arxiv\",\"fetched\":\"2026-06-18T00:00:00Z\","
		      "\"arxiv_id\":\"2606.00001\",\"version\":3" TITLE("third") "}",
			A("2606.00001", TITLE("first")) },
		    "title pdf_url", "\"third\" \"https://arxiv.org/pdf/2606.00001v3\"\n" },
		{ "of one version the later fetch wins",
		    { A("2606.00001", TITLE("new")),
			"{\"source\":\"arxiv\",\"fetched\":\"2026-06-18T00:00:00Z\","
			"\"arxiv_id\":\"2606.00001\",\"version\":1" TITLE("old") "}" },
		    "title", "\"new\"\n" },
		{ "of one version and moment the later line wins",
		    { A("2606.00001", TITLE("old")), A("2606.00001", TITLE("new")) }, "title",
		    "\"new\"\n" },
		{ "version 10 is higher than version 9",
		    { "{\"source\":\"arxiv\",\"arxiv_id\":\"2606.00001\",\"version\":10" TITLE(
			  "ten") "}",
			"{\"source\":\"arxiv\",\"arxiv_id\":\"2606.00001\",\"version\":9" TITLE(
			    "nine") "}" },
		    "title", "\"ten\"\n" },
		{ "the sources do not supersede each other",
		    { A("2606.00001", TITLE("arxiv")),
			"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-07-01T00:00:00Z\","
			"\"paper_id\":\"p1\"" ARXIV_ID("2606.00001") TITLE("s2") "}" },
		    "title", "\"arxiv\"\n" },
		{ "what is superseded joins nothing",
		    { S(1, DOI("10.1/a") TITLE("one")), S(2, DOI("10.1/a") TITLE("two")),
			S(1, TITLE("one")) },
		    "title doi", "\"two\" \"10.1/a\"\n\"one\" null\n" },
	};
	const char *const lines[] = { S(1, CITED(9)), A("2606.00001", ""), S(1, CITED(5)),
		S(2, ARXIV_ID("2606.00001")), S(1, CITED(6)) };
	struct outcome outcome;
	struct merge_counts counts;

	(void)state;
	assert_cases(cases, COUNT(cases));
	outcome_of(&outcome, lines, COUNT(lines), &everything);
	counts = merge_count(outcome.merge);
	assert_int_equal(counts.records[0], 1);
	assert_int_equal(counts.records[1], 2);
	assert_int_equal(counts.superseded, 2);
	assert_int_equal(counts.papers, 2);
	assert_int_equal(counts.refused, 0);
	outcome_free(&outcome);
}

/* Later files are later lines. */
static void
test_supersede_across_files(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome_begin(&outcome);
	read_text(&outcome, "a", slice_of(S(1, CITED(9)) "\n" S(2, CITED(1)) "\n"));
	read_text(&outcome, "b", slice_of(S(1, CITED(5))));
	outcome_end(&outcome, &everything);
	assert_rows(&outcome, "citation_count", "1\n5\n", "ordered by id, the later file wins");
	outcome_free(&outcome);
}

struct conflict_case {
	const char *why;
	const char *lines[LINES];
	const char *keys, *rows;
	/* doi, ids, records and whether it was joined. */
	const char *conflicts;
};

static void
assert_conflicts(const struct outcome *outcome, const char *wanted, const char *why)
{
	const struct doi_conflict *conflicts;
	struct buf got = BUF_INIT;
	size_t count;

	buf_add_text(&got, "");
	conflicts = merge_conflicts(outcome->merge, &count);
	for (size_t i = 0; i < count; i++) {
		buf_add_slice(&got, conflicts[i].doi);
		for (size_t j = 0; j < conflicts[i].arxiv_ids.count; j++) {
			buf_add_char(&got, ' ');
			buf_add_slice(&got, conflicts[i].arxiv_ids.items[j]);
		}
		buf_printf(&got, " %zu %s\n", conflicts[i].records,
		    conflicts[i].joined ? "joined" : "apart");
	}
	if (!slice_is(buf_slice(&got), wanted))
		print_error("%s:\n%swanted\n%s\n", why, got.data, wanted);
	assert_true(slice_is(buf_slice(&got), wanted));
	buf_free(&got);
}

static void
test_conflicts(void **state)
{
	static const struct conflict_case cases[] = {
		{ "other titles stay apart",
		    { A(X, AT("02") TITLE("Fast decoding") DOI("10.1/a")),
			A(Y, AT("01") TITLE("Slow encoding") DOI("10.1/a")) },
		    "arxiv_id doi", "\"" X "\" \"10.1/a\"\n\"" Y "\" \"10.1/a\"\n",
		    "10.1/a " X " " Y " 2 apart\n" },
		{ "titles are compared as rows have them",
		    { A(X, AT("02") TITLE("Deep\\u00a0\\u2028nets\\u202e") DOI("10.1/a")),
			A(Y, AT("01") TITLE("Deep nets") DOI("10.1/a")) },
		    "arxiv_id doi", "\"" Y "\" \"10.1/a\"\n", "10.1/a " X " " Y " 2 joined\n" },
		{ "and by characters",
		    { A(X, AT("02") TITLE("\u4e2d\u4e2e\u4e2f\u4e2a\u4e2b") DOI("10.1/a")),
			A(Y, AT("01") TITLE("\u4e2d\u4e2e\u4e2f\u4e2a\u4e32") DOI("10.1/a")) },
		    "arxiv_id doi", "\"" X "\" \"10.1/a\"\n\"" Y "\" \"10.1/a\"\n",
		    "10.1/a " X " " Y " 2 apart\n" },
		{ "the same title joins, and is listed",
		    { A(X, TITLE("Fast decoding") DOI("10.1/a")),
			A(Y, TITLE("FAST  decoding.") DOI("10.1/A")) },
		    "arxiv_id", "\"" X "\"\n", "10.1/a " X " " Y " 2 joined\n" },
		{ "nine of ten letters agree",
		    { A(X, TITLE("abcdefghij") DOI("10.1/a")),
			A(Y, TITLE("abcdefghix") DOI("10.1/a")) },
		    "arxiv_id", "\"" X "\"\n", "10.1/a " X " " Y " 2 joined\n" },
		{ "eight of nine do not",
		    { A(X, AT("02") TITLE("abcdefghi") DOI("10.1/a")),
			A(Y, AT("01") TITLE("abcdefghx") DOI("10.1/a")) },
		    "arxiv_id", "\"" X "\"\n\"" Y "\"\n", "10.1/a " X " " Y " 2 apart\n" },
		{ "a title that is missing does not agree",
		    { A(X, AT("02") TITLE("a") DOI("10.1/a")), A(Y, AT("01") DOI("10.1/a")) },
		    "arxiv_id", "\"" X "\"\n\"" Y "\"\n", "10.1/a " X " " Y " 2 apart\n" },
		{ "three ids are never joined",
		    { A(X, AT("03") TITLE("a") DOI("10.1/a")),
			A(Y, AT("02") TITLE("a") DOI("10.1/a")),
			A(Z, AT("01") TITLE("a") DOI("10.1/a")) },
		    "arxiv_id", "\"" X "\"\n\"" Y "\"\n\"" Z "\"\n",
		    "10.1/a " X " " Y " " Z " 3 apart\n" },
		{ "the titles of all records count, one of S2 too",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a")),
			A(Y, AT("01") TITLE("abc") DOI("10.1/a")),
			S(1, DOI("10.1/a") TITLE("xyz")) },
		    "arxiv_id title", "\"" X "\" \"abc\"\n\"" Y "\" \"abc\"\nnull \"xyz\"\n",
		    "10.1/a " X " " Y " 3 apart\n" },
		{ "all titles agree: all three records are one",
		    { A(X, TITLE("abc") DOI("10.1/a")), A(Y, TITLE("abc") DOI("10.1/a")),
			S(1, DOI("10.1/a") TITLE("abc")) },
		    "arxiv_id sources", "\"" X "\" [\"arxiv\", \"semantic_scholar\"]\n",
		    "10.1/a " X " " Y " 3 joined\n" },
		{ "Semantic Scholar's ids count as well",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a")),
			S(1, ARXIV_ID(Y) DOI("10.1/a") TITLE("xyz")) },
		    "arxiv_id sources", "\"" X "\" [\"arxiv\"]\n\"" Y "\" [\"semantic_scholar\"]\n",
		    "10.1/a " X " " Y " 2 apart\n" },
		{ "and ids that a DBLP key or a DOI tells",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a")),
			S(1, DOI("10.1/a")
				 TITLE("xyz") ",\"dblp\":\"journals/corr/abs-2606-00002\"") },
		    "arxiv_id", "\"" X "\"\n\"" Y "\"\n", "10.1/a " X " " Y " 2 apart\n" },
		{ "another key joins what the DOI does not",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a")),
			A(Y, AT("01") TITLE("xyz") DOI("10.1/a")),
			S(1, ARXIV_ID(X) DOI("10.1/a") TITLE("abc")) },
		    "arxiv_id sources",
		    "\"" X "\" [\"arxiv\", \"semantic_scholar\"]\n\"" Y "\" [\"arxiv\"]\n",
		    "10.1/a " X " " Y " 3 apart\n" },
		{ "a second DOI still joins",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a 10.1/b")),
			A(Y, AT("01") TITLE("xyz") DOI("10.1/a")), S(1, DOI("10.1/b")) },
		    "arxiv_id sources",
		    "\"" X "\" [\"arxiv\", \"semantic_scholar\"]\n\"" Y "\" [\"arxiv\"]\n",
		    "10.1/a " X " " Y " 2 apart\n" },
		{ "one id under one DOI is no conflict",
		    { A(X, DOI("10.1/a")), S(1, ARXIV_ID(X) DOI("10.1/a")), S(2, DOI("10.1/a")) },
		    "arxiv_id", "\"" X "\"\n", "" },
		{ "versions of one id are no conflict",
		    { A(X "v1", DOI("10.1/a")), S(1, ARXIV_ID(X "v2") DOI("10.1/a")) }, "arxiv_id",
		    "\"" X "\"\n", "" },
		{ "a superseded claim is none",
		    { A(X, AT("02") TITLE("abc") DOI("10.1/a")), A(X, AT("02") TITLE("abc")),
			A(Y, AT("01") TITLE("xyz") DOI("10.1/a")) },
		    "arxiv_id doi", "\"" X "\" null\n\"" Y "\" \"10.1/a\"\n", "" },
		{ "several, in the order of their DOIs",
		    { A(X, AT("02") TITLE("abc") DOI("10.2/b 10.1/a")),
			A(Y, AT("01") TITLE("xyz") DOI("10.1/a 10.2/b")) },
		    "arxiv_id", "\"" X "\"\n\"" Y "\"\n",
		    "10.1/a " X " " Y " 2 apart\n10.2/b " X " " Y " 2 apart\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome outcome;

		outcome_of(&outcome, cases[i].lines, LINES, &everything);
		assert_rows(&outcome, cases[i].keys, cases[i].rows, cases[i].why);
		assert_conflicts(&outcome, cases[i].conflicts, cases[i].why);
		outcome_free(&outcome);
	}
}

/* Records whose only name is a DOI in conflict: every one a paper, every paper its own id. */
static void
test_conflict_ids(void **state)
{
	const char *const lines[] = { A(X, AT("02") TITLE("abc") DOI("10.1/a")),
		A(Y, AT("01") TITLE("xyz") DOI("10.1/a")),
		S(11, DOI("10.1/A") TITLE("one") CITED(1)),
		S(12, DOI("10.1/a") TITLE("two") CITED(5)), S(13, DOI("10.1/a") TITLE("three")) };
	const struct {
		const char *why;
		struct merge_scope scope;
		const char *left_out;
	} cases[] = {
		{ "all of them", { .from = INT64_MIN, .to = INT64_MAX }, "" },
		/* What is in the snapshot does not change who has which id. */
		{ "one is not out yet", { .from = INT64_MIN, .to = 20626 }, "two" },
	};
	char hex[4][65];
	struct buf wanted = BUF_INIT;
	struct outcome outcome;
	char later[400];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *some[COUNT(lines)];
		size_t missing = 0;
		struct buf got = BUF_INIT;
		const struct {
			const char *title, *name;
		} rows[] = {
			{ "abc", "paper:arxiv:" X },
			{ "xyz", "paper:arxiv:" Y },
			{ "two", "paper:s2:12" },
			{ "one", "paper:doi:10.1/a" },
			{ "three", "paper:s2:13" },
		};

		memcpy(some, lines, sizeof(some));
		snprintf(later, sizeof(later), "%s",
		    S(12, DOI("10.1/a") TITLE("two")
			      CITED(5) ",\"publication_date\":\"2026-06-23\""));
		some[3] = later;
		outcome_of(&outcome, some, COUNT(some), &cases[i].scope);
		select_keys(&outcome, "title id", &got);
		for (size_t j = 0; j < COUNT(rows); j++) {
			buf_clear(&wanted);
			buf_printf(&wanted, "\"%s\" \"%s\"\n", rows[j].title,
			    sha256_hex(rows[j].name, hex[0]));
			if (strcmp(rows[j].title, cases[i].left_out) == 0) {
				missing++;
				assert_null(strstr(got.data, "\"two\""));
			} else if (strstr(got.data, wanted.data) == NULL) {
				print_error(
				    "%s: %s is not in\n%s", cases[i].why, wanted.data, got.data);
				assert_true(false);
			}
		}
		assert_int_equal(outcome.row_count, COUNT(rows) - missing);
		buf_free(&got);
		outcome_free(&outcome);
	}
	buf_free(&wanted);
}

static void
test_bad_lines(void **state)
{
	const char *const lines[] = {
		"{\"query\":{\"any\": [\"x\"]}}",
		S(1, TITLE("a")),
		"not JSON",
		"",
		" \t",
		"{\"commit\":{\"at\":1}}",
		"{\"source\":\"arxiv\",\"arxiv_id\":\"x\"}",
		S(2, CITED(-1)),
		"{\"source\":\"semantic_scholar\",\"corpus_id\":3,\"title\":\"\\u0000\"}",
		S(4, TITLE("b")),
	};
	struct outcome outcome;
	struct merge_counts counts;

	(void)state;
	outcome_of(&outcome, lines, COUNT(lines), &everything);
	counts = merge_count(outcome.merge);
	assert_int_equal(counts.refused, 4);
	assert_int_equal(counts.records[0], 0);
	assert_int_equal(counts.records[1], 2);
	assert_int_equal(counts.papers, 2);
	scratch_assert_log(&outcome.scratch,
	    "records.jsonl: line 3: no object at byte 0\n"
	    "records.jsonl: line 7: arxiv_id: no arXiv id, got 'x'\n"
	    "records.jsonl: line 8: citation_count: must be a whole number, not negative and not "
	    "absurd, got '-1'\n"
	    "records.jsonl: line 9: NUL in a string at byte 52\n",
	    "each with its number");
	assert_int_equal(outcome.row_count, 2);
	outcome_free(&outcome);
}

/* A file that shrinks between the passes is told, not guessed at. */
static void
test_changed_file(void **state)
{
	struct outcome outcome;
	struct arena arena = ARENA_INIT;
	struct row row;
	int fd;

	(void)state;
	outcome_begin(&outcome);
	fd = read_text(&outcome, "records", slice_of(S(1, TITLE("a")) "\n"));
	assert_int_equal(merge_resolve(outcome.merge, &everything), 0);
	assert_int_equal(ftruncate(fd, 20), 0);
	assert_int_equal(merge_row(outcome.merge, 0, &row, NULL, &arena), -1);
	scratch_assert_log(&outcome.scratch,
	    "records: cannot read again at byte 0: the file became shorter\n", "shorter");
	assert_int_equal(ftruncate(fd, 1000), 0);
	assert_int_equal(merge_row(outcome.merge, 0, &row, NULL, &arena), -1);
	assert_non_null(
	    strstr(outcome.scratch.lines.data, "records: changed while it was read, at byte 0"));
	arena_free(&arena);
	outcome_free(&outcome);
}

/* Papers of more files than a reader keeps windows of, in turn. */
static void
test_many_files(void **state)
{
	struct outcome outcome;
	char line[200], name[20];

	(void)state;
	outcome_begin(&outcome);
	for (int i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "file %d", i);
		snprintf(line, sizeof(line),
		    "{\"source\":\"semantic_scholar\",\"corpus_id\":%d,\"title\":\"no. %d\","
		    "\"year\":%d}\n",
		    i + 1, i, 2020 - i % 20);
		read_text(&outcome, name, slice_of(line));
	}
	outcome_end(&outcome, &everything);
	assert_int_equal(outcome.row_count, 60);
	for (int i = 0; i < 60; i++) {
		snprintf(line, sizeof(line), "\"title\": \"no. %d\"", i);
		assert_non_null(strstr(outcome.rows.data, line));
	}
	outcome_free(&outcome);
}

/* Lines larger than the reader's block are found again, too. */
static void
test_large_lines(void **state)
{
	struct outcome outcome;
	struct buf text = BUF_INIT;
	size_t long_title = (1 << 20) - 3;

	(void)state;
	buf_add_text(&text, S(1, TITLE("a") ",\"year\":2003"));
	buf_add_text(
	    &text, "\n{\"source\":\"semantic_scholar\",\"corpus_id\":2,\"year\":2002,\"title\":\"");
	memset(buf_reserve(&text, long_title), 'x', long_title);
	text.len += long_title;
	buf_add_text(&text, "\"}\n");
	buf_add_text(&text, S(3, TITLE("c") ",\"year\":2001"));
	outcome_begin(&outcome);
	read_text(&outcome, "large", buf_slice(&text));
	outcome_end(&outcome, &everything);
	assert_int_equal(outcome.row_count, 3);
	assert_non_null(strstr(outcome.rows.data, "\"title\": \"a\""));
	assert_non_null(strstr(outcome.rows.data, "xxxx\", \"abstract\""));
	assert_non_null(strstr(outcome.rows.data, "\"title\": \"c\""));
	outcome_free(&outcome);
	buf_free(&text);
}

/* More DOIs in one field than a record has room for cost it no other key. */
static void
test_many_dois(void **state)
{
	struct outcome outcome;
	struct buf text = BUF_INIT;

	(void)state;
	buf_add_text(&text,
	    "{\"source\":\"semantic_scholar\",\"paper_id\":\"first\",\"corpus_id\":7,"
	    "\"doi\":\"10.1/a");
	for (int i = 0; i < 150; i++)
		buf_printf(&text, " 10.1/b%d", i);
	buf_add_text(&text, "\"}\n{\"source\":\"semantic_scholar\",\"paper_id\":\"second\","
			    "\"corpus_id\":7}\n");
	outcome_begin(&outcome);
	read_text(&outcome, "many", buf_slice(&text));
	outcome_end(&outcome, &everything);
	assert_int_equal(outcome.row_count, 1);
	outcome_free(&outcome);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_supersede),
		cmocka_unit_test(test_supersede_across_files),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_conflict_ids),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_changed_file),
		cmocka_unit_test(test_many_files),
		cmocka_unit_test(test_large_lines),
		cmocka_unit_test(test_many_dois),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
