#include "thrift.h"

#include <stdlib.h>

/* A short field header holds how much the id grows, a short list header how many there are. */
#define SHORT_DELTA 15
#define SHORT_COUNT 14

void
thrift_varint(uint64_t number, struct buf *out)
{
	char digits[10];
	size_t len = 0;

	for (; number >= 0x80; number >>= 7)
		digits[len++] = (char)(number | 0x80);
	digits[len++] = (char)number;
	buf_add(out, digits, len);
}

/* Small magnitudes of either sign become small numbers. */
static void
put_zigzag(int64_t number, struct buf *out)
{
	uint64_t twice = (uint64_t)number << 1;

	thrift_varint(number < 0 ? ~twice : twice, out);
}

static void
open_struct(struct thrift *thrift)
{
	if (thrift->depth == THRIFT_DEPTH)
		abort();
	thrift->last[thrift->depth++] = 0;
}

static void
put_field(struct thrift *thrift, int id, enum thrift_type type)
{
	int *last = &thrift->last[thrift->depth - 1];
	int delta = id - *last;

	if (delta >= 1 && delta <= SHORT_DELTA) {
		buf_add_char(thrift->out, (char)(delta << 4 | (int)type));
	} else {
		buf_add_char(thrift->out, (char)type);
		put_zigzag(id, thrift->out);
	}
	*last = id;
}

void
thrift_init(struct thrift *thrift, struct buf *out)
{
	*thrift = (struct thrift){ .out = out };
	open_struct(thrift);
}

void
thrift_i32(struct thrift *thrift, int id, int32_t number)
{
	put_field(thrift, id, THRIFT_I32);
	put_zigzag(number, thrift->out);
}

void
thrift_i64(struct thrift *thrift, int id, int64_t number)
{
	put_field(thrift, id, THRIFT_I64);
	put_zigzag(number, thrift->out);
}

void
thrift_bool(struct thrift *thrift, int id, bool value)
{
	put_field(thrift, id, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void
thrift_binary(struct thrift *thrift, int id, struct slice bytes)
{
	put_field(thrift, id, THRIFT_BINARY);
	thrift_element_binary(thrift, bytes);
}

void
thrift_struct(struct thrift *thrift, int id)
{
	put_field(thrift, id, THRIFT_STRUCT);
	open_struct(thrift);
}

void
thrift_embed(struct thrift *thrift, int id, struct slice bytes)
{
	put_field(thrift, id, THRIFT_STRUCT);
	buf_add_slice(thrift->out, bytes);
}

void
thrift_list(struct thrift *thrift, int id, enum thrift_type type, size_t count)
{
	put_field(thrift, id, THRIFT_LIST);
	if (count <= SHORT_COUNT) {
		buf_add_char(thrift->out, (char)((int)count << 4 | (int)type));
		return;
	}
	buf_add_char(thrift->out, (char)(0xf0 | (int)type));
	thrift_varint(count, thrift->out);
}

void
thrift_element_number(struct thrift *thrift, int64_t number)
{
	put_zigzag(number, thrift->out);
}

void
thrift_element_bool(struct thrift *thrift, bool value)
{
	buf_add_char(thrift->out, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void
thrift_element_binary(struct thrift *thrift, struct slice bytes)
{
	thrift_varint(bytes.len, thrift->out);
	buf_add_slice(thrift->out, bytes);
}

void
thrift_element_struct(struct thrift *thrift)
{
	open_struct(thrift);
}

void
thrift_end(struct thrift *thrift)
{
	thrift->depth--;
	buf_add_char(thrift->out, 0);
}
