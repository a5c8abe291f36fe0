#ifndef FINESET_ROW_DRAFT_H
#define FINESET_ROW_DRAFT_H

#include "attribute.h"
#include "fault_list.h"
#include "lines.h"
#include "row_check.h"
#include "row_keys.h"
#include "row_line.h"
#include "row_order.h"
#include "row_stats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands for one row: id, arXiv id, DOI. */
#define ROW_DRAFT_KEYS 3
extern const enum row_key row_draft_keys[ROW_DRAFT_KEYS];

/* A line of the rows. */
struct drafted_row {
	/* In the file. */
	uint64_t offset;
	/* Where it belongs, if that can be told. */
	struct row_rank rank;
	bool has_rank;
	/* By row_draft_keys: row_keys_hash, where there is something to hash. */
	bool has_key[ROW_DRAFT_KEYS];
	uint32_t hashes[ROW_DRAFT_KEYS];
};

/*
 * A stretch of a file of rows that are held against themselves (row_check.h), as it stands before
 * its lines are numbered: any worker makes one by itself, and what depends on other rows is looked
 * for in the order of the file.
 */
struct row_draft {
	struct drafted_row *rows;
	size_t count;
	size_t capacity;
	/* Each with the place of its row among them. */
	struct fault_list faults;
	/* Where the last line ends. */
	uint64_t end;
	/* Of all stretches: */
	struct row_stats *stats;
	uint64_t untold_ids;

	struct lines lines;
	const struct row_keys *keys;
	struct row_check *check;
	/* The line at hand, and what it says of itself. */
	struct row_line row;
	struct buf id;
	struct buf arxiv_id;
};

/** row_draft_init(draft, fd, name, day, keys, log): Drafts of a file that allows pread, as of
 * ${day}; all but ${draft} is borrowed, and of ${keys} nothing is asked but what any thread may. */
void row_draft_init(struct row_draft *draft, int fd, const char *name, int64_t day,
    const struct row_keys *keys, const struct log *log);

/** row_draft_free(draft): Free what it holds. */
void row_draft_free(struct row_draft *draft);

/**
 * row_draft_read(draft, from, to, limit):
 * Make it the lines that begin from ${from} to before ${to}; see lines_range.  0, or -1 (logged) if
 * they cannot be read.
 */
int row_draft_read(struct row_draft *draft, uint64_t from, uint64_t to, uint64_t limit) MUST_CHECK;

#endif
