#ifndef APISERVER_ARXIV_ATOM_H
#define APISERVER_ARXIV_ATOM_H

#include "buf.h"
#include "slice.h"
#include "world.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What stands above the entries of a feed. */
struct atom_head {
	/* The dialect spoken until 2025-11-11. */
	bool legacy;
	/* As echoed: repaired in the title, nested in the link. */
	struct slice query;
	struct slice nested;
	struct slice id_list;
	size_t total;
	size_t start;
	size_t max_results;
	/* When it is answered. */
	int64_t now;
};

/** atom_head_write(head, out): Append the XML declaration and the feed down to its first entry. */
void atom_head_write(const struct atom_head *head, struct buf *out);

/** atom_entry_write(paper, version, legacy, out): Append the entry of one version, from 1. */
void atom_entry_write(
    const struct arxiv_paper *paper, size_t version, bool legacy, struct buf *out);

/** atom_tail_write(out): Append the feed's end. */
void atom_tail_write(struct buf *out);

/** atom_error_write(message, fragment, legacy, now, out): Append a whole Error feed, its id with
 * `#message` or without. */
void atom_error_write(
    const char *message, bool fragment, bool legacy, int64_t now, struct buf *out);

#endif
