#include "row_filter.h"

#include "date.h"
#include "text.h"

#include <stdlib.h>

/* Digits of a year, and the most characters of a score. */
#define YEAR_DIGITS 4
#define SCORE_CHARACTERS 8

static const struct {
	const char *form;
	enum row_filter_kind kind;
	bool valued;
} forms[] = {
	{ "code", ROW_FILTER_CODE, false },
	{ "venue", ROW_FILTER_VENUE, false },
	{ "source=", ROW_FILTER_SOURCE, true },
	{ "category=", ROW_FILTER_CATEGORY, true },
	{ "year=", ROW_FILTER_YEAR, true },
	{ "score>=", ROW_FILTER_SCORE, true },
	{ "text=", ROW_FILTER_TEXT, true },
};

/* Digits and at most one dot: in any locale what strtod reads alike in C's. */
static int
parse_score(struct slice text, double *score)
{
	size_t dots = 0;

	for (size_t i = 0; i < text.len; i++) {
		dots += text.data[i] == '.';
		if (text.data[i] != '.' && !text_is_digit(text.data[i]))
			return -1;
	}
	if (text.len == dots || text.len > SCORE_CHARACTERS || dots > 1)
		return -1;
	*score = strtod(text.data, NULL);
	return *score <= 1 ? 0 : -1;
}

static int
parse_value(struct row_filter *filter)
{
	switch (filter->kind) {
	case ROW_FILTER_SOURCE:
		return slice_is(filter->value, "arxiv") ||
			       slice_is(filter->value, "semantic_scholar")
			   ? 0
			   : -1;
	case ROW_FILTER_YEAR:
		filter->year = text_number(filter->value);
		return filter->value.len == YEAR_DIGITS && filter->year > 0 ? 0 : -1;
	case ROW_FILTER_SCORE:
		return parse_score(filter->value, &filter->score);
	case ROW_FILTER_CODE:
	case ROW_FILTER_VENUE:
	case ROW_FILTER_CATEGORY:
	case ROW_FILTER_TEXT:
		break;
	}
	return 0;
}

int
row_filter_parse(const char *text, struct row_filter *filter)
{
	struct slice whole = slice_of(text);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t len = strlen(forms[i].form);

		if (strncmp(text, forms[i].form, len) != 0 || (whole.len > len) != forms[i].valued)
			continue;
		*filter = (struct row_filter){ .kind = forms[i].kind,
			.value = { text + len, whole.len - len } };
		return parse_value(filter);
	}
	return -1;
}

static bool
has_category(const struct row_line *row, struct slice wanted)
{
	struct jsonl_value category;
	struct buf text = BUF_INIT;
	bool found = false;

	for (size_t i = 0; !found && jsonl_next(&row->values[ROW_CATEGORIES], &i, &category);) {
		buf_clear(&text);
		jsonl_text(&category, &text);
		found = text.len == wanted.len && text_find(wanted, text.data) == 0;
	}
	buf_free(&text);
	return found;
}

/* Whether each word stands in the title. */
static bool
has_words(const struct row_line *row, struct slice words)
{
	struct buf title = BUF_INIT, word = BUF_INIT;
	bool found = true;

	row_line_text(row, ROW_TITLE, &title);
	for (size_t i = 0, end; found && i < words.len; i = end + 1) {
		for (end = i; end < words.len && words.data[end] != ' ';)
			end++;
		buf_clear(&word);
		buf_add(&word, words.data + i, end - i);
		if (word.len > 0)
			found = text_find(buf_slice(&title), word.data) < title.len;
	}
	buf_free(&title);
	buf_free(&word);
	return found;
}

static bool
is_of_year(const struct row_line *row, int64_t wanted)
{
	int year, month, day;

	if (row_line_day(row) == ROW_TIME_NONE)
		return false;
	date_civil(row_line_day(row), &year, &month, &day);
	return year == wanted;
}

bool
row_filter_match(const struct row_filter *filter, const struct row_line *row)
{
	bool from_arxiv, from_semantic_scholar;

	switch (filter->kind) {
	case ROW_FILTER_CODE:
		return row_line_has(row, ROW_HAS_CODE);
	case ROW_FILTER_VENUE:
		return row_line_has(row, ROW_VENUE);
	case ROW_FILTER_SOURCE:
		row_line_sources(row, &from_arxiv, &from_semantic_scholar);
		return slice_is(filter->value, "arxiv") ? from_arxiv : from_semantic_scholar;
	case ROW_FILTER_CATEGORY:
		return has_category(row, filter->value);
	case ROW_FILTER_YEAR:
		return is_of_year(row, filter->year);
	case ROW_FILTER_SCORE:
		return row_line_score(row) >= filter->score;
	case ROW_FILTER_TEXT:
		return has_words(row, filter->value);
	}
	return false;
}
