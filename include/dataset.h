#ifndef FINESET_DATASET_H
#define FINESET_DATASET_H

#include "attribute.h"
#include "log.h"
#include "outcome.h"
#include "topic.h"

#include <stdint.h>

/* A dataset directory as the command line names it, and its topic. */

/** dataset_path(given): `demo/` and `demo` are one directory.  The caller frees it. */
char *dataset_path(const char *given) MUST_CHECK;

/** dataset_topic_read(path, topic, log): Read a topic.json into ${topic}, which was initialised,
 * and give it a name.  OUTCOME_DONE, or what is wrong (logged). */
enum outcome dataset_topic_read(
    const char *path, struct topic *topic, const struct log *log) MUST_CHECK;

/** dataset_topic_name(topic): A topic without a name gets its first phrase for one. */
void dataset_topic_name(struct topic *topic);

/** dataset_topic_check_dates(topic, as_of, log): Whether it begins by the snapshot date, days since
 * 1970.  0, or -1 (logged). */
int dataset_topic_check_dates(
    const struct topic *topic, int64_t as_of, const struct log *log) MUST_CHECK;

#endif
