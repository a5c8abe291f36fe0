#ifndef FINESET_SOURCE_RECORD_H
#define FINESET_SOURCE_RECORD_H

#include "attribute.h"
#include "buf.h"
#include "slice.h"

#include <stdint.h>

enum source { SOURCE_ARXIV, SOURCE_SEMANTIC_SCHOLAR };
#define SOURCE_COUNT 2

/* A number that a source does not give. */
#define SOURCE_NUMBER_NONE INT64_MIN

/*
 * What one source says of one paper; what it lacks is SLICE_NONE, an empty list or
 * SOURCE_NUMBER_NONE. Text is clean (text.h).  The slices belong to whoever made the record.
 */
struct source_record {
	enum source source;
	/* When it was fetched, seconds since 1970 UTC. */
	int64_t fetched;

	/* Both; the id canonical and without version (arxiv_id.h), DOIs as written, several joined
	 * by a space. */
	struct slice arxiv_id;
	struct slice doi;
	struct slice title;
	struct slice abstract;
	struct slice_list authors;

	/* arXiv.  published and updated are seconds since 1970 UTC. */
	int64_t version;
	struct slice_list categories;
	int64_t published;
	int64_t updated;
	struct slice comment;
	struct slice journal_ref;

	/* Semantic Scholar.  paper_id is 40 hex digits, publication_date `YYYY-MM-DD`. */
	struct slice paper_id;
	int64_t corpus_id;
	struct slice dblp;
	struct slice_list fields_of_study;
	struct slice publication_date;
	int64_t year;
	struct slice venue;
	int64_t citation_count;
	int64_t influential_citation_count;
	struct slice pdf_url;
	struct slice url;
};

/** source_name(source): "arxiv" or "semantic_scholar", as records, files and manifests spell it. */
const char *source_name(enum source source);

/** source_title(source): "arXiv" or "Semantic Scholar", for people. */
const char *source_title(enum source source);

/** source_record_init(record, source, fetched): A record that knows nothing yet. */
void source_record_init(struct source_record *record, enum source source, int64_t fetched);

/** source_record_write(record, out): Append the record as one line of JSON with its newline. */
void source_record_write(const struct source_record *record, struct buf *out);

#endif
