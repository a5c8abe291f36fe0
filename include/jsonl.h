#ifndef FINESET_JSONL_H
#define FINESET_JSONL_H

#include "attribute.h"
#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One line of JSONL, read without building anything: the top-level object is validated completely
 * (RFC 8259: escapes, surrogate pairs, numbers of any size, UTF-8, no byte order mark) and its
 * wanted values come out as slices of the line.  Stricter than the RFC: nesting up to BOUND_DEPTH,
 * the top-level object counted; no `\u0000`; no duplicate key at any level, escapes decoded; and no
 * newline among the white space, so that any value may be copied into another line as it stands.  A
 * carriage return is white space, as in files with CRLF.
 */
enum jsonl_kind {
	JSONL_ABSENT,
	JSONL_NULL,
	JSONL_FALSE,
	JSONL_TRUE,
	JSONL_NUMBER,
	JSONL_STRING,
	JSONL_ARRAY,
	JSONL_OBJECT
};

/*
 * A value in the line, valid as long as that is: the bytes between the quotes of a string, the
 * whole JSON text of anything else, SLICE_NONE of an absent one.
 */
struct jsonl_value {
	struct slice raw;
	enum jsonl_kind kind;
	/* Of a string: it holds at least one backslash, so raw is not yet its text. */
	bool escaped;
	/* Of an array that jsonl_scan gave: none of its elements is anything but a string; and how
	 * many it has, UINT16_MAX for any more. */
	bool of_strings;
	uint16_t elements;
};

/* So many bytes behind a line must be readable (their value does not matter). */
#define JSONL_PADDING 64

/** jsonl_pad(text): Have JSONL_PADDING zeros behind a text, which do not become part of it. */
void jsonl_pad(struct buf *text);

struct jsonl_error {
	/* A constant text such as "duplicate key". */
	const char *reason;
	/* Byte offset in the line of what is wrong: a token, an escape, a byte, a key's quote. */
	size_t offset;
};

/**
 * jsonl_scan(line, len, keys, count, values, error):
 * Validate ${line} (no newline in it) as one JSON object and set ${values}[i] to the value of the
 * top-level key ${keys}[i], JSONL_ABSENT where the line has no such key.  Keys that nobody wants
 * are validated and passed over; a key written with escapes is compared decoded.  Wanted keys
 * differ from each other and need no escapes themselves.  It is fastest when the line has its keys
 * in the order of the wanted ones.  JSONL_PADDING bytes behind the line must be readable.  0, or -1
 * with ${error} filled in and ${values} of no use.
 */
int jsonl_scan(const char *line, size_t len, const struct slice *keys, size_t count,
    struct jsonl_value *values, struct jsonl_error *error) MUST_CHECK;

/**
 * jsonl_scan_first(text, keys, count, values, len):
 * jsonl_scan of the first line of ${text}, whose newline is found on the way: that saves a search
 * for it.  Sets ${len} to the line's length without the newline.  0, or -1 if there is none or
 * jsonl_scan has something to say of the line.
 */
int jsonl_scan_first(struct slice text, const struct slice *keys, size_t count,
    struct jsonl_value *values, size_t *len) MUST_CHECK;

/** jsonl_text(value, out): Append the text of a string value, its escapes decoded. */
void jsonl_text(const struct jsonl_value *value, struct buf *out);

/** jsonl_decoded(value, decoded): The text of a string value: its bytes in the line, or in
 * ${decoded} (whose bytes are forgotten) where it has escapes; borrowed. */
struct slice jsonl_decoded(const struct jsonl_value *value, struct buf *decoded);

/** jsonl_decode(value, to): Write the text of a string value to ${to}, where there is room for its
 * raw bytes and a NUL; returns its length. */
size_t jsonl_decode(const struct jsonl_value *value, char *to);

/**
 * jsonl_copy(value, out):
 * Append a value as canonical JSON: strings with `\u` and `\/` rewritten (only `"`, `\`, and
 * control characters stay escaped: \b \f \n \r \t, \u00xx lower case), an array with its elements
 * joined by `, ` and those that are strings canonical, any other value and any other element as it
 * stands.  An absent value becomes `null`.
 */
void jsonl_copy(const struct jsonl_value *value, struct buf *out);

/** jsonl_int64(value, number): An integer value (no fraction, no exponent).  0, or -1 if it is none
 * or too big. */
int jsonl_int64(const struct jsonl_value *value, int64_t *number) MUST_CHECK;

/**
 * jsonl_next(array, at, element):
 * Walk an array value: ${at} starts at 0.  Returns true and sets ${element}, or false at the end.
 * The line must have passed jsonl_scan, or be a document in many lines that another parser takes.
 */
bool jsonl_next(const struct jsonl_value *array, size_t *at, struct jsonl_value *element);

/**
 * jsonl_next_member(object, at, key, value):
 * Walk the members of an object in their order: ${object} is a line, or the raw text of an object
 * in one; ${at} starts at 0.  Returns true and sets ${key} (a string; jsonl_text decodes it) and
 * ${value}, or false at the end.  What jsonl_next says of the line holds here too.
 */
bool jsonl_next_member(
    struct slice object, size_t *at, struct jsonl_value *key, struct jsonl_value *value);

/** jsonl_write_string(text, out): Append ${text}, valid UTF-8, as a canonical JSON string; no value
 * gives `null`. */
void jsonl_write_string(struct slice text, struct buf *out);

/** jsonl_write_strings(list, out): Append `["a", "b"]`. */
void jsonl_write_strings(struct slice_list list, struct buf *out);

#endif
