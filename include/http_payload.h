#ifndef FINESET_HTTP_PAYLOAD_H
#define FINESET_HTTP_PAYLOAD_H

#include "attribute.h"
#include "buf.h"
#include "http.h"
#include "slice.h"

#include <stdbool.h>

/* What a request of an endpoint sends, as curl is to have it: method, headers, body. */
struct http_payload;

/** http_payload_new(endpoint): Ready for requests of an endpoint. */
struct http_payload *http_payload_new(const struct http_endpoint *endpoint) MUST_CHECK;

/** http_payload_free(payload): Free it; curl must be done with it. */
void http_payload_free(struct http_payload *payload);

/**
 * http_payload_set(payload, easy, request):
 * Have a handle of curl's send ${request}, of which a body in memory and the headers are copied; a
 * file must stay open until the answer.  0, or -1 if curl refuses.
 */
int http_payload_set(
    struct http_payload *payload, void *easy, const struct http_request *request) MUST_CHECK;

/** http_payload_rewind(payload): The next request sends all of it again. */
void http_payload_rewind(struct http_payload *payload);

/** http_payload_failed(payload): Whether the file could not be read as far as was promised. */
bool http_payload_failed(const struct http_payload *payload);

/** http_payload_key(payload): The key of the endpoint as it is sent, borrowed; empty without one.
 */
struct slice http_payload_key(const struct http_payload *payload);

/** http_payload_visible(text, out): Append a text of the user's for a header: it cannot end the
 * line or begin another. */
void http_payload_visible(struct slice text, struct buf *out);

#endif
