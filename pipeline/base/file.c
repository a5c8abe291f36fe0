#include "file.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Large writes: the kernel's cost is by call. */
#define WRITER_BYTES ((size_t)256 << 10)
/* So many records of a journal come with one that a call costs each of them little. */
#define WINDOW_BYTES ((size_t)64 << 10)

static int
fault(const struct log *log, const char *path, const char *what)
{
	log_error(log, "%s: %s: %s", path, what, strerror(errno));
	return -1;
}

char *
file_path(const char *directory, const char *name)
{
	struct buf path = BUF_INIT;

	buf_printf(&path, "%s/%s", directory, name);
	return buf_take(&path);
}

static int
read_all(int fd, const char *path, size_t limit, struct buf *out, const struct log *log)
{
	size_t start = out->len;

	for (;;) {
		char *end = buf_reserve(out, 64 << 10);
		ssize_t got = read(fd, end, 64 << 10);

		if (got == 0)
			return 0;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault(log, path, "cannot read");
		out->len += (size_t)got;
		out->data[out->len] = '\0';
		if (out->len - start > limit) {
			log_error(log, "%s: larger than %zu bytes", path, limit);
			return -1;
		}
	}
}

int
file_open(const char *path, const struct log *log)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd == -1)
		return fault(log, path, "cannot open");
	if (fstat(fd, &status) == -1)
		fault(log, path, "cannot look at");
	else if (!S_ISREG(status.st_mode))
		log_error(log, "%s: not a regular file", path);
	else
		return fd;
	close(fd);
	return -1;
}

/* Read ${len} bytes, and up to ${most} if they come along.  How many, or -1 with errno, which is 0
 * if the file ends before. */
static ssize_t
read_at(int fd, uint64_t offset, char *data, size_t len, size_t most)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = pread(fd, data + done, most - done, (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = 0;
		if (got <= 0)
			return -1;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

int
file_read_at(
    int fd, const char *path, uint64_t offset, char *data, size_t len, const struct log *log)
{
	if (read_at(fd, offset, data, len, len) != -1)
		return 0;
	log_error(log, "%s: cannot read again at byte %" PRIu64 ": %s", path, offset,
	    errno == 0 ? "the file became shorter" : strerror(errno));
	return -1;
}

static bool
window_holds(const struct file_window *window, uint64_t offset, size_t len)
{
	return window->data != NULL && offset >= window->from &&
	       offset - window->from <= window->len && len <= window->len - (offset - window->from);
}

/* Move a window to where it holds a piece that fits into it: it begins with the piece, or ends with
 * it if that lies before what was read last.  Whether that could be read. */
static bool
window_move(struct file_window *window, int fd, uint64_t offset, size_t len)
{
	bool before = offset < window->from;
	uint64_t apart = before ? window->from - offset : offset - window->from;
	size_t most = apart <= WINDOW_BYTES ? WINDOW_BYTES : len;
	uint64_t from = !before ? offset : offset + len > most ? offset + len - most : 0;
	ssize_t got;

	if (window->data == NULL)
		window->data = mem_new(WINDOW_BYTES, 1);
	got = read_at(fd, from, window->data, (size_t)(offset - from) + len, most);
	window->from = from;
	window->len = got == -1 ? 0 : (size_t)got;
	return got != -1;
}

int
file_window_read(struct file_window *window, int fd, const char *path, uint64_t offset, char *data,
    size_t len, const struct log *log)
{
	/* What cannot be read beside a piece is no fault of the piece. */
	if (len > WINDOW_BYTES ||
	    (!window_holds(window, offset, len) && !window_move(window, fd, offset, len)))
		return file_read_at(fd, path, offset, data, len, log);
	memcpy(data, window->data + (offset - window->from), len);
	return 0;
}

void
file_window_free(struct file_window *window)
{
	free(window->data);
	*window = (struct file_window){ 0 };
}

int
file_read(const char *path, size_t limit, struct buf *out, const struct log *log)
{
	int fd = file_open(path, log), result;

	if (fd == -1)
		return -1;
	result = read_all(fd, path, limit, out, log);
	close(fd);
	return result;
}

int
file_write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t wrote = write(fd, data, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return -1;
		data += wrote;
		len -= (size_t)wrote;
	}
	return 0;
}

static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_dup(".", 1);
	return slash == path ? mem_dup("/", 1) : mem_dup(path, (size_t)(slash - path));
}

int
file_sync_directory(const char *path, const struct log *log)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = 0;

	if (fd == -1)
		return fault(log, path, "cannot open");
	/* Some file systems cannot fsync a directory and say EINVAL: they keep names in order
	 * themselves. */
	if (fsync(fd) == -1 && errno != EINVAL)
		result = fault(log, path, "cannot fsync");
	close(fd);
	return result;
}

char *
file_temporary(const char *path)
{
	struct buf temporary = BUF_INIT;

	buf_printf(&temporary, "%s.tmp", path);
	return buf_take(&temporary);
}

int
file_rename(const char *from, const char *to, const struct log *log)
{
	char *directory = directory_of(to);
	int result = 0;

	if (rename(from, to) == -1)
		result = fault(log, to, "cannot rename to");
	else
		result = file_sync_directory(directory, log);
	free(directory);
	return result;
}

int
file_replace(const char *path, const char *data, size_t len, const struct log *log)
{
	struct file_writer writer;
	char *temporary = file_temporary(path);
	int result = -1;

	unlink(temporary);
	if (file_writer_open(&writer, temporary, log) == 0) {
		file_writer_add(&writer, data, len);
		result = file_writer_close(&writer);
	}
	if (result == 0)
		result = file_rename(temporary, path, log);
	if (result == -1)
		unlink(temporary);
	free(temporary);
	return result;
}

int
file_make_directory(const char *path, const struct log *log)
{
	if (file_is_directory(path) || mkdir(path, 0777) == 0)
		return 0;
	/* Another made it meanwhile. */
	if (errno == EEXIST && file_is_directory(path))
		return 0;
	return fault(log, path, "cannot make directory");
}

bool
file_is_directory(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool
file_exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

int
file_writer_open(struct file_writer *writer, const char *path, const struct log *log)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd == -1)
		return fault(log, path, "cannot create");
	*writer = (struct file_writer){
		.fd = fd,
		.path = mem_dup(path, strlen(path)),
		.log = log,
	};
	return 0;
}

void
file_writer_fd(struct file_writer *writer, int fd, const char *path, const struct log *log)
{
	*writer = (struct file_writer){
		.fd = fd,
		.path = mem_dup(path, strlen(path)),
		.borrowed = true,
		.log = log,
	};
}

static void
write_now(struct file_writer *writer, const char *data, size_t len)
{
	if (writer->error == 0 && file_write_all(writer->fd, data, len) == -1)
		writer->error = errno;
}

static void
writer_flush(struct file_writer *writer)
{
	write_now(writer, writer->pending.data, writer->pending.len);
	buf_clear(&writer->pending);
}

void
file_writer_add(struct file_writer *writer, const char *data, size_t len)
{
	if (writer->digest != NULL)
		digest_add(writer->digest, data, len);
	writer->bytes += len;
	if (len < WRITER_BYTES)
		buf_add(&writer->pending, data, len);
	if (len >= WRITER_BYTES || writer->pending.len >= WRITER_BYTES)
		writer_flush(writer);
	/* What is large already is not gathered first. */
	if (len >= WRITER_BYTES)
		write_now(writer, data, len);
}

int
file_writer_close(struct file_writer *writer)
{
	writer_flush(writer);
	if (!writer->borrowed) {
		if (writer->error == 0 && fsync(writer->fd) == -1)
			writer->error = errno;
		if (close(writer->fd) == -1 && writer->error == 0)
			writer->error = errno;
	}
	errno = writer->error;
	if (writer->error != 0)
		fault(writer->log, writer->path, "cannot write");
	buf_free(&writer->pending);
	free(writer->path);
	writer->path = NULL;
	return writer->error == 0 ? 0 : -1;
}
