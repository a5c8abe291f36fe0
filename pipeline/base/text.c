#include "text.h"

#include "block.h"
#include "mem.h"

#include <stdlib.h>

/* Titles past this many characters are alike or not at all: the distance is quadratic. */
#define SIMILARITY_RUNES 2000
/* Longer numerals may not fit int64_t. */
#define NUMERAL_BYTES 18

/* The six bits of a byte behind the first one of a sequence; more if it is none. */
static inline uint32_t
next_bits(char c)
{
	return (uint32_t)(unsigned char)c ^ 0x80u;
}

size_t
text_decode(const char *data, size_t len, uint32_t *rune)
{
	uint32_t first = (unsigned char)data[0], value;
	size_t step = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t a = step > 1 && len > 1 ? next_bits(data[1]) : 0x40;
	uint32_t b, c;

	if (step == 1) {
		*rune = first;
		return 1;
	}
	if (step == 2) {
		if (first < 0xc2 || a >= 0x40)
			return 0;
		*rune = (first & 0x1f) << 6 | a;
		return 2;
	}
	b = len > 2 ? next_bits(data[2]) : 0x40;
	if (step == 3) {
		value = (first & 0x0f) << 12 | a << 6 | b;
		if ((a | b) >= 0x40 || value < 0x800 || (value >= 0xd800 && value < 0xe000))
			return 0;
		*rune = value;
		return 3;
	}
	c = len > 3 ? next_bits(data[3]) : 0x40;
	value = (first & 0x07) << 18 | a << 12 | b << 6 | c;
	if (first >= 0xf8 || (a | b | c) >= 0x40 || value < 0x10000 || value > 0x10ffff)
		return 0;
	*rune = value;
	return 4;
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

/* What turns the order of the text around it: embeddings, overrides and isolates.  The marks U+200E
 * and U+200F settle no more than the side on which a comma stands, and names have them. */
static bool
is_reordering(uint32_t rune)
{
	return (rune >= 0x202a && rune <= 0x202e) || (rune >= 0x2066 && rune <= 0x2069);
}

/* What Unicode will never assign. */
static bool
is_noncharacter(uint32_t rune)
{
	return (rune & 0xfffe) == 0xfffe || (rune >= 0xfdd0 && rune <= 0xfdef);
}

static bool
is_dropped(uint32_t rune)
{
	return text_is_control(rune) || is_reordering(rune);
}

/* The bytes of a block that are not ASCII, controls, or blanks behind another; ${gap} says whether
 * one stands before it. */
static inline uint32_t
unclean_bits(struct block block, bool gap)
{
	uint32_t blanks = block_bits(block_is(block, ' '));
	struct block bad = block_or(block_is_below(block, 0x20), block_is(block, 0x7f));

	return block_bits(bad) | (blanks & (blanks << 1 | gap));
}

/* Bytes of the clean rune at ${at}; 0 if it has to go, as a blank has to behind another. */
static size_t
clean_rune(struct slice text, size_t at, bool gap)
{
	uint32_t rune = 0;
	size_t step = text_decode(text.data + at, text.len - at, &rune);

	/* Letters of most scripts. */
	if ((rune > 0xa0 && rune < 0x1680) || (rune > 0x3000 && rune < 0xfdd0))
		return step;
	if (step == 0 || is_dropped(rune) || is_noncharacter(rune) ||
	    (rune != ' ' && text_is_space(rune)) || (rune == ' ' && gap))
		return 0;
	return step;
}

/* Where the clean text that starts at ${start} ends, as if a visible character stood before it;
 * most text is ASCII, so only what is not is decoded. */
static size_t
clean_end(struct slice text, size_t start)
{
	size_t at = start, step = 1;

	while (at < text.len && step > 0) {
		uint32_t bits = unclean_bits(block_up_to(text.data + at, text.data + text.len),
		    at > start && text.data[at - 1] == ' ');

		if (bits == 0) {
			at += BLOCK_BYTES;
			continue;
		}
		at += block_first(bits);
		/* Foreign letters come in words. */
		do {
			step = at >= text.len
				   ? 0
				   : clean_rune(text, at, at > start && text.data[at - 1] == ' ');
			at += step;
		} while (step > 1);
	}
	return at < text.len ? at : text.len;
}

size_t
text_clean(struct slice text, struct buf *out)
{
	size_t start = out->len, repaired = 0;
	bool gap = false;

	for (size_t at = 0; at < text.len;) {
		uint32_t rune = 0;
		size_t step = text_decode(text.data + at, text.len - at, &rune);

		if (step != 0 && text_is_space(rune)) {
			gap = true;
			at += step;
			continue;
		}
		if (step != 0 && is_dropped(rune)) {
			repaired++;
			at += step;
			continue;
		}
		if (gap && out->len > start)
			buf_add_char(out, ' ');
		gap = false;
		if (step == 0 || is_noncharacter(rune)) {
			repaired++;
			buf_add_text(out, "\xef\xbf\xbd");
			at += step == 0 ? 1 : step;
		} else {
			size_t end = clean_end(text, at);

			/* A blank at the end is the start of a gap. */
			gap = text.data[end - 1] == ' ';
			buf_add(out, text.data + at, end - at - gap);
			at = end;
		}
	}
	return repaired;
}

bool
text_is_clean(struct slice text)
{
	if (text.len == 0)
		return true;
	return text.data[0] != ' ' && text.data[text.len - 1] != ' ' &&
	       clean_end(text, 0) == text.len;
}

struct range {
	uint32_t first;
	uint32_t last;
};

static bool
in_ranges(const struct range *ranges, size_t count, uint32_t rune)
{
	for (size_t i = 0; i < count && ranges[i].first <= rune; i++)
		if (rune <= ranges[i].last)
			return true;
	return false;
}

/* Controls, Unicode's Default_Ignorable_Code_Point (all bidi controls are in it), the two
 * separators that break lines, and the annotation characters. */
static bool
is_active(uint32_t rune)
{
	static const struct range active[] = {
		{ 0xad, 0xad },
		{ 0x34f, 0x34f },
		{ 0x61c, 0x61c },
		{ 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2060, 0x206f },
		{ 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	return text_is_control(rune) || in_ranges(active, sizeof(active) / sizeof(active[0]), rune);
}

void
text_show(struct slice text, struct buf *out)
{
	for (size_t at = 0; at < text.len;) {
		uint32_t rune = 0;
		size_t step = text_decode(text.data + at, text.len - at, &rune);

		if (step == 0)
			buf_printf(out, "\\x%02x", (unsigned char)text.data[at]);
		else if (!is_active(rune))
			buf_add(out, text.data + at, step);
		else
			buf_printf(out, rune > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)rune);
		at += step == 0 ? 1 : step;
	}
}

/* White space between tokens is the one thing to escape that is no part of a string: it becomes a
 * blank. */
void
text_show_json(struct slice json, struct buf *out)
{
	for (size_t at = 0; at < json.len;) {
		uint32_t rune = 0;
		size_t step = text_decode(json.data + at, json.len - at, &rune);

		step = step == 0 ? 1 : step;
		if (rune < 0x20)
			buf_add_char(out, ' ');
		else if (!is_active(rune))
			buf_add(out, json.data + at, step);
		else if (rune <= 0xffff)
			buf_printf(out, "\\u%04x", (unsigned)rune);
		else
			buf_printf(out, "\\u%04x\\u%04x",
			    0xd800 + (unsigned)((rune - 0x10000) >> 10),
			    0xdc00 + (unsigned)((rune - 0x10000) & 0x3ff));
		at += step;
	}
}

size_t
text_width(uint32_t rune)
{
	/* East_Asian_Width W and F in coarse strokes: a column too many makes a line shorter, no
	 * more. */
	static const struct range wide[] = {
		{ 0x1100, 0x115f },
		{ 0x231a, 0x231b },
		{ 0x2329, 0x232a },
		{ 0x23e9, 0x23f3 },
		{ 0x25fd, 0x25fe },
		{ 0x2600, 0x27bf },
		{ 0x2b1b, 0x2b55 },
		{ 0x2e80, 0x303e },
		{ 0x3041, 0xa4cf },
		{ 0xa960, 0xa97f },
		{ 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff },
		{ 0xfe10, 0xfe1f },
		{ 0xfe30, 0xfe6f },
		{ 0xff01, 0xff60 },
		{ 0xffe0, 0xffe6 },
		{ 0x16fe0, 0x1b2ff },
		{ 0x1f004, 0x1f004 },
		{ 0x1f0cf, 0x1f0cf },
		{ 0x1f18e, 0x1f19a },
		{ 0x1f200, 0x1faff },
		{ 0x20000, 0x3fffd },
	};

	return in_ranges(wide, sizeof(wide) / sizeof(wide[0]), rune) ? 2 : 1;
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
	for (size_t i = 0; prefix[i] != '\0'; i++)
		if (i == text.len || text_lower(text.data[i]) != text_lower(prefix[i]))
			return false;
	return true;
}

struct slice
text_fold(struct slice text, char *out)
{
	if (text.data == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < text.len; i++)
		out[i] = text_lower(text.data[i]);
	return (struct slice){ out, text.len };
}

int64_t
text_number(struct slice text)
{
	int64_t number = text.len == 0 || text.len > NUMERAL_BYTES ? -1 : 0;

	for (size_t i = 0; i < text.len && number >= 0; i++)
		number = text_is_digit(text.data[i]) ? number * 10 + (text.data[i] - '0') : -1;
	return number;
}

size_t
text_find(struct slice text, const char *part)
{
	for (size_t at = 0; at < text.len; at++)
		if (text_starts((struct slice){ text.data + at, text.len - at }, part))
			return at;
	return text.len;
}

/* A text as characters; a byte that is none of UTF-8 stands for itself. */
struct runes {
	uint32_t *items;
	size_t count;
};

static size_t
rune_at(struct slice text, size_t at, uint32_t *rune)
{
	size_t step = text_decode(text.data + at, text.len - at, rune);

	if (step > 0)
		return step;
	*rune = (unsigned char)text.data[at];
	return 1;
}

/* The caller frees them. */
static struct runes
runes_of(struct slice text)
{
	struct runes runes = { mem_new(text.len, sizeof(*runes.items)), 0 };

	for (size_t at = 0; at < text.len;)
		at += rune_at(text, at, &runes.items[runes.count++]);
	return runes;
}

/* Only what a title says; the caller frees it. */
static struct runes
fold_title(struct slice title)
{
	struct runes runes = runes_of(title);
	size_t kept = 0;

	for (size_t i = 0; i < runes.count; i++) {
		uint32_t rune = runes.items[i];

		if (rune >= 0x80)
			runes.items[kept++] = rune;
		else if (text_is_letter((char)rune) || text_is_digit((char)rune))
			runes.items[kept++] = (uint32_t)text_lower((char)rune);
	}
	runes.count = kept;
	return runes;
}

static size_t
distance_of(struct runes a, struct runes b, size_t limit)
{
	size_t *row, distance, least = 0;

	/* What one is longer than the other has to come in. */
	if ((a.count > b.count ? a.count - b.count : b.count - a.count) > limit)
		return limit + 1;
	row = mem_new(b.count + 1, sizeof(*row));
	for (size_t j = 0; j <= b.count; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.count && least <= limit; i++) {
		size_t diagonal = row[0];

		least = row[0] = i;
		for (size_t j = 1; j <= b.count; j++) {
			size_t swapped = diagonal + (a.items[i - 1] != b.items[j - 1]);
			size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			diagonal = row[j];
			row[j] = swapped < shorter ? swapped : shorter;
			least = row[j] < least ? row[j] : least;
		}
	}
	/* No way through a row costs less than its least. */
	distance = least > limit ? least : row[b.count];
	free(row);
	return distance;
}

size_t
text_distance(struct slice a, struct slice b, size_t limit)
{
	struct runes left = runes_of(a), right = runes_of(b);
	size_t distance = distance_of(left, right, limit);

	free(left.items);
	free(right.items);
	return distance;
}

double
text_similarity(struct slice a, struct slice b)
{
	struct runes left = fold_title(a), right = fold_title(b);
	size_t longer = left.count > right.count ? left.count : right.count, distance = longer;
	double similarity;

	if (longer <= SIMILARITY_RUNES)
		distance = distance_of(left, right, longer);
	else if (left.count == right.count &&
		 memcmp(left.items, right.items, longer * sizeof(*left.items)) == 0)
		distance = 0;
	similarity = longer == 0 ? 0 : 1 - (double)distance / (double)longer;
	free(left.items);
	free(right.items);
	return similarity;
}
