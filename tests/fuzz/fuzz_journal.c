/*
 * A journal with any bytes: the first byte of the input says how it is opened and which records are
 * dead, the rest is its file.  What is told once is told again, what is added is told behind it, a
 * part is found where it ended, and compaction takes nothing but the dead.
 */
#include "journal.h"

#include "check.h"
#include "file.h"
#include "journal_part.h"
#include "lines.h"
#include "mem.h"
#include "text.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUERY "{\"any\": [\"x\"]}"
#define HEAD "{\"query\":" QUERY "}\n"
#define OTHER_HEAD "{\"query\":{\"any\": [\"y\"]}}\n"
/* 2026-06-19T03:00:07Z */
#define NOW INT64_C(1781838007)
/* No journal grows to this position in bytes. */
#define FORGED (INT64_MAX / 4)
/* Of so many records in a row the same ones are dead. */
#define DEAD_PERIOD 5

/* The journals of one input. */
struct world {
	char directory[40];
	enum journal_kind kind;
	/* A bit for each record of a period. */
	unsigned dead;
};

/* What a journal tells, without the records of ${dead}. */
struct ear {
	struct buf text;
	size_t records;
	unsigned dead;
	bool claims;
};

/* A journal that was opened, what it told, and how it was then. */
struct opened {
	struct journal *journal;
	struct log log;
	/* How much was logged. */
	size_t lines;
	struct ear ear;
	struct journal_point point;
	uint64_t bytes;
};

static bool
is_dead(unsigned dead, size_t record)
{
	return (dead >> record % DEAD_PERIOD & 1) != 0;
}

static void
hear_record(void *cookie, const struct record_line *record)
{
	struct ear *ear = cookie;

	if (is_dead(ear->dead, ear->records++))
		return;
	for (size_t i = 0; i < RECORD_FIELD_COUNT; i++) {
		buf_add_slice(&ear->text, record->values[i].raw);
		buf_add_char(&ear->text, '\n');
	}
}

static void
hear_commit(void *cookie, struct slice commit)
{
	struct ear *ear = cookie;

	buf_add_slice(&ear->text, commit);
	buf_add_char(&ear->text, '\n');
	ear->claims = ear->claims || !slice_is(commit, "{}");
}

static void
write_file(const struct world *world, const char *name, struct slice head, struct slice body)
{
	char *path = file_path(world->directory, name);
	FILE *file = fopen(path, "wb");

	CHECK(file != NULL);
	CHECK(fwrite(head.data, 1, head.len, file) == head.len);
	CHECK(body.len == 0 || fwrite(body.data, 1, body.len, file) == body.len);
	CHECK(fclose(file) == 0);
	free(path);
}

/* The three ways to a journal: it stands, it stands beside one for another query, or beside one
 * that is to be replaced. */
static void
world_init(struct world *world, uint8_t options, struct slice body)
{
	struct slice head = options & 1 ? SLICE_LITERAL(HEAD) : SLICE_LITERAL("");
	const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	unsigned way = options >> 1 & 3;
	char *sources;

	snprintf(world->directory, sizeof(world->directory), "%s/fineset-fuzz-XXXXXX", place);
	CHECK(mkdtemp(world->directory) != NULL);
	sources = file_path(world->directory, "sources");
	CHECK(mkdir(sources, 0700) == 0);
	free(sources);
	world->kind = way == 2 ? JOURNAL_ANEW : JOURNAL_HELD;
	world->dead = options >> 3;
	if (way == 1 || way == 2) {
		write_file(world, "sources/arxiv.jsonl",
		    way == 1 ? SLICE_LITERAL(OTHER_HEAD) : SLICE_LITERAL(HEAD), SLICE_NONE);
		write_file(world, "sources/arxiv.next.jsonl", head, body);
	} else {
		write_file(world, "sources/arxiv.jsonl", head, body);
	}
}

static void
world_free(const struct world *world)
{
	static const char *const names[] = { "sources/arxiv.jsonl", "sources/arxiv.next.jsonl",
		"sources", "" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = file_path(world->directory, names[i]);

		/* Whatever is left behind is one too many: the last one fails then. */
		CHECK(remove(path) == 0 || i < 2);
		free(path);
	}
}

static uint64_t
bytes_of(const struct journal *journal)
{
	struct stat status;

	CHECK(stat(journal_path(journal), &status) == 0);
	return (uint64_t)status.st_size;
}

static void
note(struct opened *opened)
{
	opened->point.position = journal_position(opened->journal);
	opened->point.fetched = journal_last_fetched(opened->journal);
	opened->bytes = bytes_of(opened->journal);
	CHECK(opened->point.position <= INT64_MAX && opened->bytes <= INT64_MAX);
}

/* Open the journal and hear all of it but the records of ${dead}. */
static void
open_journal(const struct world *world, unsigned dead, struct opened *opened)
{
	struct journal_reader reader = { hear_record, hear_commit, &opened->ear };

	*opened = (struct opened){ .ear.dead = dead };
	opened->log = (struct log){ check_sink, &opened->lines, LOG_DETAIL };
	opened->journal = journal_open(
	    world->directory, SOURCE_ARXIV, world->kind, slice_of(QUERY), &reader, &opened->log);
	CHECK(opened->journal != NULL);
	note(opened);
}

static void
close_journal(struct opened *opened)
{
	journal_free(opened->journal);
	buf_free(&opened->ear.text);
}

/* Whether the part that a snapshot was made from is the first ${bytes} bytes, if it is found. */
static bool
finds_part(const struct world *world, const struct journal_point *point, uint64_t bytes)
{
	struct journal_part part;
	bool found = journal_part_find(
			 world->directory, SOURCE_ARXIV, slice_of(QUERY), point, &part, NULL) == 0;

	if (found) {
		CHECK(part.bytes == bytes && lseek(part.fd, 0, SEEK_CUR) == 0);
		close(part.fd);
		free(part.path);
	}
	return found;
}

/* What was mended stays so, and is told the same. */
static void
check_again(const struct world *world, const struct opened *first)
{
	struct opened again;

	CHECK(journal_damaged(first->journal) == 0 || !first->ear.claims);
	open_journal(world, 0, &again);
	CHECK(slice_equal(buf_slice(&again.ear.text), buf_slice(&first->ear.text)));
	CHECK(again.point.position == first->point.position &&
	      again.point.fetched == first->point.fetched && again.bytes == first->bytes);
	CHECK(journal_damaged(again.journal) == 0);
	/* Only of a journal that no query can be read from is told each time. */
	CHECK(again.lines == 0 || journal_replaces(again.journal));
	close_journal(&again);
}

/* A page more stands behind what was there, and both ends can be found. */
static void
check_page(const struct world *world, struct opened *opened)
{
	const struct journal_point before = opened->point;
	const uint64_t bytes = opened->bytes;
	struct source_record record;
	struct opened again;

	source_record_init(&record, SOURCE_ARXIV, NOW);
	record.arxiv_id = SLICE_LITERAL("2606.20543");
	record.title = SLICE_LITERAL("\"\\ \xc3\xa9");
	journal_add(opened->journal, &record);
	CHECK(journal_commit(opened->journal, SLICE_LITERAL("{\"at\":1}")) == 0);
	note(opened);
	CHECK(opened->point.position - before.position == opened->bytes - bytes);
	CHECK(opened->point.fetched == (before.fetched > NOW ? before.fetched : NOW));
	open_journal(world, 0, &again);
	CHECK(again.point.position == opened->point.position &&
	      again.point.fetched == opened->point.fetched && again.bytes == opened->bytes);
	CHECK(again.ear.records == opened->ear.records + 1 && journal_damaged(again.journal) == 0);
	CHECK(text_starts(buf_slice(&again.ear.text),
	    opened->ear.text.data == NULL ? "" : opened->ear.text.data));
	CHECK(finds_part(world, &again.point, again.bytes));
	finds_part(world, &before, bytes);
	close_journal(&again);
}

/* Where the records begin that are dead; returns how many bytes they have. */
static uint64_t
find_dead(const struct world *world, const char *path, uint64_t **dead, size_t *count)
{
	int fd = file_open(path, NULL);
	struct record_line record;
	struct lines lines;
	struct slice line;
	size_t capacity = 0, records = 0;
	uint64_t bytes = 0;
	char *reason;

	CHECK(fd != -1);
	lines_init(&lines, fd, path, NULL);
	while (lines_next(&lines, &line) == 1) {
		bool is_record =
		    record_line_parse(line.data, line.len, &record, &reason) == RECORD_LINE_RECORD;

		CHECK(reason == NULL);
		if (is_record && is_dead(world->dead, records++)) {
			*dead = mem_grow(*dead, &capacity, *count + 1, sizeof(**dead));
			(*dead)[(*count)++] = lines.offset;
			bytes += lines.bytes;
		}
	}
	lines_free(&lines);
	close(fd);
	return bytes;
}

static void
check_compaction(const struct world *world, struct opened *opened)
{
	struct opened wanted, got;
	uint64_t *dead = NULL, bytes;
	size_t count = 0;
	bool compacts;

	bytes = find_dead(world, journal_path(opened->journal), &dead, &count);
	compacts = bytes > opened->bytes / 2;
	open_journal(world, compacts ? world->dead : 0, &wanted);
	CHECK(journal_compact(opened->journal, dead, count, bytes) == 0);
	CHECK(bytes_of(opened->journal) == opened->bytes || compacts);
	open_journal(world, 0, &got);
	CHECK(slice_equal(buf_slice(&got.ear.text), buf_slice(&wanted.ear.text)));
	CHECK(got.point.position == opened->point.position && journal_damaged(got.journal) == 0);
	close_journal(&wanted);
	close_journal(&got);
	free(dead);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice body = { (const char *)data + 1, len - 1 };
	struct opened opened;
	struct world world = { 0 };

	if (len == 0)
		return 0;
	world_init(&world, data[0], body);
	open_journal(&world, 0, &opened);
	/* What is added to a forged position near the bound passes that, and is damaged when it is
	 * read again: one round more, and no harm. */
	if (opened.point.position < FORGED) {
		check_again(&world, &opened);
		check_page(&world, &opened);
		check_compaction(&world, &opened);
	}
	CHECK(journal_settle(opened.journal) == 0 && !journal_replaces(opened.journal));
	CHECK(journal_commit(opened.journal, SLICE_LITERAL("{}")) == 0);
	close_journal(&opened);
	world_free(&world);
	return 0;
}
