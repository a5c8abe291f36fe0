#include "jsonl.h"

#include "arena.h"
#include "block.h"
#include "bounds.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* Keys of open objects that fit without the heap: a record has about 20. */
#define KEYS_AT_HAND 32
/* Up to so many keys of one object are compared each with each; more are sorted, so that no line is
 * quadratic. */
#define KEYS_PAIRWISE 32

/* A key that nobody wants, kept until its object ends: an object may not repeat it. */
struct key {
	struct slice text;
	/* Of its opening quote. */
	const char *at;
};

struct scan {
	const char *line;
	const char *end;
	struct jsonl_error *error;
	size_t depth;

	/* The wanted keys, and the one that is expected next. */
	const struct slice *wanted;
	struct jsonl_value *values;
	size_t wanted_count;
	size_t expected;

	/* Other keys of the objects that are open here, the innermost last. */
	struct key *keys;
	size_t key_count;
	size_t key_capacity;
	bool keys_on_heap;
	/* Texts of keys with escapes. */
	struct arena texts;
};

static const char *scan_value(struct scan *scan, const char *at, struct jsonl_value *value);

static const char *
fail(struct scan *scan, const char *at, const char *reason)
{
	*scan->error = (struct jsonl_error){ reason, (size_t)(at - scan->line) };
	return NULL;
}

static const char *
cut_short(struct scan *scan)
{
	return fail(scan, scan->end, "line ends too early");
}

/* What stands at ${at} cannot stand there, for ${reason} unless there is a better one. */
static const char *
unexpected(struct scan *scan, const char *at, const char *reason)
{
	if (at >= scan->end)
		return cut_short(scan);
	return fail(scan, at, *at == '\n' ? "newline in the line" : reason);
}

static inline const char *
skip_space(const struct scan *scan, const char *at)
{
	/* Mostly there is none, which one look tells; the padding bears it at the end. */
	while ((unsigned char)*at <= ' ' && at < scan->end &&
	       (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at;
}

/* The bytes of a block that are no plain text: quotes, backslashes, controls, and what is not
 * ASCII. */
static inline struct block
special_marks(struct block block)
{
	struct block special = block_or(block_is(block, '"'), block_is(block, '\\'));

	return block_or(special, block_is_below(block, 0x20));
}

static bool
is_high_surrogate(uint32_t unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool
is_low_surrogate(uint32_t unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

/* ${at} stands on the backslash of a `\u`. */
static const char *
scan_unicode_escape(struct scan *scan, const char *at)
{
	size_t left = (size_t)(scan->end - at);
	uint32_t unit = left < 6 ? UINT32_MAX : text_hex4(at + 2);

	if (unit == UINT32_MAX)
		return fail(scan, at, "bad escape");
	if (unit == 0)
		return fail(scan, at, "NUL in a string");
	if (is_low_surrogate(unit))
		return fail(scan, at, "lone surrogate");
	if (!is_high_surrogate(unit))
		return at + 6;
	if (left < 12 || at[6] != '\\' || at[7] != 'u' || !is_low_surrogate(text_hex4(at + 8)))
		return fail(scan, at, "lone surrogate");
	return at + 12;
}

static inline bool
is_short_escape(char c)
{
	return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' ||
	       c == 't';
}

/* ${at} stands on a byte of a string that is not plain text; returns where plain text may go on. */
static const char *
scan_special(struct scan *scan, const char *at)
{
	uint32_t rune;

	if (*at == '\\') {
		if (scan->end - at < 2)
			return cut_short(scan);
		if (at[1] == 'u')
			return scan_unicode_escape(scan, at);
		return is_short_escape(at[1]) ? at + 2 : fail(scan, at, "bad escape");
	}
	if ((unsigned char)*at < 0x20)
		return fail(scan, at, "control character in a string");
	while (at < scan->end && (unsigned char)*at >= 0x80) {
		size_t step = text_decode(at, (size_t)(scan->end - at), &rune);

		if (step == 0)
			return fail(scan, at, "not UTF-8");
		at += step;
	}
	return at;
}

/* A string from ${start}, plain up to ${at}, that is longer than a block or holds more than plain
 * text. */
static const char *
scan_long_string(struct scan *scan, const char *start, const char *at, struct jsonl_value *value)
{
	while (at < scan->end) {
		const char *next = at + BLOCK_BYTES;

		/* What is special is looked at one by one, and the rest of the block not again. */
		for (uint32_t bits = block_bits(special_marks(block_at(at))); bits != 0;) {
			const char *special = at + block_first(bits), *behind;

			if (special >= scan->end)
				return cut_short(scan);
			if (*special == '"') {
				value->raw = (struct slice){ start, (size_t)(special - start) };
				return special + 1;
			}
			value->escaped |= *special == '\\';
			behind = scan_special(scan, special);
			if (behind == NULL)
				return NULL;
			if (behind >= next) {
				next = behind;
				break;
			}
			bits &= UINT32_MAX << (behind - at);
		}
		at = next;
	}
	return cut_short(scan);
}

/* ${at} stands behind the opening quote; returns what follows the closing one. */
static inline const char *
scan_string(struct scan *scan, const char *at, struct jsonl_value *value)
{
	/* Most strings end in their first block: those are done here, inlined, and their end costs
	 * no mispredicted branch. */
	size_t plain = block_first(block_bits(special_marks(block_at(at))));

	value->kind = JSONL_STRING;
	value->escaped = false;
	if (at[plain] != '"' || (size_t)(scan->end - at) <= plain)
		return scan_long_string(scan, at, at + (plain == BLOCK_BYTES ? plain : 0), value);
	value->raw = (struct slice){ at, plain };
	return at + plain + 1;
}

static const char *
skip_digits(const struct scan *scan, const char *at)
{
	while (at < scan->end && text_is_digit(*at))
		at++;
	return at;
}

static const char *
scan_number(struct scan *scan, const char *start, struct jsonl_value *value)
{
	const char *at = start + (*start == '-');
	const char *digits = at;

	at = skip_digits(scan, at);
	if (at == digits || (*digits == '0' && at - digits > 1))
		return fail(scan, start, "bad number");
	if (at < scan->end && *at == '.') {
		digits = at + 1;
		at = skip_digits(scan, digits);
		if (at == digits)
			return fail(scan, start, "bad number");
	}
	if (at < scan->end && (*at == 'e' || *at == 'E')) {
		at++;
		digits = at + (at < scan->end && (*at == '+' || *at == '-'));
		at = skip_digits(scan, digits);
		if (at == digits)
			return fail(scan, start, "bad number");
	}
	value->kind = JSONL_NUMBER;
	value->raw = (struct slice){ start, (size_t)(at - start) };
	return at;
}

static const char *
scan_word(struct scan *scan, const char *at, struct slice word, struct jsonl_value *value,
    enum jsonl_kind kind)
{
	if ((size_t)(scan->end - at) < word.len || memcmp(at, word.data, word.len) != 0)
		return fail(scan, at, "no value");
	value->kind = kind;
	value->raw = (struct slice){ at, word.len };
	return at + word.len;
}

static void
keep_key(struct scan *scan, struct slice text, const char *at)
{
	if (scan->key_count == scan->key_capacity) {
		struct key *more = mem_new(scan->key_capacity, 2 * sizeof(*more));

		memcpy(more, scan->keys, scan->key_count * sizeof(*more));
		if (scan->keys_on_heap)
			free(scan->keys);
		scan->keys = more;
		scan->keys_on_heap = true;
		scan->key_capacity *= 2;
	}
	scan->keys[scan->key_count++] = (struct key){ text, at };
}

static int
key_cmp(const void *left, const void *right)
{
	const struct key *a = left, *b = right;
	int order = slice_cmp(a->text, b->text);

	return order != 0 ? order : (a->at > b->at) - (a->at < b->at);
}

/* The first key that repeats an earlier one, or NULL; the order of ${keys} may change. */
static const struct key *
repeated_key(struct key *keys, size_t count)
{
	const struct key *repeated = NULL;

	if (count > KEYS_PAIRWISE) {
		qsort(keys, count, sizeof(*keys), key_cmp);
		for (size_t i = 1; i < count; i++)
			if (slice_equal(keys[i].text, keys[i - 1].text) &&
			    (repeated == NULL || keys[i].at < repeated->at))
				repeated = &keys[i];
		return repeated;
	}
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (slice_equal(keys[i].text, keys[j].text))
				return &keys[i];
	return NULL;
}

/* ${at} stands on the closing brace of the object whose keys begin at ${first}. */
static const char *
end_object(struct scan *scan, const char *at, size_t first)
{
	const struct key *repeated = repeated_key(scan->keys + first, scan->key_count - first);

	if (repeated != NULL)
		return fail(scan, repeated->at, "duplicate key");
	scan->key_count = first;
	return at + 1;
}

/* Where the value of the top-level key ${text} goes, or NULL if nobody wants it. */
static struct jsonl_value *
find_wanted(struct scan *scan, struct slice text)
{
	/* A record may lack keys, but seldom has them in another order. */
	size_t at = scan->expected;

	for (size_t left = scan->wanted_count; left > 0; left--, at++) {
		if (at == scan->wanted_count)
			at = 0;
		if (slice_equal(scan->wanted[at], text)) {
			scan->expected = at + 1;
			return &scan->values[at];
		}
	}
	return NULL;
}

/* Equal bytes, by comparisons of a constant size: those are inlined, and a call costs more than a
 * key. */
static inline bool
same_bytes(const char *a, const char *b, size_t len)
{
	if (len >= 8) {
		for (size_t i = 0; i < len - 8; i += 8)
			if (memcmp(a + i, b + i, 8) != 0)
				return false;
		return memcmp(a + len - 8, b + len - 8, 8) == 0;
	}
	if (len >= 4)
		return memcmp(a, b, 4) == 0 && memcmp(a + len - 4, b + len - 4, 4) == 0;
	for (size_t i = 0; i < len; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Whether the key that begins at ${at} is the one that mostly comes next. */
static inline bool
is_expected(const struct scan *scan, const char *at)
{
	struct slice key;

	if (scan->expected >= scan->wanted_count)
		return false;
	key = scan->wanted[scan->expected];
	return (size_t)(scan->end - at) > key.len && at[key.len] == '"' &&
	       same_bytes(at, key.data, key.len);
}

static struct slice
decoded_text(struct scan *scan, const struct jsonl_value *key)
{
	struct buf text = BUF_INIT;
	struct slice kept;

	jsonl_text(key, &text);
	kept = arena_dup(&scan->texts, buf_slice(&text));
	buf_free(&text);
	return kept;
}

/* ${at} stands behind the opening quote of a key; sets ${value} to where its value goes. */
static const char *
scan_key(struct scan *scan, const char *at, struct jsonl_value **value)
{
	const char *start = at - 1;
	struct jsonl_value key;
	struct jsonl_value *found = NULL;

	if (scan->depth == 1 && is_expected(scan, at)) {
		found = &scan->values[scan->expected];
		if (found->kind != JSONL_ABSENT)
			return fail(scan, start, "duplicate key");
		*value = found;
		return at + scan->wanted[scan->expected++].len + 1;
	}
	at = scan_string(scan, at, &key);
	if (at == NULL)
		return NULL;
	if (key.escaped)
		key.raw = decoded_text(scan, &key);
	if (scan->depth == 1)
		found = find_wanted(scan, key.raw);
	if (found == NULL)
		keep_key(scan, key.raw, start);
	else if (found->kind != JSONL_ABSENT)
		return fail(scan, start, "duplicate key");
	else
		*value = found;
	return at;
}

/* NOLINTBEGIN(misc-no-recursion): BOUND_DEPTH ends it. */

/* ${at} stands behind the opening brace; returns what follows the closing one. */
static const char *
scan_object(struct scan *scan, const char *at)
{
	size_t first = scan->key_count;

	at = skip_space(scan, at);
	if (at < scan->end && *at == '}')
		return at + 1;
	for (;;) {
		struct jsonl_value unwanted;
		struct jsonl_value *value = &unwanted;

		if (at >= scan->end || *at != '"')
			return unexpected(scan, at, "no key");
		at = scan_key(scan, at + 1, &value);
		if (at == NULL)
			return NULL;
		at = skip_space(scan, at);
		if (at >= scan->end || *at != ':')
			return unexpected(scan, at, "no colon");
		at = scan_value(scan, at + 1, value);
		if (at == NULL)
			return NULL;
		at = skip_space(scan, at);
		if (at < scan->end && *at == '}')
			return end_object(scan, at, first);
		if (at >= scan->end || *at != ',')
			return unexpected(scan, at, "no comma");
		at = skip_space(scan, at + 1);
	}
}

/* ${at} stands behind the opening bracket; returns what follows the closing one. */
static const char *
scan_array(struct scan *scan, const char *at, struct jsonl_value *array)
{
	struct jsonl_value element;

	array->of_strings = true;
	array->elements = 0;
	at = skip_space(scan, at);
	if (at < scan->end && *at == ']')
		return at + 1;
	for (size_t count = 1;; count++) {
		at = scan_value(scan, at, &element);
		if (at == NULL)
			return NULL;
		array->of_strings &= element.kind == JSONL_STRING;
		array->elements = (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX);
		at = skip_space(scan, at);
		if (at < scan->end && *at == ']')
			return at + 1;
		if (at >= scan->end || *at != ',')
			return unexpected(scan, at, "no comma");
		at++;
	}
}

static const char *
scan_nested(struct scan *scan, const char *start, struct jsonl_value *value)
{
	const char *at;

	if (scan->depth == BOUND_DEPTH)
		return fail(scan, start, "nested too deep");
	scan->depth++;
	at = *start == '{' ? scan_object(scan, start + 1) : scan_array(scan, start + 1, value);
	scan->depth--;
	if (at == NULL)
		return NULL;
	value->kind = *start == '{' ? JSONL_OBJECT : JSONL_ARRAY;
	value->raw = (struct slice){ start, (size_t)(at - start) };
	return at;
}

static const char *
scan_value(struct scan *scan, const char *at, struct jsonl_value *value)
{
	at = skip_space(scan, at);
	if (at >= scan->end)
		return cut_short(scan);
	if (*at == '"')
		return scan_string(scan, at + 1, value);
	if (*at == '{' || *at == '[')
		return scan_nested(scan, at, value);
	if (*at == '-' || text_is_digit(*at))
		return scan_number(scan, at, value);
	if (*at == 'n')
		return scan_word(scan, at, SLICE_LITERAL("null"), value, JSONL_NULL);
	if (*at == 't')
		return scan_word(scan, at, SLICE_LITERAL("true"), value, JSONL_TRUE);
	if (*at == 'f')
		return scan_word(scan, at, SLICE_LITERAL("false"), value, JSONL_FALSE);
	return unexpected(scan, at, "no value");
}

/* NOLINTEND(misc-no-recursion) */

/* Returns what follows the object and white space behind it. */
static const char *
scan_top(struct scan *scan)
{
	struct jsonl_value object;
	const char *at = skip_space(scan, scan->line);

	if (at >= scan->end || *at != '{')
		return unexpected(scan, at, "no object");
	at = scan_nested(scan, at, &object);
	return at == NULL ? NULL : skip_space(scan, at);
}

void
jsonl_pad(struct buf *text)
{
	memset(buf_reserve(text, JSONL_PADDING), 0, JSONL_PADDING);
}

/* Scan the object at the front of ${text}, with what scan_top returns. */
static const char *
scan_front(struct slice text, const struct slice *keys, size_t count, struct jsonl_value *values,
    struct jsonl_error *error)
{
	struct key keys_at_hand[KEYS_AT_HAND];
	struct scan scan = {
		.line = text.data,
		.end = text.data + text.len,
		.error = error,
		.wanted = keys,
		.values = values,
		.wanted_count = count,
		.keys = keys_at_hand,
		.key_capacity = KEYS_AT_HAND,
		.texts = ARENA_INIT,
	};
	const char *at;

	for (size_t i = 0; i < count; i++)
		values[i] = (struct jsonl_value){ .kind = JSONL_ABSENT };
	at = scan_top(&scan);
	if (scan.keys_on_heap)
		free(scan.keys);
	arena_free(&scan.texts);
	return at;
}

int
jsonl_scan(const char *line, size_t len, const struct slice *keys, size_t count,
    struct jsonl_value *values, struct jsonl_error *error)
{
	const char *end = line + len;
	const char *at = scan_front((struct slice){ line, len }, keys, count, values, error);

	if (at == NULL)
		return -1;
	if (at == end)
		return 0;
	*error = (struct jsonl_error){
		*at == '\n' ? "newline in the line" : "text behind the object",
		(size_t)(at - line),
	};
	return -1;
}

int
jsonl_scan_first(struct slice text, const struct slice *keys, size_t count,
    struct jsonl_value *values, size_t *len)
{
	struct jsonl_error error;
	const char *at = text.len == 0 ? NULL : scan_front(text, keys, count, values, &error);

	if (at == NULL || at == text.data + text.len || *at != '\n')
		return -1;
	*len = (size_t)(at - text.data);
	return 0;
}
