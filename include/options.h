#ifndef FINESET_OPTIONS_H
#define FINESET_OPTIONS_H

#include "attribute.h"
#include "log.h"
#include "topic.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which groups of options a command takes. */
enum options_group {
	/* -q -v --help: every command. */
	OPTIONS_ALWAYS = 1,
	OPTIONS_AS_OF = 2,
	OPTIONS_JSON = 4,
	/* Where and how fast to ask: --arxiv-url, --s2-interval, --max-time ... */
	OPTIONS_NETWORK = 8,
	/* --topic, --name, --category, --from, --to. */
	OPTIONS_TOPIC = 16,
	/* --full. */
	OPTIONS_FULL = 32,
	/* --to, -o. */
	OPTIONS_EXPORT = 64,
	/* -n, --filter. */
	OPTIONS_TOP = 128,
	/* --create, --private, --revision, --dry-run; --max-time. */
	OPTIONS_PUSH = 256,
	/* --push, of refresh. */
	OPTIONS_THEN_PUSH = 512
};

/* So many --filter there may be. */
#define OPTIONS_FILTERS 16

/* What the command line and the environment say. */
struct options {
	enum log_level verbosity;
	bool help;
	bool json;
	bool progress;
	/* Ask for everything again. */
	bool full;
	/* Days since 1970; today (UTC) unless given. */
	int64_t as_of;
	bool as_of_given;

	/* A format of output.h, and the file to write; NULL unless given. */
	const char *to_format;
	const char *output;

	/* How many rows, NULL unless given, and which, as row_filter_parse reads them. */
	const char *rows;
	const char *filters[OPTIONS_FILTERS];
	size_t filter_count;

	/* Of push (push.h). */
	bool create;
	bool is_private;
	bool dry_run;
	const char *revision;
	/* Push what was refreshed. */
	bool push;

	const char *arxiv_url;
	const char *s2_url;
	/* Milliseconds between requests. */
	int64_t arxiv_interval;
	int64_t s2_interval;
	/* Milliseconds; 0 is no limit. */
	int64_t max_time;

	/* The topic that the options describe; topic_given if there are any. */
	struct topic topic;
	bool topic_given;

	/* What is left: files, directories, ids; borrowed from argv. */
	char **operands;
	size_t operand_count;
};

/** options_init(options, today): The defaults, and what the environment says. */
void options_init(struct options *options, int64_t today);

/** options_free(options): Free what it holds. */
void options_free(struct options *options);

/**
 * options_parse(options, argc, argv, groups, log):
 * Read the arguments of a command (argv[0] is its name) that takes ${groups}.  Faults are logged
 * and name the argument.  0, or -1.
 */
int options_parse(struct options *options, int argc, char **argv, unsigned groups,
    const struct log *log) MUST_CHECK;

/** options_check_network(options, log): Whether the addresses and the pace may be used.  0, or -1
 * (logged). */
int options_check_network(const struct options *options, const struct log *log) MUST_CHECK;

/** options_help(group): The lines of help for one group of options. */
const char *options_help(enum options_group group);

#endif
