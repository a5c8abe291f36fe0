#ifndef FINESET_SECRET_H
#define FINESET_SECRET_H

#include "slice.h"

#include <stddef.h>

/**
 * secret_hide(secret, text, len):
 * Put stars in the place of each ${secret}, which is ASCII and not empty, in ${len} bytes of
 * ${text}, also where some of its letters are written as JSON escapes, percent-encoded or as XML
 * references by number.
 */
void secret_hide(struct slice secret, char *text, size_t len);

#endif
