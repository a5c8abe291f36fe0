#include "arxiv_query.h"

#include "arxiv_token.h"
#include "date.h"
#include "text.h"
#include "words.h"

#include <fnmatch.h>
#include <string.h>

enum node_kind { NODE_TERM, NODE_DATE, NODE_AND, NODE_OR, NODE_ANDNOT, NODE_NOT };

struct arxiv_node {
	enum node_kind kind;
	const struct arxiv_node *left;
	const struct arxiv_node *right;
	/* Of a term: `ti:`, what was written behind it, and that folded. */
	struct slice prefix;
	struct slice text;
	struct slice words;
	int64_t from;
	int64_t to;
};

struct parser {
	struct arena *arena;
	const struct arxiv_tokens *tokens;
	size_t at;
	unsigned depth;
};

static struct arxiv_node *
node_new(struct parser *parser, enum node_kind kind)
{
	struct arxiv_node *node = arena_new(parser->arena, 1, sizeof(*node));

	node->kind = kind;
	return node;
}

static const struct arxiv_token *
peek(const struct parser *parser)
{
	return parser->at < parser->tokens->count ? &parser->tokens->items[parser->at] : NULL;
}

/* YYYYMMDDhhmm, GMT. */
static int
minute_parse(struct slice text, int64_t *seconds)
{
	char date[] = "0000-00-00T00:00:00Z";
	static const size_t places[] = { 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15 };

	if (text.len != 12)
		return -1;
	for (size_t i = 0; i < 12; i++)
		date[places[i]] = text.data[i];
	return date_time_parse(SLICE_LITERAL(date), seconds);
}

/* `"202601010000 TO 202602282359"` with its quotes.  Both ends are inclusive, as minutes: 23:59:30
 * is outside. */
static int
range_parse(struct slice text, struct arxiv_node *node)
{
	if (text.len != 30 || memcmp(text.data + 13, " TO ", 4) != 0)
		return -1;
	node->kind = NODE_DATE;
	if (minute_parse((struct slice){ text.data + 1, 12 }, &node->from) == -1)
		return -1;
	return minute_parse((struct slice){ text.data + 17, 12 }, &node->to);
}

static const struct arxiv_node *
term_parse(struct parser *parser)
{
	struct arxiv_node *node = node_new(parser, NODE_TERM);
	struct buf words = BUF_INIT;
	const struct arxiv_token *token = peek(parser);

	if (token == NULL || token->kind != TOKEN_PREFIX)
		return NULL;
	node->prefix = token->text;
	parser->at++;
	token = peek(parser);
	if (token == NULL || token->kind != TOKEN_TEXT || token->text.data[0] == '[')
		return NULL;
	node->text = token->text;
	parser->at++;
	if (slice_is(node->prefix, "submittedDate:"))
		return range_parse(node->text, node) == -1 ? NULL : node;
	if (node->text.data[node->text.len - 1] == '*')
		words_fold_prefix((struct slice){ node->text.data, node->text.len - 1 }, &words);
	else
		words_fold(node->text, &words);
	node->words = arena_dup(parser->arena, buf_slice(&words));
	buf_free(&words);
	return node;
}

static const struct arxiv_node *chain_parse(struct parser *parser);

static const struct arxiv_node *
operand_parse(struct parser *parser)
{
	const struct arxiv_token *token = peek(parser);
	const struct arxiv_node *inner;

	if (token == NULL || token->kind != TOKEN_OPEN)
		return term_parse(parser);
	parser->at++;
	if (++parser->depth > 100)
		return NULL;
	inner = chain_parse(parser);
	parser->depth--;
	token = peek(parser);
	if (inner == NULL || token == NULL || token->kind != TOKEN_CLOSE)
		return NULL;
	parser->at++;
	return inner;
}

static enum node_kind
operator_kind(struct slice text)
{
	return slice_is(text, "AND") ? NODE_AND : slice_is(text, "OR") ? NODE_OR : NODE_ANDNOT;
}

/* "The grammar shifts, so chains nest to the right": a AND b OR c is a AND (b OR c). */
static const struct arxiv_node *
chain_parse(struct parser *parser)
{
	const struct arxiv_token *token = peek(parser);
	const struct arxiv_node *left = NULL;
	struct arxiv_node *node;

	if (token != NULL && token->kind == TOKEN_OPERATOR) {
		if (operator_kind(token->text) != NODE_ANDNOT)
			return NULL;
		node = node_new(parser, NODE_NOT);
	} else {
		left = operand_parse(parser);
		token = peek(parser);
		if (left == NULL || token == NULL || token->kind != TOKEN_OPERATOR)
			return left;
		node = node_new(parser, operator_kind(token->text));
	}
	parser->at++;
	if (++parser->depth > 1000)
		return NULL;
	node->left = left;
	node->right = chain_parse(parser);
	parser->depth--;
	return node->right == NULL ? NULL : node;
}

static void
nested_write(const struct arxiv_node *node, bool top, struct buf *out)
{
	static const char *const names[] = { [NODE_AND] = "+AND+",
		[NODE_OR] = "+OR+",
		[NODE_ANDNOT] = "+ANDNOT+",
		[NODE_NOT] = "ANDNOT+" };

	if (node->kind == NODE_TERM || node->kind == NODE_DATE) {
		buf_add_slice(out, node->prefix);
		for (size_t i = 0; i < node->text.len; i++)
			buf_add_char(out, node->text.data[i] == ' ' ? '+' : node->text.data[i]);
		return;
	}
	buf_add_text(out, top ? "" : "(");
	if (node->left != NULL)
		nested_write(node->left, false, out);
	buf_add_text(out, names[node->kind]);
	nested_write(node->right, false, out);
	buf_add_text(out, top ? "" : ")");
}

static int
tokens_parse(struct arena *arena, const struct arxiv_tokens *tokens, struct arxiv_query *query)
{
	struct parser parser = { arena, tokens, 0, 0 };
	struct buf text = BUF_INIT;

	arxiv_tokens_write(tokens, &text);
	query->repaired = arena_dup(arena, buf_slice(&text));
	query->root = chain_parse(&parser);
	buf_clear(&text);
	if (query->root != NULL && parser.at == tokens->count)
		nested_write(query->root, true, &text);
	query->nested = arena_dup(arena, buf_slice(&text));
	buf_free(&text);
	return query->root == NULL || parser.at != tokens->count ? -1 : 0;
}

int
arxiv_query_parse(struct arena *arena, struct slice text, bool raw, struct arxiv_query *query)
{
	struct arxiv_tokens tokens = { NULL, 0, 0 };
	struct buf dated = BUF_INIT;
	int rc;

	*query = (struct arxiv_query){ NULL, SLICE_LITERAL(""), SLICE_LITERAL("") };
	if (text.len == 0)
		return 0;
	arxiv_dates_repair(text, &dated);
	text = raw ? text : arena_dup(arena, buf_slice(&dated));
	arxiv_tokens_read(text, &tokens);
	if (!raw)
		arxiv_tokens_repair(arena, &tokens);
	rc = tokens_parse(arena, &tokens, query);
	arxiv_tokens_free(&tokens);
	buf_free(&dated);
	return rc;
}

/* `cat:cs.CL` is the primary category or a cross-list, `cat:cs.*` any of the archive's. */
static bool
category_match(struct slice pattern, const struct arxiv_paper *paper)
{
	struct buf text = BUF_INIT;
	bool found = false;

	for (size_t i = 0; i < pattern.len; i++)
		if (pattern.data[i] != '"')
			buf_add_char(&text, pattern.data[i]);
	for (size_t i = 0; i < paper->categories.count && text.data != NULL; i++)
		found = found || fnmatch(text.data, paper->categories.items[i].data, 0) == 0;
	buf_free(&text);
	return found;
}

/* The same text but for quotes and ASCII case. */
static bool
same_match(struct slice wanted, struct slice value)
{
	if (wanted.len > 1 && wanted.data[0] == '"')
		wanted = (struct slice){ wanted.data + 1, wanted.len - 2 };
	if (value.data == NULL || wanted.len != value.len)
		return false;
	for (size_t i = 0; i < value.len; i++)
		if (text_lower(wanted.data[i]) != text_lower(value.data[i]))
			return false;
	return true;
}

static bool
all_match(const struct arxiv_node *node, const struct arxiv_paper *paper)
{
	for (size_t i = 0; i < ARXIV_TEXT_FIELDS; i++)
		if (words_hold(paper->words[i], node->words))
			return true;
	return category_match(node->text, paper) || same_match(node->text, paper->id);
}

static bool
term_match(const struct arxiv_node *node, const struct arxiv_paper *paper)
{
	static const struct {
		const char *prefix;
		enum arxiv_field field;
	} fields[] = { { "ti:", ARXIV_TITLE }, { "abs:", ARXIV_ABSTRACT }, { "au:", ARXIV_AUTHOR },
		{ "co:", ARXIV_COMMENT }, { "jr:", ARXIV_JOURNAL } };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (slice_is(node->prefix, fields[i].prefix))
			return words_hold(paper->words[fields[i].field], node->words);
	if (slice_is(node->prefix, "all:"))
		return all_match(node, paper);
	if (slice_is(node->prefix, "cat:"))
		return category_match(node->text, paper);
	if (slice_is(node->prefix, "id:"))
		return same_match(node->text, paper->id);
	/* No paper of a world has a report number. */
	return slice_is(node->prefix, "doi:") && same_match(node->text, paper->doi);
}

static bool
node_match(const struct arxiv_node *node, const struct arxiv_paper *paper)
{
	switch (node->kind) {
	case NODE_TERM:
		return term_match(node, paper);
	case NODE_DATE:
		/* It filters on the date of v1. */
		return paper->versions[0] >= node->from && paper->versions[0] <= node->to;
	case NODE_AND:
		return node_match(node->left, paper) && node_match(node->right, paper);
	case NODE_OR:
		return node_match(node->left, paper) || node_match(node->right, paper);
	case NODE_ANDNOT:
		return node_match(node->left, paper) && !node_match(node->right, paper);
	case NODE_NOT:
		return !node_match(node->right, paper);
	}
	return false;
}

bool
arxiv_query_match(const struct arxiv_query *query, const struct arxiv_paper *paper)
{
	return query->root == NULL || node_match(query->root, paper);
}

static unsigned
node_rank(const struct arxiv_node *node, const struct arxiv_paper *paper)
{
	if (node == NULL || node->kind == NODE_DATE || node->kind == NODE_NOT)
		return 0;
	if (node->kind == NODE_TERM)
		return !term_match(node, paper) ? 0 : slice_is(node->prefix, "ti:") ? 2 : 1;
	return node_rank(node->left, paper) + node_rank(node->right, paper);
}

unsigned
arxiv_query_rank(const struct arxiv_query *query, const struct arxiv_paper *paper)
{
	return node_rank(query->root, paper);
}

static bool
node_until(const struct arxiv_node *node, int64_t *until)
{
	if (node == NULL)
		return false;
	if (node->kind == NODE_DATE) {
		*until = node->to;
		return true;
	}
	return node_until(node->right, until) || node_until(node->left, until);
}

bool
arxiv_query_until(const struct arxiv_query *query, int64_t *until)
{
	return node_until(query->root, until);
}
