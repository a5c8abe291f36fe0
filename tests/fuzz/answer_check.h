#ifndef FINESET_ANSWER_CHECK_H
#define FINESET_ANSWER_CHECK_H

/* What holds for every answer, whatever the body was. */

#include "answer.h"
#include "arxiv_id.h"
#include "buf.h"
#include "doi.h"
#include "jsonl.h"
#include "text.h"

#include <stdlib.h>

#define CHECK(condition)          \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

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

/* What is printed is one line that our own reader takes. */
static void
check_line(const struct source_record *record)
{
	struct slice key = SLICE_LITERAL("arxiv_id");
	struct jsonl_value value;
	struct jsonl_error error;
	struct buf line = BUF_INIT, text = BUF_INIT;
	size_t len;

	source_record_write(record, &line);
	len = line.len - 1;
	CHECK(line.data[len] == '\n' && memchr(line.data, '\n', len) == NULL);
	for (size_t i = 0; i < JSONL_PADDING; i++)
		buf_add_char(&line, ' ');
	CHECK(jsonl_scan(line.data, len, &key, 1, &value, &error) == 0);
	CHECK((value.kind == JSONL_STRING) == (record->arxiv_id.data != NULL));
	if (value.kind == JSONL_STRING) {
		jsonl_text(&value, &text);
		CHECK(slice_equal(buf_slice(&text), record->arxiv_id));
	}
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

/* Log lines are made, to find what a format does to them, and thrown away. */
static void
no_sink(void *cookie, enum log_level level, const char *line)
{
	(void)cookie;
	(void)level;
	(void)line;
}

#endif
