#include "buf.h"

#include "mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = BUF_INIT;
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

char *
buf_reserve(struct buf *buf, size_t more)
{
	if (more >= SIZE_MAX - buf->len)
		mem_out();
	if (buf->len + more >= buf->capacity)
		buf->data = mem_grow(buf->data, &buf->capacity, buf->len + more + 1, 1);
	return buf->data + buf->len;
}

void
buf_add(struct buf *buf, const char *data, size_t len)
{
	char *end = buf_reserve(buf, len);

	if (len > 0)
		memcpy(end, data, len);
	end[len] = '\0';
	buf->len += len;
}

void
buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_add_slice(struct buf *buf, struct slice slice)
{
	buf_add(buf, slice.data, slice.len);
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add(buf, &c, 1);
}

void
buf_add_number(struct buf *buf, int64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);
	/* The magnitude: INT64_MIN has no positive counterpart. */
	uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do
		digits[--at] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (number < 0)
		digits[--at] = '-';
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void
buf_add_little(struct buf *buf, uint64_t number, size_t bytes)
{
	char *end = buf_reserve(buf, bytes);

	for (size_t i = 0; i < bytes; i++, number >>= 8)
		end[i] = (char)number;
	end[bytes] = '\0';
	buf->len += bytes;
}

void
buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	int wanted;

	va_start(args, format);
	va_copy(again, args);
	wanted = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (wanted >= 0) {
		vsnprintf(buf_reserve(buf, (size_t)wanted), (size_t)wanted + 1, format, again);
		buf->len += (size_t)wanted;
	}
	va_end(again);
}

char *
buf_take(struct buf *buf)
{
	char *data = buf->data == NULL ? mem_dup("", 0) : buf->data;

	*buf = BUF_INIT;
	return data;
}

struct slice
buf_slice(const struct buf *buf)
{
	return (struct slice){ buf->data == NULL ? "" : buf->data, buf->len };
}
