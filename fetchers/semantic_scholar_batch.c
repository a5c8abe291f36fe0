#include "semantic_scholar_batch.h"

#include "bounds.h"
#include "doi.h"
#include "fetch.h"
#include "jsonl.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Ids in one batch (facts: semantic-scholar-api, 4). */
#define BATCH_MAX 500
/* DOIs of one paper that are asked for; arXiv knows of two or three. */
#define DOIS_MAX 8

/* One id: the paper that it stands for, whether it is asked by its arXiv id or by a DOI, and where
 * that stands in names. */
struct semantic_scholar_asked {
	size_t paper;
	size_t name;
	size_t len;
	bool by_arxiv_id;
};

void
semantic_scholar_batch_init(struct semantic_scholar_batch *batch, struct known *known)
{
	*batch = (struct semantic_scholar_batch){
		.known = known,
		.max = BATCH_MAX,
		.refused = key_table_new(),
	};
}

void
semantic_scholar_batch_free(struct semantic_scholar_batch *batch)
{
	free(batch->asked);
	buf_free(&batch->names);
	buf_free(&batch->ids);
	key_table_free(batch->refused);
}

static struct slice
name_of(const struct semantic_scholar_batch *batch, const struct semantic_scholar_asked *asked)
{
	return (struct slice){ batch->names.data + asked->name, asked->len };
}

static void
add_asked(struct semantic_scholar_batch *batch, size_t paper, const char *form, struct slice id)
{
	struct buf name = BUF_INIT;

	batch->asked =
	    mem_grow(batch->asked, &batch->capacity, batch->count + 1, sizeof(*batch->asked));
	batch->asked[batch->count++] = (struct semantic_scholar_asked){
		.paper = paper,
		.name = batch->names.len,
		.len = id.len,
		.by_arxiv_id = strcmp(form, "ARXIV:") == 0,
	};
	buf_add_slice(&batch->names, id);
	buf_add_text(&name, form);
	buf_add_slice(&name, id);
	if (batch->ids.len > 0)
		buf_add_char(&batch->ids, ',');
	jsonl_write_string(buf_slice(&name), &batch->ids);
	buf_free(&name);
}

/* The next of the publishers' DOIs that arXiv knows of a paper; ${at} as for doi_next. */
static struct slice
publisher_doi_next(const struct known *known, size_t paper, size_t *at)
{
	struct slice doi, written;
	struct arxiv_id id;

	do
		doi = doi_next(known_dois(known, paper), at, &written);
	while (doi.data != NULL && doi_arxiv(doi, &id));
	return doi;
}

/* Whether a DOI is to be asked: not one that was refused, nor one of those from number ${first} on,
 * in whatever case. */
static bool
is_news(const struct semantic_scholar_batch *batch, size_t first, struct slice doi)
{
	char folded[BOUND_DOI_BYTES], other[BOUND_DOI_BYTES];
	struct slice key = text_fold(doi, folded);

	for (size_t i = first; i < batch->count; i++)
		if (batch->asked[i].len == key.len &&
		    slice_equal(text_fold(name_of(batch, &batch->asked[i]), other), key))
			return false;
	return key_table_find(batch->refused, 0, doi) == KEY_NONE;
}

/* Add a paper by its arXiv id and by its DOIs, all in one batch; false if there is no room.  If one
 * paper alone is too much, it goes without some of its DOIs. */
static bool
add_paper(struct semantic_scholar_batch *batch, size_t paper)
{
	size_t before = batch->count, ids = batch->ids.len, names = batch->names.len, at = 0;
	size_t most = before > 0 || batch->max > DOIS_MAX ? DOIS_MAX : batch->max - 1;
	struct slice doi;

	add_asked(batch, paper, "ARXIV:", known_arxiv_id(batch->known, paper));
	while (batch->count - before <= most &&
	       (doi = publisher_doi_next(batch->known, paper, &at)).data != NULL)
		if (is_news(batch, before + 1, doi))
			add_asked(batch, paper, "DOI:", doi);
	if (before == 0 || batch->count <= batch->max)
		return true;
	batch->count = before;
	batch->ids.len = ids;
	batch->names.len = names;
	return false;
}

size_t
semantic_scholar_batch_choose(struct semantic_scholar_batch *batch)
{
	const struct known *known = batch->known;

	batch->count = 0;
	buf_clear(&batch->names);
	buf_clear(&batch->ids);
	for (size_t i = 0; i < known_count(known); i++)
		if (known_wants(known, SOURCE_SEMANTIC_SCHOLAR, i) && !add_paper(batch, i))
			break;
	return batch->count;
}

bool
semantic_scholar_batch_was_absent(const struct semantic_scholar_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (!known_is_absent(batch->known, SOURCE_SEMANTIC_SCHOLAR, batch->asked[i].paper))
			return false;
	return true;
}

void
semantic_scholar_batch_complete(const struct semantic_scholar_batch *batch, struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct semantic_scholar_asked *asked = &batch->asked[answer->positions[i]];
		struct source_record *record = &answer->records[i];

		if (asked->by_arxiv_id && record->arxiv_id.data == NULL)
			record->arxiv_id =
			    arena_dup(&answer->arena, known_arxiv_id(batch->known, asked->paper));
	}
}

static bool
has_answer_for(const struct answer *answer, struct slice arxiv_id)
{
	for (size_t i = 0; i < answer->count; i++)
		if (slice_equal(answer->records[i].arxiv_id, arxiv_id))
			return true;
	return false;
}

size_t
semantic_scholar_batch_misplaced(
    const struct semantic_scholar_batch *batch, const struct answer *answer)
{
	size_t misplaced = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct semantic_scholar_asked *asked = &batch->asked[answer->positions[i]];
		struct slice came = answer->records[i].arxiv_id, id = name_of(batch, asked);

		misplaced += asked->by_arxiv_id && came.data != NULL && !slice_equal(came, id) &&
			     !has_answer_for(answer, id) &&
			     !known_is_absent(batch->known, SOURCE_SEMANTIC_SCHOLAR, asked->paper);
	}
	return misplaced;
}

static void
note_absent(struct semantic_scholar_batch *batch, size_t paper, struct buf *absent)
{
	struct slice id = known_arxiv_id(batch->known, paper);

	buf_printf(absent, "%s\"%.*s\"", absent->len == 0 ? "" : ",", (int)id.len, id.data);
	known_absent(batch->known, SOURCE_SEMANTIC_SCHOLAR, id);
}

void
semantic_scholar_batch_note_absent(struct semantic_scholar_batch *batch, struct buf *absent)
{
	for (size_t i = 0; i < batch->count; i++)
		if (known_wants(batch->known, SOURCE_SEMANTIC_SCHOLAR, batch->asked[i].paper))
			note_absent(batch, batch->asked[i].paper, absent);
}

bool
semantic_scholar_batch_leave_out(
    struct semantic_scholar_batch *batch, struct slice message, struct buf *absent)
{
	for (size_t i = 0; i < batch->count; i++) {
		const struct semantic_scholar_asked *asked = &batch->asked[i];
		struct slice id = name_of(batch, asked);

		if (!fetch_names(message, id) ||
		    !known_wants(batch->known, SOURCE_SEMANTIC_SCHOLAR, asked->paper))
			continue;
		/* Without a DOI the paper may still be known. */
		if (asked->by_arxiv_id)
			note_absent(batch, asked->paper, absent);
		else
			key_table_intern(batch->refused, 0, id);
		return true;
	}
	return false;
}

bool
semantic_scholar_batch_shrink(struct semantic_scholar_batch *batch)
{
	size_t most = batch->count < batch->max ? batch->count : batch->max;

	if (most > 1)
		batch->max = most / 2;
	return most > 1;
}
