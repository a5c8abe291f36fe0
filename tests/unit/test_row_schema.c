/* row.schema.json, row_fields, row_write and row_line_fault mean the same rows. */
#include "jsonl.h"
#include "row_line.h"
#include "scratch.h"

#include <jansson.h>
#include <regex.h>

/* row.schema.json; the caller gives it back. */
static json_t *
load_schema(void)
{
	json_error_t error;
	json_t *schema =
	    json_load_file("pipeline/model/row.schema.json", JSON_REJECT_DUPLICATES, &error);

	if (schema == NULL)
		print_error("row.schema.json: line %d: %s\n", error.line, error.text);
	assert_non_null(schema);
	return schema;
}

static json_t *
field_schema(json_t *schema, size_t field)
{
	return json_object_get(json_object_get(schema, "properties"), row_fields[field].key);
}

static bool
is_type(const json_t *value, const char *type)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object",
		[JSON_ARRAY] = "array",
		[JSON_STRING] = "string",
		[JSON_INTEGER] = "integer",
		[JSON_REAL] = "number",
		[JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",
		[JSON_NULL] = "null",
	};

	return strcmp(names[json_typeof(value)], type) == 0 ||
	       (json_is_integer(value) && strcmp(type, "number") == 0);
}

static bool
is_type_of(const json_t *value, json_t *types)
{
	size_t index;
	json_t *type;
	bool any = json_is_string(types) && is_type(value, json_string_value(types));

	json_array_foreach(types, index, type) any = any || is_type(value, json_string_value(type));
	return any;
}

static bool
is_one_of(json_t *value, json_t *values)
{
	size_t index;
	json_t *one;
	bool any = false;

	json_array_foreach(values, index, one) any = any || json_equal(value, one);
	return any;
}

static bool
fits_pattern(const char *text, const char *pattern)
{
	regex_t regex;
	bool fits;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	fits = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return fits;
}

static bool is_valid(json_t *value, json_t *schema);

/* One keyword of JSON Schema; one that the schema does not use fails the test. */
static bool
keyword_holds(json_t *value, const char *keyword, json_t *wanted)
{
	size_t index;
	json_t *element;
	bool all = true;

	if (strcmp(keyword, "description") == 0 || strcmp(keyword, "$comment") == 0)
		return true;
	if (strcmp(keyword, "type") == 0)
		return is_type_of(value, wanted);
	if (strcmp(keyword, "enum") == 0)
		return is_one_of(value, wanted);
	if (strcmp(keyword, "pattern") == 0)
		return !json_is_string(value) ||
		       fits_pattern(json_string_value(value), json_string_value(wanted));
	if (strcmp(keyword, "minLength") == 0)
		return !json_is_string(value) ||
		       (json_int_t)json_string_length(value) >= json_integer_value(wanted);
	if (strcmp(keyword, "minimum") == 0)
		return !json_is_number(value) ||
		       json_number_value(value) >= json_number_value(wanted);
	if (strcmp(keyword, "maximum") == 0)
		return !json_is_number(value) ||
		       json_number_value(value) <= json_number_value(wanted);
	assert_string_equal(keyword, "items");
	json_array_foreach(value, index, element) all = all && is_valid(element, wanted);
	return all;
}

static bool
is_valid(json_t *value, json_t *schema)
{
	const char *keyword;
	json_t *wanted;
	bool valid = value != NULL;

	json_object_foreach(schema, keyword, wanted) valid =
	    valid && keyword_holds(value, keyword, wanted);
	return valid;
}

/* What the schema says of a field's type, as row_fields spells it. */
static bool
has_type(json_t *schema, const char *type, bool nullable)
{
	static const struct {
		const char *type, *name;
	} types[] = { { "string", "string" }, { "timestamp[s]", "string" }, { "list", "array" },
		{ "int64", "integer" }, { "bool", "boolean" }, { "float64", "number" } };
	json_t *wanted = NULL;
	bool same;

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(type, types[i].type) == 0)
			wanted = nullable ? json_pack("[s, s]", types[i].name, "null")
					  : json_string(types[i].name);
	same = json_equal(json_object_get(schema, "type"), wanted);
	json_decref(wanted);
	return same;
}

static void
test_fields(void **state)
{
	json_t *schema = load_schema(), *required = json_object_get(schema, "required"), *property;
	const char *key;
	size_t field = 0;

	(void)state;
	assert_int_equal(json_array_size(required), ROW_FIELD_COUNT);
	json_object_foreach(json_object_get(schema, "properties"), key, property)
	{
		assert_true(field < ROW_FIELD_COUNT);
		assert_string_equal(key, row_fields[field].key);
		assert_string_equal(json_string_value(json_array_get(required, field)), key);
		assert_string_equal(json_string_value(json_object_get(property, "description")),
		    row_fields[field].meaning);
		if (field != ROW_SOURCES &&
		    !has_type(property, row_fields[field].type, row_fields[field].nullable))
			fail_msg("%s: another type", key);
		field++;
	}
	assert_int_equal(field, ROW_FIELD_COUNT);
	assert_true(json_is_true(json_object_get(schema, "additionalProperties")));
	json_decref(schema);
}

/* What row_write gives is valid, with its keys in the order of the schema. */
static void
test_rows(void **state)
{
	const struct row rows[] = {
		{ .id = "a8b3c1d2e4f5061728394a5b6c7d8e9fa8b3c1d2e4f5061728394a5b6c7d8e9f",
		    .from_arxiv = true,
		    .from_semantic_scholar = true,
		    .title = SLICE_LITERAL("A \"title\""),
		    .published = 1781805598,
		    .url = SLICE_LITERAL("https://arxiv.org/abs/2606.20543"),
		    .pdf_url = SLICE_LITERAL("https://arxiv.org/pdf/2606.20543v1"),
		    .arxiv_id = SLICE_LITERAL("2606.20543"),
		    .doi = SLICE_LITERAL("https://doi.org/10.1/a<b>"),
		    .citation_count = INT64_MAX,
		    .has_code = true,
		    .code_url = SLICE_LITERAL("https://github.com/a/b"),
		    .venue = SLICE_LITERAL("ACL"),
		    .quality_score = 1 },
		{ .id = "0000000000000000000000000000000000000000000000000000000000000000",
		    .from_semantic_scholar = true,
		    .published = ROW_TIME_NONE },
	};
	json_t *schema = load_schema();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf line = BUF_INIT;
		struct row_line values;
		struct jsonl_error error;
		size_t field = 0;
		const char *key;
		json_t *row, *value;

		row_write(&rows[i], &line);
		row = json_loadb(line.data, line.len, JSON_REJECT_DUPLICATES, NULL);
		buf_reserve(&line, JSONL_PADDING);
		assert_int_equal(row_line_parse(line.data, line.len - 1, &values, &error), 0);
		assert_int_equal(json_object_size(row), ROW_FIELD_COUNT);
		json_object_foreach(row, key, value)
		{
			assert_string_equal(key, row_fields[field].key);
			if (!is_valid(value, field_schema(schema, field)) ||
			    row_line_fault(&values, field) != NULL)
				fail_msg("row %zu: %s is not valid", i, key);
			field++;
		}
		json_decref(row);
		buf_free(&line);
	}
	json_decref(schema);
}

#define ID "a8b3c1d2e4f5061728394a5b6c7d8e9fa8b3c1d2e4f5061728394a5b6c7d8e9"

/* The schema and row_line_fault agree on what a field may hold. */
static void
test_faults(void **state)
{
	static const struct {
		const char *why;
		size_t field;
		const char *value;
		bool valid;
	} cases[] = {
		{ "hex digits", ROW_ID, "\"" ID "f\"", true },
		{ "a digit too few", ROW_ID, "\"" ID "\"", false },
		{ "a digit too many", ROW_ID, "\"" ID "ff\"", false },
		{ "upper case", ROW_ID, "\"" ID "F\"", false },
		{ "no hex digit", ROW_ID, "\"" ID "g\"", false },
		{ "never null", ROW_ID, "null", false },
		{ "one", ROW_SOURCES, "[\"semantic_scholar\"]", true },
		{ "the other", ROW_SOURCES, "[\"arxiv\"]", true },
		{ "both", ROW_SOURCES, "[\"arxiv\", \"semantic_scholar\"]", true },
		{ "none", ROW_SOURCES, "[]", false },
		{ "the wrong order", ROW_SOURCES, "[\"semantic_scholar\", \"arxiv\"]", false },
		{ "one twice", ROW_SOURCES, "[\"arxiv\", \"arxiv\"]", false },
		{ "another", ROW_SOURCES, "[\"dblp\"]", false },
		{ "no list", ROW_SOURCES, "\"arxiv\"", false },
		{ "no string", ROW_SOURCES, "[null]", false },
		{ "null", ROW_SOURCES, "null", false },
		{ "text", ROW_TITLE, "\"T\"", true },
		{ "null", ROW_TITLE, "null", true },
		{ "a number", ROW_TITLE, "1", false },
		{ "text", ROW_ABSTRACT, "\"T\"", true },
		{ "null", ROW_ABSTRACT, "null", true },
		{ "a list", ROW_ABSTRACT, "[]", false },
		{ "names", ROW_AUTHORS, "[\"A\", \"B\"]", true },
		{ "null", ROW_AUTHORS, "null", false },
		{ "null in it", ROW_AUTHORS, "[\"A\", null]", false },
		{ "none", ROW_CATEGORIES, "[]", true },
		{ "a string", ROW_CATEGORIES, "\"cs.CL\"", false },
		{ "one", ROW_FIELDS_OF_STUDY, "[\"Art\"]", true },
		{ "a list in it", ROW_FIELDS_OF_STUDY, "[[\"Art\"]]", false },
		{ "a midnight", ROW_PUBLISHED_DATE, "\"2024-02-29T00:00:00\"", true },
		{ "null", ROW_PUBLISHED_DATE, "null", true },
		{ "a day alone", ROW_PUBLISHED_DATE, "\"2024-02-29\"", false },
		{ "a time", ROW_PUBLISHED_DATE, "\"2024-02-29T00:00:01\"", false },
		{ "a zone", ROW_PUBLISHED_DATE, "\"2024-02-29T00:00:00Z\"", false },
		{ "month 13", ROW_PUBLISHED_DATE, "\"2024-13-01T00:00:00\"", false },
		{ "32 January", ROW_PUBLISHED_DATE, "\"2024-01-32T00:00:00\"", false },
		{ "seconds", ROW_PUBLISHED_DATE, "1781805598", false },
		{ "an address", ROW_URL, "\"https://x\"", true },
		{ "empty", ROW_URL, "\"\"", false },
		{ "null", ROW_PDF_URL, "null", true },
		{ "empty", ROW_PDF_URL, "\"\"", false },
		{ "a new id", ROW_ARXIV_ID, "\"2606.20543\"", true },
		{ "four digits", ROW_ARXIV_ID, "\"0704.0001\"", true },
		{ "an old id", ROW_ARXIV_ID, "\"acc-phys/9411001\"", true },
		{ "null", ROW_ARXIV_ID, "null", true },
		{ "a version", ROW_ARXIV_ID, "\"2606.20543v1\"", false },
		{ "a prefix", ROW_ARXIV_ID, "\"arXiv:2606.20543\"", false },
		{ "a subject class", ROW_ARXIV_ID, "\"math.GT/0309136\"", false },
		{ "upper case", ROW_ARXIV_ID, "\"MATH/0309136\"", false },
		{ "a blank", ROW_ARXIV_ID, "\" 2606.20543\"", false },
		{ "empty", ROW_ARXIV_ID, "\"\"", false },
		{ "a DOI", ROW_DOI, "\"10.48550/arXiv.2606.20543\"", true },
		{ "of a sub-registrant", ROW_DOI, "\"10.1000.10/(x)<y>;1\"", true },
		{ "as an address", ROW_DOI, "\"HTTPS://dx.doi.org/10.1/x\"", true },
		{ "with its prefix", ROW_DOI, "\"DOI:10.1/x\"", true },
		{ "null", ROW_DOI, "null", true },
		{ "no DOI", ROW_DOI, "\"11.1/x\"", false },
		{ "nothing behind the slash", ROW_DOI, "\"10.1234/\"", false },
		{ "two of them", ROW_DOI, "\"10.1/x 10.1/y\"", false },
		{ "a blank behind it", ROW_DOI, "\"10.1/x \"", false },
		{ "empty", ROW_DOI, "\"\"", false },
		{ "none", ROW_CITATION_COUNT, "0", true },
		{ "all that fit", ROW_CITATION_COUNT, "9223372036854775807", true },
		{ "below 0", ROW_CITATION_COUNT, "-1", false },
		{ "a fraction", ROW_CITATION_COUNT, "1.5", false },
		{ "a string", ROW_CITATION_COUNT, "\"1\"", false },
		{ "null", ROW_CITATION_COUNT, "null", false },
		{ "some", ROW_INFLUENTIAL_CITATION_COUNT, "12", true },
		{ "below 0", ROW_INFLUENTIAL_CITATION_COUNT, "-1", false },
		{ "true", ROW_HAS_CODE, "true", true },
		{ "false", ROW_HAS_CODE, "false", true },
		{ "a number", ROW_HAS_CODE, "1", false },
		{ "null", ROW_HAS_CODE, "null", false },
		{ "an address", ROW_CODE_URL, "\"https://github.com/a/b\"", true },
		{ "empty", ROW_CODE_URL, "\"\"", false },
		{ "a name", ROW_VENUE, "\"ACL\"", true },
		{ "null", ROW_VENUE, "null", true },
		{ "empty", ROW_VENUE, "\"\"", false },
		{ "the least", ROW_QUALITY_SCORE, "0.0", true },
		{ "the most", ROW_QUALITY_SCORE, "1.0", true },
		{ "more", ROW_QUALITY_SCORE, "1.0001", false },
		{ "less", ROW_QUALITY_SCORE, "-0.5", false },
		{ "a string", ROW_QUALITY_SCORE, "\"0.5\"", false },
		{ "null", ROW_QUALITY_SCORE, "null", false },
	};
	json_t *schema = load_schema();
	size_t seen[ROW_FIELD_COUNT][2] = { { 0 } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t field = cases[i].field;
		const char *key = row_fields[field].key;
		struct buf line = BUF_INIT;
		struct jsonl_error error;
		struct row_line values;
		json_t *row;
		bool taken, valid;

		buf_printf(&line, "{\"%s\": %s}", key, cases[i].value);
		row = json_loadb(line.data, line.len, 0, NULL);
		buf_reserve(&line, JSONL_PADDING);
		assert_int_equal(row_line_parse(line.data, line.len, &values, &error), 0);
		taken = row_line_fault(&values, field) == NULL;
		valid = is_valid(json_object_get(row, key), field_schema(schema, field));
		if (taken != cases[i].valid || valid != cases[i].valid)
			fail_msg("%s: %s: row_line_fault %s it, the schema %s it", key,
			    cases[i].why, taken ? "takes" : "refuses", valid ? "takes" : "refuses");
		seen[field][cases[i].valid]++;
		json_decref(row);
		buf_free(&line);
	}
	for (size_t field = 0; field < ROW_FIELD_COUNT; field++)
		assert_true(seen[field][false] > 0 && seen[field][true] > 0);
	json_decref(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
