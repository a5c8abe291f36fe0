#include "score_chart.h"

#include <inttypes.h>

#define BARS 20
#define PLACES_A_BAR ((ROW_STATS_SCORES - 1) / BARS)
/* The longest bar. */
#define COLUMNS 50
/* So many ties are told. */
#define TIES 5

static void
write_bars(const struct row_stats *stats, struct buf *out)
{
	uint64_t bars[BARS] = { 0 }, longest = 0;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++)
		/* 1.0 stands in the last bar. */
		bars[i / PLACES_A_BAR < BARS ? i / PLACES_A_BAR : BARS - 1] += stats->scores[i];
	for (size_t i = 0; i < BARS; i++)
		longest = bars[i] > longest ? bars[i] : longest;
	buf_add_text(out, "```\n");
	for (size_t i = 0; i < BARS; i++) {
		/* Whatever is there shows. */
		size_t columns =
		    longest == 0 ? 0 : (size_t)((double)bars[i] / (double)longest * COLUMNS);

		buf_printf(out, "%.2f-%.2f %10" PRIu64 "%s", (double)i / BARS,
		    (double)(i + 1) / BARS, bars[i], bars[i] > 0 ? " " : "");
		for (size_t c = 0; c < columns || (c == 0 && bars[i] > 0); c++)
			buf_add_text(out, "█");
		buf_add_char(out, '\n');
	}
	buf_add_text(out, "```\n\n");
}

/* The score that most rows share of those with fewer than ${below} rows, or with as many and behind
 * place ${behind}; ROW_STATS_SCORES if no two rows share one. */
static size_t
next_tie(const struct row_stats *stats, uint64_t below, size_t behind)
{
	size_t next = ROW_STATS_SCORES;
	uint64_t most = 1;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++) {
		uint64_t rows = stats->scores[i];

		if (rows > most && (rows < below || (rows == below && i > behind))) {
			most = rows;
			next = i;
		}
	}
	return next;
}

static void
write_ties(const struct row_stats *stats, struct buf *out)
{
	uint64_t tied = 0, below = UINT64_MAX;
	size_t place = 0, shared = 0;

	for (size_t i = 0; i < ROW_STATS_SCORES; i++)
		if (stats->scores[i] > 1) {
			tied += stats->scores[i];
			shared++;
		}
	buf_printf(out,
	    "%" PRIu64 " of %" PRIu64
	    " records share their score with another one: there are %zu such scores.\n",
	    tied, stats->records, shared);
	if (shared > 0)
		buf_add_text(out, "\n| score | records |\n| --- | --- |\n");
	for (size_t i = 0; i < TIES && i < shared; i++) {
		place = next_tie(stats, below, place);
		below = stats->scores[place];
		buf_add_text(out, "| ");
		row_score_write((double)place / (ROW_STATS_SCORES - 1), out);
		buf_printf(out, " | %" PRIu64 " |\n", below);
	}
	buf_add_char(out, '\n');
}

void
score_chart_write(const struct row_stats *stats, struct buf *out)
{
	buf_add_text(out, "## Scores\n\n");
	write_bars(stats, out);
	write_ties(stats, out);
}
