#include "code_link.h"

#include "block.h"
#include "text.h"

#include <string.h>

/* In order of preference: what stands before the dot and behind it. */
static const struct host {
	const char *name;
	const char *domain;
} hosts[] = {
	{ "github", "com/" },
	{ "gitlab", "com/" },
	{ "bitbucket", "org/" },
	{ "codeberg", "org/" },
};
#define HOSTS (sizeof(hosts) / sizeof(hosts[0]))

/* First path segments that belong to a host and to no owner. */
static const char *const reserved[] = {
	"about",
	"account",
	"apps",
	"blog",
	"codespaces",
	"collections",
	"contact",
	"customer-stories",
	"dashboard",
	"enterprise",
	"events",
	"explore",
	"features",
	"groups",
	"help",
	"issues",
	"join",
	"login",
	"marketplace",
	"new",
	"notifications",
	"organizations",
	"orgs",
	"pricing",
	"product",
	"projects",
	"pulls",
	"readme",
	"repo",
	"search",
	"security",
	"sessions",
	"settings",
	"signup",
	"site",
	"snippets",
	"sponsors",
	"stars",
	"support",
	"topics",
	"trending",
	"user",
	"user-attachments",
	"users",
	"watching",
};

static struct slice
slice_from(struct slice text, size_t at)
{
	return (struct slice){ text.data + at, text.len - at };
}

static bool
ends_with(struct slice text, const char *suffix)
{
	size_t len = strlen(suffix);

	return text.len >= len && text_starts(slice_from(text, text.len - len), suffix);
}

static bool
is_alnum(char c)
{
	return text_is_letter(c) || text_is_digit(c);
}

static bool
is_name(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* Queries and fragments are no path: an address ends before '?' and '#'. */
static bool
is_path(char c)
{
	return is_name(c) || c == '/' || c == '%' || c == '+' || c == '@' || c == '=' || c == '&';
}

static size_t
name_len(struct slice text)
{
	size_t len = 0;

	while (len < text.len && is_name(text.data[len]))
		len++;
	return len;
}

/* Whether `owner-1/name` and no prose such as `and/or` follows. */
static bool
is_torn_path(struct slice text)
{
	size_t owner = name_len(text);
	bool prose = true;

	if (owner == 0 || owner == text.len || text.data[owner] != '/')
		return false;
	owner += 1 + name_len(slice_from(text, owner + 1));
	for (size_t i = 0; i < owner && prose; i++)
		prose = text.data[i] == '/' || text.data[i] == '.' ||
			(text.data[i] >= 'a' && text.data[i] <= 'z');
	return !prose;
}

/* How many bytes at the front of ${text} are LaTeX for an underscore. */
static size_t
latex_underscore(struct slice text)
{
	static const char *const forms[] = { "{\\_}", "$\\_$", "\\textunderscore{}",
		"{\\textunderscore}", "\\textunderscore " };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (text_starts(text, forms[i]))
			return strlen(forms[i]);
	return 0;
}

/* ${text} without `.git`, a slash and punctuation at its end. */
static struct slice
trim_end(struct slice text)
{
	while (text.len > 0) {
		if (strchr("./%@=&", text.data[text.len - 1]) != NULL)
			text.len--;
		else if (ends_with(text, ".git"))
			text.len -= strlen(".git");
		else
			break;
	}
	return text;
}

static bool
is_reserved(struct slice owner)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strlen(reserved[i]) == owner.len && text_starts(owner, reserved[i]))
			return true;
	return false;
}

/* Append the address of ${path}, `owner/repository...`, on ${host}, if it is one. */
static bool
address_write(const struct host *host, struct slice path, struct buf *out)
{
	struct slice owner = { path.data, name_len(path) }, repo, rest;
	bool named = false;

	if (owner.len == 0 || owner.len == path.len || path.data[owner.len] != '/' ||
	    !is_alnum(owner.data[0]) || is_reserved(owner))
		return false;
	repo = slice_from(path, owner.len + 1);
	rest = slice_from(repo, name_len(repo));
	repo.len -= rest.len;
	repo = trim_end(repo);
	for (size_t i = 0; i < repo.len; i++)
		named = named || is_alnum(repo.data[i]);
	if (!named)
		return false;
	buf_add_text(out, "https://");
	buf_add_text(out, host->name);
	buf_add_char(out, '.');
	buf_add_text(out, host->domain);
	buf_add_slice(out, owner);
	buf_add_char(out, '/');
	buf_add_slice(out, repo);
	if (rest.len > 0 && rest.data[0] == '/')
		buf_add_slice(out, trim_end(rest));
	return true;
}

/* The next dot from ${at} on with a letter behind it that begins a domain, or the length of the
 * text. */
static size_t
dot_next(struct slice text, size_t at)
{
	for (; at + 1 < text.len; at += BLOCK_BYTES) {
		const char *end = text.data + text.len;
		struct block after = block_lower(block_up_to(text.data + at + 1, end));
		struct block domain = block_or(block_is(after, 'c'), block_is(after, 'o'));
		struct block dots = block_is(block_up_to(text.data + at, end), '.');
		uint32_t bits = block_bits(block_and(dots, domain));

		if (bits != 0)
			return at + block_first(bits);
	}
	return text.len;
}

/* Which host's name surrounds the dot at ${dot}, or HOSTS. */
static size_t
host_at(struct slice text, size_t dot)
{
	struct slice before = { text.data, dot };
	size_t rank = 0;

	while (rank < HOSTS && !(ends_with(before, hosts[rank].name) &&
				   text_starts(slice_from(text, dot + 1), hosts[rank].domain)))
		rank++;
	if (rank == HOSTS)
		return HOSTS;
	before.len -= strlen(hosts[rank].name);
	if (ends_with(before, "www."))
		before.len -= strlen("www.");
	return before.len > 0 && is_name(before.data[before.len - 1]) ? HOSTS : rank;
}

/* Whether a text begins with an address of its own. */
static bool
is_address(struct slice text)
{
	size_t dot = 0;

	while (dot < text.len && is_alnum(text.data[dot]))
		dot++;
	return text_starts(text, "http://") || text_starts(text, "https://") ||
	       text_starts(text, "www.") ||
	       (dot < text.len && text.data[dot] == '.' && host_at(text, dot) < HOSTS);
}

/* Whether a blank at ${at} is a folded line break behind the host or a hyphen, and no new address
 * follows. */
static bool
is_torn(struct slice text, size_t at)
{
	struct slice behind = slice_from(text, at + 1);

	if (text.data[at] != ' ' || at == 0 || behind.len == 0)
		return false;
	if (at == 1)
		return is_torn_path(behind);
	return text.data[at - 1] == '-' && is_alnum(behind.data[0]) && !is_address(behind);
}

/*
 * Copy the path that starts ${text} without its LaTeX escapes (`\_`, `{\_}`) and mend what a folded
 * line break tore.  Return the bytes read.
 */
static size_t
path_copy(struct slice text, struct buf *out)
{
	size_t at = 0;

	while (at < text.len) {
		struct slice rest = slice_from(text, at);
		size_t underscore = latex_underscore(rest), skip = rest.data[0] == '\\';

		if (is_torn(text, at)) {
			at++;
			continue;
		}
		if (underscore > 0) {
			buf_add_char(out, '_');
			at += underscore;
			continue;
		}
		if (skip >= rest.len || !is_path(rest.data[skip]) ||
		    (skip == 1 && is_alnum(rest.data[1])))
			break;
		buf_add_char(out, rest.data[skip]);
		at += 1 + skip;
	}
	return at;
}

/*
 * Put the first address on a host better than ${best} into ${url}; return the host that it has
 * then.  What was read as one path is not searched again, so the time is linear.
 */
static size_t
address_find(struct slice text, size_t best, struct buf *url)
{
	struct buf path = BUF_INIT, found = BUF_INIT;
	size_t at = 0;

	while (best > 0 && (at = dot_next(text, at)) < text.len) {
		size_t rank = host_at(text, at++);

		if (rank >= best)
			continue;
		at += strlen(hosts[rank].domain) - 1;
		buf_clear(&path);
		buf_clear(&found);
		at += path_copy(slice_from(text, at), &path);
		if (!address_write(&hosts[rank], slice_from(buf_slice(&path), 1), &found))
			continue;
		buf_clear(url);
		buf_add_slice(url, buf_slice(&found));
		best = rank;
	}
	buf_free(&path);
	buf_free(&found);
	return best;
}

enum code_evidence
code_link_find(struct slice comment, struct slice abstract, struct buf *url)
{
	struct buf address = BUF_INIT;
	size_t best = address_find(comment, HOSTS, &address);

	best = address_find(abstract, best, &address);
	buf_add_slice(url, buf_slice(&address));
	buf_free(&address);
	if (best < HOSTS)
		return CODE_ADDRESS;
	return code_link_stated(comment) || code_link_stated(abstract) ? CODE_STATED : CODE_NONE;
}
