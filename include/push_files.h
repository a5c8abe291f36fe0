#ifndef FINESET_PUSH_FILES_H
#define FINESET_PUSH_FILES_H

#include "attribute.h"
#include "digest.h"
#include "log.h"
#include "outcome.h"
#include "subject.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file of a snapshot on its way to the Hub. */
struct push_file {
	/* Its name there, and here. */
	char *name;
	char *path;
	int fd;
	uint64_t bytes;
	char sha256[DIGEST_HEX_SIZE];
	/* What the Hub wants: this file goes to LFS, not into the commit itself. */
	bool lfs;
	/* What stands there is not this. */
	bool changed;
	/* LFS has its bytes. */
	bool stored;
};

struct push_files {
	struct push_file *items;
	size_t count;
	size_t capacity;
};

/**
 * push_files_open(files, subject, log):
 * Open the files of a snapshot, which ${files} (zeroed) then holds: those that its manifest lists,
 * each as the manifest has it, and the manifest.  OUTCOME_DONE, or what is wrong (logged).
 */
enum outcome push_files_open(
    struct push_files *files, const struct subject *subject, const struct log *log) MUST_CHECK;

/** push_files_free(files): Close and free them. */
void push_files_free(struct push_files *files);

/** push_files_blob(file, hex, log): What git calls this file: the SHA-1 of a blob, in hex.  0, or
 * -1 (logged). */
int push_files_blob(
    const struct push_file *file, char hex[DIGEST_HEX_SIZE], const struct log *log) MUST_CHECK;

#endif
