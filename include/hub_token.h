#ifndef FINESET_HUB_TOKEN_H
#define FINESET_HUB_TOKEN_H

#include "attribute.h"
#include "buf.h"
#include "log.h"

#include <stdbool.h>

/** hub_token_flag(name): Whether a switch of the Hub's is on in the environment: 1, ON, YES or
 * TRUE. */
bool hub_token_flag(const char *name);

/**
 * hub_token_find(token, place, log):
 * Append the user's token, from HF_TOKEN, from HUGGING_FACE_HUB_TOKEN, or from the file that the
 * Hub's own programs keep it in (HF_TOKEN_PATH; HF_HOME, XDG_CACHE_HOME), and to ${place} where it
 * was found, for people.  0, or -1 (logged: where it is looked for).
 */
int hub_token_find(struct buf *token, struct buf *place, const struct log *log) MUST_CHECK;

#endif
