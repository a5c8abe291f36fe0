#include "gzip.h"

#include <stdint.h>

static void
crc_table(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;

		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? 0xedb88320u ^ value >> 1 : value >> 1;
		table[i] = value;
	}
}

static void
add_number(struct buf *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(out, (char)(unsigned char)(value >> 8 * i));
}

static void
add_header(struct buf *out)
{
	static const char header[10] = { '\x1f', (char)0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };

	buf_add(out, header, sizeof(header));
}

void
gzip_stored(struct slice text, struct buf *out)
{
	uint32_t table[256], crc = 0xffffffffu;
	size_t at = 0, len;

	crc_table(table);
	for (size_t i = 0; i < text.len; i++)
		crc = table[(crc ^ (unsigned char)text.data[i]) & 0xff] ^ crc >> 8;
	add_header(out);
	do {
		len = text.len - at > 0xffff ? 0xffff : text.len - at;
		buf_add_char(out, at + len == text.len);
		add_number(out, (uint32_t)len, 2);
		add_number(out, ~(uint32_t)len, 2);
		buf_add(out, text.data + at, len);
		at += len;
	} while (at < text.len);
	add_number(out, ~crc, 4);
	add_number(out, (uint32_t)text.len, 4);
}

/* Bits go in from the lowest on. */
struct bits {
	struct buf *out;
	uint32_t held;
	int count;
};

static void
add_bits(struct bits *bits, uint32_t value, int count)
{
	bits->held |= value << bits->count;
	for (bits->count += count; bits->count >= 8; bits->count -= 8) {
		buf_add_char(bits->out, (char)(unsigned char)bits->held);
		bits->held >>= 8;
	}
}

/* A fixed Huffman code stands with its first bit lowest. */
static void
add_code(struct bits *bits, uint32_t code, int count)
{
	for (int i = count - 1; i >= 0; i--)
		add_bits(bits, code >> i & 1, 1);
}

/* One blank, then `258 bytes from 1 back` (symbol 285, distance code 0) as often as it fits. */
void
gzip_blanks(size_t len, struct buf *out)
{
	uint32_t table[256], crc = 0xffffffffu;
	struct bits bits = { out, 0, 0 };
	size_t at = 0;

	crc_table(table);
	for (size_t i = 0; i < len; i++)
		crc = table[(crc ^ ' ') & 0xff] ^ crc >> 8;
	add_header(out);
	add_bits(&bits, 3, 3);
	while (at < len) {
		if (at == 0 || len - at < 258) {
			add_code(&bits, 0x30 + ' ', 8);
			at++;
			continue;
		}
		add_code(&bits, 0xc5, 8);
		add_code(&bits, 0, 5);
		at += 258;
	}
	add_code(&bits, 0, 7);
	add_bits(&bits, 0, 7);
	add_number(out, ~crc, 4);
	add_number(out, (uint32_t)len, 4);
}
