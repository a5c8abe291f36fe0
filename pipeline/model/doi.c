#include "doi.h"

#include "bounds.h"
#include "text.h"

static struct slice
skip(struct slice text, const char *prefix)
{
	if (!text_starts(text, prefix))
		return text;
	return (struct slice){ text.data + strlen(prefix), text.len - strlen(prefix) };
}

/* `10.`, digits and dots, `/`, then anything but white space and controls. */
static bool
is_doi(struct slice text)
{
	size_t at = 3;

	if (text.len < 6 || text.len > BOUND_DOI_BYTES || memcmp(text.data, "10.", 3) != 0 ||
	    !text_is_digit(text.data[3]))
		return false;
	while (at < text.len && (text_is_digit(text.data[at]) || text.data[at] == '.'))
		at++;
	if (at + 1 >= text.len || text.data[at] != '/')
		return false;
	return memchr(text.data, ' ', text.len) == NULL && text_is_clean(text);
}

struct slice
doi_strip(struct slice text)
{
	struct slice bare = text_trim(text), host;

	if (bare.data == NULL)
		return SLICE_NONE;
	/* Nearly all are written without any of what follows. */
	if (bare.len > 0 && bare.data[0] == '1')
		return is_doi(bare) ? bare : SLICE_NONE;
	host = skip(skip(skip(skip(bare, "https://"), "http://"), "dx."), "www.");
	if (text_starts(host, "doi.org/"))
		bare = skip(host, "doi.org/");
	else
		bare = text_trim(skip(bare, "doi:"));
	return is_doi(bare) ? bare : SLICE_NONE;
}

static bool
is_separator(char c)
{
	/* Most bytes of a DOI are told by one comparison. */
	return (unsigned char)c <= ' ' && text_is_space((unsigned char)c);
}

static size_t
skip_separators(struct slice field, size_t at)
{
	while (at < field.len && is_separator(field.data[at]))
		at++;
	return at;
}

struct slice
doi_next(struct slice field, size_t *at, struct slice *written)
{
	while (*at < field.len) {
		size_t start = skip_separators(field, *at), end = start;
		struct slice doi;

		while (end < field.len && !is_separator(field.data[end]))
			end++;
		*at = skip_separators(field, end);
		/* Between two of them a comma or a semicolon is part of none. */
		while (*at < field.len && end > start &&
		       (field.data[end - 1] == ',' || field.data[end - 1] == ';'))
			end--;
		*written = (struct slice){ field.data + start, end - start };
		doi = doi_strip(*written);
		if (doi.data != NULL)
			return doi;
	}
	return SLICE_NONE;
}

bool
doi_arxiv(struct slice doi, struct arxiv_id *id)
{
	struct slice rest = skip(doi, "10.48550/arXiv.");

	return rest.len != doi.len && arxiv_id_parse(rest, id) == 0;
}

bool
doi_is_arxiv_prefix(struct slice doi)
{
	return text_starts(doi, "10.48550/");
}
