#include "http_payload.h"

#include "mem.h"
#include "text.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define ACCEPT "application/atom+xml, application/json, application/xml;q=0.9, */*;q=0.1"

struct http_payload {
	bool posts_json;
	/* The line that the key stands in, and the key alone; empty without one. */
	struct buf key_line;
	struct buf key;
	/* Of the request in hand. */
	struct curl_slist *headers;
	/* POST data must outlive the transfer. */
	struct buf posted;
	/* A part of a file, and how much of it was sent. */
	int fd;
	uint64_t offset;
	uint64_t bytes;
	uint64_t sent;
	bool failed;
};

void
http_payload_visible(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= ' ' && text.data[i] != 0x7f)
			buf_add_char(out, text.data[i]);
}

struct http_payload *
http_payload_new(const struct http_endpoint *endpoint)
{
	struct http_payload *payload = mem_new(1, sizeof(*payload));

	payload->posts_json = endpoint->posts_json;
	payload->fd = -1;
	if (endpoint->key == NULL)
		return payload;
	http_payload_visible(text_trim(slice_of(endpoint->key)), &payload->key);
	buf_add_text(
	    &payload->key_line, endpoint->bearer ? "Authorization: Bearer " : "x-api-key: ");
	buf_add_slice(&payload->key_line, buf_slice(&payload->key));
	return payload;
}

void
http_payload_free(struct http_payload *payload)
{
	if (payload == NULL)
		return;
	curl_slist_free_all(payload->headers);
	buf_free(&payload->key_line);
	buf_free(&payload->key);
	buf_free(&payload->posted);
	free(payload);
}

static void
add_header(struct http_payload *payload, const char *name, const char *value)
{
	struct curl_slist *longer;
	struct buf line = BUF_INIT;

	buf_add_text(&line, name);
	buf_add_text(&line, value);
	longer = curl_slist_append(payload->headers, line.data);
	buf_free(&line);
	if (longer == NULL)
		mem_out();
	payload->headers = longer;
}

static void
make_headers(struct http_payload *payload, const struct http_request *request)
{
	curl_slist_free_all(payload->headers);
	payload->headers = NULL;
	add_header(payload, "Accept: ", request->accept == NULL ? ACCEPT : request->accept);
	/* It costs a round trip and may be answered 417. */
	add_header(payload, "Expect:", "");
	if (request->content_type != NULL)
		add_header(payload, "Content-Type: ", request->content_type);
	else if (payload->posts_json)
		add_header(payload, "Content-Type: ", "application/json");
	if (payload->key_line.len > 0)
		add_header(payload, payload->key_line.data, "");
}

static size_t
read_file(char *to, size_t size, size_t count, void *cookie)
{
	struct http_payload *payload = cookie;
	uint64_t left = payload->bytes - payload->sent;
	size_t wanted = size * count < left ? size * count : (size_t)left;
	ssize_t got;

	if (wanted == 0)
		return 0;
	do
		got = pread(payload->fd, to, wanted, (off_t)(payload->offset + payload->sent));
	while (got < 0 && errno == EINTR);
	/* A file that became shorter is a failure, too. */
	if (got <= 0) {
		payload->failed = true;
		return CURL_READFUNC_ABORT;
	}
	payload->sent += (uint64_t)got;
	return (size_t)got;
}

int
http_payload_set(struct http_payload *payload, void *easy, const struct http_request *request)
{
	const bool from_file = request->file != NULL;
	CURLcode code = CURLE_OK;

	make_headers(payload, request);
	buf_clear(&payload->posted);
	payload->fd = -1;
	if (from_file) {
		payload->fd = request->file->fd;
		payload->offset = request->file->offset;
		payload->bytes = request->file->bytes;
	} else {
		buf_add_slice(&payload->posted, request->body);
	}
	http_payload_rewind(payload);

#define SET(option, value)    \
	if (code == CURLE_OK) \
	code = curl_easy_setopt(easy, option, value)
	SET(CURLOPT_HTTPHEADER, payload->headers);
	/* First: it undoes what the request before has set. */
	SET(CURLOPT_HTTPGET, 1L);
	SET(CURLOPT_READFUNCTION, read_file);
	SET(CURLOPT_READDATA, payload);
	if (request->method == HTTP_PUT) {
		/* Without a size it would go out in chunks, which stores refuse. */
		SET(CURLOPT_UPLOAD, 1L);
		SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)payload->bytes);
	} else if (request->method == HTTP_POST) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE,
		    from_file ? (curl_off_t)payload->bytes : (curl_off_t)payload->posted.len);
		SET(CURLOPT_POSTFIELDS, from_file ? NULL : payload->posted.data);
	}
#undef SET
	return code == CURLE_OK ? 0 : -1;
}

void
http_payload_rewind(struct http_payload *payload)
{
	payload->sent = 0;
	payload->failed = false;
}

bool
http_payload_failed(const struct http_payload *payload)
{
	return payload->failed;
}

struct slice
http_payload_key(const struct http_payload *payload)
{
	return buf_slice(&payload->key);
}
