#ifndef FINESET_WORD_H
#define FINESET_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Eight bytes of text looked at together, on any machine. */

#define WORD_BYTES sizeof(uint64_t)
/* A byte in each of the eight. */
#define WORD_EACH(byte) (0x0101010101010101 * (uint64_t)(unsigned char)(byte))
#define WORD_HIGH WORD_EACH(0x80)

static inline uint64_t
word_at(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline bool
word_is_ascii(uint64_t word)
{
	return (word & WORD_HIGH) == 0;
}

/** word_has(word, c): Whether any byte is ${c}. */
static inline bool
word_has(uint64_t word, char c)
{
	uint64_t other = word ^ WORD_EACH(c);

	return ((other - WORD_EACH(1)) & ~other & WORD_HIGH) != 0;
}

/** word_has_control(word): Whether any byte is below 0x20. */
static inline bool
word_has_control(uint64_t word)
{
	return ((word - WORD_EACH(0x20)) & ~word & WORD_HIGH) != 0;
}

#endif
