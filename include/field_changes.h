#ifndef FINESET_FIELD_CHANGES_H
#define FINESET_FIELD_CHANGES_H

#include "attribute.h"
#include "buf.h"
#include "row_line.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which fields of two versions of a paper differ, and how often each did.  Two values are the same
 * if jsonl_copy makes them equal: escapes, and white space between the elements of a list, are no
 * difference.  A key that a row lacks counts as null.
 */
struct field_changes;

/** field_changes_new(): Nothing compared yet. */
struct field_changes *field_changes_new(void) MUST_CHECK;

/** field_changes_free(fields): Free it. */
void field_changes_free(struct field_changes *fields);

/* A row: its line as it was read, and taken apart. */
struct field_changes_row {
	struct slice line;
	struct row_line values;
};

/**
 * field_changes_write(fields, old, new, out):
 * Count the fields that differ and append `{"venue": {"old": ..., "new": ...}}` of them: those of
 * row_fields in their order, then other top-level keys by name.  Returns how many differ; without
 * any nothing is appended.
 */
size_t field_changes_write(struct field_changes *fields, const struct field_changes_row *old,
    const struct field_changes_row *new, struct buf *out);

/**
 * field_changes_next(fields, at, name, count):
 * Walk the fields that differed: those of row_fields in their order, then others in the order in
 * which they were met.  ${at} starts at 0; ${name} is borrowed.  False at the end.
 */
bool field_changes_next(
    const struct field_changes *fields, size_t *at, struct slice *name, uint64_t *count);

#endif
