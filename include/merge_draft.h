#ifndef FINESET_MERGE_DRAFT_H
#define FINESET_MERGE_DRAFT_H

#include "attribute.h"
#include "buf.h"
#include "lines.h"
#include "merge_index.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* What a key is to its record; one may be several things. */
enum draft_role {
	/* Among its refs. */
	DRAFT_REF = 1,
	DRAFT_IDENTITY = 2,
	DRAFT_VENUE = 4,
	DRAFT_FIELDS_OF_STUDY = 8
};

/* A key that has no number yet. */
struct draft_key {
	/* Its bytes in texts. */
	size_t offset;
	size_t len;
	uint32_t hash;
	uint8_t kind;
	uint8_t roles;
};

/* A line that is no source record, and why. */
struct draft_refusal {
	uint64_t line;
	char *reason;
};

/*
 * A stretch of a file as it stands before its keys are numbered: any worker makes one by itself,
 * and numbers are given in the order of the file.  Start with zeros; it is used over and over.
 */
struct merge_draft {
	/* Its refs count in keys; those of the last entry end with them. */
	struct merge_entry *entries;
	size_t count;
	size_t capacity;
	struct draft_key *keys;
	size_t key_count;
	size_t key_capacity;
	struct buf texts;
	/* Of a record: what its escapes stand for. */
	struct buf text;
	struct buf clean;
	struct draft_refusal *refusals;
	size_t refusal_count;
	size_t refusal_capacity;
	struct lines lines;
};

/**
 * merge_draft_read(draft, from, to, limit):
 * Make it the records of the lines that begin from ${from} to before ${to} of draft->lines' file;
 * see lines_range.  0, or -1 (logged) if it cannot be read.
 */
int merge_draft_read(
    struct merge_draft *draft, uint64_t from, uint64_t to, uint64_t limit) MUST_CHECK;

/** merge_draft_text(draft, key): The bytes of one of its keys. */
struct slice merge_draft_text(const struct merge_draft *draft, const struct draft_key *key);

/** merge_draft_free(draft): Free what ${draft} holds. */
void merge_draft_free(struct merge_draft *draft);

#endif
