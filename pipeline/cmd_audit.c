#include "command.h"
#include "date.h"
#include "file.h"
#include "inquiry.h"
#include "lines.h"
#include "mem.h"
#include "snapshot_date.h"
#include "subject.h"
#include "text.h"
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many papers are explained in one pass over the rows. */
#define BATCH 1000

/* One audit in progress. */
struct audit {
	const struct options *options;
	const struct log *log;
	struct subject subject;
	struct merge *merge;
	/* The snapshot date, and whether somebody told it. */
	int64_t day;
	bool day_told;
	struct file_writer out;
	struct inquiry inquiry;
};

static enum outcome
find_day(struct audit *audit)
{
	const struct options *options = audit->options;
	struct snapshot_date date = { 0 };
	char found[DATE_DAY_SIZE], given[DATE_DAY_SIZE];

	audit->day = options->as_of;
	audit->day_told = true;
	if (audit->subject.manifest != NULL) {
		audit->day = manifest_reading_day(audit->subject.manifest);
		if (!options->as_of_given || options->as_of == audit->day)
			return OUTCOME_DONE;
		date_day_write(audit->day, found);
		date_day_write(options->as_of, given);
		log_error(audit->log, "--as-of %s: the manifest of %s says %s", given,
		    audit->subject.snapshot, found);
		return OUTCOME_USAGE;
	}
	if (options->as_of_given)
		return OUTCOME_DONE;
	if (snapshot_date_find(audit->subject.fd, audit->subject.path, &date, audit->log) == -1)
		return OUTCOME_BAD_DATA;
	audit->day_told = false;
	if (date.reproduced > 0)
		audit->day = date.day;
	date_day_write(audit->day, found);
	if (date.rows > 0)
		log_notice(audit->log,
		    "%s: no snapshot date given (--as-of): as of %s %" PRIu64 " of %" PRIu64
		    " scores reproduce%s",
		    audit->subject.path, found, date.reproduced, date.rows,
		    date.reproduced == 0      ? ", and on no other day"
		    : date.first == date.last ? ", more than on any other day"
					      : "");
	return OUTCOME_DONE;
}

static void
tell_verification(struct audit *audit, const struct verification *verification)
{
	struct buf text = BUF_INIT;
	char day[DATE_DAY_SIZE];

	date_day_write(audit->day, day);
	if (audit->options->json)
		buf_printf(&text,
		    "{\"rows\": %" PRIu64 ", \"reproduced\": %" PRIu64 ", \"faults\": %" PRIu64
		    ", \"untold_ids\": %" PRIu64 ", \"as_of\": \"%s\", \"sources\": %s}\n",
		    verification->rows, verification->reproduced, verification->faults,
		    verification->untold_ids, day, audit->merge == NULL ? "false" : "true");
	else
		buf_printf(&text, "%" PRIu64 " of %" PRIu64 " rows reproduce\n",
		    verification->reproduced, verification->rows);
	file_writer_add(&audit->out, text.data, text.len);
	buf_free(&text);
	if (verification->untold_ids > 0)
		log_notice(audit->log,
		    "%" PRIu64 " ids cannot be told from the row alone: no arXiv id, no DOI",
		    verification->untold_ids);
}

static enum outcome
verify(struct audit *audit)
{
	struct verification verification = { 0 };

	if (verify_rows(&audit->subject, audit->merge, audit->day, audit->options->json,
		&audit->out, &verification, audit->log) == -1)
		return OUTCOME_BAD_DATA;
	tell_verification(audit, &verification);
	/* So a download that failed looks; a snapshot may well be empty, and its manifest says so.
	 */
	if (verification.rows == 0 && audit->subject.manifest == NULL) {
		log_error(audit->log, "%s: no rows at all", audit->subject.path);
		return OUTCOME_BAD_DATA;
	}
	return verification.faults > 0 ? OUTCOME_BAD_DATA : OUTCOME_DONE;
}

static int
explain_arguments(struct audit *audit, struct arena *arena)
{
	size_t count = audit->options->operand_count - 1;
	struct slice *names = arena_new(arena, count, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = slice_of(audit->options->operands[i + 1]);
	return inquiry_answer(&audit->inquiry, names, count, arena);
}

/* One name a line; blank lines are nothing. */
static int
explain_stdin(struct audit *audit, struct arena *arena)
{
	struct slice *names = mem_new(BATCH, sizeof(*names)), line;
	struct lines lines;
	size_t count = 0;
	int more, result = 0;

	lines_init(&lines, STDIN_FILENO, "stdin", audit->log);
	while ((more = lines_next(&lines, &line)) == 1 && result == 0) {
		line = text_trim(line);
		if (line.len > 0)
			names[count++] = arena_dup(arena, line);
		if (count == BATCH) {
			result = inquiry_answer(&audit->inquiry, names, count, arena);
			count = 0;
			arena_clear(arena);
		}
	}
	if (more == 0 && result == 0 && count > 0)
		result = inquiry_answer(&audit->inquiry, names, count, arena);
	lines_free(&lines);
	free(names);
	return more == -1 ? -1 : result;
}

static enum outcome
explain(struct audit *audit)
{
	const struct options *options = audit->options;
	struct arena arena = ARENA_INIT;
	int result;
	bool from_stdin = options->operand_count == 2 && strcmp(options->operands[1], "-") == 0;

	audit->inquiry = (struct inquiry){
		.explain = {
			.subject = &audit->subject,
			.merge = audit->merge,
			.day = audit->day,
			.day_told = audit->day_told,
			.log = audit->log,
		},
		.json = options->json,
		.out = &audit->out,
	};
	result = from_stdin ? explain_stdin(audit, &arena) : explain_arguments(audit, &arena);
	arena_free(&arena);
	if (result == -1)
		return OUTCOME_BAD_DATA;
	return audit->inquiry.unknown ? OUTCOME_NO_INPUT : OUTCOME_DONE;
}

static enum outcome
run(struct audit *audit)
{
	enum outcome outcome =
	    subject_open(&audit->subject, audit->options->operands[0], audit->log);

	if (outcome == OUTCOME_DONE)
		outcome = find_day(audit);
	if (outcome == OUTCOME_DONE &&
	    subject_merge(&audit->subject, &audit->merge, audit->log) == -1)
		outcome = OUTCOME_BAD_DATA;
	if (outcome != OUTCOME_DONE)
		return outcome;
	file_writer_fd(&audit->out, STDOUT_FILENO, "stdout", audit->log);
	outcome = audit->options->operand_count == 1 ? verify(audit) : explain(audit);
	if (file_writer_close(&audit->out) == -1)
		outcome = OUTCOME_CANNOT_WRITE;
	return outcome;
}

enum outcome
cmd_audit(struct command_context *context)
{
	struct audit audit = { .options = &context->options, .log = &context->log };
	const struct options *options = &context->options;
	enum outcome outcome;

	if (options->operand_count == 0 ||
	    (options->operand_count == 2 && strcmp(options->operands[0], "-") == 0 &&
		strcmp(options->operands[1], "-") == 0)) {
		log_error(&context->log,
		    "audit: wants a dataset directory or a file of rows, and ids or none; only "
		    "one of them can be stdin (-)");
		return OUTCOME_USAGE;
	}
	audit.subject.fd = -1;
	outcome = run(&audit);
	merge_free(audit.merge);
	subject_free(&audit.subject);
	inquiry_free(&audit.inquiry);
	return outcome;
}
