#ifndef APISERVER_S2_JSON_H
#define APISERVER_S2_JSON_H

#include "arena.h"
#include "attribute.h"
#include "buf.h"
#include "slice.h"
#include "world.h"

#include <stdbool.h>
#include <stddef.h>

/* Fields that an answer was asked for, in the order in which the API gives them; paperId always
 * comes. */
struct s2_fields {
	bool wanted[32];
};

/**
 * s2_fields_parse(text, full, fields, refused):
 * Read a `fields` parameter; without one it is `paperId,title`.  ${full} allows what the bulk
 * search lacks (its papers are BasePaper).  0, or -1 with the refused names in ${refused}.
 */
int s2_fields_parse(
    struct slice text, bool full, struct s2_fields *fields, struct buf *refused) MUST_CHECK;

/** s2_paper_write(paper, fields, out): Append the object; what the world does not say is null. */
void s2_paper_write(const struct s2_paper *paper, const struct s2_fields *fields, struct buf *out);

#endif
