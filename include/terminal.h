#ifndef FINESET_TERMINAL_H
#define FINESET_TERMINAL_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

/** terminal_columns(fd): Columns of the window that ${fd} writes to: what the window says, else
 * COLUMNS of the environment, else 80; SIZE_MAX, no limit, if it is no terminal and COLUMNS is not
 * set. */
size_t terminal_columns(int fd);

/** terminal_has_links(fd): Whether OSC 8 links may be written: ${fd} is a terminal, and TERM is
 * none of those that are known to lack them.  They are no colour, so NO_COLOR does not matter. */
bool terminal_has_links(int fd);

/** terminal_width(text): Columns of ${text} as text_show gives it; a combining mark takes none. */
size_t terminal_width(struct slice text);

/** terminal_cut(text, columns, out): Append what of ${text}, as text_show gives it, fits; what is
 * cut ends in `…`.  A character and its marks stay together.  Returns the columns it takes. */
size_t terminal_cut(struct slice text, size_t columns, struct buf *out);

/** terminal_link(url, text, out): Append ${text} as a link; without one if ${url} is no address of
 * printable ASCII that begins with https:// or http://. */
void terminal_link(struct slice url, struct slice text, struct buf *out);

#endif
