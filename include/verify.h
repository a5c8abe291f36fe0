#ifndef FINESET_VERIFY_H
#define FINESET_VERIFY_H

#include "attribute.h"
#include "file.h"
#include "log.h"
#include "subject.h"

#include <stdbool.h>
#include <stdint.h>

/* What a verification came to. */
struct verification {
	uint64_t rows;
	/* Rows without any fault. */
	uint64_t reproduced;
	/* All faults, those of no single row (digests, counts, missing papers) included. */
	uint64_t faults;
	/* Rows whose id the row alone does not tell (no arXiv id, no DOI), where there are no
	 * sources to ask. */
	uint64_t untold_ids;
};

/**
 * verify_rows(subject, merge, day, json, out, verification, log):
 * Check every row of a subject as of ${day} (days since 1970).  With ${merge} (subject_merge; may
 * be NULL) each line against what the sources give, and that no paper is missing; else what a row
 * says of itself (row_check.h).  Then the order of the rows, that an id, without sources also an
 * arXiv id and a DOI, stands for one row, and with a manifest its digests and counts.  Each fault
 * becomes a line of ${out}, for people or as JSON (audit_fault.h).  0, or -1 (logged) if something
 * cannot be read.
 */
int verify_rows(struct subject *subject, struct merge *merge, int64_t day, bool json,
    struct file_writer *out, struct verification *verification, const struct log *log) MUST_CHECK;

#endif
