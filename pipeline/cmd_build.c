#include "bounds.h"
#include "command.h"
#include "date.h"
#include "file.h"
#include "http.h"
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum outcome
read_topic(const char *path, struct topic *topic, const struct log *log)
{
	struct buf text = BUF_INIT;
	enum outcome outcome = OUTCOME_NO_INPUT;

	if (file_read(path, BOUND_DOCUMENT_BYTES, &text, log) == 0)
		outcome =
		    topic_parse(text.data == NULL ? "" : text.data, text.len, path, topic, log) == 0
			? OUTCOME_DONE
			: OUTCOME_BAD_TOPIC;
	buf_free(&text);
	return outcome;
}

static void
default_name(struct topic *topic)
{
	struct buf name = BUF_INIT;

	if (topic->name != NULL && topic->name[0] != '\0')
		return;
	buf_add_text(&name, topic->any.count > 0 ? topic->any.items[0] : topic->all.items[0]);
	free(topic->name);
	topic->name = buf_take(&name);
}

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
		outcome = read_topic(path, topic, log);
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
	}
	if (outcome == OUTCOME_DONE)
		default_name(topic);
	free(path);
	return outcome;
}

static int
check_pace(
    const char *option, const char *url, int64_t interval, int64_t least, const struct log *log)
{
	if (interval >= least || http_is_loopback(url))
		return 0;
	log_error(log,
	    "%s: %.1f s is too fast for " LOG_VALUE_FMT ", which is asked every %.1f s at most",
	    option, (double)interval / 1000, LOG_VALUE(slice_of(url)), (double)least / 1000);
	return -1;
}

static int
check_network(const struct options *options, const struct log *log)
{
	struct options standard;
	int result = 0;

	options_init(&standard, 0);
	if (http_url_check(options->arxiv_url, "--arxiv-url", log) == -1 ||
	    http_url_check(options->s2_url, "--s2-url", log) == -1 ||
	    check_pace("--arxiv-interval", options->arxiv_url, options->arxiv_interval,
		standard.arxiv_interval, log) == -1 ||
	    check_pace("--s2-interval", options->s2_url, options->s2_interval, standard.s2_interval,
		log) == -1)
		result = -1;
	options_free(&standard);
	return result;
}

static int
check_dates(const struct topic *topic, const struct options *options, const struct log *log)
{
	char from[DATE_DAY_SIZE], as_of[DATE_DAY_SIZE];

	if (topic->from == TOPIC_DAY_NONE || topic->from <= options->as_of)
		return 0;
	date_day_write(topic->from, from);
	date_day_write(options->as_of, as_of);
	log_error(log, "from: %s lies after the snapshot date, %s", from, as_of);
	return -1;
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

/* `demo/` and `demo` are one directory. */
static char *
without_slashes(const char *path)
{
	struct buf text = BUF_INIT;

	buf_add_text(&text, path);
	while (text.len > 1 && text.data[text.len - 1] == '/')
		text.data[--text.len] = '\0';
	return buf_take(&text);
}

enum outcome
cmd_build(struct command_context *context)
{
	struct options *options = &context->options;
	struct topic topic;
	enum outcome outcome;
	char *directory;

	if (options->operand_count != 1 || options->operands[0][0] == '\0') {
		log_error(
		    &context->log, "build: wants one directory, got %zu", options->operand_count);
		return OUTCOME_USAGE;
	}
	directory = without_slashes(options->operands[0]);
	topic_init(&topic);
	outcome = find_topic(directory, options, &topic, &context->log);
	if (outcome == OUTCOME_DONE && (check_network(options, &context->log) == -1 ||
					   check_dates(&topic, options, &context->log) == -1))
		outcome = OUTCOME_USAGE;
	if (outcome == OUTCOME_DONE)
		outcome = make_directory(directory, &context->log);
	if (outcome == OUTCOME_DONE)
		outcome = run_dataset(
		    "build", directory, &topic, options, &context->progress, &context->log);
	topic_free(&topic);
	free(directory);
	return outcome;
}
