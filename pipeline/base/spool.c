#include "spool.h"

#include "file.h"
#include "mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

int
spool_open(int fd, const char *name, const struct log *log)
{
	const char *wanted = getenv("TMPDIR");
	const char *directory = wanted == NULL || *wanted == '\0' ? "/tmp" : wanted;
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
