#include "s2_query.h"

#include "text.h"
#include "words.h"

#include <string.h>

enum node_kind { NODE_ALL, NODE_TERM, NODE_AND, NODE_OR, NODE_NOT };

struct s2_query {
	enum node_kind kind;
	const struct s2_query *left;
	const struct s2_query *right;
	struct slice words;
};

struct parser {
	struct arena *arena;
	struct slice text;
	size_t at;
	unsigned depth;
};

static const struct s2_query *or_parse(struct parser *parser);

static const struct s2_query *
node_new(struct parser *parser, enum node_kind kind, const struct s2_query *left,
    const struct s2_query *right)
{
	struct s2_query *node = arena_new(parser->arena, 1, sizeof(*node));

	*node = (struct s2_query){ kind, left, right, SLICE_NONE };
	return node;
}

static char
peek(struct parser *parser)
{
	while (parser->at < parser->text.len &&
	       (parser->text.data[parser->at] == ' ' || parser->text.data[parser->at] == '+'))
		parser->at++;
	return parser->at < parser->text.len ? parser->text.data[parser->at] : '\0';
}

static const struct s2_query *
phrase_new(struct parser *parser, struct slice text, bool prefix)
{
	struct s2_query *node = arena_new(parser->arena, 1, sizeof(*node));
	struct buf words = BUF_INIT;

	node->kind = NODE_TERM;
	if (prefix)
		words_fold_prefix(text, &words);
	else
		words_fold(text, &words);
	node->words = arena_dup(parser->arena, buf_slice(&words));
	buf_free(&words);
	return node;
}

/* `~2` behind a term. */
static void
skip_slop(struct parser *parser)
{
	if (parser->at < parser->text.len && parser->text.data[parser->at] == '~')
		parser->at++;
	else
		return;
	while (parser->at < parser->text.len && text_is_digit(parser->text.data[parser->at]))
		parser->at++;
}

static const struct s2_query *
quoted_parse(struct parser *parser)
{
	const char *start = parser->text.data + parser->at + 1;
	size_t left = parser->text.len - parser->at - 1;
	const char *end = left == 0 ? NULL : memchr(start, '"', left);
	size_t len = end == NULL ? left : (size_t)(end - start);

	parser->at += len + 1 + (end != NULL);
	skip_slop(parser);
	return phrase_new(parser, (struct slice){ start, len }, false);
}

/* A bare word; all words of a hyphenated one must occur, anywhere. */
static const struct s2_query *
word_parse(struct parser *parser)
{
	const struct s2_query *all = NULL, *one;
	size_t start = parser->at, end = start, from, to;
	bool prefix;

	while (end < parser->text.len && strchr(" +|()\"~*", parser->text.data[end]) == NULL)
		end++;
	parser->at = end;
	prefix = end < parser->text.len && parser->text.data[end] == '*';
	parser->at += prefix;
	skip_slop(parser);
	for (from = start; from < end; from = to + 1) {
		for (to = from; to < end && parser->text.data[to] != '-';)
			to++;
		one = phrase_new(parser, (struct slice){ parser->text.data + from, to - from },
		    prefix && to == end);
		all = all == NULL ? one : node_new(parser, NODE_AND, all, one);
	}
	if (end == start)
		parser->at++;
	return all;
}

static const struct s2_query *
unary_parse(struct parser *parser)
{
	const struct s2_query *inner;
	char c = peek(parser);

	if (c == '-') {
		parser->at++;
		inner = ++parser->depth > 100 ? NULL : unary_parse(parser);
		parser->depth--;
		return inner == NULL ? NULL : node_new(parser, NODE_NOT, inner, NULL);
	}
	if (c == '(') {
		parser->at++;
		inner = ++parser->depth > 100 ? NULL : or_parse(parser);
		parser->depth--;
		if (peek(parser) == ')')
			parser->at++;
		return inner;
	}
	return c == '"' ? quoted_parse(parser) : word_parse(parser);
}

static const struct s2_query *
and_parse(struct parser *parser)
{
	const struct s2_query *all = NULL, *one;
	char c;

	while ((c = peek(parser)) != '\0' && c != '|' && c != ')') {
		one = unary_parse(parser);
		if (one != NULL)
			all = all == NULL ? one : node_new(parser, NODE_AND, all, one);
	}
	return all;
}

static const struct s2_query *
or_parse(struct parser *parser)
{
	const struct s2_query *any = and_parse(parser), *one;

	while (peek(parser) == '|') {
		parser->at++;
		one = and_parse(parser);
		if (one != NULL)
			any = any == NULL ? one : node_new(parser, NODE_OR, any, one);
	}
	return any;
}

const struct s2_query *
s2_query_parse(struct arena *arena, struct slice text)
{
	struct parser parser = { arena, text, 0, 0 };
	const struct s2_query *query = or_parse(&parser);

	return query == NULL ? node_new(&parser, NODE_ALL, NULL, NULL) : query;
}

bool
s2_query_match(const struct s2_query *query, const struct s2_paper *paper)
{
	switch (query->kind) {
	case NODE_ALL:
		return true;
	case NODE_TERM:
		return words_hold(paper->title_words, query->words) ||
		       words_hold(paper->abstract_words, query->words);
	case NODE_AND:
		return s2_query_match(query->left, paper) && s2_query_match(query->right, paper);
	case NODE_OR:
		return s2_query_match(query->left, paper) || s2_query_match(query->right, paper);
	case NODE_NOT:
		return !s2_query_match(query->left, paper);
	}
	return false;
}
