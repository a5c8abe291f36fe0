#ifndef APISERVER_WORLD_H
#define APISERVER_WORLD_H

#include "arena.h"
#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The papers that both APIs know, read from JSONL, one paper a line; README.md describes it.
 */

enum arxiv_field {
	ARXIV_TITLE,
	ARXIV_AUTHOR,
	ARXIV_ABSTRACT,
	ARXIV_COMMENT,
	ARXIV_JOURNAL,
	ARXIV_TEXT_FIELDS
};

/* A paper as arXiv has it. */
struct arxiv_paper {
	struct slice id;
	struct slice title;
	struct slice abstract;
	struct slice comment;
	struct slice journal_ref;
	/* One or several DOIs, separated by blanks. */
	struct slice doi;
	struct slice_list authors;
	struct slice_list categories;
	/* Submission times of v1 to vN, seconds since 1970. */
	int64_t *versions;
	size_t version_count;
	/* Folded for the search, see words.h. */
	struct slice words[ARXIV_TEXT_FIELDS];
};

/* One key of a Graph API paper object and its value as JSON. */
struct s2_value {
	struct slice key;
	struct slice json;
};

/* A paper as Semantic Scholar has it. */
struct s2_paper {
	struct slice paper_id;
	struct s2_value *values;
	size_t value_count;
	/* Folded for the search, see words.h. */
	struct slice title_words;
	struct slice abstract_words;
	struct slice_list fields_of_study;
	struct slice venue;
	/* The first day of what is known of the date; INT64_MIN without a year. */
	int64_t day;
	int64_t publication_day;
	int64_t citations;
};

struct world {
	struct arena arena;
	struct arxiv_paper *arxiv;
	size_t arxiv_count;
	size_t arxiv_capacity;
	/* In paperId order, which is that of the bulk search. */
	struct s2_paper *s2;
	size_t s2_count;
	size_t s2_capacity;
	struct index *arxiv_index;
	struct index *s2_index;
	/* How many papers were made up since the file was read. */
	unsigned grown;
};

/** world_load(world, path): Read a world file.  0, or -1 after saying on stderr what is wrong with
 * it. */
int world_load(struct world *world, const char *path) MUST_CHECK;

/** world_free(world): Free all that ${world} holds. */
void world_free(struct world *world);

/** world_arxiv_find(world, id): The paper of an id without version, old ones as `math/0309136`; or
 * SIZE_MAX. */
size_t world_arxiv_find(const struct world *world, struct slice id);

/**
 * world_s2_find(world, id):
 * The paper of an id in one of the forms of GET /paper/{id}: 40 hex digits, `CorpusId:`, `DOI:`,
 * `ARXIV:`, `MAG:`, `ACL:`, `PMID:`, `PMCID:`, `URL:`, a bare DOI; prefixes and DOIs in any case.
 * SIZE_MAX if there is none.
 */
size_t world_s2_find(const struct world *world, struct slice id);

/**
 * world_grow(world, arxiv, s2, when):
 * Make up one more paper on the model of an existing one (either may be SIZE_MAX), submitted at
 * ${when}.
 */
void world_grow(struct world *world, size_t arxiv, size_t s2, int64_t when);

#endif
