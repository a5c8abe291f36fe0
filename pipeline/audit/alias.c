#include "alias.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "doi.h"
#include "text.h"

#include <string.h>

#define PAPER_ID_DIGITS 40
#define CORPUS_PREFIX "CorpusId:"

static size_t
find_doi(struct merge *merge, struct slice doi)
{
	struct arxiv_id id;
	char folded[BOUND_DOI_BYTES];

	if (doi_arxiv(doi, &id))
		return merge_find_key(merge, KEY_ARXIV, slice_of(id.text));
	return merge_find_key(merge, KEY_DOI, text_fold(doi, folded));
}

/* A paperId alone, or at the end of a URL. */
static size_t
find_paper_id(struct merge *merge, struct slice name)
{
	char folded[PAPER_ID_DIGITS];
	struct slice last;

	if (name.len < PAPER_ID_DIGITS)
		return MERGE_PAPER_NONE;
	last = (struct slice){ name.data + name.len - PAPER_ID_DIGITS, PAPER_ID_DIGITS };
	if (name.len > PAPER_ID_DIGITS && last.data[-1] != '/')
		return MERGE_PAPER_NONE;
	return merge_find_key(merge, KEY_PAPER, text_fold(last, folded));
}

size_t
alias_find(struct merge *merge, struct slice name)
{
	struct slice doi = doi_strip(name);
	struct arxiv_id id;

	if (arxiv_id_parse(name, &id) == 0)
		return merge_find_key(merge, KEY_ARXIV, slice_of(id.text));
	if (doi.data != NULL)
		return find_doi(merge, doi);
	if (text_starts(name, CORPUS_PREFIX))
		return merge_find_key(merge, KEY_CORPUS,
		    (struct slice){
			name.data + strlen(CORPUS_PREFIX), name.len - strlen(CORPUS_PREFIX) });
	return find_paper_id(merge, name);
}
