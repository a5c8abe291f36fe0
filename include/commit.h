#ifndef FINESET_COMMIT_H
#define FINESET_COMMIT_H

#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A commit of a journal, where a source goes on from: a JSON object, or a value in one.  Who has
 * written it is not known.  NULL stands for a value that is not there, and is one of no kind.
 */
struct commit;

/** commit_parse(text): Read a commit.  NULL if it is no JSON object, has a key twice, or is longer
 * than any that a run writes. */
struct commit *commit_parse(struct slice text) MUST_CHECK;

/** commit_free(commit): Free what commit_parse gave, with all values in it. */
void commit_free(struct commit *commit);

/** commit_member(object, key): The value of a key, borrowed; NULL if there is none. */
const struct commit *commit_member(const struct commit *object, const char *key);

/** commit_count(list), commit_element(list, i): How many values a list has, 0 of what is none; one
 * of them, borrowed, NULL behind the end. */
size_t commit_count(const struct commit *list);
const struct commit *commit_element(const struct commit *list, size_t i);

/**
 * commit_number(value, none), commit_text(value), commit_is_true(value):
 * A whole number, of a size that sums and products of a few do not overflow, ${none} if it is none;
 * a string, borrowed, or SLICE_NONE; whether it is `true`.
 */
int64_t commit_number(const struct commit *value, int64_t none);
struct slice commit_text(const struct commit *value);
bool commit_is_true(const struct commit *value);

#endif
