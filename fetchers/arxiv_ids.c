#include "arxiv_ids.h"

#include "fetch.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* 500 of them make a URL of 6 KB. */
#define IDS_MAX 500
/* How often a list that comes back short is asked before it is believed. */
#define SHORT_ASKS 2

void
arxiv_ids_init(struct arxiv_ids *ids, struct known *known)
{
	*ids = (struct arxiv_ids){ .known = known, .max = IDS_MAX };
}

void
arxiv_ids_free(struct arxiv_ids *ids)
{
	free(ids->papers);
}

size_t
arxiv_ids_choose(struct arxiv_ids *ids)
{
	const struct known *known = ids->known;

	ids->count = 0;
	for (size_t i = 0; i < known_count(known) && ids->count < ids->max; i++) {
		if (!known_wants(known, SOURCE_ARXIV, i))
			continue;
		ids->papers =
		    mem_grow(ids->papers, &ids->capacity, ids->count + 1, sizeof(*ids->papers));
		ids->papers[ids->count++] = i;
	}
	return ids->count;
}

void
arxiv_ids_write(const struct arxiv_ids *ids, struct buf *out)
{
	for (size_t i = 0; i < ids->count; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		buf_add_slice(out, known_arxiv_id(ids->known, ids->papers[i]));
	}
}

/* Whether an answer may be relied on. */
static bool
believe(struct arxiv_ids *ids, const struct answer *answer, struct buf *reason)
{
	bool nothing = answer->items == 0 && known_from(ids->known, SOURCE_ARXIV) == 0;

	if (nothing)
		buf_add_text(reason,
		    "no papers, neither by search nor by id, where Semantic Scholar names some");
	else if (answer->items < ids->count)
		buf_printf(reason, "%zu of %zu papers, which is not believed at once",
		    answer->items, ids->count);
	if (nothing || (answer->items < ids->count && ++ids->doubts < SHORT_ASKS))
		return false;
	buf_clear(reason);
	ids->doubts = 0;
	return true;
}

/* Begin a list of ids, or go on with it. */
static void
add_id(const char *name, size_t number, struct slice id, struct buf *lists)
{
	if (number == 0)
		buf_printf(lists, ",\"%s\":[", name);
	buf_printf(lists, "%s\"%.*s\"", number == 0 ? "" : ",", (int)id.len, id.data);
}

/* What came was brought by id. */
static size_t
note_brought(struct arxiv_ids *ids, const struct answer *answer, size_t *chosen, struct buf *lists)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (!known_add_arxiv(ids->known, record->arxiv_id, record->doi, record->version,
			record->updated))
			continue;
		known_by_id(ids->known, record->arxiv_id);
		add_id("by_id", count, record->arxiv_id, lists);
		chosen[count++] = i;
	}
	if (count > 0)
		buf_add_char(lists, ']');
	return count;
}

/* What did not come is not known there, and not asked for ever. */
static void
note_absent(struct arxiv_ids *ids, struct buf *lists)
{
	size_t count = 0;

	for (size_t i = 0; i < ids->count; i++) {
		struct slice id = known_arxiv_id(ids->known, ids->papers[i]);

		if (!known_wants(ids->known, SOURCE_ARXIV, ids->papers[i]))
			continue;
		add_id("absent", count++, id, lists);
		known_absent(ids->known, SOURCE_ARXIV, id);
	}
	if (count > 0)
		buf_add_char(lists, ']');
}

bool
arxiv_ids_take(struct arxiv_ids *ids, const struct answer *answer, size_t *chosen, size_t *count,
    struct buf *lists, struct buf *reason)
{
	if (!believe(ids, answer, reason))
		return false;
	*count = note_brought(ids, answer, chosen, lists);
	note_absent(ids, lists);
	return true;
}

bool
arxiv_ids_leave_out(struct arxiv_ids *ids, struct slice message, struct buf *lists)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct slice id = known_arxiv_id(ids->known, ids->papers[i]);

		if (!known_wants(ids->known, SOURCE_ARXIV, ids->papers[i]) ||
		    !fetch_names(message, id))
			continue;
		add_id("absent", 0, id, lists);
		buf_add_char(lists, ']');
		known_absent(ids->known, SOURCE_ARXIV, id);
		return true;
	}
	return false;
}

void
arxiv_ids_restore(struct arxiv_ids *ids, const struct commit *commit)
{
	const struct commit *absent = commit_member(commit, "absent");
	const struct commit *by_id = commit_member(commit, "by_id");

	for (size_t i = 0; i < commit_count(absent); i++)
		known_absent(ids->known, SOURCE_ARXIV, commit_text(commit_element(absent, i)));
	for (size_t i = 0; i < commit_count(by_id); i++)
		known_by_id(ids->known, commit_text(commit_element(by_id, i)));
}

bool
arxiv_ids_shrink(struct arxiv_ids *ids)
{
	size_t most = ids->count < ids->max ? ids->count : ids->max;

	ids->max = most > 1 ? most / 2 : 1;
	return most > 1;
}
