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

#define NO_VERSION SLICE_LITERAL("")

struct row_check {
	int64_t day;
	const struct row_keys *keys;
	struct digest *digest;
	/* For one fault at a time. */
	struct buf stored;
	struct buf expected;
	struct buf reason;
	/* What an id is the hash of. */
	struct buf hashed;

	/* The row under check, and who hears of it. */
	const struct row_line *row;
	audit_fault_fn *tell;
	void *cookie;
	/* Fields whose shape is wrong: whatever else they say is no news. */
	bool bad[ROW_FIELD_COUNT];
	/* The texts of the fields that are compared with each other; SLICE_NONE of null and of what
	 * has no business there. */
	struct slice texts[ROW_FIELD_COUNT];
	/* Where a text is that was escaped. */
	struct buf decoded[ROW_FIELD_COUNT];
	/* Without what may stand before it. */
	struct slice doi;
	bool from_arxiv;
	bool from_semantic_scholar;
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
		buf_free(&check->decoded[i]);
	buf_free(&check->stored);
	buf_free(&check->expected);
	buf_free(&check->reason);
	buf_free(&check->hashed);
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
tell_of(struct row_check *check, size_t field, struct slice expected, struct slice reason)
{
	struct audit_fault fault = {
		.field = row_fields[field].key,
		.stored = row_check_stored(check->row, field, &check->stored),
		.expected = expected,
		.reason = reason,
	};

	check->tell(check->cookie, &fault);
}

/* A fault of a field whose right value is a text. */
static void
tell_text(struct row_check *check, size_t field, struct slice expected, const char *reason)
{
	buf_clear(&check->expected);
	jsonl_write_string(expected, &check->expected);
	tell_of(check, field, buf_slice(&check->expected), slice_of(reason));
}

static struct slice
text_of(struct row_check *check, enum row_key field)
{
	const struct jsonl_value *value = &check->row->values[field];
	struct buf *decoded = &check->decoded[field];

	if (value->kind != JSONL_STRING || check->bad[field])
		return SLICE_NONE;
	return jsonl_decoded(value, decoded);
}

/* Look at the shape of each field, and at what it says where that is right. */
static void
check_shape(struct row_check *check)
{
	static const enum row_key compared[] = { ROW_ID, ROW_URL, ROW_PDF_URL, ROW_ARXIV_ID,
		ROW_DOI };

	for (size_t i = 0; i < ROW_FIELD_COUNT; i++) {
		const char *fault = row_line_fault(check->row, i);

		check->bad[i] = fault != NULL;
		if (fault != NULL)
			tell_of(check, i, SLICE_NONE, slice_of(fault));
	}
	for (size_t i = 0; i < sizeof(compared) / sizeof(compared[0]); i++)
		check->texts[compared[i]] = text_of(check, compared[i]);
	check->doi = doi_strip(check->texts[ROW_DOI]);
	(void)row_line_sources(check->row, &check->from_arxiv, &check->from_semantic_scholar);
}

void
row_check_no_row(const struct jsonl_error *error, audit_fault_fn *tell, void *cookie)
{
	struct buf reason = BUF_INIT;

	buf_printf(&reason, "byte %zu: %s", error->offset + 1, error->reason);
	tell(cookie, &(struct audit_fault){ .field = "line", .reason = buf_slice(&reason) });
	buf_free(&reason);
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
id_of(struct row_check *check, struct slice arxiv_id, struct slice doi, char hex[DIGEST_HEX_SIZE])
{
	unsigned char sha256[DIGEST_BYTES];

	buf_clear(&check->hashed);
	if (!paper_id_text(arxiv_id, doi, &check->hashed))
		return false;
	digest_add(check->digest, check->hashed.data, check->hashed.len);
	digest_finish(check->digest, sha256);
	digest_hex(sha256, hex);
	return true;
}

/* Whether the id that is stored belongs to an arXiv id. */
static bool
id_fits(struct row_check *check, struct slice arxiv_id)
{
	char hex[DIGEST_HEX_SIZE];

	return !check->bad[ROW_ID] && id_of(check, arxiv_id, SLICE_NONE, hex) &&
	       slice_is(check->texts[ROW_ID], hex);
}

/* The arXiv id that another field gives, if the stored id belongs to it. */
static bool
other_arxiv_id(struct row_check *check, struct arxiv_id *id)
{
	return (arxiv_id_parse(check->texts[ROW_URL], id) == 0 &&
		   id_fits(check, slice_of(id->text))) ||
	       (arxiv_id_parse(check->texts[ROW_PDF_URL], id) == 0 &&
		   id_fits(check, slice_of(id->text))) ||
	       (check->doi.data != NULL && doi_arxiv(check->doi, id) &&
		   id_fits(check, slice_of(id->text)));
}

/*
 * The id against what it is the hash of.  Where it does not fit the arXiv id but that of another
 * field, the arXiv id is the one that is wrong; ${arxiv_id} is then the right one.  Returns whether
 * the row tells.
 */
static bool
check_id(struct row_check *check, struct arxiv_id *arxiv_id)
{
	struct slice own = check->texts[ROW_ARXIV_ID];
	struct arxiv_id other;
	char hex[DIGEST_HEX_SIZE];

	if (arxiv_id_parse(own, arxiv_id) == -1)
		arxiv_id->text[0] = '\0';
	if (check->bad[ROW_ID] || (own.data != NULL && id_fits(check, own)))
		return true;
	if (other_arxiv_id(check, &other)) {
		*arxiv_id = other;
		if (!check->bad[ROW_ARXIV_ID])
			tell_text(check, ROW_ARXIV_ID, slice_of(arxiv_id->text),
			    "id and another field have this one");
		return true;
	}
	if (check->bad[ROW_ARXIV_ID] || check->bad[ROW_DOI] ||
	    (own.data == NULL && row_keys_conflict(check->keys, check->doi)) ||
	    !id_of(check, own, check->doi, hex))
		return false;
	if (!slice_is(check->texts[ROW_ID], hex))
		tell_text(
		    check, ROW_ID, slice_of(hex), own.data == NULL ? "id or doi is wrong" : NULL);
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
		return NO_VERSION;
	return (struct slice){ url.data + at - 1, url.len - at + 1 };
}

/* Whether a text is these three, one behind the other. */
static bool
is_joined(struct slice text, struct slice first, struct slice second, struct slice third)
{
	return text.len == first.len + second.len + third.len &&
	       memcmp(text.data, first.data, first.len) == 0 &&
	       memcmp(text.data + first.len, second.data, second.len) == 0 &&
	       memcmp(text.data + first.len + second.len, third.data, third.len) == 0;
}

static void
check_url(struct row_check *check, enum row_key field, struct slice prefix, struct slice id,
    struct slice version)
{
	struct buf url = BUF_INIT;

	if (check->bad[field] || is_joined(check->texts[field], prefix, id, version))
		return;
	buf_add_slice(&url, prefix);
	buf_add_slice(&url, id);
	buf_add_slice(&url, version);
	tell_text(check, field, buf_slice(&url), "arxiv_id has this address");
	buf_free(&url);
}

/* What else names the arXiv paper that the row is.  Its DOI need not: a record that names two arXiv
 * papers makes them one. */
static void
check_arxiv_names(struct row_check *check, struct slice id)
{
	check_url(check, ROW_URL, SLICE_LITERAL("https://arxiv.org/abs/"), id, NO_VERSION);
	check_url(check, ROW_PDF_URL, SLICE_LITERAL("https://arxiv.org/pdf/"), id,
	    version_of(check->texts[ROW_PDF_URL]));
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
check_date(struct row_check *check, struct slice arxiv_id)
{
	int64_t day = row_line_day(check->row);

	if (check->bad[ROW_PUBLISHED_DATE] || day == ROW_TIME_NONE)
		return;
	if (day > check->day)
		tell_of(check, ROW_PUBLISHED_DATE, SLICE_NONE,
		    SLICE_LITERAL("later than the snapshot"));
	else if (check->from_arxiv && arxiv_id.len > 0 && day > month_end(arxiv_id))
		tell_of(check, ROW_PUBLISHED_DATE, SLICE_NONE,
		    SLICE_LITERAL("later than the month of its arXiv id"));
}

/* A field that only a source which the row does not name could fill. */
static void
check_empty(struct row_check *check, size_t field, const char *expected, const char *source)
{
	if (check->bad[field] ||
	    (!row_line_has(check->row, field) && row_line_number(check->row, field) == 0))
		return;
	buf_clear(&check->reason);
	buf_printf(&check->reason, "sources lack %s", source);
	tell_of(check, field, slice_of(expected), buf_slice(&check->reason));
}

/* What the sources that the row names can give it. */
static void
check_sources(struct row_check *check)
{
	if (check->bad[ROW_SOURCES])
		return;
	if (!check->from_semantic_scholar) {
		check_empty(check, ROW_FIELDS_OF_STUDY, "[]", "semantic_scholar");
		check_empty(check, ROW_CITATION_COUNT, "0", "semantic_scholar");
		check_empty(check, ROW_INFLUENTIAL_CITATION_COUNT, "0", "semantic_scholar");
		check_empty(check, ROW_VENUE, "null", "semantic_scholar");
	}
	if (!check->from_arxiv)
		check_empty(check, ROW_CATEGORIES, "[]", "arxiv");
}

static void
check_code(struct row_check *check)
{
	if (!check->bad[ROW_HAS_CODE] && !check->bad[ROW_CODE_URL] &&
	    !row_line_has(check->row, ROW_HAS_CODE) && row_line_has(check->row, ROW_CODE_URL))
		tell_of(
		    check, ROW_CODE_URL, SLICE_LITERAL("null"), SLICE_LITERAL("has_code is false"));
}

static void
check_score(struct row_check *check)
{
	double stored = row_line_score(check->row);
	struct score_input input;
	size_t field;

	if (check->bad[ROW_QUALITY_SCORE] ||
	    scored_row_line_input(check->row, check->day, &input, &field) != NULL ||
	    score_fit_is(&input, stored))
		return;
	buf_clear(&check->expected);
	row_score_write(score_of(&input).rounded, &check->expected);
	buf_clear(&check->reason);
	score_fit_hint(&input, stored, &check->reason);
	tell_of(check, ROW_QUALITY_SCORE, buf_slice(&check->expected), buf_slice(&check->reason));
}

bool
row_check_run(
    struct row_check *check, const struct row_line *row, audit_fault_fn *tell, void *cookie)
{
	struct arxiv_id arxiv_id;
	bool told;

	check->row = row;
	check->tell = tell;
	check->cookie = cookie;
	check_shape(check);
	(void)row_check_key_order(row, tell, cookie);
	told = check_id(check, &arxiv_id);
	if (arxiv_id.text[0] != '\0')
		check_arxiv_names(check, slice_of(arxiv_id.text));
	else if (check->from_arxiv && !check->bad[ROW_ARXIV_ID])
		tell_of(check, ROW_ARXIV_ID, SLICE_NONE, SLICE_LITERAL("sources have arxiv"));
	check_date(check, slice_of(arxiv_id.text));
	check_sources(check);
	check_code(check);
	check_score(check);
	return told;
}

struct slice
row_check_text(const struct row_check *check, enum row_key field)
{
	return field == ROW_DOI ? check->doi : check->texts[field];
}
