#include "row_check.h"

#include "arxiv_id.h"
#include "date.h"
#include "digest.h"
#include "doi.h"
#include "mem.h"
#include "paper_id.h"
#include "score_fit.h"
#include "scored_row.h"
#include "text.h"

#include <stdlib.h>

#define ABS_URL "https://arxiv.org/abs/"
#define PDF_URL "https://arxiv.org/pdf/"

struct row_check {
	int64_t day;
	const struct row_keys *keys;
	struct digest *digest;
	/* The texts of the fields that are compared with each other. */
	struct buf texts[ROW_FIELD_COUNT];
	/* For one fault at a time. */
	struct buf stored;
	struct buf expected;
	struct buf reason;
};

/* One row under check. */
struct checked {
	struct row_check *check;
	const struct row_line *row;
	/* Fields whose shape is wrong: whatever else they say is no news. */
	bool bad[ROW_FIELD_COUNT];
	audit_fault_fn *tell;
	void *cookie;
};

struct row_check *
row_check_new(int64_t day, const struct row_keys *keys)
{
	struct row_check *check = mem_new(1, sizeof(*check));

	check->day = day;
	check->keys = keys;
	check->digest = digest_new();
	return check;
}

void
row_check_free(struct row_check *check)
{
	if (check == NULL)
		return;
	digest_free(check->digest);
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++)
		buf_free(&check->texts[i]);
	buf_free(&check->stored);
	buf_free(&check->expected);
	buf_free(&check->reason);
	free(check);
}

struct slice
row_check_stored(const struct row_line *row, size_t field, struct buf *out)
{
	buf_clear(out);
	if (row->values[field].kind == JSONL_ABSENT)
		return SLICE_NONE;
	jsonl_copy(&row->values[field], out);
	return buf_slice(out);
}

static void
tell_of(const struct checked *checked, size_t field, struct slice expected, struct slice reason)
{
	struct audit_fault fault = {
		.field = row_fields[field].key,
		.stored = row_check_stored(checked->row, field, &checked->check->stored),
		.expected = expected,
		.reason = reason,
	};

	checked->tell(checked->cookie, &fault);
}

/* A fault of a field whose right value is a text. */
static void
tell_text(const struct checked *checked, size_t field, struct slice expected, const char *reason)
{
	struct buf *json = &checked->check->expected;

	buf_clear(json);
	jsonl_write_string(expected, json);
	tell_of(checked, field, buf_slice(json), slice_of(reason));
}

static bool
is_null(const struct checked *checked, size_t field)
{
	return checked->row->values[field].kind != JSONL_STRING || checked->bad[field];
}

/* The text of a string field, SLICE_NONE of null and of what has no business there. */
static struct slice
text_of(const struct checked *checked, size_t field)
{
	struct buf *text = &checked->check->texts[field];

	if (is_null(checked, field))
		return SLICE_NONE;
	buf_clear(text);
	row_line_text(checked->row, field, text);
	return buf_slice(text);
}

static void
check_shape(struct checked *checked)
{
	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const char *fault = row_line_fault(checked->row, i);

		checked->bad[i] = fault != NULL;
		if (fault != NULL)
			tell_of(checked, i, SLICE_NONE, slice_of(fault));
	}
}

bool
row_check_key_order(const struct row_line *row, audit_fault_fn *tell, void *cookie)
{
	struct buf reason = BUF_INIT;
	size_t before = ROW_FIELD_COUNT;

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const struct jsonl_value *value = &row->values[i];

		if (value->kind == JSONL_ABSENT)
			continue;
		if (before < ROW_FIELD_COUNT && value->raw.data < row->values[before].raw.data) {
			buf_printf(&reason, "%s stands before %s", row_fields[i].key,
			    row_fields[before].key);
			tell(cookie, &(struct audit_fault){
					 .field = "key order", .reason = buf_slice(&reason) });
			buf_free(&reason);
			return false;
		}
		before = i;
	}
	return true;
}

/* The id in hex of a paper with this arXiv id or DOI; false if neither tells one. */
static bool
id_of(const struct checked *checked, struct slice arxiv_id, struct slice doi,
    char hex[DIGEST_HEX_SIZE])
{
	unsigned char sha256[DIGEST_BYTES];
	struct buf text = BUF_INIT;
	bool told = paper_id_text(arxiv_id, doi, &text);

	if (told) {
		digest_add(checked->check->digest, text.data, text.len);
		digest_finish(checked->check->digest, sha256);
		digest_hex(sha256, hex);
	}
	buf_free(&text);
	return told;
}

/* Whether the id that is stored belongs to an arXiv id. */
static bool
id_fits(const struct checked *checked, struct slice arxiv_id)
{
	char hex[DIGEST_HEX_SIZE];

	return !checked->bad[ROW_ID] && id_of(checked, arxiv_id, SLICE_NONE, hex) &&
	       slice_is(text_of(checked, ROW_ID), hex);
}

/* The arXiv id that another field gives, if the stored id belongs to it. */
static bool
other_arxiv_id(const struct checked *checked, struct arxiv_id *id)
{
	struct slice doi = doi_strip(text_of(checked, ROW_DOI));

	return (arxiv_id_parse(text_of(checked, ROW_URL), id) == 0 &&
		   id_fits(checked, slice_of(id->text))) ||
	       (arxiv_id_parse(text_of(checked, ROW_PDF_URL), id) == 0 &&
		   id_fits(checked, slice_of(id->text))) ||
	       (doi.data != NULL && doi_arxiv(doi, id) && id_fits(checked, slice_of(id->text)));
}

/*
 * The id against what it is the hash of.  Where it does not fit the arXiv id but that of another
 * field, the arXiv id is the one that is wrong; ${arxiv_id} is then the right one.  Returns whether
 * the row tells.
 */
static bool
check_id(const struct checked *checked, struct arxiv_id *arxiv_id)
{
	struct slice own = text_of(checked, ROW_ARXIV_ID), doi = text_of(checked, ROW_DOI);
	struct arxiv_id other;
	char hex[DIGEST_HEX_SIZE];

	if (arxiv_id_parse(own, arxiv_id) == -1)
		arxiv_id->text[0] = '\0';
	if (checked->bad[ROW_ID] || (own.data != NULL && id_fits(checked, own)))
		return true;
	if (other_arxiv_id(checked, &other)) {
		*arxiv_id = other;
		if (!checked->bad[ROW_ARXIV_ID])
			tell_text(checked, ROW_ARXIV_ID, slice_of(arxiv_id->text),
			    "id and another field have this one");
		return true;
	}
	if (checked->bad[ROW_ARXIV_ID] || checked->bad[ROW_DOI] ||
	    (own.data == NULL && row_keys_conflict(checked->check->keys, doi)) ||
	    !id_of(checked, own, doi, hex))
		return false;
	if (!slice_is(text_of(checked, ROW_ID), hex))
		tell_text(
		    checked, ROW_ID, slice_of(hex), own.data == NULL ? "id or doi is wrong" : NULL);
	return true;
}

/* The version at the end of an address, `v2`, or nothing. */
static struct slice
version_of(struct slice url)
{
	size_t at = url.len;

	while (at > 0 && text_is_digit(url.data[at - 1]))
		at--;
	if (at == 0 || at == url.len || url.data[at - 1] != 'v' || url.data[at] == '0')
		return (struct slice){ "", 0 };
	return (struct slice){ url.data + at - 1, url.len - at + 1 };
}

static void
check_url(const struct checked *checked, size_t field, const char *prefix, struct slice id,
    struct slice version)
{
	struct buf url = BUF_INIT;

	buf_add_text(&url, prefix);
	buf_add_slice(&url, id);
	buf_add_slice(&url, version);
	if (!checked->bad[field] && !slice_equal(text_of(checked, field), buf_slice(&url)))
		tell_text(checked, field, buf_slice(&url), "arxiv_id has this address");
	buf_free(&url);
}

/* What else names the arXiv paper that the row is. */
static void
check_arxiv_names(const struct checked *checked, struct slice id)
{
	struct slice doi = doi_strip(text_of(checked, ROW_DOI));
	struct arxiv_id other;

	check_url(checked, ROW_URL, ABS_URL, id, SLICE_NONE);
	check_url(checked, ROW_PDF_URL, PDF_URL, id, version_of(text_of(checked, ROW_PDF_URL)));
	if (doi.data != NULL && doi_arxiv(doi, &other) && !slice_is(id, other.text))
		tell_of(checked, ROW_DOI, SLICE_NONE,
		    SLICE_LITERAL("it is that of another arXiv paper"));
}

/* The last day of the month that a new arXiv id (YYMM.NNNNN) names; INT64_MAX of an old one. */
static int64_t
month_end(struct slice id)
{
	int digits[4], month;

	for (size_t i = 0; i < 4; i++) {
		if (i >= id.len || !text_is_digit(id.data[i]))
			return INT64_MAX;
		digits[i] = id.data[i] - '0';
	}
	/* The first of the next month, less one day. */
	month = digits[2] * 10 + digits[3] + 1;
	return date_day(
		   2000 + digits[0] * 10 + digits[1] + (month > 12), month > 12 ? 1 : month, 1) -
	       1;
}

/* An arXiv id is given when a paper is submitted, or later. */
static void
check_date(const struct checked *checked, struct slice arxiv_id, bool from_arxiv)
{
	int64_t day = row_line_day(checked->row);

	if (checked->bad[ROW_PUBLISHED_DATE] || day == ROW_TIME_NONE)
		return;
	if (day > checked->check->day)
		tell_of(checked, ROW_PUBLISHED_DATE, SLICE_NONE,
		    SLICE_LITERAL("later than the snapshot"));
	else if (from_arxiv && arxiv_id.len > 0 && day > month_end(arxiv_id))
		tell_of(checked, ROW_PUBLISHED_DATE, SLICE_NONE,
		    SLICE_LITERAL("later than the month of its arXiv id"));
}

/* A field that only a source which the row does not name could fill. */
static void
check_empty(const struct checked *checked, size_t field, const char *expected, const char *source)
{
	struct buf *reason = &checked->check->reason;

	if (checked->bad[field] ||
	    (!row_line_has(checked->row, field) && row_line_number(checked->row, field) == 0))
		return;
	buf_clear(reason);
	buf_printf(reason, "sources lack %s", source);
	tell_of(checked, field, slice_of(expected), buf_slice(reason));
}

static bool
has_source(const struct checked *checked, const char *name)
{
	struct slice names = row_check_stored(checked->row, ROW_SOURCES, &checked->check->stored);

	return !checked->bad[ROW_SOURCES] && text_find(names, name) < names.len;
}

/* What the sources that the row names can give it. */
static void
check_sources(const struct checked *checked, bool from_arxiv)
{
	if (checked->bad[ROW_SOURCES])
		return;
	if (!has_source(checked, "semantic_scholar")) {
		check_empty(checked, ROW_FIELDS_OF_STUDY, "[]", "semantic_scholar");
		check_empty(checked, ROW_CITATION_COUNT, "0", "semantic_scholar");
		check_empty(checked, ROW_INFLUENTIAL_CITATION_COUNT, "0", "semantic_scholar");
		check_empty(checked, ROW_VENUE, "null", "semantic_scholar");
	}
	if (!from_arxiv)
		check_empty(checked, ROW_CATEGORIES, "[]", "arxiv");
}

static void
check_code(const struct checked *checked)
{
	if (!checked->bad[ROW_HAS_CODE] && !checked->bad[ROW_CODE_URL] &&
	    !row_line_has(checked->row, ROW_HAS_CODE) && row_line_has(checked->row, ROW_CODE_URL))
		tell_of(checked, ROW_CODE_URL, SLICE_LITERAL("null"),
		    SLICE_LITERAL("has_code is false"));
}

static void
check_score(const struct checked *checked)
{
	struct row_check *check = checked->check;
	double stored = scored_row_line_score(checked->row);
	struct score_input input;
	size_t field;

	if (checked->bad[ROW_QUALITY_SCORE] ||
	    scored_row_line_input(checked->row, check->day, &input, &field) != NULL ||
	    score_fit_is(&input, stored))
		return;
	buf_clear(&check->expected);
	row_score_write(score_of(&input).rounded, &check->expected);
	buf_clear(&check->reason);
	score_fit_hint(&input, stored, &check->reason);
	tell_of(checked, ROW_QUALITY_SCORE, buf_slice(&check->expected), buf_slice(&check->reason));
}

bool
row_check_run(
    struct row_check *check, const struct row_line *row, audit_fault_fn *tell, void *cookie)
{
	struct checked checked = { .check = check, .row = row, .tell = tell, .cookie = cookie };
	struct arxiv_id arxiv_id;
	bool from_arxiv, told;

	check_shape(&checked);
	(void)row_check_key_order(row, tell, cookie);
	from_arxiv = has_source(&checked, "arxiv");
	told = check_id(&checked, &arxiv_id);
	if (arxiv_id.text[0] != '\0')
		check_arxiv_names(&checked, slice_of(arxiv_id.text));
	else if (from_arxiv && !checked.bad[ROW_ARXIV_ID])
		tell_of(&checked, ROW_ARXIV_ID, SLICE_NONE, SLICE_LITERAL("sources have arxiv"));
	check_date(&checked, slice_of(arxiv_id.text), from_arxiv);
	check_sources(&checked, from_arxiv);
	check_code(&checked);
	check_score(&checked);
	return told;
}
