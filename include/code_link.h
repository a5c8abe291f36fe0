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

#endif
