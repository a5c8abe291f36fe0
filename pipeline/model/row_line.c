#include "row_line.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "date.h"
#include "doi.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* C0, DEL and, in UTF-8, C1: what text_clean leaves out of a record. */
static bool
has_no_control(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < 0x20 || byte == 0x7f ||
		    (byte == 0xc2 && i + 1 < text.len && (unsigned char)text.data[i + 1] < 0xa0))
			return false;
	}
	return true;
}

/* Whether a line that was scanned has no control character but those that are escaped: neither DEL
 * nor C1.  memchr looks at many bytes at once. */
static bool
is_plain(const char *line, size_t len)
{
	const char *at = line, *end = line + len;

	if (memchr(line, 0x7f, len) != NULL)
		return false;
	while ((at = memchr(at, 0xc2, (size_t)(end - at))) != NULL) {
		if ((unsigned char)at[1] < 0xa0)
			return false;
		at += 2;
	}
	return true;
}

static int
midnight_parse(struct slice text, int64_t *day)
{
	const size_t len = DATE_DAY_SIZE - 1;

	if (text.len < len ||
	    !slice_is((struct slice){ text.data + len, text.len - len }, "T00:00:00"))
		return -1;
	return date_day_parse((struct slice){ text.data, len }, day);
}

/* The day of a date, or ROW_TIME_NONE. */
static int64_t
day_of(const struct jsonl_value *value)
{
	struct buf decoded = BUF_INIT;
	int64_t day;

	if (value->kind != JSONL_STRING ||
	    midnight_parse(jsonl_decoded(value, &decoded), &day) == -1)
		day = ROW_TIME_NONE;
	buf_free(&decoded);
	return day;
}

int
row_line_parse(const char *line, size_t len, struct row_line *row, struct jsonl_error *error)
{
	struct slice keys[ROW_FIELD_COUNT];

	if (len > BOUND_LINE_BYTES) {
		*error = (struct jsonl_error){ "longer than a line may be", BOUND_LINE_BYTES };
		return -1;
	}
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		keys[i] = (struct slice){ row_fields[i].key, row_fields[i].key_len };
	if (jsonl_scan(line, len, keys, ROW_FIELD_COUNT, row->values, error) == -1)
		return -1;
	row->plain = is_plain(line, len);
	row->day = day_of(&row->values[ROW_PUBLISHED_DATE]);
	return 0;
}

int
row_line_read(struct slice line, const char *name, uint64_t number, struct row_line *row,
    const struct log *log)
{
	struct jsonl_error error;

	if (row_line_parse(line.data, line.len, row, &error) == 0)
		return 0;
	log_error(
	    log, "%s: line %" PRIu64 ": %s at byte %zu", name, number, error.reason, error.offset);
	return -1;
}

static bool
is_id(struct slice text)
{
	unsigned char found = 0;

	if (text.len != DIGEST_HEX_SIZE - 1)
		return false;
	/* All of them, whatever is found: such a loop compilers turn into a few instructions. */
	for (size_t i = 0; i < DIGEST_HEX_SIZE - 1; i++) {
		signed char byte = (signed char)text.data[i];

		found |=
		    (unsigned char)(((byte < '0') | (byte > '9')) & ((byte < 'a') | (byte > 'f')));
	}
	return found == 0;
}

static bool
is_arxiv_id(struct slice text)
{
	struct arxiv_id id;

	return arxiv_id_parse(text, &id) == 0 && slice_is(text, id.text);
}

/* One word, as the merge writes it: white space is stripped, too. */
static bool
is_doi(struct slice text)
{
	struct slice doi = doi_strip(text);

	if (doi.data == NULL || doi.data + doi.len != text.data + text.len)
		return false;
	for (const char *at = text.data; at < doi.data; at++)
		if (text_is_space((unsigned char)*at))
			return false;
	return true;
}

/* ${fault} unless the value is a string that ${check} likes. */
static const char *
string_fault(const struct jsonl_value *value, bool (*check)(struct slice text), const char *fault)
{
	struct buf decoded = BUF_INIT;
	bool good = value->kind == JSONL_STRING && check(jsonl_decoded(value, &decoded));

	buf_free(&decoded);
	return good ? NULL : fault;
}

/* Whether an escape of a scanned string stands for no control character. */
static bool
is_escape_plain(const char *escape)
{
	if (escape[1] != 'u')
		return escape[1] == '"' || escape[1] == '\\' || escape[1] == '/';
	if (escape[2] != '0' || escape[3] != '0')
		return true;
	/* 00 to 1f, 7f to 9f. */
	return memchr("234567abcdefABCDEF", escape[4], 18) != NULL &&
	       (escape[4] != '7' || text_lower(escape[5]) != 'f');
}

/* The same of all of its escapes: none is decoded for it. */
static bool
are_escapes_plain(struct slice raw)
{
	const char *at = raw.data, *end = raw.data + raw.len;

	while ((at = memchr(at, '\\', (size_t)(end - at))) != NULL) {
		if (!is_escape_plain(at))
			return false;
		at += 2;
	}
	return true;
}

/* ${fault} unless the value is a string without control characters. */
static const char *
clean_fault(const struct row_line *row, const struct jsonl_value *value, const char *fault)
{
	if (value->kind != JSONL_STRING || (!row->plain && !has_no_control(value->raw)) ||
	    (value->escaped && !are_escapes_plain(value->raw)))
		return fault;
	return NULL;
}

#define NAME_FAULT "must be a non-empty string without control characters, or null"
#define LIST_FAULT "must be a list of strings without control characters"

/* Whether a list without any backslash holds nothing but strings: they end at the next quote. */
static bool
is_of_strings(struct slice list)
{
	const char *at = list.data + 1, *end = list.data + list.len - 1;

	while (at < end) {
		if (*at == '"')
			at = memchr(at + 1, '"', (size_t)(end - at - 1));
		else if (*at != ',' && *at != ' ' && *at != '\t' && *at != '\r')
			return false;
		at++;
	}
	return true;
}

static const char *
list_fault(const struct row_line *row, const struct jsonl_value *value)
{
	struct jsonl_value element;
	const char *fault = value->kind == JSONL_ARRAY ? NULL : LIST_FAULT;

	if (fault == NULL && row->plain && memchr(value->raw.data, '\\', value->raw.len) == NULL)
		return is_of_strings(value->raw) ? NULL : LIST_FAULT;
	for (size_t at = 0; fault == NULL && jsonl_next(value, &at, &element);)
		fault = clean_fault(row, &element, LIST_FAULT);
	return fault;
}

/* The same, of a list that is not spelled as row_write does. */
static bool
read_sources(const struct jsonl_value *value, bool *from_arxiv, bool *from_semantic_scholar)
{
	static const char *const names[] = { "arxiv", "semantic_scholar" };
	bool named[2] = { false, false };
	struct buf decoded = BUF_INIT;
	struct jsonl_value element;
	size_t next = 0;
	bool good = value->kind == JSONL_ARRAY;

	for (size_t at = 0; good && jsonl_next(value, &at, &element);) {
		struct slice name =
		    element.kind == JSONL_STRING ? jsonl_decoded(&element, &decoded) : SLICE_NONE;

		while (next < 2 && !slice_is(name, names[next]))
			next++;
		good = next < 2;
		if (good)
			named[next++] = true;
	}
	buf_free(&decoded);
	*from_arxiv = good && named[0];
	*from_semantic_scholar = good && named[1];
	return *from_arxiv || *from_semantic_scholar;
}

bool
row_line_sources(const struct row_line *row, bool *from_arxiv, bool *from_semantic_scholar)
{
	const struct jsonl_value *value = &row->values[ROW_SOURCES];
	bool both = slice_equal(value->raw, SLICE_LITERAL("[\"arxiv\", \"semantic_scholar\"]"));

	*from_arxiv = both || slice_equal(value->raw, SLICE_LITERAL("[\"arxiv\"]"));
	*from_semantic_scholar =
	    both || slice_equal(value->raw, SLICE_LITERAL("[\"semantic_scholar\"]"));
	return *from_arxiv || *from_semantic_scholar ||
	       read_sources(value, from_arxiv, from_semantic_scholar);
}

static const char *
sources_fault(const struct row_line *row)
{
	bool from_arxiv, from_semantic_scholar;

	return row_line_sources(row, &from_arxiv, &from_semantic_scholar)
		   ? NULL
		   : "must be [\"arxiv\"], [\"semantic_scholar\"] or both";
}

static const char *
count_fault(const struct jsonl_value *value)
{
	int64_t number;

	return jsonl_int64(value, &number) == 0 && number >= 0 ? NULL
							       : "must be an integer, 0 or more";
}

/* Whether these are the bytes that row_score_write gives for some score. */
static bool
is_score(struct slice text)
{
	if (text.len < 3 || text.len > 6 || text.data[1] != '.')
		return false;
	for (size_t i = 2; i < text.len; i++)
		if (!text_is_digit(text.data[i]))
			return false;
	if (text.data[0] == '1')
		return slice_is(text, "1.0");
	return text.data[0] == '0' && (text.len == 3 || text.data[text.len - 1] != '0');
}

const char *
row_line_fault(const struct row_line *row, size_t field)
{
	const struct jsonl_value *value = &row->values[field];

	if (value->kind == JSONL_ABSENT)
		return "the key is missing";
	if (row_fields[field].nullable && value->kind == JSONL_NULL)
		return NULL;
	switch ((enum row_key)field) {
	case ROW_ID:
		return string_fault(value, is_id, "must be 64 lower-case hex digits");
	case ROW_SOURCES:
		return sources_fault(row);
	case ROW_TITLE:
	case ROW_ABSTRACT:
		return clean_fault(
		    row, value, "must be a string without control characters, or null");
	case ROW_AUTHORS:
	case ROW_CATEGORIES:
	case ROW_FIELDS_OF_STUDY:
		return list_fault(row, value);
	case ROW_PUBLISHED_DATE:
		return row_line_day(row) != ROW_TIME_NONE
			   ? NULL
			   : "must be a date as YYYY-MM-DDT00:00:00, or null";
	case ROW_ARXIV_ID:
		return string_fault(
		    value, is_arxiv_id, "must be an arXiv id without version, or null");
	case ROW_DOI:
		return string_fault(value, is_doi, "must be a DOI or null");
	case ROW_URL:
	case ROW_PDF_URL:
	case ROW_CODE_URL:
	case ROW_VENUE:
		return value->raw.len == 0 ? NAME_FAULT : clean_fault(row, value, NAME_FAULT);
	case ROW_CITATION_COUNT:
	case ROW_INFLUENTIAL_CITATION_COUNT:
		return count_fault(value);
	case ROW_HAS_CODE:
		return value->kind == JSONL_TRUE || value->kind == JSONL_FALSE
			   ? NULL
			   : "must be true or false";
	case ROW_QUALITY_SCORE:
		return value->kind == JSONL_NUMBER && is_score(value->raw)
			   ? NULL
			   : "must be a number from 0.0 to 1.0 with 1 to 4 decimals, as short as "
			     "it can be";
	case ROW_FIELD_COUNT:
		break;
	}
	return NULL;
}

void
row_line_refuse(const struct row_line *row, size_t field, const char *fault, const char *name,
    uint64_t number, const struct log *log)
{
	const char *key = row_fields[field].key;
	struct slice got = row->values[field].raw;

	if (got.data == NULL)
		log_error(log, "%s: line %" PRIu64 ": %s: %s", name, number, key, fault);
	else
		log_error(log, "%s: line %" PRIu64 ": %s: %s, got '" LOG_VALUE_FMT "'", name,
		    number, key, fault, LOG_VALUE(got));
}

void
row_line_text(const struct row_line *row, size_t field, struct buf *out)
{
	if (row->values[field].kind == JSONL_STRING)
		jsonl_text(&row->values[field], out);
}

int64_t
row_line_number(const struct row_line *row, size_t field)
{
	int64_t number;

	return jsonl_int64(&row->values[field], &number) == 0 ? number : 0;
}

bool
row_line_has(const struct row_line *row, size_t field)
{
	const struct jsonl_value *value = &row->values[field];
	struct jsonl_value element;
	size_t at = 0;

	if (value->kind == JSONL_STRING)
		return value->raw.len > 0;
	return value->kind == JSONL_TRUE || jsonl_next(value, &at, &element);
}

int64_t
row_line_day(const struct row_line *row)
{
	return row->day;
}

double
row_line_score(const struct row_line *row)
{
	static const double tens[] = { 1, 1e1, 1e2, 1e3, 1e4 };
	const struct jsonl_value *value = &row->values[ROW_QUALITY_SCORE];
	int units;

	/* A score as it should be has up to four decimals: the quotient of two numbers that are
	 * exact is the nearest to it, as strtod's is. */
	if (value->kind == JSONL_NUMBER && row_line_fault(row, ROW_QUALITY_SCORE) == NULL) {
		units = value->raw.data[0] - '0';
		for (size_t i = 2; i < value->raw.len; i++)
			units = units * 10 + (value->raw.data[i] - '0');
		return units / tens[value->raw.len - 2];
	}
	/* What follows the number in its line ends it for strtod. */
	return value->kind == JSONL_NUMBER ? strtod(value->raw.data, NULL) : 0;
}
