#include "paragraph.h"

#include "text.h"

/* A line in progress, and whether a word stands in it. */
struct line {
	struct buf *out;
	size_t column;
	size_t indent;
	bool begun;
};

/* The next character of valid UTF-8, and its columns. */
static size_t
step_over(struct slice text, size_t at, size_t *columns)
{
	uint32_t rune = 0;
	size_t step = text_decode(text.data + at, text.len - at, &rune);

	*columns = text_width(rune);
	return step == 0 ? 1 : step;
}

static size_t
width_of(struct slice text)
{
	size_t width = 0, columns;

	for (size_t at = 0; at < text.len; width += columns)
		at += step_over(text, at, &columns);
	return width;
}

static void
break_line(struct line *line)
{
	buf_add_char(line->out, '\n');
	for (size_t i = 0; i < line->indent; i++)
		buf_add_char(line->out, ' ');
	line->column = line->indent;
	line->begun = false;
}

static void
add_word(struct line *line, struct slice word)
{
	size_t columns;

	if (line->begun && line->column + 1 + width_of(word) > PARAGRAPH_COLUMNS)
		break_line(line);
	if (line->begun) {
		buf_add_char(line->out, ' ');
		line->column++;
	}
	for (size_t at = 0; at < word.len;) {
		size_t step = step_over(word, at, &columns);

		if (line->column + columns > PARAGRAPH_COLUMNS)
			break_line(line);
		buf_add(line->out, word.data + at, step);
		line->column += columns;
		at += step;
	}
	line->begun = true;
}

void
paragraph_write(struct slice text, size_t column, size_t indent, struct buf *out)
{
	struct line line = { .out = out, .column = column, .indent = indent };

	for (size_t at = 0; at < text.len;) {
		size_t end = at;

		while (end < text.len && text.data[end] != ' ')
			end++;
		if (end > at)
			add_word(&line, (struct slice){ text.data + at, end - at });
		at = end + 1;
	}
	buf_add_char(out, '\n');
}
