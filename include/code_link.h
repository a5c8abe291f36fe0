#ifndef FINESET_CODE_LINK_H
#define FINESET_CODE_LINK_H

#include "buf.h"
#include "slice.h"

#include <stdbool.h>

enum code_evidence {
	/* Nothing says that the paper's code is out. */
	CODE_NONE,
	/* The text states that it is, without an address. */
	CODE_STATED,
	/* There is a repository address. */
	CODE_ADDRESS
};

/**
 * code_link_find(comment, abstract, url):
 * Look for the paper's code in its comment and abstract (either may be SLICE_NONE; clean text, see
 * text.h). With CODE_ADDRESS the address is appended to ${url}: with its path, completed with
 * `https://`, freed of LaTeX, `.git` and trailing punctuation; github.com before gitlab.com,
 * bitbucket.org and codeberg.org, the comment before the abstract, the first before later ones.
 * has_code of a row is anything but CODE_NONE.
 */
enum code_evidence code_link_find(struct slice comment, struct slice abstract, struct buf *url);

/**
 * code_link_stated(text):
 * Whether a sentence of ${text} states that the paper's own code is out: "code is available", "we
 * release our implementation", "we introduce X, an open-source framework".  Promises ("will be",
 * "upon acceptance") and negations do not count, nor does what the paper merely uses.  What address
 * stands with it does not matter.
 */
bool code_link_stated(struct slice text);

#endif
