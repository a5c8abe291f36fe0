#include "history.h"

#include "file.h"
#include "lines.h"
#include "lookup.h"
#include "mem.h"
#include "scored_row.h"
#include "snapshot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

/* By which names a paper is looked for, the surest first. */
static const enum row_key names[] = { ROW_ID, ROW_ARXIV_ID, ROW_DOI };
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

/* What a score is made of, one by one. */
enum factor {
	FACTOR_CITATIONS,
	FACTOR_INFLUENTIAL,
	FACTOR_CODE,
	FACTOR_VENUE,
	FACTOR_AGE,
	FACTOR_DATE,
	FACTOR_COUNT
};

static void
take_factor(struct score_input *input, const struct score_input *other, enum factor factor)
{
	switch (factor) {
	case FACTOR_CITATIONS:
		input->citation_count = other->citation_count;
		break;
	case FACTOR_INFLUENTIAL:
		input->influential_citation_count = other->influential_citation_count;
		break;
	case FACTOR_CODE:
		input->has_code = other->has_code;
		break;
	case FACTOR_VENUE:
		input->has_venue = other->has_venue;
		break;
	case FACTOR_AGE:
		input->snapshot_day = other->snapshot_day;
		break;
	case FACTOR_DATE:
	case FACTOR_COUNT:
		input->published_day = other->published_day;
		break;
	}
}

/* Whether a factor moved a score: without it the new one would be another.  Where no factor alone
 * did (two that say the same), ${alone}: with nothing but it the old one would. */
static bool
moved_by(
    const struct score_input *before, const struct score_input *now, enum factor factor, bool alone)
{
	struct score_input changed = alone ? *before : *now;

	take_factor(&changed, alone ? now : before, factor);
	return score_of(&changed).rounded != score_of(alone ? before : now).rounded;
}

static void
set_causes(const struct explanation_moment *before, struct explanation_moment *now)
{
	bool *const causes[FACTOR_COUNT] = {
		[FACTOR_CITATIONS] = &now->by_citations,
		[FACTOR_INFLUENTIAL] = &now->by_influential,
		[FACTOR_CODE] = &now->by_code,
		[FACTOR_VENUE] = &now->by_venue,
		[FACTOR_AGE] = &now->by_age,
		[FACTOR_DATE] = &now->by_date,
	};
	bool any = false;

	if (before->score.rounded == now->score.rounded)
		return;
	for (int alone = 0; alone <= 1 && !any; alone++)
		for (int i = 0; i < FACTOR_COUNT; i++) {
			*causes[i] =
			    moved_by(&before->input, &now->input, (enum factor)i, alone == 1);
			any |= *causes[i];
		}
}

/* The row of a paper as a snapshot has it; 0 also if it is no row that has a score. */
static int
read_moment(int fd, const char *path, const struct lookup_hit *hit,
    struct explanation_moment *moment, const struct log *log)
{
	struct buf line = BUF_INIT;
	struct row_line row;
	struct jsonl_error error;
	size_t field;
	int result;

	result = lines_again(fd, path, hit->offset, hit->len, &line, log);
	if (result == 0 && row_line_parse(line.data, hit->len, &row, &error) == 0 &&
	    scored_row_line_input(&row, moment->day, &moment->input, &field) == NULL) {
		moment->present = true;
		moment->stored_score = row_line_score(&row);
		moment->score = score_of(&moment->input);
	}
	buf_free(&line);
	return result;
}

static struct lookup *
ask_for(const struct explanation *explanations, size_t count)
{
	struct lookup *lookup = lookup_new();
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < NAME_COUNT; j++) {
			buf_clear(&name);
			row_line_text(&explanations[i].row, names[j], &name);
			lookup_add(lookup, buf_slice(&name));
		}
	}
	buf_free(&name);
	return lookup;
}

static int
pass_over(int fd, const char *path, struct lookup *lookup, const struct log *log)
{
	struct lines lines;
	struct slice line;
	struct row_line row;
	struct jsonl_error error;
	int more;

	lines_init(&lines, fd, path, log);
	while ((more = lines_next(&lines, &line)) == 1)
		if (row_line_parse(line.data, line.len, &row, &error) == 0)
			lookup_row(lookup, &row, lines.offset, line.len, lines.number);
	lines_free(&lines);
	return more;
}

/* The surest name that one row has. */
static struct lookup_hit
hit_of(const struct lookup *lookup, size_t paper)
{
	struct lookup_hit hit = { .offset = LOOKUP_NONE };

	for (size_t j = 0; j < NAME_COUNT && hit.rows != 1; j++)
		hit = lookup_hit(lookup, paper * NAME_COUNT + j);
	return hit;
}

/* One snapshot: the moment number ${at} of each paper. */
static int
read_snapshot(const char *path, struct explanation *explanations, size_t count, size_t at,
    const struct log *log)
{
	struct lookup *lookup = ask_for(explanations, count);
	int fd = file_open(path, log), result = -1;

	if (fd != -1)
		result = pass_over(fd, path, lookup, log);
	for (size_t i = 0; i < count && result == 0; i++) {
		struct lookup_hit hit = hit_of(lookup, i);

		if (hit.rows == 1)
			result = read_moment(fd, path, &hit, &explanations[i].history[at], log);
	}
	lookup_free(lookup);
	if (fd != -1)
		close(fd);
	return result;
}

static void
explain_moves(struct explanation *explanation)
{
	const struct explanation_moment *before = NULL;

	for (size_t i = 0; i < explanation->history_count; i++) {
		struct explanation_moment *moment = &explanation->history[i];

		if (!moment->present)
			continue;
		if (before != NULL)
			set_causes(before, moment);
		before = moment;
	}
}

int
history_read(const char *root, struct explanation *explanations, size_t count, struct arena *arena,
    const struct log *log)
{
	struct snapshot_name *snapshots;
	size_t kept = snapshot_list(root, &snapshots);
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		explanations[i].history_count = kept;
		explanations[i].history = arena_new(arena, kept, sizeof(*explanations[i].history));
		for (size_t at = 0; at < kept; at++)
			explanations[i].history[at] = (struct explanation_moment){
				.name = arena_dup(arena, slice_of(snapshots[at].text)),
				.day = snapshots[at].day,
			};
	}
	for (size_t at = 0; at < kept && result == 0; at++) {
		struct buf path = BUF_INIT;

		buf_printf(&path, "%s/snapshots/%s/data.jsonl", root, snapshots[at].text);
		result = read_snapshot(path.data, explanations, count, at, log);
		buf_free(&path);
	}
	for (size_t i = 0; i < count; i++)
		explain_moves(&explanations[i]);
	free(snapshots);
	return result;
}
