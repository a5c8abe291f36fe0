#include "explanation.h"

#include "explanation_cases.h"

#include <jansson.h>
#include <math.h>

static json_t *
written(const struct explanation *explanation)
{
	struct buf out = BUF_INIT;
	json_t *json;

	explanation_json_write(explanation, &out);
	assert_int_equal(out.data[out.len - 1], '\n');
	assert_null(memchr(out.data, '\n', out.len - 1));
	json = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES, NULL);
	if (json == NULL)
		print_error("%s", out.data);
	assert_non_null(json);
	buf_free(&out);
	return json;
}

/* What stands at `a.b.2.c`, as JSON with sorted keys. */
static void
check_at(json_t *json, const char *path, const char *wanted)
{
	struct slice rest = slice_of(path);
	json_t *at = json;
	char *got;

	while (rest.len > 0 && at != NULL) {
		size_t end = 0;
		char *key;

		while (end < rest.len && rest.data[end] != '.')
			end++;
		key = mem_dup(rest.data, end);
		at = json_is_array(at) ? json_array_get(at, strtoul(key, NULL, 10))
				       : json_object_get(at, key);
		free(key);
		end += end < rest.len;
		rest = (struct slice){ rest.data + end, rest.len - end };
	}
	got = json_dumps(at, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
	if (got == NULL || strcmp(got, wanted) != 0)
		print_error("%s: %s, wanted %s\n", path, got == NULL ? "nothing" : got, wanted);
	assert_true(got != NULL && strcmp(got, wanted) == 0);
	free(got);
}

struct place {
	const char *path, *wanted;
};

static void
check_places(const struct explanation *explanation, const struct place *places, size_t count)
{
	json_t *json = written(explanation);

	for (size_t i = 0; i < count; i++)
		check_at(json, places[i].path, places[i].wanted);
	json_decref(json);
}

static void
test_all(void **state)
{
	static const struct place places[] = {
		{ "asked", "\"asked\"" },
		{ "file", "\"rows.jsonl\"" },
		{ "line", "12" },
		{ "as_of", "\"2026-06-19\"" },
		{ "as_of_told", "true" },
		{ "row.citation_count", "12" },
		{ "id",
		    "{\"reproduces\":false,\"sha256\":\"ab12\",\"stored\":\"00\",\"text\":\"paper:"
		    "arxiv:2605.00001\"}" },
		{ "score.stored", "0.50419999999999998" },
		{ "score.reproduces", "true" },
		{ "score.fault", "null" },
		{ "score.winner", "\"freshness\"" },
		{ "score.age_days", "80" },
		{ "score.full_until", "\"2026-05-30\"" },
		{ "score.falls_from", "\"2026-05-31\"" },
		{ "score.zero_from", "\"2027-09-22\"" },
		{ "score.freshness.weight.code", "0" },
		{ "rank", "2" },
		{ "tie", "3" },
		{ "rows", "9" },
		{ "levers.0", "{\"at\":null,\"lever\":\"code\",\"score\":0.65000000000000002}" },
		{ "levers.2",
		    "{\"at\":26,\"lever\":\"citation_count\",\"score\":0.35780000000000001}" },
		{ "fields.title",
		    "{\"from\":[1],\"lost\":[{\"record\":2,\"value\":\"Another\\u001B[m "
		    "Title\"}]}" },
		{ "fields.authors", "{\"from\":[1,2],\"lost\":[]}" },
		{ "fields.venue", "{\"from\":[],\"lost\":[]}" },
		{ "code", "{\"by\":\"address\",\"from\":\"comment\"}" },
		{ "records.0",
		    "{\"arxiv_id\":\"2605.00001\",\"corpus_id\":null,\"doi\":\"10.1/"
		    "IN-conflict\",\"fetched\":\"2025-06-15T15:06:40Z\",\"file\":\"sources/"
		    "arxiv.jsonl\",\"keys\":[{\"joins\":true,\"key\":\"arxiv_id\",\"text\":\"2605."
		    "00001\",\"with\":[2]},{\"joins\":false,\"key\":\"doi\",\"text\":\"10.1/"
		    "in-conflict\",\"with\":[]}],\"number\":1,\"offset\":4000,\"paper_id\":null,"
		    "\"source\":\"arxiv\",\"superseded\":false,\"title\":\"A "
		    "Title\",\"version\":2}" },
		{ "records.1.fetched", "null" },
		{ "records.1.version", "null" },
		{ "records.1.corpus_id", "77" },
		{ "records.1.keys.2.key", "\"paper_id\"" },
		{ "records.2.superseded", "true" },
		{ "conflicts.0", "{\"arxiv_ids\":[\"2605.00001\",\"2605.00002\"],\"doi\":\"10.1/"
				 "in-conflict\",\"joined\":false,\"records\":3}" },
		{ "conflicts.1.joined", "true" },
		{ "history.0",
		    "{\"as_of\":\"2026-06-17\",\"present\":false,\"snapshot\":\"2026-06-17\"}" },
		{ "history.1.moved_by", "[]" },
		{ "history.1.published", "\"2026-03-31\"" },
		{ "history.1.quality_score", "0.25" },
		{ "history.2.moved_by",
		    "[\"citation_count\",\"influential_citation_count\",\"code\",\"venue\","
		    "\"age\",\"published_date\"]" },
	};
	struct arena arena = ARENA_INIT;
	struct explanation_moment history[3];
	struct explanation explanation;

	(void)state;
	explain_all(&explanation, history, &arena);
	check_places(&explanation, places, COUNT(places));
	arena_free(&arena);
}

static void
test_little(void **state)
{
	static const struct place empty[] = {
		{ "row", "{}" },
		{ "id", "{\"reproduces\":null,\"sha256\":null,\"stored\":null,\"text\":null}" },
		{ "score",
		    "{\"age_days\":null,\"exact\":null,\"expected\":null,\"falls_from\":null,"
		    "\"fault\":{\"field\":\"citation_count\",\"reason\":\"the key is "
		    "missing\"},\"freshness\":null,\"full_until\":null,\"impact\":null,"
		    "\"reproduces\":"
		    "null,\"stored\":null,\"winner\":null,\"zero_from\":null}" },
		{ "levers", "[]" },
		{ "fields", "null" },
		{ "code", "null" },
		{ "records", "null" },
		{ "conflicts", "[]" },
		{ "history", "[]" },
		{ "as_of_told", "false" },
		{ "asked", "\"\\\\xff\\\\u001b\"" },
	};
	static const struct place undated[] = {
		{ "score.age_days", "null" },
		{ "score.full_until", "null" },
		{ "score.winner", "null" },
		{ "score.stored", "[1]" },
		{ "fields", "{}" },
		{ "records", "[]" },
		{ "history.0.quality_score", "null" },
		{ "history.0.published", "null" },
	};
	struct arena arena = ARENA_INIT;
	struct explanation explanation;
	struct explanation_moment moment = { .name = SLICE_LITERAL("x"), .present = true };

	(void)state;
	explain_line(&explanation, " {} \r", &arena);
	explanation.day_told = false;
	explanation.asked = SLICE_LITERAL("\xff\x1b");
	check_places(&explanation, empty, COUNT(empty));
	explain_line(&explanation,
	    "{\"published_date\": null, \"citation_count\": 0, \"influential_citation_count\": 0, "
	    "\"has_code\": true, \"venue\": null, \"quality_score\": [1]}",
	    &arena);
	explanation.has_sources = true;
	moment.stored_score = INFINITY;
	moment.input = explanation.input;
	explanation.history = &moment;
	explanation.history_count = 1;
	check_places(&explanation, undated, COUNT(undated));
	arena_free(&arena);
}

/* A reader gets the same doubles as the formula gave. */
static void
test_doubles(void **state)
{
	struct arena arena = ARENA_INIT;
	struct explanation_moment history[3];
	struct explanation explanation;

	(void)state;
	for (int64_t age = 61; age < 540; age++) {
		struct score score;
		json_t *json, *parts, *fresh, *impact;

		explain_all(&explanation, history, &arena);
		explanation.input.published_day = explanation.day - age;
		explanation.input.citation_count = age * 7;
		explanation.score = score = score_of(&explanation.input);
		json = written(&explanation);
		parts = json_object_get(json, "score");
		fresh = json_object_get(parts, "freshness");
		impact = json_object_get(parts, "impact");
		assert_true(json_number_value(json_object_get(fresh, "recency")) == score.recency);
		assert_true(json_number_value(json_object_get(fresh, "value")) == score.freshness);
		assert_true(json_number_value(json_object_get(impact, "citations_term")) ==
			    score.citation_impact);
		assert_true(json_number_value(json_object_get(parts, "exact")) == score.exact);
		assert_true(json_number_value(json_object_get(parts, "expected")) == score.rounded);
		json_decref(json);
		arena_clear(&arena);
	}
	arena_free(&arena);
}

/* What a terminal acts on is escaped, and every value stays what it is. */
static void
test_hostile(void **state)
{
	static const char title[] = "\xe2\x80\xae \xc2\x9b 31m \xf3\xa0\x81\x81 \x7f";
	struct arena arena = ARENA_INIT;
	struct explanation explanation;
	struct buf line = BUF_INIT, out = BUF_INIT;
	json_t *json;

	(void)state;
	buf_printf(&line, "{\"title\":\t\"%s\"}", title);
	explain_line(&explanation, line.data, &arena);
	explanation.path = slice_of(title);
	explanation_json_write(&explanation, &out);
	assert_null(strstr(out.data, "\xe2\x80\xae"));
	assert_null(strstr(out.data, "\xc2\x9b"));
	assert_null(strchr(out.data, '\x7f'));
	assert_null(strchr(out.data, '\t'));
	json = written(&explanation);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(json, "row"), "title")), title);
	assert_string_equal(json_string_value(json_object_get(json, "file")), title);
	json_decref(json);
	buf_free(&line);
	buf_free(&out);
	arena_free(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_little),
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
