#include "server.h"

#include "arxiv.h"
#include "clock.h"
#include "gzip.h"
#include "mem.h"
#include "request_log.h"
#include "s2.h"
#include "text.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A batch of 500 ids is 30 kB. */
#define REQUEST_BODY_MOST ((size_t)4 << 20)
/* Arrivals are measured here, departures there: what the kernel may add or take away between them.
 */
#define PACE_SLACK_MS 5

int64_t
server_now(const struct server *server)
{
	struct clock clock = clock_system();

	return server->options.now != INT64_MIN ? server->options.now : clock_utc(&clock);
}

/* xorshift64*, Vigna 2016. */
uint64_t
server_random(struct server *server)
{
	uint64_t x = server->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	server->random = x;
	return x * 0x2545f4914f6cdd1du;
}

/* Whether a request came too soon after the one before it, arrival to arrival; a refused one counts
 * too. */
static bool
too_soon(struct exchange *exchange)
{
	struct tally *tally = &exchange->server->tally[exchange->api];
	int64_t interval = exchange->server->options.interval[exchange->api], last = tally->last;
	int64_t slack = interval / 10 < PACE_SLACK_MS ? interval / 10 : PACE_SLACK_MS;

	tally->last = exchange->arrived;
	return interval > 0 && last != INT64_MIN && exchange->arrived - last < interval - slack;
}

static void
classify(struct exchange *exchange)
{
	struct tally *tally;

	exchange_read(exchange);
	exchange->api = text_starts(exchange->path, "/graph/") ? API_S2
			: text_starts(exchange->path, "/api/") ? API_ARXIV
							       : API_NONE;
	if (exchange->api == API_NONE)
		return;
	exchange->kind = exchange->api == API_S2 ? s2_kind(exchange) : arxiv_kind(exchange);
	tally = &exchange->server->tally[exchange->api];
	exchange->number = ++exchange->server->requests;
	tally->requests++;
	tally->kinds[exchange->kind]++;
}

static void
refuse_soon(struct exchange *exchange)
{
	exchange->server->tally[exchange->api].refused++;
	if (exchange->api == API_ARXIV)
		arxiv_status(exchange, 429);
	else
		s2_status(exchange, 429);
}

void
server_answer(struct exchange *exchange)
{
	struct server *server = exchange->server;

	classify(exchange);
	if (exchange->api == API_NONE) {
		exchange_answer(exchange, 404, "text/plain", "not here\n");
		if (slice_is(exchange->path, "/_stats")) {
			exchange_answer(exchange, 200, "application/json", "");
			request_stats_write(server, &exchange->reply.body);
		}
		return;
	}
	fault_pick(exchange);
	if (too_soon(exchange)) {
		refuse_soon(exchange);
	} else if (!fault_strike(exchange, FAULT_INSTEAD)) {
		if (exchange->api == API_ARXIV)
			arxiv_answer(exchange);
		else
			s2_answer(exchange);
		fault_strike(exchange, FAULT_BODY);
	}
	fault_strike(exchange, FAULT_BEHIND);
	server->tally[exchange->api].entries += exchange->entries;
	request_log_write(exchange);
}

/* What is sent of a reply, and where its sending stands. */
struct sending {
	char *body;
	size_t len;
};

static ssize_t
send_some(void *cookie, uint64_t at, char *out, size_t most)
{
	struct sending *sending = cookie;
	size_t left;

	if (at >= sending->len)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	left = sending->len - (size_t)at;
	if (left > most)
		left = most;
	memcpy(out, sending->body + at, left);
	return (ssize_t)left;
}

static void
sending_free(void *cookie)
{
	struct sending *sending = cookie;

	free(sending->body);
	free(sending);
}

static struct MHD_Response *
response_new(struct reply *reply)
{
	struct sending *sending;
	size_t len = reply->body.len;
	struct stat status;
	int fd;

	if (reply->file != NULL) {
		fd = open(reply->file, O_RDONLY | O_CLOEXEC);
		if (fd == -1 || fstat(fd, &status) == -1) {
			perror(reply->file);
			exit(1);
		}
		return MHD_create_response_from_fd64((uint64_t)status.st_size, fd);
	}
	if (reply->delivery != DELIVER_CUT || len < 2)
		return MHD_create_response_from_buffer(
		    len, buf_take(&reply->body), MHD_RESPMEM_MUST_FREE);
	sending = mem_new(1, sizeof(*sending));
	sending->body = buf_take(&reply->body);
	sending->len = len / 2;
	return MHD_create_response_from_callback(len, 65536, send_some, sending, sending_free);
}

static void
header_add(struct MHD_Response *response, const char *name, const char *value)
{
	if (value != NULL)
		(void)MHD_add_response_header(response, name, value);
}

/* A reset, not a polite end: unread and unsent data are thrown away. */
static void
connection_reset(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct linger linger = { 1, 0 };

	if (info != NULL)
		(void)setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
}

static enum MHD_Result
reply_send(struct exchange *exchange, struct MHD_Connection *connection)
{
	struct reply *reply = &exchange->reply;
	struct MHD_Response *response;
	struct buf packed = BUF_INIT;
	enum MHD_Result result;

	if (reply->delivery == DELIVER_RESET) {
		connection_reset(connection);
		return MHD_NO;
	}
	if (exchange->gzip && !reply->gzipped && reply->body.len > 200) {
		gzip_stored(buf_slice(&reply->body), &packed);
		buf_free(&reply->body);
		reply->body = packed;
		reply->gzipped = true;
	}
	response = response_new(reply);
	if (response == NULL)
		return MHD_NO;
	header_add(response, "Content-Type", reply->content_type);
	header_add(response, "Content-Encoding", reply->gzipped ? "gzip" : NULL);
	header_add(response, "Retry-After", reply->retry_after);
	header_add(response, "Location", reply->location);
	header_add(response, "x-amzn-ErrorType", reply->error_type);
	result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static struct slice
header(struct exchange *exchange, struct MHD_Connection *connection, const char *name)
{
	return arena_dup(&exchange->arena,
	    slice_of(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name)));
}

static void
headers_read(struct exchange *exchange, struct MHD_Connection *connection, const char *method)
{
	struct slice encoding = header(exchange, connection, "Accept-Encoding");
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	exchange->method = arena_dup(&exchange->arena, slice_of(method));
	exchange->user_agent = header(exchange, connection, "User-Agent");
	exchange->accept = header(exchange, connection, "Accept");
	exchange->key = header(exchange, connection, "x-api-key");
	exchange->gzip = encoding.data != NULL && text_find(encoding, "gzip") < encoding.len;
	if (info != NULL && info->socket_context != NULL)
		exchange->connection = *(unsigned *)info->socket_context;
}

/* Wait without holding anything up; server_stop ends it. */
static void
stall(const struct exchange *exchange)
{
	struct pollfd wake = { exchange->server->wake[0], POLLIN, 0 };

	if (exchange->reply.stall > 0)
		(void)poll(&wake, 1, (int)exchange->reply.stall * 1000);
}

static void
count_flying(struct exchange *exchange, int change)
{
	struct tally *tally;

	if (exchange->api == API_NONE)
		return;
	tally = &exchange->server->tally[exchange->api];
	tally->flying += (unsigned)change;
	if (tally->flying > tally->most_flying)
		tally->most_flying = tally->flying;
}

static enum MHD_Result
on_request(void *cookie, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **slot)
{
	struct exchange *exchange = *slot;
	struct server *server = cookie;

	(void)url;
	(void)version;
	if (!exchange->begun) {
		exchange->begun = true;
		headers_read(exchange, connection, method);
		return MHD_YES;
	}
	if (*len > 0) {
		if (exchange->body.len + *len > REQUEST_BODY_MOST)
			return MHD_NO;
		buf_add(&exchange->body, data, *len);
		*len = 0;
		return MHD_YES;
	}
	(void)pthread_mutex_lock(&server->lock);
	server_answer(exchange);
	count_flying(exchange, 1);
	(void)pthread_mutex_unlock(&server->lock);
	stall(exchange);
	return reply_send(exchange, connection);
}

/* The first sight of a request: its target as it was sent, and when. */
static void *
on_target(void *cookie, const char *target, struct MHD_Connection *connection)
{
	struct exchange *exchange = mem_new(1, sizeof(*exchange));
	struct clock clock = clock_system();

	(void)connection;
	exchange->server = cookie;
	exchange->api = API_NONE;
	exchange->kind = KIND_OTHER;
	exchange->arrived = clock_ticks(&clock);
	exchange->target = arena_dup(&exchange->arena, slice_of(target));
	return exchange;
}

static void
on_end(void *cookie, struct MHD_Connection *connection, void **slot,
    enum MHD_RequestTerminationCode code)
{
	struct server *server = cookie;
	struct exchange *exchange = *slot;

	(void)connection;
	(void)code;
	if (exchange == NULL)
		return;
	(void)pthread_mutex_lock(&server->lock);
	if (exchange->api != API_NONE)
		count_flying(exchange, -1);
	(void)pthread_mutex_unlock(&server->lock);
	exchange_free(exchange);
	*slot = NULL;
}

static void
on_connection(void *cookie, struct MHD_Connection *connection, void **slot,
    enum MHD_ConnectionNotificationCode code)
{
	struct server *server = cookie;
	unsigned *number;

	(void)connection;
	if (code != MHD_CONNECTION_NOTIFY_STARTED) {
		free(*slot);
		*slot = NULL;
		return;
	}
	number = mem_new(1, sizeof(*number));
	(void)pthread_mutex_lock(&server->lock);
	*number = ++server->connections;
	(void)pthread_mutex_unlock(&server->lock);
	*slot = number;
}

int
server_start(struct server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;
	struct clock clock = clock_system();

	address.sin_port = htons((uint16_t)server->options.port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->started = clock_ticks(&clock);
	server->random = server->options.seed * 0x9e3779b97f4a7c15u + 1;
	for (int i = 0; i < API_COUNT; i++)
		server->tally[i].last = INT64_MIN;
	if (pipe(server->wake) == -1) {
		perror("apiserver: pipe");
		return -1;
	}
	server->daemon =
	    MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0,
		NULL, NULL, on_request, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_COMPLETED, on_end,
		server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)256 << 10, MHD_OPTION_END);
	info = server->daemon == NULL
		   ? NULL
		   : MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
	if (info == NULL) {
		fprintf(stderr, "apiserver: cannot listen on 127.0.0.1:%u\n", server->options.port);
		return -1;
	}
	return info->port;
}

void
server_stop(struct server *server)
{
	(void)close(server->wake[1]);
	if (server->daemon != NULL)
		MHD_stop_daemon(server->daemon);
	(void)close(server->wake[0]);
}
