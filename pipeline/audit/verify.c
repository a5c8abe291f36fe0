#include "verify.h"

#include "audit_fault.h"
#include "date.h"
#include "lines.h"
#include "manifest_check.h"
#include "mem.h"
#include "row_check.h"
#include "row_keys.h"
#include "row_order.h"
#include "scored_row.h"
#include "source_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A verification in progress. */
struct verify {
	struct subject *subject;
	struct merge *merge;
	bool json;
	struct file_writer *out;
	struct verification *verification;
	const struct log *log;
	struct row_keys *keys;
	struct row_check *alone;
	struct source_check *sources;
	struct row_order *order;
	struct row_stats *stats;
	/* Rows with a fault, by line from 0. */
	bool *faulty;
	size_t capacity;

	/* The row at hand: its line, 0 if there is none, and what it says of itself. */
	uint64_t line;
	struct buf id;
	struct buf arxiv_id;
	/* The fault at hand. */
	struct buf stored;
	struct buf reason;
	struct buf text;
};

/* What a row says of itself, if anything. */
static struct slice
text_or_none(const struct buf *text)
{
	return text->len > 0 ? buf_slice(text) : SLICE_NONE;
}

/* Tell of a fault, which is the row's at hand unless it says otherwise. */
static void
hear(void *cookie, const struct audit_fault *told)
{
	struct verify *verify = cookie;
	struct audit_fault fault = *told;

	if (verify->line > 0) {
		fault.line = verify->line;
		fault.id = text_or_none(&verify->id);
		fault.arxiv_id = text_or_none(&verify->arxiv_id);
		verify->faulty[verify->line - 1] = true;
	}
	verify->verification->faults++;
	buf_clear(&verify->text);
	if (verify->json)
		audit_fault_json_write(&fault, &verify->text);
	else
		audit_fault_text_write(&fault, &verify->text);
	file_writer_add(verify->out, verify->text.data, verify->text.len);
}

/* Take up the row of a line; NULL for a line that is no row. */
static void
take_up(struct verify *verify, uint64_t line, const struct row_line *row)
{
	verify->line = line;
	buf_clear(&verify->id);
	buf_clear(&verify->arxiv_id);
	if (row == NULL)
		return;
	row_line_text(row, ROW_ID, &verify->id);
	row_line_text(row, ROW_ARXIV_ID, &verify->arxiv_id);
}

static void
tell_no_row(struct verify *verify, const struct jsonl_error *error)
{
	buf_clear(&verify->reason);
	buf_printf(&verify->reason, "byte %zu: %s", error->offset + 1, error->reason);
	hear(
	    verify, &(struct audit_fault){ .field = "line", .reason = buf_slice(&verify->reason) });
}

/* Where a row belongs by what it says: newest first, without a date last and by id. */
static struct row_rank
rank_of(const struct verify *verify, const struct row_line *row)
{
	int64_t day = row_line_day(row);
	struct row_rank rank = { day == ROW_TIME_NONE ? INT64_MAX : -day, 0 };

	/* Hex digits sort as their bytes do, and eight of them are enough. */
	for (size_t i = 0; day == ROW_TIME_NONE && i < 8 && i < verify->id.len; i++)
		rank.second = rank.second << 8 | (unsigned char)verify->id.data[i];
	return rank;
}

static void
count(struct verify *verify, const struct row_line *row)
{
	int64_t day = row_line_day(row);
	struct row counted = {
		.has_code = row_line_has(row, ROW_HAS_CODE),
		.published = day == ROW_TIME_NONE ? day : day * DATE_DAY_SECONDS,
		.quality_score = scored_row_line_score(row),
	};

	row_stats_add(verify->stats, &counted);
}

/* A row that only itself can be held against. */
static void
check_alone(struct verify *verify, const struct row_line *row)
{
	if (!row_check_run(verify->alone, row, hear, verify))
		verify->verification->untold_ids++;
	row_keys_check(verify->keys, row, ROW_ID, verify->line, hear, verify);
	row_keys_check(verify->keys, row, ROW_ARXIV_ID, verify->line, hear, verify);
	row_keys_check(verify->keys, row, ROW_DOI, verify->line, hear, verify);
	if (row_line_fault(row, ROW_PUBLISHED_DATE) == NULL)
		row_order_add(
		    verify->order, rank_of(verify, row), verify->faulty[verify->line - 1]);
	else
		row_order_skip(verify->order);
	count(verify, row);
}

/* A row whose sources are there. */
static int
check_sources(struct verify *verify, struct slice line, const struct row_line *row)
{
	size_t paper;

	if (source_check_row(verify->sources, line, row, hear, verify, &paper) == -1)
		return -1;
	row_keys_check(verify->keys, row, ROW_ID, verify->line, hear, verify);
	if (paper == MERGE_PAPER_NONE)
		row_order_skip(verify->order);
	else
		row_order_add(verify->order, (struct row_rank){ (int64_t)paper, 0 }, false);
	return 0;
}

static int
check_line(struct verify *verify, uint64_t number, struct slice line)
{
	struct row_line row;
	struct jsonl_error error;

	verify->faulty =
	    mem_grow(verify->faulty, &verify->capacity, number, sizeof(*verify->faulty));
	verify->faulty[number - 1] = false;
	verify->verification->rows++;
	if (row_line_parse(line.data, line.len, &row, &error) == -1) {
		take_up(verify, number, NULL);
		tell_no_row(verify, &error);
		row_order_skip(verify->order);
		return 0;
	}
	take_up(verify, number, &row);
	if (verify->sources != NULL)
		return check_sources(verify, line, &row);
	check_alone(verify, &row);
	return 0;
}

static int
rewind_rows(const struct verify *verify)
{
	if (lseek(verify->subject->fd, 0, SEEK_SET) != -1)
		return 0;
	log_error(verify->log, "%s: cannot read again: %s", verify->subject->path, strerror(errno));
	return -1;
}

static int
check_lines(struct verify *verify)
{
	struct lines lines;
	struct slice line;
	int more;

	if (rewind_rows(verify) == -1)
		return -1;
	lines_init(&lines, verify->subject->fd, verify->subject->path, verify->log);
	while ((more = lines_next(&lines, &line)) == 1)
		if (check_line(verify, lines.number, line) == -1) {
			more = -1;
			break;
		}
	lines_free(&lines);
	return more;
}

/* Tell that the row of a line belongs before or behind another one. */
static void
tell_misplaced(struct verify *verify, uint64_t number, struct slice line, size_t other)
{
	struct row_line row;
	struct jsonl_error error;

	/* It was read before. */
	if (row_line_parse(line.data, line.len, &row, &error) == -1)
		return;
	take_up(verify, number, &row);
	buf_clear(&verify->reason);
	buf_printf(&verify->reason, "order: belongs %s line %zu",
	    other + 1 < number ? "before" : "behind", other + 1);
	hear(verify, &(struct audit_fault){ .field = row_fields[ROW_PUBLISHED_DATE].key,
			 .stored = row_check_stored(&row, ROW_PUBLISHED_DATE, &verify->stored),
			 .reason = buf_slice(&verify->reason) });
}

/* Only where rows do not stand in their order are they read once more. */
static int
check_order(struct verify *verify)
{
	struct lines lines;
	struct slice line;
	size_t row = 0, other;
	int more = 1;

	if (row_order_find(verify->order) == 0)
		return 0;
	if (rewind_rows(verify) == -1)
		return -1;
	lines_init(&lines, verify->subject->fd, verify->subject->path, verify->log);
	while (more == 1 && row_order_next(verify->order, &row, &other)) {
		while ((more = lines_next(&lines, &line)) == 1 && lines.number <= row)
			;
		if (more == 1)
			tell_misplaced(verify, lines.number, line, other);
		row++;
	}
	lines_free(&lines);
	return more == -1 ? -1 : 0;
}

static int
check_all(struct verify *verify)
{
	struct verification *verification = verify->verification;

	if (check_lines(verify) == -1 || check_order(verify) == -1)
		return -1;
	for (uint64_t i = 0; i < verification->rows; i++)
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): each row has its own. */
		verification->reproduced += !verify->faulty[i];
	/* What follows is the fault of no row. */
	verify->line = 0;
	if (verify->sources != NULL && source_check_end(verify->sources, hear, verify) == -1)
		return -1;
	return manifest_check(
	    verify->subject, verify->merge, verify->stats, hear, verify, verify->log);
}

int
verify_rows(struct subject *subject, struct merge *merge, int64_t day, bool json,
    struct file_writer *out, struct verification *verification, const struct log *log)
{
	const struct doi_conflict *conflicts = NULL;
	size_t conflict_count = 0;
	struct verify verify = { .subject = subject,
		.merge = merge,
		.json = json,
		.out = out,
		.verification = verification,
		.log = log };
	int result;

	*verification = (struct verification){ 0 };
	if (subject->manifest != NULL)
		conflicts = manifest_reading_conflicts(subject->manifest, &conflict_count);
	verify.keys = row_keys_new(conflicts, conflict_count);
	verify.alone = row_check_new(day, verify.keys);
	verify.order = row_order_new();
	verify.stats = mem_new(1, sizeof(*verify.stats));
	if (merge != NULL)
		verify.sources = source_check_new(merge, day, verify.stats);
	result = check_all(&verify);
	row_keys_free(verify.keys);
	row_check_free(verify.alone);
	row_order_free(verify.order);
	source_check_free(verify.sources);
	free(verify.stats);
	free(verify.faulty);
	buf_free(&verify.id);
	buf_free(&verify.arxiv_id);
	buf_free(&verify.stored);
	buf_free(&verify.reason);
	buf_free(&verify.text);
	return result;
}
