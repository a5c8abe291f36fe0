#include "changes.h"
#include "command.h"
#include "file.h"
#include "jsonl.h"
#include "subject.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* The last line: how much of each kind there was. */
static void
write_summary(
    const struct changes *changes, const struct field_changes *fields, struct file_writer *out)
{
	struct buf line = BUF_INIT, shown = BUF_INIT;
	const char *before = "";
	struct slice name;
	uint64_t count;

	buf_printf(&line,
	    "{\"change\": \"summary\", \"added\": %" PRIu64 ", \"removed\": %" PRIu64
	    ", \"changed\": %" PRIu64 ", \"fields\": {",
	    changes->added, changes->removed, changes->changed);
	for (size_t at = 0; field_changes_next(fields, &at, &name, &count); before = ", ") {
		buf_add_text(&line, before);
		jsonl_write_string(name, &line);
		buf_printf(&line, ": %" PRIu64, count);
	}
	buf_add_text(&line, "}}");
	text_show_json(buf_slice(&line), &shown);
	buf_add_char(&shown, '\n');
	file_writer_add(out, shown.data, shown.len);
	buf_free(&line);
	buf_free(&shown);
}

/* The same for people: `3 added, 1 removed, 12 changed (citation_count 12, venue 1)`. */
static void
tell(const struct changes *changes, const struct field_changes *fields, const struct log *log)
{
	struct buf text = BUF_INIT;
	const char *before = " (";
	struct slice name;
	uint64_t count;

	buf_printf(&text, "%" PRIu64 " added, %" PRIu64 " removed, %" PRIu64 " changed",
	    changes->added, changes->removed, changes->changed);
	for (size_t at = 0; field_changes_next(fields, &at, &name, &count); before = ", ")
		buf_printf(&text, "%s" LOG_VALUE_FMT " %" PRIu64, before, LOG_VALUE(name), count);
	if (changes->changed > 0)
		buf_add_char(&text, ')');
	if (changes->refused > 0)
		buf_printf(&text, ", %" PRIu64 " lines refused", changes->refused);
	log_notice(log, "%s", text.data);
	buf_free(&text);
}

static enum outcome
compare(const struct subject *old, const struct subject *new, const struct log *log)
{
	const struct changes_file old_file = { old->fd, old->path },
				  new_file = { new->fd, new->path };
	struct field_changes *fields = field_changes_new();
	enum outcome outcome = OUTCOME_BAD_DATA;
	struct changes changes;
	struct file_writer out;
	int result;

	file_writer_fd(&out, STDOUT_FILENO, "stdout", log);
	result = changes_write(&old_file, &new_file, &out, &changes, fields, log);
	if (result == 0) {
		write_summary(&changes, fields, &out);
		outcome = changes.refused > 0 ? OUTCOME_BAD_DATA : OUTCOME_DONE;
	}
	if (file_writer_close(&out) == -1)
		outcome = OUTCOME_CANNOT_WRITE;
	else if (result == 0)
		tell(&changes, fields, log);
	field_changes_free(fields);
	return outcome;
}

enum outcome
cmd_diff(struct command_context *context)
{
	const struct options *options = &context->options;
	struct subject old = { .fd = -1 }, new = { .fd = -1 };
	enum outcome outcome;

	if (options->operand_count != 2) {
		log_error(&context->log, "diff: wants two of directories and files, got %zu",
		    options->operand_count);
		return OUTCOME_USAGE;
	}
	if (strcmp(options->operands[0], "-") == 0 && strcmp(options->operands[1], "-") == 0) {
		log_error(&context->log, "diff: only one of the two can be stdin");
		return OUTCOME_USAGE;
	}
	outcome = subject_open(&old, options->operands[0], &context->log);
	if (outcome == OUTCOME_DONE)
		outcome = subject_open(&new, options->operands[1], &context->log);
	if (outcome == OUTCOME_DONE)
		outcome = compare(&old, &new, &context->log);
	subject_free(&old);
	subject_free(&new);
	return outcome;
}
