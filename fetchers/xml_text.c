#include "xml_text.h"

#include "bounds.h"
#include "text.h"

#include <string.h>

/* XML 1.0, production 2. */
static bool
is_character(uint32_t rune)
{
	return rune == '\t' || rune == '\n' || rune == '\r' || (rune >= ' ' && rune < 0xd800) ||
	       (rune >= 0xe000 && rune < 0xfffe) || (rune > 0xffff && rune <= 0x10ffff);
}

/* The length of the character reference at the front, and the character; 0 if there is none. */
static size_t
reference(struct slice rest, uint32_t *rune)
{
	bool hex = text_starts(rest, "&#x");
	uint32_t base = hex ? 16 : 10;
	size_t start = hex ? 3 : 2, at = start;

	if (!text_starts(rest, "&#"))
		return 0;
	*rune = 0;
	for (; at < rest.len && text_digit(rest.data[at]) < base; at++)
		if (*rune <= 0x10ffff)
			*rune = *rune * base + text_digit(rest.data[at]);
	return at > start && at < rest.len && rest.data[at] == ';' ? at + 1 : 0;
}

/* The length of what stands at the front: a character or a reference to one; ${bad} if it is none
 * that may stand there. */
static size_t
step_over(struct slice rest, bool *bad)
{
	uint32_t rune = 0;
	size_t step = reference(rest, &rune);

	if (step == 0)
		step = text_decode(rest.data, rest.len, &rune);
	*bad = step == 0 || !is_character(rune);
	return step == 0 ? 1 : step;
}

size_t
xml_text_bads(struct slice text)
{
	size_t bads = 0;
	bool bad;

	for (size_t at = 0; at < text.len && bads <= BOUND_BAD_CHARACTERS; bads += bad)
		at += step_over((struct slice){ text.data + at, text.len - at }, &bad);
	return bads;
}

void
xml_text_mend(struct slice text, size_t bads, struct buf *out)
{
	bool bad;

	/* What takes its place is up to two bytes longer: no second copy has to be made. */
	buf_reserve(out, text.len + 2 * bads);
	for (size_t at = 0, step; at < text.len; at += step) {
		step = step_over((struct slice){ text.data + at, text.len - at }, &bad);
		if (bad)
			buf_add_text(out, "\xef\xbf\xbd");
		else
			buf_add(out, text.data + at, step);
	}
}

/* Where the tag that begins at ${at} ends, or a little past the limit. */
static size_t
tag_end(struct slice text, size_t at)
{
	size_t limit = text.len - at > BOUND_TAG_BYTES ? at + BOUND_TAG_BYTES + 1 : text.len;
	char quote = '\0';

	for (; at < limit; at++) {
		char c = text.data[at];

		if (quote == '\0' && c == '>')
			break;
		if (c == quote)
			quote = '\0';
		else if (quote == '\0' && (c == '"' || c == '\''))
			quote = c;
	}
	return at;
}

bool
xml_text_has_long_tag(struct slice text)
{
	size_t at = 0;

	while (at < text.len) {
		const char *open = memchr(text.data + at, '<', text.len - at);
		size_t start;

		if (open == NULL)
			break;
		start = (size_t)(open - text.data);
		at = start + 1;
		/* No start tag: `</a>`, `<!-- ... -->`, `<?xml ...?>`. */
		if (at < text.len && strchr("/!?", text.data[at]) != NULL)
			continue;
		at = tag_end(text, start);
		if (at - start > BOUND_TAG_BYTES)
			return true;
	}
	return false;
}
