#include "lines.h"

#include "bounds.h"
#include "file.h"
#include "jsonl.h"
#include "mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fuzz targets set a small one: quicker, and lines reach over its end. */
#ifndef LINES_BLOCK_BYTES
#define LINES_BLOCK_BYTES ((size_t)256 << 10)
#endif
/* Behind a range only the rest of its last line is wanted. */
#define TAIL_BYTES (LINES_BLOCK_BYTES / 16)
/* So much of a line is given: enough to see that it is too long. */
#define LONGEST (BOUND_LINE_BYTES + 1)

void
lines_init(struct lines *lines, int fd, const char *name, const struct log *log)
{
	*lines = (struct lines){ .fd = fd, .name = name, .log = log, .left = UINT64_MAX };
}

void
lines_range(struct lines *lines, uint64_t from, uint64_t to, uint64_t limit)
{
	/* The byte before tells whether a line begins at ${from}. */
	uint64_t start = from == 0 ? 0 : from - 1;

	lines->ranged = true;
	lines->position = lines->offset = start;
	lines->to = to;
	lines->left = limit < start ? 0 : limit - start;
	lines->number = lines->bytes = lines->start = lines->end = 0;
	lines->at_end = 0;
	lines->partial = from > 0;
}

void
lines_free(struct lines *lines)
{
	free(lines->block);
	lines->block = NULL;
}

/* How much to read at once. */
static size_t
block_size(const struct lines *lines)
{
	uint64_t wanted = LINES_BLOCK_BYTES;

	if (lines->ranged && lines->position + wanted > lines->to)
		wanted = lines->position < lines->to ? lines->to - lines->position : TAIL_BYTES;
	return (size_t)(wanted < lines->left ? wanted : lines->left);
}

/* Read more behind what is there; the unfinished line moves to the front of the block. */
static int
fill(struct lines *lines)
{
	size_t kept = lines->end - lines->start;
	size_t wanted = block_size(lines);
	ssize_t got;

	if (kept > 0)
		memmove(lines->block, lines->block + lines->start, kept);
	lines->start = 0;
	lines->end = kept;
	lines->block =
	    mem_grow(lines->block, &lines->capacity, kept + LINES_BLOCK_BYTES + JSONL_PADDING, 1);
	do
		got = lines->ranged
			  ? pread(lines->fd, lines->block + kept, wanted, (off_t)lines->position)
			  : read(lines->fd, lines->block + kept, wanted);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		log_error(lines->log, "%s: cannot read: %s", lines->name, strerror(errno));
		return -1;
	}
	lines->at_end = got == 0;
	lines->end += (size_t)got;
	lines->left -= (uint64_t)got;
	lines->position += (uint64_t)got;
	memset(lines->block + lines->end, 0, JSONL_PADDING);
	return 0;
}

static int
find_line(struct lines *lines, struct slice *line)
{
	size_t searched = 0;
	const char *newline = NULL;

	lines->offset += lines->bytes;
	lines->bytes = 0;
	for (;;) {
		size_t have = lines->end - lines->start;

		if (have > searched)
			newline =
			    memchr(lines->block + lines->start + searched, '\n', have - searched);
		if (newline != NULL || (lines->at_end && have > 0))
			break;
		/* In a range that lies within one line the rest of that line is not looked for: in
		 * all of its ranges that would read it over and over. */
		if (lines->at_end || (lines->partial && lines->position >= lines->to))
			return 0;
		if (have > LONGEST) {
			/* Nobody wants the rest: make room. */
			lines->bytes += have - LONGEST;
			lines->end = lines->start + LONGEST;
			have = LONGEST;
		}
		searched = have;
		if (fill(lines) == -1)
			return -1;
	}
	line->data = lines->block + lines->start;
	line->len = newline != NULL ? (size_t)(newline - line->data) : lines->end - lines->start;
	lines->bytes += line->len + (newline != NULL);
	lines->start += line->len + (newline != NULL);
	lines->number++;
	if (line->len > LONGEST)
		line->len = LONGEST;
	return 1;
}

int
lines_next(struct lines *lines, struct slice *line)
{
	if (lines->partial) {
		/* It began before the range. */
		int more = find_line(lines, line);

		if (more != 1)
			return more;
		lines->partial = false;
		lines->number = 0;
	}
	if (lines->ranged && lines->offset + lines->bytes >= lines->to)
		return 0;
	return find_line(lines, line);
}

struct slice
lines_ahead(const struct lines *lines)
{
	if (lines->block == NULL || lines->partial ||
	    (lines->ranged && lines->offset + lines->bytes >= lines->to))
		return SLICE_NONE;
	return (struct slice){ lines->block + lines->start, lines->end - lines->start };
}

void
lines_take(struct lines *lines, size_t len)
{
	lines->offset += lines->bytes;
	lines->bytes = len + 1;
	lines->start += lines->bytes;
	lines->number++;
}

int
lines_again(
    int fd, const char *name, uint64_t offset, size_t len, struct buf *out, const struct log *log)
{
	buf_clear(out);
	if (file_read_at(fd, name, offset, buf_reserve(out, len), len, log) == -1)
		return -1;
	out->len = len;
	jsonl_pad(out);
	return 0;
}
