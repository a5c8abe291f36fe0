#ifndef FINESET_SPOOL_H
#define FINESET_SPOOL_H

#include "attribute.h"
#include "log.h"

/** spool_new(log): A temporary file without a name, empty, for its owner alone.  A descriptor that
 * the caller closes, or -1 (logged). */
int spool_new(const struct log *log) MUST_CHECK;

/**
 * spool_open(fd, name, log):
 * What ${fd} (a pipe, a terminal) still gives, copied into a temporary file without a name, so that
 * it can be read more than once; ${name} is for messages.  ${fd} stays the caller's.  A descriptor
 * at the start of the copy, which the caller closes, or -1 (logged).
 */
int spool_open(int fd, const char *name, const struct log *log) MUST_CHECK;

/**
 * spool_input(path, log):
 * Open an input that is to be read more than once: a file, `-` for stdin, or a pipe by its name (as
 * the shell makes of `<(...)`), which is copied.  A descriptor at its start, which the caller
 * closes, or -1 (logged).
 */
int spool_input(const char *path, const struct log *log) MUST_CHECK;

/** spool_name(path): What an input is called in messages: its path, or `stdin`. */
const char *spool_name(const char *path);

#endif
