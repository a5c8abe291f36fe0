#ifndef FINESET_MEM_H
#define FINESET_MEM_H

#include "attribute.h"

#include <stddef.h>

/*
 * Memory that is never NULL.  Running out ends the program (exit 70): nothing is published before
 * the last rename, so stopping is safe.  Sizes are checked before they are multiplied.
 */

/** mem_new(count, size): Zeroed memory for ${count} objects of ${size} bytes; the caller frees it
 * with free. */
void *mem_new(size_t count, size_t size) MUST_CHECK;

/** mem_resize(old, count, size): realloc for ${count} objects of ${size} bytes; new bytes are not
 * zeroed. */
void *mem_resize(void *old, size_t count, size_t size) MUST_CHECK;

/**
 * mem_grow(old, capacity, wanted, size):
 * Like mem_resize, to at least ${wanted} objects, doubling; ${capacity} is updated.
 */
void *mem_grow(void *old, size_t *capacity, size_t wanted, size_t size) MUST_CHECK;

/**
 * mem_expect(old, capacity, expected, size):
 * Make room for ${expected} objects before they come: to grow step by step moves the memory again
 * and again.  Where so much cannot be had all stays as it is.  What is not used takes up addresses,
 * not memory.
 */
void *mem_expect(void *old, size_t *capacity, size_t expected, size_t size) MUST_CHECK;

/** mem_dup(data, len): A NUL-terminated copy of ${len} bytes; the caller frees it. */
char *mem_dup(const char *data, size_t len) MUST_CHECK;

/** mem_out(): Say that memory has run out and stop. */
NORETURN void mem_out(void);

#endif
