#ifndef APISERVER_GENERATE_H
#define APISERVER_GENERATE_H

#include "attribute.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A made-up world. */
struct generate {
	size_t papers;
	uint64_t seed;
	/* What its papers are about. */
	const char *phrase;
	/* Days of the first and the last submission. */
	int64_t from;
	int64_t to;
};

/**
 * generate_write(wanted, out):
 * Write a world file: abstracts of about 1,300 characters, six authors, arXiv ids in the order of
 * submission.  97 % have an S2 record; for 3 % of these only its batch finds it (no abstract, a
 * title without the phrase); 1 % of all are found by S2's search only.  The same ${wanted} gives
 * the same bytes.  0, or -1 if it could not be written.
 */
int generate_write(const struct generate *wanted, FILE *out) MUST_CHECK;

#endif
