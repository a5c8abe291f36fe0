#ifndef FINESET_TEXT_H
#define FINESET_TEXT_H

#include "attribute.h"
#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * text_decode(data, len, rune):
 * Decode the UTF-8 sequence at the front of ${len} > 0 bytes into ${rune}.  Returns its length, or
 * 0 if the bytes are not UTF-8 (overlong forms, surrogates and values past U+10FFFF are not).
 */
size_t text_decode(const char *data, size_t len, uint32_t *rune);

/** text_is_utf8(text): Whether all of ${text} is valid UTF-8. */
bool text_is_utf8(struct slice text);

/** text_is_space(rune): Unicode White_Space, and the ASCII separators U+001C to U+001F. */
bool text_is_space(uint32_t rune);

/** text_is_control(rune): C0 and C1 controls and DEL. */
bool text_is_control(uint32_t rune);

/**
 * text_clean(text, out):
 * Append ${text} to ${out} as a record may hold it: runs of white space folded to one space,
 * trimmed, control characters dropped and those that reorder other text (U+202A to U+202E, U+2066
 * to U+2069), bytes that are no UTF-8 and noncharacters replaced by U+FFFD.  Returns how many bytes
 * or characters had to be dropped or replaced (white space does not count).
 */
size_t text_clean(struct slice text, struct buf *out);

/** text_is_clean(text): Whether text_clean would change nothing. */
bool text_is_clean(struct slice text);

/**
 * text_show(text, out):
 * Append ${text} as a terminal may have it: each character that a terminal acts on or that hides or
 * reorders others (controls, bidi controls, line separators, all that Unicode lets a display
 * ignore, tags and zero-width characters among them) as `\u202e`, past U+FFFF as `\U000e0041`; each
 * byte that is no UTF-8 as `\xff`.  A backslash stands for itself.
 */
void text_show(struct slice text, struct buf *out);

/** text_show_json(json, out): Append one line of valid JSON as a terminal may have it: what
 * text_show would escape stands as an escape of JSON, so that every value stays what it is. */
void text_show_json(struct slice json, struct buf *out);

/** text_width(rune): Columns that a terminal gives a character that text_show leaves as it is: 2 to
 * the wide ones of East Asia and to emoji, else 1. */
size_t text_width(uint32_t rune);

/** text_trim(text): ${text} without ASCII white space at both ends. */
struct slice text_trim(struct slice text);

/** text_number(text): The whole number that ${text} spells in decimal digits, at most 18 of them;
 * -1 if it is none. */
int64_t text_number(struct slice text);

/** text_find(text, part): Where ${part} begins in ${text}, ignoring ASCII case, or text.len. */
size_t text_find(struct slice text, const char *part);

/** text_starts(text, prefix): Whether ${text} starts with ${prefix}, ignoring ASCII case. */
bool text_starts(struct slice text, const char *prefix);

/** text_lower(c): ASCII lower case of one byte, the same in every locale. */
static inline char
text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/**
 * text_fold(text, out):
 * Copy ${text} to ${out}, its own bytes or as many others, ASCII letters in lower case: how DOIs
 * and hexadecimal ids are compared.  Returns the copy; of no value, none.
 */
struct slice text_fold(struct slice text, char *out);

static inline bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
text_is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/** text_digit(c): What a digit is worth, and a letter as a digit of a higher base, `a` and `A` ten;
 * 36 if ${c} is neither. */
static inline uint32_t
text_digit(char c)
{
	if (text_is_digit(c))
		return (uint32_t)(c - '0');
	return text_is_letter(c) ? (uint32_t)(text_lower(c) - 'a') + 10 : 36;
}

/** text_hex4(at): What the four hexadecimal digits at ${at} are worth; UINT32_MAX if they are none.
 */
static inline uint32_t
text_hex4(const char *at)
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4; i++) {
		uint32_t digit = text_digit(at[i]);

		if (digit > 15)
			return UINT32_MAX;
		value = value << 4 | digit;
	}
	return value;
}

/**
 * text_similarity(a, b):
 * How alike two titles are, 0 to 1: both folded (ASCII letters lower-cased, ASCII punctuation and
 * white space dropped), then 1 - Levenshtein distance / length of the longer, in characters.  Two
 * empty ones: 0; so, too, where one has more than 2,000 characters and the other is not the same.
 */
double text_similarity(struct slice a, struct slice b);

/**
 * text_distance(a, b, limit):
 * The Levenshtein distance of two texts in characters; anything above ${limit} if it is above that.
 */
size_t text_distance(struct slice a, struct slice b, size_t limit);

#endif
