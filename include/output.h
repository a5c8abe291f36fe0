#ifndef FINESET_OUTPUT_H
#define FINESET_OUTPUT_H

#include "attribute.h"
#include "file.h"
#include "log.h"
#include "manifest.h"
#include "row_reader.h"
#include "topic.h"

#include <stdbool.h>
#include <stddef.h>

/* What the files of a snapshot are made of; all is borrowed. */
struct output_input {
	/* The rows, as in data.jsonl: a descriptor that allows pread, and its name for messages. */
	int rows;
	const char *rows_name;
	/* The same of changes.jsonl; -1 and NULL if nothing is known of an earlier snapshot. */
	int changes;
	const char *changes_name;
	/* All but its files. */
	const struct manifest *manifest;
	/* Whether it tells where the rows are from.  Of a bare file only topic->name, snapshot_day
	 * and stats are known. */
	bool has_sources;
};

/**
 * output_write_fn(input, out, log):
 * Append the file to ${out}, whose own faults show when it is closed.  Rows come from
 * output_rows.  Memory is bounded, whatever the number of rows, unless the header of the writer
 * says otherwise.  0, or -1 (logged) if the input cannot be read.
 */
typedef int output_write_fn(
    const struct output_input *input, struct file_writer *out, const struct log *log);

/* A format that a snapshot is written in. */
struct output {
	/* In "outputs" of topic.json and behind `--to`. */
	const char *name;
	/* In a snapshot. */
	const char *file;
	/* Written where topic.json does not say. */
	bool standard;
	/* Not for terminals. */
	bool binary;
	output_write_fn *write;
};

#define OUTPUT_COUNT 6
extern const struct output outputs[OUTPUT_COUNT];

/** output_find(name): The format of that name; NULL if there is none. */
const struct output *output_find(const char *name);

/** output_wanted(output, topic): Whether snapshots of ${topic} have this file. */
bool output_wanted(const struct output *output, const struct topic *topic);

/** output_names(out): Append `jsonl, card or ...`. */
void output_names(struct buf *out);

/** output_check(topic, where, log): Whether topic->outputs names known formats.  0, or -1, logged
 * as `WHERE: outputs: ...`. */
int output_check(const struct topic *topic, const char *where, const struct log *log) MUST_CHECK;

/** output_rows(input, reader, log): Start to read the rows.  Who made ${input} has told of lines
 * that are no rows. */
void output_rows(
    const struct output_input *input, struct row_reader *reader, const struct log *log);

output_write_fn output_jsonl;
/* README.md, the Hub's dataset card. */
output_write_fn output_card;
/* data.parquet: the columns as the card declares them, times in milliseconds. */
output_write_fn output_parquet;
/* A table by RFC 4180. */
output_write_fn output_csv;
/* An entry a paper. */
output_write_fn output_bibtex;
/* A page to look at it all, whatever the number of rows; of more than 100,000 it has the newest. */
output_write_fn output_report;

#endif
