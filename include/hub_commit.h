#ifndef FINESET_HUB_COMMIT_H
#define FINESET_HUB_COMMIT_H

#include "attribute.h"
#include "file.h"
#include "log.h"
#include "push_files.h"

/* What one commit is to be. */
struct hub_commit {
	/* One line. */
	const char *summary;
	/* In hex; the Hub refuses the commit if the branch stands elsewhere. */
	const char *parent;
	/* Those that changed are in it. */
	const struct push_files *files;
};

/**
 * hub_commit_write(commit, out, log):
 * The commit as the Hub takes it, a line of JSON for each part: the header, then the files, in
 * base64 or, where LFS has them, by name.  0, or -1 (logged) if one cannot be read; what cannot be
 * written is told when ${out} is closed.
 */
int hub_commit_write(
    const struct hub_commit *commit, struct file_writer *out, const struct log *log) MUST_CHECK;

#endif
