#ifndef FINESET_FILE_H
#define FINESET_FILE_H

#include "attribute.h"
#include "buf.h"
#include "digest.h"
#include "log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every fault below is logged as `PATH: what failed: reason`. */

/** file_path(directory, name): `DIRECTORY/NAME`; the caller frees it. */
char *file_path(const char *directory, const char *name) MUST_CHECK;

/**
 * file_open(path, log):
 * Open a regular file for reading; anything else is refused, and a FIFO does not make it wait.  A
 * descriptor, or -1.
 */
int file_open(const char *path, const struct log *log) MUST_CHECK;

/**
 * file_read_at(fd, path, offset, data, len, log):
 * Read exactly ${len} bytes from ${offset} on; ${path} is for messages.  0, or -1 (a file that
 * became shorter is one).
 */
int file_read_at(int fd, const char *path, uint64_t offset, char *data, size_t len,
    const struct log *log) MUST_CHECK;

/* What was last read of a file, and what stands beside it: 64 KiB at most.  Start with zeros. */
struct file_window {
	char *data;
	uint64_t from;
	size_t len;
};

/**
 * file_window_read(window, fd, path, offset, data, len, log):
 * As file_read_at, for a file of which the next piece often stands close to the last one, before or
 * behind it: then more is read at once.  Pieces that lie anywhere are read by themselves.
 */
int file_window_read(struct file_window *window, int fd, const char *path, uint64_t offset,
    char *data, size_t len, const struct log *log) MUST_CHECK;

/** file_window_free(window): Free what it holds; it has read nothing then. */
void file_window_free(struct file_window *window);

/** file_read(path, limit, out, log): Append all of a regular file of at most ${limit} bytes.  0, or
 * -1. */
int file_read(const char *path, size_t limit, struct buf *out, const struct log *log) MUST_CHECK;

/** file_write_all(fd, data, len): write until all is out.  0, or -1 with errno. */
int file_write_all(int fd, const char *data, size_t len) MUST_CHECK;

/**
 * file_replace(path, data, len, log):
 * Make ${path} hold exactly these bytes, or leave it as it was: temporary file beside it, fsync,
 * rename, fsync of the directory.  0, or -1.
 */
int file_replace(const char *path, const char *data, size_t len, const struct log *log) MUST_CHECK;

/** file_temporary(path): The name beside ${path} under which it is written; the caller frees it. */
char *file_temporary(const char *path) MUST_CHECK;

/** file_rename(from, to, log): Give a file on the disk the place of another; the name is on the
 * disk then, too.  0, or -1. */
int file_rename(const char *from, const char *to, const struct log *log) MUST_CHECK;

/** file_sync_directory(path, log): fsync a directory, so that names made or removed in it last.  0,
 * or -1. */
int file_sync_directory(const char *path, const struct log *log) MUST_CHECK;

/** file_make_directory(path, log): mkdir unless it is there already as a directory.  0, or -1. */
int file_make_directory(const char *path, const struct log *log) MUST_CHECK;

/** file_is_directory(path): Whether ${path} is a directory itself, not a link to one. */
bool file_is_directory(const char *path);

/** file_exists(path): Whether anything has this name, a dangling link included. */
bool file_exists(const char *path);

/* Buffered output to one new file that must not exist yet. */
struct file_writer {
	int fd;
	char *path;
	struct buf pending;
	uint64_t bytes;
	/* The descriptor belongs to somebody else: no fsync, no close. */
	bool borrowed;
	/* The errno of the first failed write; told by file_writer_close. */
	int error;
	const struct log *log;
	/* If set after the open, all bytes are fed to it; borrowed. */
	struct digest *digest;
};

/** file_writer_open(writer, path, log): Create ${path}, which must not exist.  0, or -1. */
int file_writer_open(
    struct file_writer *writer, const char *path, const struct log *log) MUST_CHECK;

/** file_writer_fd(writer, fd, path, log): Write to an open descriptor, which stays open; ${path}
 * names it in messages. */
void file_writer_fd(struct file_writer *writer, int fd, const char *path, const struct log *log);

/** file_writer_add(writer, data, len): Append bytes. */
void file_writer_add(struct file_writer *writer, const char *data, size_t len);

/** file_writer_close(writer): Flush, fsync and close what was opened.  0, or -1 if anything since
 * the open failed. */
int file_writer_close(struct file_writer *writer) MUST_CHECK;

#endif
