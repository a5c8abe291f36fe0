#ifndef FINESET_URL_H
#define FINESET_URL_H

#include "attribute.h"
#include "log.h"

#include <stdbool.h>

/* Where requests may go. */

/** url_is_loopback(url): Whether a URL's host is this machine itself. */
bool url_is_loopback(const char *url);

/** url_check(url, what, log): Whether a base URL may be used: https, or http to this machine.  0,
 * or -1 (logged as `WHAT: ...`). */
int url_check(const char *url, const char *what, const struct log *log) MUST_CHECK;

/** url_may_follow(from, to): Whether a redirect may be followed: on the same host, and on the same
 * port with the same scheme, or to https. */
bool url_may_follow(const char *from, const char *to);

#endif
