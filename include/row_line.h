#ifndef FINESET_ROW_LINE_H
#define FINESET_ROW_LINE_H

#include "attribute.h"
#include "buf.h"
#include "jsonl.h"
#include "log.h"
#include "row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line of data.jsonl taken apart: one value for each of row_fields, JSONL_ABSENT where there is
 * none. */
struct row_line {
	struct jsonl_value values[ROW_FIELD_COUNT];
	/* What row_line_day tells. */
	int64_t day;
	/* No string of it that has no escape has a control character. */
	bool plain;
};

/**
 * row_line_parse(line, len, row, error):
 * Take a line apart; any JSON object will do, row_line_fault tells what is wrong with its fields.
 * JSONL_PADDING bytes behind the line must be readable.  0, or -1 with ${error}.
 */
int row_line_parse(
    const char *line, size_t len, struct row_line *row, struct jsonl_error *error) MUST_CHECK;

/**
 * row_line_read(line, name, number, row, log):
 * row_line_parse of line ${number} of the file ${name}, with what is wrong logged as
 * `NAME: line N: REASON at byte M`.
 */
int row_line_read(struct slice line, const char *name, uint64_t number, struct row_line *row,
    const struct log *log) MUST_CHECK;

/**
 * row_line_fault(row, field):
 * What is wrong with the shape of a field (enum row_key) as row.schema.json has it: the key is
 * missing, the type, a count below 0, no date, no SHA-256 ...; a constant text such as "must be a
 * list of strings". NULL if nothing is.
 */
const char *row_line_fault(const struct row_line *row, size_t field);

/** row_line_refuse(row, field, fault, name, number, log): Log `NAME: line N: FIELD: FAULT, got
 * 'VALUE'`. */
void row_line_refuse(const struct row_line *row, size_t field, const char *fault, const char *name,
    uint64_t number, const struct log *log);

/** row_line_text(row, field, out): Append the text of a string field, escapes decoded; nothing if
 * it is none. */
void row_line_text(const struct row_line *row, size_t field, struct buf *out);

/** row_line_number(row, field): A count, or 0 if the field is none. */
int64_t row_line_number(const struct row_line *row, size_t field);

/** row_line_has(row, field): Whether a field is a non-empty string, a non-empty list, or true. */
bool row_line_has(const struct row_line *row, size_t field);

/** row_line_sources(row, from_arxiv, from_semantic_scholar): Which sources a row names; false, and
 * neither, if the shape of the field is wrong. */
bool row_line_sources(const struct row_line *row, bool *from_arxiv, bool *from_semantic_scholar);

/** row_line_day(row): The day of published_date (days since 1970), or ROW_TIME_NONE. */
int64_t row_line_day(const struct row_line *row);

/** row_line_score(row): The quality_score, or 0 if it is no number. */
double row_line_score(const struct row_line *row);

#endif
