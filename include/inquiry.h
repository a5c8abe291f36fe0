#ifndef FINESET_INQUIRY_H
#define FINESET_INQUIRY_H

#include "arena.h"
#include "attribute.h"
#include "explain.h"
#include "file.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Papers of a subject that somebody asks for by name. */
struct inquiry {
	struct explain explain;
	/* As JSON, or for a person. */
	bool json;
	struct file_writer *out;
	/* Names that no paper has, or that several have, were among them. */
	bool unknown;
	/* The scores of all rows, counted in the first pass; NULL before. */
	struct row_stats *stats;
};

/** inquiry_free(inquiry): Free what it holds itself. */
void inquiry_free(struct inquiry *inquiry);

/**
 * inquiry_answer(inquiry, names, count, arena):
 * Explain the papers that have these names (lookup.h), in the order of the names; a name that no
 * row has may also be one of a source record behind a row: another arXiv id or DOI, a CorpusId
 * (`CorpusId:123`), a paperId, the URL of a Semantic Scholar page.  A name that no paper has is
 * told with the nearest ones.  0, or -1 (logged) if something cannot be read.
 */
int inquiry_answer(struct inquiry *inquiry, const struct slice *names, size_t count,
    struct arena *arena) MUST_CHECK;

#endif
