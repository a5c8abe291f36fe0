#ifndef FINESET_PARAGRAPH_H
#define FINESET_PARAGRAPH_H

#include "buf.h"
#include "slice.h"

#include <stddef.h>

/* Columns of a terminal that nobody has made wider. */
#define PARAGRAPH_COLUMNS 80

/**
 * paragraph_write(text, column, indent, out):
 * Append ${text}, as text_show gives it, in lines of at most PARAGRAPH_COLUMNS columns, and a
 * newline: the first goes on from ${column}, the others start behind ${indent} blanks (both less
 * than half of that).  It breaks at blanks, of which it keeps one, and within a word only where
 * that is longer than a line.
 */
void paragraph_write(struct slice text, size_t column, size_t indent, struct buf *out);

#endif
