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

/** url_same_origin(a, b): Whether two URLs have scheme, host and port in common. */
bool url_same_origin(const char *a, const char *b);

/**
 * url_may_send(url, base):
 * Whether data may go to an address that the server at ${base} gave: https to anywhere but this
 * machine; for a server on this machine also to it, by http, too.  No user may stand in it.
 */
bool url_may_send(const char *url, const char *base);

#endif
