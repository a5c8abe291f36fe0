#include "journal_file.h"

#include "bounds.h"
#include "buf.h"
#include "file.h"
#include "lines.h"
#include "record_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is read of a file for its head, which is seldom longer. */
#define HEAD_BYTES 4096
/* What is read of its end at first, for the last commit. */
#define END_BYTES (UINT64_C(1) << 20)

char *
journal_file_path(const char *directory, enum source source, bool next)
{
	struct buf path = BUF_INIT;

	buf_printf(
	    &path, "%s/sources/%s%s.jsonl", directory, source_name(source), next ? ".next" : "");
	return buf_take(&path);
}

static enum journal_head
head_of_line(const char *path, struct slice line, struct slice query, const struct log *log)
{
	struct record_line parsed;
	char *reason = NULL;

	switch (record_line_parse(line.data, line.len, &parsed, &reason)) {
	case RECORD_LINE_QUERY:
		return slice_equal(parsed.values[RECORD_QUERY].raw, query) ? JOURNAL_HEAD_OURS
									   : JOURNAL_HEAD_OTHER;
	case RECORD_LINE_BAD:
	case RECORD_LINE_RECORD:
	case RECORD_LINE_COMMIT:
		break;
	}
	log_error(log, "%s: line 1: %s; all that it held is asked for again", path,
	    reason == NULL ? "no query" : reason);
	free(reason);
	return JOURNAL_HEAD_OTHER;
}

enum journal_head
journal_file_head(const char *path, struct slice query, const struct log *log)
{
	struct lines lines;
	struct slice line;
	enum journal_head head;
	int fd, more;

	if (!file_exists(path))
		return JOURNAL_HEAD_NONE;
	fd = file_open(path, log);
	if (fd == -1)
		return JOURNAL_HEAD_UNREADABLE;
	lines_init(&lines, fd, path, log);
	lines_range(&lines, 0, HEAD_BYTES, UINT64_MAX);
	more = lines_next(&lines, &line);
	if (more == -1)
		head = JOURNAL_HEAD_UNREADABLE;
	else if (more == 0 || lines.bytes == line.len)
		head = JOURNAL_HEAD_NONE;
	else
		head = head_of_line(path, line, query, log);
	lines_free(&lines);
	close(fd);
	return head;
}

/* Where the last commit of ${text}, which begins with a line or within one, ends; 0 without one. */
static size_t
last_commit_end(struct slice text)
{
	size_t end = text.len;

	while (end > 0) {
		size_t start = end - 1;

		while (start > 0 && text.data[start - 1] != '\n')
			start--;
		if (text.data[end - 1] == '\n' &&
		    record_line_is_commit((struct slice){ text.data + start, end - 1 - start }))
			return end;
		end = start;
	}
	return 0;
}

static bool
is_journal(int fd)
{
	static const char head[] = "{\"query\":";
	char start[sizeof(head) - 1];

	return pread(fd, start, sizeof(start), 0) == (ssize_t)sizeof(start) &&
	       memcmp(start, head, sizeof(start)) == 0;
}

int
journal_file_committed(
    int fd, const char *path, uint64_t *bytes, uint64_t *torn, const struct log *log)
{
	struct buf text = BUF_INIT;
	struct stat status;
	uint64_t size, end = 0;
	int result = 0;

	if (fstat(fd, &status) == -1) {
		log_error(log, "%s: cannot read: %s", path, strerror(errno));
		return -1;
	}
	size = *bytes = (uint64_t)status.st_size;
	*torn = 0;
	if (!is_journal(fd))
		return 0;
	/* A torn page is no larger than the answer that it was. */
	for (uint64_t read = END_BYTES; end == 0 && result == 0; read *= 4) {
		uint64_t from = read < size ? size - read : 0;

		buf_clear(&text);
		result =
		    file_read_at(fd, path, from, buf_reserve(&text, size - from), size - from, log);
		text.len = size - from;
		end = result == -1 ? 0 : last_commit_end(buf_slice(&text));
		if (end > 0)
			*bytes = from + end;
		if (from == 0 || read >= BOUND_BODY_BYTES)
			break;
	}
	*torn = size - *bytes;
	buf_free(&text);
	return result;
}
