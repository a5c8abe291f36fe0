#ifndef FINESET_AUDIT_FAULT_H
#define FINESET_AUDIT_FAULT_H

#include "buf.h"
#include "row_line.h"
#include "slice.h"

#include <stdint.h>

/* Something that does not reproduce; all is borrowed. */
struct audit_fault {
	/* The file of the snapshot that it is in, such as `manifest.json`; NULL: the rows. */
	const char *file;
	/* The line among the rows, from 1; 0 if it is in none of them. */
	uint64_t line;
	/* What the row there says of itself; SLICE_NONE if nothing. */
	struct slice id;
	struct slice arxiv_id;
	/* A key of row_fields, `key order`, `line` for a line as a whole; `bytes`, `sha256` or the
	   path of a manifest's key, `merge.papers`. */
	const char *field;
	/* What stands there and what should, as JSON; SLICE_NONE if that cannot be said. */
	struct slice stored;
	struct slice expected;
	/* More about it, for people; SLICE_NONE if the two values say all. */
	struct slice reason;
};

/* Who hears of faults. */
typedef void audit_fault_fn(void *cookie, const struct audit_fault *fault);

/** audit_fault_name(fault, row, id, arxiv_id): Name the row of a fault as it names itself; ${id}
 * and
 * ${arxiv_id} hold the texts. */
void audit_fault_name(
    struct audit_fault *fault, const struct row_line *row, struct buf *id, struct buf *arxiv_id);

/**
 * audit_fault_text_write(fault, out):
 * One line for a person, safe on any terminal: `line 12: 2606.20543: venue: stored "ICML", expected
 * "NeurIPS" (reason)`.  Of long values it shows where they differ.
 */
void audit_fault_text_write(const struct audit_fault *fault, struct buf *out);

/**
 * audit_fault_json_write(fault, out):
 * One line of JSON with the keys file, line, id, arxiv_id, field, stored, expected, reason; null
 * where there is nothing.
 */
void audit_fault_json_write(const struct audit_fault *fault, struct buf *out);

#endif
