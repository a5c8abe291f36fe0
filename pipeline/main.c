#include "clock.h"
#include "command.h"
#include "date.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command commands[] = {
	{ "build", "DIR [--topic PHRASE]... [options]",
	    "ask arXiv and Semantic Scholar for a topic and publish a snapshot",
	    "  fineset build specdec --topic \"speculative decoding\"\n"
	    "      makes specdec/latest/data.jsonl; later, `fineset build specdec` goes on where "
	    "it "
	    "stopped\n",
	    OPTIONS_TOPIC | OPTIONS_AS_OF | OPTIONS_JSON | OPTIONS_NETWORK, cmd_build },
	{ "audit", "DIR|FILE [ID...] [options]",
	    "explain the score of papers; without an ID, verify every row",
	    "  fineset audit specdec 2302.01318\n"
	    "      an arXiv id, a DOI, a URL, a record id or its beginning; `-` reads ids from "
	    "stdin\n"
	    "  fineset audit data.jsonl --as-of 2026-06-19\n"
	    "      prints what does not reproduce: line, id, field, stored, expected; without "
	    "--as-of\n"
	    "      the date is that of the manifest, or the one at which most scores reproduce\n",
	    OPTIONS_AS_OF | OPTIONS_JSON, cmd_audit },
	{ "merge", "FILE... [options]",
	    "make rows of source records (what `parse` prints and sources/ holds)",
	    "  fineset merge specdec/sources/*.jsonl > rows.jsonl\n"
	    "      the rows of all papers published up to --as-of; - is stdin\n",
	    OPTIONS_AS_OF, cmd_merge },
	{ "score", "[FILE] [options]", "score dataset rows again, as of a date",
	    "  fineset score specdec/latest/data.jsonl --as-of 2026-12-31 > later.jsonl\n"
	    "      writes each row with the score of that day; FILE may be - for stdin, the "
	    "default;\n"
	    "      here papers that were published after the date stay\n",
	    OPTIONS_AS_OF, cmd_score },
	{ "diff", "OLD NEW [options]", "print which papers were added, removed or changed, and how",
	    "  fineset diff specdec/snapshots/2026-06-18 specdec | tail -n 1\n"
	    "      OLD and NEW are dataset directories (their latest snapshot), snapshots or files "
	    "of rows;\n"
	    "      one of them may be - for stdin\n",
	    0, cmd_diff },
	{ "refresh", "DIR... [options]",
	    "ask for what is new, for one dataset after the other, and publish a snapshot of each",
	    "  fineset refresh -q specdec other-topic\n"
	    "      for cron: silent when all is well; `--full` now and then asks for everything "
	    "again\n",
	    OPTIONS_AS_OF | OPTIONS_JSON | OPTIONS_NETWORK | OPTIONS_FULL | OPTIONS_THEN_PUSH,
	    cmd_refresh },
	{ "export", "DIR|FILE --to FORMAT [-o FILE] [options]",
	    "write a snapshot, or a file of rows, in another format",
	    "  fineset export specdec --to card -o README.md\n"
	    "      DIR is a dataset directory (its latest snapshot) or a snapshot; FILE may be - "
	    "for "
	    "stdin\n",
	    OPTIONS_EXPORT | OPTIONS_AS_OF, cmd_export },
	{ "top", "DIR|FILE [-n N] [--filter EXPR]... [options]", "show the best papers in a table",
	    "  fineset top specdec -n 10 --filter code --filter year=2026\n"
	    "      by score, then citations, then date; it fits the window; --json prints the "
	    "rows\n",
	    OPTIONS_TOP | OPTIONS_JSON, cmd_top },
	{ "push", "DIR NAMESPACE/NAME [options]",
	    "send the latest snapshot to a dataset of the Hugging Face Hub",
	    "  fineset push specdec me/speculative-decoding --create\n"
	    "      makes the dataset if there is none, sends what changed, and makes one commit "
	    "of it;\n"
	    "      the token comes from HF_TOKEN or the file where the Hub's own programs keep "
	    "it\n",
	    OPTIONS_PUSH, cmd_push },
	{ "parse", "arxiv|semantic-scholar FILE [options]",
	    "print what one saved API answer yields, as source records",
	    "  fineset parse arxiv answer.xml | head -1\n"
	    "      FILE is a saved answer, or - for stdin\n",
	    OPTIONS_AS_OF, cmd_parse },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void
print_overview(FILE *out)
{
	fputs("usage: fineset COMMAND ...\n\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`fineset COMMAND --help` tells more, an example first; `fineset --version` the "
	      "version.\n",
	    out);
}

static void
print_help(const struct command *command)
{
	static const enum options_group groups[] = { OPTIONS_TOPIC, OPTIONS_FULL, OPTIONS_THEN_PUSH,
		OPTIONS_EXPORT, OPTIONS_PUSH, OPTIONS_TOP, OPTIONS_AS_OF, OPTIONS_JSON,
		OPTIONS_NETWORK, OPTIONS_ALWAYS };

	printf("%s\nusage: fineset %s %s\n%s\n\n", command->example, command->name,
	    command->synopsis, command->summary);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (groups[i] & (command->groups | OPTIONS_ALWAYS))
			fputs(options_help(groups[i]), stdout);
}

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static enum outcome
run_command(const struct command *command, int argc, char **argv)
{
	const struct clock clock = clock_system();
	struct command_context context;
	enum outcome outcome = OUTCOME_DONE;

	context.progress = (struct progress){ 0 };
	context.log = progress_log(&context.progress, LOG_NOTICE);
	options_init(&context.options, date_day_of(clock_utc(&clock)));
	if (options_parse(&context.options, argc, argv, command->groups, &context.log) == -1) {
		outcome = OUTCOME_USAGE;
	} else if (context.options.help) {
		print_help(command);
	} else {
		context.log.wanted = context.options.verbosity;
		context.progress.wanted = context.options.progress &&
					  context.options.verbosity == LOG_NOTICE &&
					  isatty(STDERR_FILENO) == 1;
		if (command->groups & (OPTIONS_NETWORK | OPTIONS_PUSH)) {
			stop_hold();
			/* A server that hangs up is an answer that did not come, no reason to die.
			 */
			signal(SIGPIPE, SIG_IGN);
		} else {
			/* Whoever reads stdout may have had enough, as `head` has. */
			signal(SIGPIPE, SIG_DFL);
		}
		/* A file that may not grow is one that cannot be written. */
		signal(SIGXFSZ, SIG_IGN);
		outcome = command->run(&context);
	}
	progress_hide(&context.progress);
	options_free(&context.options);
	return outcome;
}

/* No file of a run may get the number of a standard descriptor that whoever called has closed: what
 * is said to the user would go into it.  What is opened instead refuses data, as a closed one does.
 */
static void
occupy_descriptors(void)
{
	static const int ways[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", ways[fd]) != fd)
			abort();
}

/* Data that did not reach stdout is an error like any other. */
static enum outcome
close_stdout(enum outcome outcome)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return outcome;
	if (errno != EPIPE)
		fprintf(stderr, "fineset: stdout: cannot write: %s\n", strerror(errno));
	return outcome == OUTCOME_DONE ? OUTCOME_CANNOT_WRITE : outcome;
}

int
main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
	enum outcome outcome = OUTCOME_DONE;

	occupy_descriptors();
	if (command != NULL) {
		outcome = run_command(command, argc - 1, argv + 1);
	} else if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print_overview(stdout);
	} else if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("fineset " FINESET_VERSION);
	} else {
		if (argc > 1)
			fprintf(stderr, "fineset: unknown command '%s'\n", argv[1]);
		print_overview(stderr);
		outcome = OUTCOME_USAGE;
	}
	return outcome_code(close_stdout(outcome));
}
