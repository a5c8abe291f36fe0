#ifndef FINESET_CHECK_H
#define FINESET_CHECK_H

/* What the fuzz targets share. */

#include "log.h"

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

/* Log lines are made, to find what a format does to them; each is one line that a terminal may
 * have.  ${cookie} counts them, or is NULL. */
static inline void
check_sink(void *cookie, enum log_level level, const char *line)
{
	size_t *count = cookie;

	(void)level;
	for (const char *at = line; *at != '\0'; at++)
		CHECK((unsigned char)*at >= 0x20 && *at != 0x7f);
	if (count != NULL)
		(*count)++;
}

#endif
