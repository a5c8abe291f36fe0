#ifndef FINESET_DOI_CONFLICT_H
#define FINESET_DOI_CONFLICT_H

#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/* A DOI whose records carry two or more arXiv ids; the manifest lists it. */
struct doi_conflict {
	/* In lower case. */
	struct slice doi;
	struct slice_list arxiv_ids;
	size_t records;
	/* The titles agree and the ids are two: the records were joined all the same. */
	bool joined;
};

#endif
