#include "push.h"

#include "base64.h"
#include "date.h"
#include "file.h"
#include "hub.h"
#include "hub_commit.h"
#include "hub_json.h"
#include "hub_repo.h"
#include "hub_token.h"
#include "hub_upload.h"
#include "jsonl.h"
#include "push_files.h"
#include "spool.h"
#include "stop.h"
#include "subject.h"
#include "url.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDPOINT "https://huggingface.co"
#define JSON "application/json"
#define NDJSON "application/x-ndjson"
/* By what is at its front the Hub tells text from other things. */
#define SAMPLE_BYTES 512

struct push {
	const struct push_plan *plan;
	const struct log *log;
	struct hub *hub;
	struct hub_repo repo;
	struct subject subject;
	struct push_files files;
	struct hub_head head;
	/* There is no repository yet. */
	bool absent;
	/* A commit went out, and it is not known whether it was made. */
	bool in_doubt;
	enum outcome outcome;
};

/* Ask for JSON by a GET, or by a POST of ${body}. */
static bool
ask(struct push *push, struct hub_question *question, const struct buf *url, const struct buf *body,
    struct hub_answer *answer)
{
	question->request.url = url->data;
	question->request.accept = JSON;
	if (body != NULL) {
		question->request.method = HTTP_POST;
		question->request.content_type = JSON;
		question->request.body = buf_slice(body);
	}
	return hub_ask(push->hub, question, answer);
}

/* Whether it is there then. */
static bool
create(struct push *push)
{
	const struct push_plan *plan = push->plan;
	const char *slash = strchr(plan->name, '/');
	struct hub_question question = { .what = "to make the dataset" };
	struct hub_answer answer;
	struct buf url = BUF_INIT, body = BUF_INIT;
	bool made;

	buf_printf(&url, "%s/api/repos/create", push->repo.endpoint);
	buf_printf(&body, "{\"type\":\"dataset\",\"organization\":\"%.*s\",\"name\":\"%s\"%s}",
	    (int)(slash - plan->name), plan->name, slash + 1,
	    plan->is_private ? ",\"visibility\":\"private\"" : "");
	made = ask(push, &question, &url, &body, &answer);
	if (made)
		log_notice(
		    push->log, "%s: made%s", plan->name, plan->is_private ? ", a private one" : "");
	/* Another made it meanwhile. */
	else if (answer.status == 409)
		made = true;
	else
		push->outcome = hub_fail(push->hub, &question, &answer);
	buf_free(&url);
	buf_free(&body);
	return made;
}

/* Ask where the branch stands. */
static bool
ask_head(struct push *push, struct hub_question *question, struct hub_answer *answer)
{
	struct buf url = BUF_INIT;
	bool answered;

	hub_repo_api(&push->repo, "revision", &url);
	answered = ask(push, question, &url, NULL, answer);
	buf_free(&url);
	return answered;
}

/* One line for a place that is not there. */
static enum outcome
tell_absent(const struct push *push, bool branch)
{
	if (branch)
		log_error(push->log, "%s: the Hub has no branch '" LOG_VALUE_FMT "' of it",
		    push->plan->name, LOG_VALUE(slice_of(push->plan->revision)));
	else
		log_error(push->log,
		    "%s: the Hub has no such dataset, or the token may not see it; --create makes "
		    "it",
		    push->plan->name);
	return OUTCOME_NO_INPUT;
}

/* Where the branch stands, of a repository that is made if that is wanted. */
static bool
read_head(struct push *push)
{
	struct hub_question question = { .what = "where the branch stands" };
	struct hub_answer answer;
	bool answered = ask_head(push, &question, &answer);
	bool branch = !answered &&
		      slice_is(hub_header(push->hub, HUB_API, "X-Error-Code"), "RevisionNotFound");

	push->absent = answer.status == 404 && !branch;
	if (push->absent && push->plan->create) {
		if (push->plan->dry_run)
			return true;
		if (!create(push))
			return false;
		answered = ask_head(push, &question, &answer);
		push->absent = false;
		branch = true;
	}
	if (!answered) {
		push->outcome = answer.status == 404 ? tell_absent(push, branch)
						     : hub_fail(push->hub, &question, &answer);
		return false;
	}
	if (hub_json_head(answer.body, &push->head) == -1) {
		log_error(push->log, "Hub: %s: the answer does not say", question.what);
		push->outcome = OUTCOME_UNREACHABLE;
		return false;
	}
	if (push->plan->is_private && push->head.is_public) {
		log_error(push->log,
		    "%s: is there, and everybody sees it: --private is for those that are not",
		    push->plan->name);
		push->outcome = OUTCOME_USAGE;
		return false;
	}
	return true;
}

static int
describe_file(const struct push_file *file, struct buf *out, const struct log *log)
{
	char sample[SAMPLE_BYTES];
	size_t len = file->bytes < SAMPLE_BYTES ? (size_t)file->bytes : SAMPLE_BYTES;

	if (file_read_at(file->fd, file->path, 0, sample, len, log) == -1)
		return -1;
	buf_add_text(out, "{\"path\":");
	jsonl_write_string(slice_of(file->name), out);
	buf_printf(out, ",\"size\":%" PRIu64 ",\"sample\":\"", file->bytes);
	base64_add(sample, len, out);
	buf_add_text(out, "\"}");
	return 0;
}

/* Whether what stands there under the name of a file is that file.  0, or -1 (logged). */
static int
compare(struct push *push, struct push_file *file, const struct hub_mode *mode)
{
	char blob[DIGEST_HEX_SIZE];

	/* Stores refuse empty objects. */
	file->lfs = mode->lfs && file->bytes > 0;
	file->changed = !mode->ignored;
	if (mode->ignored) {
		log_notice(
		    push->log, "Hub: %s: not sent, a .gitignore there keeps it out", file->name);
		return 0;
	}
	if (mode->oid[0] == '\0')
		return 0;
	if (strlen(mode->oid) == strlen(file->sha256)) {
		file->changed = strcmp(mode->oid, file->sha256) != 0;
		return 0;
	}
	if (push_files_blob(file, blob, push->log) == -1)
		return -1;
	file->changed = strcmp(mode->oid, blob) != 0;
	return 0;
}

static bool
take_modes(struct push *push, struct slice body)
{
	for (size_t i = 0; i < push->files.count; i++) {
		struct push_file *file = &push->files.items[i];
		struct hub_mode mode;

		push->outcome = OUTCOME_UNREACHABLE;
		if (hub_json_mode(body, file->name, &mode) == -1) {
			log_error(push->log, "Hub: %s: it does not say how it wants this file",
			    file->name);
			return false;
		}
		push->outcome = OUTCOME_BAD_DATA;
		if (compare(push, file, &mode) == -1)
			return false;
	}
	push->outcome = OUTCOME_DONE;
	return true;
}

/* Which files are not there as they are here, and how each is to be sent. */
static bool
read_modes(struct push *push)
{
	struct hub_question question = { .what = "which files it has" };
	struct hub_answer answer;
	struct buf url = BUF_INIT, body = BUF_INIT;
	bool ready = true;

	buf_add_text(&body, "{\"files\":[");
	for (size_t i = 0; ready && i < push->files.count; i++) {
		if (i > 0)
			buf_add_char(&body, ',');
		ready = describe_file(&push->files.items[i], &body, push->log) == 0;
	}
	buf_add_text(&body, "]}");
	hub_repo_api(&push->repo, "preupload", &url);
	if (!ready)
		push->outcome = OUTCOME_BAD_DATA;
	else if (!ask(push, &question, &url, &body, &answer))
		push->outcome = hub_fail(push->hub, &question, &answer);
	else
		take_modes(push, answer.body);
	buf_free(&url);
	buf_free(&body);
	return push->outcome == OUTCOME_DONE;
}

static void
count_changed(const struct push *push, size_t *count, uint64_t *bytes)
{
	*count = 0;
	*bytes = 0;
	for (size_t i = 0; i < push->files.count; i++) {
		if (!push->files.items[i].changed)
			continue;
		*count += 1;
		*bytes += push->files.items[i].bytes;
	}
}

/* What the commit is called: the topic, the snapshot, its counts. */
static void
write_summary(const struct push *push, struct buf *out)
{
	const struct manifest_reading *manifest = push->subject.manifest;
	char day[DATE_DAY_SIZE];
	uint64_t records, with_code;
	struct slice name, license;

	manifest_reading_texts(manifest, &name, &license);
	manifest_reading_counts(manifest, &records, &with_code);
	date_day_write(manifest_reading_day(manifest), day);
	if (name.len > 0)
		buf_printf(out, LOG_VALUE_FMT ", ", LOG_VALUE(name));
	buf_printf(out, "snapshot of %s: %" PRIu64 " papers, %" PRIu64 " with code", day, records,
	    with_code);
}

/* Write the commit to a file that the caller closes; -1 (logged) if that fails. */
static int
write_commit(struct push *push, const char *summary, uint64_t *bytes)
{
	const struct hub_commit commit = { summary, push->head.sha, &push->files };
	struct file_writer out;
	int fd = spool_new(push->log), result;

	push->outcome = OUTCOME_CANNOT_WRITE;
	if (fd == -1)
		return -1;
	file_writer_fd(&out, fd, "the commit, a temporary file", push->log);
	result = hub_commit_write(&commit, &out, push->log);
	*bytes = out.bytes;
	if (result == -1)
		push->outcome = OUTCOME_BAD_DATA;
	if (file_writer_close(&out) == 0 && result == 0) {
		push->outcome = OUTCOME_DONE;
		return fd;
	}
	close(fd);
	return -1;
}

static void
tell_commit(const struct push *push, const char *oid)
{
	struct buf page = BUF_INIT;
	uint64_t bytes;
	size_t count;

	count_changed(push, &count, &bytes);
	hub_repo_page(&push->repo, &page);
	log_notice(push->log, "%s: %zu of %zu files are new, %.1f MB, commit %s", page.data, count,
	    push->files.count, (double)bytes / 1e6, oid);
	buf_free(&page);
}

/* Ask for the commit; whether all must be looked at again, since the branch stands elsewhere now,
 * or nobody knows whether it was made. */
static bool
ask_commit(struct push *push, const struct http_file *file, unsigned times)
{
	struct hub_question question = {
		.request = { .method = HTTP_POST,
		    .content_type = NDJSON,
		    .accept = JSON,
		    .file = file },
		.what = "the commit",
		.once = true,
	};
	struct hub_answer answer;
	struct buf url = BUF_INIT;
	char oid[DIGEST_HEX_SIZE];
	bool done, again = false;

	hub_repo_api(&push->repo, "commit", &url);
	question.request.url = url.data;
	done = hub_ask(push->hub, &question, &answer);
	if (done && hub_json_commit(answer.body, oid) == 0) {
		tell_commit(push, oid);
	} else if (done || hub_may_pass(&answer) || answer.status == 409 || answer.status == 412) {
		push->in_doubt |= done || answer.status == 0 || answer.status >= 500;
		again = hub_pause(push->hub, &question, &answer, times);
	}
	if (!again && !(done && push->outcome == OUTCOME_DONE))
		push->outcome = hub_fail(push->hub, &question, &answer);
	buf_free(&url);
	return again;
}

static bool
commit(struct push *push, unsigned times)
{
	struct buf summary = BUF_INIT;
	struct http_file file = { .fd = -1 };
	bool again = false;

	write_summary(push, &summary);
	file.fd = write_commit(push, summary.data, &file.bytes);
	if (file.fd != -1) {
		again = ask_commit(push, &file, times);
		close(file.fd);
	}
	buf_free(&summary);
	return again;
}

static void
print_plan(const struct push *push)
{
	uint64_t bytes;
	size_t count;

	count_changed(push, &count, &bytes);
	if (push->absent)
		printf("%s would be made%s\n", push->plan->name,
		    push->plan->is_private ? ", a private one" : "");
	for (size_t i = 0; i < push->files.count; i++) {
		const struct push_file *file = &push->files.items[i];

		printf("%-14s %12" PRIu64 "  %s\n", file->name, file->bytes,
		    !file->changed ? "as it stands there"
		    : file->lfs    ? "would be sent, to LFS"
				   : "would be sent");
	}
	printf("%zu of %zu files, %" PRIu64 " bytes, would be sent\n", count, push->files.count,
	    bytes);
}

static void
tell_unchanged(const struct push *push)
{
	struct buf page = BUF_INIT;

	hub_repo_page(&push->repo, &page);
	if (push->in_doubt)
		log_notice(push->log, "%s: the commit was made all the same, %s", page.data,
		    push->head.sha);
	else
		log_notice(push->log, "%s: nothing has changed, no commit", page.data);
	buf_free(&page);
}

/* Once through: look at what stands there, send what it lacks, ask for the commit.  Whether to look
 * again. */
static bool
try(struct push *push, unsigned times)
{
	uint64_t bytes;
	size_t count;

	if (!read_head(push))
		return false;
	if (push->absent) {
		for (size_t i = 0; i < push->files.count; i++)
			push->files.items[i].changed = true;
	} else if (!read_modes(push)) {
		return false;
	}
	count_changed(push, &count, &bytes);
	if (push->plan->dry_run) {
		print_plan(push);
		return false;
	}
	if (count == 0) {
		tell_unchanged(push);
		return false;
	}
	push->outcome = hub_upload_all(push->hub, &push->repo, &push->files, push->log);
	return push->outcome == OUTCOME_DONE && commit(push, times);
}

/* Where the Hub is; the caller frees it.  NULL (logged) if nothing may be asked there. */
static char *
find_endpoint(const struct log *log)
{
	const char *given = getenv("HF_ENDPOINT");
	struct buf url = BUF_INIT;

	if (hub_token_flag("HF_HUB_OFFLINE")) {
		log_error(log, "HF_HUB_OFFLINE is set: the Hub is not to be asked");
		return NULL;
	}
	buf_add_text(&url, given == NULL || given[0] == '\0' ? ENDPOINT : given);
	while (url.len > 0 && url.data[url.len - 1] == '/')
		url.data[--url.len] = '\0';
	if (url_check(url.data, "HF_ENDPOINT", log) == 0)
		return buf_take(&url);
	buf_free(&url);
	return NULL;
}

static enum outcome
open_files(struct push *push, const char *path)
{
	enum outcome outcome = subject_open(&push->subject, path, push->log);

	if (outcome != OUTCOME_DONE)
		return outcome;
	if (push->subject.manifest == NULL) {
		log_error(push->log, "%s: has no manifest.json: push wants a snapshot", path);
		return OUTCOME_BAD_DATA;
	}
	return push_files_open(&push->files, &push->subject, push->log);
}

static void
converse(struct push *push, const struct hub_setup *setup)
{
	push->hub = hub_new(setup);
	for (unsigned times = 1; try(push, times);)
		times++;
	hub_free(push->hub);
}

enum outcome
push_snapshot(const char *path, const struct push_plan *plan, const struct log *log)
{
	struct push push = {
		.plan = plan, .log = log, .subject = { .fd = -1 }, .outcome = OUTCOME_USAGE
	};
	struct buf token = BUF_INIT, place = BUF_INIT;
	char *endpoint = find_endpoint(log);

	if (endpoint != NULL) {
		push.outcome = hub_token_find(&token, &place, log) == 0 ? open_files(&push, path)
									: OUTCOME_KEY_REFUSED;
		push.repo = (struct hub_repo){ endpoint, plan->name, plan->revision };
	}
	if (endpoint != NULL && push.outcome == OUTCOME_DONE)
		converse(&push, &(struct hub_setup){ .endpoint = endpoint,
				    .token = token.data,
				    .token_place = place.data,
				    .contact = getenv("FINESET_CONTACT"),
				    .max_time = plan->max_time,
				    .stopped = stop_asked,
				    .log = log });
	push_files_free(&push.files);
	subject_free(&push.subject);
	buf_free(&token);
	buf_free(&place);
	free(endpoint);
	return push.outcome;
}
