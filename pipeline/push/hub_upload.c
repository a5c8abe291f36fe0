#include "hub_upload.h"

#include "buf.h"
#include "hub_json.h"
#include "jsonl.h"
#include "text.h"
#include "url.h"

#include <inttypes.h>

#define LFS_JSON "application/vnd.git-lfs+json"
/* How often addresses are asked for. */
#define ROUNDS 3
/* S3's have 34 bytes and two quotes. */
#define ETAG_BYTES 1024

/* One file on its way. */
struct sending {
	struct hub *hub;
	const struct hub_repo *repo;
	const struct push_file *file;
	struct hub_upload upload;
	/* No addresses will be asked for once more. */
	bool last;
	const struct log *log;
};

enum sent {
	SENT,
	/* Its addresses do not hold: ask for others. */
	SENT_AGAIN,
	/* Told. */
	SENT_FAILED
};

/* An address that is refused may have run out. */
static enum sent
failed(struct sending *sending, const struct hub_question *question,
    const struct hub_answer *answer, enum outcome *outcome)
{
	if (question->channel == HUB_STORE && answer->status >= 400 && answer->status < 500 &&
	    answer->status != 413 && !hub_may_pass(answer) && !sending->last) {
		log_notice(sending->log, "Hub: %s: HTTP %d; asking for another address",
		    question->what, answer->status);
		return SENT_AGAIN;
	}
	*outcome = hub_fail(sending->hub, question, answer);
	return SENT_FAILED;
}

/* Ask at an address that the Hub gave. */
static enum sent
ask_there(struct sending *sending, struct slice href, struct hub_question *question,
    enum outcome *outcome)
{
	struct hub_answer answer;
	struct buf url = BUF_INIT;
	enum sent sent = SENT;

	hub_repo_href(sending->repo, href, &url);
	question->request.url = url.data;
	/* The token is for the Hub itself. */
	if (question->channel == HUB_API && !url_same_origin(url.data, sending->repo->endpoint))
		question->channel = HUB_STORE;
	if (!url_may_send(url.data, sending->repo->endpoint)) {
		log_error(
		    sending->log, "Hub: %s: may not be sent where the Hub says", question->what);
		*outcome = OUTCOME_BAD_DATA;
		sent = SENT_FAILED;
	} else if (!hub_ask(sending->hub, question, &answer)) {
		sent = failed(sending, question, &answer, outcome);
	}
	question->request.url = NULL;
	buf_free(&url);
	return sent;
}

static enum sent
put(struct sending *sending, const char *href, const struct http_file *part, const char *what,
    enum outcome *outcome)
{
	struct hub_question question = {
		.channel = HUB_STORE,
		.request = { .method = HTTP_PUT, .accept = "*/*", .file = part },
		.what = what,
	};

	return ask_there(sending, slice_of(href), &question, outcome);
}

/* POST a few words on an upload to an address that the Hub gave. */
static enum sent
post(struct sending *sending, const struct buf *href, enum hub_channel channel, struct slice body,
    const char *what, enum outcome *outcome)
{
	struct hub_question question = {
		.channel = channel,
		.request = { .method = HTTP_POST,
		    .content_type = LFS_JSON,
		    .accept = LFS_JSON,
		    .body = body },
		.what = what,
	};

	return ask_there(sending, buf_slice(href), &question, outcome);
}

/* Note what the store calls a part, for the completion. */
static enum sent
take_etag(struct sending *sending, size_t number, const char *what, struct buf *parts,
    enum outcome *outcome)
{
	struct slice etag = hub_header(sending->hub, HUB_STORE, "ETag");

	if (etag.len == 0 || etag.len > ETAG_BYTES || !text_is_utf8(etag)) {
		log_error(sending->log, "Hub: %s: the store gave it no ETag", what);
		*outcome = OUTCOME_BAD_DATA;
		return SENT_FAILED;
	}
	buf_printf(parts, "%s{\"partNumber\":%zu,\"etag\":", number == 1 ? "" : ",", number);
	jsonl_write_string(etag, parts);
	buf_add_char(parts, '}');
	return SENT;
}

static enum sent
send_parts(struct sending *sending, enum outcome *outcome)
{
	const struct push_file *file = sending->file;
	const struct hub_upload *upload = &sending->upload;
	struct buf done = BUF_INIT, what = BUF_INIT;
	enum sent sent = SENT;

	buf_printf(&done, "{\"oid\":\"%s\",\"parts\":[", file->sha256);
	for (size_t i = 0; sent == SENT && i < upload->part_count; i++) {
		uint64_t offset = i * upload->part_bytes, left = file->bytes - offset;
		const struct http_file part = { file->fd, offset,
			left < upload->part_bytes ? left : upload->part_bytes };

		buf_clear(&what);
		buf_printf(&what, "%s, part %zu of %zu", file->name, i + 1, upload->part_count);
		sent = put(sending, upload->parts[i], &part, what.data, outcome);
		if (sent == SENT)
			sent = take_etag(sending, i + 1, what.data, &done, outcome);
	}
	buf_add_text(&done, "]}");
	buf_clear(&what);
	buf_printf(&what, "%s, all parts", file->name);
	if (sent == SENT)
		sent =
		    post(sending, &upload->href, HUB_STORE, buf_slice(&done), what.data, outcome);
	buf_free(&done);
	buf_free(&what);
	return sent;
}

static enum sent
verify(struct sending *sending, enum outcome *outcome)
{
	const struct push_file *file = sending->file;
	struct buf body = BUF_INIT, what = BUF_INIT;
	enum sent sent;

	buf_printf(&body, "{\"oid\":\"%s\",\"size\":%" PRIu64 "}", file->sha256, file->bytes);
	buf_printf(&what, "%s, whether it has come", file->name);
	sent =
	    post(sending, &sending->upload.verify, HUB_API, buf_slice(&body), what.data, outcome);
	buf_free(&body);
	buf_free(&what);
	return sent;
}

static enum sent
send_file(struct sending *sending, enum outcome *outcome)
{
	const struct push_file *file = sending->file;
	const struct hub_upload *upload = &sending->upload;
	const struct http_file whole = { file->fd, 0, file->bytes };
	enum sent sent = upload->part_bytes > 0
			     ? send_parts(sending, outcome)
			     : put(sending, upload->href.data, &whole, file->name, outcome);

	if (sent == SENT && upload->verify.len > 0)
		sent = verify(sending, outcome);
	return sent;
}

static bool
is_wanted(const struct push_file *file)
{
	return file->lfs && file->changed && !file->stored;
}

size_t
hub_upload_ask(const struct hub_repo *repo, const struct push_files *files, struct buf *out)
{
	size_t count = 0;

	buf_add_text(out, "{\"operation\":\"upload\",\"transfers\":[\"basic\",\"multipart\"],"
			  "\"hash_algo\":\"sha256\",\"objects\":[");
	for (size_t i = 0; i < files->count; i++) {
		const struct push_file *file = &files->items[i];

		if (!is_wanted(file))
			continue;
		buf_printf(out, "%s{\"oid\":\"%s\",\"size\":%" PRIu64 "}", count++ > 0 ? "," : "",
		    file->sha256, file->bytes);
	}
	buf_add_text(out, "],\"ref\":{\"name\":");
	jsonl_write_string(slice_of(repo->revision), out);
	buf_add_text(out, "}}");
	return count;
}

static enum sent
follow_file(
    struct sending *sending, struct push_file *file, struct slice answer, enum outcome *outcome)
{
	struct buf why = BUF_INIT;
	enum sent sent = SENT_FAILED;

	sending->file = file;
	if (hub_json_upload(answer, file->sha256, file->bytes, &sending->upload, &why) == -1) {
		log_error(sending->log, "Hub: %s: %s", file->name, why.data);
		*outcome = OUTCOME_BAD_DATA;
	} else {
		sent = sending->upload.stored ? SENT : send_file(sending, outcome);
	}
	file->stored = sent == SENT;
	hub_upload_free(&sending->upload);
	buf_free(&why);
	return sent;
}

/* Do with each file what the answer says of it, up to one that fails. */
static enum outcome
follow(struct sending *sending, struct push_files *files, struct slice answer)
{
	enum outcome outcome = OUTCOME_DONE;

	for (size_t i = 0; i < files->count; i++) {
		struct push_file *file = &files->items[i];

		if (is_wanted(file) && follow_file(sending, file, answer, &outcome) == SENT_FAILED)
			break;
	}
	return outcome;
}

enum outcome
hub_upload_all(
    struct hub *hub, const struct hub_repo *repo, struct push_files *files, const struct log *log)
{
	struct sending sending = { .hub = hub, .repo = repo, .log = log };
	enum outcome outcome = OUTCOME_DONE;
	struct buf url = BUF_INIT, body = BUF_INIT, said = BUF_INIT;

	hub_repo_lfs(repo, &url);
	for (unsigned round = 1; outcome == OUTCOME_DONE && round <= ROUNDS; round++) {
		struct hub_question question = {
			.channel = HUB_API,
			.request = { .url = url.data,
			    .method = HTTP_POST,
			    .content_type = LFS_JSON,
			    .accept = LFS_JSON },
			.what = "where to send the files for LFS",
		};
		struct hub_answer answer;

		buf_clear(&body);
		buf_clear(&said);
		if (hub_upload_ask(repo, files, &body) == 0)
			break;
		question.request.body = buf_slice(&body);
		if (!hub_ask(hub, &question, &answer)) {
			outcome = hub_fail(hub, &question, &answer);
			break;
		}
		/* Kept: the next question takes the place of the answer. */
		buf_add_slice(&said, answer.body);
		sending.last = round == ROUNDS;
		outcome = follow(&sending, files, buf_slice(&said));
	}
	buf_free(&url);
	buf_free(&body);
	buf_free(&said);
	return outcome;
}
