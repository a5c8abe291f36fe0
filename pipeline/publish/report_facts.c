#include "report_facts.h"

#include "jsonl.h"
#include "lines.h"
#include "row_stats.h"

#include <inttypes.h>

/* A longer value of a field, such as an abstract, is not shown. */
#define VALUE_BYTES 160
/* The lists of changes end here, too, whatever the titles. */
#define LIST_BYTES ((size_t)1 << 18)

enum kind { ADDED, REMOVED, CHANGED, KIND_COUNT };

static const char *const kind_names[KIND_COUNT] = { "added", "removed", "changed" };

/* A line of changes.jsonl. */
enum { CHANGE, ARXIV_ID, TITLE, FIELDS, KEY_COUNT };

static const struct slice keys[KEY_COUNT] = {
	{ "change", sizeof("change") - 1 },
	{ "arxiv_id", sizeof("arxiv_id") - 1 },
	{ "title", sizeof("title") - 1 },
	{ "fields", sizeof("fields") - 1 },
};

struct change_lists {
	uint64_t counts[KIND_COUNT];
	uint64_t rescored;
	/* The first of each kind, as the elements of a list. */
	uint64_t listed[KIND_COUNT];
	struct buf lists[KIND_COUNT];
};

static void
write_value(const char *key, const struct jsonl_value *value, struct buf *out)
{
	if (value->raw.len > VALUE_BYTES)
		return;
	buf_printf(out, ", \"%s\": ", key);
	jsonl_copy(value, out);
}

/* {"venue": {"old": ..., "new": ...}} as [{"key": "venue", "old": ..., "new": ...}] */
static void
write_fields(const struct jsonl_value *fields, struct buf *out)
{
	struct jsonl_value field, change, side, value;
	size_t at = 0;
	bool first = true;

	buf_add_text(out, ", \"fields\": [");
	while (jsonl_next_member(fields->raw, &at, &field, &change)) {
		size_t within = 0;

		buf_add_text(out, first ? "{\"key\": " : ", {\"key\": ");
		first = false;
		jsonl_copy(&field, out);
		while (change.kind == JSONL_OBJECT &&
		       jsonl_next_member(change.raw, &within, &side, &value))
			if (slice_is(side.raw, "old") || slice_is(side.raw, "new"))
				write_value(slice_is(side.raw, "old") ? "old" : "new", &value, out);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

/* Whether the score is all that changed. */
static bool
is_rescored(const struct jsonl_value *fields)
{
	struct jsonl_value field, change;
	size_t at = 0;

	return jsonl_next_member(fields->raw, &at, &field, &change) &&
	       slice_is(field.raw, row_fields[ROW_QUALITY_SCORE].key) &&
	       !jsonl_next_member(fields->raw, &at, &field, &change);
}

static void
take_change(struct change_lists *changes, const struct jsonl_value values[KEY_COUNT])
{
	bool has_fields = values[FIELDS].kind == JSONL_OBJECT;
	enum kind kind = ADDED;
	struct buf *list;

	while (kind < KIND_COUNT && !slice_is(values[CHANGE].raw, kind_names[kind]))
		kind++;
	if (kind == KIND_COUNT)
		return;
	changes->counts[kind]++;
	if (has_fields && is_rescored(&values[FIELDS])) {
		changes->rescored++;
		return;
	}
	list = &changes->lists[kind];
	if (changes->listed[kind] == REPORT_FACTS_CHANGES || list->len > LIST_BYTES)
		return;
	buf_add_text(list, changes->listed[kind]++ == 0 ? "{\"arxiv_id\": " : ", {\"arxiv_id\": ");
	jsonl_copy(&values[ARXIV_ID], list);
	buf_add_text(list, ", \"title\": ");
	jsonl_copy(&values[TITLE], list);
	if (has_fields)
		write_fields(&values[FIELDS], list);
	buf_add_char(list, '}');
}

static int
read_changes(const struct output_input *input, struct change_lists *changes, const struct log *log)
{
	struct jsonl_value values[KEY_COUNT];
	struct jsonl_error error;
	struct lines lines;
	struct slice line;
	int more;

	lines_init(&lines, input->changes, input->changes_name, log);
	lines_range(&lines, 0, UINT64_MAX, UINT64_MAX);
	/* A line that tells of no change tells nothing. */
	while ((more = lines_next(&lines, &line)) == 1)
		if (jsonl_scan(line.data, line.len, keys, KEY_COUNT, values, &error) == 0)
			take_change(changes, values);
	lines_free(&lines);
	return more;
}

static int
write_changes(const struct output_input *input, struct buf *out, const struct log *log)
{
	struct change_lists changes = { 0 };
	int result;

	if (input->changes == -1) {
		buf_add_text(out, "null");
		return 0;
	}
	result = read_changes(input, &changes, log);
	buf_add_char(out, '{');
	for (size_t i = 0; i < KIND_COUNT; i++) {
		buf_printf(out, "\"%s\": {\"count\": %" PRIu64 ", \"papers\": [", kind_names[i],
		    changes.counts[i]);
		buf_add_slice(out, buf_slice(&changes.lists[i]));
		buf_add_text(out, "]}, ");
		buf_free(&changes.lists[i]);
	}
	buf_printf(out, "\"rescored\": %" PRIu64 "}", changes.rescored);
	return result;
}

static void
write_scores(const struct row_stats *stats, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++) {
		if (stats->scores[i] == 0)
			continue;
		buf_add_text(out, first ? "[" : ", [");
		row_score_write((double)i / (ROW_STATS_SCORES - 1), out);
		buf_printf(out, ", %" PRIu64 "]", stats->scores[i]);
		first = false;
	}
}

int
report_facts_write(const struct output_input *input, struct buf *out, const struct log *log)
{
	/* Which files stand beside it is another matter, and differs between a snapshot in the
	 * making and one that is exported. */
	struct manifest manifest = *input->manifest;
	int result;

	manifest.file_count = 0;
	buf_add_text(out, "{\"manifest\": ");
	manifest_write(&manifest, out);
	buf_printf(out, ", \"has_sources\": %s, \"with_venue\": %" PRIu64 ", \"scores\": [",
	    input->has_sources ? "true" : "false", manifest.stats->with_venue);
	write_scores(manifest.stats, out);
	buf_add_text(out, "], \"changes\": ");
	result = write_changes(input, out, log);
	buf_add_char(out, '}');
	return result;
}
