#include "journal.h"

#include "buf.h"
#include "file.h"
#include "lines.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct journal {
	int fd;
	/* Where it is, and where it belongs once the snapshot stands; the same unless the query is
	 * new. */
	char *path;
	char *home;
	char *directory;
	/* Bytes up to and with the last commit. */
	off_t committed;
	int64_t last_fetched;
	struct buf page;
	const struct log *log;
};

static int
fault(const struct journal *journal, const char *what)
{
	log_error(journal->log, "%s: %s: %s", journal->path, what, strerror(errno));
	return -1;
}

static bool
is_commit(struct slice line)
{
	static const char start[] = "{\"commit\":";

	return line.len > strlen(start) && memcmp(line.data, start, strlen(start)) == 0 &&
	       line.data[line.len - 1] == '}';
}

/* Whether the first line of the file is the header of a journal for this query. */
static bool
answers_query(const char *path, struct slice query, const struct log *log)
{
	struct record_line parsed;
	struct lines lines;
	struct slice line;
	char *reason = NULL;
	bool same = false;
	int fd = file_exists(path) ? file_open(path, log) : -1;

	if (fd == -1)
		return false;
	lines_init(&lines, fd, path, log);
	if (lines_next(&lines, &line) == 1 &&
	    record_line_parse(line.data, line.len, &parsed, &reason) == RECORD_LINE_QUERY)
		same = slice_equal(parsed.values[RECORD_QUERY].raw, query);
	free(reason);
	lines_free(&lines);
	close(fd);
	return same;
}

/* Find the end of the last commit (or of the header) and how many lines stand behind it. */
static int
find_committed(struct journal *journal, uint64_t *torn)
{
	struct lines lines;
	struct slice line;
	int more;

	*torn = 0;
	lines_init(&lines, journal->fd, journal->path, journal->log);
	while ((more = lines_next(&lines, &line)) == 1) {
		(*torn)++;
		if (lines.bytes > line.len && (lines.number == 1 || is_commit(line))) {
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
	if (torn == 0)
		return 0;
	log_notice(journal->log,
	    "%s: %" PRIu64 " lines behind the last commit dropped, a page that was not finished",
	    journal->path, torn);
	if (ftruncate(journal->fd, journal->committed) == -1 || fsync(journal->fd) == -1)
		return fault(journal, "cannot drop a torn page");
	return 0;
}

static void
tell_reader(struct journal *journal, const struct journal_reader *reader, struct slice line,
    uint64_t number)
{
	struct record_line record;
	char *reason;
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
		log_error(journal->log, "%s: line %" PRIu64 ": %s", journal->path, number, reason);
		free(reason);
		break;
	case RECORD_LINE_QUERY:
		break;
	}
}

static int
read_back(struct journal *journal, const struct journal_reader *reader)
{
	struct lines lines;
	struct slice line;
	int more;

	if (lseek(journal->fd, 0, SEEK_SET) == -1)
		return fault(journal, "cannot seek");
	lines_init(&lines, journal->fd, journal->path, journal->log);
	while ((more = lines_next(&lines, &line)) == 1)
		tell_reader(journal, reader, line, lines.number);
	lines_free(&lines);
	return more;
}

static int
write_header(struct journal *journal, struct slice query)
{
	struct buf header = BUF_INIT;
	int result = 0;

	buf_add_text(&header, "{\"query\":");
	buf_add_slice(&header, query);
	buf_add_text(&header, "}\n");
	if (file_write_all(journal->fd, header.data, header.len) == -1 || fsync(journal->fd) == -1)
		result = fault(journal, "cannot write");
	journal->committed = (off_t)header.len;
	buf_free(&header);
	return result == 0 ? file_sync_directory(journal->directory, journal->log) : -1;
}

/* Open what answers the query, or make it; 0, or -1. */
static int
open_file(struct journal *journal, struct slice query, const struct journal_reader *reader)
{
	bool resumed = answers_query(journal->path, query, journal->log);

	if (!resumed && unlink(journal->path) == -1 && errno != ENOENT)
		return fault(journal, "cannot replace");
	journal->fd = open(journal->path,
	    O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (resumed ? 0 : O_CREAT | O_EXCL), 0666);
	if (journal->fd == -1)
		return fault(journal, "cannot open");
	if (!resumed)
		return write_header(journal, query);
	if (drop_torn_page(journal) == -1)
		return -1;
	return read_back(journal, reader);
}

/* Where a journal stands, or where one grows that is to replace it. */
static char *
path_of(const char *directory, enum source source, bool next)
{
	char *sources = file_path(directory, "sources"), *path;
	struct buf name = BUF_INIT;

	buf_printf(&name, "%s%s.jsonl", source_name(source), next ? ".next" : "");
	path = file_path(sources, name.data);
	buf_free(&name);
	free(sources);
	return path;
}

bool
journal_stands(const char *directory, enum source source, enum journal_kind kind,
    struct slice query, const struct log *log)
{
	char *path = path_of(directory, source, kind == JOURNAL_ANEW);
	bool stands = answers_query(path, query, log);

	free(path);
	return stands;
}

struct journal *
journal_open(const char *directory, enum source source, enum journal_kind kind, struct slice query,
    const struct journal_reader *reader, const struct log *log)
{
	struct journal *journal = mem_new(1, sizeof(*journal));
	bool next;

	journal->fd = -1;
	journal->log = log;
	journal->directory = file_path(directory, "sources");
	journal->home = path_of(directory, source, false);
	next = file_exists(journal->home) &&
	       (kind == JOURNAL_ANEW || !answers_query(journal->home, query, log));
	journal->path = path_of(directory, source, next);
	if (file_make_directory(journal->directory, log) == 0 &&
	    open_file(journal, query, reader) == 0)
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

	/* A clock that went back must not make a later line look older than what it supersedes. */
	if (stamped.fetched < journal->last_fetched)
		stamped.fetched = journal->last_fetched;
	journal->last_fetched = stamped.fetched;
	source_record_write(&stamped, &journal->page);
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
	}
	buf_clear(&journal->page);
	return result;
}

int64_t
journal_last_fetched(const struct journal *journal)
{
	return journal->last_fetched;
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
	if (rename(journal->path, journal->home) == -1)
		return fault(journal, "cannot take the place of the old journal");
	free(journal->path);
	journal->path = mem_dup(journal->home, strlen(journal->home));
	return file_sync_directory(journal->directory, journal->log);
}
