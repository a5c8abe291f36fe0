#ifndef FINESET_TOPIC_H
#define FINESET_TOPIC_H

#include "attribute.h"
#include "buf.h"
#include "log.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum topic_match { TOPIC_TITLE_ABSTRACT, TOPIC_EVERYWHERE };

/* A day that a topic leaves open. */
#define TOPIC_DAY_NONE INT64_MIN

struct topic_list {
	char **items;
	size_t count;
	size_t capacity;
};

/* What a dataset is about: topic.json.  All strings are valid UTF-8 without control characters. */
struct topic {
	char *name;
	/* Phrases: one of any, each of all, none of none. */
	struct topic_list any;
	struct topic_list all;
	struct topic_list none;
	/* arXiv categories such as `cs.CL` or `astro-ph`, one of which a paper must have. */
	struct topic_list categories;
	/* First and last day of first publication, days since 1970, both included. */
	int64_t from;
	int64_t to;
	enum topic_match match;
	/* Snapshots that stay. */
	int keep;
	/* For the card, such as `cc0-1.0`. */
	char *license;
	/* Formats that snapshots are written in, by output.h; empty for the standard ones. */
	struct topic_list outputs;
	/* The dataset of the Hugging Face Hub that snapshots are pushed to, `NAMESPACE/NAME`; NULL
	 * for none. */
	char *hub;
};

#define TOPIC_KEEP_DEFAULT 7

/** topic_init(topic): An empty topic with every default. */
void topic_init(struct topic *topic);

/** topic_free(topic): Free what ${topic} holds. */
void topic_free(struct topic *topic);

/** topic_add(list, phrase): Append a copy of ${phrase}, white space folded. */
void topic_add(struct topic_list *list, const char *phrase);

/** topic_add_category(topic, category): Append a category, spelled as arXiv does: `CS.cl` is
 * `cs.CL`. */
void topic_add_category(struct topic *topic, const char *category);

/**
 * topic_parse(json, len, path, topic, log):
 * Read topic.json into ${topic}, which was initialised, and check it.  Faults are logged as
 * `PATH: KEY: reason, got ...`; an unknown key names the nearest known one.  0, or -1.
 */
int topic_parse(const char *json, size_t len, const char *path, struct topic *topic,
    const struct log *log) MUST_CHECK;

/**
 * topic_check(topic, where, log):
 * Whether it can be asked: something to look for, phrases of a sane size with a letter or digit
 * in them, categories of the right shape, from <= to.  Faults are logged as `WHERE: KEY: reason`.
 * 0, or -1.
 */
int topic_check(const struct topic *topic, const char *where, const struct log *log) MUST_CHECK;

/** topic_write(topic, out): topic.json, indented, for people to edit. */
void topic_write(const struct topic *topic, struct buf *out);

/**
 * topic_query_write(topic, out):
 * The query part alone (any all none categories from to match) as one line of JSON.  Two
 * topics ask for the same papers when these bytes are equal.
 */
void topic_query_write(const struct topic *topic, struct buf *out);

#endif
