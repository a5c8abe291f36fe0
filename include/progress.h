#ifndef FINESET_PROGRESS_H
#define FINESET_PROGRESS_H

#include "engine.h"
#include "log.h"

#include <stdbool.h>

/* One line on a terminal that tells where a run stands, and the log lines that scroll past above
 * it. */
struct progress {
	/* Whether there is a line to redraw: stderr is a terminal and progress is wanted. */
	bool wanted;
	bool shown;
};

/** progress_log(progress, wanted): A log to stderr that takes the line away before it writes. */
struct log progress_log(struct progress *progress, enum log_level wanted);

/** progress_show(cookie, endpoints, count, doing): An engine_progress_fn (${cookie} is the
 * struct progress). */
void progress_show(void *cookie, const struct endpoint *endpoints, size_t count, const char *doing);

/** progress_hide(progress): Take the line away. */
void progress_hide(struct progress *progress);

#endif
