#ifndef FINESET_MERGE_H
#define FINESET_MERGE_H

#include "arena.h"
#include "attribute.h"
#include "doi_conflict.h"
#include "log.h"
#include "row.h"
#include "slice.h"
#include "source_record.h"
#include "topic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From source records to papers.  Two records are one paper if they share an arXiv id, a DOI or a
 * CorpusId, transitively; the order of the records does not matter.  Two passes: the first keeps
 * keys, numbers and offsets, the second reads again only the records that supply text.
 */
struct merge;

/* Which papers a snapshot holds. */
struct merge_scope {
	/* First and last day of publication, days since 1970; INT64_MIN and INT64_MAX leave them
	 * open. */
	int64_t from;
	int64_t to;
	/* Papers whose arXiv categories are known must have one of these (`cs.*` stands for an
	 * archive). */
	char **categories;
	size_t category_count;
};

/* What source records are known by. */
enum merge_key {
	/* A canonical arXiv id. */
	KEY_ARXIV,
	/* A DOI in lower case. */
	KEY_DOI,
	/* A CorpusId in decimal. */
	KEY_CORPUS,
	/* A paperId: it makes a later record of Semantic Scholar supersede an earlier one, and
	   joins nothing. */
	KEY_PAPER,
	/* Texts that many records share, held once: a DOI as it was written, a venue, fields of
	   study. */
	KEY_TEXT,
	/* The same of a DOI that arXiv itself gave. */
	KEY_ARXIV_TEXT
};

/* A key of a source record, and whether it joins the record to others of its paper. */
struct merge_join {
	enum merge_key key;
	struct slice text;
	/* False of a DOI in conflict, and of a paperId. */
	bool joins;
	/* The other records of the paper that carry it, by their number, ascending; of live ones.
	 */
	size_t *with;
	size_t with_count;
};

/* A source record behind a paper. */
struct merge_record {
	enum source source;
	/* Seconds since 1970; 0 if the line does not say. */
	int64_t fetched;
	/* Where its line begins. */
	const char *file;
	uint64_t offset;
	/* Of arXiv; 0 if unknown. */
	int version;
	/* SOURCE_NUMBER_NONE, SLICE_NONE: not given. */
	int64_t corpus_id;
	struct slice paper_id;
	/* A later record of the same source stands for it; it supplies nothing and joins nothing.
	 */
	bool superseded;
	/* What the row would be if this record were the only one. */
	struct row row;
	struct merge_join *joins;
	size_t join_count;
};

#define MERGE_PAPER_NONE SIZE_MAX

struct merge_counts {
	/* Live source records: those that no later one supersedes. */
	uint64_t records[2];
	uint64_t superseded;
	uint64_t refused;
	/* Papers before merge_scope. */
	uint64_t papers;
};

/** merge_scope_of(topic, day): The papers of a topic as of ${day} (days since 1970); borrows the
 * categories. */
struct merge_scope merge_scope_of(const struct topic *topic, int64_t day);

/** merge_new(workers, log): Nothing merged yet; so many workers (see team.h) will read, and the
 * result is the same for any number. */
struct merge *merge_new(size_t workers, const struct log *log) MUST_CHECK;

/** merge_free(merge): Free it and close its files. */
void merge_free(struct merge *merge);

/**
 * merge_read(merge, fd, name):
 * Pass 1 over one journal or JSONL file of source records; takes ${fd}, which must allow pread. Bad
 * lines are logged, counted and skipped.  0, or -1 if the file cannot be read.
 */
int merge_read(struct merge *merge, int fd, const char *name) MUST_CHECK;

/** merge_read_to(merge, fd, name, bytes): The same, but of the first ${bytes} bytes only. */
int merge_read_to(struct merge *merge, int fd, const char *name, uint64_t bytes) MUST_CHECK;

/**
 * merge_resolve(merge, scope):
 * Find the papers, their ids and their order (published descending, then id).  To be called once,
 * after all merge_read.  0, or -1 (logged) if a record cannot be read again.
 */
int merge_resolve(struct merge *merge, const struct merge_scope *scope) MUST_CHECK;

/** merge_workers(merge): How many workers it was made for. */
size_t merge_workers(const struct merge *merge);

/** merge_size(merge): Papers within the scope. */
size_t merge_size(const struct merge *merge);

/* What was read of the inputs, by one thread at a time: papers that follow each other often stand
 * close together in a journal. */
struct merge_reader;

/** merge_reader_new(merge): A reader that has read nothing yet, once there is nothing to merge_read
 * any more; up to a megabyte. */
struct merge_reader *merge_reader_new(const struct merge *merge) MUST_CHECK;

/** merge_reader_free(reader): Free it, if there is one. */
void merge_reader_free(struct merge_reader *reader);

/**
 * merge_row(merge, paper, row, reader, arena):
 * Pass 2, which several threads may ask for at the same time, with a reader each: the fields of
 * paper number ${paper} (in the order of the snapshot), all but has_code, code_url and
 * quality_score.  Without a ${reader} (NULL) each record is read by itself.  The slices live in
 * ${arena} or in ${merge}.  1, 0 if the paper lies outside the scope's categories, or -1 (logged).
 */
int merge_row(struct merge *merge, size_t paper, struct row *row, struct merge_reader *reader,
    struct arena *arena) MUST_CHECK;

/**
 * merge_records(merge, paper, records, count, arena):
 * All source records behind a paper, those that supply it first, in the order of supply, then the
 * superseded ones; all in ${arena} or ${merge}.  0, or -1 (logged) if one cannot be read again.
 */
int merge_records(struct merge *merge, size_t paper, struct merge_record **records, size_t *count,
    struct arena *arena) MUST_CHECK;

/** merge_id_text(merge, paper, text): Make ${text} the text whose SHA-256 is the id of a paper. */
void merge_id_text(const struct merge *merge, size_t paper, struct buf *text);

/** merge_find_id(merge, id): The paper with this id in hex (DIGEST_HEX_SIZE - 1 bytes), or
 * MERGE_PAPER_NONE. */
size_t merge_find_id(struct merge *merge, struct slice id);

/** merge_find_key(merge, kind, text): The paper one of whose live records carries a key, or
 * MERGE_PAPER_NONE; the first in the order of the snapshot if several do. */
size_t merge_find_key(struct merge *merge, enum merge_key kind, struct slice text);

/** merge_count(merge): What went in. */
struct merge_counts merge_count(const struct merge *merge);

/* Lines of one input that later ones supersede. */
struct merge_dead {
	/* Where they begin, ascending. */
	uint64_t *offsets;
	size_t count;
	/* Their length, newlines included. */
	uint64_t bytes;
};

/** merge_superseded(merge, file): The lines of input number ${file}, from 0 in the order of
 * merge_read, that went for nothing; the caller frees the offsets. */
struct merge_dead merge_superseded(const struct merge *merge, size_t file) MUST_CHECK;

/** merge_conflicts(merge, count): The conflicts, by DOI, borrowed. */
const struct doi_conflict *merge_conflicts(const struct merge *merge, size_t *count);

#endif
