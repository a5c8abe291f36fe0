#ifndef FINESET_KNOWN_H
#define FINESET_KNOWN_H

#include "attribute.h"
#include "slice.h"
#include "source_record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which papers the two sources have brought so far, by arXiv id and DOI: what one source has not
 * brought is asked from it by id.  Filled from the journals and by the machines.
 */
struct known;

enum known_state {
	/* The source brought a record of it. */
	KNOWN_BROUGHT = 1,
	/* The source was asked by id and does not know it. */
	KNOWN_ABSENT = 2
};

/** known_new(): Nothing is known. */
struct known *known_new(void) MUST_CHECK;

/** known_free(known): Free it. */
void known_free(struct known *known);

/**
 * known_add_arxiv(known, arxiv_id, dois, version):
 * arXiv brought a paper.  Whether that is news: it was not known from arXiv in this version.
 */
bool known_add_arxiv(
    struct known *known, struct slice arxiv_id, struct slice dois, int64_t version);

/**
 * known_add_semantic_scholar(known, arxiv_id, doi, dblp):
 * Semantic Scholar brought a paper, known by whichever of these is not SLICE_NONE.
 */
void known_add_semantic_scholar(
    struct known *known, struct slice arxiv_id, struct slice doi, struct slice dblp);

/** known_absent(known, source, arxiv_id): ${source} was asked for an arXiv id and does not know it.
 */
void known_absent(struct known *known, enum source source, struct slice arxiv_id);

/** known_count(known): Papers with an arXiv id; they are numbered from 0 in the order of their
 * coming. */
size_t known_count(const struct known *known);

/** known_arxiv_id(known, paper): The arXiv id of a paper, borrowed until more is added. */
struct slice known_arxiv_id(const struct known *known, size_t paper);

/** known_dois(known, paper): The DOIs that arXiv gives for it, separated by spaces, borrowed
 * likewise. */
struct slice known_dois(const struct known *known, size_t paper);

/** known_wants(known, source, paper): Whether the paper came from the other source alone and
 * ${source} was not asked for it. */
bool known_wants(const struct known *known, enum source source, size_t paper);

/** known_from(known, source): How many papers with an arXiv id ${source} brought. */
size_t known_from(const struct known *known, enum source source);

/** known_searched(known, source), known_set_searched(known, source): Whether the search of
 * ${source} is over, well or not. */
bool known_searched(const struct known *known, enum source source);
void known_set_searched(struct known *known, enum source source);

#endif
