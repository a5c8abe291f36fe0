#ifndef FINESET_XML_TEXT_H
#define FINESET_XML_TEXT_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * xml_text_mend(text, out):
 * Append ${text} to ${out} with U+FFFD for what no XML document may hold: bytes that are no UTF-8,
 * control characters, U+FFFE and U+FFFF, and references to such characters, as in `&#0;` (in a
 * CDATA section that is text, and replaced all the same).  Returns how many there were; past
 * BOUND_BAD_CHARACTERS it stops.
 */
size_t xml_text_mend(struct slice text, struct buf *out);

/** xml_text_has_long_tag(text): Whether a start tag is longer than BOUND_TAG_BYTES; linear. */
bool xml_text_has_long_tag(struct slice text);

#endif
