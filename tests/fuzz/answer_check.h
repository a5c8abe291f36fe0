#ifndef FINESET_ANSWER_CHECK_H
#define FINESET_ANSWER_CHECK_H

/* What holds for every answer, whatever the body was. */

#include "answer.h"
#include "arxiv_id.h"
#include "buf.h"
#include "check.h"
#include "date.h"
#include "doi.h"
#include "record_line.h"
#include "text.h"

static void
check_text(struct slice text)
{
	CHECK(text.data == NULL || (text.len > 0 && text_is_clean(text)));
}

static void
check_list(struct slice_list list)
{
	for (size_t i = 0; i < list.count; i++) {
		CHECK(list.items[i].data != NULL);
		check_text(list.items[i]);
	}
}

/* Ids are canonical, DOIs are DOIs. */
static void
check_ids(const struct source_record *record)
{
	struct arxiv_id id;
	struct slice word;
	size_t at = 0, count = 0;

	if (record->arxiv_id.data != NULL) {
		CHECK(arxiv_id_parse(record->arxiv_id, &id) == 0 && id.version == 0);
		CHECK(slice_is(record->arxiv_id, id.text));
	}
	while (doi_next(record->doi, &at, &word).data != NULL)
		count += word.len + 1;
	CHECK(record->doi.data == NULL ? count == 0 : count == record->doi.len + 1);
}

/* Whether a journal may hold it: who fetches leaves out what has no id. */
static bool
has_identity(const struct source_record *record)
{
	return record->arxiv_id.data != NULL || record->paper_id.data != NULL ||
	       record->corpus_id != SOURCE_NUMBER_NONE || record->doi.data != NULL;
}

/* What is printed is one line that is read back as a record, with its times and numbers. */
static void
check_line(const struct source_record *record)
{
	struct record_line parsed;
	struct buf line = BUF_INIT, text = BUF_INIT;
	int64_t number;
	char *reason;
	size_t len;

	source_record_write(record, &line);
	len = line.len - 1;
	CHECK(line.data[len] == '\n' && memchr(line.data, '\n', len) == NULL);
	buf_reserve(&line, JSONL_PADDING);
	CHECK(record_line_parse(line.data, len, &parsed, &reason) ==
	      (has_identity(record) ? RECORD_LINE_RECORD : RECORD_LINE_BAD));
	free(reason);
	CHECK(parsed.source == record->source && record_line_fetched(&parsed) == record->fetched);
	CHECK((parsed.values[RECORD_TITLE].kind == JSONL_STRING) == (record->title.data != NULL));
	if (record->title.data != NULL)
		jsonl_text(&parsed.values[RECORD_TITLE], &text);
	CHECK(slice_equal(buf_slice(&text), record->title));
	if (record->published != SOURCE_NUMBER_NONE)
		CHECK(date_time_parse(parsed.values[RECORD_PUBLISHED].raw, &number) == 0 &&
		      number == record->published);
	if (record->citation_count != SOURCE_NUMBER_NONE)
		CHECK(jsonl_int64(&parsed.values[RECORD_CITATION_COUNT], &number) == 0 &&
		      number == record->citation_count);
	buf_free(&line);
	buf_free(&text);
}

static void
check_record(const struct source_record *record)
{
	const struct slice texts[] = { record->arxiv_id, record->doi, record->title,
		record->abstract, record->comment, record->journal_ref, record->paper_id,
		record->dblp, record->publication_date, record->venue, record->pdf_url,
		record->url };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_text(texts[i]);
	check_list(record->authors);
	check_list(record->categories);
	check_list(record->fields_of_study);
	check_ids(record);
	check_line(record);
}

static void
check_answer(const struct answer *answer)
{
	if (answer->verdict != ANSWER_RECORDS) {
		CHECK(answer->count == 0 && answer->items == 0 && answer->message.data != NULL);
		check_text(answer->message);
		return;
	}
	CHECK(answer->message.data == NULL && answer->total >= -1 && answer->start >= -1);
	CHECK(answer->items == answer->count + answer->refused + answer->unknown);
	for (size_t i = 0; i < answer->count; i++) {
		CHECK(answer->positions[i] < answer->items);
		CHECK(i == 0 || answer->positions[i - 1] < answer->positions[i]);
		check_record(&answer->records[i]);
	}
}

#endif
