#ifndef FINESET_BASE64_H
#define FINESET_BASE64_H

#include "buf.h"

#include <stddef.h>

/** base64_add(data, len, out): Append ${len} bytes in base64, padded; texts of lengths that 3
 * divides may stand behind each other. */
void base64_add(const char *data, size_t len, struct buf *out);

#endif
