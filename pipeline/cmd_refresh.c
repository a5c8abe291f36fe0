#include "clock.h"
#include "command.h"
#include "dataset.h"
#include "file.h"
#include "run.h"
#include "stop.h"

#include <stdlib.h>

/* The topic of a dataset that exists; none is made here. */
static enum outcome
find_topic(const char *directory, struct topic *topic, const struct log *log)
{
	char *path = file_path(directory, "topic.json");
	enum outcome outcome = OUTCOME_NO_INPUT;

	if (file_exists(path))
		outcome = dataset_topic_read(path, topic, log);
	else
		log_error(log,
		    "%s: no such file; `fineset build %s --topic PHRASE` makes a dataset", path,
		    directory);
	free(path);
	return outcome;
}

/* --push wants to know where to. */
static int
check_hub(const char *directory, const struct topic *topic, const struct log *log)
{
	if (topic->hub != NULL)
		return 0;
	log_error(log,
	    "%s/topic.json: hub: --push wants the dataset of the Hub here, \"NAMESPACE/NAME\"",
	    directory);
	return -1;
}

static enum outcome
refresh(const char *given, const struct run_plan *plan, const struct options *options,
    struct progress *progress, const struct log *log)
{
	char *directory = dataset_path(given);
	struct topic topic;
	enum outcome outcome;

	topic_init(&topic);
	outcome = find_topic(directory, &topic, log);
	if (outcome == OUTCOME_DONE && dataset_topic_check_dates(&topic, options->as_of, log) == -1)
		outcome = OUTCOME_USAGE;
	if (outcome == OUTCOME_DONE && options->push && check_hub(directory, &topic, log) == -1)
		outcome = OUTCOME_BAD_TOPIC;
	if (outcome == OUTCOME_DONE)
		outcome = run_dataset(plan, directory, &topic, options, progress, log);
	else if (outcome != OUTCOME_NO_INPUT)
		outcome = run_refused(plan, directory, outcome, options, log);
	topic_free(&topic);
	free(directory);
	return outcome;
}

/* What a dataset may take of the time that is left, so that none of those behind it starves; 0 is
 * no limit, -1 no time at all. */
static int64_t
time_share(const struct options *options, int64_t begun, size_t datasets)
{
	const struct clock clock = clock_system();
	int64_t left = options->max_time - (clock_ticks(&clock) - begun);

	if (options->max_time == 0)
		return 0;
	return left < (int64_t)datasets ? -1 : left / (int64_t)datasets;
}

enum outcome
cmd_refresh(struct command_context *context)
{
	const struct clock clock = clock_system();
	struct options options = context->options;
	struct pace pace = { { 0 } };
	const struct run_plan plan = { "refresh", { .renew = true, .pace = &pace } };
	enum outcome worst = OUTCOME_DONE;
	int64_t begun = clock_ticks(&clock);

	if (options.operand_count == 0) {
		log_error(&context->log, "refresh: wants one directory or more, got none");
		return OUTCOME_USAGE;
	}
	if (options_check_network(&options, &context->log) == -1)
		return OUTCOME_USAGE;
	for (size_t i = 0; i < options.operand_count; i++) {
		enum outcome outcome = OUTCOME_LATER;

		options.max_time = time_share(&context->options, begun, options.operand_count - i);
		if (stop_asked(NULL) || options.max_time < 0)
			log_error(&context->log, "%s: not refreshed: %s", options.operands[i],
			    options.max_time < 0 ? "no time is left" : "told to stop");
		else
			outcome = refresh(options.operands[i], &plan, &options, &context->progress,
			    &context->log);
		worst = outcome_worst(worst, outcome);
	}
	return worst;
}
