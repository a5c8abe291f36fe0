#ifndef FINESET_COMMAND_H
#define FINESET_COMMAND_H

#include "attribute.h"
#include "log.h"
#include "options.h"
#include "outcome.h"
#include "progress.h"

/* What a command runs with. */
struct command_context {
	struct options options;
	struct progress progress;
	struct log log;
};

/* A command: a file cmd_NAME.c, a row in the table of main.c. */
struct command {
	const char *name;
	/* What follows `fineset NAME`. */
	const char *synopsis;
	const char *summary;
	/* Help starts with an example. */
	const char *example;
	/* Option groups (options.h). */
	unsigned groups;
	enum outcome (*run)(struct command_context *context);
};

enum outcome cmd_build(struct command_context *context) MUST_CHECK;
enum outcome cmd_audit(struct command_context *context) MUST_CHECK;
enum outcome cmd_merge(struct command_context *context) MUST_CHECK;
enum outcome cmd_score(struct command_context *context) MUST_CHECK;
enum outcome cmd_diff(struct command_context *context) MUST_CHECK;
enum outcome cmd_refresh(struct command_context *context) MUST_CHECK;
enum outcome cmd_export(struct command_context *context) MUST_CHECK;
enum outcome cmd_top(struct command_context *context) MUST_CHECK;
enum outcome cmd_push(struct command_context *context) MUST_CHECK;
enum outcome cmd_parse(struct command_context *context) MUST_CHECK;

#endif
