#include "source_record.h"

#include "date.h"
#include "jsonl.h"

const char *
source_name(enum source source)
{
	return source == SOURCE_ARXIV ? "arxiv" : "semantic_scholar";
}

const char *
source_title(enum source source)
{
	return source == SOURCE_ARXIV ? "arXiv" : "Semantic Scholar";
}

void
source_record_init(struct source_record *record, enum source source, int64_t fetched)
{
	*record = (struct source_record){
		.source = source,
		.fetched = fetched,
		.version = SOURCE_NUMBER_NONE,
		.published = SOURCE_NUMBER_NONE,
		.updated = SOURCE_NUMBER_NONE,
		.corpus_id = SOURCE_NUMBER_NONE,
		.year = SOURCE_NUMBER_NONE,
		.citation_count = SOURCE_NUMBER_NONE,
		.influential_citation_count = SOURCE_NUMBER_NONE,
	};
}

static void
write_key(struct buf *out, const char *key)
{
	buf_add_text(out, ",\"");
	buf_add_text(out, key);
	buf_add_text(out, "\":");
}

static void
write_text(struct buf *out, const char *key, struct slice text)
{
	write_key(out, key);
	jsonl_write_string(text, out);
}

static void
write_list(struct buf *out, const char *key, struct slice_list list)
{
	write_key(out, key);
	buf_add_char(out, '[');
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0)
			buf_add_char(out, ',');
		jsonl_write_string(list.items[i], out);
	}
	buf_add_char(out, ']');
}

static void
write_number(struct buf *out, const char *key, int64_t number)
{
	write_key(out, key);
	if (number == SOURCE_NUMBER_NONE)
		buf_add_text(out, "null");
	else
		buf_add_number(out, number);
}

static void
write_time(struct buf *out, const char *key, int64_t seconds)
{
	char text[DATE_TIME_SIZE];

	if (seconds == SOURCE_NUMBER_NONE) {
		write_text(out, key, SLICE_NONE);
		return;
	}
	date_time_write(seconds, text);
	write_text(out, key, slice_of(text));
}

static void
write_arxiv(const struct source_record *record, struct buf *out)
{
	write_text(out, "arxiv_id", record->arxiv_id);
	write_number(out, "version", record->version);
	write_text(out, "title", record->title);
	write_text(out, "abstract", record->abstract);
	write_list(out, "authors", record->authors);
	write_list(out, "categories", record->categories);
	write_time(out, "published", record->published);
	write_time(out, "updated", record->updated);
	write_text(out, "comment", record->comment);
	write_text(out, "journal_ref", record->journal_ref);
	write_text(out, "doi", record->doi);
}

static void
write_semantic_scholar(const struct source_record *record, struct buf *out)
{
	write_text(out, "paper_id", record->paper_id);
	write_number(out, "corpus_id", record->corpus_id);
	write_text(out, "arxiv_id", record->arxiv_id);
	write_text(out, "doi", record->doi);
	write_text(out, "dblp", record->dblp);
	write_text(out, "title", record->title);
	write_text(out, "abstract", record->abstract);
	write_list(out, "authors", record->authors);
	write_list(out, "fields_of_study", record->fields_of_study);
	write_text(out, "publication_date", record->publication_date);
	write_number(out, "year", record->year);
	write_text(out, "venue", record->venue);
	write_number(out, "citation_count", record->citation_count);
	write_number(out, "influential_citation_count", record->influential_citation_count);
	write_text(out, "pdf_url", record->pdf_url);
	write_text(out, "url", record->url);
}

void
source_record_write(const struct source_record *record, struct buf *out)
{
	buf_printf(out, "{\"source\":\"%s\"", source_name(record->source));
	write_time(out, "fetched", record->fetched);
	if (record->source == SOURCE_ARXIV)
		write_arxiv(record, out);
	else
		write_semantic_scholar(record, out);
	buf_add_text(out, "}\n");
}
