#ifndef FINESET_BUF_H
#define FINESET_BUF_H

#include "attribute.h"
#include "slice.h"

#include <stddef.h>
#include <stdint.h>

/* A growing run of bytes; data is NUL-terminated once anything was added.  Start with BUF_INIT. */
struct buf {
	char *data;
	size_t len;
	size_t capacity;
};

#define BUF_INIT ((struct buf){ NULL, 0, 0 })

/** buf_free(buf): Free the bytes and make ${buf} empty. */
void buf_free(struct buf *buf);

/** buf_clear(buf): Forget the bytes, keep the memory. */
void buf_clear(struct buf *buf);

/** buf_reserve(buf, more): Make room for ${more} bytes; returns where they go, ${buf}->len stays.
 */
char *buf_reserve(struct buf *buf, size_t more);

/** buf_add(buf, data, len): Append ${len} bytes. */
void buf_add(struct buf *buf, const char *data, size_t len);

/** buf_add_text(buf, text): Append a C string. */
void buf_add_text(struct buf *buf, const char *text);

/** buf_add_slice(buf, slice): Append a slice; no value appends nothing. */
void buf_add_slice(struct buf *buf, struct slice slice);

/** buf_add_char(buf, c): Append one byte. */
void buf_add_char(struct buf *buf, char c);

/** buf_add_number(buf, number): Append a number in decimal. */
void buf_add_number(struct buf *buf, int64_t number);

/** buf_add_little(buf, number, bytes): Append the  low bytes of a number, the lowest first. */
void buf_add_little(struct buf *buf, uint64_t number, size_t bytes);

/** buf_printf(buf, format, ...): Append formatted text. */
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/** buf_take(buf): Give the bytes, NUL-terminated, to the caller, who frees them; ${buf} is empty
 * then. */
char *buf_take(struct buf *buf) MUST_CHECK;

/** buf_slice(buf): The bytes, borrowed until ${buf} changes. */
struct slice buf_slice(const struct buf *buf);

#endif
