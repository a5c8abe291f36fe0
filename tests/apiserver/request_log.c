#include "request_log.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *
text_or_null(struct slice text)
{
	json_t *value = text.data == NULL ? NULL : json_stringn(text.data, text.len);

	return value == NULL ? json_null() : value;
}

static json_t *
headers_of(const struct exchange *exchange)
{
	return json_pack("{s:o, s:o, s:b, s:b}", "user-agent", text_or_null(exchange->user_agent),
	    "accept", text_or_null(exchange->accept), "gzip", exchange->gzip, "has_key",
	    exchange->key.data != NULL);
}

void
request_log_write(const struct exchange *exchange)
{
	const struct server *server = exchange->server;
	json_t *line;

	if (server->log == NULL)
		return;
	line = json_pack("{s:I, s:f, s:s, s:s, s:o, s:o, s:i, s:o, s:I, s:i, s:I, s:I, s:o}", "n",
	    (json_int_t)exchange->number, "t", (double)(exchange->arrived - server->started) / 1000,
	    "api", api_name(exchange->api), "kind", kind_name(exchange->kind), "method",
	    text_or_null(exchange->method), "target", text_or_null(exchange->target), "connection",
	    (int)exchange->connection, "headers", headers_of(exchange), "body_ids",
	    (json_int_t)exchange->body_ids, "status", (int)exchange->reply.status, "entries",
	    (json_int_t)exchange->entries, "bytes", (json_int_t)exchange->reply.body.len, "fault",
	    exchange->faults.len == 0 ? json_null() : json_string(exchange->faults.data));
	if (line == NULL)
		return;
	json_dumpf(line, server->log, JSON_COMPACT);
	fputc('\n', server->log);
	fflush(server->log);
	json_decref(line);
}

void
request_stats_write(const struct server *server, struct buf *out)
{
	const struct tally *tally;

	buf_printf(out, "{\"connections\":%u,\"papers\":{\"arxiv\":%zu,\"s2\":%zu,\"grown\":%u}",
	    server->connections, server->world.arxiv_count, server->world.s2_count,
	    server->world.grown);
	for (int api = 0; api < API_COUNT; api++) {
		tally = &server->tally[api];
		buf_printf(out,
		    ",\"%s\":{\"requests\":%zu,\"refused\":%zu,\"faults\":%zu,\"entries\":%zu,"
		    "\"most_at_once\":%u",
		    api_name((enum api)api), tally->requests, tally->refused, tally->faults,
		    tally->entries, tally->most_flying);
		for (int kind = 0; kind < KIND_COUNT; kind++)
			if (tally->kinds[kind] > 0)
				buf_printf(out, ",\"%s\":%zu", kind_name((enum kind)kind),
				    tally->kinds[kind]);
		buf_add_char(out, '}');
	}
	buf_add_text(out, "}\n");
}
