#include "push_files.h"

#include "file.h"
#include "mem.h"
#include "output.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)256 << 10)
#define MANIFEST "manifest.json"

void
push_files_free(struct push_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		close(files->items[i].fd);
		free(files->items[i].name);
		free(files->items[i].path);
	}
	free(files->items);
	*files = (struct push_files){ 0 };
}

static int
feed(struct digest *digest, const struct push_file *file, const struct log *log)
{
	char *block = mem_new(BLOCK_BYTES, 1);
	int result = 0;

	for (uint64_t at = 0; result == 0 && at < file->bytes; at += BLOCK_BYTES) {
		uint64_t left = file->bytes - at;
		size_t len = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;

		result = file_read_at(file->fd, file->path, at, block, len, log);
		if (result == 0)
			digest_add(digest, block, len);
	}
	free(block);
	return result;
}

int
push_files_blob(const struct push_file *file, char hex[DIGEST_HEX_SIZE], const struct log *log)
{
	struct digest *digest = digest_new_sha1();
	unsigned char sum[DIGEST_BYTES];
	char header[32];
	int len = snprintf(header, sizeof(header), "blob %" PRIu64, file->bytes), result;

	/* The NUL is a part of it. */
	digest_add(digest, header, (size_t)len + 1);
	result = feed(digest, file, log);
	digest_finish(digest, sum);
	digest_hex(sum, hex);
	hex[2 * DIGEST_SHA1_BYTES] = '\0';
	digest_free(digest);
	return result;
}

static int
measure(struct push_file *file, const struct log *log)
{
	struct digest *digest;
	unsigned char sum[DIGEST_BYTES];
	struct stat status;
	int result;

	if (fstat(file->fd, &status) == -1) {
		log_error(log, "%s: cannot look at it", file->path);
		return -1;
	}
	file->bytes = (uint64_t)status.st_size;
	digest = digest_new();
	result = feed(digest, file, log);
	digest_finish(digest, sum);
	digest_hex(sum, file->sha256);
	digest_free(digest);
	return result;
}

static enum outcome
add(struct push_files *files, const char *directory, const char *name, const struct log *log)
{
	char *path = file_path(directory, name);
	int fd = file_open(path, log);
	struct push_file *file;

	if (fd == -1) {
		free(path);
		return OUTCOME_BAD_DATA;
	}
	files->items =
	    mem_grow(files->items, &files->capacity, files->count + 1, sizeof(*files->items));
	file = &files->items[files->count++];
	*file = (struct push_file){ .name = mem_dup(name, strlen(name)), .path = path, .fd = fd };
	return measure(file, log) == 0 ? OUTCOME_DONE : OUTCOME_BAD_DATA;
}

/* The name of a file that a snapshot may have; NULL for any other: none is taken for a path. */
static const char *
known_name(struct slice name)
{
	for (size_t i = 0; i < OUTPUT_COUNT; i++)
		if (slice_is(name, outputs[i].file))
			return outputs[i].file;
	return slice_is(name, "changes.jsonl") ? "changes.jsonl" : NULL;
}

static enum outcome
add_listed(struct push_files *files, const char *directory, struct slice name, struct slice sha256,
    const struct log *log)
{
	const char *known = known_name(name);
	const struct push_file *file;
	enum outcome outcome;

	if (known == NULL) {
		log_error(log, "%s/" MANIFEST ": files: no file of a snapshot: '" LOG_VALUE_FMT "'",
		    directory, LOG_VALUE(name));
		return OUTCOME_BAD_DATA;
	}
	outcome = add(files, directory, known, log);
	if (outcome != OUTCOME_DONE)
		return outcome;
	file = &files->items[files->count - 1];
	if (slice_is(sha256, file->sha256))
		return OUTCOME_DONE;
	log_error(log,
	    "%s: is not what the manifest tells of (SHA-256 is %s); `fineset audit %s` tells more",
	    file->path, file->sha256, directory);
	return OUTCOME_BAD_DATA;
}

enum outcome
push_files_open(struct push_files *files, const struct subject *subject, const struct log *log)
{
	enum outcome outcome = OUTCOME_DONE;
	struct slice name, sha256;
	uint64_t bytes;

	for (size_t i = 0; outcome == OUTCOME_DONE &&
			   manifest_reading_file(subject->manifest, i, &name, &bytes, &sha256);
	     i++)
		outcome = add_listed(files, subject->snapshot, name, sha256, log);
	/* Last: it holds the digests of the others. */
	if (outcome == OUTCOME_DONE)
		outcome = add(files, subject->snapshot, MANIFEST, log);
	return outcome;
}
