#include "code_link.h"

#include "mem.h"
#include "text.h"

#include <stdint.h>
#include <stdlib.h>

/* Repository addresses. */

/* In order of preference; the part before the dot and the part behind it. */
static const struct host {
	const char *name;
	const char *domain;
} hosts[] = {
	{ "github", "com" },
	{ "gitlab", "com" },
	{ "bitbucket", "org" },
	{ "codeberg", "org" },
};
#define HOSTS (sizeof(hosts) / sizeof(hosts[0]))

/* First path segments that belong to the host and to no owner. */
static const char *const reserved[] = {
	"about", "account", "apps", "blog", "collections", "contact", "customer-stories", "dashboard",
	"enterprise", "events", "explore", "features", "groups", "help", "issues", "join", "login",
	"marketplace", "notifications", "organizations", "orgs", "pricing", "product", "projects",
	"pulls", "repo", "search", "security", "sessions", "settings", "signup", "site", "snippets",
	"sponsors", "stars", "support", "topics", "trending", "user", "user-attachments", "users",
	"watching",
};

static struct slice
slice_from(struct slice text, size_t at)
{
	return (struct slice){ text.data + at, text.len - at };
}

static bool
is_name(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '-' || c == '_' || c == '.';
}

static bool
is_path(char c)
{
	return is_name(c) || c == '/' || c == '%' || c == '+' || c == '@' || c == '=' || c == '&';
}

/* The next byte of an address at ${at}, freed of its LaTeX escape; 0 where the address ends. */
static char
path_next(struct slice text, size_t *at)
{
	struct slice rest = slice_from(text, *at);
	size_t skip = text_starts(rest, "{\\_}") ? 2 : text_starts(rest, "\\_") ? 1 : 0;

	if (text_starts(rest, "\\-") || text_starts(rest, "\\%") || text_starts(rest, "\\&"))
		skip = 1;
	if (skip == rest.len || !is_path(rest.data[skip]))
		return '\0';
	*at += skip == 2 ? 4 : skip + 1;
	return rest.data[skip];
}

/* Whether a word that is no prose, such as `a-b/c`, follows: the tail of an address that a line break tore. */
static bool
is_torn_tail(struct slice text)
{
	bool odd = false;
	size_t len = 0;

	for (; len < text.len && is_name(text.data[len]); len++)
		odd = odd || text_is_digit(text.data[len]) || text.data[len] == '-' ||
		    text.data[len] == '_' || text.data[len] != text_lower(text.data[len]);
	return odd && len > 1;
}

/*
 * Append the path behind a host.  An address may be torn by a folded line break right behind the host, the
 * owner or a hyphen.
 */
static void
path_copy(struct slice text, struct buf *out)
{
	size_t at = 0, slashes = 0;
	char c, last = '\0';

	if (text_starts(text, "/ ") && !is_torn_tail(slice_from(text, 2)))
		return;
	while ((c = at < text.len ? path_next(text, &at) : '\0') != '\0' || at < text.len) {
		bool torn = c == '\0' && text.data[at] == ' ' &&
		    ((last == '/' && slashes <= 2) || last == '-') &&
		    is_torn_tail(slice_from(text, at + 1));

		if (c == '\0' && !torn)
			return;
		at += torn;
		slashes += c == '/';
		last = c;
		if (c != '\0')
			buf_add_char(out, c);
	}
}
