#ifndef FINESET_HUB_REPO_H
#define FINESET_HUB_REPO_H

#include "attribute.h"
#include "buf.h"
#include "log.h"
#include "slice.h"

/* A dataset repository of the Hugging Face Hub, and a branch of it: their names, their URLs. */
struct hub_repo {
	/* Where the Hub is, without slashes behind it; borrowed, as all of this. */
	const char *endpoint;
	/* `NAMESPACE/NAME`. */
	const char *name;
	const char *revision;
};

/**
 * hub_repo_check(name, where, log):
 * Whether the Hub takes `NAMESPACE/NAME`: on each side of the one slash 1 to 96 letters, digits,
 * `-`, `_` and `.`, neither at an end but `_`, without `--` and `..`, not ending in `.git`.  0, or
 * -1 (logged as `WHERE: ...`).
 */
int hub_repo_check(const char *name, const char *where, const struct log *log) MUST_CHECK;

/** hub_repo_check_revision(revision, where, log): Whether git takes it for the name of a branch or
 * a reference.  0, or -1 (logged as `WHERE: ...`). */
int hub_repo_check_revision(
    const char *revision, const char *where, const struct log *log) MUST_CHECK;

/** hub_repo_api(repo, what, out): Append the URL of `WHAT/REVISION` in the API. */
void hub_repo_api(const struct hub_repo *repo, const char *what, struct buf *out);

/** hub_repo_lfs(repo, out): Append the URL at which uploads to LFS are asked for. */
void hub_repo_lfs(const struct hub_repo *repo, struct buf *out);

/** hub_repo_page(repo, out): Append the URL of its page, for people. */
void hub_repo_page(const struct hub_repo *repo, struct buf *out);

/** hub_repo_href(repo, href, out): Append an address that the Hub gave; one on its usual host is on
 * the one that was chosen. */
void hub_repo_href(const struct hub_repo *repo, struct slice href, struct buf *out);

#endif
