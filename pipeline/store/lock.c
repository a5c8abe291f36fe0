#include "lock.h"

#include "buf.h"
#include "date.h"
#include "file.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The holder's note is a line; whatever is longer is not ours. */
#define NOTE_BYTES 200

static void
write_note(int fd)
{
	struct buf note = BUF_INIT;
	char since[DATE_TIME_SIZE], host[HOST_NAME_MAX + 1] = "";

	if (gethostname(host, sizeof(host) - 1) == -1)
		snprintf(host, sizeof(host), "a host without name");
	date_time_write((int64_t)time(NULL), since);
	buf_printf(
	    &note, "process %" PRIdMAX " on %.32s, since %s\n", (intmax_t)getpid(), host, since);
	/* The note is a courtesy: the lock holds without it. */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, note.data, note.len, 0) == -1)
		errno = 0;
	buf_free(&note);
}

static void
tell_holder(const char *path, int fd, const struct log *log)
{
	char note[NOTE_BYTES];
	ssize_t got = pread(fd, note, sizeof(note), 0);
	struct slice holder = text_trim((struct slice){ note, got < 0 ? 0 : (size_t)got });

	log_error(log, "%s: another run holds the lock: " LOG_VALUE_FMT, path, LOG_VALUE(holder));
}

enum lock_result
lock_take(const char *directory, struct lock *lock, const struct log *log)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path = file_path(directory, ".lock");
	enum lock_result result = LOCK_TAKEN;

	lock->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (lock->fd == -1) {
		log_error(log, "%s: cannot open: %s", path, strerror(errno));
		result = LOCK_FAILED;
	} else if (fcntl(lock->fd, F_SETLK, &whole) == 0) {
		write_note(lock->fd);
	} else if (errno == EACCES || errno == EAGAIN) {
		tell_holder(path, lock->fd, log);
		result = LOCK_HELD;
	} else {
		log_error(log, "%s: cannot lock: %s", path, strerror(errno));
		result = LOCK_FAILED;
	}
	if (result != LOCK_TAKEN)
		lock_release(lock);
	free(path);
	return result;
}

void
lock_release(struct lock *lock)
{
	if (lock->fd != -1)
		close(lock->fd);
	lock->fd = -1;
}
