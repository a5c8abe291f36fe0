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
	KNOWN_ABSENT = 2,
	/* arXiv brought it by id alone: its search does not find it. */
	KNOWN_BY_ID = 4
};

/* How what arXiv's search finds now differs from what it had found. */
struct known_difference {
	/* Papers, and new versions of papers, that were due before and had not come. */
	uint64_t papers;
	uint64_t versions;
	/* Papers that do not come any more. */
	uint64_t gone;
};

/** known_new(): Nothing is known. */
struct known *known_new(void) MUST_CHECK;

/** known_free(known): Free it. */
void known_free(struct known *known);

/**
 * known_add_arxiv(known, arxiv_id, dois, version, updated):
 * arXiv's search brought a paper, of that version since ${updated} (seconds since 1970).  Whether
 * that is news: it was not known from there in this version.
 */
bool known_add_arxiv(struct known *known, struct slice arxiv_id, struct slice dois, int64_t version,
    int64_t updated);

/** known_by_id(known, arxiv_id): It was not the search that brought this paper from arXiv, but an
 * id_list. */
void known_by_id(struct known *known, struct slice arxiv_id);

/**
 * known_add_semantic_scholar(known, arxiv_id, doi, dblp):
 * Semantic Scholar brought a paper, known by whichever of these is not SLICE_NONE.
 */
void known_add_semantic_scholar(
    struct known *known, struct slice arxiv_id, struct slice doi, struct slice dblp);

/** known_absent(known, source, arxiv_id): ${source} was asked for an arXiv id and does not know it.
 */
void known_absent(struct known *known, enum source source, struct slice arxiv_id);

/**
 * known_end_page(known, anew):
 * What Semantic Scholar has said since the last call is a page; if ${anew}, the first in which it
 * tells of everything again: what it does not bring from there on is wanted once more.
 */
void known_end_page(struct known *known, bool anew);

/** known_count(known): Papers with an arXiv id; they are numbered from 0 in the order of their
 * coming. */
size_t known_count(const struct known *known);

/** known_arxiv_id(known, paper): The arXiv id of a paper, borrowed until more is added. */
struct slice known_arxiv_id(const struct known *known, size_t paper);

/** known_dois(known, paper): The DOIs that arXiv gives for it, separated by spaces, borrowed
 * likewise. */
struct slice known_dois(const struct known *known, size_t paper);

/**
 * known_wants(known, source, paper):
 * Whether the other source brought the paper and ${source} is to be asked for it: arXiv once, for
 * good; Semantic Scholar each time that it tells of everything again, for its counts change.
 */
bool known_wants(const struct known *known, enum source source, size_t paper);

/** known_wants_any(known, source): Whether there is such a paper. */
bool known_wants_any(const struct known *known, enum source source);

/** known_is_absent(known, source, paper): Whether ${source} was asked for it and never brought it.
 */
bool known_is_absent(const struct known *known, enum source source, size_t paper);

/** known_from(known, source): How many papers with an arXiv id ${source} brought. */
size_t known_from(const struct known *known, enum source source);

/** known_found(known): How many papers the search of arXiv brought. */
size_t known_found(const struct known *known);

/** known_compare(before, now, since): What arXiv's search says ${now} against ${before}, when all
 * that was updated before ${since} (seconds since 1970) was due. */
struct known_difference known_compare(
    const struct known *before, const struct known *now, int64_t since);

/** known_searched(known, source), known_set_searched(known, source): Whether the search of
 * ${source} is over, well or not. */
bool known_searched(const struct known *known, enum source source);
void known_set_searched(struct known *known, enum source source);

#endif
