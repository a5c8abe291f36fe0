/* manifest.json of a directory that anybody may have written to. */
#define _GNU_SOURCE
#include "manifest_reading.h"

#include "check.h"
#include "date.h"
#include "file.h"
#include "text.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
check_text(struct slice text)
{
	CHECK(text.data != NULL && text_is_utf8(text));
}

static void
check_conflicts(const struct manifest_reading *reading)
{
	size_t count;
	const struct doi_conflict *conflicts = manifest_reading_conflicts(reading, &count);

	for (size_t i = 0; i < count; i++) {
		check_text(conflicts[i].doi);
		CHECK(conflicts[i].records <= INT64_MAX);
		for (size_t j = 0; j < conflicts[i].arxiv_ids.count; j++)
			check_text(conflicts[i].arxiv_ids.items[j]);
	}
}

static void
check_files(const struct manifest_reading *reading)
{
	struct slice name, sha256;
	uint64_t bytes;
	size_t count = 0;

	for (; manifest_reading_file(reading, count, &name, &bytes, &sha256); count++) {
		check_text(name);
		CHECK(sha256.data == NULL || text_is_utf8(sha256));
		CHECK(bytes <= INT64_MAX);
	}
	CHECK(!manifest_reading_file(reading, count + 1, &name, &bytes, &sha256));
}

/* A journal is looked up by these: no sum of them and the bytes of a file may wrap. */
static void
check_journals(const struct manifest_reading *reading)
{
	struct manifest_journal journal;

	for (int source = 0; source < SOURCE_COUNT; source++)
		if (manifest_reading_journal(reading, (enum source)source, &journal))
			CHECK(journal.position <= INT64_MAX && journal.records <= INT64_MAX);
}

/* The query is one line of JSON, as a journal has it at its head. */
static void
check_query(const struct manifest_reading *reading)
{
	struct buf line = BUF_INIT;

	buf_add_text(&line, "{\"query\":");
	manifest_reading_query(reading, &line);
	buf_add_char(&line, '}');
	CHECK(text_is_utf8(buf_slice(&line)) && memchr(line.data, '\n', line.len) == NULL);
	buf_free(&line);
}

static void
tell(void *cookie, const char *key, const char *stored, const char *expected)
{
	size_t *count = cookie;

	CHECK(key != NULL && stored != NULL && expected != NULL);
	(*count)++;
}

/* Nothing differs from itself; what differs from nothing is what is there. */
static void
check_compare(const struct manifest_reading *reading, struct slice text)
{
	static const char *const keys[] = { "format", "records", "merge.papers", "sources.arxiv",
		"files", "merge.conflicts" };
	const size_t count = sizeof(keys) / sizeof(keys[0]);
	size_t differ = 0;

	manifest_reading_compare(reading, text, keys, count, tell, &differ);
	CHECK(differ == 0);
	manifest_reading_compare(reading, SLICE_LITERAL("{}"), keys, count, tell, &differ);
	CHECK(differ >= 1 && differ <= count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice text = { (const char *)data, len };
	size_t lines = 0;
	struct log log = { check_sink, &lines, LOG_DETAIL };
	struct manifest_reading *reading;
	int fd = memfd_create("manifest.json", MFD_CLOEXEC);
	char path[32];

	CHECK(fd != -1 && file_write_all(fd, text.data, text.len) == 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reading = manifest_reading_open(path, &log);
	close(fd);
	CHECK((reading == NULL) == (lines == 1) && lines <= 1);
	if (reading != NULL) {
		int64_t day = manifest_reading_day(reading);

		CHECK(day >= date_day(1, 1, 1) && day <= date_day(9999, 12, 31));
		check_conflicts(reading);
		check_files(reading);
		check_journals(reading);
		check_query(reading);
		check_compare(reading, text);
	}
	manifest_reading_free(reading);
	return 0;
}
