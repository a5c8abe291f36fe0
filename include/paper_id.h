#ifndef FINESET_PAPER_ID_H
#define FINESET_PAPER_ID_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>

/**
 * paper_id_text(arxiv_id, doi, text):
 * Append the text whose SHA-256 is the id of a paper with this canonical arXiv id, else with this
 * DOI (as written: it is stripped and lower-cased; see doi.h): `paper:arxiv:2606.20543`,
 * `paper:doi:10.1145/3802513`.  False, and nothing appended, if there is neither (SLICE_NONE, or no
 * DOI): only its CorpusId tells then.
 */
bool paper_id_text(struct slice arxiv_id, struct slice doi, struct buf *text);

#endif
