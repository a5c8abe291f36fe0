#ifndef FINESET_DOI_H
#define FINESET_DOI_H

#include "arxiv_id.h"
#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * doi_strip(text):
 * The DOI in ${text}, borrowed: without white space around it, a `doi:` prefix or the scheme and
 * host of a doi.org URL.  SLICE_NONE if what is left is no DOI (`10.`, digits and dots, `/`, at
 * least one graphic byte, no blank, at most BOUND_DOI_BYTES).  Case stays: text_fold makes
 * two spellings one.
 */
struct slice doi_strip(struct slice text) MUST_CHECK;

/**
 * doi_next(field, at, written):
 * Walk the DOIs of one field, which may hold several separated by blanks, with a comma or a
 * semicolon before them: ${at} starts at 0.
 * Returns the next valid one, stripped, and in ${written} the word as it was written; SLICE_NONE at
 * the end.
 */
struct slice doi_next(struct slice field, size_t *at, struct slice *written) MUST_CHECK;

/** doi_arxiv(doi, id): Whether a stripped DOI is `10.48550/arXiv.X` (any case) and so arXiv id X.
 */
bool doi_arxiv(struct slice doi, struct arxiv_id *id);

/** doi_is_arxiv_prefix(doi): Whether a stripped DOI stands under arXiv's own prefix, 10.48550. */
bool doi_is_arxiv_prefix(struct slice doi);

#endif
