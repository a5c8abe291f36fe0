#include "secret.h"

#include "text.h"

#include <stdint.h>
#include <string.h>

/* The number at the front of ${rest}, of up to ${most} digits; how many bytes it has. */
static size_t
number_at(struct slice rest, uint32_t base, size_t most, uint32_t *number)
{
	size_t len = 0;

	*number = 0;
	for (; len < rest.len && len < most; len++) {
		uint32_t digit = text_digit(rest.data[len]);

		if (digit >= base)
			break;
		*number = *number * base + digit;
	}
	return len;
}

/* A letter in one of its forms: the escape's opening, the digits behind it and what ends it. */
static const struct {
	const char *opening;
	uint32_t base;
	size_t least, most;
	const char *end;
} forms[] = {
	{ "\\u", 16, 4, 4, "" },
	{ "%", 16, 2, 2, "" },
	{ "&#x", 16, 1, 7, ";" },
	{ "&#X", 16, 1, 7, ";" },
	{ "&#", 10, 1, 9, ";" },
};

/* How many bytes at the front of ${rest} stand for ${letter}; 0 if they stand for another. */
static size_t
letter_at(struct slice rest, char letter)
{
	if (rest.len > 0 && rest.data[0] == letter)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t start = strlen(forms[i].opening), len;
		struct slice digits = { rest.data + start, rest.len - start };
		uint32_t number;

		if (!text_starts(rest, forms[i].opening))
			continue;
		len = number_at(digits, forms[i].base, forms[i].most, &number);
		digits = (struct slice){ digits.data + len, digits.len - len };
		if (len >= forms[i].least && number == (unsigned char)letter &&
		    text_starts(digits, forms[i].end))
			return start + len + strlen(forms[i].end);
	}
	/* JSON may escape a slash, a quote and a backslash by a backslash alone. */
	return rest.len > 1 && rest.data[0] == '\\' && rest.data[1] == letter ? 2 : 0;
}

/* How many bytes at the front of ${rest} are the secret; 0 if it does not stand there. */
static size_t
secret_at(struct slice rest, struct slice secret)
{
	size_t at = 0, step;

	for (size_t i = 0; i < secret.len; i++, at += step) {
		step = letter_at((struct slice){ rest.data + at, rest.len - at }, secret.data[i]);
		if (step == 0)
			return 0;
	}
	return at;
}

void
secret_hide(struct slice secret, char *text, size_t len)
{
	const char first = secret.data[0];

	for (size_t at = 0; at < len; at++) {
		char c = text[at];
		size_t found = 0;

		if (c == first || c == '\\' || c == '%' || c == '&')
			found = secret_at((struct slice){ text + at, len - at }, secret);
		if (found > 0)
			memset(text + at, '*', found);
	}
}
