#include "dataset.h"

#include "bounds.h"
#include "buf.h"
#include "date.h"
#include "file.h"
#include "hub_repo.h"
#include "output.h"

#include <stdlib.h>

char *
dataset_path(const char *given)
{
	struct buf text = BUF_INIT;

	buf_add_text(&text, given);
	while (text.len > 1 && text.data[text.len - 1] == '/')
		text.data[--text.len] = '\0';
	return buf_take(&text);
}

void
dataset_topic_name(struct topic *topic)
{
	struct buf name = BUF_INIT;

	if (topic->name != NULL && topic->name[0] != '\0')
		return;
	buf_add_text(&name, topic->any.count > 0 ? topic->any.items[0] : topic->all.items[0]);
	free(topic->name);
	topic->name = buf_take(&name);
}

static int
check_hub(const struct topic *topic, const char *path, const struct log *log)
{
	struct buf where = BUF_INIT;
	int result;

	if (topic->hub == NULL)
		return 0;
	buf_printf(&where, "%s: hub", path);
	result = hub_repo_check(topic->hub, where.data, log);
	buf_free(&where);
	return result;
}

enum outcome
dataset_topic_read(const char *path, struct topic *topic, const struct log *log)
{
	struct buf text = BUF_INIT;
	enum outcome outcome = OUTCOME_NO_INPUT;

	if (file_read(path, BOUND_DOCUMENT_BYTES, &text, log) == 0)
		outcome =
		    topic_parse(text.data == NULL ? "" : text.data, text.len, path, topic, log) == 0
			? OUTCOME_DONE
			: OUTCOME_BAD_TOPIC;
	if (outcome == OUTCOME_DONE &&
	    (output_check(topic, path, log) == -1 || check_hub(topic, path, log) == -1))
		outcome = OUTCOME_BAD_TOPIC;
	if (outcome == OUTCOME_DONE)
		dataset_topic_name(topic);
	buf_free(&text);
	return outcome;
}

int
dataset_topic_check_dates(const struct topic *topic, int64_t as_of, const struct log *log)
{
	char from[DATE_DAY_SIZE], day[DATE_DAY_SIZE];

	if (topic->from == TOPIC_DAY_NONE || topic->from <= as_of)
		return 0;
	date_day_write(topic->from, from);
	date_day_write(as_of, day);
	log_error(log, "from: %s lies after the snapshot date, %s", from, day);
	return -1;
}
