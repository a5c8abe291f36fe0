#include "arxiv_token.h"

#include "date.h"
#include "mem.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct slice
part(struct slice text, size_t from, size_t to)
{
	return (struct slice){ text.data + from, to - from };
}

static void
insert(struct arxiv_tokens *tokens, size_t at, enum arxiv_token_kind kind, struct slice text)
{
	tokens->items =
	    mem_grow(tokens->items, &tokens->capacity, tokens->count + 1, sizeof(*tokens->items));
	memmove(&tokens->items[at + 1], &tokens->items[at],
	    (tokens->count - at) * sizeof(*tokens->items));
	tokens->items[at] = (struct arxiv_token){ kind, text };
	tokens->count++;
}

static void delete (struct arxiv_tokens *tokens, size_t at)
{
	memmove(&tokens->items[at], &tokens->items[at + 1],
	    (tokens->count - at - 1) * sizeof(*tokens->items));
	tokens->count--;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Prefixes and operators are case-sensitive; a longer one comes before what it starts with. */
static size_t
known_at(struct slice rest, const char *const *known, size_t count)
{
	size_t len;

	for (size_t i = 0; i < count; i++) {
		len = strlen(known[i]);
		if (rest.len >= len && memcmp(rest.data, known[i], len) == 0)
			return len;
	}
	return 0;
}

static size_t
prefix_at(struct slice rest)
{
	static const char *const prefixes[] = { "abs:", "all:", "au:", "cat:", "co:", "doi:", "id:",
		"jr:", "lastUpdatedDate:", "rn:", "submittedDate:", "title:", "ti:" };

	return known_at(rest, prefixes, sizeof(prefixes) / sizeof(prefixes[0]));
}

/* An operator stands alone: a blank, a parenthesis or the end is behind it. */
static size_t
operator_at(struct slice rest)
{
	static const char *const operators[] = { "ANDNOT", "AND", "NOT", "OR" };
	size_t len = known_at(rest, operators, sizeof(operators) / sizeof(operators[0]));

	if (len < rest.len && !is_blank(rest.data[len]) && rest.data[len] != '(' &&
	    rest.data[len] != ')')
		return 0;
	return len;
}

/* The token at the front of ${rest}, which starts with no blank; its length. */
static size_t
token_at(struct slice rest, enum arxiv_token_kind *kind)
{
	const char *quote;
	size_t len;

	*kind = TOKEN_TEXT;
	if (rest.data[0] == '"') {
		quote = rest.len > 1 ? memchr(rest.data + 1, '"', rest.len - 1) : NULL;
		return quote == NULL ? 0 : (size_t)(quote - rest.data) + 1;
	}
	if (rest.data[0] == '(' || rest.data[0] == ')') {
		*kind = rest.data[0] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		return 1;
	}
	if ((len = operator_at(rest)) > 0) {
		*kind = TOKEN_OPERATOR;
		return len;
	}
	if ((len = prefix_at(rest)) > 0) {
		*kind = TOKEN_PREFIX;
		return len;
	}
	while (
	    len < rest.len && !is_blank(rest.data[len]) && strchr("\"()", rest.data[len]) == NULL)
		len++;
	return len;
}

void
arxiv_tokens_read(struct slice text, struct arxiv_tokens *tokens)
{
	enum arxiv_token_kind kind;
	size_t at = 0, len;

	while (at < text.len) {
		if (is_blank(text.data[at])) {
			at++;
			continue;
		}
		len = token_at(part(text, at, text.len), &kind);
		if (len > 0)
			insert(tokens, tokens->count, kind, part(text, at, at + len));
		at += len > 0 ? len : 1;
	}
}

/* NOT and AND NOT are ANDNOT; of two operators in a row the last stays. */
static void
repair_operators(struct arxiv_tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (tokens->items[i].kind == TOKEN_OPERATOR &&
		    slice_is(tokens->items[i].text, "NOT"))
			tokens->items[i].text = SLICE_LITERAL("ANDNOT");
	for (size_t i = 1; i < tokens->count;) {
		if (tokens->items[i].kind == TOKEN_OPERATOR &&
		    tokens->items[i - 1].kind == TOKEN_OPERATOR)
			delete (tokens, i - 1);
		else
			i++;
	}
}

/* `ti:(draft model)` is `(ti:draft ti:model)`. */
static void
hand_out_prefixes(struct arxiv_tokens *tokens)
{
	struct slice outer = SLICE_NONE;
	size_t depth = 0;

	for (size_t i = 0; i < tokens->count; i++) {
		struct arxiv_token *token = &tokens->items[i];
		bool bare = i == 0 || tokens->items[i - 1].kind != TOKEN_PREFIX;

		if (depth == 0 && token->kind == TOKEN_OPEN && !bare) {
			outer = tokens->items[i - 1].text;
			delete (tokens, --i);
			depth = 1;
		} else if (depth > 0 && token->kind == TOKEN_OPEN) {
			depth++;
		} else if (depth > 0 && token->kind == TOKEN_CLOSE) {
			depth--;
		} else if (depth > 0 && token->kind == TOKEN_TEXT && bare) {
			insert(tokens, i++, TOKEN_PREFIX, outer);
		}
	}
}

static void
add_missing(struct arxiv_tokens *tokens)
{
	for (size_t i = 0; i < tokens->count; i++)
		if (tokens->items[i].kind == TOKEN_TEXT &&
		    (i == 0 || tokens->items[i - 1].kind != TOKEN_PREFIX))
			insert(tokens, i++, TOKEN_PREFIX, SLICE_LITERAL("all:"));
	for (size_t i = 1; i < tokens->count; i++) {
		enum arxiv_token_kind before = tokens->items[i - 1].kind;
		enum arxiv_token_kind kind = tokens->items[i].kind;

		if ((before == TOKEN_TEXT || before == TOKEN_CLOSE) &&
		    (kind == TOKEN_PREFIX || kind == TOKEN_OPEN))
			insert(tokens, i++, TOKEN_OPERATOR, SLICE_LITERAL("OR"));
	}
	for (size_t i = 0; i < tokens->count; i++)
		if (tokens->items[i].kind == TOKEN_PREFIX &&
		    (i + 1 == tokens->count || tokens->items[i + 1].kind != TOKEN_TEXT))
			delete (tokens, i--);
}

/* `au:del_maestro` is `au:"del maestro"`, but only at the front of the query: the server's own bug.
 */
static void
repair_author(struct arena *arena, struct arxiv_tokens *tokens)
{
	struct buf name = BUF_INIT;
	struct slice text;

	if (tokens->count < 2 || !slice_is(tokens->items[0].text, "au:"))
		return;
	text = tokens->items[1].text;
	if (tokens->items[1].kind != TOKEN_TEXT || memchr(text.data, '_', text.len) == NULL)
		return;
	buf_add_text(&name, text.data[0] == '"' ? "" : "\"");
	for (size_t i = 0; i < text.len; i++)
		buf_add_char(&name, text.data[i] == '_' ? ' ' : text.data[i]);
	buf_add_text(&name, text.data[0] == '"' ? "" : "\"");
	tokens->items[1].text = arena_dup(arena, buf_slice(&name));
	buf_free(&name);
}

void
arxiv_tokens_repair(struct arena *arena, struct arxiv_tokens *tokens)
{
	repair_operators(tokens);
	hand_out_prefixes(tokens);
	add_missing(tokens);
	repair_author(arena, tokens);
	for (size_t i = 0; i < tokens->count; i++)
		if (slice_is(tokens->items[i].text, "title:"))
			tokens->items[i].text = SLICE_LITERAL("ti:");
}

void
arxiv_tokens_write(const struct arxiv_tokens *tokens, struct buf *out)
{
	for (size_t i = 0; i < tokens->count; i++) {
		enum arxiv_token_kind kind = tokens->items[i].kind;
		enum arxiv_token_kind before = i > 0 ? tokens->items[i - 1].kind : kind;

		if (i > 0 && !(before == TOKEN_OPEN && kind == TOKEN_PREFIX) &&
		    !(before == TOKEN_TEXT && kind == TOKEN_CLOSE) &&
		    !(before == TOKEN_PREFIX && kind == TOKEN_TEXT))
			buf_add_char(out, ' ');
		buf_add_slice(out, tokens->items[i].text);
	}
}

void
arxiv_tokens_free(struct arxiv_tokens *tokens)
{
	free(tokens->items);
	*tokens = (struct arxiv_tokens){ NULL, 0, 0 };
}

static size_t
digits(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.len && text_is_digit(text.data[end]))
		end++;
	return end - at;
}

/* YYYY, YYYYMM and YYYYMMDD are filled up to YYYYMMDDhhmm, seconds are cut. */
static void
date_pad(struct slice date, bool from, struct buf *out)
{
	size_t start = out->len;
	int year = (date.data[0] - '0') * 1000 + (date.data[1] - '0') * 100 +
		   (date.data[2] - '0') * 10 + date.data[3] - '0';
	int month = date.len == 6 ? (date.data[4] - '0') * 10 + date.data[5] - '0' : 12;
	int day = 31;

	buf_add(out, date.data, date.len > 12 ? 12 : date.len);
	if (date.len == 4)
		buf_add_text(out, from ? "01" : "12");
	while (day > 28 && !date_exists(year, month, day))
		day--;
	if (out->len - start == 6)
		buf_printf(out, "%02d", from ? 1 : day);
	if (out->len - start == 8)
		buf_add_text(out, from ? "0000" : "2359");
}

/* `[2026 TO 202602]` behind `submittedDate:`; its length, or 0. */
static size_t
range_repair(struct slice text, struct buf *out)
{
	size_t first = digits(text, 1), to = 1 + first, second;
	struct slice copy;

	if (text.len < 2 || text.data[0] != '[' || first < 4 || first > 14 || text.len < to + 4 ||
	    memcmp(text.data + to, " TO ", 4) != 0)
		return 0;
	second = digits(text, to + 4);
	if (second < 4 || second > 14 || text.len <= to + 4 + second ||
	    text.data[to + 4 + second] != ']')
		return 0;
	buf_add_char(out, '"');
	copy = part(text, 1, to);
	date_pad(copy, true, out);
	buf_add_text(out, " TO ");
	copy = part(text, to + 4, to + 4 + second);
	date_pad(copy, false, out);
	buf_add_char(out, '"');
	return to + 4 + second + 1;
}

void
arxiv_dates_repair(struct slice text, struct buf *out)
{
	static const char submitted[] = "submittedDate:";
	static const char updated[] = "lastUpdatedDate:";
	size_t at = 0;

	while (at < text.len) {
		struct slice rest = part(text, at, text.len);

		if (rest.len >= sizeof(updated) - 1 &&
		    memcmp(rest.data, updated, sizeof(updated) - 1) == 0)
			at += sizeof(updated) - 1;
		else if (rest.len >= sizeof(submitted) - 1 &&
			 memcmp(rest.data, submitted, sizeof(submitted) - 1) == 0)
			at += sizeof(submitted) - 1;
		else {
			buf_add_char(out, text.data[at++]);
			continue;
		}
		buf_add_text(out, submitted);
		at += range_repair(part(text, at, text.len), out);
	}
}
