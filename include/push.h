#ifndef FINESET_PUSH_H
#define FINESET_PUSH_H

#include "attribute.h"
#include "log.h"
#include "outcome.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a snapshot is to go; all is borrowed. */
struct push_plan {
	/* Names that hub_repo_check and hub_repo_check_revision have passed. */
	const char *name;
	const char *revision;
	/* Make the repository if there is none; make it a private one, and refuse one that is not.
	 */
	bool create;
	bool is_private;
	/* Say on stdout what would be sent, and write nothing there. */
	bool dry_run;
	/* Milliseconds; 0 is no limit. */
	int64_t max_time;
};

#define PUSH_REVISION "main"

/**
 * push_snapshot(path, plan, log):
 * Have the Hub hold the files of a snapshot (of a dataset directory its latest one): send those
 * that it has not, and make one commit of them, on the head that was read; none if nothing has
 * changed.  OUTCOME_DONE, or what went wrong (logged); what stands on the Hub is the old state or
 * the new one.
 */
enum outcome push_snapshot(
    const char *path, const struct push_plan *plan, const struct log *log) MUST_CHECK;

#endif
