#ifndef FINESET_XML_TEXT_H
#define FINESET_XML_TEXT_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * xml_text_bads(text):
 * How often ${text} has what no XML document may hold: bytes that are no UTF-8, control characters,
 * U+FFFE and U+FFFF, and references to such characters, as in `&#0;` (in a CDATA section that is
 * text, and counts all the same).  Past BOUND_BAD_CHARACTERS it stops.
 */
size_t xml_text_bads(struct slice text);

/** xml_text_mend(text, bads, out): Append ${text} to ${out} with U+FFFD for each of its ${bads},
 * which xml_text_bads has counted. */
void xml_text_mend(struct slice text, size_t bads, struct buf *out);

/** xml_text_has_long_tag(text): Whether a start tag is longer than BOUND_TAG_BYTES; linear. */
bool xml_text_has_long_tag(struct slice text);

#endif
