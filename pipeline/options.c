#include "options.h"

#include "date.h"
#include "mem.h"
#include "push.h"
#include "text.h"
#include "url.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define ARXIV_URL "https://export.arxiv.org/api/query"
#define S2_URL "https://api.semanticscholar.org/graph/v1"
/* The terms of use: arXiv one request in 3 s, Semantic Scholar one in a second. */
#define ARXIV_INTERVAL_MS 3000
#define S2_INTERVAL_MS 1100
#define SECONDS_MAX 86400.0

enum option_id {
	OPTION_HELP = 'h',
	OPTION_QUIET = 'q',
	OPTION_VERBOSE = 'v',
	OPTION_OUTPUT = 'o',
	OPTION_ROWS = 'n',
	OPTION_AS_OF = 256,
	OPTION_JSON,
	OPTION_NO_PROGRESS,
	OPTION_ARXIV_URL,
	OPTION_S2_URL,
	OPTION_ARXIV_INTERVAL,
	OPTION_S2_INTERVAL,
	OPTION_MAX_TIME,
	OPTION_FULL,
	OPTION_TOPIC,
	OPTION_NAME,
	OPTION_CATEGORY,
	OPTION_FROM,
	OPTION_TO,
	OPTION_TO_FORMAT,
	OPTION_FILTER,
	OPTION_CREATE,
	OPTION_PRIVATE,
	OPTION_REVISION,
	OPTION_DRY_RUN,
	OPTION_PUSH
};

static const struct {
	struct option option;
	unsigned group;
} known_options[] = {
	{ { "help", no_argument, NULL, OPTION_HELP }, OPTIONS_ALWAYS },
	{ { "quiet", no_argument, NULL, OPTION_QUIET }, OPTIONS_ALWAYS },
	{ { "verbose", no_argument, NULL, OPTION_VERBOSE }, OPTIONS_ALWAYS },
	{ { "as-of", required_argument, NULL, OPTION_AS_OF }, OPTIONS_AS_OF },
	{ { "json", no_argument, NULL, OPTION_JSON }, OPTIONS_JSON },
	{ { "no-progress", no_argument, NULL, OPTION_NO_PROGRESS }, OPTIONS_ALWAYS },
	{ { "arxiv-url", required_argument, NULL, OPTION_ARXIV_URL }, OPTIONS_NETWORK },
	{ { "s2-url", required_argument, NULL, OPTION_S2_URL }, OPTIONS_NETWORK },
	{ { "arxiv-interval", required_argument, NULL, OPTION_ARXIV_INTERVAL }, OPTIONS_NETWORK },
	{ { "s2-interval", required_argument, NULL, OPTION_S2_INTERVAL }, OPTIONS_NETWORK },
	{ { "max-time", required_argument, NULL, OPTION_MAX_TIME },
	    OPTIONS_NETWORK | OPTIONS_PUSH },
	{ { "full", no_argument, NULL, OPTION_FULL }, OPTIONS_FULL },
	{ { "topic", required_argument, NULL, OPTION_TOPIC }, OPTIONS_TOPIC },
	{ { "name", required_argument, NULL, OPTION_NAME }, OPTIONS_TOPIC },
	{ { "category", required_argument, NULL, OPTION_CATEGORY }, OPTIONS_TOPIC },
	{ { "from", required_argument, NULL, OPTION_FROM }, OPTIONS_TOPIC },
	{ { "to", required_argument, NULL, OPTION_TO }, OPTIONS_TOPIC },
	{ { "to", required_argument, NULL, OPTION_TO_FORMAT }, OPTIONS_EXPORT },
	{ { "output", required_argument, NULL, OPTION_OUTPUT }, OPTIONS_EXPORT },
	{ { "rows", required_argument, NULL, OPTION_ROWS }, OPTIONS_TOP },
	{ { "filter", required_argument, NULL, OPTION_FILTER }, OPTIONS_TOP },
	{ { "create", no_argument, NULL, OPTION_CREATE }, OPTIONS_PUSH },
	{ { "private", no_argument, NULL, OPTION_PRIVATE }, OPTIONS_PUSH },
	{ { "revision", required_argument, NULL, OPTION_REVISION }, OPTIONS_PUSH },
	{ { "dry-run", no_argument, NULL, OPTION_DRY_RUN }, OPTIONS_PUSH },
	{ { "push", no_argument, NULL, OPTION_PUSH }, OPTIONS_THEN_PUSH },
};

#define OPTION_COUNT (sizeof(known_options) / sizeof(known_options[0]))
/* A colon, and at most two characters for each. */
#define LETTERS_SIZE (2 * OPTION_COUNT + 2)

static const char *
environment(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? fallback : value;
}

void
options_init(struct options *options, int64_t today)
{
	*options = (struct options){
		.verbosity = LOG_NOTICE,
		.progress = true,
		.as_of = today,
		.revision = PUSH_REVISION,
		.arxiv_url = environment("FINESET_ARXIV_URL", ARXIV_URL),
		.s2_url = environment("FINESET_S2_URL", S2_URL),
		.arxiv_interval = ARXIV_INTERVAL_MS,
		.s2_interval = S2_INTERVAL_MS,
	};
	topic_init(&options->topic);
}

void
options_free(struct options *options)
{
	topic_free(&options->topic);
}

static int
bad_value(const struct log *log, const char *option, const char *wanted, const char *got)
{
	log_error(log, "--%s: must be %s, got '" LOG_VALUE_FMT "'", option, wanted,
	    LOG_VALUE(slice_of(got)));
	return -1;
}

static int
set_day(int64_t *day, const char *option, const char *text, const struct log *log)
{
	if (date_day_parse(slice_of(text), day) == 0)
		return 0;
	return bad_value(log, option, "a date YYYY-MM-DD", text);
}

static int
set_seconds(int64_t *milliseconds, const char *option, const char *text, const struct log *log)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end != '\0' || !(seconds >= 0 && seconds <= SECONDS_MAX))
		return bad_value(log, option, "seconds, 0 to 86400", text);
	*milliseconds = (int64_t)(seconds * 1000 + 0.5);
	return 0;
}

static void
set_text(char **field, const char *text)
{
	struct buf clean = BUF_INIT;

	text_clean(slice_of(text), &clean);
	free(*field);
	*field = buf_take(&clean);
}

static int
set_topic_option(struct options *options, int id, const char *value, const struct log *log)
{
	options->topic_given = true;
	switch (id) {
	case OPTION_TOPIC:
		if (!text_is_utf8(slice_of(value)))
			return bad_value(log, "topic", "valid UTF-8", value);
		topic_add(&options->topic.any, value);
		return 0;
	case OPTION_NAME:
		set_text(&options->topic.name, value);
		return options->topic.name[0] != '\0' ? 0
						      : bad_value(log, "name", "some text", value);
	case OPTION_CATEGORY:
		topic_add_category(&options->topic, value);
		return 0;
	case OPTION_FROM:
		return set_day(&options->topic.from, "from", value, log);
	default:
		return set_day(&options->topic.to, "to", value, log);
	}
}

static int
add_filter(struct options *options, const char *filter, const struct log *log)
{
	if (options->filter_count == OPTIONS_FILTERS) {
		log_error(log, "--filter: at most %d of them, got one more: '" LOG_VALUE_FMT "'",
		    OPTIONS_FILTERS, LOG_VALUE(slice_of(filter)));
		return -1;
	}
	options->filters[options->filter_count++] = filter;
	return 0;
}

static void
set_push_option(struct options *options, int id, const char *value)
{
	if (id == OPTION_REVISION)
		options->revision = value;
	else if (id == OPTION_PUSH)
		options->push = true;
	else if (id == OPTION_CREATE)
		options->create = true;
	else if (id == OPTION_PRIVATE)
		options->is_private = true;
	else
		options->dry_run = true;
}

static int
set_option(struct options *options, int id, const char *value, const struct log *log)
{
	switch (id) {
	case OPTION_HELP:
		options->help = true;
		return 0;
	case OPTION_QUIET:
		options->verbosity = LOG_ERROR;
		return 0;
	case OPTION_VERBOSE:
		options->verbosity = LOG_DETAIL;
		return 0;
	case OPTION_AS_OF:
		options->as_of_given = true;
		return set_day(&options->as_of, "as-of", value, log);
	case OPTION_JSON:
		options->json = true;
		return 0;
	case OPTION_FULL:
		options->full = true;
		return 0;
	case OPTION_NO_PROGRESS:
		options->progress = false;
		return 0;
	case OPTION_TO_FORMAT:
		options->to_format = value;
		return 0;
	case OPTION_OUTPUT:
		options->output = value;
		return 0;
	case OPTION_ROWS:
		options->rows = value;
		return 0;
	case OPTION_FILTER:
		return add_filter(options, value, log);
	case OPTION_CREATE:
	case OPTION_PRIVATE:
	case OPTION_REVISION:
	case OPTION_DRY_RUN:
	case OPTION_PUSH:
		set_push_option(options, id, value);
		return 0;
	case OPTION_ARXIV_URL:
		options->arxiv_url = value;
		return 0;
	case OPTION_S2_URL:
		options->s2_url = value;
		return 0;
	case OPTION_ARXIV_INTERVAL:
		return set_seconds(&options->arxiv_interval, "arxiv-interval", value, log);
	case OPTION_S2_INTERVAL:
		return set_seconds(&options->s2_interval, "s2-interval", value, log);
	case OPTION_MAX_TIME:
		return set_seconds(&options->max_time, "max-time", value, log);
	default:
		return set_topic_option(options, id, value, log);
	}
}

/* getopt is still at the argument before it when a bad letter is not the last of its bunch. */
static void
tell_bad_option(const struct log *log, char **argv, int id, const char *letters)
{
	const char letter[] = { '-', (char)optopt, '\0' };
	bool is_letter =
	    id == '?' && optopt > ' ' && optopt < OPTION_AS_OF && strchr(letters, optopt) == NULL;
	const char *option = is_letter ? letter : argv[optind - 1];

	log_error(log, "%s: %s '" LOG_VALUE_FMT "'; `fineset %s --help` lists the options", argv[0],
	    id == '?' ? "unknown option" : "a value is missing after", LOG_VALUE(slice_of(option)),
	    argv[0]);
}

/* What getopt_long is to know of the options of some groups. */
static void
choose(unsigned groups, struct option *table, char *letters)
{
	*letters++ = ':';
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *option = &known_options[i].option;

		if (!(known_options[i].group & (groups | OPTIONS_ALWAYS)))
			continue;
		*table++ = *option;
		if (option->val >= OPTION_AS_OF)
			continue;
		*letters++ = (char)option->val;
		if (option->has_arg == required_argument)
			*letters++ = ':';
	}
	*letters = '\0';
}

int
options_parse(
    struct options *options, int argc, char **argv, unsigned groups, const struct log *log)
{
	struct option table[OPTION_COUNT + 1] = { { 0 } };
	char letters[LETTERS_SIZE];
	int id;

	choose(groups, table, letters);
	opterr = 0;
	optind = 0;
	while ((id = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		if (id == '?' || id == ':') {
			tell_bad_option(log, argv, id, letters);
			return -1;
		}
		if (set_option(options, id, optarg, log) == -1)
			return -1;
	}
	options->operands = argv + optind;
	options->operand_count = (size_t)(argc - optind);
	return 0;
}

static int
check_pace(
    const char *option, const char *url, int64_t interval, int64_t least, const struct log *log)
{
	if (interval >= least || url_is_loopback(url))
		return 0;
	log_error(log,
	    "%s: %.1f s is too fast for " LOG_VALUE_FMT ", which is asked every %.1f s at most",
	    option, (double)interval / 1000, LOG_VALUE(slice_of(url)), (double)least / 1000);
	return -1;
}

int
options_check_network(const struct options *options, const struct log *log)
{
	struct options standard;
	int result = 0;

	options_init(&standard, 0);
	/* What no option has changed is what the environment says, or right. */
	if (url_check(options->arxiv_url,
		options->arxiv_url == standard.arxiv_url ? "FINESET_ARXIV_URL" : "--arxiv-url",
		log) == -1 ||
	    url_check(options->s2_url,
		options->s2_url == standard.s2_url ? "FINESET_S2_URL" : "--s2-url", log) == -1 ||
	    check_pace("--arxiv-interval", options->arxiv_url, options->arxiv_interval,
		standard.arxiv_interval, log) == -1 ||
	    check_pace("--s2-interval", options->s2_url, options->s2_interval, standard.s2_interval,
		log) == -1)
		result = -1;
	options_free(&standard);
	return result;
}

const char *
options_help(enum options_group group)
{
	switch (group) {
	case OPTIONS_TOPIC:
		return "  --topic PHRASE      what the papers are about; may be repeated: any of "
		       "the phrases\n"
		       "  --name TEXT         the name of the dataset (default: the first phrase)\n"
		       "  --category CAT      only papers of this arXiv category, such as cs.CL; "
		       "may be repeated\n"
		       "  --from DATE         only papers published on this day or later\n"
		       "  --to DATE           only papers published on this day or earlier\n";
	case OPTIONS_FULL:
		return "  --full              ask for everything again, tell what was missed, and "
		       "drop what no\n"
		       "                      longer matches\n";
	case OPTIONS_EXPORT:
		return "  --to FORMAT         jsonl, card, report, parquet, csv or bibtex\n"
		       "  -o, --output FILE   write to FILE, which is replaced as a whole "
		       "(default: stdout)\n";
	case OPTIONS_TOP:
		return "  -n, --rows N        so many papers (default: 20)\n"
		       "  --filter EXPR       only papers with code, venue, source=arxiv, "
		       "category=cs.CL, year=2025,\n"
		       "                      score>=0.5 or text=WORDS in the title; may be "
		       "repeated: all must hold\n";
	case OPTIONS_PUSH:
		return "  --create            make the dataset on the Hub if it has none of that "
		       "name\n"
		       "  --private           the same, as a private one; one that everybody sees "
		       "is "
		       "refused\n"
		       "  --revision BRANCH   push to this branch (default: main)\n"
		       "  --dry-run           print what would be sent, and write nothing there\n"
		       "  --max-time SECONDS  stop after so long; the next push goes on from "
		       "there\n"
		       "  environment: HF_TOKEN, a token that may write, else the file where the "
		       "Hub's own\n"
		       "                      programs keep theirs (HF_TOKEN_PATH, HF_HOME); "
		       "HF_ENDPOINT, another Hub\n";
	case OPTIONS_THEN_PUSH:
		return "  --push              push each snapshot to the dataset of the Hub that "
		       "\"hub\" in\n"
		       "                      topic.json names\n";
	case OPTIONS_AS_OF:
		return "  --as-of DATE        the snapshot date (default: today, UTC)\n";
	case OPTIONS_JSON:
		return "  --json              say on stdout, as JSON, how it went\n";
	case OPTIONS_NETWORK:
		return "  --max-time SECONDS  stop asking after so long; the next run goes on from "
		       "there\n"
		       "  --arxiv-url URL     where the arXiv API is (also FINESET_ARXIV_URL)\n"
		       "  --s2-url URL        where the Semantic Scholar API is (also "
		       "FINESET_S2_URL)\n"
		       "  --arxiv-interval SECONDS, --s2-interval SECONDS\n"
		       "                      pace (default 3 and 1.1); less is for a server on "
		       "this machine\n"
		       "  environment: S2_API_KEY, a key for Semantic Scholar; FINESET_CONTACT,\n"
		       "                      who asks: it goes into the User-Agent\n";
	case OPTIONS_ALWAYS:
		return "  -q, --quiet         errors only\n"
		       "  -v, --verbose       tell more, such as each request\n"
		       "  --no-progress       no progress line on a terminal\n"
		       "  -h, --help          this text\n";
	}
	return "";
}
