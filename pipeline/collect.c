#include "collect.h"

#include "clock.h"
#include "engine.h"
#include "holding.h"
#include "http.h"
#include "stop.h"

#include <stdlib.h>

/* What a collection is made from. */
struct collecting {
	struct collection *collection;
	struct holding now;
	/* What was held of the sources that are asked for everything again. */
	struct holding before;
	bool anew[SOURCE_COUNT];
	/* Those that an earlier run has come to the end of: it did not come to put them in place.
	 */
	bool came[SOURCE_COUNT];
	struct progress *progress;
};

/* Which sources are asked for everything again: all of them now, or those that an earlier run has
 * not come to the end of. */
static void
find_anew(struct collecting *collecting, const char *directory, struct slice query, bool full)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		collecting->anew[i] =
		    journal_stands(directory, (enum source)i, JOURNAL_HELD, query) &&
		    (full || journal_stands(directory, (enum source)i, JOURNAL_ANEW, query));
}

static int
open_journals(struct collecting *collecting, const char *directory, struct slice query, bool before,
    const struct log *log)
{
	struct holding *holding = before ? &collecting->before : &collecting->now;

	for (int i = 0; i < SOURCE_COUNT; i++) {
		bool anew = collecting->anew[i];

		if (before && !anew)
			continue;
		if (holding_open(holding, directory, (enum source)i,
			anew && !before ? JOURNAL_ANEW : JOURNAL_HELD, query, log) == -1)
			return -1;
	}
	return 0;
}

/* Say why more is asked than what is new. */
static void
tell_why(const struct collecting *collecting, const char *directory, const struct log *log)
{
	for (int i = 0; i < SOURCE_COUNT; i++) {
		const struct journal *journal = collecting->now.journals[i];
		const char *title = source_title((enum source)i);

		if (!journal_replaces(journal))
			continue;
		if (!collecting->anew[i])
			log_notice(log,
			    "%s: topic.json asks for other papers than before: all of them are "
			    "asked from %s",
			    directory, title);
		else
			log_notice(log, "%s: %s %s", directory, title,
			    journal_last_fetched(journal) > 0
				? "was not asked for everything yet: going on with that"
				: "is asked for everything again");
	}
}

static void
ask(struct collecting *collecting, const struct options *options, const struct collect_plan *plan,
    const struct log *log)
{
	/* What an earlier run has left is finished; then there is nothing to renew. */
	const bool renew = plan->renew && holding_is_whole(&collecting->now);
	struct pace *pace = plan->pace;
	const struct clock clock = clock_system();
	const char *key = getenv("S2_API_KEY");
	struct endpoint endpoints[SOURCE_COUNT] = {
		{ .machine = arxiv_machine(collecting->now.arxiv, renew),
		    .interval = options->arxiv_interval,
		    .not_before = pace->not_before[SOURCE_ARXIV] },
		{ .machine = semantic_scholar_machine(collecting->now.semantic_scholar, renew),
		    .interval = options->s2_interval,
		    .not_before = pace->not_before[SOURCE_SEMANTIC_SCHOLAR] },
	};
	const struct http_endpoint channels[SOURCE_COUNT] = {
		{ .interval = options->arxiv_interval },
		{ .key = key != NULL && key[0] != '\0' ? key : NULL,
		    .posts_json = true,
		    .interval = options->s2_interval },
	};
	const struct http_setup setup = {
		.endpoints = channels,
		.count = SOURCE_COUNT,
		.contact = getenv("FINESET_CONTACT"),
		.clock = &clock,
		.log = log,
	};
	struct http *http = http_new(&setup);
	struct transport transport = http_transport(http);
	struct engine engine = {
		.transport = &transport,
		.clock = &clock,
		.log = log,
		.max_time = options->max_time,
		.stopped = stop_asked,
		.progress = progress_show,
		.cookie = collecting->progress,
	};

	engine_run(&engine, endpoints, SOURCE_COUNT);
	progress_hide(collecting->progress);
	for (int i = 0; i < SOURCE_COUNT; i++) {
		collecting->collection->reports[i] = endpoints[i].report;
		pace->not_before[i] = endpoints[i].not_before;
	}
	collecting->collection->stopped = stop_asked(NULL);
	http_free(http);
}

/* What the servers counted, what of it never came, and what was wrong with it. */
static void
complete_reports(struct collecting *collecting)
{
	struct source_report *reports = collecting->collection->reports;
	int64_t matched[SOURCE_COUNT] = {
		arxiv_matched(collecting->now.arxiv),
		semantic_scholar_matched(collecting->now.semantic_scholar),
	};
	int64_t missing[SOURCE_COUNT] = {
		arxiv_missing(collecting->now.arxiv),
		semantic_scholar_missing(collecting->now.semantic_scholar),
	};
	struct source_faults faults[SOURCE_COUNT] = {
		arxiv_faults(collecting->now.arxiv),
		semantic_scholar_faults(collecting->now.semantic_scholar),
	};

	for (int i = 0; i < SOURCE_COUNT; i++) {
		reports[i].matched = matched[i];
		reports[i].missing = missing[i];
		reports[i].faults = faults[i];
		if (reports[i].outcome == SOURCE_OK && missing[i] > 0)
			reports[i].outcome = SOURCE_SHORT;
	}
}

/* Hand over what is to be released: of a source that was asked for everything again and did not
 * bring it, what was held before; the rest waits for the next run. */
static void
choose_journals(struct collecting *collecting)
{
	struct collection *collection = collecting->collection;
	const struct holding *arxiv = &collecting->now;

	for (int i = 0; i < SOURCE_COUNT; i++) {
		bool old = collecting->anew[i] && !collecting->came[i] &&
			   collection->reports[i].outcome != SOURCE_OK;

		collection->journals[i] =
		    holding_take(old ? &collecting->before : &collecting->now, (enum source)i);
		if (old && i == SOURCE_ARXIV)
			arxiv = &collecting->before;
	}
	collection->cutoff = arxiv_until(arxiv->arxiv);
	collection->held = (int64_t)known_found(arxiv->known);
	collection->anew = collecting->anew[SOURCE_ARXIV] && arxiv == &collecting->now;
	if (collection->anew)
		collection->difference = known_compare(collecting->before.known,
		    collecting->now.known, arxiv_since(collecting->before.arxiv));
}

int
collect(const char *directory, const struct topic *topic, const struct options *options,
    const struct collect_plan *plan, struct progress *progress, const struct log *log,
    struct collection *collection)
{
	struct collecting collecting = { .collection = collection, .progress = progress };
	struct buf query = BUF_INIT;
	int result;

	*collection = (struct collection){ .cutoff = INT64_MIN };
	topic_query_write(topic, &query);
	find_anew(&collecting, directory, buf_slice(&query), options->full);
	holding_init(&collecting.before, topic, options, NULL, log);
	result = open_journals(&collecting, directory, buf_slice(&query), true, log);
	holding_init(&collecting.now, topic, options, &collecting.before, log);
	if (result == 0)
		result = open_journals(&collecting, directory, buf_slice(&query), false, log);
	for (int i = 0; i < SOURCE_COUNT && result == 0; i++)
		collecting.came[i] = holding_has_all(&collecting.now, (enum source)i);
	if (result == 0) {
		tell_why(&collecting, directory, log);
		ask(&collecting, options, plan, log);
		complete_reports(&collecting);
		choose_journals(&collecting);
	}
	holding_free(&collecting.now);
	holding_free(&collecting.before);
	buf_free(&query);
	return result;
}

void
collection_free(struct collection *collection)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		journal_free(collection->journals[i]);
}
