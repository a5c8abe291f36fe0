/*
 * atom FILE TIMES: parse one saved page of the arXiv API to source records so many times, in this
 * process; print how many records it holds, then how many milliseconds each parse took.
 */
#include "answer.h"
#include "arxiv_feed.h"
#include "bounds.h"
#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
milliseconds(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
	const struct log log = log_stderr(LOG_ERROR);
	struct buf page = BUF_INIT;
	long times = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (times < 1 || file_read(argv[1], BOUND_BODY_BYTES, &page, &log) == -1)
		return 66;
	for (long i = 0; i < times; i++) {
		double start = milliseconds();
		struct answer answer;

		answer_init(&answer);
		arxiv_feed_parse(page.data, page.len, 1782788400, &log, &answer);
		if (i == 0)
			printf("%zu\n", answer.count);
		answer_free(&answer);
		printf("%.3f\n", milliseconds() - start);
	}
	buf_free(&page);
	return 0;
}
