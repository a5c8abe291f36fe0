#ifndef FINESET_RUN_H
#define FINESET_RUN_H

#include "attribute.h"
#include "collect.h"
#include "log.h"
#include "options.h"
#include "outcome.h"
#include "progress.h"
#include "topic.h"

/* What a command does to a dataset. */
struct run_plan {
	/* For last-run.json. */
	const char *command;
	struct collect_plan collect;
};

/**
 * run_dataset(plan, directory, topic, options, progress, log):
 * One run on a dataset directory that exists: lock it, write topic.json if there is none, collect,
 * release, and leave last-run.json, also when it failed.
 */
enum outcome run_dataset(const struct run_plan *plan, const char *directory,
    const struct topic *topic, const struct options *options, struct progress *progress,
    const struct log *log) MUST_CHECK;

/**
 * run_refused(plan, directory, outcome, options, log):
 * A run on a dataset directory that ends with ${outcome} before it began, for its topic.json is
 * wrong: what last-run.json tells of an earlier run is replaced, where there was one.  The outcome,
 * or that this cannot be written.
 */
enum outcome run_refused(const struct run_plan *plan, const char *directory, enum outcome outcome,
    const struct options *options, const struct log *log) MUST_CHECK;

#endif
