#ifndef APISERVER_SERVER_H
#define APISERVER_SERVER_H

#include "attribute.h"
#include "exchange.h"
#include "fault.h"
#include "world.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What was asked on the command line. */
struct options {
	const char *world;
	const char *port_file;
	const char *log;
	const char *s2_key;
	unsigned port;
	unsigned lifetime;
	/* Milliseconds between requests, by API. */
	int64_t interval[API_COUNT];
	bool legacy;
	size_t arxiv_cap;
	uint64_t seed;
	/* Seconds since 1970; INT64_MIN: the clock of the machine. */
	int64_t now;
	struct fault *faults;
	size_t fault_count;
	size_t fault_capacity;
};

/* What was counted of one API. */
struct tally {
	size_t requests;
	size_t kinds[KIND_COUNT];
	size_t refused;
	size_t faults;
	size_t entries;
	/* Arrival of the last request, INT64_MIN before the first. */
	int64_t last;
	unsigned flying;
	unsigned most_flying;
};

struct server {
	struct options options;
	/* Guards all below: a request is answered whole before the next one is looked at. */
	pthread_mutex_t lock;
	struct world world;
	struct tally tally[API_COUNT];
	unsigned connections;
	size_t requests;
	uint64_t random;
	int64_t started;
	FILE *log;
	struct MHD_Daemon *daemon;
	/* Whoever stalls waits for the end of this pipe. */
	int wake[2];
};

/** server_start(server): Listen on 127.0.0.1.  The port, or -1 after saying why not. */
int server_start(struct server *server) MUST_CHECK;

/** server_stop(server): Close all connections. */
void server_stop(struct server *server);

/** server_now(server): The time that the answers state, seconds since 1970. */
int64_t server_now(const struct server *server);

/** server_random(server): The next of a series that --seed decides. */
uint64_t server_random(struct server *server);

/** server_answer(exchange): Decide what a complete request gets; the caller holds the lock. */
void server_answer(struct exchange *exchange);

#endif
