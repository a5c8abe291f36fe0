#include "command.h"
#include "date.h"
#include "file.h"
#include "journal_file.h"
#include "mem.h"
#include "merge.h"
#include "scored_row.h"
#include "spool.h"
#include "team.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file, not what is spooled: that may be several journals, or a journal and more. */
static bool
is_file(const char *path)
{
	struct stat status;

	return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Read a file, which is closed; what a run was writing to a journal when it ended is none of it. */
static int
read_file(struct merge *merge, int fd, const char *name, const struct log *log)
{
	uint64_t bytes, torn;

	if (journal_file_committed(fd, name, &bytes, &torn, log) == -1) {
		close(fd);
		return -1;
	}
	if (torn > 0)
		log_notice(log,
		    "%s: %" PRIu64
		    " bytes behind the last commit left out, a page that was not finished",
		    name, torn);
	return merge_read_to(merge, fd, name, bytes);
}

static enum outcome
read_inputs(struct merge *merge, const struct options *options, const struct log *log)
{
	for (size_t i = 0; i < options->operand_count; i++) {
		const char *path = options->operands[i];
		int fd = spool_input(path, log), result;

		if (fd == -1)
			return OUTCOME_NO_INPUT;
		result = is_file(path) ? read_file(merge, fd, path, log)
				       : merge_read(merge, fd, spool_name(path));
		if (result == -1)
			return OUTCOME_BAD_DATA;
	}
	return OUTCOME_DONE;
}

static int
check_inputs(const struct options *options, const struct log *log)
{
	size_t from_stdin = 0;

	for (size_t i = 0; i < options->operand_count; i++)
		from_stdin += strcmp(options->operands[i], "-") == 0;
	if (options->operand_count > 0 && from_stdin <= 1)
		return 0;
	log_error(log, "merge: wants files of source records, `-` for stdin once, got %s",
	    options->operand_count == 0 ? "none" : "it twice");
	return -1;
}

static void
tell(const struct merge *merge, const struct row_stats *stats, int64_t day, const struct log *log)
{
	struct merge_counts counts = merge_count(merge);
	const struct doi_conflict *conflicts;
	size_t conflict_count;
	char date[DATE_DAY_SIZE];

	conflicts = merge_conflicts(merge, &conflict_count);
	for (size_t i = 0; i < conflict_count; i++)
		log_detail(log, "%.*s: %zu arXiv ids, %s", (int)conflicts[i].doi.len,
		    conflicts[i].doi.data, conflicts[i].arxiv_ids.count,
		    conflicts[i].joined ? "joined: their titles agree" : "joins nothing");
	date_day_write(day, date);
	log_notice(log,
	    "%" PRIu64 " source records are %" PRIu64 " papers, %" PRIu64
	    " superseded, %zu DOIs in conflict; %" PRIu64 " rows as of %s",
	    counts.records[SOURCE_ARXIV] + counts.records[SOURCE_SEMANTIC_SCHOLAR], counts.papers,
	    counts.superseded, conflict_count, stats->records, date);
	if (merge_size(merge) < counts.papers)
		log_notice(log, "%" PRIu64 " papers are left out, published after %s",
		    counts.papers - merge_size(merge), date);
	if (counts.refused > 0)
		log_error(log, "%" PRIu64 " lines are no source records", counts.refused);
}

enum outcome
cmd_merge(struct command_context *context)
{
	const struct options *options = &context->options;
	const struct log *log = &context->log;
	const struct merge_scope scope = { .from = INT64_MIN, .to = options->as_of };
	struct merge *merge;
	struct row_stats *stats;
	struct file_writer out;
	enum outcome outcome;

	if (check_inputs(options, log) == -1)
		return OUTCOME_USAGE;
	merge = merge_new(team_size(), log);
	stats = mem_new(1, sizeof(*stats));
	outcome = read_inputs(merge, options, log);
	if (outcome == OUTCOME_DONE && merge_resolve(merge, &scope) == -1)
		outcome = OUTCOME_BAD_DATA;
	if (outcome == OUTCOME_DONE) {
		file_writer_fd(&out, STDOUT_FILENO, "stdout", log);
		if (scored_row_write_all(merge, options->as_of, &out, stats) == -1)
			outcome = OUTCOME_BAD_DATA;
		if (file_writer_close(&out) == -1)
			outcome = OUTCOME_CANNOT_WRITE;
	}
	if (outcome == OUTCOME_DONE) {
		tell(merge, stats, options->as_of, log);
		if (merge_count(merge).refused > 0)
			outcome = OUTCOME_BAD_DATA;
	}
	merge_free(merge);
	free(stats);
	return outcome;
}
