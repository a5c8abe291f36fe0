#ifndef FINESET_DIGEST_H
#define FINESET_DIGEST_H

#include "attribute.h"

#include <stddef.h>

/* A SHA-256 and its lower-case hex form with the NUL. */
#define DIGEST_BYTES 32
#define DIGEST_HEX_SIZE 65
/* How many bytes of those a SHA-1 has. */
#define DIGEST_SHA1_BYTES ((size_t)20)

/* One SHA-256 computation after another, with the algorithm fetched once; one per thread. */
struct digest;

/** digest_new(): A digester, ready for input. */
struct digest *digest_new(void) MUST_CHECK;

/** digest_new_sha1(): One that computes SHA-1, the name of a thing in git: of what digest_finish
 * gives, the bytes behind the first DIGEST_SHA1_BYTES are 0. */
struct digest *digest_new_sha1(void) MUST_CHECK;

/** digest_free(digest): Free it. */
void digest_free(struct digest *digest);

/** digest_add(digest, data, len): Feed ${len} bytes. */
void digest_add(struct digest *digest, const void *data, size_t len);

/** digest_finish(digest, out): The SHA-256 of all that was fed; ${digest} is ready for the next
 * input. */
void digest_finish(struct digest *digest, unsigned char out[DIGEST_BYTES]);

/** digest_of(digest, data, len, out): The SHA-256 of these ${len} bytes alone; several threads may
 * ask one digester. */
void digest_of(
    struct digest *digest, const void *data, size_t len, unsigned char out[DIGEST_BYTES]);

/** digest_hex(bytes, hex): Lower-case hex. */
void digest_hex(const unsigned char bytes[DIGEST_BYTES], char hex[DIGEST_HEX_SIZE]);

#endif
