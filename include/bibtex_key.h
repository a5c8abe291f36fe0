#ifndef FINESET_BIBTEX_KEY_H
#define FINESET_BIBTEX_KEY_H

#include "buf.h"
#include "row_line.h"

/**
 * bibtex_key_write(row, out):
 * Append the key that a row is cited by, made of this row alone: `leviathan2022-2211.17192`, the
 * last word of the first author's name in the letters a to z (`anon` without one), the year if
 * there is one, and the arXiv id, its slash a hyphen; without one the first 16 digits of the
 * record's id.
 */
void bibtex_key_write(const struct row_line *row, struct buf *out);

#endif
