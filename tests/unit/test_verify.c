#include "verify.h"

#include "date.h"
#include "digest.h"
#include "merge.h"
#include "scored_row.h"
#include "scratch.h"

#define ROW(id, published, arxiv_id, doi, citations, score)                                  \
	"{\"id\": \"" id "\", \"sources\": [\"semantic_scholar\"], \"title\": null, "        \
	"\"abstract\": null, \"authors\": [], \"categories\": [], \"fields_of_study\": [], " \
	"\"published_date\": " published                                                     \
	", \"url\": null, \"pdf_url\": null, \"arxiv_id\": " arxiv_id ", \"doi\": " doi      \
	", \"citation_count\": " citations                                                   \
	", \"influential_citation_count\": 0, \"has_code\": false, \"code_url\": null, "     \
	"\"venue\": null, \"quality_score\": " score "}\n"
#define ON(day) "\"" day "T00:00:00\""
/* The SHA-256 of `paper:doi:10.1/a`. */
#define ID_A "aca7e22aa6a920191186cceec71e1ffd67299cf1b95b0e824f38ea19481ecc52"
#define HEX16 "0123456789abcdef"
#define ID(first) first HEX16 HEX16 HEX16 "0123456789abcde"

/* Source records: arXiv id or CorpusId, title, the rest. */
#define A(id, title, rest)                                                              \
	"{\"source\":\"arxiv\",\"fetched\":\"2026-06-19T03:00:07Z\",\"arxiv_id\":\"" id \
	"\",\"version\":1,\"title\":\"" title "\"" rest "}\n"
#define S(corpus, title, rest)                                                                \
	"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:07Z\",\"paper_id\":" \
	"\"p" corpus "\",\"corpus_id\":" corpus ",\"title\":\"" title "\"" rest "}\n"
#define X "2606.00001"
#define Y "2606.00002"
#define Z "2606.00003"

/* What a verification by so many workers as of 2026-06-19 says of some rows, and then
 * `reproduced/rows, faults, untold_ids`. */
static void
verify_team(struct merge *merge, struct slice rows, bool json, size_t workers, struct buf *out)
{
	char path[] = "rows";
	struct subject subject = { .path = path, .fd = scratch_open(rows), .workers = workers };
	struct scratch scratch;
	struct verification verification;
	struct file_writer writer;
	int fd = scratch_open(SLICE_LITERAL(""));
	off_t len;

	scratch_log_init(&scratch);
	file_writer_fd(&writer, fd, "out", &scratch.log);
	assert_int_equal(verify_rows(&subject, merge, date_day(2026, 6, 19), json, &writer,
			     &verification, &scratch.log),
	    0);
	assert_int_equal(file_writer_close(&writer), 0);
	len = lseek(fd, 0, SEEK_END);
	buf_clear(out);
	assert_int_equal(
	    file_read_at(fd, "out", 0, buf_reserve(out, (size_t)len), (size_t)len, &scratch.log),
	    0);
	out->len = (size_t)len;
	buf_printf(out, "%d/%d, %d, %d", (int)verification.reproduced, (int)verification.rows,
	    (int)verification.faults, (int)verification.untold_ids);
	scratch_assert_log(&scratch, "", "nothing is logged");
	close(fd);
	close(subject.fd);
	scratch_free(&scratch);
}

static void
verify_text(struct merge *merge, struct slice rows, bool json, struct buf *out)
{
	verify_team(merge, rows, json, 1, out);
}

/* Rows that only themselves can be held against. */
static void
test_alone(void **state)
{
	static const struct {
		const char *why;
		const char *rows;
		const char *told;
	} cases[] = {
		{ "no rows", "", "0/0, 0, 0" },
		{ "two that reproduce, of which one does not tell its id",
		    ROW(ID_A, ON("2026-06-02"), "null", "\"10.1/A\"", "0", "0.35")
			ROW(ID("2"), ON("2026-06-01"), "null", "null", "0", "0.35"),
		    "2/2, 0, 1" },
		{ "a line that is no row, and the others all the same",
		    "[]\n" ROW(ID_A, ON("2026-06-02"), "null", "\"10.1/A\"", "0", "0.35"),
		    "line 1: line: byte 1: no object\n1/2, 1, 0" },
		{ "the same row twice",
		    ROW(ID_A, ON("2026-06-02"), "null", "\"10.1/A\"", "0", "0.35") ROW(
			ID_A, ON("2026-06-02"), "null", "\"https://doi.org/10.1/a\"", "0", "0.35"),
		    "line 2: " ID_A ": id: stored \"" ID_A "\" (line 1 has it already)\n"
		    "line 2: " ID_A ": doi: stored \"https://doi.org/10.1/a\" (line 1 has it "
		    "already)\n"
		    "1/2, 2, 0" },
		{ "what has another shape is not looked for",
		    ROW("x", ON("2026-06-02"), "null", "null", "0", "0.35")
			ROW("x", ON("2026-06-02"), "null", "null", "0", "0.35"),
		    "line 1: x: id: stored \"x\" (must be 64 lower-case hex digits)\n"
		    "line 2: x: id: stored \"x\" (must be 64 lower-case hex digits)\n"
		    "0/2, 2, 0" },
		{ "newest first, in any order within a day, without a date last and by id",
		    ROW(ID("5"), ON("2026-06-02"), "null", "null", "0", "0.35")
			ROW(ID("4"), ON("2026-06-01"), "null", "null", "0", "0.35")
			    ROW(ID("3"), ON("2026-06-01"), "null", "null", "0", "0.35")
				ROW(ID("1"), "null", "null", "null", "0", "0.0")
				    ROW(ID("2"), "null", "null", "null", "0", "0.0"),
		    "5/5, 0, 5" },
		{ "one without a date in front",
		    ROW(ID("1"), "null", "null", "null", "0", "0.0")
			ROW(ID("5"), ON("2026-06-02"), "null", "null", "0", "0.35")
			    ROW(ID("4"), ON("2026-06-01"), "null", "null", "0", "0.35")
				ROW(ID("2"), "null", "null", "null", "0", "0.0"),
		    "line 1: " ID("1") ": published_date: stored null (order: belongs behind line "
				       "3)\n3/4, 1, 4" },
		{ "without dates by id",
		    ROW(ID("2"), "null", "null", "null", "0", "0.0") ROW(ID("3"), "null", "null",
			"null", "0", "0.0") ROW(ID("1"), "null", "null", "null", "0", "0.0"),
		    "line 3: " ID("1") ": published_date: stored null (order: belongs before line "
				       "1)\n2/3, 1, 3" },
		{ "of two rows that contradict each other, the one with another fault",
		    ROW(ID("2"), ON("2026-06-01"), "null", "null", "0", "0.35")
			ROW(ID("1"), ON("2026-06-02"), "null", "null", "0", "0.4"),
		    "line 2: " ID(
			"1") ": quality_score: stored 0.4, expected 0.35 (no single input "
			     "would fit)\n"
			     "line 2: " ID("1") ": published_date: stored "
						"\"2026-06-02T00:00:00\" (order: "
						"belongs before line 1)\n1/2, 2, 2" },
		{ "a date that is none has no place",
		    ROW(ID("1"), ON("2026-06-31"), "null", "null", "0", "0.35")
			ROW(ID("2"), ON("2026-06-01"), "null", "null", "0", "0.35"),
		    "line 1: " ID("1") ": published_date: stored \"2026-06-31T00:00:00\" (must be "
				       "a date as YYYY-MM-DDT00:00:00, or null)\n1/2, 1, 2" },
	};
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		verify_text(NULL, slice_of(cases[i].rows), false, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].told), cases[i].why);
	}
	buf_free(&out);
}

/* X, Y and Z of arXiv, Z outside the categories; line 3 is only known by its CorpusId, line 4 by
 * its DOI. */
static const char records[] =
    A(X, "First", ",\"published\":\"2026-06-15T09:00:00Z\",\"categories\":[\"cs.CL\"]")
	A(Y, "Second", ",\"published\":\"2026-06-12T09:00:00Z\",\"categories\":[\"cs.CL\"]")
	    A(Z, "Left out", ",\"published\":\"2026-06-11T09:00:00Z\",\"categories\":[\"math.CO\"]")
		S("3", "Third", ",\"publication_date\":\"2026-06-10\"")
		    S("4", "Fourth", ",\"doi\":\"10.1/A\",\"publication_date\":\"2026-06-09\"");

#define UNKNOWN " (the sources have no such paper in this snapshot)\n"
#define IDS 10

/* What `ID1` to `ID9` stand for: the id of that line, of Z (0), of nobody (9). */
static void
add_with_ids(const char *text, char ids[IDS][DIGEST_HEX_SIZE], struct buf *out)
{
	for (const char *at = text; *at != '\0'; at++) {
		if (strncmp(at, "ID", 2) == 0 && at[2] >= '0' && at[2] <= '9') {
			buf_add_text(out, ids[at[2] - '0']);
			at += 2;
		} else {
			buf_add_char(out, *at);
		}
	}
}

/* The rows of a merge as of 2026-06-19, and their ids. */
static void
rows_of(struct merge *merge, struct buf *rows, char ids[IDS][DIGEST_HEX_SIZE])
{
	struct row_stats *stats = mem_new(1, sizeof(*stats));
	struct file_writer writer;
	struct digest *digest = digest_new();
	unsigned char sha256[DIGEST_BYTES];
	struct log log = { 0 };
	int fd = scratch_open(SLICE_LITERAL(""));
	size_t len, line = 1;

	file_writer_fd(&writer, fd, "rows", &log);
	assert_int_equal(scored_row_write_all(merge, date_day(2026, 6, 19), &writer, stats), 0);
	assert_int_equal(file_writer_close(&writer), 0);
	len = (size_t)lseek(fd, 0, SEEK_END);
	assert_int_equal(file_read_at(fd, "rows", 0, buf_reserve(rows, len), len, &log), 0);
	rows->len = len;
	buf_add_text(rows, "");
	close(fd);
	free(stats);
	memset(ids, '9', IDS * DIGEST_HEX_SIZE);
	digest_add(digest, "paper:arxiv:" Z, strlen("paper:arxiv:" Z));
	digest_finish(digest, sha256);
	digest_hex(sha256, ids[0]);
	digest_free(digest);
	for (const char *at = rows->data; at < rows->data + len; at = strchr(at, '\n') + 1)
		memcpy(ids[line++], at + strlen("{\"id\": \""), DIGEST_HEX_SIZE - 1);
	for (size_t i = 0; i < IDS; i++)
		ids[i][DIGEST_HEX_SIZE - 1] = '\0';
}

static const char *
line_at(const char *text, size_t number)
{
	while (number-- > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

/* The rows without some lines in front and with ${from} replaced by ${to} in one of the others; an
 * empty one stands at its beginning. */
static void
replace(const struct buf *rows, size_t gone, size_t line, const char *from, const char *to,
    struct buf *out)
{
	const char *start = line_at(rows->data, gone);
	const char *at = strstr(line_at(start, line - 1), from);

	assert_non_null(at);
	buf_clear(out);
	buf_add(out, start, (size_t)(at - start));
	buf_add_text(out, to);
	buf_add_text(out, at + strlen(from));
}

static void
test_sources(void **state)
{
	static char category[] = "cs.CL";
	static char *categories[] = { category };
	const struct merge_scope scope = { INT64_MIN, INT64_MAX, categories, 1 };
	static const struct {
		const char *why;
		/* How many lines in front are gone; what is replaced in which of the others (from
		 * 1) with what. */
		size_t gone, line;
		const char *from, *to;
		/* IDn stands for the id of line n. */
		const char *told;
	} cases[] = {
		{ "as the sources have it", 0, 1, "", "", "4/4, 0, 0" },
		{ "an id", 0, 1, "ID1", "ID9",
		    "line 1: " X ": id: stored \"ID9\", expected \"ID1\"\n3/4, 1, 0" },
		{ "an id: known by its place, behind what the topic leaves out", 0, 3, "ID3", "ID9",
		    "line 3: ID9: id: stored \"ID9\", expected \"ID3\"\n3/4, 1, 0" },
		{ "an id: known by the arXiv id", 1, 1, "ID2", "ID9",
		    "line 1: " Y ": id: stored \"ID9\", expected \"ID2\"\n" X
		    ": id: stored nothing, expected \"ID1\" (missing)\n2/3, 2, 0" },
		{ "an id: known by the DOI, whatever its case", 3, 1, "ID4", "ID9",
		    "line 1: ID9: id: stored \"ID9\", expected \"ID4\"\n" X
		    ": id: stored nothing, expected \"ID1\" (missing)\n" Y
		    ": id: stored nothing, expected \"ID2\" (missing)\n"
		    "ID3: id: stored nothing, expected \"ID3\" (missing)\n0/1, 4, 0" },
		{ "an arXiv id that is another paper's", 0, 1, "\"arxiv_id\": \"" X,
		    "\"arxiv_id\": \"" Y,
		    "line 1: " Y ": arxiv_id: stored \"" Y "\", expected \"" X "\"\n3/4, 1, 0" },
		{ "an id that is another paper's: it is what it is most like", 0, 1, "ID1", "ID2",
		    "line 1: " X ": id: stored \"ID2\", expected \"ID1\"\n"
		    "line 2: " Y ": id: stored \"ID2\" (line 1 has it already)\n2/4, 2, 0" },
		{ "a count, and an unknown key", 0, 2, "\"citation_count\": 0",
		    "\"citation_count\": 9999, \"x\": []",
		    "line 2: " Y ": citation_count: stored 9999, expected 0\n3/4, 1, 0" },
		{ "a null that is gone", 0, 3, "\"arxiv_id\": null, ", "",
		    "line 3: ID3: arxiv_id: stored nothing, expected null (the key is missing)\n"
		    "3/4, 1, 0" },
		{ "nothing that it could be known by", 0, 3,
		    "\"id\": \"ID3\", \"sources\": [\"semantic_scholar\"], \"title\": \"Third\"",
		    "\"id\": \"ID9\", \"sources\": [\"arxiv\"], \"title\": \"Nobody's\"",
		    "line 3: ID9: id: stored \"ID9\", expected null" UNKNOWN
		    "ID3: id: stored nothing, expected \"ID3\" (missing)\n3/4, 2, 0" },
		{ "a paper that the topic leaves out", 0, 2, "", "{\"id\": \"ID0\"}\n",
		    "line 2: ID0: id: stored \"ID0\", expected null" UNKNOWN "4/5, 1, 0" },
		{ "an id that the topic leaves out", 0, 2, "ID2", "ID0",
		    "line 2: " Y ": id: stored \"ID0\", expected \"ID2\"\n3/4, 1, 0" },
	};
	struct buf rows = BUF_INIT, text = BUF_INIT, out = BUF_INIT, part = BUF_INIT;
	char ids[IDS][DIGEST_HEX_SIZE];
	struct scratch scratch;
	struct merge *merge;

	(void)state;
	scratch_log_init(&scratch);
	merge = merge_new(2, &scratch.log);
	assert_int_equal(merge_read(merge, scratch_open(slice_of(records)), "records"), 0);
	assert_int_equal(merge_resolve(merge, &scope), 0);
	rows_of(merge, &rows, ids);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf from = BUF_INIT, to = BUF_INIT;

		buf_add_text(&from, "");
		buf_add_text(&to, "");
		add_with_ids(cases[i].from, ids, &from);
		add_with_ids(cases[i].to, ids, &to);
		replace(&rows, cases[i].gone, cases[i].line, from.data, to.data, &text);
		buf_clear(&part);
		add_with_ids(cases[i].told, ids, &part);
		verify_text(merge, buf_slice(&text), false, &out);
		assert_bytes(buf_slice(&out), buf_slice(&part), cases[i].why);
		buf_free(&from);
		buf_free(&to);
	}
	buf_free(&rows);
	buf_free(&text);
	buf_free(&out);
	buf_free(&part);
	merge_free(merge);
	scratch_free(&scratch);
}

/* A row of about 4 KB, as good as its number says. */
static void
add_large(size_t number, struct buf *rows)
{
	bool repeated = number % 700 == 699, scored = number % 500 != 250;

	if (number % 600 == 300)
		buf_add_text(rows, "[]\n");
	else if (number % 600 == 301)
		buf_add_text(rows, "\n");
	buf_printf(rows,
	    "{\"id\": \"%064zx\", \"sources\": [\"semantic_scholar\"], \"title\": \"%04000d\", "
	    "\"abstract\": null, \"authors\": [], \"categories\": [], \"fields_of_study\": [], "
	    "\"published_date\": \"2026-06-%02dT00:00:00\", \"url\": null, \"pdf_url\": null, "
	    "\"arxiv_id\": null, \"doi\": null, \"citation_count\": 0, "
	    "\"influential_citation_count\": 0, \"has_code\": false, \"code_url\": null, "
	    "\"venue\": null, \"quality_score\": %s}\n",
	    repeated ? number - 699 : number, 0, number % 400 == 399 ? 3 : 2,
	    scored ? "0.35" : "0.4");
}

/* Whoever looks at which stretch of a file of several, all faults are told, in their order. */
static void
test_workers(void **state)
{
	struct buf rows = BUF_INIT, alone = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 4200; i++)
		add_large(i, &rows);
	verify_team(NULL, buf_slice(&rows), false, 1, &alone);
	/* 7 lines of "[]" and 7 empty ones, 6 repeated ids, 8 scores, 10 dates out of order;
	 * one row has two faults. */
	assert_non_null(strstr(alone.data, "\n4177/4214, 38, 4200"));
	for (size_t workers = 2; workers <= 5; workers++) {
		verify_team(NULL, buf_slice(&rows), false, workers, &out);
		assert_bytes(buf_slice(&out), buf_slice(&alone), "the same by more workers");
	}
	buf_free(&rows);
	buf_free(&alone);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_workers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
