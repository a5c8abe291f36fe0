#include "date.h"
#include "hub_license.h"
#include "jsonl.h"
#include "output.h"
#include "score_chart.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>

/* The Hub's classes of size; they count rows. */
static const char *
size_category(uint64_t records)
{
	static const struct {
		uint64_t below;
		const char *name;
	} classes[] = {
		{ 1000, "n<1K" },
		{ 10000, "1K<n<10K" },
		{ 100000, "10K<n<100K" },
		{ 1000000, "100K<n<1M" },
		{ 10000000, "1M<n<10M" },
		{ 100000000, "10M<n<100M" },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (records < classes[i].below)
			return classes[i].name;
	return "100M<n<1B";
}

static void
write_features(struct buf *out)
{
	buf_add_text(out, "dataset_info:\n  features:\n");
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const struct row_field *field = &row_fields[i];

		if (slice_is(slice_of(field->type), "list"))
			buf_printf(out, "  - name: %s\n    list: string\n", field->key);
		else
			buf_printf(out, "  - name: %s\n    dtype: %s\n", field->key, field->type);
	}
}

/* A JSON string is a YAML string, whatever stands in it, once the characters that YAML does not
 * print or takes for the end of a line are escaped; both have the same escapes. */
static void
write_yaml_string(struct slice text, struct buf *out)
{
	struct buf json = BUF_INIT;

	jsonl_write_string(text, &json);
	text_show(buf_slice(&json), out);
	buf_free(&json);
}

static void
write_front_matter(const struct manifest *manifest, struct buf *out)
{
	buf_add_text(out, "---\npretty_name: ");
	write_yaml_string(slice_of(manifest->topic->name), out);
	buf_add_char(out, '\n');
	hub_license_write(slice_of(manifest->topic->license), out);
	buf_printf(out, "language:\n- en\nsize_categories:\n- \"%s\"\n",
	    size_category(manifest->stats->records));
	buf_add_text(out, "tags:\n- arxiv\n- semantic-scholar\n- papers\n- metadata\n");
	buf_add_text(out, "configs:\n- config_name: default\n  default: true\n  data_files:\n"
			  "  - split: train\n    path: data.jsonl\n");
	write_features(out);
	buf_add_text(out, "---\n\n");
}

/* Text from outside in Markdown, on one line: what Markdown or HTML would act on is escaped. */
static void
write_plain(struct slice text, struct buf *out)
{
	static const char active[] = "\\`*_{}[]<>()#+-.!|~&$:@";
	struct buf clean = BUF_INIT;

	text_clean(text, &clean);
	for (size_t i = 0; i < clean.len; i++) {
		if (strchr(active, clean.data[i]) != NULL)
			buf_add_char(out, '\\');
		buf_add_char(out, clean.data[i]);
	}
	buf_free(&clean);
}

static void
write_phrases(const struct topic_list *list, const char *label, struct buf *out)
{
	if (list->count == 0)
		return;
	buf_printf(out, "- %s: ", label);
	for (size_t i = 0; i < list->count; i++) {
		buf_add_text(out, i == 0 ? "“" : ", “");
		write_plain(slice_of(list->items[i]), out);
		buf_add_text(out, "”");
	}
	buf_add_char(out, '\n');
}

static void
write_details(const struct output_input *input, struct buf *out)
{
	const struct manifest *manifest = input->manifest;
	const struct row_stats *stats = manifest->stats;
	char first[DATE_DAY_SIZE], last[DATE_DAY_SIZE];
	double tied;
	uint64_t tie = row_stats_largest_tie(stats, &tied);

	buf_printf(out,
	    "## Details\n\n- Records: %" PRIu64 " (%" PRIu64
	    " of arXiv and Semantic Scholar both, %" PRIu64 " of arXiv alone, %" PRIu64
	    " of Semantic Scholar alone)\n",
	    stats->records, stats->from_both, stats->from_arxiv - stats->from_both,
	    stats->from_semantic_scholar - stats->from_both);
	if (stats->dated > 0) {
		date_day_write(stats->first_day, first);
		date_day_write(stats->last_day, last);
		buf_printf(out, "- Published: %s to %s\n", first, last);
	}
	buf_printf(out, "- With code: %" PRIu64 "\n", stats->with_code);
	write_phrases(&manifest->topic->any, "One of these phrases", out);
	write_phrases(&manifest->topic->all, "All of these phrases", out);
	write_phrases(&manifest->topic->none, "None of these phrases", out);
	write_phrases(&manifest->topic->categories, "One of these arXiv categories", out);
	buf_printf(out,
	    "- quality_score: p10 = %.4g, p50 = %.4g, p90 = %.4g; %zu distinct values, the "
	    "largest tie "
	    "is %" PRIu64 " records at %.4g\n",
	    row_stats_percentile(stats, 10), row_stats_percentile(stats, 50),
	    row_stats_percentile(stats, 90), row_stats_distinct(stats), tie, tied);
	if (input->has_sources)
		buf_printf(out,
		    "- Merged from %" PRIu64 " source records; %zu DOIs are claimed by more than "
		    "one arXiv paper (manifest.json lists them)\n",
		    manifest->source_records, manifest->conflict_count);
	buf_add_char(out, '\n');
}

static void
write_sources(const struct manifest *manifest, struct buf *out)
{
	buf_add_text(out,
	    "## How the sources ended\n\n| source | status | records | matched | requests "
	    "| retries | last fetched |\n| --- | --- | --- | --- | --- | --- | --- |\n");
	for (int i = 0; i < SOURCE_COUNT; i++) {
		const struct manifest_source *source = &manifest->sources[i];
		char time[DATE_TIME_SIZE] = "never", matched[24] = "unknown";

		if (source->fetched > 0)
			date_time_write(source->fetched, time);
		if (source->report.matched >= 0)
			snprintf(matched, sizeof(matched), "%" PRId64, source->report.matched);
		buf_printf(out, "| %s | %s | %" PRIu64 " | %s | %" PRIu64 " | %" PRIu64 " | %s |\n",
		    source_title((enum source)i), manifest_source_status(source), source->records,
		    matched, source->report.requests, source->report.retries, time);
	}
	buf_add_char(out, '\n');
}

static void
write_fields(struct buf *out)
{
	buf_add_text(out, "## Fields\n\n| field | type | meaning |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		buf_printf(out, "| %s | %s%s | %s |\n", row_fields[i].key,
		    slice_is(slice_of(row_fields[i].type), "list") ? "list of string"
								   : row_fields[i].type,
		    row_fields[i].nullable ? ", nullable" : "", row_fields[i].meaning);
	buf_add_char(out, '\n');
}

static const char method[] =
    "## quality_score\n\n"
    "The larger of impact and freshness, from 0 to 1, rounded to 4 decimals.\n\n"
    "- impact = max(log10(citations + 1) / 4, log10(influential citations + 1) / 2): 0.5 at 100 "
    "citations, "
    "0.75 at 1,000, 1.0 from 10,000 on\n"
    "- freshness = recency × (0.35 + 0.30 if there is code + 0.20 if there is a venue)\n"
    "- recency = 1 up to 60 days before the snapshot date, then linear to 0 at 540 days\n\n"
    "## Sources and terms\n\n"
    "Metadata from the [arXiv API](https://info.arxiv.org/help/api/) (thank you to arXiv for use "
    "of its open "
    "access interoperability) and from [Semantic Scholar](https://www.semanticscholar.org/) "
    "(Kinney et al., "
    "*The Semantic Scholar Open Data Platform*, arXiv:2301.10140). arXiv's metadata are CC0; "
    "abstracts that only "
    "Semantic Scholar has stay under their owners' terms. The papers themselves are linked, not "
    "included.\n";

static void
write_license(const char *license, struct buf *out)
{
	buf_add_text(out, "\nLicense of this dataset, as whoever made it tells: ");
	if (license == NULL || license[0] == '\0')
		buf_add_text(out, "none is told");
	else
		write_plain(slice_of(license), out);
	buf_add_text(out, ".\n");
}

static void
write_card(const struct output_input *input, struct buf *out)
{
	const struct manifest *manifest = input->manifest;
	char day[DATE_DAY_SIZE];

	date_day_write(manifest->snapshot_day, day);
	write_front_matter(manifest, out);
	buf_add_text(out, "# ");
	write_plain(slice_of(manifest->topic->name), out);
	buf_printf(out,
	    "\n\n%" PRIu64
	    " research papers from arXiv and Semantic Scholar, deduplicated and scored: the "
	    "snapshot of %s, made with fineset " FINESET_VERSION
	    ". A snapshot is dated and does not change.\n\n",
	    manifest->stats->records, day);
	write_details(input, out);
	if (input->has_sources)
		write_sources(manifest, out);
	score_chart_write(manifest->stats, out);
	write_fields(out);
	buf_add_text(out, method);
	write_license(manifest->topic->license, out);
}

int
output_card(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct buf text = BUF_INIT;

	(void)log;
	write_card(input, &text);
	file_writer_add(out, text.data, text.len);
	buf_free(&text);
	return 0;
}
