#include "journal.h"

#include "buf.h"
#include "compaction.h"
#include "file.h"
#include "journal_file.h"
#include "lines.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* So much of a file's end is looked at for its last line first: a commit is shorter as a rule. */
#define TAIL_BYTES 16384
/* Nobody reads a million lines of damage; how much there is is told in the end. */
#define DAMAGE_LOGGED 100

struct journal {
	int fd;
	/* Where it is, and where it belongs once the snapshot stands; the same unless the query is
	 * new. */
	char *path;
	char *home;
	char *directory;
	/* Bytes up to and with the last commit, and what journal_position says of them. */
	off_t committed;
	uint64_t position;
	int64_t last_fetched;
	uint64_t damaged;
	struct buf page;
	const struct log *log;
};

static int
fault(const struct journal *journal, const char *what)
{
	log_error(journal->log, "%s: %s: %s", journal->path, what, strerror(errno));
	return -1;
}

/* Whether the file is seen to end with a commit, as it does but after a run that was killed. */
static bool
ends_with_commit(const struct journal *journal, off_t size)
{
	const off_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
	char tail[TAIL_BYTES];
	ssize_t got = pread(journal->fd, tail, sizeof(tail), from);
	size_t end, start;

	if (got < 1 || got != size - from || tail[got - 1] != '\n')
		return false;
	start = end = (size_t)got - 1;
	while (start > 0 && tail[start - 1] != '\n')
		start--;
	/* What stands first in the tail may have begun before it. */
	return start > 0 && record_line_is_commit((struct slice){ tail + start, end - start });
}

/* Find the end of the last commit (or of the header) and how many lines stand behind it. */
static int
find_committed(struct journal *journal, uint64_t *torn)
{
	struct lines lines;
	struct slice line;
	struct stat status;
	int more;

	*torn = 0;
	if (fstat(journal->fd, &status) == 0 && ends_with_commit(journal, status.st_size)) {
		journal->committed = status.st_size;
		return 0;
	}
	lines_init(&lines, journal->fd, journal->path, journal->log);
	while ((more = lines_next(&lines, &line)) == 1) {
		(*torn)++;
		if (lines.bytes > line.len && (lines.number == 1 || record_line_is_commit(line))) {
			journal->committed = (off_t)(lines.offset + lines.bytes);
			*torn = 0;
		}
	}
	lines_free(&lines);
	return more;
}

static int
drop_torn_page(struct journal *journal)
{
	uint64_t torn;

	if (find_committed(journal, &torn) == -1)
		return -1;
	if (torn > 0) {
		log_notice(journal->log,
		    "%s: %" PRIu64
		    " lines behind the last commit dropped, a page that was not finished",
		    journal->path, torn);
		if (ftruncate(journal->fd, journal->committed) == -1)
			return fault(journal, "cannot drop a torn page");
	}
	/* A run that was killed may have left what is read now in the cache alone. */
	return fsync(journal->fd) == -1 ? fault(journal, "cannot fsync") : 0;
}

static void
note_damage(struct journal *journal, const struct lines *lines, const char *reason)
{
	if (++journal->damaged <= DAMAGE_LOGGED)
		log_error(
		    journal->log, "%s: line %" PRIu64 ": %s", journal->path, lines->number, reason);
}

/* Find the position and the damaged lines, before anything is told. */
static int
look_through(struct journal *journal)
{
	struct record_line record;
	struct lines lines;
	struct slice line;
	char *reason;
	int64_t position;
	int more;

	if (lseek(journal->fd, 0, SEEK_SET) == -1)
		return fault(journal, "cannot seek");
	lines_init(&lines, journal->fd, journal->path, journal->log);
	while ((more = lines_next(&lines, &line)) == 1) {
		enum record_line_kind kind =
		    record_line_parse(line.data, line.len, &record, &reason);

		journal->position += lines.bytes;
		if (kind == RECORD_LINE_BAD)
			note_damage(journal, &lines, reason);
		else if (kind == RECORD_LINE_COMMIT &&
			 jsonl_int64(&record.values[RECORD_POSITION], &position) == 0)
			journal->position = (uint64_t)position;
		free(reason);
	}
	lines_free(&lines);
	return more;
}

static void
tell_line(struct journal *journal, const struct journal_reader *reader, struct slice line)
{
	struct record_line record;
	char *reason = NULL;
	int64_t fetched;

	switch (record_line_parse(line.data, line.len, &record, &reason)) {
	case RECORD_LINE_RECORD:
		fetched = record_line_fetched(&record);
		if (fetched > journal->last_fetched)
			journal->last_fetched = fetched;
		reader->record(reader->cookie, &record);
		break;
	case RECORD_LINE_COMMIT:
		reader->commit(reader->cookie, record.values[RECORD_COMMIT].raw);
		break;
	case RECORD_LINE_BAD:
	case RECORD_LINE_QUERY:
		break;
	}
	free(reason);
}

static int
tell_all(struct journal *journal, const struct journal_reader *reader)
{
	struct lines lines;
	struct slice line;
	int more;

	if (lseek(journal->fd, 0, SEEK_SET) == -1)
		return fault(journal, "cannot seek");
	lines_init(&lines, journal->fd, journal->path, journal->log);
	while ((more = lines_next(&lines, &line)) == 1)
		tell_line(journal, reader, line);
	lines_free(&lines);
	return more;
}

static int
open_again(struct journal *journal)
{
	if (journal->fd != -1)
		close(journal->fd);
	journal->fd = open(journal->path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	return journal->fd == -1 ? fault(journal, "cannot open") : 0;
}

/* Put a journal without these lines, or without the damaged ones, in the place of this one. */
static int
write_anew(struct journal *journal, const uint64_t *dead, size_t count, bool mend)
{
	const struct compaction compaction = {
		.fd = journal->fd,
		.path = journal->path,
		.dead = dead,
		.dead_count = count,
		.mend = mend,
		.position = journal->position,
	};
	char *temporary = file_temporary(journal->path);
	int result = -1;

	if (lseek(journal->fd, 0, SEEK_SET) == -1)
		fault(journal, "cannot seek");
	else if (compaction_write(&compaction, temporary, journal->log) == 0)
		result = file_rename(temporary, journal->path, journal->log);
	if (result == -1)
		unlink(temporary);
	free(temporary);
	if (result == 0)
		result = open_again(journal);
	if (result == 0)
		journal->committed = lseek(journal->fd, 0, SEEK_END);
	return result;
}

/*
 * Which paper a damaged line held is not known, so what the commits claim to have been brought is
 * no longer true, and they go with it: the source is asked for everything once more.  What is held
 * already is not kept twice, and the next damage is found as surely as this one.
 */
static int
mend(struct journal *journal)
{
	/* What was made from it at the old position was made from the damaged lines too. */
	journal->position++;
	log_error(journal->log,
	    "%s: damaged lines left out: %" PRIu64 "; the source is asked for everything again",
	    journal->path, journal->damaged);
	return write_anew(journal, NULL, 0, true);
}

static int
read_back(struct journal *journal, const struct journal_reader *reader)
{
	int result = look_through(journal);

	if (result == 0 && journal->damaged > 0)
		result = mend(journal);
	return result == 0 ? tell_all(journal, reader) : -1;
}

static int
begin(struct journal *journal, struct slice query)
{
	struct buf header = BUF_INIT;
	int result;

	buf_add_text(&header, "{\"query\":");
	buf_add_slice(&header, query);
	buf_add_text(&header, "}\n");
	result = file_replace(journal->path, header.data, header.len, journal->log);
	journal->committed = (off_t)header.len;
	journal->position = header.len;
	buf_free(&header);
	return result == 0 ? open_again(journal) : -1;
}

static int
resume(struct journal *journal, const struct journal_reader *reader)
{
	if (open_again(journal) == -1 || drop_torn_page(journal) == -1)
		return -1;
	return read_back(journal, reader);
}

/* What a run that was killed may have left of a beginning or a compaction. */
static void
remove_temporary(const char *path)
{
	char *temporary = file_temporary(path);

	unlink(temporary);
	free(temporary);
}

bool
journal_stands(
    const char *directory, enum source source, enum journal_kind kind, struct slice query)
{
	char *path = journal_file_path(directory, source, kind == JOURNAL_ANEW);
	bool stands = journal_file_head(path, query, NULL) == JOURNAL_HEAD_OURS;

	free(path);
	return stands;
}

/* Set the path to the file that is for the query, and open it or make it; 0, or -1. */
static int
open_file(struct journal *journal, char *next, enum journal_kind kind, struct slice query,
    const struct journal_reader *reader)
{
	enum journal_head head = journal_file_head(journal->home, query, journal->log);
	bool beside =
	    head == JOURNAL_HEAD_OTHER || (head == JOURNAL_HEAD_OURS && kind == JOURNAL_ANEW);

	journal->path =
	    mem_dup(beside ? next : journal->home, strlen(beside ? next : journal->home));
	if (beside)
		head = journal_file_head(next, query, journal->log);
	switch (head) {
	case JOURNAL_HEAD_OURS:
		return resume(journal, reader);
	case JOURNAL_HEAD_NONE:
	case JOURNAL_HEAD_OTHER:
		return begin(journal, query);
	case JOURNAL_HEAD_UNREADABLE:
		break;
	}
	return -1;
}

struct journal *
journal_open(const char *directory, enum source source, enum journal_kind kind, struct slice query,
    const struct journal_reader *reader, const struct log *log)
{
	struct journal *journal = mem_new(1, sizeof(*journal));
	char *next = journal_file_path(directory, source, true);
	int result;

	journal->fd = -1;
	journal->log = log;
	journal->directory = file_path(directory, "sources");
	journal->home = journal_file_path(directory, source, false);
	result = file_make_directory(journal->directory, log);
	/* This was done before the journal that stands got its name. */
	if (result == 0 && !file_exists(journal->home))
		result = file_sync_directory(directory, log);
	/* Not before it is known that the directory is no link to another. */
	if (result == 0) {
		remove_temporary(journal->home);
		remove_temporary(next);
		result = open_file(journal, next, kind, query, reader);
	}
	free(next);
	if (result == 0)
		return journal;
	journal_free(journal);
	return NULL;
}

void
journal_free(struct journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->fd != -1)
		close(journal->fd);
	buf_free(&journal->page);
	free(journal->path);
	free(journal->home);
	free(journal->directory);
	free(journal);
}

void
journal_add(struct journal *journal, const struct source_record *record)
{
	struct source_record stamped = *record;
	struct record_line parsed;
	const size_t start = journal->page.len;
	char *reason;

	/* A clock that went back must not make a later line look older than what it supersedes. */
	if (stamped.fetched < journal->last_fetched)
		stamped.fetched = journal->last_fetched;
	journal->last_fetched = stamped.fetched;
	source_record_write(&stamped, &journal->page);
	jsonl_pad(&journal->page);
	if (record_line_parse(journal->page.data + start, journal->page.len - start - 1, &parsed,
		&reason) != RECORD_LINE_RECORD) {
		log_error(journal->log, "%s: record (" LOG_VALUE_FMT ") left out: %s",
		    journal->path,
		    LOG_VALUE(record->arxiv_id.data != NULL ? record->arxiv_id : record->paper_id),
		    reason);
		journal->page.len = start;
	}
	free(reason);
}

int
journal_commit(struct journal *journal, struct slice commit)
{
	int result = 0;

	buf_add_text(&journal->page, "{\"commit\":");
	buf_add_slice(&journal->page, commit);
	buf_add_text(&journal->page, "}\n");
	if (file_write_all(journal->fd, journal->page.data, journal->page.len) == -1 ||
	    fsync(journal->fd) == -1) {
		result = fault(journal, "cannot write");
		/* What came out of the page is no page: take it back if that is possible. */
		if (ftruncate(journal->fd, journal->committed) == -1)
			fault(journal, "cannot take back a torn page");
	} else {
		journal->committed += (off_t)journal->page.len;
		journal->position += journal->page.len;
	}
	buf_clear(&journal->page);
	return result;
}

int64_t
journal_last_fetched(const struct journal *journal)
{
	return journal->last_fetched;
}

uint64_t
journal_position(const struct journal *journal)
{
	return journal->position;
}

uint64_t
journal_damaged(const struct journal *journal)
{
	return journal->damaged;
}

const char *
journal_path(const struct journal *journal)
{
	return journal->path;
}

bool
journal_replaces(const struct journal *journal)
{
	return strcmp(journal->path, journal->home) != 0;
}

int
journal_settle(struct journal *journal)
{
	if (!journal_replaces(journal))
		return 0;
	if (file_rename(journal->path, journal->home, journal->log) == -1)
		return -1;
	free(journal->path);
	journal->path = mem_dup(journal->home, strlen(journal->home));
	return 0;
}

int
journal_compact(struct journal *journal, const uint64_t *dead, size_t count, uint64_t bytes)
{
	if (bytes <= (uint64_t)journal->committed / 2)
		return 0;
	if (write_anew(journal, dead, count, false) == -1)
		return -1;
	log_detail(
	    journal->log, "%s: %zu lines removed that later ones supersede", journal->path, count);
	return 0;
}
