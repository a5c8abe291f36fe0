#include "spool.h"

#include "file.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)256 << 10)

static int
fault(const char *path, const char *what, const struct log *log)
{
	log_error(log, "%s: %s: %s", path, what, strerror(errno));
	return -1;
}

static int
copy(int from, const char *from_name, int to, const char *directory, const struct log *log)
{
	char *block = mem_new(BLOCK_BYTES, 1);
	int result = 1;

	while (result == 1) {
		ssize_t got = read(from, block, BLOCK_BYTES);

		if (got == 0)
			result = 0;
		else if (got < 0 && errno != EINTR)
			result = fault(from_name, "cannot read", log);
		else if (got > 0 && file_write_all(to, block, (size_t)got) == -1)
			result = fault(directory, "cannot write a temporary file", log);
	}
	free(block);
	return result;
}

/* Open for its owner alone, and gone with the last descriptor. */
static int
make_temporary(const char *directory, const struct log *log)
{
	char *path = file_path(directory, "fineset-XXXXXX");
	int fd = mkstemp(path);

	if (fd == -1)
		fault(directory, "cannot create a temporary file", log);
	else
		unlink(path);
	free(path);
	return fd;
}

static const char *
directory_of_temporaries(void)
{
	const char *wanted = getenv("TMPDIR");

	return wanted == NULL || *wanted == '\0' ? "/tmp" : wanted;
}

int
spool_new(const struct log *log)
{
	return make_temporary(directory_of_temporaries(), log);
}

int
spool_open(int fd, const char *name, const struct log *log)
{
	const char *directory = directory_of_temporaries();
	int spool = make_temporary(directory, log);

	if (spool == -1)
		return -1;
	if (copy(fd, name, spool, directory, log) == 0) {
		if (lseek(spool, 0, SEEK_SET) == 0)
			return spool;
		fault(directory, "cannot rewind a temporary file", log);
	}
	close(spool);
	return -1;
}

const char *
spool_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

int
spool_input(const char *path, const struct log *log)
{
	struct stat status;
	int pipe, spool;

	if (strcmp(path, "-") == 0)
		return spool_open(STDIN_FILENO, spool_name(path), log);
	if (stat(path, &status) == -1 || !S_ISFIFO(status.st_mode))
		return file_open(path, log);
	pipe = open(path, O_RDONLY | O_CLOEXEC);
	if (pipe == -1)
		return fault(path, "cannot open", log);
	spool = spool_open(pipe, path, log);
	close(pipe);
	return spool;
}
