#include "snapshot.h"

#include "buf.h"
#include "date.h"
#include "file.h"
#include "mem.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILLING ".new"
#define GOING ".old"
/* More snapshots of one day than this is no name of ours. */
#define TURN_MAX 999999

static int
name_parse(const char *text, struct snapshot_name *name)
{
	size_t len = strlen(text);
	char *end = NULL;

	if (len < 10 || len >= sizeof(name->text) ||
	    date_day_parse((struct slice){ text, 10 }, &name->day) == -1)
		return -1;
	name->turn = 1;
	if (len > 10) {
		if (text[10] != '.' || !text_is_digit(text[11]))
			return -1;
		name->turn = strtol(text + 11, &end, 10);
		if (*end != '\0' || name->turn < 2 || name->turn > TURN_MAX)
			return -1;
	}
	snprintf(name->text, sizeof(name->text), "%s", text);
	return 0;
}

/* Oldest first. */
static int
name_order(const void *a, const void *b)
{
	const struct snapshot_name *left = a, *right = b;

	if (left->day != right->day)
		return left->day < right->day ? -1 : 1;
	return (left->turn > right->turn) - (left->turn < right->turn);
}

static int
fault(const struct log *log, const char *path, const char *what)
{
	log_error(log, "%s: %s: %s", path, what, strerror(errno));
	return -1;
}

char *
snapshot_latest(const char *directory)
{
	char target[PATH_MAX], *link = file_path(directory, "latest"), *snapshots, *path;
	ssize_t len = readlink(link, target, sizeof(target) - 1);
	struct snapshot_name name;

	free(link);
	if (len <= 0)
		return NULL;
	target[len] = '\0';
	if (strncmp(target, "snapshots/", 10) != 0 || name_parse(target + 10, &name) == -1)
		return NULL;
	snapshots = file_path(directory, "snapshots");
	path = file_path(directory, target);
	if (!file_is_directory(snapshots) || !file_is_directory(path)) {
		free(path);
		path = NULL;
	}
	free(snapshots);
	return path;
}

/* Remove a directory and the files in it; a snapshot has no directories. */
static int
remove_directory(const char *path, const struct log *log)
{
	/* Never through a link: what was planted here must not lead to files elsewhere. */
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *listing = fd == -1 ? NULL : fdopendir(fd);
	const struct dirent *item;
	int result = 0;

	if (listing == NULL) {
		fault(log, path, "cannot read");
		if (fd != -1)
			close(fd);
		return -1;
	}
	while (result == 0 && (item = readdir(listing)) != NULL) {
		if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
			continue;
		if (unlinkat(dirfd(listing), item->d_name, 0) == -1) {
			log_error(
			    log, "%s/%s: cannot remove: %s", path, item->d_name, strerror(errno));
			result = -1;
		}
	}
	closedir(listing);
	if (result == 0 && rmdir(path) == -1)
		result = fault(log, path, "cannot remove");
	return result;
}

/* Remove a snapshot; it loses its name first, so a half one is never seen. */
static void
remove_snapshot(const char *snapshots, const char *path, const struct log *log)
{
	char *going = file_path(snapshots, GOING);

	if (file_exists(going) && remove_directory(going, log) == -1)
		goto out;
	if (rename(path, going) == -1)
		fault(log, path, "cannot remove");
	else if (remove_directory(going, log) == 0)
		log_notice(log, "%s: removed, `keep` in topic.json says how many stay", path);
out:
	free(going);
}

char *
snapshot_begin(const char *directory, const struct log *log)
{
	char *snapshots = file_path(directory, "snapshots");
	char *filling = file_path(snapshots, FILLING);
	char *latest = snapshot_latest(directory);
	int result = file_make_directory(snapshots, log);

	/* This was done before the snapshot that stands was begun. */
	if (result == 0 && latest == NULL)
		result = file_sync_directory(directory, log);
	if (result == 0 && file_exists(filling))
		result = remove_directory(filling, log);
	if (result == 0)
		result = file_make_directory(filling, log);
	free(latest);
	free(snapshots);
	if (result == 0)
		return filling;
	free(filling);
	return NULL;
}

void
snapshot_discard(const char *filled, const struct log *log)
{
	if (file_exists(filled) && remove_directory(filled, log) == 0)
		log_detail(log, "%s: removed, it was not finished", filled);
}

size_t
snapshot_list(const char *directory, struct snapshot_name **names)
{
	char *snapshots = file_path(directory, "snapshots");
	struct snapshot_name name;
	size_t count = 0, capacity = 0;
	DIR *listing = opendir(snapshots);
	const struct dirent *item;

	*names = NULL;
	while (listing != NULL && (item = readdir(listing)) != NULL) {
		if (name_parse(item->d_name, &name) == -1)
			continue;
		*names = mem_grow(*names, &capacity, count + 1, sizeof(**names));
		(*names)[count++] = name;
	}
	if (listing != NULL)
		closedir(listing);
	if (count > 0)
		qsort(*names, count, sizeof(**names), name_order);
	free(snapshots);
	return count;
}

/* The name of the next snapshot of a day: behind all that still stand, so it is the youngest. */
static char *
next_name(const char *directory, const char *snapshots, int64_t day)
{
	char text[DATE_DAY_SIZE], *path;
	struct buf next = BUF_INIT;
	struct snapshot_name *names;
	size_t count = snapshot_list(directory, &names);
	long turn = 0;

	for (size_t i = 0; i < count; i++)
		if (names[i].day == day)
			turn = names[i].turn;
	date_day_write(day, text);
	buf_add_text(&next, text);
	if (turn > 0)
		buf_printf(&next, ".%ld", turn + 1);
	path = file_path(snapshots, next.data);
	buf_free(&next);
	free(names);
	return path;
}

static int
point_latest(const char *directory, const char *snapshot, const struct log *log)
{
	char *link = file_path(directory, "latest"), *fresh = file_path(directory, "latest.tmp");
	struct buf target = BUF_INIT;
	int result = 0;

	buf_printf(&target, "snapshots/%s", strrchr(snapshot, '/') + 1);
	unlink(fresh);
	if (symlink(target.data, fresh) == -1)
		result = fault(log, fresh, "cannot link");
	else if (rename(fresh, link) == -1)
		result = fault(log, link, "cannot switch");
	if (result == 0)
		result = file_sync_directory(directory, log);
	buf_free(&target);
	free(link);
	free(fresh);
	return result;
}

char *
snapshot_publish(const char *directory, const char *filled, int64_t day, const struct log *log)
{
	char *snapshots = file_path(directory, "snapshots");
	char *path = next_name(directory, snapshots, day);
	int result = file_sync_directory(filled, log);

	if (result == 0 && rename(filled, path) == -1)
		result = fault(log, path, "cannot name the snapshot");
	if (result == 0)
		result = file_sync_directory(snapshots, log);
	if (result == 0)
		result = point_latest(directory, path, log);
	free(snapshots);
	if (result == 0)
		return path;
	free(path);
	return NULL;
}

void
snapshot_prune(const char *directory, int keep, const struct log *log)
{
	char *snapshots = file_path(directory, "snapshots"), *latest = snapshot_latest(directory);
	struct snapshot_name *names;
	size_t count = snapshot_list(directory, &names);
	size_t surplus = count > (size_t)keep ? count - (size_t)keep : 0;

	for (size_t i = 0; i < surplus; i++) {
		char *path = file_path(snapshots, names[i].text);

		if (latest != NULL && strcmp(path, latest) != 0 && file_is_directory(path))
			remove_snapshot(snapshots, path, log);
		free(path);
	}
	free(names);
	free(snapshots);
	free(latest);
}
