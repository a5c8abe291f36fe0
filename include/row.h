#ifndef FINESET_ROW_H
#define FINESET_ROW_H

#include "buf.h"
#include "digest.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/* A row without a known day of publication. */
#define ROW_TIME_NONE INT64_MIN

/* One paper of a dataset: a line of data.jsonl.  The slices belong to whoever made the row. */
struct row {
	char id[DIGEST_HEX_SIZE];
	bool from_arxiv;
	bool from_semantic_scholar;
	struct slice title;
	struct slice abstract;
	struct slice_list authors;
	struct slice_list categories;
	struct slice_list fields_of_study;
	/* Seconds since 1970 of first publication, the time of day where it is known; or
	 * ROW_TIME_NONE. */
	int64_t published;
	struct slice url;
	struct slice pdf_url;
	struct slice arxiv_id;
	struct slice doi;
	int64_t citation_count;
	int64_t influential_citation_count;
	bool has_code;
	struct slice code_url;
	struct slice venue;
	double quality_score;

	/* Not a field: where code addresses are looked for, with the abstract. */
	struct slice comment;
};

/* The keys of data.jsonl in their order; their types as the Hub's dataset cards spell them. */
struct row_field {
	const char *key;
	const char *type;
	bool nullable;
	/* For the card's table of fields. */
	const char *meaning;
	/* `, "KEY": ` */
	struct slice label;
	size_t key_len;
};

/* The place of each key among them. */
enum row_key {
	ROW_ID,
	ROW_SOURCES,
	ROW_TITLE,
	ROW_ABSTRACT,
	ROW_AUTHORS,
	ROW_CATEGORIES,
	ROW_FIELDS_OF_STUDY,
	ROW_PUBLISHED_DATE,
	ROW_URL,
	ROW_PDF_URL,
	ROW_ARXIV_ID,
	ROW_DOI,
	ROW_CITATION_COUNT,
	ROW_INFLUENTIAL_CITATION_COUNT,
	ROW_HAS_CODE,
	ROW_CODE_URL,
	ROW_VENUE,
	ROW_QUALITY_SCORE,
	ROW_FIELD_COUNT
};

extern const struct row_field row_fields[ROW_FIELD_COUNT];

/**
 * row_score_write(score, out):
 * Append a score of 0 to 1 that is rounded to 4 decimals, in its shortest form with at least one
 * decimal: `0.35`, `0.0`, `1.0`.  The same in every locale.
 */
void row_score_write(double score, struct buf *out);

/** row_write(row, out): Append the row as one line of data.jsonl, newline included. */
void row_write(const struct row *row, struct buf *out);

#endif
