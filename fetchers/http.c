#include "http.h"

#include "bounds.h"
#include "http_payload.h"
#include "mem.h"
#include "retry.h"
#include "secret.h"
#include "url.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#define CONNECT_SECONDS 20L
/* A server that sends nothing for this long has stalled; arXiv takes up to half a minute for a full
 * page. */
#define STALL_SECONDS 60L
#define TOTAL_SECONDS 600L
/* An upload has a second more for so many bytes: a slow line at its slowest. */
#define BYTES_IN_SECOND 16384
/* Semantic Scholar's keys have 40 bytes. */
#define KEY_LEAST_BYTES 8
#define PROJECT_URL "https://github.com/fineset/fineset"

struct channel {
	/* NULL before its first request. */
	CURL *easy;
	struct http_payload *payload;
	struct buf body;
	struct http *http;
	int64_t first_byte_ticks;
	unsigned redirects;
	/* Where a redirect leads that is to be followed, and when; empty without one. */
	struct buf next;
	int64_t interval;
	int64_t due;
	/* A redirect may not be followed that asks for another request. */
	bool strict;
	/* Of the headers of one answer, what follows its body included. */
	size_t header_bytes;
	/* What the answer has too much of; NULL while it has not. */
	const char *too_large;
	bool under_way;
	/* The request went out; a second one would be curl's own. */
	bool sent;
	/* The port of the connection that it went out by, and of the last answer the connection,
	   CURL_SOCKET_BAD if it is gone. */
	int port;
	curl_socket_t socket;
	char error[CURL_ERROR_SIZE];
	/* What http_header gave. */
	struct buf header;
};

struct http {
	/* NULL before the first request. */
	CURLM *multi;
	struct buf agent;
	struct channel *channels;
	size_t count;
	const struct clock *clock;
	const struct log *log;
};

static size_t
receive(char *data, size_t size, size_t count, void *cookie)
{
	struct channel *channel = cookie;
	size_t len = size * count;

	/* Counted after decompression: a small body may unpack to anything. */
	if (len > BOUND_BODY_BYTES - channel->body.len) {
		channel->too_large = "the answer is larger than 64 MiB";
		return 0;
	}
	buf_add(&channel->body, data, len);
	return len;
}

static size_t
receive_header(char *data, size_t size, size_t count, void *cookie)
{
	struct channel *channel = cookie;
	size_t len = size * count;

	(void)data;
	/* curl keeps all of them. */
	channel->header_bytes += len;
	if (channel->header_bytes > BOUND_HEADER_BYTES) {
		channel->too_large = "the answer has more than 256 KiB of headers";
		return 0;
	}
	if (channel->first_byte_ticks < 0)
		channel->first_byte_ticks = clock_ticks(channel->http->clock);
	return len;
}

/* curl asks again by itself when a connection that it kept turns out to be closed.  Who counts the
 * requests, and paces them, is the engine. */
static int
before_request(void *cookie, char *remote, char *local, int remote_port, int local_port)
{
	struct channel *channel = cookie;

	(void)remote, (void)local, (void)remote_port;
	if (channel->sent)
		return CURL_PREREQFUNC_ABORT;
	channel->sent = true;
	channel->port = local_port;
	return CURL_PREREQFUNC_OK;
}

/* What every request of an endpoint has in common; CURLE_OK, or what curl refused. */
static CURLcode
set_common(struct channel *channel, const char *agent)
{
	CURL *easy = channel->easy;
	CURLcode code = CURLE_OK;

#define SET(option, value)    \
	if (code == CURLE_OK) \
	code = curl_easy_setopt(easy, option, value)
	SET(CURLOPT_USERAGENT, agent);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_WRITEFUNCTION, receive);
	SET(CURLOPT_WRITEDATA, channel);
	SET(CURLOPT_HEADERFUNCTION, receive_header);
	SET(CURLOPT_HEADERDATA, channel);
	SET(CURLOPT_PREREQFUNCTION, before_request);
	SET(CURLOPT_PREREQDATA, channel);
	SET(CURLOPT_PRIVATE, channel);
	SET(CURLOPT_ERRORBUFFER, channel->error);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
	SET(CURLOPT_LOW_SPEED_TIME, STALL_SECONDS);
	/* Redirects are followed by hand (follow), to see where they lead. */
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
#undef SET
	return code;
}

struct http *
http_new(const struct http_setup *setup)
{
	struct http *http = mem_new(1, sizeof(*http));

	http->clock = setup->clock;
	http->log = setup->log;
	http->channels = mem_new(setup->count, sizeof(*http->channels));
	http->count = setup->count;
	buf_add_text(&http->agent, "fineset/" FINESET_VERSION " (+" PROJECT_URL);
	if (setup->contact != NULL && setup->contact[0] != '\0') {
		buf_add_text(&http->agent, "; ");
		http_payload_visible(slice_of(setup->contact), &http->agent);
	}
	buf_add_char(&http->agent, ')');
	for (size_t i = 0; i < http->count; i++) {
		struct channel *channel = &http->channels[i];

		channel->http = http;
		channel->interval = setup->endpoints[i].interval;
		channel->socket = CURL_SOCKET_BAD;
		channel->payload = http_payload_new(&setup->endpoints[i]);
	}
	return http;
}

/* Set curl up: a run that finds nothing to ask does without. */
static int
open_multi(struct http *http)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		http->multi = curl_multi_init();
		if (http->multi != NULL)
			return 0;
		curl_global_cleanup();
	}
	log_error(http->log, "curl: cannot be set up");
	return -1;
}

static int
open_channel(struct http *http, struct channel *channel)
{
	CURLcode code = CURLE_OUT_OF_MEMORY;

	channel->easy = curl_easy_init();
	if (channel->easy != NULL)
		code = set_common(channel, http->agent.data);
	if (code == CURLE_OK)
		return 0;
	log_error(http->log, "curl: %s", curl_easy_strerror(code));
	curl_easy_cleanup(channel->easy);
	channel->easy = NULL;
	return -1;
}

void
http_free(struct http *http)
{
	if (http == NULL)
		return;
	for (size_t i = 0; i < http->count; i++) {
		struct channel *channel = &http->channels[i];

		if (channel->easy != NULL) {
			curl_multi_remove_handle(http->multi, channel->easy);
			curl_easy_cleanup(channel->easy);
		}
		http_payload_free(channel->payload);
		buf_free(&channel->body);
		buf_free(&channel->next);
		buf_free(&channel->header);
	}
	if (http->multi != NULL) {
		curl_multi_cleanup(http->multi);
		curl_global_cleanup();
	}
	buf_free(&http->agent);
	free(http->channels);
	free(http);
}

static int
begin(struct http *http, struct channel *channel, const char *url)
{
	buf_clear(&channel->body);
	channel->first_byte_ticks = -1;
	channel->header_bytes = 0;
	channel->too_large = NULL;
	channel->under_way = true;
	channel->port = 0;
	channel->sent = false;
	channel->error[0] = '\0';
	http_payload_rewind(channel->payload);
	/* No proxy stands between a machine and itself, whatever the environment says. */
	if (curl_easy_setopt(channel->easy, CURLOPT_URL, url) != CURLE_OK ||
	    curl_easy_setopt(channel->easy, CURLOPT_PROXY, url_is_loopback(url) ? "" : NULL) !=
		CURLE_OK ||
	    curl_multi_add_handle(http->multi, channel->easy) != CURLM_OK)
		return -1;
	return 0;
}

static int
start(struct http *http, struct channel *channel, const struct http_request *request, long seconds)
{
	if ((http->multi == NULL && open_multi(http) == -1) ||
	    (channel->easy == NULL && open_channel(http, channel) == -1))
		return -1;
	channel->redirects = 0;
	buf_clear(&channel->next);
	if (http_payload_set(channel->payload, channel->easy, request) == -1 ||
	    curl_easy_setopt(channel->easy, CURLOPT_TIMEOUT, seconds) != CURLE_OK)
		return -1;
	return begin(http, channel, request->url);
}

static int
http_start(void *cookie, size_t endpoint, const struct request *request)
{
	struct http *http = cookie;
	const struct http_request asked = {
		.url = request->url.data,
		.method = request->body.len > 0 ? HTTP_POST : HTTP_GET,
		.body = buf_slice(&request->body),
	};

	http->channels[endpoint].strict = false;
	return start(http, &http->channels[endpoint], &asked, TOTAL_SECONDS);
}

int
http_send(struct http *http, size_t endpoint, const struct http_request *request)
{
	uint64_t bytes = request->file == NULL ? request->body.len : request->file->bytes;

	http->channels[endpoint].strict = true;
	return start(http, &http->channels[endpoint], request,
	    TOTAL_SECONDS + (long)(bytes / BYTES_IN_SECOND));
}

/* Plan to follow a redirect on the same host and the same scheme or a better one, at the pace of
 * any other request; false if there is none to follow. */
static bool
follow(struct channel *channel, long status)
{
	char *from = NULL, *to = NULL;

	if (status < 300 || status >= 400 || channel->redirects >= BOUND_REDIRECTS ||
	    (channel->strict && status != 307 && status != 308) ||
	    curl_easy_getinfo(channel->easy, CURLINFO_EFFECTIVE_URL, &from) != CURLE_OK ||
	    curl_easy_getinfo(channel->easy, CURLINFO_REDIRECT_URL, &to) != CURLE_OK ||
	    to == NULL || !url_may_follow(from, to))
		return false;
	channel->redirects++;
	buf_add_text(&channel->next, to);
	channel->due = channel->first_byte_ticks + channel->interval;
	return true;
}

/* Begin what is due of the redirects.  How many milliseconds are left until the next, at most
 * ${timeout}; -1 with ${failed} if one cannot be begun. */
static int64_t
begin_due(struct http *http, int64_t timeout, struct channel **failed)
{
	int64_t now = clock_ticks(http->clock);

	for (size_t i = 0; i < http->count; i++) {
		struct channel *channel = &http->channels[i];
		char *url;
		int begun;

		if (channel->next.len == 0)
			continue;
		if (channel->due > now) {
			timeout = channel->due - now < timeout ? channel->due - now : timeout;
			continue;
		}
		url = buf_take(&channel->next);
		begun = begin(http, channel, url);
		free(url);
		if (begun == -1) {
			*failed = channel;
			return -1;
		}
	}
	return timeout;
}

/* What a server says of the key must get into no message and into no file: stars take its place. A
 * word that is too short for a key may be part of any text. */
static void
hide_key(const struct channel *channel, struct buf *text)
{
	struct slice key = http_payload_key(channel->payload);

	if (key.len >= KEY_LEAST_BYTES)
		secret_hide(key, text->data, text->len);
}

struct slice
http_header(struct http *http, size_t endpoint, const char *name)
{
	struct channel *channel = &http->channels[endpoint];
	struct curl_header *header;

	if (channel->easy == NULL ||
	    curl_easy_header(channel->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return SLICE_NONE;
	buf_clear(&channel->header);
	buf_add_text(&channel->header, header->value);
	hide_key(channel, &channel->header);
	return buf_slice(&channel->header);
}

/* Why there was no answer; some of curl's words mislead. */
static const char *
failure_of(const struct channel *channel, CURLcode code)
{
	switch ((int)code) {
	case CURLE_WRITE_ERROR:
		return channel->too_large != NULL ? channel->too_large
						  : "the answer cannot be unpacked";
	case CURLE_ABORTED_BY_CALLBACK:
		return http_payload_failed(channel->payload)
			   ? "the file that is sent cannot be read as far as it went"
			   : "the connection was closed before an answer";
	case CURLE_SEND_FAIL_REWIND:
		return "the connection was closed before an answer";
	case CURLE_OUT_OF_MEMORY:
		return "headers that are too long, or no memory";
	default:
		return channel->error[0] != '\0' ? channel->error : curl_easy_strerror(code);
	}
}

static void
fill_transfer(struct http *http, struct channel *channel, CURLcode code, struct transfer *transfer)
{
	struct curl_header *header;
	curl_off_t bytes = 0;
	long status = 0;

	*transfer = (struct transfer){
		.endpoint = (size_t)(channel - http->channels),
		.first_byte_ticks = channel->first_byte_ticks >= 0 ? channel->first_byte_ticks
								   : clock_ticks(http->clock),
		.retry_after = -1,
		.redirects = channel->redirects,
	};
	if (curl_easy_getinfo(channel->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes) == CURLE_OK)
		transfer->bytes = (uint64_t)bytes;
	if (code != CURLE_OK) {
		transfer->failure = failure_of(channel, code);
		return;
	}
	if (curl_easy_getinfo(channel->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
		status = 0;
	transfer->failure = "no HTTP status";
	if (curl_easy_header(channel->easy, "Retry-After", 0, CURLH_HEADER, -1, &header) ==
	    CURLHE_OK)
		transfer->retry_after =
		    retry_after_parse(slice_of(header->value), clock_utc(http->clock));
	transfer->response = (struct response){
		.status = (int)status,
		.body = channel->body.data == NULL ? "" : channel->body.data,
		.len = channel->body.len,
		.fetched = clock_utc(http->clock),
	};
}

/* A finished transfer that is no redirect to follow.  1 with ${transfer} filled in, or 0. */
static int
next_finished(struct http *http, struct transfer *transfer)
{
	const CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		struct channel *channel = NULL;
		CURLcode code = message->data.result;
		CURL *easy = message->easy_handle;
		long status = 0;

		if (message->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&channel) != CURLE_OK)
			continue;
		if (curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &channel->socket) != CURLE_OK)
			channel->socket = CURL_SOCKET_BAD;
		curl_multi_remove_handle(http->multi, easy);
		channel->under_way = false;
		if (code == CURLE_OK &&
		    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
		    follow(channel, status))
			continue;
		hide_key(channel, &channel->body);
		fill_transfer(http, channel, code, transfer);
		return 1;
	}
	return 0;
}

static int
http_poll(void *cookie, int64_t timeout, struct transfer *transfer)
{
	struct http *http = cookie;
	struct channel *failed = NULL;
	int running, ready;

	if (http->multi == NULL) {
		/* There was no request yet, so this is but a wait. */
		(void)poll(NULL, 0, (int)timeout);
		return 0;
	}
	timeout = begin_due(http, timeout, &failed);
	if (failed != NULL) {
		fill_transfer(http, failed, CURLE_FAILED_INIT, transfer);
		return 1;
	}
	if (curl_multi_perform(http->multi, &running) != CURLM_OK)
		return 0;
	if (next_finished(http, transfer) == 1)
		return 1;
	if (curl_multi_poll(http->multi, NULL, 0, (int)timeout, &ready) != CURLM_OK ||
	    curl_multi_perform(http->multi, &running) != CURLM_OK)
		return 0;
	return next_finished(http, transfer);
}

/* curl keeps the connection, and finds it dead when it would use it again. */
static void
http_drop(void *cookie, size_t endpoint)
{
	const struct http *http = cookie;
	struct channel *channel = &http->channels[endpoint];
	bool taken = false;

	/* Endpoints on one server share their connections. */
	for (size_t i = 0; i < http->count; i++)
		taken |= http->channels[i].under_way && http->channels[i].port == channel->port;
	if (channel->socket != CURL_SOCKET_BAD && !taken)
		shutdown(channel->socket, SHUT_RDWR);
	channel->socket = CURL_SOCKET_BAD;
}

struct transport
http_transport(struct http *http)
{
	return (struct transport){
		.start = http_start,
		.poll = http_poll,
		.drop = http_drop,
		.cookie = http,
	};
}
