#include "clock.h"
#include "http.h"
#include "loopback_server.h"
#include "scratch.h"
#include "text.h"
#include "url.h"

#define TOKEN "hf_a1b2c3d4e5f6g7h8"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
#define MOVED(code, to) "HTTP/1.1 " code " Moved\r\nContent-Length: 0\r\nLocation: " to "\r\n\r\n"

/* Two endpoints: the first with the token, the second without. */
struct client {
	struct http *http;
	struct clock clock;
	struct scratch scratch;
};

static void
client_init(struct client *client)
{
	static const struct http_endpoint endpoints[] = {
		{ .key = TOKEN, .bearer = true },
		{ .key = NULL },
	};

	client->clock = clock_system();
	scratch_log_init(&client->scratch);
	client->http = http_new(&(struct http_setup){ .endpoints = endpoints,
	    .count = 2,
	    .clock = &client->clock,
	    .log = &client->scratch.log });
}

static void
client_free(struct client *client)
{
	http_free(client->http);
	scratch_free(&client->scratch);
}

/* Send a request to the server; the transfer is borrowed until the next. */
static struct transfer
send_to(struct client *client, size_t endpoint, const struct server *server, const char *path,
    struct http_request request)
{
	const struct transport transport = http_transport(client->http);
	int64_t until = clock_ticks(&client->clock) + PATIENCE_MS;
	struct transfer transfer = { 0 };
	struct buf url = BUF_INIT;
	int got = 0;

	buf_printf(&url, "http://127.0.0.1:%d%s", server->port, path);
	request.url = url.data;
	assert_int_equal(http_send(client->http, endpoint, &request), 0);
	while (got == 0 && clock_ticks(&client->clock) < until)
		got = transport.poll(transport.cookie, 100, &transfer);
	assert_int_equal(got, 1);
	buf_free(&url);
	return transfer;
}

/* A part of a file by PUT, then by POST, then none. */
static void
test_files(void **state)
{
	static const struct reply replies[] = { { REPLY_TEXT, OK }, { REPLY_TEXT, OK },
		{ REPLY_TEXT, OK }, { REPLY_TEXT, OK } };
	const int fd = scratch_open(SLICE_LITERAL("0123456789"));
	const struct http_file part = { fd, 2, 5 }, empty = { fd, 0, 0 };
	struct server server;
	struct client client;
	const char *post, *get, *put;

	(void)state;
	server_start(&server, replies, COUNT(replies));
	client_init(&client);
	send_to(&client, 1, &server, "/put",
	    (struct http_request){ .method = HTTP_PUT, .accept = "*/*", .file = &part });
	send_to(&client, 1, &server, "/post",
	    (struct http_request){
		.method = HTTP_POST, .content_type = "application/x-ndjson", .file = &part });
	send_to(&client, 1, &server, "/get", (struct http_request){ .method = HTTP_GET });
	send_to(&client, 1, &server, "/empty",
	    (struct http_request){ .method = HTTP_PUT, .file = &empty });
	server_end(&server);
	post = strstr(server.heard.data, "POST /post HTTP/1.1\r\n");
	get = strstr(server.heard.data, "GET /get HTTP/1.1\r\n");
	put = strstr(server.heard.data, "PUT /empty HTTP/1.1\r\n");
	assert_true(post != NULL && get != NULL && put != NULL);
	assert_true(text_starts(buf_slice(&server.heard), "PUT /put HTTP/1.1\r\n"));
	assert_non_null(strstr(server.heard.data, "\r\nContent-Length: 5\r\n\r\n23456POST"));
	assert_non_null(strstr(post, "\r\nContent-Length: 5\r\n"));
	assert_non_null(strstr(post, "\r\n\r\n23456GET"));
	assert_non_null(strstr(put, "\r\nContent-Length: 0\r\n"));
	/* One of a POST's alone, and of no default. */
	assert_true(strstr(server.heard.data, "Content-Type: application/x-ndjson\r\n") > post);
	assert_true(strstr(post + 1, "Content-Type: ") < get);
	assert_null(strstr(get, "Content-Type: "));
	assert_null(strstr(server.heard.data, "Expect"));
	assert_null(strstr(server.heard.data, "Transfer-Encoding"));
	assert_null(strstr(server.heard.data, "uthorization"));
	client_free(&client);
	buf_free(&server.heard);
	close(fd);
}

/* A file that is shorter than was said. */
static void
test_short_file(void **state)
{
	const int fd = scratch_open(SLICE_LITERAL("0123456789"));
	const struct http_file part = { fd, 2, 50 };
	struct server server;
	struct client client;
	struct transfer transfer;

	(void)state;
	/* It takes connections, and answers nothing. */
	server_start(&server, NULL, 0);
	client_init(&client);
	transfer = send_to(
	    &client, 1, &server, "/", (struct http_request){ .method = HTTP_PUT, .file = &part });
	assert_int_equal(transfer.response.status, 0);
	assert_string_equal(
	    transfer.failure, "the file that is sent cannot be read as far as it went");
	client_free(&client);
	server_end(&server);
	buf_free(&server.heard);
	close(fd);
}

/* The token goes to its endpoint, and what is said of it there is told to nobody. */
static void
test_token(void **state)
{
	static const struct reply replies[] = {
		{ REPLY_TEXT, "HTTP/1.1 200 OK\r\nContent-Length: 25\r\nETag: \"a-1\"\r\n"
			      "X-Error-Message: bad " TOKEN "\r\n\r\nno: " TOKEN ".." },
		{ REPLY_TEXT, OK },
	};
	struct server server;
	struct client client;
	struct transfer transfer;
	const char *second;

	(void)state;
	server_start(&server, replies, COUNT(replies));
	client_init(&client);
	assert_null(http_header(client.http, 0, "ETag").data);
	transfer = send_to(&client, 0, &server, "/hub",
	    (struct http_request){ .method = HTTP_POST, .body = SLICE_LITERAL("{}") });
	assert_true(slice_is((struct slice){ transfer.response.body, transfer.response.len },
	    "no: *******************.."));
	assert_true(
	    slice_is(http_header(client.http, 0, "x-error-message"), "bad *******************"));
	assert_true(slice_is(http_header(client.http, 0, "ETag"), "\"a-1\""));
	assert_null(http_header(client.http, 0, "X-Other").data);
	send_to(&client, 1, &server, "/store", (struct http_request){ .method = HTTP_GET });
	server_end(&server);
	second = strstr(server.heard.data, "GET /store");
	assert_non_null(second);
	assert_non_null(strstr(server.heard.data, "\r\nAuthorization: Bearer " TOKEN "\r\n"));
	assert_null(strstr(second, TOKEN));
	client_free(&client);
	buf_free(&server.heard);
}

/* A redirect that asks for something else would do twice what was asked for once. */
static void
test_redirects(void **state)
{
	static const struct {
		const char *why;
		struct reply replies[2];
		size_t count;
		int status;
	} cases[] = {
		{ "307", { { REPLY_TEXT, MOVED("307", "/new") }, { REPLY_TEXT, OK } }, 2, 200 },
		{ "308", { { REPLY_TEXT, MOVED("308", "/new") }, { REPLY_TEXT, OK } }, 2, 200 },
		{ "301", { { REPLY_TEXT, MOVED("301", "/new") } }, 1, 301 },
		{ "302", { { REPLY_TEXT, MOVED("302", "/new") } }, 1, 302 },
		{ "303", { { REPLY_TEXT, MOVED("303", "/new") } }, 1, 303 },
		{ "another host", { { REPLY_TEXT, MOVED("307", "http://127.0.0.2:%d/") } }, 1,
		    307 },
	};
	const int fd = scratch_open(SLICE_LITERAL("0123456789"));
	const struct http_file whole = { fd, 0, 10 };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct server server;
		struct client client;
		struct transfer transfer;

		print_message("%s\n", cases[i].why);
		server_start(&server, cases[i].replies, cases[i].count);
		client_init(&client);
		transfer = send_to(&client, 0, &server, "/old",
		    (struct http_request){ .method = HTTP_POST, .file = &whole });
		assert_int_equal(transfer.response.status, cases[i].status);
		server_end(&server);
		/* All of it was sent again. */
		if (cases[i].count == 2)
			assert_non_null(
			    strstr(strstr(server.heard.data, "POST /new "), "\r\n\r\n0123456789"));
		client_free(&client);
		buf_free(&server.heard);
	}
	close(fd);
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *url, *base;
		bool may, same;
	} cases[] = {
		{ "https://s3.example/a?sign", "https://hub", true, false },
		{ "https://hub/a", "https://hub", true, true },
		{ "https://hub:443/a", "https://hub", true, true },
		{ "https://hub:444/a", "https://hub", true, false },
		{ "https://hub.evil/a", "https://hub", true, false },
		{ "http://s3.example/a", "https://hub", false, false },
		{ "http://hub/a", "https://hub", false, false },
		{ "https://127.0.0.1/a", "https://hub", false, false },
		{ "http://127.0.0.1:1/a", "https://hub", false, false },
		{ "https://me:word@s3.example/a", "https://hub", false, false },
		{ "file:///etc/passwd", "https://hub", false, false },
		{ "ftp://s3.example/", "https://hub", false, false },
		{ "", "https://hub", false, false },
		{ "http://127.0.0.1:2/a", "http://127.0.0.1:1", true, false },
		{ "http://127.0.0.1:1/a", "http://127.0.0.1:1", true, true },
		{ "https://s3.example/a", "http://127.0.0.1:1", true, false },
		{ "http://s3.example/a", "http://127.0.0.1:1", false, false },
		{ "http://127.0.0.1:1/a", "https://127.0.0.1:1", false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (url_may_send(cases[i].url, cases[i].base) != cases[i].may)
			fail_msg("%s: may be sent?", cases[i].url);
		if (url_same_origin(cases[i].url, cases[i].base) != cases[i].same)
			fail_msg("%s: the same as %s?", cases[i].url, cases[i].base);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_short_file),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
