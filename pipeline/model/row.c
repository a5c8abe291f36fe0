#include "row.h"

#include "date.h"
#include "jsonl.h"

/* The smallest step of a score is 1 / 10000. */
#define SCORE_DECIMALS 4
#define SCORE_UNITS 10000

/* A key and how it stands in a line. */
#define FIELD(key, type, nullable, meaning)                                               \
	{                                                                                 \
		key, type, nullable, meaning, { ", \"" key "\": ", sizeof(key) - 1 + 6 }, \
		    sizeof(key) - 1                                                       \
	}

const struct row_field row_fields[ROW_FIELD_COUNT] = {
	FIELD("id", "string", false,
	    "SHA-256 of `paper:arxiv:ID`, else `paper:doi:DOI`, else `paper:s2:CorpusId`"),
	FIELD("sources", "list", false, "which of `arxiv` and `semantic_scholar` know the paper"),
	FIELD("title", "string", true, "from arXiv, else Semantic Scholar"),
	FIELD("abstract", "string", true, "from arXiv, else Semantic Scholar"),
	FIELD("authors", "list", false, "names in the order of the paper"),
	FIELD("categories", "list", false, "arXiv categories, the primary one first"),
	FIELD("fields_of_study", "list", false, "Semantic Scholar's fields of study"),
	FIELD("published_date", "timestamp[s]", true, "first publication, midnight UTC"),
	FIELD("url", "string", true, "the page of the paper"),
	FIELD("pdf_url", "string", true, "the PDF, where it is free"),
	FIELD("arxiv_id", "string", true, "without version"),
	FIELD("doi", "string", true, "a publisher's before arXiv's own"),
	FIELD("citation_count", "int64", false, "from Semantic Scholar; 0 if unknown"),
	FIELD("influential_citation_count", "int64", false, "from Semantic Scholar; 0 if unknown"),
	FIELD("has_code", "bool", false,
	    "the comment or abstract tells that the paper's code is out"),
	FIELD("code_url", "string", true, "the repository, where it is named"),
	FIELD("venue", "string", true, "from Semantic Scholar"),
	FIELD("quality_score", "float64", false, "the larger of impact and freshness, 0 to 1"),
};

static void
write_key(struct buf *out, size_t field)
{
	struct slice label = row_fields[field].label;

	if (field > 0) {
		buf_add_slice(out, label);
		return;
	}
	buf_add_char(out, '{');
	buf_add(out, label.data + 2, label.len - 2);
}

static void
write_text(struct buf *out, size_t field, struct slice text)
{
	write_key(out, field);
	jsonl_write_string(text, out);
}

static void
write_list(struct buf *out, size_t field, struct slice_list list)
{
	write_key(out, field);
	jsonl_write_strings(list, out);
}

static void
write_sources(struct buf *out, size_t field, const struct row *row)
{
	struct slice names[2];
	struct slice_list list = { names, 0 };

	if (row->from_arxiv)
		names[list.count++] = SLICE_LITERAL("arxiv");
	if (row->from_semantic_scholar)
		names[list.count++] = SLICE_LITERAL("semantic_scholar");
	write_list(out, field, list);
}

static void
write_published(struct buf *out, size_t field, int64_t published)
{
	char day[DATE_DAY_SIZE];

	write_key(out, field);
	if (published == ROW_TIME_NONE) {
		buf_add_text(out, "null");
		return;
	}
	date_day_write(date_day_of(published), day);
	buf_add_char(out, '"');
	buf_add(out, day, DATE_DAY_SIZE - 1);
	buf_add_slice(out, SLICE_LITERAL("T00:00:00\""));
}

static void
write_number(struct buf *out, size_t field, int64_t number)
{
	write_key(out, field);
	buf_add_number(out, number);
}

void
row_score_write(double score, struct buf *out)
{
	unsigned units = (unsigned)(score * SCORE_UNITS + 0.5);
	char digits[SCORE_DECIMALS];
	size_t len = SCORE_DECIMALS;

	buf_add_text(out, units == SCORE_UNITS ? "1." : "0.");
	for (size_t i = SCORE_DECIMALS; i > 0; i--) {
		digits[i - 1] = (char)('0' + units % 10);
		units /= 10;
	}
	while (len > 1 && digits[len - 1] == '0')
		len--;
	buf_add(out, digits, len);
}

void
row_write(const struct row *row, struct buf *out)
{
	size_t field = 0;

	write_text(out, field++, slice_of(row->id));
	write_sources(out, field++, row);
	write_text(out, field++, row->title);
	write_text(out, field++, row->abstract);
	write_list(out, field++, row->authors);
	write_list(out, field++, row->categories);
	write_list(out, field++, row->fields_of_study);
	write_published(out, field++, row->published);
	write_text(out, field++, row->url);
	write_text(out, field++, row->pdf_url);
	write_text(out, field++, row->arxiv_id);
	write_text(out, field++, row->doi);
	write_number(out, field++, row->citation_count);
	write_number(out, field++, row->influential_citation_count);
	write_key(out, field++);
	buf_add_text(out, row->has_code ? "true" : "false");
	write_text(out, field++, row->code_url);
	write_text(out, field++, row->venue);
	write_key(out, field++);
	row_score_write(row->quality_score, out);
	buf_add_text(out, "}\n");
}
