#ifndef FINESET_HUB_LICENSE_H
#define FINESET_HUB_LICENSE_H

#include "buf.h"
#include "slice.h"

/**
 * hub_license_write(license, out):
 * Append the lines of a card's front matter on its license: `license: ID` for an identifier of the
 * Hub's list (huggingface.co/docs/hub/repositories-licenses), in any case; else `license: other`
 * and a license_name made of its letters and digits; `other` alone if there is none.
 */
void hub_license_write(struct slice license, struct buf *out);

#endif
