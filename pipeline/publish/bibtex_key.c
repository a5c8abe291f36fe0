#include "bibtex_key.h"

#include "date.h"
#include "text.h"

/* Digits of a record's id: no two of a billion records share so many. */
#define ID_DIGITS 16
/* Letters of a name. */
#define NAME_LETTERS 24

/* The letter of a to z that a Latin letter from U+00C0 to U+017F is made of, '-' for none. */
static const char plain_letters[] =
    /* U+00C0 */ "aaaaaaaceeeeiiiidnooooo-ouuuuyts"
		 /* U+00E0 */ "aaaaaaaceeeeiiiidnooooo-ouuuuyty"
		 /* U+0100 */ "aaaaaaccccccccddddeeeeeeeeeegggg"
		 /* U+0120 */ "gggghhhhiiiiiiiiiiiijjkkklllllll"
		 /* U+0140 */ "lllnnnnnnnnnoooooooorrrrrrssssss"
		 /* U+0160 */ "sstttttt"
		 "uuuuuuuuuuuuwwyyyzzzzzzs";
#define PLAIN_FIRST 0xc0

static char
plain_letter(uint32_t rune)
{
	if (rune < 0x80)
		return text_is_letter((char)rune) ? text_lower((char)rune) : '-';
	if (rune < PLAIN_FIRST || rune - PLAIN_FIRST >= sizeof(plain_letters) - 1)
		return '-';
	return plain_letters[rune - PLAIN_FIRST];
}

/* The last word that has a letter. */
static struct slice
last_word(struct slice name)
{
	size_t end = name.len, start;

	while (end > 0 && name.data[end - 1] == ' ')
		end--;
	for (start = end; start > 0 && name.data[start - 1] != ' ';)
		start--;
	return (struct slice){ name.data + start, end - start };
}

/* A name's letters; commands of LaTeX such as the accent in `G\"odel` and `Erd\H{o}s` are none. */
static void
write_letters(struct slice word, struct buf *out)
{
	size_t before = out->len;
	uint32_t rune;

	for (size_t i = 0; i < word.len && out->len - before < NAME_LETTERS;) {
		size_t step = text_decode(word.data + i, word.len - i, &rune);

		if (rune == '\\') {
			i++;
			while (i < word.len && text_is_letter(word.data[i]))
				i++;
			continue;
		}
		if (plain_letter(rune) != '-')
			buf_add_char(out, plain_letter(rune));
		i += step;
	}
	if (out->len == before)
		buf_add_text(out, "anon");
}

static void
write_author(const struct row_line *row, struct buf *out)
{
	struct jsonl_value author;
	struct buf name = BUF_INIT;
	size_t first = 0;

	if (jsonl_next(&row->values[ROW_AUTHORS], &first, &author))
		jsonl_text(&author, &name);
	write_letters(last_word(buf_slice(&name)), out);
	buf_free(&name);
}

void
bibtex_key_write(const struct row_line *row, struct buf *out)
{
	int64_t published = row_line_day(row);
	int year, month, day;
	size_t start;

	write_author(row, out);
	if (published != ROW_TIME_NONE) {
		date_civil(published, &year, &month, &day);
		buf_printf(out, "%d", year);
	}
	buf_add_char(out, '-');
	start = out->len;
	row_line_text(row, ROW_ARXIV_ID, out);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '/')
			out->data[i] = '-';
	if (out->len == start) {
		row_line_text(row, ROW_ID, out);
		out->len = start + ID_DIGITS;
	}
}
