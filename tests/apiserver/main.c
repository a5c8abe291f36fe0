/*
 * A stand-in for the arXiv Atom API and the Semantic Scholar Graph API on loopback; README.md tells
 * how to use it. It follows the facts that are known of the two servers, not what any client would
 * like them to do.
 */
#include "date.h"
#include "generate.h"
#include "mem.h"
#include "server.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum option_name {
	OPT_WORLD = 256,
	OPT_PORT,
	OPT_PORT_FILE,
	OPT_LOG,
	OPT_ARXIV_INTERVAL,
	OPT_S2_INTERVAL,
	OPT_DIALECT,
	OPT_ARXIV_CAP,
	OPT_S2_KEY,
	OPT_FAULT,
	OPT_NOW,
	OPT_LIFETIME,
	OPT_SEED,
	OPT_GENERATE,
	OPT_PHRASE,
	OPT_FROM,
	OPT_TO,
	OPT_HELP
};

static const struct option long_options[] = {
	{ "world", required_argument, NULL, OPT_WORLD },
	{ "port", required_argument, NULL, OPT_PORT },
	{ "port-file", required_argument, NULL, OPT_PORT_FILE },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "arxiv-interval", required_argument, NULL, OPT_ARXIV_INTERVAL },
	{ "s2-interval", required_argument, NULL, OPT_S2_INTERVAL },
	{ "dialect", required_argument, NULL, OPT_DIALECT },
	{ "arxiv-cap", required_argument, NULL, OPT_ARXIV_CAP },
	{ "s2-key", required_argument, NULL, OPT_S2_KEY },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "now", required_argument, NULL, OPT_NOW },
	{ "lifetime", required_argument, NULL, OPT_LIFETIME },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "generate", required_argument, NULL, OPT_GENERATE },
	{ "phrase", required_argument, NULL, OPT_PHRASE },
	{ "from", required_argument, NULL, OPT_FROM },
	{ "to", required_argument, NULL, OPT_TO },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static void
usage(FILE *out)
{
	fputs(
	    "usage: apiserver --world FILE.jsonl [--port 0] [--port-file FILE] [--log FILE]\n"
	    "           [--arxiv-interval SECONDS] [--s2-interval SECONDS] [--dialect new|legacy]\n"
	    "           [--arxiv-cap 10000] [--s2-key KEY] [--fault "
	    "API[.KIND]:FAULT:WHEN[:ARG]]...\n"
	    "           [--seed N] [--now TIME] [--lifetime SECONDS]\n"
	    "       apiserver --generate N [--seed N] [--phrase TEXT] [--from DATE] [--to DATE]\n"
	    "faults:\n",
	    out);
	fault_list(out);
}

static int
fault_add(struct options *options, const char *spec)
{
	options->faults = mem_grow(options->faults, &options->fault_capacity,
	    options->fault_count + 1, sizeof(*options->faults));
	return fault_parse(spec, &options->faults[options->fault_count++]);
}

static int
number_parse(const char *text, double most, double *value)
{
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	return end == text || *end != '\0' || errno != 0 || !(*value >= 0 && *value <= most) ? -1
											     : 0;
}

static int
number_option(struct options *options, struct generate *generate, int name, const char *text)
{
	double value;

	if (number_parse(text, 1e9, &value) == -1)
		return -1;
	if (name == OPT_PORT)
		options->port = value > 65535 ? 0 : (unsigned)value;
	else if (name == OPT_ARXIV_INTERVAL)
		options->interval[API_ARXIV] = (int64_t)(value * 1000);
	else if (name == OPT_S2_INTERVAL)
		options->interval[API_S2] = (int64_t)(value * 1000);
	else if (name == OPT_ARXIV_CAP)
		options->arxiv_cap = (size_t)value;
	else if (name == OPT_LIFETIME)
		options->lifetime = (unsigned)value;
	else if (name == OPT_GENERATE)
		generate->papers = (size_t)value;
	else
		options->seed = generate->seed = (uint64_t)value;
	return 0;
}

static int
option_take(struct options *options, struct generate *generate, int name, const char *text)
{
	switch (name) {
	case OPT_WORLD:
		options->world = text;
		return 0;
	case OPT_PORT_FILE:
		options->port_file = text;
		return 0;
	case OPT_LOG:
		options->log = text;
		return 0;
	case OPT_S2_KEY:
		options->s2_key = text;
		return 0;
	case OPT_PHRASE:
		generate->phrase = text;
		return 0;
	case OPT_DIALECT:
		options->legacy = strcmp(text, "legacy") == 0;
		return options->legacy || strcmp(text, "new") == 0 ? 0 : -1;
	case OPT_FAULT:
		return fault_add(options, text);
	case OPT_NOW:
		return date_time_parse(slice_of(text), &options->now);
	case OPT_FROM:
		return date_day_parse(slice_of(text), &generate->from);
	case OPT_TO:
		return date_day_parse(slice_of(text), &generate->to);
	default:
		return number_option(options, generate, name, text);
	}
}

static int
options_parse(int argc, char **argv, struct options *options, struct generate *generate)
{
	int name;

	*options =
	    (struct options){ .lifetime = 600, .arxiv_cap = 10000, .now = INT64_MIN, .seed = 1 };
	*generate = (struct generate){ 0, 1, "speculative decoding", date_day(2024, 1, 1),
		date_day(2026, 6, 18) };
	while ((name = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (name == OPT_HELP) {
			usage(stdout);
			exit(0);
		}
		if (name == '?')
			return -1;
		if (option_take(options, generate, name, optarg) == -1) {
			fprintf(stderr, "apiserver: cannot use '%s'\n", optarg);
			return -1;
		}
	}
	return optind == argc && (options->world != NULL || generate->papers > 0) ? 0 : -1;
}

/* Whoever waits for the file never sees half of it. */
static int
port_write(const char *path, int port)
{
	struct buf name = BUF_INIT;
	FILE *file;
	int rc = -1;

	buf_printf(&name, "%s.new", path);
	file = fopen(name.data, "w");
	if (file != NULL) {
		fprintf(file, "%d\n", port);
		rc = fclose(file) == 0 && rename(name.data, path) == 0 ? 0 : -1;
	}
	if (rc == -1)
		perror(path);
	buf_free(&name);
	return rc;
}

static void
world_reload(struct server *server)
{
	struct world world, old;

	if (world_load(&world, server->options.world) == -1) {
		world_free(&world);
		return;
	}
	(void)pthread_mutex_lock(&server->lock);
	old = server->world;
	server->world = world;
	(void)pthread_mutex_unlock(&server->lock);
	world_free(&old);
}

/* Until somebody ends it, or its life is over: a forgotten one must not stay for good. */
static void
wait_for_end(struct server *server, const sigset_t *signals)
{
	struct timespec now, left = { 0, 0 };
	time_t end;
	int got;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + (time_t)server->options.lifetime;
	while (now.tv_sec < end) {
		left.tv_sec = end - now.tv_sec;
		got = sigtimedwait(signals, NULL, &left);
		if (got == SIGHUP)
			world_reload(server);
		else if (got > 0)
			return;
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
	}
}

static int
serve(struct server *server)
{
	sigset_t signals;
	int port;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	port = server_start(server);
	if (port == -1)
		return 1;
	if (server->options.port_file != NULL && port_write(server->options.port_file, port) == -1)
		return 1;
	printf("listening on http://127.0.0.1:%d\n", port);
	(void)fflush(stdout);
	wait_for_end(server, &signals);
	server_stop(server);
	return 0;
}

int
main(int argc, char **argv)
{
	struct server server = { 0 };
	struct generate generate;
	int rc = 1;

	if (options_parse(argc, argv, &server.options, &generate) == -1) {
		usage(stderr);
		rc = 64;
	} else if (generate.papers > 0) {
		rc = generate_write(&generate, stdout) == -1;
	} else if (world_load(&server.world, server.options.world) == 0) {
		if (server.options.log != NULL &&
		    (server.log = fopen(server.options.log, "a")) == NULL)
			perror(server.options.log);
		(void)pthread_mutex_init(&server.lock, NULL);
		rc = serve(&server);
		if (server.log != NULL)
			(void)fclose(server.log);
	}
	world_free(&server.world);
	free(server.options.faults);
	return rc;
}
