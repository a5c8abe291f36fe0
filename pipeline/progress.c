#include "progress.h"

#include "source_report.h"

#include <inttypes.h>
#include <stdio.h>

/* Wide enough for what it says, narrow enough for any terminal. */
#define LINE_BYTES 79

void
progress_hide(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}

static void
sink(void *cookie, enum log_level level, const char *line)
{
	(void)level;
	progress_hide(cookie);
	fprintf(stderr, "fineset: %s\n", line);
}

struct log
progress_log(struct progress *progress, enum log_level wanted)
{
	return (struct log){ .sink = sink, .cookie = progress, .wanted = wanted };
}

void
progress_show(void *cookie, const struct endpoint *endpoints, size_t count, const char *doing)
{
	struct progress *progress = cookie;
	uint64_t requests = 0;
	char line[LINE_BYTES + 1];

	if (!progress->wanted)
		return;
	for (size_t i = 0; i < count; i++)
		requests += endpoints[i].report.requests;
	snprintf(line, sizeof(line), "%" PRIu64 " requests · %s", requests, doing);
	fprintf(stderr, "\r\033[K%s", line);
	fflush(stderr);
	progress->shown = true;
}
