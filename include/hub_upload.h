#ifndef FINESET_HUB_UPLOAD_H
#define FINESET_HUB_UPLOAD_H

#include "attribute.h"
#include "hub.h"
#include "hub_repo.h"
#include "outcome.h"
#include "push_files.h"

/**
 * hub_upload_all(hub, repo, files, log):
 * Have each changed file that is for LFS there: ask which ones are not, send those, in one piece or
 * in parts as the Hub says; addresses that have run out are asked for again.  OUTCOME_DONE, or what
 * went wrong (logged).
 */
enum outcome hub_upload_all(struct hub *hub, const struct hub_repo *repo, struct push_files *files,
    const struct log *log) MUST_CHECK;

/** hub_upload_ask(repo, files, out): Append the question which changed files LFS lacks, as JSON;
 * how many it names. */
size_t hub_upload_ask(const struct hub_repo *repo, const struct push_files *files, struct buf *out);

#endif
