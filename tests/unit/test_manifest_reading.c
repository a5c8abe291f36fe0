#include "manifest_reading.h"

#include "date.h"
#include "scratch.h"

#include <stdlib.h>

static const char manifest[] =
    "{\"format\": 1, \"snapshot_date\": \"2026-06-19\", \"topic\": {\"any\": [\"a b\"]},"
    " \"records\": 90, \"with_code\": 3, \"sources\": {\"arxiv\": {\"records\": 80,"
    " \"journal_position\": 4711, \"last_fetched\": \"2026-06-19T03:00:07Z\"},"
    " \"semantic_scholar\": {\"records\": -1, \"journal_position\": 7}},"
    " \"merge\": {\"papers\": 91, \"conflicts\": [{\"doi\": \"10.1/a\", \"arxiv_ids\":"
    " [\"2606.00001\", 5, \"2606.00002\"], \"records\": 3, \"joined\": true}, {\"doi\": 7},"
    " {\"doi\": \"10.1/b\", \"records\": -3}]},"
    " \"files\": {\"data.jsonl\": {\"bytes\": 12, \"sha256\": \"ab\"},"
    " \"README.md\": {\"bytes\": 13, \"sha256\": \"cd\"}, \"x\": {\"bytes\": -3}}}";

static struct manifest_reading *
reading_of(struct scratch *scratch, const char *text)
{
	char *path = scratch_path(scratch, "manifest.json");
	struct manifest_reading *reading;

	scratch_write(scratch, "manifest.json", slice_of(text));
	reading = manifest_reading_open(path, &scratch->log);
	free(path);
	return reading;
}

static void
test_told(void **state)
{
	struct scratch scratch;
	struct manifest_reading *reading;
	const struct doi_conflict *conflicts;
	struct buf query = BUF_INIT;
	struct slice name, sha256;
	struct manifest_journal journal;
	uint64_t bytes;
	size_t count;

	(void)state;
	scratch_init(&scratch);
	reading = reading_of(&scratch, manifest);
	assert_non_null(reading);
	assert_int_equal(manifest_reading_day(reading), date_day(2026, 6, 19));
	manifest_reading_query(reading, &query);
	assert_string_equal(query.data, "{\"any\": [\"a b\"]}");
	assert_true(manifest_reading_journal(reading, SOURCE_ARXIV, &journal));
	assert_int_equal(journal.position, 4711);
	assert_int_equal(journal.records, 80);
	assert_true(journal.fetched == 1781838007);
	assert_false(manifest_reading_journal(reading, SOURCE_SEMANTIC_SCHOLAR, &journal));
	conflicts = manifest_reading_conflicts(reading, &count);
	assert_int_equal(count, 2);
	assert_bytes(conflicts[0].doi, SLICE_LITERAL("10.1/a"), "doi");
	assert_int_equal(conflicts[0].arxiv_ids.count, 2);
	assert_bytes(conflicts[0].arxiv_ids.items[1], SLICE_LITERAL("2606.00002"), "second id");
	assert_true(conflicts[0].joined);
	assert_int_equal(conflicts[0].records, 3);
	assert_int_equal(conflicts[1].records, 0);
	assert_true(manifest_reading_file(reading, 1, &name, &bytes, &sha256));
	assert_bytes(name, SLICE_LITERAL("README.md"), "file");
	assert_int_equal(bytes, 13);
	assert_bytes(sha256, SLICE_LITERAL("cd"), "digest");
	assert_true(manifest_reading_file(reading, 2, &name, &bytes, &sha256));
	assert_int_equal(bytes, 0);
	assert_null(sha256.data);
	assert_false(manifest_reading_file(reading, 3, &name, &bytes, &sha256));
	buf_free(&query);
	manifest_reading_free(reading);
	scratch_free(&scratch);
}

static void
note(void *cookie, const char *key, const char *stored, const char *expected)
{
	buf_printf(cookie, "%s %s %s\n", key, stored, expected);
}

static void
test_compare(void **state)
{
	static const char *const keys[] = { "records", "with_code", "merge.papers", "merge.none",
		"sources.arxiv.records", "absent.deep" };
	static const char anew[] = "{\"records\": 90, \"with_code\": 4, \"merge\": {\"papers\": 91,"
				   " \"none\": []}, \"sources\": {\"arxiv\": {\"records\": 81}}}";
	struct scratch scratch;
	struct manifest_reading *reading;
	struct buf told = BUF_INIT;

	(void)state;
	scratch_init(&scratch);
	reading = reading_of(&scratch, manifest);
	manifest_reading_compare(reading, slice_of(anew), keys, COUNT(keys), note, &told);
	assert_string_equal(
	    told.data, "with_code 3 4\nmerge.none null []\nsources.arxiv.records 80 81\n");
	buf_free(&told);
	manifest_reading_free(reading);
	scratch_free(&scratch);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *log;
	} cases[] = {
		{ "", "manifest.json: line 1: '[' or '{' expected near end of file\n" },
		{ "[]", "manifest.json: format: must be 1, the one that this program knows\n" },
		{ "{\"format\": 2, \"snapshot_date\": \"2026-06-19\"}",
		    "manifest.json: format: must be 1, the one that this program knows\n" },
		{ "{\"format\": 1, \"snapshot_date\": \"2026-06-31\"}",
		    "manifest.json: snapshot_date: must be a date such as 2026-06-19\n" },
		{ "{\"format\": 1, \"format\": 1, \"snapshot_date\": \"2026-06-19\"}",
		    "manifest.json: line 1: duplicate object key near '\"format\"'\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct scratch scratch;

		scratch_init(&scratch);
		assert_null(reading_of(&scratch, cases[i].text));
		assert_non_null(strstr(scratch.lines.data, cases[i].log));
		scratch_free(&scratch);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
