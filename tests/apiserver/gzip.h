#ifndef APISERVER_GZIP_H
#define APISERVER_GZIP_H

#include "buf.h"
#include "slice.h"

#include <stddef.h>

/*
 * RFC 1952 without zlib, which nothing else here needs: a client only has to be made to unpack.
 */

/** gzip_stored(text, out): Append ${text} as gzip, in stored blocks. */
void gzip_stored(struct slice text, struct buf *out);

/** gzip_blanks(len, out): Append ${len} blanks as gzip, packed 150 to 1. */
void gzip_blanks(size_t len, struct buf *out);

#endif
