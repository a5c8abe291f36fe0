#ifndef FINESET_HUB_JSON_H
#define FINESET_HUB_JSON_H

#include "attribute.h"
#include "buf.h"
#include "digest.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the Hub's answers say.  They are read as anything from outside is: bounded, and not
 * believed. */

/** hub_json_error(body, out): Append what an answer says of an error, made one clean line; nothing
 * if it says nothing (HTML, for one). */
void hub_json_error(struct slice body, struct buf *out);

/* A commit is named by 40 hex digits, or by 64. */
struct hub_head {
	char sha[DIGEST_HEX_SIZE];
	/* Whether everybody may see the repository: the answer says that it is not private. */
	bool is_public;
};

/** hub_json_head(body, head): Where a branch stands.  0, or -1 if the answer does not say. */
int hub_json_head(struct slice body, struct hub_head *head) MUST_CHECK;

/* How the Hub wants a file. */
struct hub_mode {
	bool lfs;
	/* A .gitignore there keeps it out. */
	bool ignored;
	/* What stands there under its name, in hex: SHA-256 of a file in LFS, git's name of
	   another; empty if nothing does. */
	char oid[DIGEST_HEX_SIZE];
};

/** hub_json_mode(body, path, mode): How a preupload answer wants the file ${path}.  0, or -1 if it
 * does not say. */
int hub_json_mode(struct slice body, const char *path, struct hub_mode *mode) MUST_CHECK;

/* What is to be done to have one file in LFS. */
struct hub_upload {
	/* It is there already. */
	bool stored;
	/* Where to: all of it with one PUT, or in parts, then where to say that all are there. */
	struct buf href;
	/* Where to ask whether it has come; empty if nowhere. */
	struct buf verify;
	/* Of a part, the last one may have less; 0: all at once. */
	uint64_t part_bytes;
	char **parts;
	size_t part_count;
};

/** hub_upload_free(upload): Free what it holds. */
void hub_upload_free(struct hub_upload *upload);

/**
 * hub_json_upload(body, oid, bytes, upload, why):
 * What an LFS answer says of an object; ${upload} was zeroed.  0, or -1 with the reason appended to
 * ${why}: an error of the Hub's, a way of transfer that was not offered, parts that are not those
 * of so many bytes.
 */
int hub_json_upload(struct slice body, const char *oid, uint64_t bytes, struct hub_upload *upload,
    struct buf *why) MUST_CHECK;

/** hub_json_commit(body, oid): The name of the commit that was made.  0, or -1 if the answer does
 * not say. */
int hub_json_commit(struct slice body, char oid[DIGEST_HEX_SIZE]) MUST_CHECK;

#endif
