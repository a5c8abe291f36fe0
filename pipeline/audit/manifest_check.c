#include "manifest_check.h"

#include "digest.h"
#include "file.h"
#include "jsonl.h"
#include "manifest.h"
#include "mem.h"
#include "output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST "manifest.json"
#define BLOCK_BYTES ((size_t)1 << 20)

/* Files of a snapshot besides its manifest: changes.jsonl, and those of the formats. */
#define NAMES (OUTPUT_COUNT + 1)

/* What rows give, and what only their sources do. */
static const char *const row_counts[] = { "records", "date_range", "with_code", "quality_score" };
static const char *const source_counts[] = { "sources.arxiv.records",
	"sources.semantic_scholar.records", "merge.source_records", "merge.papers", "merge.merged",
	"merge.conflicts" };

/* Who hears of faults. */
struct ear {
	audit_fault_fn *tell;
	void *cookie;
};

static void
tell_key(void *cookie, const char *key, const char *stored, const char *expected)
{
	const struct ear *ear = cookie;

	ear->tell(ear->cookie, &(struct audit_fault){ .file = MANIFEST,
				   .field = key,
				   .stored = slice_of(stored),
				   .expected = slice_of(expected) });
}

static void
tell_file(const struct ear *ear, const char *name, const char *field, const struct buf *stored,
    const struct buf *expected)
{
	ear->tell(ear->cookie,
	    &(struct audit_fault){ .file = name,
		.field = field,
		.stored = stored->len == 0 ? SLICE_NONE : buf_slice(stored),
		.expected = buf_slice(expected),
		.reason = stored->len == 0 ? SLICE_LITERAL("the file is missing") : SLICE_NONE });
}

/* The size and the SHA-256 of a file as JSON; neither if it is not there.  0, or -1 (logged). */
static int
measure(const char *path, struct buf *bytes, struct buf *sha256, const struct log *log)
{
	unsigned char digested[DIGEST_BYTES];
	char hex[DIGEST_HEX_SIZE];
	struct digest *digest;
	struct stat status;
	char *block;
	int fd, result = -1;

	if (!file_exists(path))
		return 0;
	fd = file_open(path, log);
	if (fd == -1)
		return -1;
	digest = digest_new();
	block = mem_new(BLOCK_BYTES, 1);
	if (fstat(fd, &status) == -1)
		goto out;
	for (uint64_t at = 0, end = (uint64_t)status.st_size, step; at < end; at += step) {
		step = end - at < BLOCK_BYTES ? end - at : BLOCK_BYTES;
		if (file_read_at(fd, path, at, block, step, log) == -1)
			goto out;
		digest_add(digest, block, step);
	}
	digest_finish(digest, digested);
	digest_hex(digested, hex);
	buf_printf(bytes, "%" PRIu64, (uint64_t)status.st_size);
	jsonl_write_string(slice_of(hex), sha256);
	result = 0;
out:
	free(block);
	digest_free(digest);
	close(fd);
	return result;
}

/* A file against what the manifest says of it. */
static int
check_file(const struct subject *subject, const char *name, uint64_t bytes, struct slice sha256,
    const struct ear *ear, const struct log *log)
{
	struct buf is_bytes = BUF_INIT, is_sha256 = BUF_INIT, bytes_text = BUF_INIT,
		   sha256_text = BUF_INIT;
	char *path = file_path(subject->snapshot, name);
	int result = measure(path, &is_bytes, &is_sha256, log);

	buf_printf(&bytes_text, "%" PRIu64, bytes);
	jsonl_write_string(sha256, &sha256_text);
	if (result == 0 && is_bytes.len > 0 &&
	    !slice_equal(buf_slice(&is_bytes), buf_slice(&bytes_text)))
		tell_file(ear, name, "bytes", &is_bytes, &bytes_text);
	if (result == 0 && !slice_equal(buf_slice(&is_sha256), buf_slice(&sha256_text)))
		tell_file(ear, name, "sha256", &is_sha256, &sha256_text);
	buf_free(&is_bytes);
	buf_free(&is_sha256);
	buf_free(&bytes_text);
	buf_free(&sha256_text);
	free(path);
	return result;
}

static const char *
file_name(size_t number)
{
	return number < OUTPUT_COUNT ? outputs[number].file : "changes.jsonl";
}

/* Every snapshot has its rows and what changed; of the other files those that stand there are
 * listed. */
static bool
must_be_listed(const struct subject *subject, const char *name)
{
	char *path = file_path(subject->snapshot, name);
	bool must = strcmp(name, "data.jsonl") == 0 || strcmp(name, "changes.jsonl") == 0 ||
		    file_exists(path);

	free(path);
	return must;
}

/* The files that the manifest lists are those of a snapshot: no name in it is taken for a path. */
static int
check_files(const struct subject *subject, const struct ear *ear, const struct log *log)
{
	bool listed[NAMES] = { false };
	struct buf json = BUF_INIT;
	struct slice name, sha256;
	uint64_t bytes;
	int result = 0;

	for (size_t i = 0;
	     result == 0 && manifest_reading_file(subject->manifest, i, &name, &bytes, &sha256);
	     i++) {
		size_t known = 0;

		while (known < NAMES && !slice_is(name, file_name(known)))
			known++;
		if (known < NAMES) {
			listed[known] = true;
			result = check_file(subject, file_name(known), bytes, sha256, ear, log);
			continue;
		}
		buf_clear(&json);
		jsonl_write_string(name, &json);
		ear->tell(ear->cookie, &(struct audit_fault){ .file = MANIFEST,
					   .field = "files",
					   .stored = buf_slice(&json),
					   .reason = SLICE_LITERAL("no file of a snapshot") });
	}
	for (size_t i = 0; i < NAMES && result == 0; i++) {
		if (listed[i] || !must_be_listed(subject, file_name(i)))
			continue;
		buf_clear(&json);
		jsonl_write_string(slice_of(file_name(i)), &json);
		ear->tell(ear->cookie,
		    &(struct audit_fault){
			.file = MANIFEST, .field = "files", .expected = buf_slice(&json) });
	}
	buf_free(&json);
	return result;
}

int
manifest_check(const struct subject *subject, const struct merge *merge,
    const struct row_stats *stats, audit_fault_fn *tell, void *cookie, const struct log *log)
{
	struct ear ear = { tell, cookie };
	struct manifest anew = { .topic = &subject->topic, .stats = stats };
	struct buf text = BUF_INIT;

	if (subject->manifest == NULL)
		return 0;
	if (merge != NULL) {
		struct merge_counts counts = merge_count(merge);

		for (int i = 0; i < SOURCE_COUNT; i++) {
			anew.sources[i].records = counts.records[i];
			anew.source_records += counts.records[i];
		}
		anew.papers = counts.papers;
		anew.conflicts = merge_conflicts(merge, &anew.conflict_count);
	}
	manifest_write(&anew, &text);
	manifest_reading_compare(subject->manifest, buf_slice(&text), row_counts,
	    sizeof(row_counts) / sizeof(row_counts[0]), tell_key, &ear);
	if (merge != NULL)
		manifest_reading_compare(subject->manifest, buf_slice(&text), source_counts,
		    sizeof(source_counts) / sizeof(source_counts[0]), tell_key, &ear);
	buf_free(&text);
	return check_files(subject, &ear, log);
}
