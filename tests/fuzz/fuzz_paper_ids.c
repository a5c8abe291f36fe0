/* Ids of papers: arXiv ids, DBLP keys, DOIs, and the text that a record's id is made from. */
#include "arxiv_id.h"
#include "bounds.h"
#include "buf.h"
#include "check.h"
#include "doi.h"
#include "paper_id.h"
#include "text.h"

#include <string.h>

static bool
is_inside(struct slice part, struct slice whole)
{
	return part.data >= whole.data && part.data + part.len <= whole.data + whole.len;
}

/* ${before}${id}${after} is the same paper, in this version. */
static void
check_spelling(const char *before, const struct arxiv_id *id, const char *after, int version)
{
	struct buf text = BUF_INIT;
	struct arxiv_id again;

	buf_printf(&text, "%s%s%s", before, id->text, after);
	CHECK(arxiv_id_parse(buf_slice(&text), &again) == 0);
	CHECK(strcmp(again.text, id->text) == 0 && again.version == version);
	buf_free(&text);
}

/* `YYMM.NNNNN` or `archive/YYMMNNN`, and each way to write it leads back to it. */
static void
check_arxiv_id(const struct arxiv_id *id)
{
	const char *slash = strchr(id->text, '/'), *digits = slash == NULL ? id->text : slash + 1;
	size_t count = strspn(digits, slash == NULL ? "0123456789." : "0123456789");

	CHECK(memchr(id->text, '\0', ARXIV_ID_SIZE) != NULL);
	CHECK(id->version >= 0 && id->version <= 9999);
	CHECK(digits[count] == '\0');
	if (slash == NULL)
		CHECK((count == 9 || count == 10) && strchr(digits, '.') == digits + 4 &&
		      strrchr(digits, '.') == digits + 4);
	else
		CHECK(
		    count == 7 && slash > id->text &&
		    strspn(id->text, "abcdefghijklmnopqrstuvwxyz-") == (size_t)(slash - id->text));
	check_spelling("", id, "", 0);
	check_spelling(" arXiv:", id, "v12\n", 12);
	check_spelling("https://arxiv.org/abs/", id, "v3?context=cs#x", 3);
	check_spelling("http://www.arxiv.org/pdf/", id, ".pdf", 0);
}

/* DBLP's key of a paper with a new id says that id, and a key that says one is spelled so. */
static void
check_dblp(struct slice text, const struct arxiv_id *known)
{
	struct buf key = BUF_INIT;
	struct arxiv_id id;

	if (arxiv_id_from_dblp(text, &id)) {
		check_arxiv_id(&id);
		CHECK(id.version == 0 && id.text[4] == '.');
		CHECK(text.len == strlen("journals/corr/abs-") + strlen(id.text));
	}
	if (known != NULL && strchr(known->text, '/') == NULL) {
		buf_printf(&key, "journals/corr/abs-%.4s-%s", known->text, known->text + 5);
		CHECK(arxiv_id_from_dblp(buf_slice(&key), &id));
		CHECK(strcmp(id.text, known->text) == 0);
	}
	buf_free(&key);
}

static void
check_doi_spelling(const char *before, struct slice doi, const char *after)
{
	struct buf text = BUF_INIT;

	buf_add_text(&text, before);
	buf_add_slice(&text, doi);
	buf_add_text(&text, after);
	CHECK(slice_equal(doi_strip(buf_slice(&text)), doi));
	buf_free(&text);
}

/* The text of a DOI's id: lower case, and the same for each way to write the DOI. */
static void
check_doi_text(struct slice doi)
{
	struct buf text = BUF_INIT, again = BUF_INIT, shouted = BUF_INIT;
	const size_t prefix = strlen("paper:doi:");

	buf_add_text(&shouted, "HTTPS://DX.DOI.ORG/");
	for (size_t i = 0; i < doi.len; i++)
		buf_add_char(&shouted, text_is_letter(doi.data[i])
					   ? (char)(text_lower(doi.data[i]) - 'a' + 'A')
					   : doi.data[i]);
	CHECK(paper_id_text(SLICE_NONE, doi, &text));
	CHECK(paper_id_text(SLICE_NONE, buf_slice(&shouted), &again));
	CHECK(slice_equal(buf_slice(&text), buf_slice(&again)));
	CHECK(text.len == prefix + doi.len && memcmp(text.data, "paper:doi:", prefix) == 0);
	for (size_t i = 0; i < text.len; i++)
		CHECK(text.data[i] < 'A' || text.data[i] > 'Z');
	buf_free(&text);
	buf_free(&again);
	buf_free(&shouted);
}

static void
check_doi(struct slice doi)
{
	struct buf text = BUF_INIT;
	struct arxiv_id id, again;

	CHECK(doi.len >= 6 && doi.len <= BOUND_DOI_BYTES && memcmp(doi.data, "10.", 3) == 0);
	CHECK(memchr(doi.data, '/', doi.len) != NULL && memchr(doi.data, ' ', doi.len) == NULL);
	CHECK(text_is_clean(doi));
	check_doi_spelling("", doi, "");
	check_doi_spelling(" doi: ", doi, "\r\n");
	check_doi_spelling("http://dx.doi.org/", doi, "");
	check_doi_text(doi);
	if (!doi_arxiv(doi, &id))
		return;
	check_arxiv_id(&id);
	CHECK(doi_is_arxiv_prefix(doi));
	buf_printf(&text, "10.48550/ARXIV.%s", id.text);
	CHECK(doi_arxiv(buf_slice(&text), &again) && strcmp(again.text, id.text) == 0);
	buf_free(&text);
}

/* The DOIs of a field stand in it one behind the other; written anew with single blanks, they are
 * the same. */
static void
check_field(struct slice field)
{
	struct buf rewritten = BUF_INIT;
	struct slice doi, written;
	const char *last = field.data;
	size_t at = 0, again = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL) {
		CHECK(is_inside(written, field) && is_inside(doi, written) && written.data >= last);
		last = written.data + written.len;
		check_doi(doi);
		buf_add_char(&rewritten, ' ');
		buf_add_slice(&rewritten, written);
	}
	CHECK(at == field.len);
	for (at = 0; (doi = doi_next(field, &at, &written)).data != NULL;)
		CHECK(slice_equal(doi_next(buf_slice(&rewritten), &again, &written), doi));
	CHECK(doi_next(buf_slice(&rewritten), &again, &written).data == NULL);
	buf_free(&rewritten);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice text = { (const char *)data, len }, doi = doi_strip(text);
	struct buf words = BUF_INIT;
	struct arxiv_id id, trimmed;
	bool known = arxiv_id_parse(text, &id) == 0;

	CHECK(known == (arxiv_id_parse(text_trim(text), &trimmed) == 0));
	if (known) {
		check_arxiv_id(&id);
		CHECK(strcmp(id.text, trimmed.text) == 0 && id.version == trimmed.version);
		CHECK(paper_id_text(slice_of(id.text), doi, &words));
		CHECK(text_starts(buf_slice(&words), "paper:arxiv:") &&
		      strcmp(words.data + strlen("paper:arxiv:"), id.text) == 0);
	}
	check_dblp(text, known ? &id : NULL);
	if (doi.data != NULL) {
		CHECK(is_inside(doi, text));
		check_doi(doi);
	} else {
		CHECK(known || !paper_id_text(SLICE_NONE, text, &words));
	}
	check_field(text);
	buf_free(&words);
	return 0;
}
