#include "journal_part.h"

#include "journal.h"
#include "journal_file.h"
#include "scratch.h"

#define QUERY "{\"any\": [\"x\"]}"
#define HEADER "{\"query\":" QUERY "}\n"
#define OTHER "{\"query\":{\"any\": [\"y\"]}}\n"
#define RECORD(corpus, second)                                                           \
	"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:" second "Z\"," \
	"\"corpus_id\":" corpus "}\n"
#define COMMIT "{\"commit\":{}}\n"
#define COMMIT_AT(position) "{\"commit\":{},\"position\":" position "}\n"
#define PAGE(second) RECORD("1", second) COMMIT
/* 2026-06-19T03:00:00Z */
#define TIME 1781838000
#define LEN(text) (sizeof(text) - 1)

static char *
write_journal(const struct scratch *scratch, bool next, const char *text)
{
	char *path = journal_file_path(scratch->path, SOURCE_SEMANTIC_SCHOLAR, next);

	unlink(path);
	if (text != NULL)
		scratch_write(scratch, path + strlen(scratch->path) + 1, slice_of(text));
	return path;
}

/* Find a part, which must be of these bytes of one of the files; none if they are 0. */
static void
assert_part(struct scratch *scratch, const struct journal_point *point, uint64_t bytes,
    const char *path, const char *why)
{
	struct journal_part part;
	int result = journal_part_find(
	    scratch->path, SOURCE_SEMANTIC_SCHOLAR, slice_of(QUERY), point, &part, &scratch->log);

	if ((result == 0) != (bytes > 0) || (result == 0 && part.bytes != bytes))
		print_error("%s: %d, %d bytes, wanted %d\n", why, result,
		    result == 0 ? (int)part.bytes : 0, (int)bytes);
	assert_int_equal(result, bytes > 0 ? 0 : -1);
	scratch_assert_log(scratch, "", why);
	if (result == -1)
		return;
	assert_int_equal(part.bytes, bytes);
	assert_string_equal(part.path, path);
	assert_int_equal(lseek(part.fd, 0, SEEK_CUR), 0);
	close(part.fd);
	free(part.path);
}

static void
test_find(void **state)
{
	static const struct {
		const char *why, *held, *next;
		uint64_t position;
		int64_t second;
		uint64_t bytes;
		bool in_next;
	} cases[] = {
		{ "the whole journal", HEADER PAGE("01") PAGE("02"), NULL,
		    LEN(HEADER PAGE("01") PAGE("02")), 2, LEN(HEADER PAGE("01") PAGE("02")),
		    false },
		{ "one that has grown since", HEADER PAGE("01") PAGE("02"), NULL,
		    LEN(HEADER PAGE("01")), 1, LEN(HEADER PAGE("01")), false },
		{ "with a torn page behind it", HEADER PAGE("01") RECORD("2", "02") "{\"sour", NULL,
		    LEN(HEADER PAGE("01")), 1, LEN(HEADER PAGE("01")), false },
		{ "a commit without records", HEADER PAGE("01") COMMIT, NULL,
		    LEN(HEADER PAGE("01") COMMIT), 1, LEN(HEADER PAGE("01") COMMIT), false },
		{ "nothing but the query", HEADER PAGE("01"), NULL, LEN(HEADER), -TIME, LEN(HEADER),
		    false },
		{ "past the end", HEADER PAGE("01"), NULL, LEN(HEADER PAGE("01")) + 1, 1, 0,
		    false },
		{ "far past the end", HEADER PAGE("01"), NULL, UINT64_MAX, 1, 0, false },
		{ "within a page", HEADER RECORD("1", "01") PAGE("02"), NULL,
		    LEN(HEADER RECORD("1", "01")), 1, 0, false },
		{ "within a line", HEADER PAGE("01"), NULL, LEN(HEADER) + 9, 1, 0, false },
		{ "nowhere", HEADER PAGE("01"), NULL, 0, -TIME, 0, false },
		{ "as long, but of another time", HEADER PAGE("01"), NULL, LEN(HEADER PAGE("01")),
		    2, 0, false },
		{ "as long, but with records", HEADER PAGE("01"), NULL, LEN(HEADER PAGE("01")),
		    -TIME, 0, false },
		{ "its last record is damaged", HEADER RECORD("1", "01") "{\"sour\n" COMMIT, NULL,
		    LEN(HEADER RECORD("1", "01") "{\"sour\n" COMMIT), 1, 0, false },

		{ "compacted then", HEADER RECORD("1", "05") COMMIT_AT("900"), NULL, 900, 5,
		    LEN(HEADER RECORD("1", "05") COMMIT_AT("900")), false },
		{ "compacted before", HEADER RECORD("1", "05") COMMIT_AT("900") PAGE("06"), NULL,
		    900 + LEN(PAGE("06")), 6,
		    LEN(HEADER RECORD("1", "05") COMMIT_AT("900") PAGE("06")), false },
		{ "compacted later", HEADER RECORD("1", "05") COMMIT_AT("900"), NULL, 899, 5, 0,
		    false },
		{ "compacted later, where a page ends", HEADER PAGE("01") COMMIT_AT("900"), NULL,
		    LEN(HEADER PAGE("01")), 1, 0, false },
		{ "compacted later, behind it",
		    HEADER RECORD("1", "05") COMMIT_AT("900") PAGE("06"), NULL,
		    800 + LEN(PAGE("06")), 6, 0, false },
		{ "past the end of one that is compacted",
		    HEADER RECORD("1", "05") COMMIT_AT("900"), NULL, 901, 5, 0, false },
		{ "compacted twice", HEADER COMMIT_AT("500") RECORD("1", "05") COMMIT_AT("900"),
		    NULL, 500, -TIME, 0, false },

		{ "beside another query", OTHER PAGE("01"), HEADER PAGE("01"),
		    LEN(HEADER PAGE("01")), 1, LEN(HEADER PAGE("01")), true },
		{ "before another query takes its place", HEADER PAGE("01"), OTHER PAGE("01"),
		    LEN(HEADER PAGE("01")), 1, LEN(HEADER PAGE("01")), false },
		{ "all again, not yet in its place", HEADER PAGE("01"), HEADER PAGE("07"),
		    LEN(HEADER PAGE("07")), 7, LEN(HEADER PAGE("07")), true },
		{ "before all was asked again", HEADER PAGE("01"), HEADER PAGE("07"),
		    LEN(HEADER PAGE("01")), 1, LEN(HEADER PAGE("01")), false },
		{ "all again, without any that stood", NULL, HEADER PAGE("07"),
		    LEN(HEADER PAGE("07")), 7, LEN(HEADER PAGE("07")), true },
		{ "all again, of yet another time", HEADER PAGE("01"), HEADER PAGE("07"),
		    LEN(HEADER PAGE("07")), 4, 0, false },
		{ "another query", OTHER PAGE("01"), NULL, LEN(OTHER PAGE("01")), 1, 0, false },
		{ "a damaged head", "x" HEADER PAGE("01"), NULL, LEN("x" HEADER PAGE("01")), 1, 0,
		    false },
		{ "no journal", NULL, NULL, 0, -TIME, 0, false },
	};
	struct scratch scratch;
	char *sources;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct journal_point point = { cases[i].position, TIME + cases[i].second };
		char *held = write_journal(&scratch, false, cases[i].held);
		char *next = write_journal(&scratch, true, cases[i].next);

		assert_part(
		    &scratch, &point, cases[i].bytes, cases[i].in_next ? next : held, cases[i].why);
		free(held);
		free(next);
	}
	free(sources);
	scratch_free(&scratch);
}

static void
ignore_record(void *cookie, const struct record_line *record)
{
	(void)cookie;
	(void)record;
}

static void
ignore_commit(void *cookie, struct slice commit)
{
	(void)cookie;
	(void)commit;
}

static struct journal *
open_journal(struct scratch *scratch, enum journal_kind kind)
{
	const struct journal_reader reader = { ignore_record, ignore_commit, NULL };
	struct journal *journal = journal_open(
	    scratch->path, SOURCE_SEMANTIC_SCHOLAR, kind, slice_of(QUERY), &reader, &scratch->log);

	assert_non_null(journal);
	return journal;
}

static struct journal_point
add_page(struct journal *journal, int64_t corpus_id, int64_t fetched)
{
	struct source_record record;

	source_record_init(&record, SOURCE_SEMANTIC_SCHOLAR, fetched);
	record.corpus_id = corpus_id;
	journal_add(journal, &record);
	assert_int_equal(journal_commit(journal, slice_of("{\"at\":1}")), 0);
	return (struct journal_point){ journal_position(journal), journal_last_fetched(journal) };
}

/* What a journal itself says is found again, as long as it can be told apart. */
static void
test_life(void **state)
{
	struct scratch scratch;
	struct journal *journal;
	struct journal_point first, second, third;
	char *held, *next;
	struct buf text = BUF_INIT;
	uint64_t dead;

	(void)state;
	scratch_init(&scratch);
	held = journal_file_path(scratch.path, SOURCE_SEMANTIC_SCHOLAR, false);
	next = journal_file_path(scratch.path, SOURCE_SEMANTIC_SCHOLAR, true);
	journal = open_journal(&scratch, JOURNAL_HELD);
	dead = journal_position(journal);
	first = add_page(journal, 1, TIME);
	second = add_page(journal, 1, TIME + 9);
	assert_part(&scratch, &first, first.position, held, "the first page");
	assert_part(&scratch, &second, second.position, held, "both");
	/* That the line is most of the journal is a lie that makes it small. */
	assert_int_equal(journal_compact(journal, &dead, 1, second.position), 0);
	buf_clear(&scratch.lines);
	scratch_read(&scratch, "sources/semantic_scholar.jsonl", &text);
	assert_part(&scratch, &first, 0, held, "compacted");
	assert_part(&scratch, &second, text.len, held, "what it was compacted at");
	third = add_page(journal, 2, TIME + 10);
	journal_free(journal);
	assert_part(&scratch, &second, text.len, held, "also when it grows");

	/* All is asked again, and is as long. */
	journal = open_journal(&scratch, JOURNAL_ANEW);
	first = add_page(journal, 1, TIME + 20);
	assert_part(&scratch, &first, first.position, next, "beside it");
	assert_int_equal(journal_settle(journal), 0);
	assert_part(&scratch, &first, first.position, held, "in its place");
	assert_part(&scratch, &second, 0, held, "the old one is gone");
	assert_part(&scratch, &third, 0, held, "all of it");
	journal_free(journal);
	buf_free(&text);
	free(held);
	free(next);
	scratch_free(&scratch);
}

/* What is left when damaged lines are taken out is not what a snapshot was made from. */
static void
test_mended(void **state)
{
	static const char text[] = HEADER RECORD("1", "01") "\n" RECORD("2", "02") COMMIT;
	const struct journal_point then = { LEN(text), TIME + 2 };
	struct scratch scratch;
	struct journal_point now;
	struct journal *journal;
	char *sources, *held;

	(void)state;
	scratch_init(&scratch);
	sources = scratch_path(&scratch, "sources");
	assert_int_equal(mkdir(sources, 0777), 0);
	held = write_journal(&scratch, false, text);
	journal = open_journal(&scratch, JOURNAL_HELD);
	buf_clear(&scratch.lines);
	now = (struct journal_point){ journal_position(journal), journal_last_fetched(journal) };
	journal_free(journal);
	assert_part(&scratch, &then, 0, held, "before");
	assert_part(&scratch, &now,
	    LEN(HEADER RECORD("1", "01") RECORD("2", "02") COMMIT_AT("217")), held, "after");
	free(sources);
	free(held);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_mended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
