#include "row_draft.h"

#include "date.h"
#include "mem.h"
#include "scored_row.h"

#include <stdlib.h>

const enum row_key row_draft_keys[ROW_DRAFT_KEYS] = { ROW_ID, ROW_ARXIV_ID, ROW_DOI };

void
row_draft_init(struct row_draft *draft, int fd, const char *name, int64_t day,
    const struct row_keys *keys, const struct log *log)
{
	*draft = (struct row_draft){ .keys = keys };
	draft->stats = mem_new(1, sizeof(*draft->stats));
	draft->check = row_check_new(day, keys);
	lines_init(&draft->lines, fd, name, log);
}

void
row_draft_free(struct row_draft *draft)
{
	free(draft->rows);
	fault_list_free(&draft->faults);
	free(draft->stats);
	lines_free(&draft->lines);
	row_check_free(draft->check);
	buf_free(&draft->id);
	buf_free(&draft->arxiv_id);
}

static void
hear(void *cookie, const struct audit_fault *told)
{
	struct row_draft *draft = cookie;
	struct audit_fault fault = *told;

	audit_fault_name(&fault, &draft->row, &draft->id, &draft->arxiv_id);
	fault_list_add(&draft->faults, draft->count - 1, &fault);
}

/* Newest first, without a date last and by id. */
static struct row_rank
rank_of(struct row_draft *draft)
{
	int64_t day = row_line_day(&draft->row);
	struct row_rank rank = { day == ROW_TIME_NONE ? INT64_MAX : -day, 0 };

	if (day != ROW_TIME_NONE)
		return rank;
	/* Hex digits sort as their bytes do, and eight of them are enough. */
	buf_clear(&draft->id);
	row_line_text(&draft->row, ROW_ID, &draft->id);
	for (size_t i = 0; i < 8 && i < draft->id.len; i++)
		rank.second = rank.second << 8 | (unsigned char)draft->id.data[i];
	return rank;
}

static void
add_row(struct row_draft *draft, struct slice line)
{
	struct row_line *row = &draft->row;
	struct jsonl_error error;
	struct drafted_row *drafted;

	draft->rows =
	    mem_grow(draft->rows, &draft->capacity, draft->count + 1, sizeof(*draft->rows));
	drafted = &draft->rows[draft->count++];
	*drafted = (struct drafted_row){ .offset = draft->lines.offset };
	if (row_line_parse(line.data, line.len, row, &error) == -1) {
		*row = (struct row_line){ 0 };
		row_check_no_row(&error, hear, draft);
		return;
	}
	draft->untold_ids += !row_check_run(draft->check, row, hear, draft);
	for (size_t i = 0; i < ROW_DRAFT_KEYS; i++)
		drafted->has_key[i] = row_keys_hash(draft->keys, row_draft_keys[i],
		    row_check_text(draft->check, row_draft_keys[i]), &drafted->hashes[i]);
	drafted->has_rank = row_line_fault(row, ROW_PUBLISHED_DATE) == NULL;
	if (drafted->has_rank)
		drafted->rank = rank_of(draft);
	row_stats_add_line(draft->stats, &draft->row);
}

int
row_draft_read(struct row_draft *draft, uint64_t from, uint64_t to, uint64_t limit)
{
	struct slice line;
	int more;

	draft->count = 0;
	fault_list_clear(&draft->faults);
	lines_range(&draft->lines, from, to, limit);
	while ((more = lines_next(&draft->lines, &line)) == 1)
		add_row(draft, line);
	draft->end = draft->lines.offset + draft->lines.bytes;
	return more;
}
