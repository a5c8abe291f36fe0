#include "jsonl.h"

#include "block.h"
#include "text.h"

#include <string.h>

/* The character of the valid escape at ${at}; returns how many bytes the escape takes. */
static size_t
escape_decode(const char *at, uint32_t *rune)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	const char *letter;

	if (at[1] == 'u') {
		*rune = text_hex4(at + 2);
		if (*rune < 0xd800 || *rune >= 0xdc00)
			return 6;
		*rune = 0x10000 + ((*rune - 0xd800) << 10) + (text_hex4(at + 8) - 0xdc00);
		return 12;
	}
	letter = memchr(letters, at[1], sizeof(letters) - 1);
	*rune = (unsigned char)(letter == NULL ? at[1] : meanings[letter - letters]);
	return 2;
}

/* At most 4 bytes; returns where they end. */
static char *
put_utf8(char *to, uint32_t rune)
{
	if (rune < 0x80) {
		*to++ = (char)rune;
		return to;
	}
	if (rune < 0x800) {
		*to++ = (char)(0xc0 | rune >> 6);
	} else {
		if (rune < 0x10000) {
			*to++ = (char)(0xe0 | rune >> 12);
		} else {
			*to++ = (char)(0xf0 | rune >> 18);
			*to++ = (char)(0x80 | (rune >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (rune >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (rune & 0x3f));
	return to;
}

static bool
needs_escape(uint32_t rune)
{
	return rune < 0x20 || rune == '"' || rune == '\\';
}

/* The canonical escape of ${rune}, which needs one: at most 6 bytes; returns where they end. */
static char *
put_escape(char *to, uint32_t rune)
{
	*to++ = '\\';
	if (rune >= 0x20) {
		*to++ = (char)rune;
	} else if (rune >= '\b' && rune <= '\r' && rune != '\v') {
		*to++ = "btn-fr"[rune - '\b'];
	} else {
		memcpy(to, "u00", 3);
		to[3] = "01"[rune >> 4];
		to[4] = "0123456789abcdef"[rune & 15];
		to += 5;
	}
	return to;
}

/* A string's bytes with its escapes decoded, or canonical: neither is longer than what stood there.
 */
static char *
put_decoded(char *to, struct slice raw, bool canonical)
{
	const char *at = raw.data, *end = raw.data + raw.len;

	while (at < end) {
		const char *escape = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((escape == NULL ? end : escape) - at);
		uint32_t rune;

		memcpy(to, at, plain);
		to += plain;
		if (escape == NULL)
			break;
		at = escape + escape_decode(escape, &rune);
		if (canonical && needs_escape(rune))
			to = put_escape(to, rune);
		else
			to = put_utf8(to, rune);
	}
	return to;
}

/* ${out} grows up to ${end}, in the memory that was reserved. */
static void
end_at(struct buf *out, char *end)
{
	*end = '\0';
	out->len = (size_t)(end - out->data);
}

size_t
jsonl_decode(const struct jsonl_value *value, char *to)
{
	char *end = put_decoded(to, value->raw, false);

	*end = '\0';
	return (size_t)(end - to);
}

void
jsonl_text(const struct jsonl_value *value, struct buf *out)
{
	if (value->escaped)
		out->len += jsonl_decode(value, buf_reserve(out, value->raw.len));
	else
		buf_add_slice(out, value->raw);
}

struct slice
jsonl_decoded(const struct jsonl_value *value, struct buf *decoded)
{
	if (!value->escaped)
		return value->raw;
	buf_clear(decoded);
	jsonl_text(value, decoded);
	return buf_slice(decoded);
}

static void
copy_string(const struct jsonl_value *string, struct buf *out)
{
	struct slice raw = string->raw;
	char *to = buf_reserve(out, raw.len + 2);

	*to++ = '"';
	if (string->escaped) {
		to = put_decoded(to, raw, true);
	} else {
		/* What was validated once is copied as it is: nearly every string of a journal. */
		memcpy(to, raw.data, raw.len);
		to += raw.len;
	}
	*to++ = '"';
	end_at(out, to);
}

static void
copy_array(const struct jsonl_value *array, struct buf *out)
{
	struct jsonl_value element;
	const char *before = "";

	buf_add_char(out, '[');
	for (size_t at = 0; jsonl_next(array, &at, &element);) {
		buf_add_text(out, before);
		if (element.kind == JSONL_STRING)
			copy_string(&element, out);
		else
			buf_add_slice(out, element.raw);
		before = ", ";
	}
	buf_add_char(out, ']');
}

void
jsonl_copy(const struct jsonl_value *value, struct buf *out)
{
	if (value->kind == JSONL_STRING)
		copy_string(value, out);
	else if (value->kind == JSONL_ARRAY)
		copy_array(value, out);
	else if (value->kind == JSONL_ABSENT)
		buf_add_text(out, "null");
	else
		buf_add_slice(out, value->raw);
}

int
jsonl_int64(const struct jsonl_value *value, int64_t *number)
{
	bool negative;
	uint64_t limit, sum = 0;

	if (value->kind != JSONL_NUMBER)
		return -1;
	negative = value->raw.data[0] == '-';
	limit = negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
	for (size_t i = negative; i < value->raw.len; i++) {
		uint64_t digit = (uint64_t)(unsigned char)value->raw.data[i] - '0';

		if (digit > 9 || sum > (limit - digit) / 10)
			return -1;
		sum = sum * 10 + digit;
	}
	/* Negated before the sign is given: INT64_MIN has no positive counterpart. */
	*number = negative && sum > 0 ? -(int64_t)(sum - 1) - 1 : (int64_t)sum;
	return 0;
}

static inline uint32_t
quote_bits(struct block block)
{
	return block_bits(block_or(block_is(block, '"'), block_is(block, '\\')));
}

/* Where the next quote or backslash stands, or ${end}. */
static const char *
next_quote(const char *at, const char *end)
{
	uint32_t bits;

	for (; (size_t)(end - at) >= BLOCK_BYTES; at += BLOCK_BYTES)
		if ((bits = quote_bits(block_at(at))) != 0)
			return at + block_first(bits);
	bits = quote_bits(block_up_to(at, end));
	return bits == 0 ? end : at + block_first(bits);
}

/* ${at} stands behind an opening quote; returns where the closing one is. */
static const char *
string_end(const char *at, const char *end, bool *escaped)
{
	*escaped = false;
	while ((at = next_quote(at, end)) < end && *at == '\\') {
		*escaped = true;
		at = end - at > 2 ? at + 2 : end;
	}
	return at;
}

/* ${at} stands on an opening bracket or brace; returns what follows the closing one. */
static const char *
nested_end(const char *at, const char *end)
{
	size_t depth = 0;
	bool escaped;

	do {
		if (*at == '"')
			at = string_end(at + 1, end, &escaped);
		else if (*at == '[' || *at == '{')
			depth++;
		else if (*at == ']' || *at == '}')
			depth--;
		at++;
	} while (at < end && depth > 0);
	return at;
}

static bool
is_between(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum jsonl_kind
kind_of(char first)
{
	switch (first) {
	case '"':
		return JSONL_STRING;
	case '[':
		return JSONL_ARRAY;
	case '{':
		return JSONL_OBJECT;
	case 'n':
		return JSONL_NULL;
	case 't':
		return JSONL_TRUE;
	case 'f':
		return JSONL_FALSE;
	default:
		return JSONL_NUMBER;
	}
}

/* Take the value that starts at ${start}, inside brackets or braces that close at ${end}; returns
 * what follows it. */
static const char *
take_value(const char *start, const char *end, struct jsonl_value *value)
{
	const char *stop = start + 1;

	*value = (struct jsonl_value){ .kind = kind_of(*start) };
	if (value->kind == JSONL_STRING)
		stop = string_end(++start, end, &value->escaped);
	else if (value->kind == JSONL_ARRAY || value->kind == JSONL_OBJECT)
		stop = nested_end(start, end);
	else
		while (stop < end && !is_between(*stop))
			stop++;
	value->raw = (struct slice){ start, (size_t)(stop - start) };
	return stop + (value->kind == JSONL_STRING);
}

bool
jsonl_next(const struct jsonl_value *array, size_t *at, struct jsonl_value *element)
{
	const char *start, *end;

	if (array->kind != JSONL_ARRAY)
		return false;
	start = array->raw.data + (*at == 0 ? 1 : *at);
	end = array->raw.data + array->raw.len - 1;
	while (start < end && is_between(*start))
		start++;
	if (start >= end)
		return false;
	*at = (size_t)(take_value(start, end, element) - array->raw.data);
	return true;
}

bool
jsonl_next_member(
    struct slice object, size_t *at, struct jsonl_value *key, struct jsonl_value *value)
{
	const char *start = object.data + *at, *end = object.data + object.len;

	/* A line may have white space around its object. */
	while (*--end != '}')
		continue;
	while (start < end && (is_between(*start) || *start == '{'))
		start++;
	if (start >= end)
		return false;
	start = take_value(start, end, key);
	while (is_between(*start) || *start == ':')
		start++;
	*at = (size_t)(take_value(start, end, value) - object.data);
	return true;
}

/* The bytes of a block that stand in no string as they are. */
static inline uint32_t
escape_bits(struct block block)
{
	/* What is not ASCII is no control character. */
	struct block control =
	    block_and_not(block_is_below(block, 0x20), block_is_below(block, '\0'));

	return block_bits(block_or(control, block_or(block_is(block, '"'), block_is(block, '\\'))));
}

/* Where the bytes from ${at} on end that stand in a string as they are. */
static const char *
plain_end(const char *at, const char *end)
{
	uint32_t bits;

	for (; (size_t)(end - at) >= BLOCK_BYTES; at += BLOCK_BYTES)
		if ((bits = escape_bits(block_at(at))) != 0)
			return at + block_first(bits);
	bits = escape_bits(block_up_to(at, end));
	return bits == 0 ? end : at + block_first(bits);
}

void
jsonl_write_string(struct slice text, struct buf *out)
{
	const char *at = text.data, *end;
	char *to;

	if (at == NULL) {
		buf_add_text(out, "null");
		return;
	}
	end = at + text.len;
	/* Room for all of it as it stands, and more when an escape comes. */
	to = buf_reserve(out, text.len + 2);
	*to++ = '"';
	for (;;) {
		const char *plain = plain_end(at, end);

		memcpy(to, at, (size_t)(plain - at));
		to += plain - at;
		if (plain == end)
			break;
		end_at(out, to);
		to = put_escape(buf_reserve(out, (size_t)(end - plain) + 7), (unsigned char)*plain);
		at = plain + 1;
	}
	*to++ = '"';
	end_at(out, to);
}

void
jsonl_write_strings(struct slice_list list, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0)
			buf_add(out, ", ", 2);
		jsonl_write_string(list.items[i], out);
	}
	buf_add_char(out, ']');
}
