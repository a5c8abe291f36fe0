#include "collect.h"

#include "arxiv.h"
#include "clock.h"
#include "engine.h"
#include "http.h"
#include "known.h"
#include "mem.h"
#include "semantic_scholar.h"
#include "stop.h"
#include "text.h"

#include <stdlib.h>

/* What stands between the machines, the engine and the journals while a collection is made. */
struct collecting {
	struct collection *collection;
	struct known *known;
	struct arxiv *arxiv;
	struct semantic_scholar *semantic_scholar;
	struct progress *progress;
};

static struct slice
text_of(const struct record_line *record, enum record_field field)
{
	const struct jsonl_value *value = &record->values[field];

	return value->kind == JSONL_STRING ? value->raw : SLICE_NONE;
}

static void
remember_record(void *cookie, const struct record_line *record)
{
	const struct collecting *collecting = cookie;
	struct slice arxiv_id = text_of(record, RECORD_ARXIV_ID);
	struct slice doi = text_of(record, RECORD_DOI);
	int64_t version = 0;

	if (record->source == SOURCE_SEMANTIC_SCHOLAR) {
		known_add_semantic_scholar(
		    collecting->known, arxiv_id, doi, text_of(record, RECORD_DBLP));
		return;
	}
	if (jsonl_int64(&record->values[RECORD_VERSION], &version) == -1)
		version = 0;
	known_add_arxiv(collecting->known, arxiv_id, doi, version);
}

static void
remember_arxiv_commit(void *cookie, struct slice commit)
{
	arxiv_restore(((const struct collecting *)cookie)->arxiv, commit);
}

static void
remember_semantic_scholar_commit(void *cookie, struct slice commit)
{
	semantic_scholar_restore(((const struct collecting *)cookie)->semantic_scholar, commit);
}

/* A page goes to its journal: the records, then the commit that makes them count. */
static int
keep_page(void *cookie, enum source source, const struct source_record *records,
    const size_t *chosen, size_t count, struct slice commit)
{
	const struct collecting *collecting = cookie;
	struct journal *journal = collecting->collection->journals[source];

	for (size_t i = 0; i < count; i++)
		journal_add(journal, &records[chosen[i]]);
	return journal_commit(journal, commit);
}

static int
open_journals(struct collecting *collecting, const char *directory, const struct topic *topic,
    const struct log *log)
{
	struct journal_reader readers[SOURCE_COUNT] = {
		{ remember_record, remember_arxiv_commit, collecting },
		{ remember_record, remember_semantic_scholar_commit, collecting },
	};
	struct buf query = BUF_INIT;
	int result = 0;

	topic_query_write(topic, &query);
	for (int i = 0; i < SOURCE_COUNT && result == 0; i++) {
		collecting->collection->journals[i] =
		    journal_open(directory, (enum source)i, buf_slice(&query), &readers[i], log);
		result = collecting->collection->journals[i] == NULL ? -1 : 0;
	}
	buf_free(&query);
	return result;
}

static bool
told_to_stop(void *cookie)
{
	(void)cookie;
	return stop_asked();
}

static int
ask(struct collecting *collecting, const struct options *options, const struct log *log)
{
	const struct clock clock = clock_system();
	const char *key = getenv("S2_API_KEY");
	struct endpoint endpoints[SOURCE_COUNT] = {
		{ .machine = arxiv_machine(collecting->arxiv),
		    .interval = options->arxiv_interval },
		{ .machine = semantic_scholar_machine(collecting->semantic_scholar),
		    .interval = options->s2_interval },
	};
	const struct http_endpoint channels[SOURCE_COUNT] = {
		{ .key = NULL },
		{ .key = key != NULL && key[0] != '\0' ? key : NULL, .posts_json = true },
	};
	const struct http_setup setup = {
		.endpoints = channels,
		.count = SOURCE_COUNT,
		.contact = getenv("FINESET_CONTACT"),
		.clock = &clock,
		.log = log,
	};
	struct http *http = http_new(&setup);
	struct transport transport;
	struct engine engine = {
		.transport = &transport,
		.clock = &clock,
		.log = log,
		.max_time = options->max_time,
		.stopped = told_to_stop,
		.progress = progress_show,
		.cookie = collecting->progress,
	};

	if (http == NULL)
		return -1;
	transport = http_transport(http);
	engine_run(&engine, endpoints, SOURCE_COUNT);
	progress_hide(collecting->progress);
	for (int i = 0; i < SOURCE_COUNT; i++)
		collecting->collection->reports[i] = endpoints[i].report;
	collecting->collection->stopped = stop_asked();
	http_free(http);
	return 0;
}

/* What the servers counted, and what of it never came. */
static void
complete_reports(struct collecting *collecting)
{
	struct source_report *reports = collecting->collection->reports;
	int64_t matched[SOURCE_COUNT] = {
		arxiv_matched(collecting->arxiv),
		semantic_scholar_matched(collecting->semantic_scholar),
	};
	int64_t missing[SOURCE_COUNT] = {
		arxiv_missing(collecting->arxiv),
		semantic_scholar_missing(collecting->semantic_scholar),
	};

	for (int i = 0; i < SOURCE_COUNT; i++) {
		reports[i].matched = matched[i];
		reports[i].missing = missing[i];
		if (reports[i].outcome == SOURCE_OK && missing[i] > 0)
			reports[i].outcome = SOURCE_SHORT;
	}
	collecting->collection->cutoff = arxiv_until(collecting->arxiv);
}

int
collect(const char *directory, const struct topic *topic, const struct options *options,
    struct progress *progress, const struct log *log, struct collection *collection)
{
	int64_t until =
	    topic->to != TOPIC_DAY_NONE && topic->to < options->as_of ? topic->to : options->as_of;
	struct collecting collecting = {
		.collection = collection,
		.known = known_new(),
		.progress = progress,
	};
	struct source_setup setup = {
		.topic = topic,
		.until = until,
		.base_url = options->arxiv_url,
		.known = collecting.known,
		.sink = { .page = keep_page, .cookie = &collecting },
		.log = log,
	};
	int result;

	*collection = (struct collection){ .cutoff = INT64_MIN };
	collecting.arxiv = arxiv_new(&setup);
	setup.base_url = options->s2_url;
	collecting.semantic_scholar = semantic_scholar_new(&setup);
	result = open_journals(&collecting, directory, topic, log);
	if (result == 0)
		result = ask(&collecting, options, log);
	if (result == 0)
		complete_reports(&collecting);
	arxiv_free(collecting.arxiv);
	semantic_scholar_free(collecting.semantic_scholar);
	known_free(collecting.known);
	return result;
}

void
collection_free(struct collection *collection)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		journal_free(collection->journals[i]);
}
