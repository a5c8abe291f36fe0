#ifndef FINESET_ARXIV_SEARCH_H
#define FINESET_ARXIV_SEARCH_H

#include "answer.h"
#include "attribute.h"
#include "buf.h"
#include "commit.h"
#include "key_table.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far the search of arXiv has come: windows of first submissions, read from the oldest paper on
 * in pages.  The server breaks near 10,000 results (facts: arxiv-api, 1 Limits), so a window that
 * holds more is read as far as is safe and goes on, as a window of its own, from the last minute
 * that was told.
 */

/* Minutes since 1970, both included; neighbours share a minute, for whether a window ends with the
 * first or the last second of its last minute is not documented. */
struct arxiv_window {
	int64_t from;
	int64_t to;
};

struct arxiv_search {
	/* What is left; the last one is being read. */
	struct arxiv_window *windows;
	size_t window_count;
	size_t window_capacity;
	/* Where the last window ends, and up to where all was read; INT64_MIN before. */
	int64_t until;
	int64_t complete;

	/* In the window: where the next page starts and how large it is, what the server counts,
	 * by how much it has counted less meanwhile, how many different entries came. */
	int64_t start;
	int64_t page_size;
	int64_t total;
	int64_t fallen;
	int64_t distinct;
	struct key_table *seen;
	/* The same of all times that the window was read. */
	int64_t all_fallen;
	struct key_table *all_seen;
	/* So many entries from start on have come already and are not to be counted again. */
	int64_t overlap;
	/* The last minute that was told, how many entries it has, and whether minutes only rose. */
	int64_t last_minute;
	int64_t in_last_minute;
	bool ordered;
	/* The window goes on from another that began at owed_from, and by the count of that one it
	 * holds at least so many. */
	int64_t owed;
	int64_t owed_from;
	/* Doubtful answers in a row; times that the window was read again. */
	unsigned doubts;
	unsigned rounds;
	/* The largest page that is asked for. */
	int64_t page_max;

	/* Matches of the first window by the server's count, -1 before; matches that never came. */
	int64_t matched;
	int64_t missing;
};

/** arxiv_search_init(search): Nothing is left and nothing was read. */
void arxiv_search_init(struct arxiv_search *search);

/** arxiv_search_free(search): Free what it holds. */
void arxiv_search_free(struct arxiv_search *search);

/** arxiv_search_begin(search, first, until): Read all between these minutes, whatever was read
 * before. */
void arxiv_search_begin(struct arxiv_search *search, int64_t first, int64_t until);

/** arxiv_search_write(search, out): Append the point to go on from as members of a JSON object. */
void arxiv_search_write(const struct arxiv_search *search, struct buf *out);

/** arxiv_search_restore(search, commit): Go on from what arxiv_search_write put into ${commit}.  0,
 * or -1 if no run has written that: the search is of no use then. */
int arxiv_search_restore(struct arxiv_search *search, const struct commit *commit) MUST_CHECK;

/** arxiv_search_window(search): The window that is being read, borrowed; NULL when nothing is left.
 */
const struct arxiv_window *arxiv_search_window(const struct arxiv_search *search);

/**
 * arxiv_search_take(search, answer, doubts, log, reason):
 * Eat a page of the window and move on behind it.  Whether it can be relied on; if not, ${reason}
 * says why, and it is to be asked again.  An answer without any paper is believed when it came
 * ${doubts} times.
 */
bool arxiv_search_take(struct arxiv_search *search, const struct answer *answer, unsigned doubts,
    const struct log *log, struct buf *reason) MUST_CHECK;

/** arxiv_search_shrink(search): Ask for half as much at a time, down to 100. */
void arxiv_search_shrink(struct arxiv_search *search);

#endif
