#ifndef FINESET_MANIFEST_CHECK_H
#define FINESET_MANIFEST_CHECK_H

#include "attribute.h"
#include "audit_fault.h"
#include "log.h"
#include "merge.h"
#include "row_stats.h"
#include "subject.h"

/**
 * manifest_check(subject, merge, stats, tell, cookie, log):
 * Hold the manifest of a snapshot against the files that it lists and against the counts that its
 * rows give (${stats}), with ${merge} also those of the sources; tell of each fault.  Nothing
 * without a manifest.  0, or -1 (logged) if a file cannot be read.
 */
int manifest_check(const struct subject *subject, const struct merge *merge,
    const struct row_stats *stats, audit_fault_fn *tell, void *cookie,
    const struct log *log) MUST_CHECK;

#endif
