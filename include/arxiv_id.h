#ifndef FINESET_ARXIV_ID_H
#define FINESET_ARXIV_ID_H

#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/* The longest canonical id, such as `acc-phys/9411001`, and room to spare, with its NUL. */
#define ARXIV_ID_SIZE 32

/* An arXiv paper: its canonical id without version, and the version that was named (0: none). */
struct arxiv_id {
	char text[ARXIV_ID_SIZE];
	int version;
};

/**
 * arxiv_id_parse(text, id):
 * Read an arXiv id: `YYMM.NNNN` or `YYMM.NNNNN`, or an old `archive/YYMMNNN` or
 * `archive.SC/YYMMNNN` (the subject class is dropped: math.GT/0309136 is math/0309136), each with
 * an optional `vN` behind it, an optional `arXiv:` before it, or as an arxiv.org URL (abs, pdf,
 * html, e-print, with or without scheme).  Source: info.arxiv.org/help/arxiv_identifier.  0, or -1
 * if it is none.
 */
int arxiv_id_parse(struct slice text, struct arxiv_id *id) MUST_CHECK;

/**
 * arxiv_id_from_dblp(key, id):
 * DBLP names arXiv papers `journals/corr/abs-YYMM-NNNNN`; whether ${key} is such a name.
 */
bool arxiv_id_from_dblp(struct slice key, struct arxiv_id *id);

#endif
