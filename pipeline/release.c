#include "release.h"

#include "digest.h"
#include "file.h"
#include "manifest.h"
#include "merge.h"
#include "output.h"
#include "row.h"
#include "scored_row.h"
#include "snapshot.h"
#include "team.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static int
write_data(struct making *making, struct merge *merge, int64_t day)
{
	struct file_writer out;
	int result;

	if (open_file(making, "data.jsonl", &out) == -1)
		return -1;
	result = scored_row_write_all(merge, day, &out, &making->release->stats);
	if (close_file(making, "data.jsonl", &out) == -1)
		result = -1;
	return result;
}

/* Compare the rows with those of the last snapshot, if there is one. */
static int
compare_rows(
    struct making *making, const char *old_path, const char *new_path, struct file_writer *out)
{
	struct changes_file old = { -1, old_path },
			    new = { file_open(new_path, making->log), new_path };
	struct field_changes *fields = field_changes_new();
	int result = -1;

	if (old_path != NULL)
		old.fd = file_open(old_path, making->log);
	if (new.fd != -1 && (old_path == NULL || old.fd != -1))
		result = changes_write(old_path == NULL ? NULL : &old, &new, out,
		    &making->release->changes, fields, making->log);
	field_changes_free(fields);
	if (old.fd != -1)
		close(old.fd);
	if (new.fd != -1)
		close(new.fd);
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
		result = compare_rows(making, old, new, &out);
		if (close_file(making, "changes.jsonl", &out) == -1)
			result = -1;
	}
	free(latest);
	free(old);
	free(new);
	return result;
}

static int
write_output(struct making *making, const struct output *output, const struct output_input *input)
{
	struct file_writer out;
	int result = -1;

	if (open_file(making, output->file, &out) == 0) {
		result = output->write(input, &out, making->log);
		if (close_file(making, output->file, &out) == -1)
			result = -1;
	}
	return result;
}

/* The files of the formats that the topic wants, made of the rows: those themselves stand already.
 */
static int
write_outputs(struct making *making)
{
	const struct topic *topic = making->manifest.topic;
	char *rows = file_path(making->directory, "data.jsonl");
	char *changes = file_path(making->directory, "changes.jsonl");
	struct output_input input = { file_open(rows, making->log), rows,
		file_open(changes, making->log), changes, &making->manifest, true };
	int result = input.rows == -1 || input.changes == -1 ? -1 : 0;

	for (size_t i = 0; result == 0 && i < OUTPUT_COUNT; i++)
		if (outputs[i].write != output_jsonl && output_wanted(&outputs[i], topic))
			result = write_output(making, &outputs[i], &input);
	if (input.rows != -1)
		close(input.rows);
	if (input.changes != -1)
		close(input.changes);
	free(rows);
	free(changes);
	return result;
}

static int
write_manifest(struct making *making)
{
	struct buf text = BUF_INIT;
	struct file_writer out;
	int result = -1;

	manifest_write(&making->manifest, &text);
	if (open_file(making, "manifest.json", &out) == 0) {
		file_writer_add(&out, text.data, text.len);
		result = close_file(making, "manifest.json", &out);
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
			/* So that an audit can read as far again. */
			.journal_position = journal_position(collection->journals[i]),
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

static int
write_snapshot(struct making *making, const char *root, struct merge *merge,
    const struct collection *collection, int64_t day)
{
	struct merge_scope scope = merge_scope_of(making->manifest.topic, day);

	if (read_journals(merge, collection, making->log) == -1 ||
	    merge_resolve(merge, &scope) == -1)
		return -1;
	fill_manifest(making, merge, collection);
	if (write_data(making, merge, day) == -1 || write_changes(making, root) == -1 ||
	    write_outputs(making) == -1)
		return -1;
	/* Last: it holds the digests of the others, and none of its own. */
	return write_manifest(making);
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
	struct merge *merge = merge_new(team_size(), log);
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
