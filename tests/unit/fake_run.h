#ifndef FINESET_FAKE_RUN_H
#define FINESET_FAKE_RUN_H

/* Both machines on the engine in a fake world; what the sink got can be given to a second run. */

#include "arxiv.h"
#include "fake_answers.h"
#include "known.h"
#include "semantic_scholar.h"

/* A page that the sink got. */
struct fake_page {
	enum source source;
	struct buf commit;
	/* Of each record: its arXiv id, its DOI, and the version. */
	char (*ids)[24];
	char (*dois)[96];
	int64_t *versions;
	size_t count;
};

struct fake_sink {
	struct fake_page *pages;
	size_t count;
	size_t capacity;
	/* By source: how often each paper of the world came, by its place in the world. */
	unsigned *came[SOURCE_COUNT];
	struct fake_world *world;
	/* No page more than this is kept. */
	size_t fails_at;
};

struct fake_run {
	struct fake_world *world;
	struct fake_sink *sink;
	struct topic topic;
	struct known *known;
	struct arxiv *arxiv;
	struct semantic_scholar *semantic_scholar;
	struct endpoint endpoints[SOURCE_COUNT];
	struct buf log_lines;
	struct log log;
	int64_t max_time;
	/* Ask again though all was asked that day. */
	bool renew;
	/* Told to stop when so many requests were made; 0: never. */
	unsigned stop_at;
	int64_t took;
};

static void
fake_sink_init(struct fake_sink *sink, struct fake_world *world)
{
	*sink = (struct fake_sink){ .world = world, .fails_at = SIZE_MAX };
	for (int i = 0; i < SOURCE_COUNT; i++)
		sink->came[i] = mem_new(world->count, sizeof(*sink->came[i]));
}

static void
fake_sink_free(struct fake_sink *sink)
{
	for (size_t i = 0; i < sink->count; i++) {
		buf_free(&sink->pages[i].commit);
		free(sink->pages[i].ids);
		free(sink->pages[i].dois);
		free(sink->pages[i].versions);
	}
	free(sink->pages);
	for (int i = 0; i < SOURCE_COUNT; i++)
		free(sink->came[i]);
}

/* The paper of the world that a record is about. */
static size_t
fake_place(const struct fake_world *world, const struct source_record *record)
{
	size_t place = record->source == SOURCE_ARXIV
			   ? key_table_find(world->ids, 0, record->arxiv_id)
			   : (size_t)(record->corpus_id - 1000000);

	assert_in_range(place, 0, world->count - 1);
	return place;
}

static int
fake_keep(void *cookie, enum source source, const struct source_record *records,
    const size_t *chosen, size_t count, struct slice commit)
{
	struct fake_sink *sink = cookie;
	struct fake_page *page;

	if (sink->count >= sink->fails_at)
		return -1;
	sink->pages = mem_grow(sink->pages, &sink->capacity, sink->count + 1, sizeof(*sink->pages));
	page = &sink->pages[sink->count++];
	*page = (struct fake_page){ .source = source, .count = count };
	buf_add_slice(&page->commit, commit);
	page->ids = mem_new(count, sizeof(*page->ids));
	page->dois = mem_new(count, sizeof(*page->dois));
	page->versions = mem_new(count, sizeof(*page->versions));
	for (size_t i = 0; i < count; i++) {
		const struct source_record *record = &records[chosen[i]];

		assert_int_equal(record->source, source);
		snprintf(page->ids[i], sizeof(page->ids[i]), "%.*s", (int)record->arxiv_id.len,
		    record->arxiv_id.len == 0 ? "" : record->arxiv_id.data);
		snprintf(page->dois[i], sizeof(page->dois[i]), "%.*s", (int)record->doi.len,
		    record->doi.len == 0 ? "" : record->doi.data);
		page->versions[i] = record->version;
		sink->came[source][fake_place(sink->world, record)]++;
	}
	return 0;
}

static void
fake_log(void *cookie, enum log_level level, const char *line)
{
	(void)level;
	buf_printf(cookie, "%s\n", line);
}

static void
fake_run_init(struct fake_run *run, struct fake_world *world, struct fake_sink *sink)
{
	struct source_setup setup = {
		.topic = &run->topic,
		.until = FAKE_TODAY + world->day,
		.today = FAKE_TODAY + world->day,
		.base_url = "https://export.arxiv.org/api/query",
		.sink = { .page = fake_keep, .cookie = sink },
		.log = &run->log,
	};

	*run = (struct fake_run){ .world = world, .sink = sink, .known = known_new() };
	topic_init(&run->topic);
	topic_add(&run->topic.any, "speculative decoding");
	run->log = (struct log){ fake_log, &run->log_lines, LOG_NOTICE };
	buf_add(&run->log_lines, "", 0);
	setup.known = run->known;
	run->arxiv = arxiv_new(&setup);
	setup.base_url = "https://api.semanticscholar.org/graph/v1";
	run->semantic_scholar = semantic_scholar_new(&setup);
}

static void
fake_run_free(struct fake_run *run)
{
	arxiv_free(run->arxiv);
	semantic_scholar_free(run->semantic_scholar);
	known_free(run->known);
	topic_free(&run->topic);
	buf_free(&run->log_lines);
}

/* As the journals are read when a run begins: the records and commits of each source, in order. */
static void
fake_run_restore(struct fake_run *run)
{
	for (size_t i = 0; i < run->sink->count; i++) {
		const struct fake_page *page = &run->sink->pages[i];

		for (size_t j = 0; j < page->count; j++) {
			struct slice id =
			    page->ids[j][0] == '\0' ? SLICE_NONE : slice_of(page->ids[j]);
			struct slice doi =
			    page->dois[j][0] == '\0' ? SLICE_NONE : slice_of(page->dois[j]);

			if (page->source == SOURCE_ARXIV)
				known_add_arxiv(run->known, id, doi, page->versions[j], 0);
			else
				known_add_semantic_scholar(run->known, id, doi, SLICE_NONE);
		}
		if (page->source == SOURCE_ARXIV)
			arxiv_restore(run->arxiv, buf_slice(&page->commit));
		else
			semantic_scholar_restore(run->semantic_scholar, buf_slice(&page->commit));
	}
}

static bool
fake_stopped(void *cookie)
{
	const struct fake_run *run = cookie;
	const unsigned *requests = run->world->requests;

	return run->stop_at > 0 &&
	       requests[SOURCE_ARXIV] + requests[SOURCE_SEMANTIC_SCHOLAR] >= run->stop_at;
}

/* Drive both sources, or one alone. */
static void
fake_run_go_with(struct fake_run *run, bool with_arxiv, bool with_semantic_scholar)
{
	const struct clock clock = { fake_utc, fake_ticks, run->world };
	const struct transport transport = { fake_start, fake_poll, fake_drop, run->world };
	const struct engine engine = {
		.transport = &transport,
		.clock = &clock,
		.log = &run->log,
		.max_time = run->max_time,
		.stopped = fake_stopped,
		.cookie = run,
	};
	size_t first = with_arxiv ? 0 : 1;

	run->endpoints[SOURCE_ARXIV] =
	    (struct endpoint){ .machine = arxiv_machine(run->arxiv, run->renew), .interval = 3000 };
	run->endpoints[SOURCE_SEMANTIC_SCHOLAR] = (struct endpoint){
		.machine = semantic_scholar_machine(run->semantic_scholar, run->renew),
		.interval = 1100,
	};
	if (!with_arxiv)
		known_set_searched(run->known, SOURCE_ARXIV);
	if (!with_semantic_scholar)
		known_set_searched(run->known, SOURCE_SEMANTIC_SCHOLAR);
	run->took = run->world->ticks;
	engine_run(&engine, &run->endpoints[first], (size_t)with_arxiv + with_semantic_scholar);
	run->took = run->world->ticks - run->took;
	assert_int_equal(run->world->too_soon[SOURCE_ARXIV], 0);
	assert_int_equal(run->world->too_soon[SOURCE_SEMANTIC_SCHOLAR], 0);
	assert_int_equal(run->world->crooked_starts, 0);
	assert_int_equal(run->world->beyond_limit, 0);
}

static void
fake_run_go(struct fake_run *run)
{
	fake_run_go_with(run, true, true);
}

static enum source_outcome
fake_outcome(const struct fake_run *run, enum source source)
{
	return run->endpoints[source].report.outcome;
}

/* Whether the sink got each paper that the source has exactly once, and no other. */
static void
fake_check_whole(const struct fake_sink *sink, enum source source)
{
	for (size_t i = 0; i < sink->world->count; i++) {
		const struct fake_paper *paper = &sink->world->papers[i];
		unsigned wanted = source == SOURCE_ARXIV ? !paper->ghost : paper->on_s2;

		if (sink->came[source][i] != wanted)
			fail_msg("%s: paper %zu came %u times", source_name(source), i,
			    sink->came[source][i]);
	}
}

/* Whether the sink got a record with this arXiv id. */
static inline bool
fake_sink_has(const struct fake_sink *sink, enum source source, const char *id)
{
	for (size_t i = 0; i < sink->count; i++)
		for (size_t j = 0; sink->pages[i].source == source && j < sink->pages[i].count; j++)
			if (strcmp(sink->pages[i].ids[j], id) == 0)
				return true;
	return false;
}

/* A world, a sink and a run, from nothing. */
struct fake_whole {
	struct fake_world world;
	struct fake_sink sink;
	struct fake_run run;
};

static struct fake_whole *
fake_whole_new(size_t papers)
{
	struct fake_whole *whole = mem_new(1, sizeof(*whole));

	fake_world_init(&whole->world, papers);
	fake_sink_init(&whole->sink, &whole->world);
	fake_run_init(&whole->run, &whole->world, &whole->sink);
	return whole;
}

static void
fake_whole_free(struct fake_whole *whole)
{
	fake_run_free(&whole->run);
	fake_sink_free(&whole->sink);
	fake_world_free(&whole->world);
	free(whole);
}

/* Another run on what came so far, some days later by the calendar. */
static inline void
fake_whole_next(struct fake_whole *whole, int64_t days)
{
	fake_run_free(&whole->run);
	whole->world.day += days;
	whole->world.ticks += 5000;
	memset(whole->world.requests, 0, sizeof(whole->world.requests));
	fake_run_init(&whole->run, &whole->world, &whole->sink);
	fake_run_restore(&whole->run);
	whole->run.renew = true;
}

/* Run to the end: both sources end well, every paper came once; then free it. */
static void
fake_whole_succeeds(struct fake_whole *whole)
{
	fake_run_go(&whole->run);
	if (fake_outcome(&whole->run, SOURCE_ARXIV) != SOURCE_OK ||
	    fake_outcome(&whole->run, SOURCE_SEMANTIC_SCHOLAR) != SOURCE_OK)
		fail_msg("%s", whole->run.log_lines.data);
	fake_check_whole(&whole->sink, SOURCE_ARXIV);
	fake_check_whole(&whole->sink, SOURCE_SEMANTIC_SCHOLAR);
}

#endif
