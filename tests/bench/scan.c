/*
 * scan newlines|records FILE...: read files in blocks of 1 MiB and either only look for the
 * newlines or validate each line as the journals' scanner does, with the keys of a source record as
 * the wanted ones; print how many lines there are.
 */
#include "file.h"
#include "jsonl.h"
#include "lines.h"
#include "mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)1 << 20)
/* More than any source record has. */
#define KEYS 32

static int
count_newlines(int fd, uint64_t *lines)
{
	static char block[BLOCK_BYTES];
	ssize_t got;

	while ((got = read(fd, block, sizeof(block))) > 0) {
		const char *at = block, *end = block + got;

		while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
			at++;
			++*lines;
		}
	}
	return got == 0 ? 0 : -1;
}

/* The wanted keys are those of the first record: a journal's second line, behind its query. */
static size_t
find_keys(struct slice line, struct slice keys[KEYS])
{
	struct jsonl_value key, value;
	size_t at = 0, count = 0;

	while (count < KEYS && jsonl_next_member(line, &at, &key, &value))
		keys[count++] = key.raw;
	return count;
}

/* The next line, validated: 1, 0 at the end, or -1 (logged). */
static int
scan_next(struct lines *lines, const struct slice *keys, size_t key_count, struct slice *line)
{
	struct jsonl_value values[KEYS];
	struct jsonl_error error;
	int more;

	*line = lines_ahead(lines);
	if (jsonl_scan_first(*line, keys, key_count, values, &line->len) == 0) {
		lines_take(lines, line->len);
		return 1;
	}
	more = lines_next(lines, line);
	if (more != 1 || jsonl_scan(line->data, line->len, keys, key_count, values, &error) == 0)
		return more;
	log_error(lines->log, "%s: line %" PRIu64 ": %s", lines->name, lines->number, error.reason);
	return -1;
}

static int
scan_records(int fd, const char *path, const struct log *log, uint64_t *count)
{
	struct slice line, keys[KEYS] = { SLICE_NONE };
	size_t key_count = 0;
	struct lines lines;
	char *first = NULL;
	int more;

	lines_init(&lines, fd, path, log);
	while ((more = scan_next(&lines, keys, key_count, &line)) == 1) {
		if (lines.number == 2) {
			first = mem_dup(line.data, line.len);
			key_count = find_keys((struct slice){ first, line.len }, keys);
		}
	}
	*count += lines.number;
	lines_free(&lines);
	free(first);
	return more;
}

int
main(int argc, char **argv)
{
	const struct log log = log_stderr(LOG_ERROR);
	uint64_t count = 0;
	int result = 0;

	for (int i = 2; i < argc && result == 0; i++) {
		int fd = file_open(argv[i], &log);

		if (fd == -1)
			return 66;
		result = strcmp(argv[1], "newlines") == 0 ? count_newlines(fd, &count)
							  : scan_records(fd, argv[i], &log, &count);
		close(fd);
	}
	printf("%" PRIu64 "\n", count);
	return result == 0 ? 0 : 65;
}
