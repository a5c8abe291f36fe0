/* For memmem(3), which POSIX has only since 2024. */
#define _GNU_SOURCE
#include "words.h"

#include "text.h"

#include <string.h>

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy", c) != NULL;
}

static bool
ends_with(const char *word, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len >= end_len && memcmp(word + len - end_len, end, end_len) == 0;
}

/* What is left of a word of ${len} bytes without `-ing` or `-ed`, if a vowel is. */
static size_t
strip_verb(const char *word, size_t len)
{
	size_t left = ends_with(word, len, "ing")  ? len - 3
		      : ends_with(word, len, "ed") ? len - 2
						   : 0;
	bool vowel = false;

	for (size_t i = 0; i < left; i++)
		vowel = vowel || is_vowel(word[i]);
	if (left < 3 || !vowel)
		return len;
	if (word[left - 1] == word[left - 2] && strchr("bdgmnprt", word[left - 1]) != NULL)
		left--;
	return left;
}

/* A poor man's English stemmer: models = model, decoding = decoded = decode, trees = tree. */
static size_t
stem(char *word, size_t len)
{
	if (len < 4)
		return len;
	if (ends_with(word, len, "ies")) {
		len -= 2;
	} else if (word[len - 1] == 's' && word[len - 2] != 's' && word[len - 2] != 'u') {
		len--;
	}
	len = strip_verb(word, len);
	if (len > 3 && word[len - 1] == 'e')
		len--;
	if (len > 3 && word[len - 1] == 'y')
		word[len - 1] = 'i';
	return len;
}

/* How many bytes at the front of ${text} separate words; 0 if the first belongs to one. */
static size_t
separator(struct slice text)
{
	unsigned char first = (unsigned char)text.data[0];
	unsigned char second = text.len > 1 ? (unsigned char)text.data[1] : 0;

	/* U+2000 to U+207F are blanks, dashes and quotes; U+00A0 is a blank. */
	if (first == 0xe2 && (second == 0x80 || second == 0x81) && text.len > 2)
		return 3;
	if (first == 0xc2 && second == 0xa0)
		return 2;
	/* As in Elasticsearch's standard tokenizer `_` is part of a word. */
	return first >= 0x80 || text_is_letter((char)first) || text_is_digit((char)first) ||
		       first == '_'
		   ? 0
		   : 1;
}

static void
fold(struct slice text, struct buf *out, bool open_end)
{
	/* One blank for each run of separators, and one at either end. */
	char *word, *to = buf_reserve(out, text.len + 2);
	size_t at = 0, skip;

	if (text.len == 0)
		return;
	while (at < text.len) {
		skip = separator((struct slice){ text.data + at, text.len - at });
		if (skip > 0) {
			at += skip;
			continue;
		}
		if (to == out->data || to[-1] != ' ')
			*to++ = ' ';
		word = to;
		while (at < text.len &&
		       separator((struct slice){ text.data + at, text.len - at }) == 0)
			*to++ = text_lower(text.data[at++]);
		if (!open_end || at < text.len) {
			to = word + stem(word, (size_t)(to - word));
			*to++ = ' ';
		}
	}
	out->len = (size_t)(to - out->data);
	*to = '\0';
}

void
words_fold(struct slice text, struct buf *out)
{
	fold(text, out, false);
}

void
words_fold_prefix(struct slice text, struct buf *out)
{
	fold(text, out, true);
}

bool
words_hold(struct slice words, struct slice part)
{
	return part.len > 0 && words.data != NULL &&
	       memmem(words.data, words.len, part.data, part.len) != NULL;
}
