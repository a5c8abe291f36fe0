#include "arxiv_id.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

/* Versions run to about 100; four digits keep a crafted one from overflowing. */
#define VERSION_DIGITS 4

static bool
all_digits(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!text_is_digit(text.data[i]))
			return false;
	return text.len > 0;
}

static struct slice
slice_from(struct slice text, size_t at)
{
	return (struct slice){ text.data + at, text.len - at };
}

static struct slice
strip_prefix(struct slice text, const char *prefix)
{
	return text_starts(text, prefix) ? slice_from(text, strlen(prefix)) : text;
}

/* `https://www.arxiv.org/abs/X`, `arxiv.org/pdf/X.pdf`, `arXiv:X` and the like: X. */
static struct slice
strip_address(struct slice text)
{
	static const char *const pages[] = { "abs/", "pdf/", "html/", "e-print/", "format/" };
	struct slice rest = strip_prefix(strip_prefix(text, "https://"), "http://");
	size_t end;

	rest = strip_prefix(strip_prefix(rest, "www."), "export.");
	if (!text_starts(rest, "arxiv.org/"))
		return strip_prefix(text, "arXiv:");
	rest = strip_prefix(rest, "arxiv.org/");
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (!text_starts(rest, pages[i]))
			continue;
		rest = slice_from(rest, strlen(pages[i]));
		for (end = 0; end < rest.len && rest.data[end] != '?' && rest.data[end] != '#';)
			end++;
		rest.len = end;
		if (rest.len > 4 && text_starts(slice_from(rest, rest.len - 4), ".pdf"))
			rest.len -= 4;
		return rest;
	}
	return SLICE_NONE;
}

/* Take a `vN` off the end; the id of a paper never ends in one by itself. */
static int
strip_version(struct slice *text)
{
	size_t at = text->len;
	int version = 0;

	while (at > 0 && text_is_digit(text->data[at - 1]))
		at--;
	if (at == text->len || at < 2 || text_lower(text->data[at - 1]) != 'v' ||
	    text->len - at > VERSION_DIGITS || text->data[at] == '0')
		return 0;
	for (size_t i = at; i < text->len; i++)
		version = version * 10 + (text->data[i] - '0');
	text->len = at - 1;
	return version;
}

/* Months are not checked: the server takes any digits, and a well-formed id that does not exist
 * does no harm. */
static int
new_form(struct slice text, char out[ARXIV_ID_SIZE])
{
	if (text.len < 9 || text.len > 10 || text.data[4] != '.' ||
	    !all_digits(slice_from(text, 5)) || !all_digits((struct slice){ text.data, 4 }))
		return -1;
	memcpy(out, text.data, text.len);
	out[text.len] = '\0';
	return 0;
}

static int
old_form(struct slice text, char out[ARXIV_ID_SIZE])
{
	size_t slash = 0, archive;

	while (slash < text.len && text.data[slash] != '/')
		slash++;
	if (slash == 0 || text.len - slash != 8 || slash > ARXIV_ID_SIZE - 12 ||
	    !all_digits(slice_from(text, slash + 1)))
		return -1;
	for (archive = 0; archive < slash && text.data[archive] != '.'; archive++) {
		if (!text_is_letter(text.data[archive]) && text.data[archive] != '-')
			return -1;
		out[archive] = text_lower(text.data[archive]);
	}
	if (archive == 0 || (archive < slash && slash - archive < 3))
		return -1;
	for (size_t i = archive + 1; i < slash; i++)
		if (!text_is_letter(text.data[i]) && text.data[i] != '-')
			return -1;
	memcpy(out + archive, text.data + slash, 8);
	out[archive + 8] = '\0';
	return 0;
}

int
arxiv_id_parse(struct slice text, struct arxiv_id *id)
{
	struct slice bare;

	id->version = 0;
	/* Nearly all are written so, and have nothing to strip. */
	if (new_form(text, id->text) == 0)
		return 0;
	bare = strip_address(text_trim(text));
	if (bare.data == NULL || bare.len == 0)
		return -1;
	id->version = strip_version(&bare);
	if (new_form(bare, id->text) == 0)
		return 0;
	return old_form(bare, id->text);
}

bool
arxiv_id_from_dblp(struct slice key, struct arxiv_id *id)
{
	static const char prefix[] = "journals/corr/abs-";
	struct slice number = strip_prefix(key, prefix);
	char text[ARXIV_ID_SIZE];

	if (number.len == key.len || number.len < 9 || number.len > 10 || number.data[4] != '-')
		return false;
	snprintf(
	    text, sizeof(text), "%.4s.%.*s", number.data, (int)number.len - 5, number.data + 5);
	/* Nothing may have been trimmed: a digit less is another paper. */
	return arxiv_id_parse(slice_of(text), id) == 0 && strlen(id->text) == number.len;
}
