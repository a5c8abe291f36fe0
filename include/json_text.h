#ifndef FINESET_JSON_TEXT_H
#define FINESET_JSON_TEXT_H

#include "buf.h"
#include "slice.h"

#include <stddef.h>

/* What can be said of a JSON document before a parser builds anything from it. */
enum json_text {
	/* Ends where it should; it may still be malformed. */
	JSON_TEXT_WHOLE,
	/* Nothing but white space. */
	JSON_TEXT_EMPTY,
	/* Neither an object nor an array. */
	JSON_TEXT_FOREIGN,
	/* Nested deeper than BOUND_DEPTH. */
	JSON_TEXT_DEEP,
	/* More than BOUND_VALUES values. */
	JSON_TEXT_CROWDED,
	/* Would take more memory than BOUND_JSON_BYTES, or a string or a number in it is longer
	   than BOUND_LINE_BYTES. */
	JSON_TEXT_HEAVY,
	/* A string, an array or an object is open at its end. */
	JSON_TEXT_CUT
};

/** json_text_check(text): Look over a document, in linear time and without memory. */
enum json_text json_text_check(struct slice text);

/**
 * json_text_mend(text, out):
 * Append ${text} to ${out} with U+FFFD in its strings for what no JSON text may hold: `\u0000`,
 * half a surrogate pair, bytes that are no UTF-8, control characters; and with quotes around each
 * number that is too big for a parser, so that its field may be refused.  Returns how many
 * characters were replaced; past BOUND_BAD_CHARACTERS it stops.
 */
size_t json_text_mend(struct slice text, struct buf *out);

#endif
