#ifndef FINESET_MERGE_H
#define FINESET_MERGE_H

#include "arena.h"
#include "attribute.h"
#include "doi_conflict.h"
#include "log.h"
#include "row.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From source records to papers.  Two records are one paper if they share an arXiv id, a DOI or a
 * CorpusId, transitively; the order of the records does not matter.  Two passes: the first keeps
 * keys, numbers and offsets, the second reads again only the records that supply text.
 */
struct merge;

/* Which papers a snapshot holds. */
struct merge_scope {
	/* First and last day of publication, days since 1970; INT64_MIN and INT64_MAX leave them
	 * open. */
	int64_t from;
	int64_t to;
	/* Papers whose arXiv categories are known must have one of these (`cs.*` stands for an
	 * archive). */
	char **categories;
	size_t category_count;
};

struct merge_counts {
	/* Live source records: those that no later one supersedes. */
	uint64_t records[2];
	uint64_t superseded;
	uint64_t refused;
	/* Papers before merge_scope. */
	uint64_t papers;
};

/** merge_new(log): Nothing merged yet. */
struct merge *merge_new(const struct log *log) MUST_CHECK;

/** merge_free(merge): Free it and close its files. */
void merge_free(struct merge *merge);

/**
 * merge_read(merge, fd, name):
 * Pass 1 over one journal or JSONL file of source records; takes ${fd}, which must allow pread. Bad
 * lines are logged, counted and skipped.  0, or -1 if the file cannot be read.
 */
int merge_read(struct merge *merge, int fd, const char *name) MUST_CHECK;

/**
 * merge_resolve(merge, scope):
 * Find the papers, their ids and their order (published descending, then id).  To be called once,
 * after all merge_read.  0, or -1 (logged) if a record cannot be read again.
 */
int merge_resolve(struct merge *merge, const struct merge_scope *scope) MUST_CHECK;

/** merge_size(merge): Papers within the scope. */
size_t merge_size(const struct merge *merge);

/**
 * merge_row(merge, paper, row, arena):
 * Pass 2: the fields of paper number ${paper} (in the order of the snapshot), all but has_code,
 * code_url and quality_score.  The slices live in ${arena} or in ${merge}.  1, 0 if the paper lies
 * outside the scope's categories, or -1 (logged).
 */
int merge_row(struct merge *merge, size_t paper, struct row *row, struct arena *arena) MUST_CHECK;

/** merge_count(merge): What went in. */
struct merge_counts merge_count(const struct merge *merge);

/* Lines of one input that later ones supersede. */
struct merge_dead {
	/* Where they begin, ascending. */
	uint64_t *offsets;
	size_t count;
	/* Their length, newlines included. */
	uint64_t bytes;
};

/** merge_superseded(merge, file): The lines of input number ${file}, from 0 in the order of
 * merge_read, that went for nothing; the caller frees the offsets. */
struct merge_dead merge_superseded(const struct merge *merge, size_t file) MUST_CHECK;

/** merge_conflicts(merge, count): The conflicts, by DOI, borrowed. */
const struct doi_conflict *merge_conflicts(const struct merge *merge, size_t *count);

#endif
