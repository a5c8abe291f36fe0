#include "holding.h"

#include "date.h"

static void
remember_record(void *cookie, const struct record_line *record)
{
	struct known *known = ((const struct holding *)cookie)->known;
	struct buf texts[2] = { BUF_INIT, BUF_INIT };
	struct slice doi = record_line_text(record, RECORD_DOI, &texts[0]);
	struct slice dblp = record_line_text(record, RECORD_DBLP, &texts[1]);
	struct slice arxiv_id = SLICE_NONE;
	struct arxiv_id id;
	int64_t version = 0, updated = SOURCE_NUMBER_NONE;

	if (record_line_arxiv_id(record, &id) == 0)
		arxiv_id = slice_of(id.text);
	if (jsonl_int64(&record->values[RECORD_VERSION], &version) == -1)
		version = 0;
	if (record_line_time(record, RECORD_UPDATED, &updated) == -1)
		updated = SOURCE_NUMBER_NONE;
	if (record->source == SOURCE_SEMANTIC_SCHOLAR)
		known_add_semantic_scholar(known, arxiv_id, doi, dblp);
	else
		known_add_arxiv(known, arxiv_id, doi, version, updated);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_free(&texts[i]);
}

static void
remember_arxiv_commit(void *cookie, struct slice commit)
{
	arxiv_restore(((const struct holding *)cookie)->arxiv, commit);
}

static void
remember_semantic_scholar_commit(void *cookie, struct slice commit)
{
	semantic_scholar_restore(((const struct holding *)cookie)->semantic_scholar, commit);
}

/* A page goes to its journal: the records, then the commit that makes them count. */
static int
keep_page(void *cookie, enum source source, const struct source_record *records,
    const size_t *chosen, size_t count, struct slice commit)
{
	const struct holding *holding = cookie;
	struct journal *journal = holding->journals[source];

	for (size_t i = 0; i < count; i++)
		journal_add(journal, &records[chosen[i]]);
	return journal_commit(journal, commit);
}

void
holding_init(struct holding *holding, const struct topic *topic, const struct options *options,
    const struct holding *before, const struct log *log)
{
	struct source_setup setup = {
		.topic = topic,
		.until = topic->to != TOPIC_DAY_NONE && topic->to < options->as_of ? topic->to
										   : options->as_of,
		.today = options->as_of,
		.base_url = options->arxiv_url,
		.known = known_new(),
		.sink = { .page = keep_page, .cookie = holding },
		.log = log,
	};

	*holding = (struct holding){ .until = setup.until, .known = setup.known };
	if (before != NULL)
		setup.expected = arxiv_matched(before->arxiv);
	holding->arxiv = arxiv_new(&setup);
	if (before != NULL)
		setup.expected = semantic_scholar_matched(before->semantic_scholar);
	setup.base_url = options->s2_url;
	holding->semantic_scholar = semantic_scholar_new(&setup);
}

int
holding_open(struct holding *holding, const char *directory, enum source source,
    enum journal_kind kind, struct slice query, const struct log *log)
{
	const struct journal_reader reader = {
		.record = remember_record,
		.commit = source == SOURCE_ARXIV ? remember_arxiv_commit
						 : remember_semantic_scholar_commit,
		.cookie = holding,
	};

	holding->journals[source] = journal_open(directory, source, kind, query, &reader, log);
	return holding->journals[source] == NULL ? -1 : 0;
}

bool
holding_has_all(const struct holding *holding, enum source source)
{
	if (source == SOURCE_ARXIV)
		return !arxiv_unfinished(holding->arxiv) &&
		       arxiv_asked_until(holding->arxiv) != INT64_MIN;
	return !semantic_scholar_unfinished(holding->semantic_scholar) &&
	       semantic_scholar_asked_until(holding->semantic_scholar) != INT64_MIN;
}

bool
holding_is_whole(const struct holding *holding)
{
	int64_t arxiv = arxiv_asked_until(holding->arxiv);
	int64_t s2 = semantic_scholar_asked_until(holding->semantic_scholar);

	/* Who was asked for days that had not come was not asked for what they brought. */
	return !arxiv_unfinished(holding->arxiv) &&
	       !semantic_scholar_unfinished(holding->semantic_scholar) &&
	       (arxiv == s2 || arxiv > holding->until || s2 > holding->until);
}

struct journal *
holding_take(struct holding *holding, enum source source)
{
	struct journal *journal = holding->journals[source];

	holding->journals[source] = NULL;
	return journal;
}

void
holding_free(struct holding *holding)
{
	for (int i = 0; i < SOURCE_COUNT; i++)
		journal_free(holding->journals[i]);
	arxiv_free(holding->arxiv);
	semantic_scholar_free(holding->semantic_scholar);
	known_free(holding->known);
}
