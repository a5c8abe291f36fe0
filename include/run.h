#ifndef FINESET_RUN_H
#define FINESET_RUN_H

#include "attribute.h"
#include "log.h"
#include "options.h"
#include "outcome.h"
#include "progress.h"
#include "topic.h"

/**
 * run_dataset(command, directory, topic, options, progress, log):
 * One run on a dataset directory that exists: lock it, write topic.json if there is none, collect,
 * release, and leave last-run.json, also when it failed.  ${command} is the word for last-run.json.
 */
enum outcome run_dataset(const char *command, const char *directory, const struct topic *topic,
    const struct options *options, struct progress *progress, const struct log *log) MUST_CHECK;

#endif
