#include "arxiv_ids.h"

#include "fetch.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* 500 of them make a URL of 6 KB. */
#define IDS_MAX 500
/* How often a list that brings nothing is asked before it is believed, whatever it counts: an older
 * arXiv counted ids that it did not know (facts: arxiv-api, 1). */
#define FRUITLESS_ASKS 3
/* Ids that Semantic Scholar may have made up; more, none of which is known, are an outage. */
#define INVENTED_MAX 2

void
arxiv_ids_init(struct arxiv_ids *ids, struct known *known)
{
	*ids = (struct arxiv_ids){ .known = known, .max = IDS_MAX };
}

void
arxiv_ids_free(struct arxiv_ids *ids)
{
	free(ids->papers);
	free(ids->doubted);
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

/* Begin a list of ids, or go on with it. */
static void
add_id(const char *name, size_t number, struct slice id, struct buf *lists)
{
	if (number == 0)
		buf_printf(lists, ",\"%s\":[", name);
	buf_printf(lists, "%s\"%.*s\"", number == 0 ? "" : ",", (int)id.len, id.data);
}

/* Whether a paper is asked for and has not come yet. */
static bool
is_awaited(const struct arxiv_ids *ids, struct slice arxiv_id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (slice_equal(known_arxiv_id(ids->known, ids->papers[i]), arxiv_id))
			return known_wants(ids->known, SOURCE_ARXIV, ids->papers[i]);
	return false;
}

/* What came was brought by id; what nobody asked for is left alone. */
static size_t
note_brought(struct arxiv_ids *ids, const struct answer *answer, size_t *chosen, struct buf *lists)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (!is_awaited(ids, record->arxiv_id))
			continue;
		(void)known_add_arxiv(
		    ids->known, record->arxiv_id, record->doi, record->version, record->updated);
		known_by_id(ids->known, record->arxiv_id);
		add_id("by_id", count, record->arxiv_id, lists);
		chosen[count++] = i;
	}
	if (count > 0)
		buf_add_char(lists, ']');
	return count;
}

/* Note that an answer does not know a paper; whether one has said so before. */
static bool
doubt(struct arxiv_ids *ids, size_t paper)
{
	size_t known = ids->doubted_capacity;
	bool before;

	ids->doubted =
	    mem_grow(ids->doubted, &ids->doubted_capacity, paper + 1, sizeof(*ids->doubted));
	for (; known < ids->doubted_capacity; known++)
		ids->doubted[known] = false;
	before = ids->doubted[paper];
	ids->doubted[paper] = true;
	return before;
}

/* What did not come, and is not known there for all that was said, is not asked for ever; how many
 * papers that is. */
static size_t
note_absent(struct arxiv_ids *ids, const struct answer *answer, struct buf *lists)
{
	bool counts_more = answer->total > (int64_t)answer->items;
	size_t count = 0;

	for (size_t i = 0; i < ids->count; i++) {
		size_t paper = ids->papers[i];
		struct slice id = known_arxiv_id(ids->known, paper);

		if (!known_wants(ids->known, SOURCE_ARXIV, paper) ||
		    (ids->fruitless < FRUITLESS_ASKS && (counts_more || !doubt(ids, paper))))
			continue;
		add_id("absent", count++, id, lists);
		known_absent(ids->known, SOURCE_ARXIV, id);
	}
	if (count > 0)
		buf_add_char(lists, ']');
	return count;
}

bool
arxiv_ids_take(struct arxiv_ids *ids, const struct answer *answer, size_t *chosen, size_t *count,
    struct buf *lists, struct buf *reason)
{
	*count = 0;
	if (answer->items == 0 && known_from(ids->known, SOURCE_SEMANTIC_SCHOLAR) > INVENTED_MAX &&
	    known_from(ids->known, SOURCE_ARXIV) == 0) {
		buf_add_text(reason,
		    "no papers, neither by search nor by id, where Semantic Scholar names some");
		return false;
	}
	*count = note_brought(ids, answer, chosen, lists);
	ids->fruitless = *count > 0 ? 0 : ids->fruitless + 1;
	if (note_absent(ids, answer, lists) > 0)
		ids->fruitless = 0;
	else if (*count == 0)
		buf_printf(reason, "%zu of %zu papers, which is not believed at once",
		    answer->items, ids->count);
	return reason->len == 0;
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
