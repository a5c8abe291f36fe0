#ifndef FINESET_COMMIT_H
#define FINESET_COMMIT_H

#include "slice.h"

#include <stdbool.h>

/* Longest text in a commit: the token of a search, which goes into a URL; recorded ones have 100 to
 * 200 bytes. */
#define COMMIT_TEXT_BYTES 2000

/**
 * commit_is_sound(commit):
 * Whether a commit that was read from a journal is one that a source may go on from: a JSON object
 * without repeated keys, whose numbers are whole and of a size that sums and products of them do
 * not overflow (INT64_MIN stands for none), and whose texts are no longer than COMMIT_TEXT_BYTES.
 */
bool commit_is_sound(struct slice commit);

#endif
