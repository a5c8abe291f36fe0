#ifndef FINESET_TEST_SCRATCH_H
#define FINESET_TEST_SCRATCH_H

/* What tests of files share: a directory that goes away again, and a log that remembers. */

#include "bounds.h"
#include "buf.h"
#include "file.h"
#include "log.h"
#include "mem.h"
#include "slice.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Directories that are open at once while one is removed: ours are never deeper. */
#define SCRATCH_DESCRIPTORS 8
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct scratch {
	char *path;
	/* All lines that were logged, each with its newline. */
	struct buf lines;
	struct log log;
};

static inline void
scratch_sink(void *cookie, enum log_level level, const char *line)
{
	struct scratch *scratch = cookie;

	(void)level;
	buf_add_text(&scratch->lines, line);
	buf_add_char(&scratch->lines, '\n');
}

/* Without a directory: a log alone. */
static inline void
scratch_log_init(struct scratch *scratch)
{
	*scratch = (struct scratch){ .lines = BUF_INIT };
	scratch->log = (struct log){ scratch_sink, scratch, LOG_DETAIL };
}

static inline void
scratch_init(struct scratch *scratch)
{
	const char *temporary = getenv("TMPDIR");

	scratch_log_init(scratch);
	scratch->path = file_path(
	    temporary == NULL || *temporary == '\0' ? "/tmp" : temporary, "fineset-unit-XXXXXX");
	assert_non_null(mkdtemp(scratch->path));
}

static inline int
scratch_remove(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static inline void
scratch_free(struct scratch *scratch)
{
	buf_free(&scratch->lines);
	if (scratch->path != NULL)
		assert_int_equal(
		    nftw(scratch->path, scratch_remove, SCRATCH_DESCRIPTORS, FTW_DEPTH | FTW_PHYS),
		    0);
	free(scratch->path);
}

/* What was logged since the last call must be this, the directory written as DIR. */
static inline void
scratch_assert_log(struct scratch *scratch, const char *wanted, const char *why)
{
	struct buf got = BUF_INIT;
	size_t len = scratch->path == NULL ? 0 : strlen(scratch->path);

	buf_add_text(&got, "");
	for (size_t i = 0; i < scratch->lines.len;) {
		if (len > 0 && strncmp(scratch->lines.data + i, scratch->path, len) == 0) {
			buf_add_text(&got, "DIR");
			i += len;
		} else {
			buf_add_char(&got, scratch->lines.data[i++]);
		}
	}
	if (!slice_is(buf_slice(&got), wanted))
		print_error("%s: logged\n%s", why, got.data == NULL ? "nothing\n" : got.data);
	assert_true(slice_is(buf_slice(&got), wanted));
	buf_free(&got);
	buf_clear(&scratch->lines);
}

/* A file of these bytes, open for reading and writing at its start, without any name. */
static inline int
scratch_open(struct slice text)
{
	const char *temporary = getenv("TMPDIR");
	char *path = file_path(
	    temporary == NULL || *temporary == '\0' ? "/tmp" : temporary, "fineset-unit-XXXXXX");
	int fd = mkstemp(path);

	assert_int_not_equal(fd, -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(file_write_all(fd, text.data, text.len), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	free(path);
	return fd;
}

/* The path of a name in the directory; the caller frees it. */
static inline char *
scratch_path(const struct scratch *scratch, const char *name)
{
	return file_path(scratch->path, name);
}

static inline void
scratch_write(const struct scratch *scratch, const char *name, struct slice text)
{
	char *path = scratch_path(scratch, name);
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
	free(path);
}

static inline void
scratch_read(const struct scratch *scratch, const char *name, struct buf *out)
{
	char *path = scratch_path(scratch, name);

	buf_clear(out);
	assert_int_equal(file_read(path, (size_t)64 << 20, out, NULL), 0);
	free(path);
}

static inline void
scratch_assert_file(
    const struct scratch *scratch, const char *name, const char *wanted, const char *why)
{
	struct buf got = BUF_INIT;

	scratch_read(scratch, name, &got);
	if (!slice_is(buf_slice(&got), wanted))
		print_error("%s: %s holds\n%s\n", why, name, got.data == NULL ? "" : got.data);
	assert_true(slice_is(buf_slice(&got), wanted));
	buf_free(&got);
}

static inline void
assert_bytes(struct slice got, struct slice wanted, const char *why)
{
	bool same = slice_equal(got, wanted) && (got.data == NULL) == (wanted.data == NULL);

	if (!same)
		print_error("%s: got '%.*s'%s, wanted '%.*s'%s\n", why, (int)got.len,
		    got.data == NULL ? "" : got.data, got.data == NULL ? " (none)" : "",
		    (int)wanted.len, wanted.data == NULL ? "" : wanted.data,
		    wanted.data == NULL ? " (none)" : "");
	assert_true(same);
}

/* xorshift64*: the same numbers on every machine; ${state} starts at anything but 0. */
static inline uint32_t
random_next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (uint32_t)(*state * UINT64_C(0x2545f4914f6cdd1d) >> 32);
}

static inline size_t
random_below(uint64_t *state, size_t limit)
{
	return random_next(state) % limit;
}

#endif
