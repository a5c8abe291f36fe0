#include "verify.h"

#include "audit_fault.h"
#include "doi.h"
#include "doi_doubts.h"
#include "lines.h"
#include "manifest_check.h"
#include "mem.h"
#include "row_check.h"
#include "row_draft.h"
#include "row_keys.h"
#include "row_order.h"
#include "source_check.h"
#include "team.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a worker reads at a time: large against the longest usual line, small against memory. */
#define STRETCH_BYTES ((uint64_t)4 << 20)
/* A look into the keys waits for memory, unless it was announced so many rows before. */
#define ROWS_AHEAD 8

/* What is kept of a line. */
struct verified_row {
	uint64_t offset : 63;
	uint64_t faulty : 1;
};

/* A verification in progress. */
struct verify {
	struct subject *subject;
	struct merge *merge;
	bool json;
	struct file_writer *out;
	struct verification *verification;
	const struct log *log;
	struct row_keys *keys;
	/* NULL where a manifest tells which DOIs are in conflict. */
	struct doi_doubts *doubts;
	struct source_check *sources;
	struct row_order *order;
	struct row_stats *stats;
	/* By line from 0, and where the last of them ends. */
	struct verified_row *rows;
	size_t capacity;
	uint64_t end;
	/* One in each slot of the team. */
	struct row_draft *drafts;

	/* The line at hand, 0 if there is none, and what it says of itself. */
	uint64_t line;
	struct row_line row;
	struct buf id;
	struct buf arxiv_id;
	/* A line that is read again. */
	struct buf again;
	/* The fault at hand. */
	struct buf stored;
	struct buf shown;
	struct buf reason;
	struct buf text;
};

/* Tell of a fault. */
static void
tell(struct verify *verify, const struct audit_fault *fault)
{
	if (fault->line > 0)
		verify->rows[fault->line - 1].faulty = true;
	verify->verification->faults++;
	buf_clear(&verify->text);
	if (verify->json)
		audit_fault_json_write(fault, &verify->text);
	else
		audit_fault_text_write(fault, &verify->text);
	file_writer_add(verify->out, verify->text.data, verify->text.len);
}

/* Name the row at hand in a fault, if there is one. */
static void
name_row(struct verify *verify, struct audit_fault *fault)
{
	if (verify->line > 0) {
		fault->line = verify->line;
		audit_fault_name(fault, &verify->row, &verify->id, &verify->arxiv_id);
	}
}

/* Tell of a fault of the row at hand. */
static void
hear(void *cookie, const struct audit_fault *told)
{
	struct verify *verify = cookie;
	struct audit_fault fault = *told;

	name_row(verify, &fault);
	tell(verify, &fault);
}

/* Another line. */
static void
add_line(struct verify *verify, uint64_t offset, uint64_t end)
{
	verify->rows = mem_grow(verify->rows, &verify->capacity,
	    (size_t)++verify->verification->rows, sizeof(*verify->rows));
	verify->rows[verify->verification->rows - 1] =
	    (struct verified_row){ .offset = offset & INT64_MAX };
	verify->end = end;
}

/* Read a line again into verify->again and take it apart. */
static int
read_again(struct verify *verify, uint64_t line, struct row_line *row)
{
	uint64_t offset = verify->rows[line - 1].offset;
	uint64_t end = line < verify->verification->rows ? verify->rows[line].offset : verify->end;
	size_t len = (size_t)(end - offset);
	struct buf *again = &verify->again;
	struct jsonl_error error;

	if (lines_again(
		verify->subject->fd, verify->subject->path, offset, len, again, verify->log) == -1)
		return -1;
	while (len > 0 && again->data[len - 1] == '\n')
		len--;
	if (row_line_parse(again->data, len, row, &error) == 0)
		return 0;
	log_error(verify->log, "%s: line %" PRIu64 ": changed while it was read",
	    verify->subject->path, line);
	return -1;
}

/* A key of a row, as it was hashed. */
static void
add_key(struct verify *verify, const struct row_line *row, enum row_key field, struct buf *text)
{
	buf_clear(&verify->stored);
	row_line_text(row, field, &verify->stored);
	buf_add_slice(text,
	    field == ROW_DOI ? doi_strip(buf_slice(&verify->stored)) : buf_slice(&verify->stored));
}

/* A key of a line, for row_keys_note. */
static int
read_key(void *cookie, uint64_t line, enum row_key field, struct buf *text)
{
	struct verify *verify = cookie;
	struct row_line row;

	if (read_again(verify, line, &row) == -1)
		return -1;
	add_key(verify, &row, field, text);
	return 0;
}

/* Note the DOI of a line, with its arXiv id; ${doi} is to hold it as DOIs are compared. */
static int
see_doi(struct verify *verify, uint64_t line, struct buf *doi)
{
	struct row_line row;

	buf_clear(doi);
	if (read_again(verify, line, &row) == -1)
		return -1;
	add_key(verify, &row, ROW_DOI, doi);
	buf_clear(&verify->stored);
	row_line_text(&row, ROW_ARXIV_ID, &verify->stored);
	doi_doubts_see(verify->doubts, text_fold(buf_slice(doi), doi->data),
	    verify->stored.len == 0 ? SLICE_NONE : buf_slice(&verify->stored));
	return 0;
}

/* Keep a fault until it is known whether the DOI of its line is in conflict. */
static int
doubt(struct verify *verify, const struct audit_fault *fault)
{
	struct buf doi = BUF_INIT;
	int result = see_doi(verify, fault->line, &doi);

	if (result == 0)
		doi_doubts_add(verify->doubts, buf_slice(&doi), fault);
	buf_free(&doi);
	return result;
}

/* Tell that the line at hand has a key of an earlier one. */
static int
tell_repeated(struct verify *verify, enum row_key field, uint64_t earlier)
{
	bool doubtful = field == ROW_DOI && verify->doubts != NULL;
	struct buf doi = BUF_INIT;
	struct audit_fault fault;
	int result = doubtful ? see_doi(verify, earlier, &doi) : 0;

	buf_free(&doi);
	if (result == -1 || read_again(verify, verify->line, &verify->row) == -1)
		return -1;
	buf_clear(&verify->reason);
	buf_printf(&verify->reason, "line %" PRIu64 " has it already", earlier);
	fault = (struct audit_fault){ .field = row_fields[field].key,
		.stored = row_check_stored(&verify->row, field, &verify->shown),
		.reason = buf_slice(&verify->reason) };
	name_row(verify, &fault);
	if (doubtful)
		return doubt(verify, &fault);
	tell(verify, &fault);
	return 0;
}

static int
note_key(struct verify *verify, enum row_key field, uint32_t hash)
{
	uint64_t earlier;

	if (row_keys_note(verify->keys, field, hash, verify->line, read_key, verify, &earlier) ==
	    -1)
		return -1;
	return earlier == 0 ? 0 : tell_repeated(verify, field, earlier);
}

/* A file that is read by a team, with a draft in each slot. */
struct reading {
	struct verify *verify;
	uint64_t size;
};

static int
make_stretch(void *cookie, size_t slot, size_t item)
{
	const struct reading *reading = cookie;
	uint64_t from = item * STRETCH_BYTES;

	if (from >= reading->size)
		return 0;
	return row_draft_read(
		   &reading->verify->drafts[slot], from, from + STRETCH_BYTES, reading->size) == -1
		   ? -1
		   : 1;
}

/* What depends on the lines before: that its keys are its own, and its place. */
static int
take_row(struct verify *verify, const struct drafted_row *row)
{
	for (size_t i = 0; i < ROW_DRAFT_KEYS; i++)
		if (row->has_key[i] && note_key(verify, row_draft_keys[i], row->hashes[i]) == -1)
			return -1;
	if (row->has_rank)
		row_order_add(verify->order, row->rank, verify->rows[verify->line - 1].faulty);
	else
		row_order_skip(verify->order);
	return 0;
}

static void
expect_keys(const struct verify *verify, const struct drafted_row *row)
{
	for (size_t i = 0; i < ROW_DRAFT_KEYS; i++)
		row_keys_expect(verify->keys, row_draft_keys[i], row->hashes[i]);
}

/* Of a row without an arXiv id whose id is not that of its DOI: with a DOI in conflict it may be
 * its CorpusId's. */
static bool
is_doubtful(const struct verify *verify, const struct audit_fault *fault)
{
	return verify->doubts != NULL && fault->field == row_fields[ROW_ID].key &&
	       fault->arxiv_id.data == NULL && fault->expected.data != NULL;
}

static int
take_stretch(void *cookie, size_t slot, size_t item)
{
	struct verify *verify = ((struct reading *)cookie)->verify;
	const struct row_draft *draft = &verify->drafts[slot];
	uint64_t before = verify->verification->rows;
	struct audit_fault fault;
	size_t told = 0;

	(void)item;
	for (size_t i = 0; i < draft->count; i++)
		add_line(verify, draft->rows[i].offset, draft->end);
	for (size_t i = 0; i < draft->count; i++) {
		verify->line = before + i + 1;
		if (i + ROWS_AHEAD < draft->count)
			expect_keys(verify, &draft->rows[i + ROWS_AHEAD]);
		for (; told < draft->faults.count &&
		       fault_list_get(&draft->faults, told, &fault) == i;
		     told++) {
			fault.line = verify->line;
			if (!is_doubtful(verify, &fault))
				tell(verify, &fault);
			else if (doubt(verify, &fault) == -1)
				return -1;
		}
		if (take_row(verify, &draft->rows[i]) == -1)
			return -1;
	}
	return 0;
}

/* Rows that only themselves can be held against. */
static int
check_alone(struct verify *verify, int64_t day)
{
	const struct team_work work = { make_stretch, take_stretch };
	struct subject *subject = verify->subject;
	struct reading reading = { .verify = verify };
	size_t slots = team_slots(subject->workers);
	struct stat status;
	int result;

	if (fstat(subject->fd, &status) == -1) {
		log_error(verify->log, "%s: cannot look at: %s", subject->path, strerror(errno));
		return -1;
	}
	reading.size = (uint64_t)status.st_size;
	verify->drafts = mem_new(slots, sizeof(*verify->drafts));
	for (size_t i = 0; i < slots; i++)
		row_draft_init(
		    &verify->drafts[i], subject->fd, subject->path, day, verify->keys, verify->log);
	result = team_run(&work, &reading, subject->workers);
	for (size_t i = 0; i < slots; i++) {
		row_stats_join(verify->stats, verify->drafts[i].stats);
		verify->verification->untold_ids += verify->drafts[i].untold_ids;
		row_draft_free(&verify->drafts[i]);
	}
	free(verify->drafts);
	return result;
}

/* A line that is not what the next paper gives: the row's id and paper, if it has them. */
static int
check_other(struct verify *verify, struct slice line, size_t *paper, struct slice *id)
{
	struct jsonl_error error;

	*paper = MERGE_PAPER_NONE;
	*id = SLICE_NONE;
	if (row_line_parse(line.data, line.len, &verify->row, &error) == -1) {
		verify->row = (struct row_line){ 0 };
		row_check_no_row(&error, hear, verify);
		return 0;
	}
	if (source_check_row(verify->sources, line, &verify->row, hear, verify, paper) == -1)
		return -1;
	if (row_line_fault(&verify->row, ROW_ID) == NULL) {
		buf_clear(&verify->id);
		row_line_text(&verify->row, ROW_ID, &verify->id);
		*id = buf_slice(&verify->id);
	}
	return 0;
}

/* A line whose sources are there. */
static int
check_sourced(struct verify *verify, struct slice line)
{
	struct slice id;
	uint32_t hash;
	size_t paper;
	int same = source_check_next(verify->sources, line, &paper, &id);

	if (same == -1 || (same == 0 && check_other(verify, line, &paper, &id) == -1))
		return -1;
	if (row_keys_hash(verify->keys, ROW_ID, id, &hash) && note_key(verify, ROW_ID, hash) == -1)
		return -1;
	if (paper == MERGE_PAPER_NONE)
		row_order_skip(verify->order);
	else
		row_order_add(verify->order, (struct row_rank){ (int64_t)paper, 0 }, false);
	return 0;
}

static int
check_against_sources(struct verify *verify)
{
	const struct subject *subject = verify->subject;
	struct lines lines;
	struct slice line;
	int more;

	lines_init(&lines, subject->fd, subject->path, verify->log);
	lines_range(&lines, 0, UINT64_MAX, UINT64_MAX);
	while ((more = lines_next(&lines, &line)) == 1) {
		add_line(verify, lines.offset, lines.offset + lines.bytes);
		verify->line = lines.number;
		if (check_sourced(verify, line) == -1) {
			more = -1;
			break;
		}
	}
	lines_free(&lines);
	return more;
}

/* What no conflict explains, now that all of them are known. */
static void
tell_doubts(struct verify *verify)
{
	struct audit_fault fault;
	size_t at = 0;

	while (verify->doubts != NULL && doi_doubts_next(verify->doubts, &at, &fault))
		tell(verify, &fault);
}

/* Tell that the row of a line belongs before or behind another one. */
static int
tell_misplaced(struct verify *verify, size_t other)
{
	if (read_again(verify, verify->line, &verify->row) == -1)
		return -1;
	buf_clear(&verify->reason);
	buf_printf(&verify->reason, "order: belongs %s line %zu",
	    other + 1 < verify->line ? "before" : "behind", other + 1);
	hear(verify,
	    &(struct audit_fault){ .field = row_fields[ROW_PUBLISHED_DATE].key,
		.stored = row_check_stored(&verify->row, ROW_PUBLISHED_DATE, &verify->stored),
		.reason = buf_slice(&verify->reason) });
	return 0;
}

/* Only rows that do not stand in their order are read once more. */
static int
check_order(struct verify *verify)
{
	size_t row = 0, other;

	if (row_order_find(verify->order) == 0)
		return 0;
	for (; row_order_next(verify->order, &row, &other); row++) {
		verify->line = row + 1;
		if (tell_misplaced(verify, other) == -1)
			return -1;
	}
	return 0;
}

static int
check_all(struct verify *verify, int64_t day)
{
	struct verification *verification = verify->verification;

	if ((verify->sources == NULL ? check_alone(verify, day) : check_against_sources(verify)) ==
		-1 ||
	    check_order(verify) == -1)
		return -1;
	tell_doubts(verify);
	for (uint64_t i = 0; i < verification->rows; i++)
		verification->reproduced += !verify->rows[i].faulty;
	/* What follows is the fault of no row. */
	verify->line = 0;
	if (verify->sources != NULL && source_check_end(verify->sources, hear, verify) == -1)
		return -1;
	return manifest_check(
	    verify->subject, verify->merge, verify->stats, hear, verify, verify->log);
}

int
verify_rows(struct subject *subject, struct merge *merge, int64_t day, bool json,
    struct file_writer *out, struct verification *verification, const struct log *log)
{
	const struct doi_conflict *conflicts = NULL;
	size_t conflict_count = 0;
	struct verify verify = { .subject = subject,
		.merge = merge,
		.json = json,
		.out = out,
		.verification = verification,
		.log = log };
	int result;

	*verification = (struct verification){ 0 };
	if (subject->manifest != NULL)
		conflicts = manifest_reading_conflicts(subject->manifest, &conflict_count);
	else
		verify.doubts = doi_doubts_new();
	/* Room for one from the start: there are rows to look at, if none that counts. */
	verify.rows = mem_grow(NULL, &verify.capacity, 1, sizeof(*verify.rows));
	verify.keys = row_keys_new(conflicts, conflict_count);
	verify.order = row_order_new();
	verify.stats = mem_new(1, sizeof(*verify.stats));
	if (merge != NULL)
		verify.sources = source_check_new(merge, day, verify.stats);
	result = check_all(&verify, day);
	row_keys_free(verify.keys);
	doi_doubts_free(verify.doubts);
	row_order_free(verify.order);
	source_check_free(verify.sources);
	free(verify.stats);
	free(verify.rows);
	buf_free(&verify.id);
	buf_free(&verify.arxiv_id);
	buf_free(&verify.again);
	buf_free(&verify.stored);
	buf_free(&verify.shown);
	buf_free(&verify.reason);
	buf_free(&verify.text);
	return result;
}
