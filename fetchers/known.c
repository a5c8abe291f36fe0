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
	int64_t updated;
	/* enum known_state by source. */
	unsigned char state[SOURCE_COUNT];
	/* The page in which Semantic Scholar last told of it; 0 is none. */
	uint32_t told;
};

struct known {
	struct key_table *keys;
	struct paper *papers;
	size_t count;
	size_t capacity;
	/* By key number: the paper of an arXiv id. */
	uint32_t *paper_of;
	size_t paper_of_capacity;
	/* By key number: the page in which Semantic Scholar last told of a DOI. */
	uint32_t *doi_told;
	size_t doi_told_capacity;
	/* The page of Semantic Scholar in hand, and the one with which it began anew. */
	uint32_t page;
	uint32_t first_page;
	size_t brought[SOURCE_COUNT];
	size_t by_id;
	bool searched[SOURCE_COUNT];
};

struct known *
known_new(void)
{
	struct known *known = mem_new(1, sizeof(*known));

	known->keys = key_table_new();
	known->page = 1;
	known->first_page = 1;
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
	free(known->doi_told);
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

static bool
bring(struct known *known, struct paper *paper, enum source source)
{
	bool news = !(paper->state[source] & KNOWN_BROUGHT);

	known->brought[source] += news;
	paper->state[source] |= KNOWN_BROUGHT;
	return news;
}

/* Whether the search brought it, if it came from arXiv at all. */
static void
set_by_id(struct known *known, struct paper *paper, bool by_id)
{
	bool was = paper->state[SOURCE_ARXIV] & KNOWN_BY_ID;

	known->by_id = known->by_id - was + by_id;
	paper->state[SOURCE_ARXIV] &= (unsigned char)~KNOWN_BY_ID;
	if (by_id)
		paper->state[SOURCE_ARXIV] |= KNOWN_BY_ID;
}

bool
known_add_arxiv(
    struct known *known, struct slice arxiv_id, struct slice dois, int64_t version, int64_t updated)
{
	struct paper *paper = paper_of(known, arxiv_id);
	bool news = bring(known, paper, SOURCE_ARXIV) || paper->version != version ||
		    (paper->state[SOURCE_ARXIV] & KNOWN_BY_ID);

	set_by_id(known, paper, false);
	paper->version = version;
	paper->updated = updated;
	if (dois.len > 0)
		paper->dois = key_table_intern(known->keys, KEY_DOI_FIELD, dois);
	return news;
}

void
known_by_id(struct known *known, struct slice arxiv_id)
{
	struct paper *paper = paper_of(known, arxiv_id);

	/* A journal may have lost the record. */
	if (paper->state[SOURCE_ARXIV] & KNOWN_BROUGHT)
		set_by_id(known, paper, true);
}

/* Semantic Scholar told of a paper in the page in hand. */
static void
tell_paper(struct known *known, struct slice arxiv_id)
{
	struct paper *paper = paper_of(known, arxiv_id);

	bring(known, paper, SOURCE_SEMANTIC_SCHOLAR);
	paper->told = known->page;
}

static void
tell_doi(struct known *known, struct slice doi)
{
	uint32_t key = key_table_intern(known->keys, KEY_S2_DOI, doi);

	known->doi_told = mem_grow(
	    known->doi_told, &known->doi_told_capacity, (size_t)key + 1, sizeof(*known->doi_told));
	known->doi_told[key] = known->page;
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
		tell_paper(known, arxiv_id);
	if (arxiv_id_from_dblp(dblp, &id))
		tell_paper(known, slice_of(id.text));
	while ((one = doi_next(doi, &at, &written)).data != NULL) {
		/* An arXiv DOI names an arXiv id; any other is remembered as it is. */
		if (doi_arxiv(one, &id))
			tell_paper(known, slice_of(id.text));
		else
			tell_doi(known, text_fold(one, folded));
	}
}

void
known_absent(struct known *known, enum source source, struct slice arxiv_id)
{
	struct paper *paper = paper_of(known, arxiv_id);

	paper->state[source] |= KNOWN_ABSENT;
	if (source == SOURCE_SEMANTIC_SCHOLAR)
		paper->told = known->page;
}

void
known_end_page(struct known *known, bool anew)
{
	if (anew)
		known->first_page = known->page;
	known->page++;
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

/* Whether Semantic Scholar told of the paper under a DOI that arXiv gives for it. */
static bool
told_by_doi(const struct known *known, size_t paper)
{
	struct slice field = known_dois(known, paper), doi, written;
	char folded[BOUND_DOI_BYTES];
	uint32_t key;
	size_t at = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL) {
		key = key_table_find(known->keys, KEY_S2_DOI, text_fold(doi, folded));
		if (key != KEY_NONE && known->doi_told[key] >= known->first_page)
			return true;
	}
	return false;
}

bool
known_wants(const struct known *known, enum source source, size_t paper)
{
	const struct paper *it = &known->papers[paper];

	if (source == SOURCE_ARXIV)
		return it->state[SOURCE_ARXIV] == 0 &&
		       (it->state[SOURCE_SEMANTIC_SCHOLAR] & KNOWN_BROUGHT);
	return (it->state[SOURCE_ARXIV] & KNOWN_BROUGHT) && it->told < known->first_page &&
	       !told_by_doi(known, paper);
}

bool
known_wants_any(const struct known *known, enum source source)
{
	for (size_t i = 0; i < known->count; i++)
		if (known_wants(known, source, i))
			return true;
	return false;
}

bool
known_is_absent(const struct known *known, enum source source, size_t paper)
{
	return known->papers[paper].state[source] == KNOWN_ABSENT;
}

size_t
known_from(const struct known *known, enum source source)
{
	return known->brought[source];
}

size_t
known_found(const struct known *known)
{
	return known->brought[SOURCE_ARXIV] - known->by_id;
}

/* The paper of that arXiv id if arXiv brought it, else NULL. */
static const struct paper *
find_brought(const struct known *known, struct slice arxiv_id)
{
	uint32_t key = key_table_find(known->keys, KEY_ARXIV_ID, arxiv_id);
	const struct paper *paper = key == KEY_NONE ? NULL : &known->papers[known->paper_of[key]];

	return paper != NULL && (paper->state[SOURCE_ARXIV] & KNOWN_BROUGHT) ? paper : NULL;
}

static bool
is_found(const struct paper *paper)
{
	return (paper->state[SOURCE_ARXIV] & (KNOWN_BROUGHT | KNOWN_BY_ID)) == KNOWN_BROUGHT;
}

struct known_difference
known_compare(const struct known *before, const struct known *now, int64_t since)
{
	struct known_difference difference = { 0 };

	for (size_t i = 0; i < now->count; i++) {
		const struct paper *is = &now->papers[i];
		const struct paper *was = find_brought(before, known_arxiv_id(now, i));

		if (!is_found(is) || is->updated >= since)
			continue;
		if (was == NULL || !is_found(was))
			difference.papers++;
		else if (was->version < is->version)
			difference.versions++;
	}
	for (size_t i = 0; i < before->count; i++) {
		const struct paper *is = find_brought(now, known_arxiv_id(before, i));

		difference.gone += is_found(&before->papers[i]) && (is == NULL || !is_found(is));
	}
	return difference;
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
