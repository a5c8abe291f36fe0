#include "journal_part.h"

#include "buf.h"
#include "file.h"
#include "journal_file.h"
#include "lines.h"
#include "record_line.h"

#include <stdlib.h>
#include <unistd.h>

/* A place in a journal that is read through. */
struct place {
	uint64_t bytes;
	uint64_t position;
	/* The last record before it; without bytes if there is none. */
	uint64_t record;
	size_t record_bytes;
};

/* The position that a commit says, if it does: what stands before it cannot be told apart any
 * more. */
static bool
says_position(struct slice line, uint64_t *position)
{
	struct record_line commit;
	char *reason = NULL;
	int64_t told;
	bool says =
	    record_line_parse(line.data, line.len, &commit, &reason) == RECORD_LINE_COMMIT &&
	    jsonl_int64(&commit.values[RECORD_POSITION], &told) == 0;

	if (says)
		*position = (uint64_t)told;
	free(reason);
	return says;
}

/* Find the end of the part, behind the head or a commit.  1, 0 if there is none, or -1. */
static int
find_end(int fd, const char *path, uint64_t position, struct place *found, const struct log *log)
{
	struct place here = { 0 };
	struct lines lines;
	struct slice line;
	int more, result = 0;

	lines_init(&lines, fd, path, log);
	while ((more = lines_next(&lines, &line)) == 1) {
		bool commit = record_line_is_commit(line);

		here.bytes += lines.bytes;
		here.position += lines.bytes;
		if (commit && says_position(line, &here.position))
			result = 0;
		if ((commit || lines.number == 1) && here.position == position) {
			*found = here;
			result = 1;
		} else if (!commit && lines.number > 1) {
			here.record = lines.offset;
			here.record_bytes = line.len;
		}
	}
	lines_free(&lines);
	return more == 0 ? result : -1;
}

/* When the newest record before a place was fetched: of a page no time is before that of an earlier
 * one.  0 without any. */
static int64_t
last_fetched(int fd, const char *path, const struct place *place, const struct log *log)
{
	struct record_line record;
	struct buf line = BUF_INIT;
	char *reason = NULL;
	int64_t fetched = 0;

	if (place->record_bytes > 0 &&
	    lines_again(fd, path, place->record, place->record_bytes, &line, log) == 0 &&
	    record_line_parse(line.data, line.len, &record, &reason) == RECORD_LINE_RECORD)
		fetched = record_line_fetched(&record);
	free(reason);
	buf_free(&line);
	return fetched;
}

/* Whether an open journal stood at the point. */
static bool
find_part(int fd, const char *path, const struct journal_point *point, uint64_t *bytes,
    const struct log *log)
{
	struct place end = { 0 };

	if (find_end(fd, path, point->position, &end, log) != 1)
		return false;
	*bytes = end.bytes;
	/* Another journal for the same query may be as long, but not of the same time. */
	return last_fetched(fd, path, &end, log) == point->fetched && lseek(fd, 0, SEEK_SET) == 0;
}

int
journal_part_find(const char *directory, enum source source, struct slice query,
    const struct journal_point *point, struct journal_part *part, const struct log *log)
{
	for (int next = 0; next <= 1; next++) {
		part->fd = -1;
		part->path = journal_file_path(directory, source, next == 1);
		if (journal_file_head(part->path, query, NULL) == JOURNAL_HEAD_OURS)
			part->fd = file_open(part->path, log);
		if (part->fd != -1 && find_part(part->fd, part->path, point, &part->bytes, log))
			return 0;
		if (part->fd != -1)
			close(part->fd);
		free(part->path);
	}
	return -1;
}
