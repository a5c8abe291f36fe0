#ifndef FINESET_LINES_H
#define FINESET_LINES_H

#include "attribute.h"
#include "buf.h"
#include "log.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file of lines, read in large blocks from where its descriptor stands, or from a range of it. */
struct lines {
	int fd;
	/* For messages; borrowed. */
	const char *name;
	const struct log *log;
	/* The line that lines_next gave: its number from 1 and its offset, both from where reading
	 * began; in a range the offset is the file's. */
	uint64_t number;
	uint64_t offset;
	/* Its bytes, newline included, where there is one. */
	size_t bytes;
	/* How much more may be read; no limit unless it is set after lines_init. */
	uint64_t left;

	/* Of a range: where in the file the next block begins, and where lines no longer begin. */
	bool ranged;
	/* What comes first is the rest of a line before the range. */
	bool partial;
	uint64_t position;
	uint64_t to;
	char *block;
	size_t start;
	size_t end;
	size_t capacity;
	int at_end;
};

/** lines_init(lines, fd, name, log): Read lines from ${fd}, which stays the caller's. */
void lines_init(struct lines *lines, int fd, const char *name, const struct log *log);

/**
 * lines_range(lines, from, to, limit):
 * From now on read the lines that begin at ${from} or later, but before ${to}, of the first
 * ${limit} bytes of a file that allows pread; where its descriptor stands does not matter.  Ranges
 * that meet give each line once.
 */
void lines_range(struct lines *lines, uint64_t from, uint64_t to, uint64_t limit);

/** lines_free(lines): Free the block. */
void lines_free(struct lines *lines);

/**
 * lines_next(lines, line):
 * The next line without its newline, borrowed until the next call; JSONL_PADDING bytes behind it
 * are readable.  The last line needs no newline.  Of a line that is longer than BOUND_LINE_BYTES
 * one byte more than that comes, which record_line_parse refuses; lines->bytes counts all of it. 1,
 * 0 at the end, or -1 (logged) if reading fails.
 */
int lines_next(struct lines *lines, struct slice *line) MUST_CHECK;

/** lines_ahead(lines): What is in memory of the lines to come, the last of them maybe not whole;
 * JSONL_PADDING bytes behind it are readable.  Borrowed until the next call. */
struct slice lines_ahead(const struct lines *lines);

/** lines_take(lines, len): Pass over the next line as if lines_next had given it: the caller found
 * its newline behind ${len} bytes of lines_ahead. */
void lines_take(struct lines *lines, size_t len);

/**
 * lines_again(fd, name, offset, len, out, log):
 * Have ${out} hold ${len} bytes of lines that were read before, JSONL_PADDING zeros behind them.
 * 0, or -1 (logged; a file that became shorter is one).
 */
int lines_again(int fd, const char *name, uint64_t offset, size_t len, struct buf *out,
    const struct log *log) MUST_CHECK;

#endif
