#include "command.h"
#include "dataset.h"
#include "hub_repo.h"
#include "push.h"

#include <stdlib.h>

static enum outcome
check_usage(const struct options *options, const struct log *log)
{
	if (options->operand_count != 2) {
		log_error(log,
		    "push: wants a dataset directory and NAMESPACE/NAME, got %zu of them",
		    options->operand_count);
		return OUTCOME_USAGE;
	}
	if (hub_repo_check(options->operands[1], "push", log) == -1 ||
	    hub_repo_check_revision(options->revision, "--revision", log) == -1)
		return OUTCOME_USAGE;
	return OUTCOME_DONE;
}

enum outcome
cmd_push(struct command_context *context)
{
	const struct options *options = &context->options;
	enum outcome outcome = check_usage(options, &context->log);
	char *directory;

	if (outcome != OUTCOME_DONE)
		return outcome;
	directory = dataset_path(options->operands[0]);
	outcome = push_snapshot(directory,
	    &(struct push_plan){ .name = options->operands[1],
		.revision = options->revision,
		.create = options->create || options->is_private,
		.is_private = options->is_private,
		.dry_run = options->dry_run,
		.max_time = options->max_time },
	    &context->log);
	free(directory);
	return outcome;
}
