#ifndef FINESET_LOOPBACK_SERVER_H
#define FINESET_LOOPBACK_SERVER_H

/* A server in a thread of the test, on a port of its own, that says what it is told to say. */

#include "buf.h"
#include "mem.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* More than BOUND_BODY_BYTES. */
#define STREAM_BYTES ((size_t)70 << 20)
/* No test waits longer for anything. */
#define PATIENCE_MS 4000

/* One of very many. */
#define HEADER                                                               \
	"X-Header: ........................................................" \
	"................................................................\r\n"

/* What the server does with a request; what streams comes behind a text. */
enum reply_kind { REPLY_TEXT, REPLY_RESET, REPLY_STREAM, REPLY_HEADERS };

struct reply {
	enum reply_kind kind;
	/* `%d` is the server's port. */
	const char *text;
};

/* A server in this process: it answers with the replies one by one. */
struct server {
	int listener;
	int port;
	const struct reply *replies;
	size_t count;
	pthread_t thread;
	/* What it was sent, and over how many connections. */
	struct buf heard;
	unsigned connections;
};

static bool
readable(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, PATIENCE_MS) == 1;
}

/* Read one request with its body; false at the end of the connection. */
static bool
hear(struct server *server, int fd)
{
	size_t start = server->heard.len, body = 0;
	const char *end, *length;

	for (;;) {
		char some[4096];
		ssize_t got = readable(fd) ? recv(fd, some, sizeof(some), 0) : 0;

		if (got <= 0)
			return false;
		buf_add(&server->heard, some, (size_t)got);
		end = strstr(server->heard.data + start, "\r\n\r\n");
		length = strstr(server->heard.data + start, "Content-Length: ");
		if (length != NULL)
			body = strtoul(length + 16, NULL, 10);
		if (end != NULL &&
		    server->heard.len >= (size_t)(end + 4 - server->heard.data) + body)
			return true;
	}
}

static void
say(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(fd, data, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		data += sent;
		len -= (size_t)sent;
	}
}

/* Whether the connection stays. */
static bool
answer(const struct server *server, int fd, const struct reply *reply)
{
	const struct linger at_once = { 1, 0 };
	char *zeros;
	struct buf text = BUF_INIT;

	if (reply->kind == REPLY_RESET) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		return false;
	}
	for (const char *at = reply->text; *at != '\0'; at++)
		if (at[0] == '%' && at[1] == 'd')
			buf_printf(&text, "%d", server->port), at++;
		else
			buf_add_char(&text, *at);
	say(fd, text.data, text.len);
	buf_free(&text);
	if (reply->kind == REPLY_HEADERS) {
		for (size_t sent = 0; sent < STREAM_BYTES / 8; sent += sizeof(HEADER) - 1)
			say(fd, HEADER, sizeof(HEADER) - 1);
		return false;
	}
	if (reply->kind == REPLY_STREAM) {
		zeros = mem_new(STREAM_BYTES, 1);
		say(fd, zeros, STREAM_BYTES);
		free(zeros);
		return false;
	}
	return strstr(reply->text, "Connection: close") == NULL;
}

static void *
serve(void *cookie)
{
	struct server *server = cookie;
	size_t next = 0;

	while (next < server->count && readable(server->listener)) {
		int fd = accept(server->listener, NULL, NULL);
		bool stays = fd >= 0;

		server->connections += stays;
		while (stays && next < server->count && hear(server, fd))
			stays = answer(server, fd, &server->replies[next++]);
		if (fd >= 0)
			close(fd);
	}
	return NULL;
}

static void
server_start(struct server *server, const struct reply *replies, size_t count)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	*server = (struct server){ .replies = replies, .count = count };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(server->listener >= 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(listen(server->listener, 4), 0);
	server->port = ntohs(address.sin_port);
	buf_add(&server->heard, "", 0);
	assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void
server_end(struct server *server)
{
	/* Who waits for a connection gets one that says nothing. */
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->listener);
}

#endif
