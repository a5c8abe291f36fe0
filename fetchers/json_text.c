#include "json_text.h"

#include "bounds.h"
#include "mem.h"
#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* The shortest number that is too big: 1e309. */
#define TOO_BIG_BYTES 5

enum json_text
json_text_check(struct slice text)
{
	size_t depth = 0, values = 0, start = 0;
	bool quoted = false;

	text = text_trim(text);
	if (text.len == 0)
		return JSON_TEXT_EMPTY;
	if (text.data[0] != '{' && text.data[0] != '[')
		return JSON_TEXT_FOREIGN;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '"')
			quoted = !quoted;
		else if (quoted && c == '\\')
			i++;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && depth > 0)
			depth--;
		values += !quoted && (c == ',' || c == '{' || c == '[');
		if (i - start > BOUND_LINE_BYTES)
			return JSON_TEXT_HEAVY;
		if (c == '"' || (!quoted && (c == ',' || c == '{' || c == '[')))
			start = i;
		if (depth > BOUND_DEPTH)
			return JSON_TEXT_DEEP;
		if (values > BOUND_VALUES)
			return JSON_TEXT_CROWDED;
	}
	if (values * BOUND_VALUE_BYTES + text.len * 3 > BOUND_JSON_BYTES)
		return JSON_TEXT_HEAVY;
	return depth > 0 ? JSON_TEXT_CUT : JSON_TEXT_WHOLE;
}

/* The code unit of a `\uXXXX` at the front, or UINT32_MAX. */
static uint32_t
code_unit(struct slice text)
{
	if (text.len < 6 || text.data[0] != '\\' || text.data[1] != 'u')
		return UINT32_MAX;
	return text_hex4(text.data + 2);
}

/* How many bytes at the front of a string's rest make one character; ${bad} if JSON does not know
 * it. */
static size_t
character(struct slice rest, bool *bad)
{
	uint32_t unit = code_unit(rest), next, rune;
	size_t step;

	*bad = false;
	if (unit != UINT32_MAX) {
		next = code_unit((struct slice){ rest.data + 6, rest.len - 6 });
		if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000)
			return 12;
		*bad = unit == 0 || (unit >= 0xd800 && unit < 0xe000);
		return 6;
	}
	if (rest.data[0] == '\\' && rest.len > 1)
		return 2;
	step = text_decode(rest.data, rest.len, &rune);
	*bad = step == 0 || rune < ' ';
	return step == 0 ? 1 : step;
}

/* The number at the front. */
static struct slice
numeral(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len &&
	       (text_is_digit(rest.data[len]) || memchr("+-.eE", rest.data[len], 5) != NULL))
		len++;
	return (struct slice){ rest.data, len };
}

/* Whether it fits neither int64_t nor, with a point or an exponent, a double. */
static bool
is_too_big(struct slice number)
{
	bool too_big;
	char *text;

	if (number.len < TOO_BIG_BYTES)
		return false;
	text = mem_dup(number.data, number.len);
	errno = 0;
	if (strpbrk(text, ".eE") != NULL)
		too_big = isinf(strtod(text, NULL));
	else
		too_big = strtoll(text, NULL, 10) != 0 && errno == ERANGE;
	free(text);
	return too_big;
}

/* Append the number at the front of what stands outside of strings; returns its length, 0 if there
 * is none. */
static size_t
mend_number(struct slice rest, struct buf *out)
{
	struct slice number = numeral(rest);
	const char *quote = is_too_big(number) ? "\"" : "";

	buf_add_text(out, quote);
	buf_add_slice(out, number);
	buf_add_text(out, quote);
	return number.len;
}

size_t
json_text_mend(struct slice text, struct buf *out)
{
	size_t bads = 0;
	bool quoted = false;

	/* What takes its place is up to two bytes longer: no second copy has to be made. */
	buf_reserve(out, text.len + 2 * (size_t)BOUND_BAD_CHARACTERS);
	for (size_t at = 0, step; at < text.len && bads <= BOUND_BAD_CHARACTERS; at += step) {
		struct slice rest = { text.data + at, text.len - at };
		bool bad = false;

		step = quoted ? 0 : mend_number(rest, out);
		if (step > 0)
			continue;
		step = 1;
		if (text.data[at] == '"')
			quoted = !quoted;
		else if (quoted)
			step = character(rest, &bad);
		if (bad)
			buf_add_text(out, "\xef\xbf\xbd");
		else
			buf_add(out, rest.data, step);
		bads += bad;
	}
	return bads;
}
