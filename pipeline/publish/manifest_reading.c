#include "manifest_reading.h"

#include "arena.h"
#include "bounds.h"
#include "date.h"
#include "file.h"
#include "mem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct manifest_reading {
	json_t *root;
	int64_t day;
	struct doi_conflict *conflicts;
	size_t conflict_count;
	struct arena arena;
};

static int
fault(const struct log *log, const char *path, const char *key, const char *wanted)
{
	log_error(log, "%s: %s: must be %s", path, key, wanted);
	return -1;
}

/* ${key} may lead through objects: `merge.papers`. */
static const json_t *
value_at(const json_t *root, const char *key)
{
	const json_t *value = root;
	const char *dot;

	for (; (dot = strchr(key, '.')) != NULL; key = dot + 1) {
		char *part = mem_dup(key, (size_t)(dot - key));

		value = json_object_get(value, part);
		free(part);
	}
	return json_object_get(value, key);
}

static struct slice
text_of(const json_t *value)
{
	return (struct slice){ json_string_value(value), json_string_length(value) };
}

/* How many there are: nothing but a number from 0 says it. */
static uint64_t
count_of(const json_t *value)
{
	return json_integer_value(value) > 0 ? (uint64_t)json_integer_value(value) : 0;
}

static int
read_root(struct manifest_reading *reading, const char *path, const struct log *log)
{
	struct buf text = BUF_INIT;
	json_error_t error;
	int result = file_read(path, BOUND_DOCUMENT_BYTES, &text, log);

	if (result == 0) {
		reading->root = json_loadb(
		    text.data == NULL ? "" : text.data, text.len, JSON_REJECT_DUPLICATES, &error);
		if (reading->root == NULL) {
			log_error(log, "%s: line %d: %s", path, error.line, error.text);
			result = -1;
		}
	}
	buf_free(&text);
	return result;
}

static void
read_conflict(struct manifest_reading *reading, const json_t *value)
{
	struct doi_conflict *conflict = &reading->conflicts[reading->conflict_count++];
	const json_t *ids = json_object_get(value, "arxiv_ids");

	conflict->doi = text_of(json_object_get(value, "doi"));
	conflict->records = count_of(json_object_get(value, "records"));
	conflict->joined = json_is_true(json_object_get(value, "joined"));
	conflict->arxiv_ids.items =
	    arena_new(&reading->arena, json_array_size(ids), sizeof(struct slice));
	for (size_t i = 0; i < json_array_size(ids); i++)
		if (json_is_string(json_array_get(ids, i)))
			conflict->arxiv_ids.items[conflict->arxiv_ids.count++] =
			    text_of(json_array_get(ids, i));
}

static int
check(struct manifest_reading *reading, const char *path, const struct log *log)
{
	const json_t *format = json_object_get(reading->root, "format");
	const json_t *day = json_object_get(reading->root, "snapshot_date");
	const json_t *conflicts = value_at(reading->root, "merge.conflicts");

	if (!json_is_integer(format) || json_integer_value(format) != MANIFEST_FORMAT)
		return fault(log, path, "format", "1, the one that this program knows");
	if (!json_is_string(day) || date_day_parse(text_of(day), &reading->day) == -1)
		return fault(log, path, "snapshot_date", "a date such as 2026-06-19");
	reading->conflicts =
	    arena_new(&reading->arena, json_array_size(conflicts), sizeof(*reading->conflicts));
	for (size_t i = 0; i < json_array_size(conflicts); i++)
		if (json_is_string(json_object_get(json_array_get(conflicts, i), "doi")))
			read_conflict(reading, json_array_get(conflicts, i));
	return 0;
}

struct manifest_reading *
manifest_reading_open(const char *path, const struct log *log)
{
	struct manifest_reading *reading = mem_new(1, sizeof(*reading));

	if (read_root(reading, path, log) == 0 && check(reading, path, log) == 0)
		return reading;
	manifest_reading_free(reading);
	return NULL;
}

void
manifest_reading_free(struct manifest_reading *reading)
{
	if (reading == NULL)
		return;
	json_decref(reading->root);
	arena_free(&reading->arena);
	free(reading);
}

int64_t
manifest_reading_day(const struct manifest_reading *reading)
{
	return reading->day;
}

/* Compact JSON; the caller frees it. */
static char *
dump(const json_t *value)
{
	char *text;

	if (value == NULL)
		return mem_dup("null", 4);
	text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
	if (text == NULL)
		mem_out();
	return text;
}

void
manifest_reading_query(const struct manifest_reading *reading, struct buf *out)
{
	char *text = dump(json_object_get(reading->root, "topic"));

	buf_add_text(out, text);
	free(text);
}

void
manifest_reading_texts(
    const struct manifest_reading *reading, struct slice *name, struct slice *license)
{
	*name = text_of(json_object_get(reading->root, "name"));
	*license = text_of(json_object_get(reading->root, "license"));
}

void
manifest_reading_counts(
    const struct manifest_reading *reading, uint64_t *records, uint64_t *with_code)
{
	*records = count_of(json_object_get(reading->root, "records"));
	*with_code = count_of(json_object_get(reading->root, "with_code"));
}

/* A count, or -1 where there is none. */
static int64_t
number_of(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value)
									: -1;
}

static void
fill_source(const json_t *told, struct manifest_source *source)
{
	const char *reason = json_string_value(json_object_get(told, "reason"));
	struct source_report *report = &source->report;

	*source = (struct manifest_source){
		.records = count_of(json_object_get(told, "records")),
		.journal_position = count_of(json_object_get(told, "journal_position")),
	};
	report->outcome = source_outcome_of(text_of(json_object_get(told, "status")));
	snprintf(report->reason, sizeof(report->reason), "%s", reason == NULL ? "" : reason);
	report->requests = count_of(json_object_get(told, "requests"));
	report->retries = count_of(json_object_get(told, "retries"));
	report->bytes = count_of(json_object_get(told, "bytes"));
	report->matched = number_of(json_object_get(told, "matched_total"));
	report->missing = number_of(json_object_get(told, "missing"));
	report->faults.refused = count_of(json_object_get(told, "refused"));
	report->faults.dropped = count_of(json_object_get(told, "dropped"));
	if (date_day_parse(text_of(json_object_get(told, "cutoff")), &source->cutoff) == -1)
		source->cutoff = INT64_MIN;
	if (date_time_parse(text_of(json_object_get(told, "last_fetched")), &source->fetched) == -1)
		source->fetched = 0;
}

void
manifest_reading_fill(const struct manifest_reading *reading, struct manifest *manifest)
{
	const json_t *sources = json_object_get(reading->root, "sources");

	manifest->snapshot_day = reading->day;
	for (int i = 0; i < SOURCE_COUNT; i++)
		fill_source(
		    json_object_get(sources, source_name((enum source)i)), &manifest->sources[i]);
	manifest->source_records = count_of(value_at(reading->root, "merge.source_records"));
	manifest->papers = count_of(value_at(reading->root, "merge.papers"));
	manifest->conflicts = reading->conflicts;
	manifest->conflict_count = reading->conflict_count;
}

bool
manifest_reading_journal(
    const struct manifest_reading *reading, enum source source, struct manifest_journal *journal)
{
	const json_t *told =
	    json_object_get(json_object_get(reading->root, "sources"), source_name(source));
	const json_t *position = json_object_get(told, "journal_position");
	const json_t *records = json_object_get(told, "records");
	const json_t *fetched = json_object_get(told, "last_fetched");

	if (!json_is_integer(position) || !json_is_integer(records) ||
	    json_integer_value(position) < 0 || json_integer_value(records) < 0)
		return false;
	*journal = (struct manifest_journal){ (uint64_t)json_integer_value(position),
		(uint64_t)json_integer_value(records), 0 };
	return !json_is_string(fetched) ||
	       date_time_parse(text_of(fetched), &journal->fetched) == 0;
}

const struct doi_conflict *
manifest_reading_conflicts(const struct manifest_reading *reading, size_t *count)
{
	*count = reading->conflict_count;
	return reading->conflicts;
}

bool
manifest_reading_file(const struct manifest_reading *reading, size_t at, struct slice *name,
    uint64_t *bytes, struct slice *sha256)
{
	json_t *files = json_object_get(reading->root, "files");
	const json_t *told;
	void *file = json_object_iter(files);

	while (file != NULL && at-- > 0)
		file = json_object_iter_next(files, file);
	if (file == NULL)
		return false;
	told = json_object_iter_value(file);
	*name = slice_of(json_object_iter_key(file));
	*bytes = count_of(json_object_get(told, "bytes"));
	*sha256 = text_of(json_object_get(told, "sha256"));
	return true;
}

void
manifest_reading_compare(const struct manifest_reading *reading, struct slice expected,
    const char *const *keys, size_t count,
    void (*tell)(void *cookie, const char *key, const char *stored, const char *expected),
    void *cookie)
{
	json_t *root = json_loadb(expected.data, expected.len, 0, NULL);

	for (size_t i = 0; i < count; i++) {
		char *is = dump(value_at(reading->root, keys[i]));
		char *should = dump(value_at(root, keys[i]));

		if (strcmp(is, should) != 0)
			tell(cookie, keys[i], is, should);
		free(is);
		free(should);
	}
	json_decref(root);
}
