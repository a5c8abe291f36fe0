#include "command.h"
#include "file.h"
#include "mem.h"
#include "output.h"
#include "subject.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is written in another format: the rows of a subject, and what its manifest says. */
struct export
{
	struct subject subject;
	struct topic topic;
	struct row_stats *stats;
	struct manifest manifest;
	struct output_input input;
	/* Lines that are no rows. */
	uint64_t refused;
	const struct log *log;
};

static void
export_free(struct export *export)
{
	if (export->input.changes != -1)
		close(export->input.changes);
	free((char *)export->input.changes_name);
	subject_free(&export->subject);
	topic_free(&export->topic);
	free(export->stats);
}

/* Count the rows, and tell of lines that are none. */
static int
count_rows(struct export *export)
{
	struct row_reader reader;
	int more;

	row_reader_init(&reader, export->subject.fd, export->subject.path, export->log);
	while ((more = row_reader_next(&reader)) == 1)
		row_stats_add_line(export->stats, &reader.row);
	export->refused = reader.refused;
	row_reader_free(&reader);
	return more;
}

static char *
copy_text(struct slice text)
{
	return text.data == NULL ? NULL : mem_dup(text.data, text.len);
}

/* What the manifest says; a bare file has the name of its file, and the date of the command. */
static int
take_manifest(struct export *export, int64_t day)
{
	const struct manifest_reading *reading = export->subject.manifest;
	struct buf query = BUF_INIT;
	struct slice name, license;
	int result;

	export->manifest.snapshot_day = day;
	if (reading == NULL) {
		export->topic.name = mem_dup(export->subject.path, strlen(export->subject.path));
		return 0;
	}
	manifest_reading_query(reading, &query);
	result =
	    topic_parse(query.data, query.len, export->subject.path, &export->topic, export->log);
	buf_free(&query);
	manifest_reading_texts(reading, &name, &license);
	export->topic.name = copy_text(name.data == NULL ? SLICE_LITERAL("") : name);
	export->topic.license = copy_text(license);
	manifest_reading_fill(reading, &export->manifest);
	export->input.has_sources = true;
	return result;
}

static int
open_changes(struct export *export)
{
	char *path = NULL;

	if (export->subject.snapshot != NULL)
		path = file_path(export->subject.snapshot, "changes.jsonl");
	if (path == NULL || !file_exists(path)) {
		free(path);
		return 0;
	}
	export->input.changes_name = path;
	export->input.changes = file_open(path, export->log);
	return export->input.changes == -1 ? -1 : 0;
}

static enum outcome
export_open(struct export *export, const char *path, int64_t day)
{
	enum outcome outcome = subject_open(&export->subject, path, export->log);

	if (outcome != OUTCOME_DONE)
		return outcome;
	export->input.rows = export->subject.fd;
	export->input.rows_name = export->subject.path;
	if (take_manifest(export, day) == -1 || open_changes(export) == -1 ||
	    count_rows(export) == -1)
		return OUTCOME_BAD_DATA;
	return OUTCOME_DONE;
}

static enum outcome
write_open(const struct export *export, const struct output *output, int fd, const char *name)
{
	struct file_writer out;
	int result;

	file_writer_fd(&out, fd, name, export->log);
	result = output->write(&export->input, &out, export->log);
	if (file_writer_close(&out) == -1)
		return OUTCOME_CANNOT_WRITE;
	return result == -1 ? OUTCOME_BAD_DATA : OUTCOME_DONE;
}

/* A device or a pipe is written to: nothing may take its place. */
static enum outcome
write_special(const struct export *export, const struct output *output, const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	enum outcome outcome;

	if (fd == -1) {
		log_error(export->log, "%s: cannot write to: %s", path, strerror(errno));
		return OUTCOME_CANNOT_CREATE;
	}
	outcome = write_open(export, output, fd, path);
	close(fd);
	return outcome;
}

/* The file is replaced as a whole, or stays as it was. */
static enum outcome
write_regular(const struct export *export, const struct output *output, const char *path)
{
	char *temporary = file_temporary(path);
	enum outcome outcome = OUTCOME_DONE;
	struct file_writer out;

	unlink(temporary);
	if (file_writer_open(&out, temporary, export->log) == -1) {
		free(temporary);
		return OUTCOME_CANNOT_CREATE;
	}
	if (output->write(&export->input, &out, export->log) == -1)
		outcome = OUTCOME_BAD_DATA;
	if (file_writer_close(&out) == -1 ||
	    (outcome == OUTCOME_DONE && file_rename(temporary, path, export->log) == -1))
		outcome = OUTCOME_CANNOT_WRITE;
	if (outcome != OUTCOME_DONE)
		unlink(temporary);
	free(temporary);
	return outcome;
}

/* Links are followed, as a shell's `>` does. */
static enum outcome
write_file(const struct export *export, const struct output *output, const char *path)
{
	struct stat status;
	enum outcome outcome;
	char *real;

	/* Not by its real path: a pipe behind /dev/stdout has none. */
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return write_special(export, output, path);
	real = realpath(path, NULL);
	outcome = write_regular(export, output, real == NULL ? path : real);
	free(real);
	return outcome;
}

static enum outcome
check_usage(const struct options *options, const struct output **output, const struct log *log)
{
	struct buf names = BUF_INIT;

	if (options->operand_count != 1) {
		log_error(
		    log, "export: wants one directory or file, got %zu", options->operand_count);
		return OUTCOME_USAGE;
	}
	*output = options->to_format == NULL ? NULL : output_find(options->to_format);
	if (*output == NULL) {
		output_names(&names);
		if (options->to_format == NULL)
			log_error(log, "export: wants a format, --to %s", names.data);
		else
			log_error(log, "--to: must be %s, got '" LOG_VALUE_FMT "'", names.data,
			    LOG_VALUE(slice_of(options->to_format)));
		buf_free(&names);
		return OUTCOME_USAGE;
	}
	if ((*output)->binary && options->output == NULL && isatty(STDOUT_FILENO) == 1) {
		log_error(log, "export: %s is nothing to read on a terminal: give -o FILE",
		    (*output)->name);
		return OUTCOME_USAGE;
	}
	return OUTCOME_DONE;
}

enum outcome
cmd_export(struct command_context *context)
{
	const struct options *options = &context->options;
	struct export export = { .input = { .rows = -1, .changes = -1 }, .log = &context->log };
	const struct output *output;
	enum outcome outcome = check_usage(options, &output, &context->log);

	if (outcome != OUTCOME_DONE)
		return outcome;
	topic_init(&export.topic);
	export.stats = mem_new(1, sizeof(*export.stats));
	export.manifest.topic = &export.topic;
	export.manifest.stats = export.stats;
	export.input.manifest = &export.manifest;
	outcome = export_open(&export, options->operands[0], options->as_of);
	if (outcome == OUTCOME_DONE)
		outcome = options->output == NULL
			      ? write_open(&export, output, STDOUT_FILENO, "stdout")
			      : write_file(&export, output, options->output);
	if (outcome == OUTCOME_DONE && export.refused > 0) {
		log_error(&context->log, "%s: %" PRIu64 " lines are no rows and were left out",
		    export.subject.path, export.refused);
		outcome = OUTCOME_BAD_DATA;
	}
	export_free(&export);
	return outcome;
}
