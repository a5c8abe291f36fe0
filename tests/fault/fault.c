/*
 * A library for LD_PRELOAD that counts the calls by which a program changes one directory and lets
 * one of them go wrong:
 *   FAULT_DIR     the directory, an absolute path without links
 *   FAULT_TRACE   a file, to which a line `CALL PATH` is appended for each such call
 *   FAULT_AT      the number of the call, from 1
 *   FAULT_ACTION  kill  the process dies before it
 *                 tear  the first half is written, then the process dies; kill for other calls
 *                 term  the process gets a SIGTERM, then the call is made
 *                 enospc, eio  the call fails, once
 * The calls go straight to the kernel, so it does not matter what else stands between.
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

/* Where a descriptor leads, or where AT_FDCWD is. */
static void
descriptor_path(int fd, char path[PATH_MAX])
{
	char name[64];
	ssize_t len;

	snprintf(name, sizeof(name), fd == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", fd);
	/* NOLINTNEXTLINE(readability-suspicious-call-argument): that is its order. */
	len = readlink(name, path, PATH_MAX - 1);
	path[len < 0 ? 0 : len] = '\0';
}

static void
name_path(int directory, const char *name, char path[PATH_MAX])
{
	char base[PATH_MAX] = "";

	if (name[0] != '/')
		descriptor_path(directory, base);
	if (snprintf(path, PATH_MAX, "%s%s%s", base, name[0] == '/' ? "" : "/", name) >= PATH_MAX)
		abort();
}

static bool
is_ours(const char *path)
{
	const char *directory = getenv("FAULT_DIR");
	size_t len = directory == NULL ? 0 : strlen(directory);

	return len > 0 && strncmp(path, directory, len) == 0 &&
	       (path[len] == '/' || path[len] == '\0');
}

static void
trace(const char *call, const char *path)
{
	const char *file = getenv("FAULT_TRACE");
	char line[PATH_MAX + 64];
	int len = snprintf(line, sizeof(line), "%s %s\n", call, path);
	long fd;

	if (file == NULL)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (fd == -1 || syscall(SYS_write, fd, line, len) != len)
		abort();
	syscall(SYS_close, fd);
}

/* Count a call; what is to happen at it, NULL for nothing. */
static const char *
count(const char *call, const char *path)
{
	const char *at = getenv("FAULT_AT");
	long number;

	if (!is_ours(path))
		return NULL;
	number = atomic_fetch_add(&calls, 1) + 1;
	trace(call, path);
	return at != NULL && strtol(at, NULL, 10) == number ? getenv("FAULT_ACTION") : NULL;
}

/* Whether the call is to be made; if not, errno is set. */
static bool
goes_on(const char *action)
{
	if (action == NULL)
		return true;
	if (strcmp(action, "kill") == 0 || strcmp(action, "tear") == 0)
		raise(SIGKILL);
	if (strcmp(action, "term") == 0)
		return raise(SIGTERM) == 0;
	errno = strcmp(action, "enospc") == 0 ? ENOSPC : EIO;
	return false;
}

static bool
descriptor_goes_on(const char *call, int fd)
{
	char path[PATH_MAX];

	descriptor_path(fd, path);
	return goes_on(count(call, path));
}

static bool
name_goes_on(const char *call, int directory, const char *name)
{
	char path[PATH_MAX];

	name_path(directory, name, path);
	return goes_on(count(call, path));
}

ssize_t
write(int fd, const void *data, size_t len)
{
	char path[PATH_MAX];
	const char *action;

	descriptor_path(fd, path);
	action = count("write", path);
	if (action != NULL && strcmp(action, "tear") == 0)
		syscall(SYS_write, fd, data, len / 2);
	return goes_on(action) ? syscall(SYS_write, fd, data, len) : -1;
}

ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
	char path[PATH_MAX];
	const char *action;

	descriptor_path(fd, path);
	action = count("pwrite", path);
	if (action != NULL && strcmp(action, "tear") == 0)
		syscall(SYS_pwrite64, fd, data, len / 2, offset);
	return goes_on(action) ? syscall(SYS_pwrite64, fd, data, len, offset) : -1;
}

ssize_t
copy_file_range(int from, off_t *from_at, int to, off_t *to_at, size_t len, unsigned flags)
{
	if (!descriptor_goes_on("copy_file_range", to))
		return -1;
	return syscall(SYS_copy_file_range, from, from_at, to, to_at, len, flags);
}

int
fsync(int fd)
{
	return descriptor_goes_on("fsync", fd) ? (int)syscall(SYS_fsync, fd) : -1;
}

int
fdatasync(int fd)
{
	return descriptor_goes_on("fdatasync", fd) ? (int)syscall(SYS_fdatasync, fd) : -1;
}

int
ftruncate(int fd, off_t len)
{
	return descriptor_goes_on("ftruncate", fd) ? (int)syscall(SYS_ftruncate, fd, len) : -1;
}

int
open(const char *name, int flags, ...)
{
	mode_t mode = 0;

	if (flags & O_CREAT) {
		va_list rest;

		va_start(rest, flags);
		mode = va_arg(rest, mode_t);
		va_end(rest);
		if (!name_goes_on("open", AT_FDCWD, name))
			return -1;
	}
	return (int)syscall(SYS_openat, AT_FDCWD, name, flags, mode);
}

int
renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	if (!name_goes_on("rename", to_directory, to))
		return -1;
	return (int)syscall(SYS_renameat, from_directory, from, to_directory, to);
}

int
rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

int
unlinkat(int directory, const char *name, int flags)
{
	if (!name_goes_on(flags & AT_REMOVEDIR ? "rmdir" : "unlink", directory, name))
		return -1;
	return (int)syscall(SYS_unlinkat, directory, name, flags);
}

int
unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

int
rmdir(const char *name)
{
	return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

int
symlink(const char *target, const char *name)
{
	if (!name_goes_on("symlink", AT_FDCWD, name))
		return -1;
	return (int)syscall(SYS_symlinkat, target, AT_FDCWD, name);
}

int
mkdir(const char *name, mode_t mode)
{
	if (!name_goes_on("mkdir", AT_FDCWD, name))
		return -1;
	return (int)syscall(SYS_mkdirat, AT_FDCWD, name, mode);
}
