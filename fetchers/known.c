#include "known.h"

#include "bounds.h"
#include "buf.h"
#include "doi.h"
#include "key_table.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

enum key { KEY_ARXIV_ID, KEY_S2_DOI, KEY_DOI_FIELD };

struct paper {
	uint32_t arxiv_id;
	/* arXiv's field of DOIs, or KEY_NONE. */
	uint32_t dois;
	int64_t version;
	/* enum known_state by source. */
	unsigned char state[SOURCE_COUNT];
};

struct known {
	struct key_table *keys;
	struct paper *papers;
	size_t count;
	size_t capacity;
	/* By key number: the paper of an arXiv id. */
	uint32_t *paper_of;
	size_t paper_of_capacity;
	size_t brought[SOURCE_COUNT];
	bool searched[SOURCE_COUNT];
};

struct known *
known_new(void)
{
	struct known *known = mem_new(1, sizeof(*known));

	known->keys = key_table_new();
	return known;
}

void
known_free(struct known *known)
{
	if (known == NULL)
		return;
	key_table_free(known->keys);
	free(known->papers);
	free(known->paper_of);
	free(known);
}

static struct paper *
paper_of(struct known *known, struct slice arxiv_id)
{
	size_t before = key_table_count(known->keys);
	uint32_t key = key_table_intern(known->keys, KEY_ARXIV_ID, arxiv_id);
	struct paper *paper;

	if (key_table_count(known->keys) == before)
		return &known->papers[known->paper_of[key]];
	known->paper_of = mem_grow(
	    known->paper_of, &known->paper_of_capacity, (size_t)key + 1, sizeof(*known->paper_of));
	known->papers =
	    mem_grow(known->papers, &known->capacity, known->count + 1, sizeof(*known->papers));
	known->paper_of[key] = (uint32_t)known->count;
	paper = &known->papers[known->count++];
	*paper = (struct paper){ .arxiv_id = key, .dois = KEY_NONE, .version = -1 };
	return paper;
}

/* Lower case, as DOIs are compared. */
static struct slice
fold_doi(struct slice doi, char folded[BOUND_DOI_BYTES])
{
	for (size_t i = 0; i < doi.len; i++)
		folded[i] = text_lower(doi.data[i]);
	return (struct slice){ folded, doi.len };
}

static bool
bring(struct known *known, struct paper *paper, enum source source)
{
	bool news = !(paper->state[source] & KNOWN_BROUGHT);

	known->brought[source] += news;
	paper->state[source] |= KNOWN_BROUGHT;
	return news;
}

bool
known_add_arxiv(struct known *known, struct slice arxiv_id, struct slice dois, int64_t version)
{
	struct paper *paper = paper_of(known, arxiv_id);
	bool news = bring(known, paper, SOURCE_ARXIV) || paper->version != version;

	paper->version = version;
	if (dois.len > 0)
		paper->dois = key_table_intern(known->keys, KEY_DOI_FIELD, dois);
	return news;
}

void
known_add_semantic_scholar(
    struct known *known, struct slice arxiv_id, struct slice doi, struct slice dblp)
{
	char folded[BOUND_DOI_BYTES];
	struct slice one, written;
	struct arxiv_id id;
	size_t at = 0;

	if (arxiv_id.data != NULL)
		bring(known, paper_of(known, arxiv_id), SOURCE_SEMANTIC_SCHOLAR);
	if (arxiv_id_from_dblp(dblp, &id))
		bring(known, paper_of(known, slice_of(id.text)), SOURCE_SEMANTIC_SCHOLAR);
	while ((one = doi_next(doi, &at, &written)).data != NULL) {
		/* An arXiv DOI names an arXiv id; any other is remembered as it is. */
		if (doi_arxiv(one, &id))
			bring(known, paper_of(known, slice_of(id.text)), SOURCE_SEMANTIC_SCHOLAR);
		else
			key_table_intern(known->keys, KEY_S2_DOI, fold_doi(one, folded));
	}
}

void
known_absent(struct known *known, enum source source, struct slice arxiv_id)
{
	paper_of(known, arxiv_id)->state[source] |= KNOWN_ABSENT;
}

size_t
known_count(const struct known *known)
{
	return known->count;
}

struct slice
known_arxiv_id(const struct known *known, size_t paper)
{
	return key_table_text(known->keys, known->papers[paper].arxiv_id);
}

struct slice
known_dois(const struct known *known, size_t paper)
{
	return key_table_text(known->keys, known->papers[paper].dois);
}

/* Whether Semantic Scholar brought the paper under a DOI that arXiv gives for it. */
static bool
brought_by_doi(const struct known *known, size_t paper)
{
	struct slice field = known_dois(known, paper), doi, written;
	char folded[BOUND_DOI_BYTES];
	size_t at = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL)
		if (key_table_find(known->keys, KEY_S2_DOI, fold_doi(doi, folded)) != KEY_NONE)
			return true;
	return false;
}

bool
known_wants(const struct known *known, enum source source, size_t paper)
{
	const struct paper *it = &known->papers[paper];
	enum source other = source == SOURCE_ARXIV ? SOURCE_SEMANTIC_SCHOLAR : SOURCE_ARXIV;

	if (it->state[source] != 0 || !(it->state[other] & KNOWN_BROUGHT))
		return false;
	return source == SOURCE_ARXIV || !brought_by_doi(known, paper);
}

size_t
known_from(const struct known *known, enum source source)
{
	return known->brought[source];
}

bool
known_searched(const struct known *known, enum source source)
{
	return known->searched[source];
}

void
known_set_searched(struct known *known, enum source source)
{
	known->searched[source] = true;
}
