#ifndef APISERVER_WORDS_H
#define APISERVER_WORDS_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>

/*
 * Text as both search engines see it: words in lower case without punctuation, roughly stemmed for
 * English (both APIs say that they stem), each with a blank on either side: " specul decod ".  A
 * phrase is found by looking for its words in the same form.
 */

/** words_fold(text, out): Append the folded form of ${text}; nothing at all if it holds no word. */
void words_fold(struct slice text, struct buf *out);

/** words_fold_prefix(text, out): The same for `PREFIX*`: its last word is neither stemmed nor
 * closed. */
void words_fold_prefix(struct slice text, struct buf *out);

/** words_hold(words, part): Whether the folded ${words} hold the folded ${part}; no word is held
 * nowhere. */
bool words_hold(struct slice words, struct slice part);

#endif
