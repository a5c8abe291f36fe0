#include "run.h"

#include "clock.h"
#include "collect.h"
#include "date.h"
#include "file.h"
#include "jsonl.h"
#include "lock.h"
#include "manifest.h"
#include "push.h"
#include "release.h"
#include "stop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run as last-run.json tells it. */
struct run {
	const struct run_plan *plan;
	const char *directory;
	const struct log *log;
	int64_t started;
	/* The same moment, as clock_ticks has it. */
	int64_t begun;
	struct collection collection;
	struct release release;
	enum outcome outcome;
	/* How the push ended; OUTCOME_COUNT if there was none. */
	enum outcome pushed;
	/* It ended before a source was asked. */
	bool refused;
};

static bool
failed(const struct source_report *report)
{
	return report->outcome != SOURCE_OK && report->outcome != SOURCE_SHORT;
}

/* What a collection allows: OUTCOME_DONE and OUTCOME_PARTIAL to publish, else why not. */
static enum outcome
judge(const struct collection *collection)
{
	const struct source_report *arxiv = &collection->reports[SOURCE_ARXIV];
	const struct source_report *s2 = &collection->reports[SOURCE_SEMANTIC_SCHOLAR];

	if (arxiv->outcome == SOURCE_CANNOT_WRITE || s2->outcome == SOURCE_CANNOT_WRITE)
		return OUTCOME_CANNOT_WRITE;
	if (collection->stopped)
		return OUTCOME_LATER;
	if (failed(arxiv) && collection->cutoff == INT64_MIN)
		return arxiv->outcome == SOURCE_THROTTLED || arxiv->outcome == SOURCE_CUT
			   ? OUTCOME_LATER
			   : OUTCOME_UNREACHABLE;
	if (arxiv->outcome != SOURCE_OK || s2->outcome != SOURCE_OK)
		return OUTCOME_PARTIAL;
	return OUTCOME_DONE;
}

/* One line for a source that is not well; the journal has told already that it cannot be written.
 */
static void
tell_trouble(const struct log *log, enum source source, const struct source_report *report)
{
	const char *title = source_title(source);

	if (report->outcome == SOURCE_SHORT)
		log_notice(log, "%s: %" PRId64 " of %" PRId64 " matches never came", title,
		    report->missing, report->matched);
	else if (report->outcome == SOURCE_KEY_REFUSED && source == SOURCE_SEMANTIC_SCHOLAR)
		log_error(log, "%s: refuses %s: %s", title,
		    getenv("S2_API_KEY") == NULL ? "requests without a key (S2_API_KEY is not set)"
						 : "the key in S2_API_KEY",
		    report->reason);
	else if (failed(report) && report->outcome != SOURCE_CANNOT_WRITE)
		log_error(
		    log, "%s: %s: %s", title, source_outcome_name(report->outcome), report->reason);
}

/* For whoever reads the log: how the sources ended that are not well, and what that means. */
static void
tell_troubles(const struct run *run)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		tell_trouble(run->log, (enum source)i, &run->collection.reports[i]);
	if (run->outcome == OUTCOME_LATER || run->outcome == OUTCOME_UNREACHABLE)
		log_error(run->log, "nothing was published; what came is kept, and the same "
				    "command goes on from there");
}

static void
tell_source(const struct run *run, enum source source)
{
	const struct source_report *report = &run->collection.reports[source];

	log_notice(run->log,
	    "  %-16s %" PRId64 " matched, %" PRIu64 " requests, %" PRIu64
	    " asked again, %.1f s waited, %.1f MB",
	    source_title(source), report->matched < 0 ? 0 : report->matched, report->requests,
	    report->retries, (double)report->waited / 1000, (double)report->bytes / 1e6);
}

static void
tell_summary(const struct run *run)
{
	const struct row_stats *stats = &run->release.stats;

	log_notice(run->log,
	    "%s: %" PRIu64 " papers (%" PRIu64 " from both sources, %" PRIu64
	    " only arXiv, %" PRIu64 " only Semantic Scholar), %" PRIu64 " with code",
	    run->release.path, stats->records, stats->from_both,
	    stats->from_arxiv - stats->from_both, stats->from_semantic_scholar - stats->from_both,
	    stats->with_code);
	tell_source(run, SOURCE_ARXIV);
	tell_source(run, SOURCE_SEMANTIC_SCHOLAR);
	log_notice(run->log,
	    "  %-16s %" PRIu64 " source records into %" PRIu64 " papers, %" PRIu64
	    " of them outside the dates and categories, %" PRIu64 " DOI conflicts",
	    "merged", run->release.source_records, run->release.papers,
	    run->release.papers - stats->records, run->release.conflicts);
	log_notice(run->log, "  %-16s %" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " removed",
	    "changes", run->release.changes.added, run->release.changes.changed,
	    run->release.changes.removed);
}

/* When everything was asked again: what was not brought when it was due. */
static void
tell_difference(const struct run *run)
{
	const struct known_difference *difference = &run->collection.difference;

	if (run->collection.anew)
		log_notice(run->log,
		    "  %-16s %" PRIu64 " papers and %" PRIu64
		    " new versions had been missed by arXiv's refreshes, %" PRIu64
		    " papers no longer match",
		    "all again", difference->papers, difference->versions, difference->gone);
}

/* Whether arXiv counts as many papers as are held of it. */
static void
tell_drift(const struct run *run)
{
	const struct source_report *report = &run->collection.reports[SOURCE_ARXIV];
	int64_t held = run->collection.held;

	if (report->outcome == SOURCE_OK && report->matched != held)
		log_notice(run->log,
		    "%s: arXiv counts %" PRId64 " matches, %" PRId64
		    " are held: `fineset refresh --full %s` settles it",
		    run->directory, report->matched, held, run->directory);
}

/* Nothing but the date and what follows from it is new. */
static bool
nothing_new(const struct run *run)
{
	const struct changes *changes = &run->release.changes;

	return changes->added == 0 && changes->removed == 0 &&
	       changes->changed == changes->rescored;
}

static void
tell_release(const struct run *run)
{
	if (run->plan->collect.renew && nothing_new(run) && !run->collection.anew)
		log_notice(run->log, "%s: nothing new, %" PRIu64 " papers", run->release.path,
		    run->release.stats.records);
	else
		tell_summary(run);
	if (run->release.stats.records == 0)
		log_error(run->log,
		    "%s: no paper at all: look at the phrases, categories and dates in topic.json",
		    run->directory);
	tell_difference(run);
	tell_drift(run);
}

static void
write_time(struct buf *out, const char *key, int64_t seconds)
{
	char text[DATE_TIME_SIZE];

	date_time_write(seconds, text);
	buf_printf(out, ",\n  \"%s\": \"%s\"", key, text);
}

static void
write_report(struct buf *out, enum source source, const struct source_report *report)
{
	buf_printf(out, "%s\n    \"%s\": {\"status\": \"%s\", \"reason\": ", source == 0 ? "" : ",",
	    source_name(source), source_outcome_name(report->outcome));
	jsonl_write_string(report->reason[0] == '\0' ? SLICE_NONE : slice_of(report->reason), out);
	buf_add_text(out, ", \"matched_total\": ");
	if (report->matched < 0)
		buf_add_text(out, "null");
	else
		buf_printf(out, "%" PRId64, report->matched);
	buf_printf(out,
	    ", \"missing\": %" PRId64 ", \"refused\": %" PRIu64 ", \"dropped\": %" PRIu64
	    ", \"requests\": %" PRIu64 ", \"retries\": %" PRIu64
	    ", \"waited_seconds\": %.3f, \"bytes\": %" PRIu64 "}",
	    report->missing, report->faults.refused, report->faults.dropped, report->requests,
	    report->retries, (double)report->waited / 1000, report->bytes);
}

/* What refreshes had missed, if everything was asked again. */
static void
write_difference(struct buf *out, const struct known_difference *difference)
{
	if (difference == NULL)
		buf_add_text(out, "null");
	else
		buf_printf(out,
		    "{\"papers\": %" PRIu64 ", \"versions\": %" PRIu64 ", \"gone\": %" PRIu64 "}",
		    difference->papers, difference->versions, difference->gone);
}

static void
describe(const struct run *run, struct buf *out)
{
	const struct release *release = &run->release;

	buf_printf(out, "{\n  \"command\": \"%s\"", run->plan->command);
	write_time(out, "started", run->started);
	write_time(
	    out, "ended", (int64_t)clock_utc(&(struct clock){ clock_system().utc, NULL, NULL }));
	buf_printf(out, ",\n  \"outcome\": \"%s\",\n  \"exit_code\": %d,\n  \"snapshot\": ",
	    outcome_name(run->outcome), outcome_code(run->outcome));
	jsonl_write_string(release->path == NULL
			       ? SLICE_NONE
			       : slice_of(release->path + strlen(run->directory) + 1),
	    out);
	buf_printf(out,
	    ",\n  \"records\": %" PRIu64 ",\n  \"added\": %" PRIu64 ",\n  \"changed\": %" PRIu64
	    ",\n  \"removed\": %" PRIu64 ",\n  \"refused_lines\": %" PRIu64 ",\n  \"push\": ",
	    release->stats.records, release->changes.added, release->changes.changed,
	    release->changes.removed, release->refused);
	jsonl_write_string(
	    run->pushed == OUTCOME_COUNT ? SLICE_NONE : slice_of(outcome_name(run->pushed)), out);
	buf_add_text(out, ",\n  \"sources\": {");
	for (int i = 0; i < SOURCE_COUNT && !run->refused; i++)
		write_report(out, (enum source)i, &run->collection.reports[i]);
	buf_printf(out, "\n  },\n  \"held\": %" PRId64 ",\n  \"missed\": ", run->collection.held);
	write_difference(out, run->collection.anew ? &run->collection.difference : NULL);
	buf_add_text(out, "\n}\n");
}

/* The caller frees it. */
static char *
note_path(const struct run *run)
{
	return file_path(run->directory, "last-run.json");
}

static int
leave_note(const struct run *run, bool on_stdout)
{
	char *path = note_path(run);
	struct buf text = BUF_INIT;
	int result;

	describe(run, &text);
	if (on_stdout)
		fwrite(text.data, 1, text.len, stdout);
	result = file_replace(path, text.data, text.len, run->log);
	buf_free(&text);
	free(path);
	return result;
}

static int
keep_topic(const struct run *run, const struct topic *topic)
{
	char *path = file_path(run->directory, "topic.json");
	struct buf text = BUF_INIT;
	int result = 0;

	if (!file_exists(path)) {
		topic_write(topic, &text);
		result = file_replace(path, text.data, text.len, run->log);
	}
	buf_free(&text);
	free(path);
	return result;
}

static enum outcome
collect_and_release(struct run *run, const struct topic *topic, const struct options *options,
    struct progress *progress)
{
	enum outcome outcome;

	if (keep_topic(run, topic) == -1 ||
	    collect(run->directory, topic, options, &run->plan->collect, progress, run->log,
		&run->collection) == -1)
		return OUTCOME_CANNOT_WRITE;
	outcome = judge(&run->collection);
	if (outcome != OUTCOME_DONE && outcome != OUTCOME_PARTIAL)
		return outcome;
	if (release_make(run->directory, topic, &run->collection, options->as_of, &run->release,
		run->log) == -1)
		return OUTCOME_CANNOT_WRITE;
	return outcome;
}

/* Send the snapshot on, in what time is left.  It stands here whatever becomes of that. */
static void
push(struct run *run, const struct topic *topic, const struct options *options)
{
	const struct clock clock = clock_system();
	struct push_plan plan = { .name = topic->hub, .revision = PUSH_REVISION };

	if (options->max_time > 0)
		plan.max_time = options->max_time - (clock_ticks(&clock) - run->begun);
	if (options->max_time > 0 && plan.max_time <= 0) {
		log_error(run->log, "%s: not pushed: no time is left", run->release.path);
		run->pushed = OUTCOME_LATER;
	} else {
		run->pushed = push_snapshot(run->release.path, &plan, run->log);
	}
	if (run->pushed != OUTCOME_DONE)
		run->outcome = outcome_worst(run->outcome, OUTCOME_PARTIAL);
}

static struct run
begin_run(const struct run_plan *plan, const char *directory, const struct log *log)
{
	const struct clock clock = clock_system();

	return (struct run){
		.plan = plan,
		.directory = directory,
		.log = log,
		.started = clock_utc(&clock),
		.begun = clock_ticks(&clock),
		.pushed = OUTCOME_COUNT,
	};
}

enum outcome
run_refused(const struct run_plan *plan, const char *directory, enum outcome outcome,
    const struct options *options, const struct log *log)
{
	struct run run = begin_run(plan, directory, log);
	char *note = note_path(&run);
	bool was_there = file_exists(note);
	struct lock lock;

	run.outcome = outcome;
	run.refused = true;
	free(note);
	/* A run that has the lock leaves its own note; and one error was told already. */
	if (!was_there || lock_take(directory, &lock, NULL) != LOCK_TAKEN)
		return outcome;
	if (leave_note(&run, options->json) == -1)
		outcome = outcome_worst(outcome, OUTCOME_CANNOT_WRITE);
	lock_release(&lock);
	return outcome;
}

enum outcome
run_dataset(const struct run_plan *plan, const char *directory, const struct topic *topic,
    const struct options *options, struct progress *progress, const struct log *log)
{
	struct run run = begin_run(plan, directory, log);
	struct lock lock;

	switch (lock_take(directory, &lock, log)) {
	case LOCK_HELD:
		return OUTCOME_LATER;
	case LOCK_FAILED:
		return OUTCOME_CANNOT_CREATE;
	case LOCK_TAKEN:
		break;
	}
	run.outcome = collect_and_release(&run, topic, options, progress);
	tell_troubles(&run);
	if (run.release.path != NULL)
		tell_release(&run);
	if (run.release.path != NULL && stop_asked(NULL))
		log_notice(log, "told to stop while the snapshot was being written; it stands");
	if (run.release.path != NULL && options->push)
		push(&run, topic, options);
	if (leave_note(&run, options->json) == -1 && run.outcome == OUTCOME_DONE)
		run.outcome = OUTCOME_CANNOT_WRITE;
	free(run.release.path);
	collection_free(&run.collection);
	lock_release(&lock);
	return run.outcome;
}
