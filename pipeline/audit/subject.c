#include "subject.h"

#include "file.h"
#include "journal_part.h"
#include "mem.h"
#include "snapshot.h"
#include "spool.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The dataset directory that a snapshot directory stands in, or NULL if it lies alone. */
static char *
root_of(const char *snapshot)
{
	struct buf path = BUF_INIT;
	bool inside;

	buf_printf(&path, "%s/../../sources", snapshot);
	inside = file_is_directory(path.data);
	buf_clear(&path);
	buf_printf(&path, "%s/../..", snapshot);
	if (inside)
		return buf_take(&path);
	buf_free(&path);
	return NULL;
}

/* Which snapshot a directory means: a dataset's latest, or itself. */
static enum outcome
find_snapshot(struct subject *subject, const char *path, const struct log *log)
{
	char *rows = file_path(path, "data.jsonl");
	bool is_snapshot = file_exists(rows);

	free(rows);
	if (is_snapshot) {
		subject->snapshot = mem_dup(path, strlen(path));
		subject->root = root_of(path);
		return OUTCOME_DONE;
	}
	subject->snapshot = snapshot_latest(path);
	if (subject->snapshot == NULL) {
		log_error(log,
		    "%s: neither a dataset directory with a snapshot (latest) nor a snapshot "
		    "(data.jsonl)",
		    path);
		return OUTCOME_NO_INPUT;
	}
	subject->root = mem_dup(path, strlen(path));
	return OUTCOME_DONE;
}

static enum outcome
open_snapshot(struct subject *subject, const char *path, const struct log *log)
{
	enum outcome outcome = find_snapshot(subject, path, log);
	char *manifest;

	if (outcome != OUTCOME_DONE)
		return outcome;
	subject->path = file_path(subject->snapshot, "data.jsonl");
	manifest = file_path(subject->snapshot, "manifest.json");
	if (file_exists(manifest)) {
		subject->manifest = manifest_reading_open(manifest, log);
		outcome = subject->manifest == NULL ? OUTCOME_BAD_DATA : OUTCOME_DONE;
	}
	free(manifest);
	return outcome;
}

enum outcome
subject_open(struct subject *subject, const char *path, const struct log *log)
{
	enum outcome outcome = OUTCOME_DONE;
	struct stat status;

	*subject = (struct subject){ .fd = -1, .workers = team_size() };
	topic_init(&subject->topic);
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		outcome = open_snapshot(subject, path, log);
	else
		subject->path = mem_dup(spool_name(path), strlen(spool_name(path)));
	if (outcome == OUTCOME_DONE) {
		subject->fd = spool_input(subject->snapshot == NULL ? path : subject->path, log);
		outcome = subject->fd == -1 ? OUTCOME_NO_INPUT : OUTCOME_DONE;
	}
	return outcome;
}

void
subject_free(struct subject *subject)
{
	if (subject->fd != -1)
		close(subject->fd);
	manifest_reading_free(subject->manifest);
	topic_free(&subject->topic);
	free(subject->root);
	free(subject->snapshot);
	free(subject->path);
}

/* Pass 1 over one journal as far as the snapshot went.  1, 0 if that cannot be told any more, or
 * -1.
 */
static int
read_journal(const struct subject *subject, enum source source, struct slice query,
    struct merge *merge, const struct log *log)
{
	struct manifest_journal told;
	struct journal_part part;
	int result;

	if (!manifest_reading_journal(subject->manifest, source, &told) ||
	    journal_part_find(subject->root, source, query,
		&(struct journal_point){ told.position, told.fetched }, &part, log) == -1)
		return 0;
	result = merge_read_to(merge, part.fd, part.path, part.bytes) == 0 ? 1 : -1;
	free(part.path);
	return result;
}

/* Whether the journals still hold what the snapshot was made from. */
static bool
same_records(const struct subject *subject, const struct merge *merge)
{
	struct merge_counts counts = merge_count(merge);
	struct manifest_journal told;

	for (int i = 0; i < SOURCE_COUNT; i++)
		if (!manifest_reading_journal(subject->manifest, (enum source)i, &told) ||
		    counts.records[i] != told.records)
			return false;
	return true;
}

static int
merge_sources(struct subject *subject, struct merge *merge, const struct log *log)
{
	struct buf query = BUF_INIT;
	struct merge_scope scope;
	int result = 1;

	manifest_reading_query(subject->manifest, &query);
	if (topic_parse(query.data, query.len, subject->path, &subject->topic, log) == -1)
		result = 0;
	buf_clear(&query);
	topic_query_write(&subject->topic, &query);
	for (int i = 0; i < SOURCE_COUNT && result == 1; i++)
		result = read_journal(subject, (enum source)i, buf_slice(&query), merge, log);
	scope = merge_scope_of(&subject->topic, manifest_reading_day(subject->manifest));
	if (result == 1 && merge_resolve(merge, &scope) == -1)
		result = -1;
	buf_free(&query);
	return result == 1 ? same_records(subject, merge) : result;
}

int
subject_merge(struct subject *subject, struct merge **merge, const struct log *log)
{
	int result;

	*merge = NULL;
	if (subject->root == NULL || subject->manifest == NULL)
		return 0;
	*merge = merge_new(subject->workers, log);
	result = merge_sources(subject, *merge, log);
	if (result == 1)
		return 0;
	merge_free(*merge);
	*merge = NULL;
	if (result == 0)
		log_notice(log,
		    "%s: its sources were rewritten since, so its rows are held against "
		    "themselves only",
		    subject->snapshot);
	return result;
}
