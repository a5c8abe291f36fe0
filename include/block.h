#ifndef FINESET_BLOCK_H
#define FINESET_BLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) && !defined(BLOCK_NO_SIMD)
#define BLOCK_SSE2
#include <emmintrin.h>
#endif

/*
 * BLOCK_BYTES bytes of text looked at together.  A question marks the bytes that answer it;
 * block_bits makes a number of the marks, the first byte the lowest bit.
 */
#define BLOCK_BYTES ((size_t)32)

#ifdef BLOCK_SSE2

struct block {
	__m128i half[2];
};

static inline struct block
block_at(const char *at)
{
	return (struct block){ { _mm_loadu_si128((const __m128i *)(const void *)at),
	    _mm_loadu_si128((const __m128i *)(const void *)(at + 16)) } };
}

/** block_is(block, c): Bytes that are ${c}. */
static inline struct block
block_is(struct block block, char c)
{
	__m128i all = _mm_set1_epi8(c);

	return (struct block){ { _mm_cmpeq_epi8(block.half[0], all),
	    _mm_cmpeq_epi8(block.half[1], all) } };
}

/** block_is_below(block, c): Bytes below ${c}, an ASCII character, and those of 0x80 and above. */
static inline struct block
block_is_below(struct block block, char c)
{
	__m128i all = _mm_set1_epi8(c);

	/* Signed, so one comparison catches both. */
	return (struct block){ { _mm_cmplt_epi8(block.half[0], all),
	    _mm_cmplt_epi8(block.half[1], all) } };
}

static inline struct block
block_or(struct block a, struct block b)
{
	return (struct block){ { _mm_or_si128(a.half[0], b.half[0]),
	    _mm_or_si128(a.half[1], b.half[1]) } };
}

static inline struct block
block_and(struct block a, struct block b)
{
	return (struct block){ { _mm_and_si128(a.half[0], b.half[0]),
	    _mm_and_si128(a.half[1], b.half[1]) } };
}

/** block_and_not(a, b): Marks of ${a} without those of ${b}. */
static inline struct block
block_and_not(struct block a, struct block b)
{
	return (struct block){ { _mm_andnot_si128(b.half[0], a.half[0]),
	    _mm_andnot_si128(b.half[1], a.half[1]) } };
}

/** block_lower(block): The text with capital letters small, and other bytes changed that are no
 * letters before or after. */
static inline struct block
block_lower(struct block block)
{
	__m128i bit = _mm_set1_epi8(0x20);

	return (
	    struct block){ { _mm_or_si128(block.half[0], bit), _mm_or_si128(block.half[1], bit) } };
}

static inline uint32_t
block_bits(struct block block)
{
	return (uint32_t)_mm_movemask_epi8(block.half[0]) |
	       (uint32_t)_mm_movemask_epi8(block.half[1]) << 16;
}

#else

#define BLOCK_WORDS (BLOCK_BYTES / sizeof(uint64_t))
#define BLOCK_EACH(byte) (0x0101010101010101 * (uint64_t)(unsigned char)(byte))

/* Marks are the high bits of bytes. */
struct block {
	uint64_t word[BLOCK_WORDS];
};

static inline struct block
block_at(const char *at)
{
	struct block block;

	memcpy(block.word, at, sizeof(block.word));
	return block;
}

/** block_is(block, c): Bytes that are ${c}. */
static inline struct block
block_is(struct block block, char c)
{
	const uint64_t low = BLOCK_EACH(0x7f);

	for (size_t i = 0; i < BLOCK_WORDS; i++) {
		uint64_t other = block.word[i] ^ BLOCK_EACH(c);

		block.word[i] = ~(((other & low) + low) | other | low);
	}
	return block;
}

/** block_is_below(block, c): Bytes below ${c}, an ASCII character, and those of 0x80 and above. */
static inline struct block
block_is_below(struct block block, char c)
{
	const uint64_t low = BLOCK_EACH(0x7f);

	for (size_t i = 0; i < BLOCK_WORDS; i++)
		/* The sum reaches the high bit from ${c} on. */
		block.word[i] =
		    (~((block.word[i] & low) + BLOCK_EACH(0x80 - c)) | block.word[i]) & ~low;
	return block;
}

static inline struct block
block_or(struct block a, struct block b)
{
	for (size_t i = 0; i < BLOCK_WORDS; i++)
		a.word[i] |= b.word[i];
	return a;
}

static inline struct block
block_and(struct block a, struct block b)
{
	for (size_t i = 0; i < BLOCK_WORDS; i++)
		a.word[i] &= b.word[i];
	return a;
}

/** block_and_not(a, b): Marks of ${a} without those of ${b}. */
static inline struct block
block_and_not(struct block a, struct block b)
{
	for (size_t i = 0; i < BLOCK_WORDS; i++)
		a.word[i] &= ~b.word[i];
	return a;
}

/** block_lower(block): The text with capital letters small, and other bytes changed that are no
 * letters before or after. */
static inline struct block
block_lower(struct block block)
{
	for (size_t i = 0; i < BLOCK_WORDS; i++)
		block.word[i] |= BLOCK_EACH(0x20);
	return block;
}

static inline uint32_t
block_bits(struct block block)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < BLOCK_BYTES; i++)
		bits |= (uint32_t)(block.word[i / 8] >> (i % 8 * 8 + 7) & 1) << i;
	return bits;
}

#endif

/** block_first(bits): The first marked byte; BLOCK_BYTES if there is none. */
static inline size_t
block_first(uint32_t bits)
{
	return bits == 0 ? BLOCK_BYTES : (size_t)__builtin_ctz(bits);
}

/** block_copy(to, from, len): Copy fewer than BLOCK_BYTES bytes, in two pieces of a constant size:
 * a loop or a call costs more than all else that is done with a short text. */
static inline void
block_copy(char *to, const char *from, size_t len)
{
	if (len >= 16) {
		memcpy(to, from, 16);
		memcpy(to + len - 16, from + len - 16, 16);
	} else if (len >= 8) {
		memcpy(to, from, 8);
		memcpy(to + len - 8, from + len - 8, 8);
	} else if (len >= 4) {
		memcpy(to, from, 4);
		memcpy(to + len - 4, from + len - 4, 4);
	} else if (len > 0) {
		to[0] = from[0];
		to[len / 2] = from[len / 2];
		to[len - 1] = from[len - 1];
	}
}

/** block_up_to(at, end): The block at ${at} as far as the text goes, which ends behind ${at};
 * blanks stand for bytes behind it, which are not read. */
static inline struct block
block_up_to(const char *at, const char *end)
{
	size_t left = (size_t)(end - at);
	char bytes[BLOCK_BYTES];

	if (left >= BLOCK_BYTES)
		return block_at(at);
	memset(bytes, ' ', sizeof(bytes));
	block_copy(bytes, at, left);
	return block_at(bytes);
}

#endif
