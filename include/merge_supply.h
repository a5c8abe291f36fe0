#ifndef FINESET_MERGE_SUPPLY_H
#define FINESET_MERGE_SUPPLY_H

#include "arena.h"
#include "attribute.h"
#include "buf.h"
#include "jsonl.h"
#include "merge_index.h"
#include "row.h"

#include <stdbool.h>
#include <stdint.h>

/* The records of a paper in the order of supply: from first, by entry.next, up to before end. */
struct merge_chain {
	uint32_t first;
	uint32_t end;
};

/** merge_chain_entry(index, chain, record): The entry of ${record}, or NULL at the end of the
 * chain. */
const struct merge_entry *merge_chain_entry(
    const struct merge_index *index, struct merge_chain chain, uint32_t record);

/* Walk the records of a chain, best first. */
/* NOLINTBEGIN(bugprone-macro-parentheses): ${entry} is declared here. */
#define FOR_EACH_ENTRY(index, entry, chain)                                                    \
	for (const struct merge_entry *entry = merge_chain_entry(index, chain, (chain).first); \
	     entry != NULL; entry = merge_chain_entry(index, chain, entry->next))
/* NOLINTEND(bugprone-macro-parentheses) */

/** merge_supply_time(index, chain): First publication: arXiv's, else a day that Semantic Scholar
 * knows, else a year; MERGE_TIME_NONE without any. */
int64_t merge_supply_time(const struct merge_index *index, struct merge_chain chain);

/**
 * merge_supply_id_text(index, chain, with_doi, text):
 * Append the text whose SHA-256 is the id of a paper; without ${with_doi} no DOI goes into it.
 */
void merge_supply_id_text(
    const struct merge_index *index, struct merge_chain chain, bool with_doi, struct buf *text);

/** merge_supply_text(value, arena): The text of a string value as a row has it, in ${arena} or in
 * the value's own line; SLICE_NONE if nothing is left. */
struct slice merge_supply_text(const struct jsonl_value *value, struct arena *arena);

/** merge_supply_expect(index, chain, step): Fetch into the cache what merge_supply_row will look at
 * for a paper: its first entry (step 0), then, once that has come, the entry behind it and the
 * numbers of its keys (1), then the keys (2). */
void merge_supply_expect(const struct merge_index *index, struct merge_chain chain, unsigned step);

/**
 * merge_supply_row(index, chain, row, reader, arena):
 * Each field is the first non-empty value in the order of supply; all but id, has_code, code_url
 * and quality_score.  The slices live in ${arena} or in ${index}.  0, or -1 (logged) if a record
 * cannot be read again.
 */
int merge_supply_row(const struct merge_index *index, struct merge_chain chain, struct row *row,
    struct merge_reader *reader, struct arena *arena) MUST_CHECK;

#endif
