/*
 * The scanner of JSON lines against jansson: the same verdict and the same values, and what is
 * copied or written reads back equal.  tests/unit/test_jsonl.c includes this file for its seeded
 * mutations.
 */
#include "bounds.h"
#include "jsonl.h"
#include "mem.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At most so many keys of a line are asked for. */
#define WANTED_KEYS 100

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
holds(const char *line, size_t len, char c)
{
	return len > 0 && memchr(line, c, len) != NULL;
}

/* A heap copy with just the padding that jsonl_scan may read, so that a sanitizer sees it read
 * more. */
static char *
padded_copy(const char *line, size_t len, const char *garbage)
{
	char *copy = mem_new(len + JSONL_PADDING, 1);

	if (len > 0)
		memcpy(copy, line, len);
	for (size_t i = 0; i < JSONL_PADDING; i++)
		copy[len + i] = garbage[i % strlen(garbage)];
	return copy;
}

static size_t
tree_depth(json_t *tree)
{
	size_t deepest = 0, index;
	const char *key;
	json_t *child;

	json_object_foreach(tree, key, child)
	{
		size_t depth = tree_depth(child);

		deepest = depth > deepest ? depth : deepest;
	}
	json_array_foreach(tree, index, child)
	{
		size_t depth = tree_depth(child);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest + (json_is_object(tree) || json_is_array(tree));
}

/* Whether jsonl_copy gives JSON that jansson reads as ${tree}, and that does not change any more.
 */
static bool
copies_well(json_t *tree, const struct jsonl_value *value)
{
	struct slice key = SLICE_LITERAL("k");
	struct buf line = BUF_INIT, again = BUF_INIT;
	struct jsonl_value copied;
	struct jsonl_error error;
	json_t *reread;
	bool well;

	buf_add_text(&line, "{\"k\":");
	jsonl_copy(value, &line);
	reread =
	    json_loadb(line.data + 5, line.len - 5, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	well = reread != NULL && json_equal(reread, tree);
	json_decref(reread);
	buf_add_char(&line, '}');
	buf_reserve(&line, JSONL_PADDING);
	well = well && jsonl_scan(line.data, line.len, &key, 1, &copied, &error) == 0;
	if (well) {
		jsonl_copy(&copied, &again);
		well =
		    again.len == line.len - 6 && memcmp(again.data, line.data + 5, again.len) == 0;
	}
	buf_free(&line);
	buf_free(&again);
	return well;
}

static bool
same_string(const json_t *string, const struct jsonl_value *value)
{
	struct slice wanted = { json_string_value(string), json_string_length(string) };
	struct buf text = BUF_INIT, copied = BUF_INIT, written = BUF_INIT;
	bool same;

	jsonl_text(value, &text);
	jsonl_copy(value, &copied);
	jsonl_write_string(wanted, &written);
	same = value->kind == JSONL_STRING && slice_equal(buf_slice(&text), wanted) &&
	       slice_equal(buf_slice(&copied), buf_slice(&written)) &&
	       value->escaped == (holds(value->raw.data, value->raw.len, '\\'));
	buf_free(&text);
	buf_free(&copied);
	buf_free(&written);
	return same;
}

static bool
same_number(const json_t *number, const struct jsonl_value *value)
{
	char text[64];
	int64_t integer;

	if (value->kind != JSONL_NUMBER)
		return false;
	if (json_is_integer(number))
		return jsonl_int64(value, &integer) == 0 && integer == json_integer_value(number);
	if (jsonl_int64(value, &integer) == 0)
		return false;
	if (value->raw.len >= sizeof(text))
		return true;
	memcpy(text, value->raw.data, value->raw.len);
	text[value->raw.len] = '\0';
	return !(strtod(text, NULL) < json_real_value(number)) &&
	       !(strtod(text, NULL) > json_real_value(number));
}

static bool same_value(json_t *tree, const struct jsonl_value *value);

/* Whether the walk over an object's members meets those of ${tree}, in their order. */
static bool
same_members(json_t *tree, struct slice object)
{
	struct jsonl_value name, value;
	struct buf text = BUF_INIT;
	bool same = true;
	size_t at = 0;
	const char *key;
	json_t *child;

	json_object_foreach(tree, key, child)
	{
		buf_clear(&text);
		same = same && jsonl_next_member(object, &at, &name, &value);
		if (same)
			jsonl_text(&name, &text);
		same = same && slice_is(buf_slice(&text), key) && same_value(child, &value);
	}
	buf_free(&text);
	return same && !jsonl_next_member(object, &at, &name, &value);
}

static bool
same_value(json_t *tree, const struct jsonl_value *value)
{
	static const enum jsonl_kind kinds[] = {
		[JSON_OBJECT] = JSONL_OBJECT,
		[JSON_ARRAY] = JSONL_ARRAY,
		[JSON_STRING] = JSONL_STRING,
		[JSON_INTEGER] = JSONL_NUMBER,
		[JSON_REAL] = JSONL_NUMBER,
		[JSON_TRUE] = JSONL_TRUE,
		[JSON_FALSE] = JSONL_FALSE,
		[JSON_NULL] = JSONL_NULL,
	};
	struct jsonl_value element;
	size_t at = 0;

	if (value->kind != kinds[json_typeof(tree)])
		return false;
	if (json_is_string(tree))
		return same_string(tree, value);
	if (json_is_number(tree))
		return same_number(tree, value);
	if (json_is_object(tree))
		return same_members(tree, value->raw);
	for (size_t i = 0; i < json_array_size(tree); i++)
		if (!jsonl_next(value, &at, &element) ||
		    !same_value(json_array_get(tree, i), &element))
			return false;
	return !jsonl_next(value, &at, &element);
}

/* A key that may be asked for: it needs no escapes. */
static bool
is_plain_key(const char *key)
{
	for (; *key != '\0'; key++)
		if ((unsigned char)*key < 0x20 || *key == '"' || *key == '\\')
			return false;
	return true;
}

/* Asks for the keys of ${tree} from ${first} on, every ${step}th, forwards or backwards. */
static const char *
values_fault(json_t *tree, const char *line, size_t len, size_t step, bool backwards)
{
	struct slice keys[WANTED_KEYS];
	struct jsonl_value values[WANTED_KEYS];
	struct jsonl_error error;
	size_t count = 0, seen = 0;
	const char *key;
	json_t *child;

	json_object_foreach(tree, key, child) if (count < WANTED_KEYS && is_plain_key(key) &&
						  seen++ % step == 0) keys[count++] = slice_of(key);
	for (size_t i = 0; backwards && i < count / 2; i++) {
		struct slice other = keys[i];

		keys[i] = keys[count - 1 - i];
		keys[count - 1 - i] = other;
	}
	if (jsonl_scan(line, len, keys, count, values, &error) == -1)
		return "the verdict depends on the wanted keys";
	for (size_t i = 0; i < count; i++) {
		child = json_object_get(tree, keys[i].data);
		if (!same_value(child, &values[i]))
			return "another value";
		if (!copies_well(child, &values[i]))
			return "a copy that reads back different";
	}
	return NULL;
}

/* What must hold of a verdict, given jansson's. */
static const char *
verdict_fault(
    json_t *tree, const json_error_t *oracle, const char *line, size_t len, const char *reason)
{
	if (tree == NULL) {
		/* jansson stops at numbers that no double holds; JSON allows any. */
		if (json_error_code(oracle) == json_error_numeric_overflow)
			return NULL;
		return reason == NULL ? "accepted what jansson refuses" : NULL;
	}
	/* jansson 2.14 overlooks a raw NUL behind a number or a word. */
	if (!json_is_object(tree) || holds(line, len, '\n') || holds(line, len, '\0'))
		return reason == NULL ? "accepted what is no line with an object" : NULL;
	if (tree_depth(tree) > BOUND_DEPTH)
		return reason == NULL || strcmp(reason, "nested too deep") != 0 ? "nested too deep"
										: NULL;
	return reason != NULL ? "refused what jansson accepts" : NULL;
}

/* Whether an integer is the one that is written there; jansson refuses those that no int64_t holds.
 */
static bool
integer_reads_back(const struct jsonl_value *value)
{
	struct buf text = BUF_INIT;
	int64_t integer;
	bool same = true;

	if (jsonl_int64(value, &integer) == 0) {
		buf_printf(&text, "%" PRId64, integer);
		same = slice_equal(buf_slice(&text), value->raw) || slice_is(value->raw, "-0");
	}
	buf_free(&text);
	return same;
}

/* What is wrong with the verdict.  jansson refuses integers past its own type, which JSON allows,
 * unless it may read them as reals. */
static const char *
oracle_fault(
    json_t *tree, const json_error_t *oracle, const char *line, size_t len, const char *reason)
{
	const char *fault;
	json_t *reals = NULL;
	json_error_t error = *oracle;

	if (tree == NULL && json_error_code(oracle) == json_error_numeric_overflow)
		reals =
		    json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
	fault = verdict_fault(tree == NULL ? reals : tree, &error, line, len, reason);
	json_decref(reals);
	return fault;
}

/* Whether jsonl_scan_first gives the line where more text follows, and refuses what is ${refused};
 * it may find a shorter line that is good. */
static bool
first_agrees(const char *line, size_t len, bool refused)
{
	static const char behind[] = "\n\"}\n";
	const struct slice key = SLICE_LITERAL("title");
	struct jsonl_value alone, first;
	struct jsonl_error error;
	struct buf text = BUF_INIT;
	size_t found = 0;
	char *copy;
	bool same, good;

	buf_add(&text, line, len);
	buf_add_text(&text, behind);
	copy = padded_copy(text.data, text.len, "}\n");
	good = jsonl_scan_first((struct slice){ copy, text.len }, &key, 1, &first, &found) == 0;
	if (good && found == len)
		same = !refused && jsonl_scan(copy, len, &key, 1, &alone, &error) == 0 &&
		       alone.kind == first.kind && alone.raw.data == first.raw.data &&
		       alone.raw.len == first.raw.len;
	else if (good)
		same = refused && found < len && copy[found] == '\n' &&
		       jsonl_scan(copy, found, &key, 1, &alone, &error) == 0;
	else
		same = refused;
	same = same && jsonl_scan_first((struct slice){ copy, len }, &key, 1, &first, &found) ==
			   (good && found < len ? 0 : -1);
	free(copy);
	buf_free(&text);
	return same;
}

/* What is wrong with how a line is read, or NULL. */
static const char *
jsonl_fault(const char *line, size_t len)
{
	const struct slice keys[] = { SLICE_LITERAL("a"), SLICE_LITERAL("title"),
		SLICE_LITERAL("b") };
	char *copy = padded_copy(line, len, "\"}"), *other = padded_copy(line, len, "]0}\\u\xc3");
	struct jsonl_value values[3];
	struct jsonl_error error = { NULL, 0 }, again = { NULL, 0 };
	json_error_t oracle;
	json_t *tree = json_loadb(copy, len, JSON_REJECT_DUPLICATES, &oracle);
	bool refused = jsonl_scan(copy, len, keys, 3, values, &error) == -1;
	const char *fault = oracle_fault(tree, &oracle, copy, len, error.reason);

	if (refused != (error.reason != NULL) || error.offset > len)
		fault = "no reason, or one that lies outside the line";
	for (size_t i = 0; !refused && i < 3; i++)
		if (!integer_reads_back(&values[i]))
			fault = "an integer that is another one";
	if ((jsonl_scan(other, len, keys, 3, values, &again) == -1) != refused ||
	    error.reason != again.reason || error.offset != again.offset)
		fault = "the verdict depends on the padding";
	if ((jsonl_scan(copy, len, NULL, 0, NULL, &again) == -1) != refused)
		fault = "the verdict depends on the wanted keys";
	if (!first_agrees(copy, len, refused))
		fault = "the first of two lines is another one";
	for (size_t step = 1; fault == NULL && tree != NULL && !refused && step <= 2; step++) {
		fault = values_fault(tree, copy, len, step, false);
		if (fault == NULL)
			fault = values_fault(tree, copy, len, step, true);
	}
	if (fault == NULL && tree != NULL && !refused &&
	    !same_members(tree, (struct slice){ copy, len }))
		fault = "the walk meets other members";
	json_decref(tree);
	free(copy);
	free(other);
	return fault;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *fault = jsonl_fault((const char *)data, len);

	if (fault != NULL) {
		fprintf(stderr, "fuzz_jsonl: %s\n", fault);
		abort();
	}
	return 0;
}
