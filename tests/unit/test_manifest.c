#include "manifest.h"

#include "output_cases.h"

#include <jansson.h>

/* A manifest of known numbers. */
struct sample {
	struct manifest manifest;
	struct topic topic;
	struct row_stats stats;
	struct slice ids[2];
	struct doi_conflict conflicts[2];
};

static void
sample_init(struct sample *sample)
{
	struct manifest *manifest = &sample->manifest;

	memset(sample, 0, sizeof(*sample));
	topic_init(&sample->topic);
	sample->topic.name = mem_dup("A \"topic\" --- <b>\xc3\xa9", 20);
	topic_add(&sample->topic.any, "speculative decoding");
	sample->stats = (struct row_stats){ .records = 3,
		.with_code = 2,
		.from_arxiv = 2,
		.from_semantic_scholar = 2,
		.from_both = 1,
		.dated = 3,
		.first_day = 20000,
		.last_day = 20623 };
	sample->stats.scores[3500] = 2;
	sample->stats.scores[10000] = 1;
	sample->ids[0] = slice_of("2606.00001");
	sample->ids[1] = slice_of("2606.00002");
	for (int i = 0; i < 2; i++)
		sample->conflicts[i] = (struct doi_conflict){ .doi = slice_of("10.1/a\"b"),
			.arxiv_ids = { sample->ids, 2 },
			.records = 3,
			.joined = i == 1 };
	*manifest = (struct manifest){ .topic = &sample->topic,
		.snapshot_day = 20623,
		.stats = &sample->stats,
		.source_records = 9,
		.papers = 4,
		.conflicts = sample->conflicts,
		.conflict_count = 2,
		.file_count = 2 };
	manifest->sources[0].report = (struct source_report){ .outcome = SOURCE_OK,
		.requests = 5,
		.retries = 1,
		.bytes = 1234567890123,
		.matched = 485 };
	manifest->sources[0].records = 6;
	manifest->sources[0].journal_position = 4711;
	manifest->sources[0].fetched = 1781838007;
	manifest->sources[0].cutoff = 20622;
	manifest->sources[1].report = (struct source_report){ .outcome = SOURCE_THROTTLED,
		.reason = "HTTP 429, \"slow down\"",
		.matched = -1,
		.requests = 2,
		.missing = 7,
		.faults = { 3, 20 } };
	manifest->sources[1].records = 3;
	manifest->sources[1].cutoff = INT64_MIN;
	manifest->files[0] = (struct manifest_file){ "data.jsonl", 4321, "00ff" };
	manifest->files[1] = (struct manifest_file){ "README.md", 0, "ee" };
}

static json_t *
parse(const struct manifest *manifest)
{
	struct buf text = BUF_INIT;
	json_error_t error;
	json_t *root;

	manifest_write(manifest, &text);
	assert_int_equal(text.data[text.len - 1], '\n');
	root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		print_error("%s in\n%s", error.text, text.data);
	assert_non_null(root);
	buf_free(&text);
	return root;
}

/* A value by its path: keys, and places in lists as numbers, joined by blanks. */
static const json_t *
at(const json_t *value, const char *path)
{
	while (*path != '\0' && value != NULL) {
		char key[64];
		size_t len = strcspn(path, " ");

		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		value = json_is_array(value) ? json_array_get(value, (size_t)strtoul(key, NULL, 10))
					     : json_object_get(value, key);
		path += len + strspn(path + len, " ");
	}
	return value;
}

struct expectation {
	const char *path, *json;
};

static void
assert_values(const struct manifest *manifest, const struct expectation *wanted, size_t count)
{
	json_t *root = parse(manifest);

	for (size_t i = 0; i < count; i++) {
		char *got =
		    json_dumps(at(root, wanted[i].path), JSON_ENCODE_ANY | JSON_REAL_PRECISION(10));

		if (got == NULL || strcmp(got, wanted[i].json) != 0)
			print_error("%s: %s\n", wanted[i].path, got == NULL ? "absent" : got);
		assert_non_null(got);
		assert_string_equal(got, wanted[i].json);
		free(got);
	}
	json_decref(root);
}

static void
test_numbers(void **state)
{
	static const struct expectation wanted[] = {
		{ "format", "1" },
		{ "generator", "\"fineset " FINESET_VERSION "\"" },
		{ "snapshot_date", "\"2026-06-19\"" },
		{ "name", "\"A \\\"topic\\\" --- <b>\xc3\xa9\"" },
		{ "topic any", "[\"speculative decoding\"]" },
		{ "topic match", "\"title+abstract\"" },
		{ "records", "3" },
		{ "date_range", "[\"2024-10-04\", \"2026-06-19\"]" },
		{ "with_code", "2" },
		{ "sources arxiv",
		    "{\"status\": \"ok\", \"reason\": null, \"records\": 6, \"journal_position\": "
		    "4711, \"requests\": 5, "
		    "\"retries\": 1, \"bytes\": 1234567890123, \"matched_total\": 485, "
		    "\"missing\": 0, \"refused\": 0, \"dropped\": 0, "
		    "\"cutoff\": \"2026-06-18\", \"last_fetched\": \"2026-06-19T03:00:07Z\"}" },
		{ "sources semantic_scholar status", "\"stale\"" },
		{ "sources semantic_scholar reason", "\"HTTP 429, \\\"slow down\\\"\"" },
		{ "sources semantic_scholar matched_total", "null" },
		{ "sources semantic_scholar missing", "7" },
		{ "sources semantic_scholar refused", "3" },
		{ "sources semantic_scholar dropped", "20" },
		{ "sources semantic_scholar cutoff", "null" },
		{ "sources semantic_scholar last_fetched", "null" },
		{ "merge source_records", "9" },
		{ "merge papers", "4" },
		{ "merge merged", "5" },
		{ "merge conflicts",
		    "[{\"doi\": \"10.1/a\\\"b\", \"arxiv_ids\": [\"2606.00001\", \"2606.00002\"], "
		    "\"records\": 3, \"joined\": false}, {\"doi\": \"10.1/a\\\"b\", \"arxiv_ids\": "
		    "[\"2606.00001\", \"2606.00002\"], \"records\": 3, \"joined\": true}]" },
		{ "quality_score p10", "0.35" },
		{ "quality_score p50", "0.35" },
		{ "quality_score distinct", "2" },
		{ "quality_score largest_tie", "{\"score\": 0.35, \"records\": 2}" },
		{ "files",
		    "{\"data.jsonl\": {\"bytes\": 4321, \"sha256\": \"00ff\"}, \"README.md\": "
		    "{\"bytes\": 0, \"sha256\": \"ee\"}}" },
	};
	struct sample *sample = mem_new(1, sizeof(*sample));

	(void)state;
	sample_init(sample);
	assert_values(&sample->manifest, wanted, COUNT(wanted));
	topic_free(&sample->topic);
	free(sample);
}

static void
test_empty(void **state)
{
	static const struct expectation wanted[] = {
		{ "records", "0" },
		{ "date_range", "[null, null]" },
		{ "merge conflicts", "[]" },
		{ "merge merged", "0" },
		{ "files", "{}" },
		{ "quality_score p90", "0" },
		{ "quality_score distinct", "0" },
		{ "sources arxiv status", "\"unreachable\"" },
	};
	struct sample *sample = mem_new(1, sizeof(*sample));

	(void)state;
	sample_init(sample);
	memset(&sample->stats, 0, sizeof(sample->stats));
	sample->manifest.source_records = sample->manifest.papers = 0;
	sample->manifest.conflict_count = sample->manifest.file_count = 0;
	sample->manifest.sources[0].records = 0;
	sample->manifest.sources[0].report.outcome = SOURCE_UNREACHABLE;
	assert_values(&sample->manifest, wanted, COUNT(wanted));
	topic_free(&sample->topic);
	free(sample);
}

static void
test_status(void **state)
{
	static const struct {
		const char *why;
		enum source_outcome outcome;
		uint64_t records;
		const char *status;
	} cases[] = {
		{ "all well", SOURCE_OK, 5, "ok" },
		{ "well, and nothing there", SOURCE_OK, 0, "ok" },
		{ "some never came", SOURCE_SHORT, 5, "short" },
		{ "down, the known records stand in", SOURCE_UNREACHABLE, 5, "stale" },
		{ "down from the start", SOURCE_UNREACHABLE, 0, "unreachable" },
		{ "throttled", SOURCE_THROTTLED, 5, "stale" },
		{ "throttled from the start", SOURCE_THROTTLED, 0, "throttled" },
		{ "out of time", SOURCE_CUT, 5, "stale" },
		{ "the key refused", SOURCE_KEY_REFUSED, 5, "stale" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct manifest_source source = { .report = { .outcome = cases[i].outcome },
			.records = cases[i].records };

		assert_bytes(slice_of(manifest_source_status(&source)), slice_of(cases[i].status),
		    cases[i].why);
	}
}

/* The card: what a reader of the Hub needs, and nothing from outside that could act. */
static void
test_card(void **state)
{
	static const struct {
		const char *why, *text;
	} cases[] = {
		{ "the front matter opens it",
		    "---\npretty_name: \"A \\\"topic\\\" --- <b>\xc3\xa9\"\n" },
		{ "a license there always is", "\nlicense: other\n" },
		{ "the class of size", "\nsize_categories:\n- \"n<1K\"\n" },
		{ "where the rows are", "  - split: train\n    path: data.jsonl\n" },
		{ "a field", "  - name: published_date\n    dtype: timestamp[s]\n" },
		{ "a list field", "  - name: authors\n    list: string\n" },
		{ "the name as plain text", "\n# A \"topic\" \\-\\-\\- \\<b\\>\xc3\xa9\n" },
		{ "the day", "the snapshot of 2026-06-19, made with fineset " FINESET_VERSION },
		{ "how many, of which source", "- Records: 3 (1 of arXiv and Semantic Scholar "
					       "both, 1 of arXiv alone, 1 of Semantic "
					       "Scholar alone)\n" },
		{ "from when", "- Published: 2024-10-04 to 2026-06-19\n- With code: 2\n" },
		{ "how arXiv ended", "| arXiv | ok | 6 | 485 | 5 | 1 | 2026-06-19T03:00:07Z |\n" },
		{ "how Semantic Scholar ended",
		    "| Semantic Scholar | stale | 3 | unknown | 2 | 0 | never |\n" },
		{ "the conflicts", "Merged from 9 source records; 2 DOIs are claimed" },
		{ "the formula", "- recency = 1 up to 60 days before the snapshot date" },
		{ "whose data", "arXiv:2301.10140" },
	};
	struct sample *sample = mem_new(1, sizeof(*sample));
	struct output_input input = { .rows = -1, .changes = -1, .has_sources = true };
	struct buf card = { 0 };
	const char *text, *end;

	(void)state;
	sample_init(sample);
	input.manifest = &sample->manifest;
	output_read(output_card, &input, &card);
	text = card.data;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (strstr(text, cases[i].text) == NULL)
			print_error("%s: not in\n%s\n", cases[i].why, text);
		assert_non_null(strstr(text, cases[i].text));
	}
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		char wanted[64];

		snprintf(wanted, sizeof(wanted), "\n| %s | ", row_fields[i].key);
		assert_non_null(strstr(text, wanted));
	}
	assert_int_equal(strncmp(text, "---\n", 4), 0);
	end = strstr(text + 4, "\n---\n");
	assert_non_null(end);
	assert_true(end < strstr(text, "\n# "));
	buf_free(&card);
	topic_free(&sample->topic);
	free(sample);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
