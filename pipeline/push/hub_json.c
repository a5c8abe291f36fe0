#include "hub_json.h"

#include "json_text.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* Parts of one upload: what S3 allows. */
#define PARTS_MAX 10000

/* NULL if it is no JSON that may be read. */
static json_t *
load(struct slice body)
{
	if (json_text_check(body) != JSON_TEXT_WHOLE)
		return NULL;
	return json_loadb(body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
}

static struct slice
text_of(const json_t *value)
{
	return (struct slice){ json_string_value(value), json_string_length(value) };
}

/* An error is a text, an object with a message, or a list of either. */
static struct slice
message_of(const json_t *value)
{
	const json_t *inner = json_is_array(value) ? json_array_get(value, 0) : value;

	if (json_is_object(inner))
		inner = json_object_get(inner, "message");
	return text_of(inner);
}

void
hub_json_error(struct slice body, struct buf *out)
{
	static const char *const keys[] = { "error_description", "error", "errors", "message" };
	json_t *root = load(body);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct slice message = message_of(json_object_get(root, keys[i]));

		if (message.len == 0)
			continue;
		text_clean(message, out);
		break;
	}
	json_decref(root);
}

/* Copy a name in hex; false if it is none. */
static bool
take_hex(const json_t *value, char hex[DIGEST_HEX_SIZE])
{
	struct slice text = text_of(value);

	if (text.len < 40 || text.len >= DIGEST_HEX_SIZE)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		hex[i] = text_lower(text.data[i]);
		if (text_digit(hex[i]) > 15)
			return false;
	}
	hex[text.len] = '\0';
	return true;
}

int
hub_json_head(struct slice body, struct hub_head *head)
{
	json_t *root = load(body);
	int result = take_hex(json_object_get(root, "sha"), head->sha) ? 0 : -1;

	head->is_public = !json_is_true(json_object_get(root, "private"));
	json_decref(root);
	return result;
}

int
hub_json_commit(struct slice body, char oid[DIGEST_HEX_SIZE])
{
	json_t *root = load(body);
	int result = take_hex(json_object_get(root, "commitOid"), oid) ? 0 : -1;

	json_decref(root);
	return result;
}

/* The object of a list that has this text under a key, or NULL. */
static const json_t *
find(const json_t *list, const char *key, const char *wanted)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (slice_is(text_of(json_object_get(item, key)), wanted))
			return item;
	}
	return NULL;
}

int
hub_json_mode(struct slice body, const char *path, struct hub_mode *mode)
{
	json_t *root = load(body);
	const json_t *told = find(json_object_get(root, "files"), "path", path);
	struct slice way = text_of(json_object_get(told, "uploadMode"));
	int result = slice_is(way, "lfs") || slice_is(way, "regular") ? 0 : -1;

	mode->lfs = slice_is(way, "lfs");
	mode->ignored = json_is_true(json_object_get(told, "shouldIgnore"));
	if (!take_hex(json_object_get(told, "oid"), mode->oid))
		mode->oid[0] = '\0';
	json_decref(root);
	return result;
}

void
hub_upload_free(struct hub_upload *upload)
{
	for (size_t i = 0; i < upload->part_count; i++)
		free(upload->parts[i]);
	free(upload->parts);
	buf_free(&upload->href);
	buf_free(&upload->verify);
	*upload = (struct hub_upload){ 0 };
}

static int
fault(struct buf *why, const char *reason)
{
	buf_add_text(why, reason);
	return -1;
}

/* The parts stand among other things, under their numbers, in any order. */
static int
take_parts(json_t *header, uint64_t bytes, struct hub_upload *upload, struct buf *why)
{
	uint64_t wanted = bytes / upload->part_bytes + (bytes % upload->part_bytes > 0);
	size_t found = 0;
	const char *key;
	json_t *value;

	if (wanted > PARTS_MAX)
		return fault(why, "more than 10000 parts");
	upload->parts = mem_new((size_t)wanted + 1, sizeof(*upload->parts));
	upload->part_count = (size_t)wanted;
	json_object_foreach(header, key, value)
	{
		int64_t number = text_number(slice_of(key));

		found += number >= 0;
		if (number < 1 || number > (int64_t)wanted || !json_is_string(value) ||
		    upload->parts[number - 1] != NULL)
			continue;
		upload->parts[number - 1] =
		    mem_dup(json_string_value(value), json_string_length(value));
	}
	for (size_t i = 0; i < upload->part_count; i++)
		if (upload->parts[i] == NULL)
			found = 0;
	if (found == wanted)
		return 0;
	buf_printf(why,
	    "the addresses of its parts are not those of %" PRIu64 " parts of %" PRIu64 " bytes",
	    wanted, upload->part_bytes);
	return -1;
}

static int
take_actions(const json_t *object, uint64_t bytes, struct hub_upload *upload, struct buf *why)
{
	const json_t *actions = json_object_get(object, "actions");
	const json_t *way = json_object_get(actions, "upload");
	json_t *header = json_object_get(way, "header");
	const json_t *chunk = json_object_get(header, "chunk_size");
	int64_t size;

	if (!json_is_object(way)) {
		upload->stored = true;
		return 0;
	}
	buf_add_slice(&upload->href, text_of(json_object_get(way, "href")));
	buf_add_slice(
	    &upload->verify, text_of(json_object_get(json_object_get(actions, "verify"), "href")));
	if (upload->href.len == 0)
		return fault(why, "the Hub does not say where to send it");
	if (chunk == NULL)
		return 0;
	size = json_is_integer(chunk) ? json_integer_value(chunk) : text_number(text_of(chunk));
	if (size < 1)
		return fault(why, "the size of its parts is no number");
	upload->part_bytes = (uint64_t)size;
	return take_parts(header, bytes, upload, why);
}

static int
take_error(const json_t *error, struct buf *why)
{
	struct buf message = BUF_INIT;

	text_clean(message_of(error), &message);
	buf_printf(why, "the Hub refuses it: %s", message.len > 0 ? message.data : "no reason");
	buf_free(&message);
	return -1;
}

int
hub_json_upload(
    struct slice body, const char *oid, uint64_t bytes, struct hub_upload *upload, struct buf *why)
{
	json_t *root = load(body);
	struct slice transfer = text_of(json_object_get(root, "transfer"));
	const json_t *object = find(json_object_get(root, "objects"), "oid", oid);
	const json_t *error = json_object_get(object, "error");
	int result;

	if (root == NULL)
		result = fault(why, "the answer is no JSON");
	else if (transfer.data != NULL && !slice_is(transfer, "basic") &&
		 !slice_is(transfer, "multipart"))
		result = fault(why, "the Hub wants another way than basic and multipart");
	else if (object == NULL)
		result = fault(why, "the answer does not name it");
	else if (error != NULL && !json_is_null(error))
		result = take_error(error, why);
	else
		result = take_actions(object, bytes, upload, why);
	json_decref(root);
	return result;
}
