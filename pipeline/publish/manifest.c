#include "manifest.h"

#include "date.h"
#include "jsonl.h"

#include <inttypes.h>

const char *
manifest_source_status(const struct manifest_source *source)
{
	if (source->report.outcome == SOURCE_OK || source->report.outcome == SOURCE_SHORT)
		return source_outcome_name(source->report.outcome);
	return source->records > 0 ? "stale" : source_outcome_name(source->report.outcome);
}

static void
write_key(struct buf *out, const char *indent, const char *key)
{
	buf_printf(out, ",\n%s\"%s\": ", indent, key);
}

static void
write_number(struct buf *out, const char *key, int64_t number)
{
	write_key(out, "      ", key);
	if (number < 0)
		buf_add_text(out, "null");
	else
		buf_printf(out, "%" PRId64, number);
}

static void
write_day(struct buf *out, int64_t day, bool known)
{
	char text[DATE_DAY_SIZE];

	if (known)
		date_day_write(day, text);
	jsonl_write_string(known ? slice_of(text) : SLICE_NONE, out);
}

static void
write_source(const struct manifest_source *source, enum source which, struct buf *out)
{
	const struct source_report *report = &source->report;
	char time[DATE_TIME_SIZE];

	buf_printf(out, "%s\n    \"%s\": {\n      \"status\": \"%s\"", which == 0 ? "" : ",",
	    source_name(which), manifest_source_status(source));
	write_key(out, "      ", "reason");
	jsonl_write_string(report->reason[0] == '\0' ? SLICE_NONE : slice_of(report->reason), out);
	write_number(out, "records", (int64_t)source->records);
	write_number(out, "journal_position", (int64_t)source->journal_position);
	write_number(out, "requests", (int64_t)report->requests);
	write_number(out, "retries", (int64_t)report->retries);
	write_number(out, "bytes", (int64_t)report->bytes);
	write_number(out, "matched_total", report->matched);
	write_number(out, "missing", report->missing);
	write_number(out, "refused", (int64_t)report->faults.refused);
	write_number(out, "dropped", (int64_t)report->faults.dropped);
	write_key(out, "      ", "cutoff");
	write_day(out, source->cutoff, source->cutoff != INT64_MIN);
	write_key(out, "      ", "last_fetched");
	if (source->fetched > 0)
		date_time_write(source->fetched, time);
	jsonl_write_string(source->fetched > 0 ? slice_of(time) : SLICE_NONE, out);
	buf_add_text(out, "\n    }");
}

static void
write_conflicts(const struct manifest *manifest, struct buf *out)
{
	write_key(out, "    ", "conflicts");
	buf_add_char(out, '[');
	for (size_t i = 0; i < manifest->conflict_count; i++) {
		const struct doi_conflict *conflict = &manifest->conflicts[i];

		buf_printf(out, "%s\n      {\"doi\": ", i == 0 ? "" : ",");
		jsonl_write_string(conflict->doi, out);
		buf_add_text(out, ", \"arxiv_ids\": ");
		jsonl_write_strings(conflict->arxiv_ids, out);
		buf_printf(out, ", \"records\": %zu, \"joined\": %s}", conflict->records,
		    conflict->joined ? "true" : "false");
	}
	buf_add_text(out, manifest->conflict_count == 0 ? "]" : "\n    ]");
}

static void
write_scores(const struct row_stats *stats, struct buf *out)
{
	double tied;
	uint64_t tie = row_stats_largest_tie(stats, &tied);

	buf_add_text(out, ",\n  \"quality_score\": {");
	buf_printf(out, "\"p10\": %.4g, \"p50\": %.4g, \"p90\": %.4g",
	    row_stats_percentile(stats, 10), row_stats_percentile(stats, 50),
	    row_stats_percentile(stats, 90));
	buf_printf(out,
	    ", \"distinct\": %zu, \"largest_tie\": {\"score\": %.4g, \"records\": %" PRIu64 "}}",
	    row_stats_distinct(stats), tied, tie);
}

static void
write_files(const struct manifest *manifest, struct buf *out)
{
	buf_add_text(out, ",\n  \"files\": {");
	for (size_t i = 0; i < manifest->file_count; i++)
		buf_printf(out, "%s\n    \"%s\": {\"bytes\": %" PRIu64 ", \"sha256\": \"%s\"}",
		    i == 0 ? "" : ",", manifest->files[i].name, manifest->files[i].bytes,
		    manifest->files[i].sha256);
	buf_add_text(out, "\n  }\n}\n");
}

void
manifest_write(const struct manifest *manifest, struct buf *out)
{
	const struct row_stats *stats = manifest->stats;

	buf_printf(out, "{\n  \"format\": %d", MANIFEST_FORMAT);
	write_key(out, "  ", "generator");
	buf_add_text(out, "\"fineset " FINESET_VERSION "\"");
	write_key(out, "  ", "snapshot_date");
	write_day(out, manifest->snapshot_day, true);
	write_key(out, "  ", "name");
	jsonl_write_string(slice_of(manifest->topic->name), out);
	write_key(out, "  ", "license");
	jsonl_write_string(slice_of(manifest->topic->license), out);
	write_key(out, "  ", "topic");
	topic_query_write(manifest->topic, out);
	buf_printf(out, ",\n  \"records\": %" PRIu64, stats->records);
	write_key(out, "  ", "date_range");
	buf_add_char(out, '[');
	write_day(out, stats->first_day, stats->dated > 0);
	buf_add_text(out, ", ");
	write_day(out, stats->last_day, stats->dated > 0);
	buf_printf(out, "],\n  \"with_code\": %" PRIu64 ",\n  \"sources\": {", stats->with_code);
	for (int i = 0; i < SOURCE_COUNT; i++)
		write_source(&manifest->sources[i], (enum source)i, out);
	buf_printf(out,
	    "\n  },\n  \"merge\": {\n    \"source_records\": %" PRIu64 ",\n    \"papers\": %" PRIu64
	    ",\n    \"merged\": %" PRIu64,
	    manifest->source_records, manifest->papers,
	    manifest->source_records - manifest->papers);
	write_conflicts(manifest, out);
	buf_add_text(out, "\n  }");
	write_scores(stats, out);
	write_files(manifest, out);
}
