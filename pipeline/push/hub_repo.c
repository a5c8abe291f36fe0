#include "hub_repo.h"

#include "text.h"

#include <string.h>

#define SIDE_BYTES 96
#define REVISION_BYTES 255
/* Where the Hub says that things are, wherever it runs. */
#define USUAL_HOST "https://huggingface.co"

static bool
is_word(char c)
{
	return text_is_letter(c) || text_is_digit(c) || c == '_';
}

static const char *
side_fault(struct slice side)
{
	if (side.len == 0 || side.len > SIDE_BYTES)
		return "each side of the slash has 1 to 96 characters";
	for (size_t i = 0; i < side.len; i++) {
		char c = side.data[i];

		if (!is_word(c) && c != '-' && c != '.')
			return "it is made of letters, digits, '-', '_' and '.' alone";
		if (i > 0 && c != '_' && !is_word(c) && c == side.data[i - 1])
			return "it has no '--' and no '..'";
	}
	if (!is_word(side.data[0]) || !is_word(side.data[side.len - 1]))
		return "no side begins or ends with '-' or '.'";
	return NULL;
}

static const char *
name_fault(const char *name)
{
	const char *slash = strchr(name, '/'), *fault;
	size_t len = strlen(name);

	if (slash == NULL || strchr(slash + 1, '/') != NULL)
		return "it has exactly one slash";
	fault = side_fault((struct slice){ name, (size_t)(slash - name) });
	if (fault == NULL)
		fault = side_fault(slice_of(slash + 1));
	if (fault == NULL && len > 4 && strcmp(name + len - 4, ".git") == 0)
		fault = "it does not end in '.git'";
	return fault;
}

int
hub_repo_check(const char *name, const char *where, const struct log *log)
{
	const char *fault = name_fault(name);

	if (fault == NULL)
		return 0;
	log_error(log, "%s: a dataset of the Hub is NAMESPACE/NAME (%s), got '" LOG_VALUE_FMT "'",
	    where, fault, LOG_VALUE(slice_of(name)));
	return -1;
}

/* git-check-ref-format(1). */
static bool
is_revision(struct slice revision)
{
	char before = '/';

	if (revision.len == 0 || revision.len > REVISION_BYTES || revision.data[0] == '-' ||
	    !text_is_utf8(revision) || slice_is(revision, "@"))
		return false;
	for (size_t i = 0; i < revision.len; i++) {
		char c = revision.data[i];

		if ((unsigned char)c <= ' ' || c == 0x7f || strchr("~^:?*[\\", c) != NULL)
			return false;
		if ((c == '/' || c == '.') && (before == '/' || (c == '.' && before == '.')))
			return false;
		if (c == '{' && before == '@')
			return false;
		before = c;
	}
	return before != '/' && before != '.' &&
	       (revision.len < 5 || memcmp(revision.data + revision.len - 5, ".lock", 5) != 0);
}

int
hub_repo_check_revision(const char *revision, const char *where, const struct log *log)
{
	if (is_revision(slice_of(revision)))
		return 0;
	log_error(log, "%s: must be a branch such as main, got '" LOG_VALUE_FMT "'", where,
	    LOG_VALUE(slice_of(revision)));
	return -1;
}

/* With nothing but what no URL gives a meaning left as it is. */
static void
add_escaped(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (is_word(c) || c == '-' || c == '.' || c == '~')
			buf_add_char(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

void
hub_repo_api(const struct hub_repo *repo, const char *what, struct buf *out)
{
	buf_printf(out, "%s/api/datasets/%s/%s/", repo->endpoint, repo->name, what);
	add_escaped(slice_of(repo->revision), out);
}

void
hub_repo_lfs(const struct hub_repo *repo, struct buf *out)
{
	buf_printf(out, "%s/datasets/%s.git/info/lfs/objects/batch", repo->endpoint, repo->name);
}

void
hub_repo_page(const struct hub_repo *repo, struct buf *out)
{
	buf_printf(out, "%s/datasets/%s", repo->endpoint, repo->name);
}

void
hub_repo_href(const struct hub_repo *repo, struct slice href, struct buf *out)
{
	const size_t usual = sizeof(USUAL_HOST) - 1;

	if (text_starts(href, USUAL_HOST "/")) {
		buf_add_text(out, repo->endpoint);
		href = (struct slice){ href.data + usual, href.len - usual };
	}
	buf_add_slice(out, href);
}
