#ifndef FINESET_MERGE_INDEX_H
#define FINESET_MERGE_INDEX_H

#include "arena.h"
#include "attribute.h"
#include "file.h"
#include "key_table.h"
#include "log.h"
#include "merge.h"
#include "record_line.h"
#include "slice.h"
#include "source_record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERGE_TIME_NONE INT64_MIN
#define MERGE_RECORD_NONE UINT32_MAX

/* What the text fields of a record hold, so that pass 2 need not read it to find nothing. */
enum merge_has {
	MERGE_HAS_TITLE = 1,
	MERGE_HAS_ABSTRACT = 2,
	MERGE_HAS_AUTHORS = 4,
	MERGE_HAS_COMMENT = 8,
	MERGE_HAS_CATEGORIES = 16,
	MERGE_HAS_PDF_URL = 32,
	MERGE_HAS_URL = 64,
	/* time is 1 January of a year, no known day. */
	MERGE_HAS_YEAR_ONLY = 128
};

/* A key of a record, and what it is (enum merge_key), so that the table need not be asked. */
struct merge_ref {
	uint32_t key : 29;
	uint32_t kind : 3;
};

#define MERGE_KEYS_MAX ((uint32_t)1 << 29)

/* One source record as pass 1 leaves it: keys, numbers and where its line stands.  No text of its
 * own. */
struct merge_entry {
	/* 56 bytes in all, for there are millions of them. */
	uint64_t offset : 48;
	uint64_t version : 16;
	/* Seconds since 1970; 0 where the line does not say. */
	uint64_t fetched : 38;
	uint64_t length : 25;
	uint64_t superseded : 1;
	/* First publication, seconds since 1970, or MERGE_TIME_NONE. */
	int64_t time;
	/* Its keys: index.refs[refs] and on: KEY_ARXIV, KEY_DOI, KEY_CORPUS and DOIs as written
	 * (KEY_TEXT, KEY_ARXIV_TEXT). */
	uint32_t refs;
	/* The key that makes a later record supersede this one, or KEY_NONE. */
	uint32_t identity;
	uint32_t venue;
	uint32_t fields_of_study;
	/* -1 where there is none. */
	int32_t citations;
	int32_t influential;
	/* The next record of the same paper, best first; set by merge_resolve. */
	uint32_t next;
	uint8_t ref_count;
	uint8_t file;
	/* enum merge_has. */
	uint8_t has;
	uint8_t source;
};

struct merge_file {
	int fd;
	char *name;
};

struct merge_reader {
	/* On each file, the first ones if there are many. */
	struct file_window *windows;
	size_t count;
};

/* Pass 1 over all inputs. */
struct merge_index {
	struct key_table *keys;
	struct merge_entry *entries;
	size_t count;
	size_t capacity;
	struct merge_ref *refs;
	size_t ref_count;
	size_t ref_capacity;
	struct merge_file *files;
	size_t file_count;
	size_t file_capacity;
	/* Lines that are no source record; each was logged. */
	uint64_t refused;
	size_t workers;
	const struct log *log;
};

/** merge_index_init(index, workers, log): An empty index, whose files so many workers read. */
void merge_index_init(struct merge_index *index, size_t workers, const struct log *log);

/** merge_index_free(index): Free it and close its files. */
void merge_index_free(struct merge_index *index);

/**
 * merge_index_read(index, fd, name, bytes):
 * Read the source records in the first ${bytes} bytes of a journal or of any JSONL with such lines;
 * takes ${fd}, a file that allows pread and is read from its start.  Lines of a journal that are no
 * records (`query`, `commit`) are passed over; a bad line is logged (`NAME: line N: reason`),
 * counted and skipped. 0, or -1 if the file cannot be read.
 */
int merge_index_read(
    struct merge_index *index, int fd, const char *name, uint64_t bytes) MUST_CHECK;

/**
 * merge_index_record(index, entry, record, reader, arena):
 * Read the line of an entry again into ${arena} and parse it; ${reader} may be NULL.  0, or -1
 * (logged) if it is no longer the record that pass 1 saw.
 */
int merge_index_record(const struct merge_index *index, const struct merge_entry *entry,
    struct record_line *record, struct merge_reader *reader, struct arena *arena) MUST_CHECK;

/** merge_index_ref(index, entry, kind, at): The next key of ${kind} among an entry's, from position
 * ${at} on (starts at 0). */
uint32_t merge_index_ref(const struct merge_index *index, const struct merge_entry *entry,
    enum merge_key kind, size_t *at);

/** merge_index_carries(index, entry, key): Whether ${key} is among an entry's. */
bool merge_index_carries(
    const struct merge_index *index, const struct merge_entry *entry, uint32_t key);

/** merge_index_corpus_id(index, entry): Its CorpusId, or SOURCE_NUMBER_NONE. */
int64_t merge_index_corpus_id(const struct merge_index *index, const struct merge_entry *entry);

#endif
