#include "command.h"
#include "dataset.h"
#include "file.h"
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The options describe the topic that the directory already has, or none. */
static enum outcome
check_same_topic(const char *path, const struct topic *held, const struct options *options,
    const struct log *log)
{
	struct buf have = BUF_INIT, want = BUF_INIT;
	bool same;

	if (!options->topic_given)
		return OUTCOME_DONE;
	topic_query_write(held, &have);
	topic_query_write(&options->topic, &want);
	same = slice_equal(buf_slice(&have), buf_slice(&want));
	if (!same)
		log_error(log,
		    "%s: holds another topic: %s, asked for: %s; use another directory, or edit it",
		    path, have.data, want.data);
	buf_free(&have);
	buf_free(&want);
	return same ? OUTCOME_DONE : OUTCOME_USAGE;
}

/* The topic of the run: what the directory holds, else what the options say. */
static enum outcome
find_topic(
    const char *directory, struct options *options, struct topic *topic, const struct log *log)
{
	char *path = file_path(directory, "topic.json");
	enum outcome outcome = OUTCOME_DONE;

	if (file_exists(path)) {
		outcome = dataset_topic_read(path, topic, log);
		if (outcome == OUTCOME_DONE)
			outcome = check_same_topic(path, topic, options, log);
	} else if (!options->topic_given) {
		log_error(log, "%s: no such file; say what to look for: --topic PHRASE", path);
		outcome = OUTCOME_USAGE;
	} else if (topic_check(&options->topic, "build", log) == -1) {
		outcome = OUTCOME_USAGE;
	} else {
		*topic = options->topic;
		topic_init(&options->topic);
		dataset_topic_name(topic);
	}
	free(path);
	return outcome;
}

/* The directory may be a link: where a dataset lives is its owner's business. */
static enum outcome
make_directory(const char *directory, const struct log *log)
{
	struct stat status;

	if (stat(directory, &status) == -1)
		return file_make_directory(directory, log) == 0 ? OUTCOME_DONE
								: OUTCOME_CANNOT_CREATE;
	if (!S_ISDIR(status.st_mode)) {
		log_error(log, "%s: is no directory", directory);
		return OUTCOME_CANNOT_CREATE;
	}
	if (access(directory, W_OK | X_OK) == -1) {
		log_error(log, "%s: cannot write there: %s", directory, strerror(errno));
		return OUTCOME_CANNOT_CREATE;
	}
	return OUTCOME_DONE;
}

enum outcome
cmd_build(struct command_context *context)
{
	struct options *options = &context->options;
	struct pace pace = { { 0 } };
	const struct run_plan plan = { .command = "build", .collect = { .pace = &pace } };
	struct topic topic;
	enum outcome outcome;
	char *directory;

	if (options->operand_count != 1 || options->operands[0][0] == '\0') {
		log_error(
		    &context->log, "build: wants one directory, got %zu", options->operand_count);
		return OUTCOME_USAGE;
	}
	directory = dataset_path(options->operands[0]);
	topic_init(&topic);
	outcome = find_topic(directory, options, &topic, &context->log);
	if (outcome == OUTCOME_DONE &&
	    (options_check_network(options, &context->log) == -1 ||
		dataset_topic_check_dates(&topic, options->as_of, &context->log) == -1))
		outcome = OUTCOME_USAGE;
	if (outcome == OUTCOME_DONE)
		outcome = make_directory(directory, &context->log);
	if (outcome == OUTCOME_DONE)
		outcome = run_dataset(
		    &plan, directory, &topic, options, &context->progress, &context->log);
	else if (outcome == OUTCOME_BAD_TOPIC)
		outcome = run_refused(&plan, directory, outcome, options, &context->log);
	topic_free(&topic);
	free(directory);
	return outcome;
}
