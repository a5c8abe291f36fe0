#include "release.h"

#include "code_link.h"
#include "date.h"
#include "digest.h"
#include "file.h"
#include "manifest.h"
#include "merge.h"
#include "row.h"
#include "score.h"
#include "snapshot.h"

#include <stdlib.h>
#include <string.h>

/* A snapshot as it is being written. */
struct making {
	/* Where its files go until it has its name. */
	char *directory;
	struct release *release;
	struct manifest manifest;
	struct digest *digest;
	const struct log *log;
};

static int
open_file(const struct making *making, const char *name, struct file_writer *writer)
{
	char *path = file_path(making->directory, name);
	int result = file_writer_open(writer, path, making->log);

	free(path);
	if (result == 0)
		writer->digest = making->digest;
	return result;
}

/* Close a file of the snapshot and enter it in the manifest. */
static int
close_file(struct making *making, const char *name, struct file_writer *writer)
{
	unsigned char sha256[DIGEST_BYTES];
	struct manifest_file *file = &making->manifest.files[making->manifest.file_count++];

	file->name = name;
	file->bytes = writer->bytes;
	digest_finish(making->digest, sha256);
	digest_hex(sha256, file->sha256);
	return file_writer_close(writer);
}

/* What the merge does not know of a row: its code and its score. */
static void
complete_row(struct row *row, int64_t day, struct buf *code_url)
{
	struct score_input input = {
		.citation_count = row->citation_count,
		.influential_citation_count = row->influential_citation_count,
		.has_venue = row->venue.data != NULL,
		.published_day = row->published == ROW_TIME_NONE ? SCORE_DAY_UNKNOWN
								 : date_day_of(row->published),
		.snapshot_day = day,
	};

	buf_clear(code_url);
	row->has_code = code_link_find(row->comment, row->abstract, code_url) != CODE_NONE;
	row->code_url = code_url->len > 0 ? buf_slice(code_url) : SLICE_NONE;
	input.has_code = row->has_code;
	row->quality_score = score_of(&input).rounded;
}

static int
write_rows(struct making *making, struct merge *merge, int64_t day, struct file_writer *out)
{
	struct arena arena = ARENA_INIT;
	struct buf line = BUF_INIT, code_url = BUF_INIT;
	int wanted = 0;

	for (size_t i = 0; i < merge_size(merge) && wanted != -1; i++) {
		struct row row;

		wanted = merge_row(merge, i, &row, &arena);
		if (wanted == 1) {
			complete_row(&row, day, &code_url);
			buf_clear(&line);
			row_write(&row, &line);
			file_writer_add(out, line.data, line.len);
			row_stats_add(&making->release->stats, &row);
		}
		arena_clear(&arena);
	}
	arena_free(&arena);
	buf_free(&line);
	buf_free(&code_url);
	return wanted == -1 ? -1 : 0;
}

static int
write_data(struct making *making, struct merge *merge, int64_t day)
{
	struct file_writer out;
	int result;

	if (open_file(making, "data.jsonl", &out) == -1)
		return -1;
	result = write_rows(making, merge, day, &out);
	if (close_file(making, "data.jsonl", &out) == -1)
		result = -1;
	return result;
}

static int
write_changes(struct making *making, const char *root)
{
	char *latest = snapshot_latest(root), *new = file_path(making->directory, "data.jsonl");
	char *old = latest == NULL ? NULL : file_path(latest, "data.jsonl");
	struct file_writer out;
	int result = -1;

	if (open_file(making, "changes.jsonl", &out) == 0) {
		result = changes_write(old, new, &out, &making->release->changes, making->log);
		if (close_file(making, "changes.jsonl", &out) == -1)
			result = -1;
	}
	free(latest);
	free(old);
	free(new);
	return result;
}

/* A small file, made by a function of the manifest. */
static int
write_document(struct making *making, const char *name,
    void (*write)(const struct manifest *manifest, struct buf *out))
{
	struct buf text = BUF_INIT;
	struct file_writer out;
	int result = -1;

	write(&making->manifest, &text);
	if (open_file(making, name, &out) == 0) {
		file_writer_add(&out, text.data, text.len);
		result = close_file(making, name, &out);
	}
	buf_free(&text);
	return result;
}

static int
read_journals(struct merge *merge, const struct collection *collection, const struct log *log)
{
	for (int i = 0; i < SOURCE_COUNT; i++) {
		const char *path = journal_path(collection->journals[i]);
		int fd = file_open(path, log);

		if (fd == -1 || merge_read(merge, fd, path) == -1)
			return -1;
	}
	return 0;
}

static void
fill_manifest(struct making *making, const struct merge *merge, const struct collection *collection)
{
	struct manifest *manifest = &making->manifest;
	struct merge_counts counts = merge_count(merge);

	for (int i = 0; i < SOURCE_COUNT; i++)
		manifest->sources[i] = (struct manifest_source){
			.report = collection->reports[i],
			.records = counts.records[i],
			.fetched = journal_last_fetched(collection->journals[i]),
			.cutoff = i == SOURCE_ARXIV ? collection->cutoff : INT64_MIN,
		};
	manifest->source_records =
	    counts.records[SOURCE_ARXIV] + counts.records[SOURCE_SEMANTIC_SCHOLAR];
	manifest->papers = counts.papers;
	manifest->conflicts = merge_conflicts(merge, &manifest->conflict_count);
	making->release->source_records = manifest->source_records;
	making->release->papers = counts.papers;
	making->release->conflicts = manifest->conflict_count;
	making->release->refused = counts.refused;
	for (int i = 0; i < SOURCE_COUNT; i++)
		making->release->refused += journal_damaged(collection->journals[i]);
}

static struct merge_scope
scope_of(const struct topic *topic, int64_t day)
{
	return (struct merge_scope){
		.from = topic->from == TOPIC_DAY_NONE ? INT64_MIN : topic->from,
		.to = topic->to == TOPIC_DAY_NONE || topic->to > day ? day : topic->to,
		.categories = topic->categories.items,
		.category_count = topic->categories.count,
	};
}

static int
write_snapshot(struct making *making, const char *root, struct merge *merge,
    const struct collection *collection, int64_t day)
{
	struct merge_scope scope = scope_of(making->manifest.topic, day);

	if (read_journals(merge, collection, making->log) == -1 ||
	    merge_resolve(merge, &scope) == -1)
		return -1;
	fill_manifest(making, merge, collection);
	if (write_data(making, merge, day) == -1 || write_changes(making, root) == -1 ||
	    write_document(making, "README.md", card_write) == -1)
		return -1;
	/* Last: it holds the digests of the others, and none of its own. */
	return write_document(making, "manifest.json", manifest_write);
}

/* The journals take their places and lose what the merge found superseded: not before, for until
 * now the snapshot before this one was made from it. */
static int
settle_journals(const struct merge *merge, const struct collection *collection)
{
	int result = 0;

	for (int i = 0; i < SOURCE_COUNT && result == 0; i++) {
		struct merge_dead dead = merge_superseded(merge, (size_t)i);

		result = journal_settle(collection->journals[i]);
		if (result == 0)
			result = journal_compact(
			    collection->journals[i], dead.offsets, dead.count, dead.bytes);
		free(dead.offsets);
	}
	return result;
}

int
release_make(const char *directory, const struct topic *topic, const struct collection *collection,
    int64_t day, struct release *release, const struct log *log)
{
	struct merge *merge = merge_new(log);
	struct making making = {
		.directory = snapshot_begin(directory, log),
		.release = release,
		.manifest = { .topic = topic, .snapshot_day = day, .stats = &release->stats },
		.digest = digest_new(),
		.log = log,
	};
	int result = -1;

	*release = (struct release){ 0 };
	if (making.directory == NULL ||
	    write_snapshot(&making, directory, merge, collection, day) == -1)
		goto out;
	release->path = snapshot_publish(directory, making.directory, day, log);
	if (release->path == NULL)
		goto out;
	/* First: on a full disk it makes the room for what follows. */
	snapshot_prune(directory, topic->keep, log);
	result = settle_journals(merge, collection);
out:
	if (release->path == NULL && making.directory != NULL)
		snapshot_discard(making.directory, log);
	merge_free(merge);
	digest_free(making.digest);
	free(making.directory);
	return result;
}
