#include "doi_doubts.h"

#include "arena.h"
#include "fault_list.h"
#include "key_table.h"
#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

/* A DOI that several rows have. */
struct shared_doi {
	/* Of the first of them that has one. */
	struct slice arxiv_id;
	bool in_conflict;
};

struct doi_doubts {
	struct key_table *keys;
	/* By key. */
	struct shared_doi *dois;
	size_t capacity;
	struct arena arena;
	/* Each with its line, and the key of its DOI. */
	struct fault_list faults;
	uint32_t *fault_dois;
	size_t fault_capacity;
};

struct doi_doubts *
doi_doubts_new(void)
{
	struct doi_doubts *doubts = mem_new(1, sizeof(*doubts));

	*doubts = (struct doi_doubts){ .keys = key_table_new(), .arena = ARENA_INIT };
	return doubts;
}

void
doi_doubts_free(struct doi_doubts *doubts)
{
	if (doubts == NULL)
		return;
	key_table_free(doubts->keys);
	free(doubts->dois);
	arena_free(&doubts->arena);
	fault_list_free(&doubts->faults);
	free(doubts->fault_dois);
	free(doubts);
}

static uint32_t
key_of(struct doi_doubts *doubts, struct slice doi)
{
	size_t before = key_table_count(doubts->keys);
	uint32_t key = key_table_intern(doubts->keys, ROW_DOI, doi);

	doubts->dois =
	    mem_grow(doubts->dois, &doubts->capacity, (size_t)key + 1, sizeof(*doubts->dois));
	if (key >= before)
		doubts->dois[key] = (struct shared_doi){ SLICE_NONE, false };
	return key;
}

void
doi_doubts_see(struct doi_doubts *doubts, struct slice doi, struct slice arxiv_id)
{
	uint32_t key = key_of(doubts, doi);
	struct shared_doi *shared = &doubts->dois[key];

	if (arxiv_id.data == NULL)
		return;
	if (shared->arxiv_id.data == NULL)
		shared->arxiv_id = arena_dup(&doubts->arena, arxiv_id);
	else if (!slice_equal(shared->arxiv_id, arxiv_id))
		shared->in_conflict = true;
}

void
doi_doubts_add(struct doi_doubts *doubts, struct slice doi, const struct audit_fault *fault)
{
	size_t count = doubts->faults.count;

	doubts->fault_dois = mem_grow(
	    doubts->fault_dois, &doubts->fault_capacity, count + 1, sizeof(*doubts->fault_dois));
	doubts->fault_dois[count] = key_of(doubts, doi);
	fault_list_add(&doubts->faults, (size_t)fault->line, fault);
}

bool
doi_doubts_next(const struct doi_doubts *doubts, size_t *at, struct audit_fault *fault)
{
	size_t line;

	while (*at < doubts->faults.count && doubts->dois[doubts->fault_dois[*at]].in_conflict)
		(*at)++;
	if (*at == doubts->faults.count)
		return false;
	line = fault_list_get(&doubts->faults, (*at)++, fault);
	fault->line = line;
	return true;
}
