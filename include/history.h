#ifndef FINESET_HISTORY_H
#define FINESET_HISTORY_H

#include "arena.h"
#include "attribute.h"
#include "explanation.h"
#include "log.h"

#include <stddef.h>

/**
 * history_read(root, explanations, count, arena, log):
 * Look for the papers of some explanations in each snapshot that a dataset directory keeps, by id,
 * else by arXiv id, else by DOI, and set their history: oldest first, and what moved the score from
 * one to the next.  One pass over each snapshot.  0, or -1 (logged) if one cannot be read.
 */
int history_read(const char *root, struct explanation *explanations, size_t count,
    struct arena *arena, const struct log *log) MUST_CHECK;

#endif
