#include "digest.h"

#include "mem.h"

#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct digest {
	EVP_MD *algorithm;
	EVP_MD_CTX *context;
	/* One for digest_of, which the first thread to come takes; NULL meanwhile. */
	_Atomic(EVP_MD_CTX *) spare;
};

/* OpenSSL fails here only when it has no memory or no SHA-256: both leave nothing to do. */
static void
must(int ok)
{
	if (ok != 1)
		mem_out();
}

/* A context, ready for input. */
static EVP_MD_CTX *
context_new(const struct digest *digest)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	must(context != NULL);
	must(EVP_DigestInit_ex2(context, digest->algorithm, NULL));
	return context;
}

/* What was fed into a context, which is ready again. */
static void
context_finish(const struct digest *digest, EVP_MD_CTX *context, unsigned char *out)
{
	must(EVP_DigestFinal_ex(context, out, NULL));
	must(EVP_DigestInit_ex2(context, digest->algorithm, NULL));
}

static struct digest *
make(const char *name)
{
	struct digest *digest = mem_new(1, sizeof(*digest));

	/* Fetched once: an implicit fetch per hash costs more than the hash. */
	digest->algorithm = EVP_MD_fetch(NULL, name, NULL);
	must(digest->algorithm != NULL);
	digest->context = context_new(digest);
	atomic_init(&digest->spare, NULL);
	return digest;
}

struct digest *
digest_new(void)
{
	return make("SHA256");
}

struct digest *
digest_new_sha1(void)
{
	return make("SHA1");
}

void
digest_free(struct digest *digest)
{
	if (digest == NULL)
		return;
	EVP_MD_CTX_free(digest->context);
	EVP_MD_CTX_free(atomic_load(&digest->spare));
	EVP_MD_free(digest->algorithm);
	free(digest);
}

void
digest_add(struct digest *digest, const void *data, size_t len)
{
	must(EVP_DigestUpdate(digest->context, data, len));
}

void
digest_finish(struct digest *digest, unsigned char out[DIGEST_BYTES])
{
	memset(out, 0, DIGEST_BYTES);
	context_finish(digest, digest->context, out);
}

void
digest_of(struct digest *digest, const void *data, size_t len, unsigned char out[DIGEST_BYTES])
{
	/* A new context costs as much as the hash. */
	EVP_MD_CTX *context = atomic_exchange(&digest->spare, NULL);

	if (context == NULL)
		context = context_new(digest);
	must(EVP_DigestUpdate(context, data, len));
	context_finish(digest, context, out);
	EVP_MD_CTX_free(atomic_exchange(&digest->spare, context));
}

void
digest_hex(const unsigned char bytes[DIGEST_BYTES], char hex[DIGEST_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[DIGEST_HEX_SIZE - 1] = '\0';
}
