#include "semantic_scholar_batch.h"

#include "doi.h"
#include "jsonl.h"
#include "mem.h"

#include <stdlib.h>
#include <string.h>

/* Ids in one batch (facts: semantic-scholar-api, 4). */
#define BATCH_MAX 500

/* One id: the paper that it stands for, and whether it is asked by its arXiv id or by a DOI. */
struct semantic_scholar_asked {
	size_t paper;
	bool by_arxiv_id;
};

void
semantic_scholar_batch_init(struct semantic_scholar_batch *batch, struct known *known)
{
	*batch = (struct semantic_scholar_batch){ .known = known, .max = BATCH_MAX };
}

void
semantic_scholar_batch_free(struct semantic_scholar_batch *batch)
{
	free(batch->asked);
	buf_free(&batch->ids);
}

static void
add_asked(struct semantic_scholar_batch *batch, size_t paper, const char *form, struct slice id)
{
	struct buf name = BUF_INIT;

	batch->asked =
	    mem_grow(batch->asked, &batch->capacity, batch->count + 1, sizeof(*batch->asked));
	batch->asked[batch->count++] = (struct semantic_scholar_asked){
		.paper = paper,
		.by_arxiv_id = strcmp(form, "ARXIV:") == 0,
	};
	buf_add_text(&name, form);
	buf_add_slice(&name, id);
	if (batch->ids.len > 0)
		buf_add_char(&batch->ids, ',');
	jsonl_write_string(buf_slice(&name), &batch->ids);
	buf_free(&name);
}

/* Ask for a paper by its arXiv id, and by the publisher's DOI that arXiv knows; both in one batch.
 */
static void
ask_paper(struct semantic_scholar_batch *batch, size_t paper)
{
	const struct known *known = batch->known;
	struct slice doi, written;
	struct arxiv_id id;
	size_t at = 0;

	add_asked(batch, paper, "ARXIV:", known_arxiv_id(known, paper));
	while ((doi = doi_next(known_dois(known, paper), &at, &written)).data != NULL) {
		if (!doi_arxiv(doi, &id)) {
			add_asked(batch, paper, "DOI:", doi);
			return;
		}
	}
}

size_t
semantic_scholar_batch_choose(struct semantic_scholar_batch *batch)
{
	const struct known *known = batch->known;

	batch->count = 0;
	buf_clear(&batch->ids);
	for (size_t i = 0; i < known_count(known); i++) {
		if (batch->count > 0 && batch->count + 2 > batch->max)
			break;
		if (known_wants(known, SOURCE_SEMANTIC_SCHOLAR, i))
			ask_paper(batch, i);
	}
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

void
semantic_scholar_batch_note_absent(struct semantic_scholar_batch *batch, struct buf *absent)
{
	struct known *known = batch->known;

	for (size_t i = 0; i < batch->count; i++) {
		struct slice id = known_arxiv_id(known, batch->asked[i].paper);

		if (!known_wants(known, SOURCE_SEMANTIC_SCHOLAR, batch->asked[i].paper))
			continue;
		buf_printf(absent, "%s\"%.*s\"", absent->len == 0 ? "" : ",", (int)id.len, id.data);
		known_absent(known, SOURCE_SEMANTIC_SCHOLAR, id);
	}
}

void
semantic_scholar_batch_shrink(struct semantic_scholar_batch *batch)
{
	if (batch->max > 2)
		batch->max /= 2;
}
