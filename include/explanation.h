#ifndef FINESET_EXPLANATION_H
#define FINESET_EXPLANATION_H

#include "arena.h"
#include "attribute.h"
#include "buf.h"
#include "digest.h"
#include "merge.h"
#include "row_line.h"
#include "score.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day that there is not: the paper has no date. */
#define EXPLANATION_DAY_NONE INT64_MIN

/* One thing that would change the score, all else as it is. */
enum explanation_lever {
	/* Its code would be out. */
	LEVER_CODE,
	/* It would have a venue. */
	LEVER_VENUE,
	/* The fewest citations, and influential ones, that raise the score. */
	LEVER_CITATIONS,
	LEVER_INFLUENTIAL,
	/* The first day on which the score falls. */
	LEVER_AGE,
	LEVER_COUNT
};

struct explanation_change {
	enum explanation_lever lever;
	/* The count or the day (days since 1970) from which it counts; 0 for code and venue. */
	int64_t at;
	/* quality_score then; the same as now where code or a venue would not matter. */
	double score;
};

/* Where a field of the row comes from. */
struct explanation_field {
	enum row_key field;
	/* Numbers of explanation.records: those that have the value of the row, and those that have
	   another one, each in the order of supply; of live records. */
	size_t *suppliers;
	size_t supplier_count;
	size_t *losers;
	size_t loser_count;
	/* The losing values as JSON, one for each loser. */
	struct slice *lost;
};

/* A snapshot that is kept, and what it said of the paper. */
struct explanation_moment {
	/* The name of its directory, and its date. */
	struct slice name;
	int64_t day;
	/* False: the paper was not in it, and the rest says nothing. */
	bool present;
	double stored_score;
	struct score_input input;
	struct score score;
	/* Why the score is another than in the snapshot before that had the paper: the inputs that
	   moved it. */
	bool by_citations;
	bool by_influential;
	bool by_code;
	bool by_venue;
	/* The paper became older, or its date of publication is another. */
	bool by_age;
	bool by_date;
};

/* All that is known of a paper's row and score; everything lives in one arena. */
struct explanation {
	/* The id as it was asked for. */
	struct slice asked;

	/* The row as it is stored: its line, the number of that (from 1) and its fields. */
	struct slice line;
	uint64_t number;
	struct row_line row;
	/* Where it stands, for people: `demo/snapshots/2026-06-19/data.jsonl`. */
	struct slice path;
	/* The date of the snapshot, days since 1970; told: given or in a manifest, else found out.
	 */
	int64_t day;
	bool day_told;

	/* The text that is hashed, SLICE_NONE if the row alone does not tell (a paper without arXiv
	   id and DOI), and its SHA-256. */
	struct slice id_text;
	char id[DIGEST_HEX_SIZE];
	bool id_reproduces;

	/* What is wrong with one of the fields that the score is made of, and with which; NULL if
	   nothing, only then the rest of the score says anything. */
	const char *fault;
	size_t fault_field;
	struct score_input input;
	struct score score;
	bool score_reproduces;
	/* The last day with recency 1, the first below it, the first at 0. */
	int64_t full_until;
	int64_t falls_from;
	int64_t zero_from;
	struct explanation_change *changes;
	size_t change_count;

	/* Place by quality_score (1 is the highest), rows that share the score (itself included),
	 * rows. */
	uint64_t rank;
	uint64_t tie;
	uint64_t rows;

	/* From the sources; no records without them (a bare file). */
	bool has_sources;
	struct merge_record *records;
	size_t record_count;
	struct explanation_field *fields;
	size_t field_count;
	/* Where code_url and has_code come from: "comment", "abstract"; NULL without. */
	const char *code_from;
	/* Whether that is an address or a statement. */
	bool code_address;
	struct doi_conflict *conflicts;
	size_t conflict_count;

	/* Oldest first. */
	struct explanation_moment *history;
	size_t history_count;
};

/** explanation_lever_name(lever): "code", "venue", "citation_count", "influential_citation_count",
 * "age". */
const char *explanation_lever_name(enum explanation_lever lever);

/** explanation_json_write(explanation, out): One line of JSON, as audit.schema.json has it. */
void explanation_json_write(const struct explanation *explanation, struct buf *out);

/** explanation_text_write(explanation, out): For a person: at most 80 columns, nothing that a
 * terminal acts on, long values cut, and a blank line behind it. */
void explanation_text_write(const struct explanation *explanation, struct buf *out);

#endif
