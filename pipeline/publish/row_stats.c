#include "row_stats.h"

#include "date.h"

size_t
row_stats_place(double score)
{
	double place = score * (ROW_STATS_SCORES - 1) + 0.5;

	if (place <= 0)
		return 0;
	return place >= ROW_STATS_SCORES ? ROW_STATS_SCORES - 1 : (size_t)place;
}

void
row_stats_add(struct row_stats *stats, const struct row *row)
{
	stats->records++;
	stats->with_code += row->has_code;
	stats->with_venue += row->venue.data != NULL;
	stats->from_arxiv += row->from_arxiv;
	stats->from_semantic_scholar += row->from_semantic_scholar;
	stats->from_both += row->from_arxiv && row->from_semantic_scholar;
	stats->scores[row_stats_place(row->quality_score)]++;
	if (row->published != ROW_TIME_NONE) {
		int64_t day = date_day_of(row->published);

		if (stats->dated == 0 || day < stats->first_day)
			stats->first_day = day;
		if (stats->dated == 0 || day > stats->last_day)
			stats->last_day = day;
		stats->dated++;
	}
}

void
row_stats_add_line(struct row_stats *stats, const struct row_line *row)
{
	int64_t day = row_line_day(row);
	struct row counted = {
		.has_code = row_line_has(row, ROW_HAS_CODE),
		.venue = row_line_has(row, ROW_VENUE) ? row->values[ROW_VENUE].raw : SLICE_NONE,
		.published = day == ROW_TIME_NONE ? day : day * DATE_DAY_SECONDS,
		.quality_score = row_line_score(row),
	};

	row_line_sources(row, &counted.from_arxiv, &counted.from_semantic_scholar);
	row_stats_add(stats, &counted);
}

void
row_stats_join(struct row_stats *stats, const struct row_stats *others)
{
	stats->records += others->records;
	stats->with_code += others->with_code;
	stats->with_venue += others->with_venue;
	stats->from_arxiv += others->from_arxiv;
	stats->from_semantic_scholar += others->from_semantic_scholar;
	stats->from_both += others->from_both;
	for (size_t i = 0; i < ROW_STATS_SCORES; i++)
		stats->scores[i] += others->scores[i];
	if (others->dated == 0)
		return;
	if (stats->dated == 0 || others->first_day < stats->first_day)
		stats->first_day = others->first_day;
	if (stats->dated == 0 || others->last_day > stats->last_day)
		stats->last_day = others->last_day;
	stats->dated += others->dated;
}

double
row_stats_percentile(const struct row_stats *stats, unsigned percent)
{
	uint64_t rank = (stats->records * percent + 99) / 100, seen = 0;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++) {
		seen += stats->scores[i];
		if (seen > 0 && seen >= rank)
			return (double)i / (ROW_STATS_SCORES - 1);
	}
	return 0;
}

size_t
row_stats_distinct(const struct row_stats *stats)
{
	size_t distinct = 0;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++)
		distinct += stats->scores[i] > 0;
	return distinct;
}

uint64_t
row_stats_largest_tie(const struct row_stats *stats, double *score)
{
	size_t largest = 0;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++)
		if (stats->scores[i] > stats->scores[largest])
			largest = i;
	*score = (double)largest / (ROW_STATS_SCORES - 1);
	return stats->scores[largest];
}
