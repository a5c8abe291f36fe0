#ifndef FINESET_CHECK_H
#define FINESET_CHECK_H

/* What the fuzz targets share. */

#include "buf.h"
#include "log.h"
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A property that holds for every input. */
#define CHECK(condition)                                                                        \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

/* Log lines are made, to find what a format does to them; nothing in one would have to be shown
 * otherwise.  ${cookie} counts them, or is NULL. */
static inline void
check_sink(void *cookie, enum log_level level, const char *line)
{
	struct buf shown = BUF_INIT;
	size_t *count = cookie;

	(void)level;
	text_show(slice_of(line), &shown);
	CHECK(slice_equal(buf_slice(&shown), slice_of(line)));
	buf_free(&shown);
	if (count != NULL)
		(*count)++;
}

#endif
