#include "scored_row.h"

#include "arena.h"
#include "code_link.h"
#include "date.h"
#include "mem.h"
#include "team.h"

#include <stdlib.h>

/* Papers that a worker writes at a time, at most: about a megabyte. */
#define BLOCK_PAPERS 512
/* Blocks that each worker gets of a small topic, so that all of them are at work. */
#define BLOCKS_EACH 4

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

/* What is made of a block of papers. */
struct block {
	struct merge_reader *reader;
	struct arena arena;
	struct buf code_url;
	struct buf lines;
	struct row_stats stats;
};

struct writing {
	struct merge *merge;
	int64_t day;
	struct file_writer *out;
	struct block *blocks;
	size_t block_papers;
};

static int
write_paper(struct writing *writing, size_t paper, struct block *block)
{
	struct row row;
	int wanted = merge_row(writing->merge, paper, &row, block->reader, &block->arena);

	if (wanted == 1) {
		scored_row_complete(&row, writing->day, &block->code_url);
		row_write(&row, &block->lines);
		row_stats_add(&block->stats, &row);
	}
	arena_clear(&block->arena);
	return wanted == -1 ? -1 : 0;
}

static int
make_block(void *cookie, size_t slot, size_t item)
{
	struct writing *writing = cookie;
	struct block *block = &writing->blocks[slot];
	size_t at = item * writing->block_papers, end = at + writing->block_papers;

	if (at >= merge_size(writing->merge))
		return 0;
	buf_clear(&block->lines);
	for (; at < end && at < merge_size(writing->merge); at++)
		if (write_paper(writing, at, block) == -1)
			return -1;
	return 1;
}

static int
take_block(void *cookie, size_t slot, size_t item)
{
	struct writing *writing = cookie;
	const struct buf *lines = &writing->blocks[slot].lines;

	(void)item;
	file_writer_add(writing->out, lines->data, lines->len);
	return 0;
}

int
scored_row_write_all(
    struct merge *merge, int64_t day, struct file_writer *out, struct row_stats *stats)
{
	const struct team_work work = { make_block, take_block };
	struct writing writing = { .merge = merge, .day = day, .out = out };
	size_t workers = merge_workers(merge), slots = team_slots(workers);
	int result;

	writing.block_papers = merge_size(merge) / (workers * BLOCKS_EACH) + 1;
	if (writing.block_papers > BLOCK_PAPERS)
		writing.block_papers = BLOCK_PAPERS;
	writing.blocks = mem_new(slots, sizeof(*writing.blocks));
	for (size_t i = 0; i < slots; i++)
		writing.blocks[i].reader = merge_reader_new(merge);
	result = team_run(&work, &writing, workers);
	for (size_t i = 0; i < slots; i++) {
		row_stats_join(stats, &writing.blocks[i].stats);
		merge_reader_free(writing.blocks[i].reader);
		arena_free(&writing.blocks[i].arena);
		buf_free(&writing.blocks[i].code_url);
		buf_free(&writing.blocks[i].lines);
	}
	free(writing.blocks);
	return result;
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
