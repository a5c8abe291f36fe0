#include "check.h"
#include "code_link.h"
#include "text.h"

#include <string.h>

static void
check_address(struct slice url)
{
	static const char *const starts[] = { "https://github.com/", "https://gitlab.com/",
		"https://bitbucket.org/", "https://codeberg.org/" };
	struct slice owner = SLICE_NONE;
	const char *slash;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (url.len >= strlen(starts[i]) &&
		    memcmp(url.data, starts[i], strlen(starts[i])) == 0)
			owner = (struct slice){ url.data + strlen(starts[i]),
				url.len - strlen(starts[i]) };
	CHECK(owner.data != NULL);
	slash = memchr(owner.data, '/', owner.len);
	CHECK(slash != NULL && slash > owner.data && slash + 1 < url.data + url.len);
	for (size_t i = 0; i < url.len; i++)
		CHECK(url.data[i] > ' ' && url.data[i] < 0x7f &&
		      strchr("{}\\<>\"^`$~|?#[]()*,;'!", url.data[i]) == NULL);
	CHECK(strchr(".,:;/?!%@=&", url.data[url.len - 1]) == NULL);
	CHECK(url.len < 4 || !text_starts((struct slice){ url.data + url.len - 4, 4 }, ".git"));
}

/* An address is one, an address alone is found as it stands, and it is there only with
 * CODE_ADDRESS. */
static void
check(struct slice comment, struct slice abstract)
{
	struct buf url = BUF_INIT, again = BUF_INIT;
	enum code_evidence evidence = code_link_find(comment, abstract, &url);

	CHECK((evidence == CODE_ADDRESS) == (url.len > 0));
	if (evidence == CODE_ADDRESS) {
		check_address(buf_slice(&url));
		CHECK(code_link_find(SLICE_NONE, buf_slice(&url), &again) == CODE_ADDRESS);
		CHECK(slice_equal(buf_slice(&again), buf_slice(&url)));
	} else {
		CHECK((evidence == CODE_STATED) ==
		      (code_link_stated(comment) || code_link_stated(abstract)));
	}
	buf_free(&url);
	buf_free(&again);
}

/* The first line is the comment, the rest the abstract; once as the bytes are, once cleaned as in a
 * record. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice whole = { (const char *)data, len }, comment, abstract;
	const char *line = len == 0 ? NULL : memchr(whole.data, '\n', len);
	struct buf left = BUF_INIT, right = BUF_INIT;

	comment =
	    line == NULL ? SLICE_NONE : (struct slice){ whole.data, (size_t)(line - whole.data) };
	abstract = line == NULL ? whole : (struct slice){ line + 1, len - comment.len - 1 };
	check(comment, abstract);
	text_clean(comment, &left);
	text_clean(abstract, &right);
	check(buf_slice(&left), buf_slice(&right));
	buf_free(&left);
	buf_free(&right);
	return 0;
}
