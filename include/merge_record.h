#ifndef FINESET_MERGE_RECORD_H
#define FINESET_MERGE_RECORD_H

#include "arena.h"
#include "attribute.h"
#include "merge.h"
#include "merge_group.h"
#include "merge_index.h"
#include "merge_supply.h"

#include <stddef.h>
#include <stdint.h>

/* The superseded records, by the key that a later record of theirs carries too.  Start with zeros.
 */
struct merge_elders {
	uint32_t *records;
	size_t count;
};

/** merge_elders_find(elders, index): Collect them, once merge_groups_find has marked them. */
void merge_elders_find(struct merge_elders *elders, const struct merge_index *index);

/** merge_elders_free(elders): Free what ${elders} holds. */
void merge_elders_free(struct merge_elders *elders);

/** merge_record_list(index, groups, elders, chain, records, count, arena): What merge_records does,
 * for the paper of ${chain}. */
int merge_record_list(const struct merge_index *index, const struct merge_groups *groups,
    const struct merge_elders *elders, struct merge_chain chain, struct merge_record **records,
    size_t *count, struct arena *arena) MUST_CHECK;

#endif
