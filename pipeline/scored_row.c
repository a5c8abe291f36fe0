#include "scored_row.h"

#include "arena.h"
#include "code_link.h"
#include "date.h"

#include <stdlib.h>

void
scored_row_input(const struct row *row, int64_t day, struct score_input *input)
{
	*input = (struct score_input){
		.citation_count = row->citation_count,
		.influential_citation_count = row->influential_citation_count,
		.has_code = row->has_code,
		.has_venue = row->venue.data != NULL,
		.published_day = row->published == ROW_TIME_NONE ? SCORE_DAY_UNKNOWN
								 : date_day_of(row->published),
		.snapshot_day = day,
	};
}

void
scored_row_complete(struct row *row, int64_t day, struct buf *code_url)
{
	struct score_input input;

	buf_clear(code_url);
	row->has_code = code_link_find(row->comment, row->abstract, code_url) != CODE_NONE;
	row->code_url = code_url->len > 0 ? buf_slice(code_url) : SLICE_NONE;
	scored_row_input(row, day, &input);
	row->quality_score = score_of(&input).rounded;
}

int
scored_row_write_all(
    struct merge *merge, int64_t day, struct file_writer *out, struct row_stats *stats)
{
	struct arena arena = ARENA_INIT;
	struct buf line = BUF_INIT, code_url = BUF_INIT;
	int wanted = 0;

	for (size_t i = 0; i < merge_size(merge) && wanted != -1; i++) {
		struct row row;

		wanted = merge_row(merge, i, &row, &arena);
		if (wanted == 1) {
			scored_row_complete(&row, day, &code_url);
			buf_clear(&line);
			row_write(&row, &line);
			file_writer_add(out, line.data, line.len);
			row_stats_add(stats, &row);
		}
		arena_clear(&arena);
	}
	arena_free(&arena);
	buf_free(&line);
	buf_free(&code_url);
	return wanted == -1 ? -1 : 0;
}

const char *
scored_row_line_input(
    const struct row_line *line, int64_t day, struct score_input *input, size_t *field)
{
	static const size_t counted[] = { ROW_CITATION_COUNT, ROW_INFLUENTIAL_CITATION_COUNT,
		ROW_HAS_CODE, ROW_VENUE, ROW_PUBLISHED_DATE };

	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		const char *fault = row_line_fault(line, counted[i]);

		if (fault != NULL) {
			*field = counted[i];
			return fault;
		}
	}
	*input = (struct score_input){
		.citation_count = row_line_number(line, ROW_CITATION_COUNT),
		.influential_citation_count = row_line_number(line, ROW_INFLUENTIAL_CITATION_COUNT),
		.has_code = row_line_has(line, ROW_HAS_CODE),
		.has_venue = row_line_has(line, ROW_VENUE),
		.published_day = row_line_day(line),
		.snapshot_day = day,
	};
	return NULL;
}

double
scored_row_line_score(const struct row_line *line)
{
	const struct jsonl_value *value = &line->values[ROW_QUALITY_SCORE];

	/* What follows the number in its line ends it for strtod. */
	return value->kind == JSONL_NUMBER ? strtod(value->raw.data, NULL) : 0;
}
