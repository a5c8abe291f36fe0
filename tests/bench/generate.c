/*
 * generate arxiv|semantic_scholar RECORDS [shuffled]: print a made-up journal of that source, the
 * same bytes each time.
 *
 * RECORDS is a multiple of 100; of each 100 lines 80 are papers of which the other source has one
 * with the same arXiv id, 10 share a DOI alone with the other source, which spells it in another
 * case, 2 are later versions or later fetches of earlier lines, 2 make chains (see CHAIN_FIRST), 6
 * are known to one source only.  So N and N records are 1.04 N papers.
 *
 * Papers come as the fetchers ask for them: arXiv's in the order of their submission, those of
 * Semantic Scholar in that of a hash.  `shuffled`: arXiv's neighbouring lines, too, are months
 * apart. A quarter of Semantic Scholar's lines are written with `\u` escapes.  Nothing is kept from
 * one line to the next: any number of records takes the same memory.
 */
#include "arena.h"
#include "buf.h"
#include "date.h"
#include "file.h"
#include "prose.h"
#include "source_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the lines of a block of 100 are, by their place in it. */
#define BLOCK 100
#define SAME_ARXIV_ID 80
#define SAME_DOI 90
#define LATER 92
/* arXiv's and Semantic Scholar's CHAIN_FIRST share an arXiv id; that of Semantic Scholar has a DOI
 * in common with its CHAIN_SECOND, which has no arXiv id.  arXiv's CHAIN_SECOND is on one side
 * only. */
#define CHAIN_FIRST 92
#define CHAIN_SECOND 93

/* From July 2016 on. */
#define MONTHS 120
/* Of a month, in which papers are submitted. */
#define MONTH_SECONDS ((uint64_t)28 * DATE_DAY_SECONDS)
#define ABSTRACT_BYTES 1300

/* A page of each source, which a commit ends. */
#define PAGE 1000

struct maker {
	enum source source;
	uint64_t records;
	bool shuffled;
	/* Of the line in hand. */
	uint64_t random;
	struct arena arena;
};

/* The same for both sources: what a paper is follows from its number. */
static uint64_t
random_of(uint64_t number, uint64_t purpose)
{
	uint64_t random = 20260619 + number * 4 + purpose;

	return draw(&random, UINT64_MAX);
}

static struct slice
take(struct maker *maker, struct buf *text)
{
	struct slice copy = arena_dup(&maker->arena, buf_slice(text));

	buf_clear(text);
	return copy;
}

/* Title, abstract and authors, which both sources have alike. */
static void
fill_text(struct maker *maker, uint64_t number, struct source_record *record)
{
	uint64_t random = random_of(number, 0);
	size_t len = ABSTRACT_BYTES - 240 + draw(&random, 500);
	struct buf text = BUF_INIT;

	add_one_of(kinds, COUNT(kinds), " ", &random, &text);
	add_one_of(objects, COUNT(objects), " for ", &random, &text);
	add_one_of(goals, COUNT(goals), ": Study ", &random, &text);
	buf_printf(&text, "%" PRIu64, number);
	record->title = take(maker, &text);
	while (text.len < len)
		add_sentence(&random, &text);
	add_code(&random, &text);
	text.len--;
	record->abstract = take(maker, &text);
	record->authors.count = 3 + draw(&random, 10);
	record->authors.items =
	    arena_new(&maker->arena, record->authors.count, sizeof(struct slice));
	for (size_t i = 0; i < record->authors.count; i++) {
		add_one_of(given, COUNT(given), " ", &random, &text);
		add_one_of(family, COUNT(family), "", &random, &text);
		record->authors.items[i] = take(maker, &text);
	}
	buf_free(&text);
}

static struct slice
made_text(struct maker *maker, const char *before, uint64_t number)
{
	struct buf text = BUF_INIT;
	struct slice copy;

	buf_printf(&text, "%s%" PRIu64, before, number);
	copy = take(maker, &text);
	buf_free(&text);
	return copy;
}

/* When a paper was submitted, which is a matter of its number and of how many there are. */
struct submission {
	int year;
	int month;
	/* Seconds since the month began. */
	int64_t seconds;
	/* Its place among the papers of the month, from 0. */
	uint64_t place;
};

static struct submission
submission_of(const struct maker *maker, uint64_t number)
{
	/* Papers beyond the records are known to one source, beside those with the same place. */
	uint64_t along = number % maker->records * MONTHS;
	uint64_t month = along / maker->records, random = random_of(number, 1);
	struct submission submission = {
		.seconds = (int64_t)(along % maker->records * MONTH_SECONDS / maker->records),
		.place = along % maker->records / MONTHS,
	};

	if (maker->shuffled) {
		month = number % MONTHS;
		submission.seconds = (int64_t)draw(&random, MONTH_SECONDS);
		submission.place = number / MONTHS;
	}
	submission.year = 2016 + (int)(6 + month) / 12;
	submission.month = 1 + (int)(6 + month) % 12;
	return submission;
}

static struct slice
arxiv_id_text(struct maker *maker, const char *before, char separator, uint64_t number)
{
	const struct submission submission = submission_of(maker, number);
	struct buf text = BUF_INIT;
	struct slice copy;

	buf_printf(&text, "%s%02d%02d%c%05" PRIu64, before, submission.year % 100, submission.month,
	    separator, 1 + submission.place);
	copy = take(maker, &text);
	buf_free(&text);
	return copy;
}

static int64_t
published(const struct maker *maker, uint64_t number)
{
	const struct submission submission = submission_of(maker, number);

	return date_day(submission.year, submission.month, 1) * DATE_DAY_SECONDS +
	       submission.seconds;
}

static struct slice_list
some_of(struct maker *maker, const char *const *names, size_t count, size_t most)
{
	size_t first = draw(&maker->random, count);
	struct slice_list list = { NULL, 1 + draw(&maker->random, most) };

	list.items = arena_new(&maker->arena, list.count, sizeof(struct slice));
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = slice_of(names[(first + i) % count]);
	return list;
}

static struct slice
comment_of(struct maker *maker)
{
	switch (draw(&maker->random, 10)) {
	case 0:
		return made_text(maker, "Code: https://github.com/example-group/project-",
		    draw(&maker->random, 100000));
	case 1:
		return slice_of("Accepted at a workshop; 9 pages, 4 figures");
	case 2:
	case 3:
	case 4:
	case 5:
		return made_text(maker, "Number of pages: ", 4 + draw(&maker->random, 40));
	default:
		return SLICE_NONE;
	}
}

/* One paper in eight has a publisher's DOI, which both sources know. */
static struct slice
published_doi(struct maker *maker, uint64_t number)
{
	uint64_t random = random_of(number, 2);

	return draw(&random, 8) == 0 ? made_text(maker, "10.1109/Example.2026.", number)
				     : SLICE_NONE;
}

static void
fill_arxiv(struct maker *maker, uint64_t number, bool again, struct source_record *record)
{
	uint64_t place = number % BLOCK;

	record->arxiv_id = arxiv_id_text(maker, "", '.', number);
	record->version = 1 + again;
	record->published = published(maker, number);
	record->updated = record->published + again * 1000003;
	record->categories = some_of(maker, categories, COUNT(categories), 3);
	record->comment = comment_of(maker);
	if (place < SAME_ARXIV_ID)
		record->doi = published_doi(maker, number);
	else if (place < SAME_DOI)
		record->doi = made_text(maker, "10.5555/bench.", number);
}

/* The ids under which Semantic Scholar knows a paper. */
static void
fill_ids(struct maker *maker, uint64_t number, struct source_record *record)
{
	uint64_t place = number % BLOCK;

	if (place < SAME_ARXIV_ID || place == CHAIN_FIRST)
		record->arxiv_id = arxiv_id_text(maker, "", '.', number);
	if (place == CHAIN_FIRST || place == CHAIN_SECOND)
		record->doi = made_text(maker, "10.5555/chain.", number / BLOCK);
	else if (place < SAME_ARXIV_ID)
		record->doi = published_doi(maker, number);
	else if (place < SAME_DOI)
		record->doi = made_text(maker, "10.5555/BENCH.", number);
	else
		record->doi = made_text(maker, "10.5555/elsewhere.", number);
	if (place < SAME_ARXIV_ID && record->doi.data == NULL && draw(&maker->random, 2) == 0)
		record->doi = arxiv_id_text(maker, "10.48550/arXiv.", '.', number);
	if (place < SAME_ARXIV_ID && draw(&maker->random, 3) == 0)
		record->dblp = arxiv_id_text(maker, "journals/corr/abs-", '-', number);
}

static struct slice
paper_id_of(struct maker *maker, uint64_t number)
{
	struct buf text = BUF_INIT;
	struct slice copy;

	buf_printf(&text, "%016" PRIx64 "%016" PRIx64 "%08" PRIx32, random_of(number, 3),
	    random_of(number, 1), (uint32_t)number);
	copy = take(maker, &text);
	buf_free(&text);
	return copy;
}

static struct slice
page_of(struct maker *maker, struct slice paper_id)
{
	struct buf text = BUF_INIT;
	struct slice copy;

	buf_add_text(&text, "https://www.semanticscholar.org/paper/");
	buf_add_slice(&text, paper_id);
	copy = take(maker, &text);
	buf_free(&text);
	return copy;
}

static void
fill_semantic_scholar(
    struct maker *maker, uint64_t number, bool again, struct source_record *record)
{
	uint64_t venue = draw(&maker->random, COUNT(venues) + 4);
	char day[DATE_DAY_SIZE];

	fill_ids(maker, number, record);
	record->paper_id = paper_id_of(maker, number);
	record->corpus_id = 100000000 + (int64_t)number;
	record->fields_of_study = some_of(maker, fields, COUNT(fields), 2);
	date_day_write(date_day_of(published(maker, number)), day);
	record->publication_date = arena_dup(&maker->arena, slice_of(day));
	record->year = (day[2] - '0') * 10 + day[3] - '0' + 2000;
	record->venue = venue < COUNT(venues) ? slice_of(venues[venue]) : SLICE_NONE;
	/* Most papers have few citations. */
	record->citation_count =
	    (int64_t)draw(&maker->random, 1 + draw(&maker->random, 500)) + again;
	record->influential_citation_count = record->citation_count / 12;
	if (draw(&maker->random, 3) == 0)
		record->pdf_url = made_text(maker, "https://papers.example.org/pdf/", number);
	record->url = page_of(maker, record->paper_id);
}

/* The paper of a line.  Semantic Scholar has its papers in another order, for each place in a block
 * one of its own; its lines of papers that it alone knows are other papers. */
static uint64_t
number_of(const struct maker *maker, uint64_t line)
{
	uint64_t block = line / BLOCK, place = line % BLOCK, blocks = maker->records / BLOCK;

	if (maker->source == SOURCE_ARXIV)
		return line;
	/* A prime larger than any number of blocks is coprime to it. */
	block = (block + place) * 1000000007 % blocks;
	return (block + (place > CHAIN_SECOND ? blocks : 0)) * BLOCK + place;
}

/* Rewrite what is not ASCII as `\u` escapes. */
static void
escape(const struct buf *line, struct buf *out)
{
	for (size_t at = 0; at < line->len;) {
		const unsigned char *c = (const unsigned char *)line->data + at;
		uint32_t code;

		if (c[0] < 0x80) {
			buf_add_char(out, (char)c[0]);
			at++;
			continue;
		}
		if (c[0] < 0xe0) {
			code = (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
			at += 2;
		} else if (c[0] < 0xf0) {
			code = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
			at += 3;
		} else {
			code = (c[0] & 0x07u) << 18 | (c[1] & 0x3fu) << 12 | (c[2] & 0x3fu) << 6 |
			       (c[3] & 0x3fu);
			at += 4;
		}
		if (code >= 0x10000)
			buf_printf(out, "\\u%04x", 0xd800 + ((code - 0x10000) >> 10));
		buf_printf(
		    out, "\\u%04x", code >= 0x10000 ? 0xdc00 + ((code - 0x10000) & 0x3ff) : code);
	}
}

static void
add_line(struct maker *maker, uint64_t line, struct buf *out)
{
	uint64_t place = line % BLOCK;
	bool again = place >= SAME_DOI && place < LATER;
	struct source_record record;
	struct buf text = BUF_INIT;
	uint64_t of = line;

	maker->random = random_of(line, maker->source);
	if (again) {
		of = draw(&maker->random, line / BLOCK + 1) * BLOCK;
		of += draw(&maker->random, SAME_ARXIV_ID);
	}
	of = number_of(maker, of);
	/* A page a minute; the journals never go back in time. */
	source_record_init(&record, maker->source, 1782788400 + (int64_t)(line / PAGE) * 60);
	fill_text(maker, of, &record);
	if (maker->source == SOURCE_ARXIV)
		fill_arxiv(maker, of, again, &record);
	else
		fill_semantic_scholar(maker, of, again, &record);
	source_record_write(&record, &text);
	if (maker->source == SOURCE_SEMANTIC_SCHOLAR && line % 4 == 0)
		escape(&text, out);
	else
		buf_add_slice(out, buf_slice(&text));
	buf_free(&text);
	arena_clear(&maker->arena);
}

static int
write_journal(struct maker *maker, struct file_writer *out)
{
	struct buf line = BUF_INIT;

	buf_add_text(&line, "{\"query\":{\"any\": [\"a bench\"]}}\n");
	for (uint64_t i = 0; i < maker->records; i++) {
		add_line(maker, i, &line);
		if ((i + 1) % PAGE == 0 || i + 1 == maker->records)
			buf_printf(&line, "{\"commit\":{\"received\":%" PRIu64 "}}\n", i + 1);
		file_writer_add(out, line.data, line.len);
		buf_clear(&line);
	}
	buf_free(&line);
	return file_writer_close(out);
}

int
main(int argc, char **argv)
{
	const struct log log = log_stderr(LOG_ERROR);
	struct maker maker = { .arena = ARENA_INIT };
	struct file_writer out;
	int result;

	maker.shuffled = argc == 4 && strcmp(argv[3], "shuffled") == 0;
	if (argc == 3 || maker.shuffled)
		maker.records = strtoull(argv[2], NULL, 10);
	if (argc > 1 && strcmp(argv[1], source_name(SOURCE_SEMANTIC_SCHOLAR)) == 0)
		maker.source = SOURCE_SEMANTIC_SCHOLAR;
	else if (argc > 1 && strcmp(argv[1], source_name(SOURCE_ARXIV)) != 0)
		maker.records = 0;
	if (maker.records == 0 || maker.records % BLOCK != 0) {
		fprintf(stderr, "usage: generate arxiv|semantic_scholar RECORDS [shuffled] (whole "
				"hundreds)\n");
		return 64;
	}
	file_writer_fd(&out, STDOUT_FILENO, "stdout", &log);
	result = write_journal(&maker, &out);
	arena_free(&maker.arena);
	return result == 0 ? 0 : 74;
}
