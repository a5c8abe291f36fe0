#include "text.h"

#include "mem.h"

#include <stdlib.h>

/* Titles past this many bytes are compared by their front: the distance is quadratic. */
#define SIMILARITY_BYTES 2000

size_t
text_decode(const char *data, size_t len, uint32_t *rune)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)data[0];
	size_t wanted = first < 0x80   ? 1
			: first < 0xc2 ? 0
			: first < 0xe0 ? 2
			: first < 0xf0 ? 3
				       : 4;
	uint32_t value;

	if (wanted == 1) {
		*rune = first;
		return 1;
	}
	if (wanted == 0 || first > 0xf4 || len < wanted)
		return 0;
	value = first & (0x7fu >> wanted);
	for (size_t i = 1; i < wanted; i++) {
		unsigned char next = (unsigned char)data[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3fu);
	}
	if (value < smallest[wanted] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 0;
	*rune = value;
	return wanted;
}

bool
text_is_utf8(struct slice text)
{
	uint32_t rune;

	for (size_t at = 0; at < text.len;) {
		size_t step = text_decode(text.data + at, text.len - at, &rune);

		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

bool
text_is_space(uint32_t rune)
{
	return rune == ' ' || (rune >= '\t' && rune <= '\r') || (rune >= 0x1c && rune <= 0x1f) ||
	       rune == 0x85 || rune == 0xa0 || rune == 0x1680 ||
	       (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 || rune == 0x2029 ||
	       rune == 0x202f || rune == 0x205f || rune == 0x3000;
}

bool
text_is_control(uint32_t rune)
{
	return rune < 0x20 || (rune >= 0x7f && rune < 0xa0);
}

size_t
text_clean(struct slice text, struct buf *out)
{
	size_t start = out->len, repaired = 0;
	bool gap = false;

	for (size_t at = 0; at < text.len;) {
		uint32_t rune = 0;
		size_t step = text_decode(text.data + at, text.len - at, &rune);
		const char *bytes = text.data + at;

		at += step == 0 ? 1 : step;
		if (step != 0 && text_is_space(rune)) {
			gap = true;
			continue;
		}
		if (step == 0 || text_is_control(rune))
			repaired++;
		if (step != 0 && text_is_control(rune))
			continue;
		if (gap && out->len > start)
			buf_add_char(out, ' ');
		gap = false;
		if (step == 0)
			buf_add_text(out, "\xef\xbf\xbd");
		else
			buf_add(out, bytes, step);
	}
	return repaired;
}

bool
text_is_clean(struct slice text)
{
	/* As if a space stood before the text: a space there, or a second one, has to go. */
	bool gap = true;

	for (size_t at = 0; at < text.len;) {
		unsigned char c = (unsigned char)text.data[at];
		uint32_t rune = c;
		/* Most text is ASCII: decode only what is not. */
		size_t step = c < 0x80 ? 1 : text_decode(text.data + at, text.len - at, &rune);

		if (step == 0 || text_is_control(rune) || (rune != ' ' && text_is_space(rune)) ||
		    (rune == ' ' && gap))
			return false;
		gap = rune == ' ';
		at += step;
	}
	return text.len == 0 || !gap;
}

struct slice
text_trim(struct slice text)
{
	while (text.len > 0 && text_is_space((unsigned char)text.data[0]) &&
	       (unsigned char)text.data[0] < 0x80) {
		text.data++;
		text.len--;
	}
	while (text.len > 0 && text_is_space((unsigned char)text.data[text.len - 1]) &&
	       (unsigned char)text.data[text.len - 1] < 0x80)
		text.len--;
	return text;
}

bool
text_starts(struct slice text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (text.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text_lower(text.data[i]) != text_lower(prefix[i]))
			return false;
	return true;
}

size_t
text_find(struct slice text, const char *part)
{
	for (size_t at = 0; at < text.len; at++)
		if (text_starts((struct slice){ text.data + at, text.len - at }, part))
			return at;
	return text.len;
}

static void
fold_title(struct slice title, struct buf *out)
{
	for (size_t i = 0; i < title.len && out->len < SIMILARITY_BYTES; i++) {
		char c = title.data[i];

		if (text_is_letter(c) || text_is_digit(c) || (unsigned char)c >= 0x80)
			buf_add_char(out, text_lower(c));
	}
}

static size_t
levenshtein(struct slice a, struct slice b)
{
	size_t *row = mem_new(b.len + 1, sizeof(*row));
	size_t distance;

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t swapped = diagonal + (a.data[i - 1] != b.data[j - 1]);
			size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			diagonal = row[j];
			row[j] = swapped < shorter ? swapped : shorter;
		}
	}
	distance = row[b.len];
	free(row);
	return distance;
}

double
text_similarity(struct slice a, struct slice b)
{
	struct buf left = BUF_INIT, right = BUF_INIT;
	size_t longer;
	double similarity = 0;

	fold_title(a, &left);
	fold_title(b, &right);
	longer = left.len > right.len ? left.len : right.len;
	if (longer > 0)
		similarity =
		    1 - (double)levenshtein(buf_slice(&left), buf_slice(&right)) / (double)longer;
	buf_free(&left);
	buf_free(&right);
	return similarity;
}
