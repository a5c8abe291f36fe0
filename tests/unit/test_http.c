#include "buf.h"
#include "http.h"
#include "loopback_server.h"
#include "text.h"
#include "url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of the second endpoint. */
#define INTERVAL_MS 20
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define MOVED "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
static void
no_log(void *cookie, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(cookie, "%s\n", line);
}

/* A transport with two endpoints, the second with a key. */
struct client {
	struct http *http;
	struct transport transport;
	struct clock clock;
	struct log log;
	struct buf lines;
};

static void
client_init(struct client *client, const char *contact, const char *key)
{
	const struct http_endpoint endpoints[] = {
		{ .key = NULL },
		{ .key = key, .posts_json = true, .interval = INTERVAL_MS },
	};
	struct http_setup setup = {
		.endpoints = endpoints,
		.count = 2,
		.contact = contact,
		.clock = &client->clock,
		.log = &client->log,
	};

	*client = (struct client){ .clock = clock_system() };
	client->log = (struct log){ no_log, &client->lines, LOG_DETAIL };
	client->http = http_new(&setup);
	assert_non_null(client->http);
	client->transport = http_transport(client->http);
}

static void
client_free(struct client *client)
{
	http_free(client->http);
	buf_free(&client->lines);
}

/* Ask http://127.0.0.1:PORT/PATH; the transfer is borrowed until the next. */
static struct transfer
ask(struct client *client, size_t endpoint, const struct server *server, const char *path,
    const char *body)
{
	int64_t until = clock_ticks(&client->clock) + PATIENCE_MS;
	struct request request = { BUF_INIT, BUF_INIT, BUF_INIT };
	struct transfer transfer = { .endpoint = 99 };
	int got = 0;

	buf_printf(&request.url, "http://127.0.0.1:%d%s", server->port, path);
	buf_add_text(&request.body, body == NULL ? "" : body);
	assert_int_equal(client->transport.start(client->transport.cookie, endpoint, &request), 0);
	while (got == 0 && clock_ticks(&client->clock) < until)
		got = client->transport.poll(client->transport.cookie, 100, &transfer);
	assert_int_equal(got, 1);
	assert_int_equal(transfer.endpoint, endpoint);
	request_free(&request);
	return transfer;
}

static void
test_loopback(void **state)
{
	static const struct {
		const char *url;
		bool loopback, usable;
	} urls[] = {
		{ "http://127.0.0.1", true, true },
		{ "http://127.0.0.1:8080/api", true, true },
		{ "http://127.255.255.254/", true, true },
		{ "http://localhost:80", true, true },
		{ "HTTP://LOCALHOST/", true, true },
		{ "http://[::1]:8080/", true, true },
		{ "https://127.0.0.1/", true, true },
		{ "https://export.arxiv.org/api/query", false, true },
		{ "HTTPS://export.arxiv.org/", false, true },
		{ "http://export.arxiv.org/api/query", false, false },
		{ "http://127.0.0.1.evil.com/", false, false },
		{ "http://127.0.0.1@evil.com/", false, false },
		{ "http://localhost@evil.com/", false, false },
		{ "http://localhost:80@evil.com/", false, false },
		{ "http://localhost.evil/", false, false },
		{ "http://evil.com/127.0.0.1", false, false },
		{ "http://evil.com/?http://127.0.0.1", false, false },
		{ "http://evil.com#@127.0.0.1", false, false },
		{ "http://127.evil.com/", false, false },
		{ "http://128.0.0.1/", false, false },
		{ "http://127.0.0.999/", false, false },
		{ "http://0.0.0.0/", false, false },
		{ "http://[::2]/", false, false },
		{ "http://[::ffff:8.8.8.8]/", false, false },
		{ "https://user:secret@export.arxiv.org/", false, false },
		{ "https://export.arxiv.org/?a=b", false, false },
		{ "https://export.arxiv.org/#a", false, false },
		{ "ftp://127.0.0.1/", true, false },
		{ "file:///etc/passwd", false, false },
		{ "127.0.0.1:8080", false, false },
		{ "", false, false },
		{ "https://", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct buf lines = BUF_INIT;
		const struct log log = { no_log, &lines, LOG_DETAIL };
		bool usable = url_check(urls[i].url, "--arxiv-url", &log) == 0;

		if (url_is_loopback(urls[i].url) != urls[i].loopback)
			fail_msg("%s: loopback?", urls[i].url);
		if (usable != urls[i].usable)
			fail_msg("%s: usable?", urls[i].url);
		if (!usable)
			assert_true(text_starts(buf_slice(&lines), "--arxiv-url: "));
		if (lines.data != NULL)
			assert_null(strstr(lines.data, "secret"));
		buf_free(&lines);
	}
}

static void
test_what_is_sent(void **state)
{
	static const struct reply replies[] = { { REPLY_TEXT, OK }, { REPLY_TEXT, OK },
		{ REPLY_TEXT, OK } };
	struct server server;
	struct client client;
	struct transfer transfer;
	const char *second, *third;

	(void)state;
	server_start(&server, replies, 3);
	client_init(&client, "me@example.org\r\nX-Evil: 1", " s3cret\n");
	transfer = ask(&client, 0, &server, "/api/query?a=b%20c", NULL);
	assert_int_equal(transfer.response.status, 200);
	assert_true(
	    slice_is((struct slice){ transfer.response.body, transfer.response.len }, "ok"));
	assert_int_equal(transfer.retry_after, -1);
	assert_int_equal(transfer.bytes, 2);
	ask(&client, 1, &server, "/graph/v1/paper/batch", "{\"ids\":[\"ARXIV:1\"]}");
	ask(&client, 1, &server, "/graph/v1/paper/search/bulk", NULL);
	server_end(&server);
	second = strstr(server.heard.data, "POST /graph/v1/paper/batch HTTP/1.1\r\n");
	assert_non_null(second);
	third = strstr(second, "GET /graph/v1/paper/search/bulk HTTP/1.1\r\n");
	assert_non_null(third);
	assert_true(text_starts(buf_slice(&server.heard), "GET /api/query?a=b%20c HTTP/1.1\r\n"));
	assert_non_null(
	    strstr(server.heard.data, "\r\nUser-Agent: fineset/" FINESET_VERSION " (+"));
	assert_non_null(strstr(server.heard.data, "; me@example.orgX-Evil: 1)\r\n"));
	assert_non_null(strstr(server.heard.data, "\r\nAccept: application/atom+xml, "));
	assert_non_null(strstr(server.heard.data, "\r\nAccept-Encoding: "));
	assert_non_null(strstr(third, "\r\nx-api-key: s3cret\r\n"));
	assert_non_null(strstr(second, "\r\nContent-Type: application/json\r\n"));
	assert_non_null(strstr(second, "\r\n\r\n{\"ids\":[\"ARXIV:1\"]}"));
	/* The key is for its own endpoint. */
	assert_true(strstr(server.heard.data, "x-api-key") > second);
	assert_null(strstr(server.heard.data, "\r\nExpect"));
	/* And is told to nobody. */
	assert_true(client.lines.data == NULL || strstr(client.lines.data, "s3cret") == NULL);
	client_free(&client);
	buf_free(&server.heard);
}

static void
test_one_connection(void **state)
{
	static const struct reply replies[] = { { REPLY_TEXT, OK }, { REPLY_TEXT, OK },
		{ REPLY_TEXT, OK }, { REPLY_TEXT, OK } };
	struct server server;
	struct client client;

	(void)state;
	server_start(&server, replies, 4);
	client_init(&client, NULL, NULL);
	for (int i = 0; i < 4; i++)
		assert_int_equal(ask(&client, 0, &server, "/", NULL).response.status, 200);
	server_end(&server);
	assert_int_equal(server.connections, 1);
	assert_null(strstr(server.heard.data, "x-api-key"));
	client_free(&client);
	buf_free(&server.heard);
}

/* What was no answer ends its connection: something may still come behind it. */
static void
test_drop(void **state)
{
	static const struct reply replies[] = { { REPLY_TEXT, OK }, { REPLY_TEXT, OK },
		{ REPLY_TEXT, OK } };
	struct server server;
	struct client client;

	(void)state;
	server_start(&server, replies, 3);
	client_init(&client, NULL, NULL);
	/* Before anything was asked there is nothing to drop. */
	client.transport.drop(client.transport.cookie, 0);
	assert_int_equal(ask(&client, 0, &server, "/", NULL).response.status, 200);
	client.transport.drop(client.transport.cookie, 0);
	client.transport.drop(client.transport.cookie, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(ask(&client, 0, &server, "/", NULL).response.status, 200);
	server_end(&server);
	assert_int_equal(server.connections, 2);
	client_free(&client);
	buf_free(&server.heard);
}

static size_t
occurrences(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part)) != NULL) {
		count++;
		text += strlen(part);
	}
	return count;
}

/* A connection that was kept and is closed at the next request: nobody asks again in silence. */
static void
test_closed_when_asked(void **state)
{
	static const struct reply replies[] = { { REPLY_TEXT, OK }, { REPLY_RESET, NULL },
		{ REPLY_TEXT, OK } };
	struct server server;
	struct client client;
	struct transfer transfer;

	(void)state;
	server_start(&server, replies, 3);
	client_init(&client, NULL, NULL);
	assert_int_equal(ask(&client, 0, &server, "/", NULL).response.status, 200);
	transfer = ask(&client, 0, &server, "/", NULL);
	assert_int_equal(transfer.response.status, 0);
	assert_string_equal(transfer.failure, "the connection was closed before an answer");
	assert_int_equal(ask(&client, 0, &server, "/", NULL).response.status, 200);
	server_end(&server);
	assert_int_equal(occurrences(server.heard.data, "GET / HTTP/1.1"), 3);
	client_free(&client);
	buf_free(&server.heard);
}

static void
test_redirects(void **state)
{
	static const struct {
		const char *why;
		struct reply replies[6];
		size_t count;
		int status;
	} cases[] = {
		{ "same host", { { REPLY_TEXT, MOVED "/other\r\n\r\n" }, { REPLY_TEXT, OK } }, 2,
		    200 },
		{ "same host, in full",
		    { { REPLY_TEXT, MOVED "http://127.0.0.1:%d/other\r\n\r\n" },
			{ REPLY_TEXT, OK } },
		    2, 200 },
		{ "three times",
		    { { REPLY_TEXT, MOVED "/1\r\n\r\n" }, { REPLY_TEXT, MOVED "/2\r\n\r\n" },
			{ REPLY_TEXT, MOVED "/3\r\n\r\n" }, { REPLY_TEXT, OK } },
		    4, 200 },
		{ "four times",
		    { { REPLY_TEXT, MOVED "/1\r\n\r\n" }, { REPLY_TEXT, MOVED "/2\r\n\r\n" },
			{ REPLY_TEXT, MOVED "/3\r\n\r\n" }, { REPLY_TEXT, MOVED "/4\r\n\r\n" } },
		    4, 302 },
		{ "another host", { { REPLY_TEXT, MOVED "http://127.0.0.2:%d/\r\n\r\n" } }, 1,
		    302 },
		{ "another name of it", { { REPLY_TEXT, MOVED "http://localhost:%d/\r\n\r\n" } }, 1,
		    302 },
		{ "a host that looks alike",
		    { { REPLY_TEXT, MOVED "http://127.0.0.1:%d@evil.invalid/\r\n\r\n" } }, 1, 302 },
		{ "another port", { { REPLY_TEXT, MOVED "http://127.0.0.1:1/\r\n\r\n" } }, 1, 302 },
		{ "another scheme", { { REPLY_TEXT, MOVED "file:///etc/passwd\r\n\r\n" } }, 1,
		    302 },
		{ "no address",
		    { { REPLY_TEXT, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n" } }, 1, 302 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct server server;
		struct client client;
		struct transfer transfer;
		int64_t begun;

		print_message("%s\n", cases[i].why);
		server_start(&server, cases[i].replies, cases[i].count);
		client_init(&client, NULL, "s3cret");
		begun = clock_ticks(&client.clock);
		transfer = ask(&client, 1, &server, "/", "{}");
		assert_int_equal(transfer.response.status, cases[i].status);
		/* Each is a request like any other. */
		assert_int_equal(transfer.redirects, cases[i].count - 1);
		assert_true(clock_ticks(&client.clock) - begun >=
			    INTERVAL_MS * (int64_t)transfer.redirects);
		server_end(&server);
		client_free(&client);
		buf_free(&server.heard);
	}
}

static void
test_answers(void **state)
{
	static const struct {
		const char *why;
		struct reply reply;
		int status;
		int64_t retry_after;
		const char *failure;
	} cases[] = {
		{ "asked to wait",
		    { REPLY_TEXT, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 17\r\n"
				  "Content-Length: 14\r\n\r\nRate exceeded." },
		    429, 17, NULL },
		{ "for nothing",
		    { REPLY_TEXT, "HTTP/1.1 503 Busy\r\nretry-after: 0\r\n"
				  "Content-Length: 0\r\n\r\n" },
		    503, 0, NULL },
		{ "until a date that has passed",
		    { REPLY_TEXT, "HTTP/1.1 503 Busy\r\nRetry-After: Fri, 19 Jun 2020 03:01:07 "
				  "GMT\r\nContent-Length: 0\r\n\r\n" },
		    503, 0, NULL },
		{ "a reset", { REPLY_RESET, NULL }, 0, -1, "" },
		{ "nothing at all", { REPLY_TEXT, "Connection: close" }, 0, -1, "" },
		{ "a cut body",
		    { REPLY_TEXT, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n"
				  "Connection: close\r\n\r\nhalf" },
		    0, -1, "" },
		{ "no gzip",
		    { REPLY_TEXT, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
				  "Content-Length: 38\r\n\r\n"
				  "\x1f\x8b\x08\x02zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz" },
		    0, -1, "" },
		{ "too large",
		    { REPLY_STREAM, "HTTP/1.1 200 OK\r\nContent-Length: 73400320\r\n\r\n" }, 0, -1,
		    "the answer is larger than 64 MiB" },
		{ "headers without an end", { REPLY_HEADERS, "HTTP/1.1 200 OK\r\n" }, 0, -1,
		    "the answer has more than 256 KiB of headers" },
		{ "headers without an end behind the body",
		    { REPLY_HEADERS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				     "2\r\nok\r\n0\r\n" },
		    0, -1, "the answer has more than 256 KiB of headers" },
		{ "too large, and no length", { REPLY_STREAM, "HTTP/1.1 200 OK\r\n\r\n" }, 0, -1,
		    "the answer is larger than 64 MiB" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct server server;
		struct client client;
		struct transfer transfer;

		print_message("%s\n", cases[i].why);
		server_start(&server, &cases[i].reply, 1);
		client_init(&client, NULL, NULL);
		transfer = ask(&client, 0, &server, "/", NULL);
		assert_int_equal(transfer.response.status, cases[i].status);
		assert_int_equal(transfer.retry_after, cases[i].retry_after);
		if (cases[i].failure != NULL)
			assert_true(text_starts(slice_of(transfer.failure), cases[i].failure) &&
				    transfer.failure[0] != '\0');
		client_free(&client);
		server_end(&server);
		buf_free(&server.heard);
	}
}

static void
test_nobody_there(void **state)
{
	struct server server;
	struct client client;
	struct transfer transfer;

	(void)state;
	server_start(&server, NULL, 0);
	server_end(&server);
	client_init(&client, "", NULL);
	transfer = ask(&client, 0, &server, "/", NULL);
	assert_int_equal(transfer.response.status, 0);
	assert_non_null(strstr(transfer.failure, "connect"));
	assert_true(transfer.first_byte_ticks > 0);
	client_free(&client);
	buf_free(&server.heard);
}

/* Both endpoints under way, and an end in the middle. */
static void
test_end_under_way(void **state)
{
	struct request request = { BUF_INIT, BUF_INIT, BUF_INIT };
	struct server server;
	struct client client;
	struct transfer transfer;

	(void)state;
	server_start(&server, NULL, 0);
	client_init(&client, NULL, NULL);
	buf_printf(&request.url, "http://127.0.0.1:%d/", server.port);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(client.transport.start(client.transport.cookie, i, &request), 0);
	client.transport.poll(client.transport.cookie, 1, &transfer);
	client_free(&client);
	request_free(&request);
	server_end(&server);
	buf_free(&server.heard);
}

/* The number of the next file that is opened. */
static int
next_descriptor(void)
{
	int fd = dup(0);

	assert_true(fd != -1);
	assert_int_equal(close(fd), 0);
	return fd;
}

/* Who asks nothing, or nothing yet, may wait all the same; curl is not set up for that. */
static void
test_nothing_asked(void **state)
{
	const int before = next_descriptor();
	struct client client;
	struct transfer transfer;
	int64_t began;

	(void)state;
	client_init(&client, NULL, NULL);
	began = clock_ticks(&client.clock);
	assert_int_equal(client.transport.poll(client.transport.cookie, 20, &transfer), 0);
	assert_true(clock_ticks(&client.clock) - began >= 19);
	client.transport.drop(client.transport.cookie, 0);
	assert_int_equal(next_descriptor(), before);
	client_free(&client);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_what_is_sent),
		cmocka_unit_test(test_one_connection),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_closed_when_asked),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_end_under_way),
		cmocka_unit_test(test_nothing_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
