#include "base64.h"

void
base64_add(const char *data, size_t len, struct buf *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		unsigned long bits = 0;
		char four[4] = { '=', '=', '=', '=' };

		for (size_t j = 0; j < have; j++)
			bits |= (unsigned long)(unsigned char)data[i + j] << (16 - 8 * j);
		for (size_t j = 0; j <= have; j++)
			four[j] = digits[bits >> (18 - 6 * j) & 63];
		buf_add(out, four, sizeof(four));
	}
}
