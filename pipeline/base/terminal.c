#include "terminal.h"

#include "text.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* A window that says less or more does not know. */
#define COLUMNS_MAX 10000
#define COLUMNS_USUAL 80

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value == NULL ? "" : value;
}

size_t
terminal_columns(int fd)
{
	bool is_terminal = isatty(fd) == 1;
	int64_t told = text_number(slice_of(environment("COLUMNS")));
	struct winsize size = { 0 };

	if (is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (told > 0 && told <= COLUMNS_MAX)
		return (size_t)told;
	return is_terminal ? COLUMNS_USUAL : SIZE_MAX;
}

bool
terminal_has_links(int fd)
{
	const char *term = environment("TERM");

	return isatty(fd) == 1 && term[0] != '\0' && strcmp(term, "dumb") != 0 &&
	       strcmp(term, "linux") != 0;
}

/* Columns of one character by the C library, whose table is that of most terminals; by ours where
 * it has no UTF-8 or does not know the character. */
static size_t
rune_width(uint32_t rune, locale_t utf8)
{
	locale_t before;
	int width;

	if (rune < 0x300)
		return 1;
	if (utf8 == (locale_t)0)
		return text_width(rune);
	before = uselocale(utf8);
	width = wcwidth((wchar_t)rune);
	uselocale(before);
	return width >= 0 ? (size_t)width : text_width(rune);
}

static locale_t
utf8_locale(void)
{
	return newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

/* Bytes of ${text} that take at most ${columns}; ${width} becomes what they take. */
static size_t
fit(struct slice text, size_t columns, size_t *width)
{
	locale_t utf8 = utf8_locale();
	size_t i = 0;

	*width = 0;
	while (i < text.len) {
		uint32_t rune = 0xfffd;
		size_t step = text_decode(text.data + i, text.len - i, &rune);
		size_t wide = rune_width(rune, utf8);

		if (wide > columns - *width)
			break;
		*width += wide;
		i += step > 0 ? step : 1;
	}
	if (utf8 != (locale_t)0)
		freelocale(utf8);
	return i;
}

size_t
terminal_width(struct slice text)
{
	size_t width;

	fit(text, SIZE_MAX, &width);
	return width;
}

size_t
terminal_cut(struct slice text, size_t columns, struct buf *out)
{
	size_t width, bytes = fit(text, columns, &width);

	if (bytes == text.len || columns == 0) {
		buf_add(out, text.data, bytes);
		return width;
	}
	bytes = fit(text, columns - 1, &width);
	buf_add(out, text.data, bytes);
	buf_add_text(out, "…");
	return width + 1;
}

static bool
is_address(struct slice url)
{
	if (!text_starts(url, "https://") && !text_starts(url, "http://"))
		return false;
	for (size_t i = 0; i < url.len; i++)
		if (url.data[i] <= ' ' || url.data[i] > '~')
			return false;
	return true;
}

void
terminal_link(struct slice url, struct slice text, struct buf *out)
{
	if (is_address(url))
		buf_printf(out, "\033]8;;%.*s\033\\%.*s\033]8;;\033\\", (int)url.len, url.data,
		    (int)text.len, text.data);
	else
		buf_add_slice(out, text);
}
