#include "semantic_scholar.h"

#include "commit.h"
#include "jsonl.h"
#include "mem.h"
#include "semantic_scholar_batch.h"
#include "semantic_scholar_json.h"
#include "semantic_scholar_query.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>

/* Papers on each page of a search but the last (facts: semantic-scholar-api, 3). */
#define PAGE_ITEMS 1000
/* How often a count of zero, and a search that ends early, are asked again before they are
 * believed. */
#define DOUBTFUL_ASKS 2
/* So many papers at the end of a search may be missing, for its count is an estimate and papers go;
 * more is an outage. */
#define LOST_MAX 20
/* A token goes into a URL; recorded ones have 100 to 200 bytes. */
#define TOKEN_BYTES 2000
/* How often a search whose token is refused begins anew; tokens outlive runs, but nobody promises
 * it. */
#define RESTARTS 2

#define FIELDS                                                                                   \
	"externalIds,title,abstract,authors,fieldsOfStudy,s2FieldsOfStudy,publicationDate,year," \
	"venue,citationCount,influentialCitationCount,openAccessPdf,url"

struct semantic_scholar {
	struct source_setup setup;
	char *base_url;
	bool searching;
	/* For the next page; NULL on the first. */
	char *token;
	int64_t received;
	int64_t total;
	unsigned doubts;
	/* What the last answer said that was not believed: how many papers, and whether there are
	 * any; the largest count of those that were not. */
	size_t doubted_items;
	bool doubted_zero;
	int64_t doubted_total;
	/* The last answer was a whole batch, but not believed. */
	bool disbelieved;
	unsigned restarts;
	/* The last day when this search was begun; INT64_MIN before. */
	int64_t until;

	struct semantic_scholar_batch batch;

	int64_t missing;
	struct source_faults faults;
};

char *
semantic_scholar_base_url(const char *given)
{
	struct slice path = fetch_url_path(slice_of(given));
	struct buf url = BUF_INIT;

	buf_add(&url, given, (size_t)(path.data + path.len - given));
	if (text_find(path, "/graph/v1") == path.len)
		buf_add_text(&url, "/graph/v1");
	return buf_take(&url);
}

/* Nothing was asked yet. */
static void
forget(struct semantic_scholar *source)
{
	free(source->token);
	source->token = NULL;
	source->searching = true;
	source->received = 0;
	source->total = source->setup.expected > 0 ? source->setup.expected : -1;
	source->missing = 0;
	source->until = INT64_MIN;
}

struct semantic_scholar *
semantic_scholar_new(const struct source_setup *setup)
{
	struct semantic_scholar *source = mem_new(1, sizeof(*source));

	source->setup = *setup;
	source->base_url = semantic_scholar_base_url(setup->base_url);
	semantic_scholar_batch_init(&source->batch, setup->known);
	forget(source);
	return source;
}

void
semantic_scholar_free(struct semantic_scholar *source)
{
	if (source == NULL)
		return;
	free(source->base_url);
	free(source->token);
	semantic_scholar_batch_free(&source->batch);
	free(source);
}

static void
set_token(struct semantic_scholar *source, struct slice token)
{
	free(source->token);
	source->token = token.len == 0 ? NULL : mem_dup(token.data, token.len);
	source->searching = source->token != NULL;
}

/* 0, or -1 if no run has written that: the source is of no use then. */
static int
restore(struct semantic_scholar *source, const struct commit *commit)
{
	const struct commit *absent = commit_member(commit, "absent");
	struct slice token = commit_text(commit_member(commit, "token"));

	set_token(source, token);
	source->received = commit_number(commit_member(commit, "received"), -1);
	source->total = commit_number(commit_member(commit, "total"), -1);
	source->missing = commit_number(commit_member(commit, "missing"), 0);
	source->until = commit_number(commit_member(commit, "until"), INT64_MIN);
	if (token.len > TOKEN_BYTES || source->received < 0 || source->until == INT64_MIN)
		return -1;
	for (size_t i = 0; i < commit_count(absent); i++)
		known_absent(source->setup.known, SOURCE_SEMANTIC_SCHOLAR,
		    commit_text(commit_element(absent, i)));
	return 0;
}

void
semantic_scholar_restore(struct semantic_scholar *source, struct slice text)
{
	/* What comes before an empty one belongs to no search that is known of, least of all to the
	 * next. */
	struct commit *commit = slice_is(text, "{}") ? NULL : commit_parse(text);
	bool anew = commit_is_true(commit_member(commit, "anew"));

	if (!slice_is(text, "{}") && (commit == NULL || restore(source, commit) == -1)) {
		log_notice(source->setup.log, "Semantic Scholar: its journal goes on from a point "
					      "that makes no sense: all is asked again");
		forget(source);
		anew = false;
	}
	known_end_page(source->setup.known, anew);
	commit_free(commit);
}

/* ${anew}: with this page a search begins. */
static enum source_take
commit_page(struct semantic_scholar *source, const struct answer *answer, const size_t *chosen,
    size_t count, const struct buf *absent, bool anew)
{
	const struct source_sink *sink = &source->setup.sink;
	struct buf commit = BUF_INIT;
	int result;

	buf_add_text(&commit, "{\"token\":");
	jsonl_write_string(slice_of(source->token), &commit);
	buf_printf(&commit,
	    ",\"received\":%" PRId64 ",\"total\":%" PRId64 ",\"missing\":%" PRId64
	    ",\"until\":%" PRId64 ",\"anew\":%s,\"absent\":[",
	    source->received, source->total, source->missing, source->until,
	    anew ? "true" : "false");
	buf_add_slice(&commit, buf_slice(absent));
	buf_add_text(&commit, "]}");
	result = sink->page(sink->cookie, SOURCE_SEMANTIC_SCHOLAR, answer->records, chosen, count,
	    buf_slice(&commit));
	buf_free(&commit);
	answer_add_faults(answer, &source->faults);
	known_end_page(source->setup.known, anew);
	return result == 0 ? TAKE_ACCEPTED : TAKE_CANNOT_WRITE;
}

static void
next_search(const struct semantic_scholar *source, struct request *request)
{
	struct buf query = BUF_INIT;

	semantic_scholar_query_write(source->setup.topic, &query);
	buf_printf(&request->url, "%s/paper/search/bulk?query=", source->base_url);
	fetch_escape(buf_slice(&query), &request->url);
	buf_add_text(&request->url, "&fields=" FIELDS "&sort=paperId:asc");
	semantic_scholar_query_dates(source->setup.topic, &request->url);
	if (source->token != NULL) {
		buf_add_text(&request->url, "&token=");
		fetch_escape(slice_of(source->token), &request->url);
	}
	buf_printf(&request->what, "search, from %" PRId64, source->received);
	if (source->received > 0)
		buf_printf(&request->what, " of %" PRId64, source->total);
	buf_free(&query);
}

/* The search is over, well or not: who waits for it need not wait longer. */
static void
semantic_scholar_abandon(void *self)
{
	known_set_searched(
	    ((const struct semantic_scholar *)self)->setup.known, SOURCE_SEMANTIC_SCHOLAR);
}

static enum source_next
semantic_scholar_next(void *self, struct request *request)
{
	struct semantic_scholar *source = self;

	source->disbelieved = false;
	if (source->searching) {
		next_search(source, request);
		return NEXT_REQUEST;
	}
	semantic_scholar_abandon(source);
	if (!known_searched(source->setup.known, SOURCE_ARXIV))
		return NEXT_LATER;
	if (semantic_scholar_batch_choose(&source->batch) == 0)
		return NEXT_DONE;
	buf_printf(&request->url, "%s/paper/batch?fields=" FIELDS, source->base_url);
	buf_add_text(&request->body, "{\"ids\":[");
	buf_add_slice(&request->body, buf_slice(&source->batch.ids));
	buf_add_text(&request->body, "]}");
	buf_printf(&request->what, "batch of %zu ids", source->batch.count);
	return NEXT_REQUEST;
}

static bool
has_identity(const struct source_record *record)
{
	return record->paper_id.data != NULL || record->corpus_id != SOURCE_NUMBER_NONE ||
	       record->arxiv_id.data != NULL || record->doi.data != NULL;
}

/* A paper that was asked by several ids comes as often, mostly one behind the other; what comes
 * once more supersedes itself. */
static bool
is_same_paper(const struct source_record *a, const struct source_record *b)
{
	return a->paper_id.data != NULL && slice_equal(a->paper_id, b->paper_id);
}

/* Choose the records that can be known by something, and note what they are. */
static size_t
choose_records(struct semantic_scholar *source, const struct answer *answer, size_t *chosen)
{
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (!has_identity(record)) {
			log_error(source->setup.log,
			    "semantic_scholar: item %zu: no id of any kind",
			    answer->positions[i] + 1);
			source->faults.refused++;
			continue;
		}
		if (count > 0 && is_same_paper(record, &answer->records[chosen[count - 1]]))
			continue;
		known_add_semantic_scholar(
		    source->setup.known, record->arxiv_id, record->doi, record->dblp);
		chosen[count++] = i;
	}
	return count;
}

/* Whether a search would go on for ever with this page, or with what no later run could ask for. */
static bool
is_endless(const struct semantic_scholar *source, const struct answer *answer, struct buf *reason)
{
	int64_t received = source->received + (int64_t)answer->items;

	if (answer->token.len > TOKEN_BYTES)
		buf_printf(reason, "a token of %zu bytes", answer->token.len);
	else if (answer->token.len > 0 && slice_equal(answer->token, slice_of(source->token)))
		buf_add_text(reason, "the token that was asked for comes again");
	else if (answer->token.len > 0 && received > answer->total * 2 + PAGE_ITEMS)
		buf_printf(reason, "the search goes on at %" PRId64 " of %" PRId64, received,
		    answer->total);
	return reason->len > 0;
}

/* Whether an answer is one that real servers give by mistake, and was not given often enough to be
 * believed. */
static bool
is_doubtful(struct semantic_scholar *source, const struct answer *answer, struct buf *reason)
{
	int64_t received = source->received + (int64_t)answer->items;
	int64_t known = answer->total > source->total ? answer->total : source->total;
	bool none = answer->total == 0, lost;
	int64_t due;

	known = known > source->doubted_total ? known : source->doubted_total;
	/* Of what an earlier search counted a few may have gone. */
	due = source->received > 0 || known - received > LOST_MAX ? known : answer->total;
	if (is_endless(source, answer, reason))
		return true;
	if (known <= 0 && source->received == 0)
		buf_add_text(reason, "no papers, which is not believed at once");
	else if (answer->items == 0 && source->received < known)
		buf_printf(reason, "an empty page at %" PRId64 " of %" PRId64, received, known);
	else if (answer->token.len == 0 && received < due)
		buf_printf(reason, "the search ended at %" PRId64 " of %" PRId64, received, due);
	else if (answer->token.len > 0 && answer->items < PAGE_ITEMS)
		buf_printf(
		    reason, "a short page of %zu at %" PRId64, answer->items, source->received);
	else
		return false;
	/* An empty page is never the end of many, nor none where some were counted, be it in an
	 * answer that was not believed; the rest may be true, if the same is said again. */
	lost = answer->items == 0 &&
	       (none || source->received == 0 ? known > 0 : known - source->received > LOST_MAX);
	if (answer->items != source->doubted_items || none != source->doubted_zero)
		source->doubts = 0;
	source->doubted_items = answer->items;
	source->doubted_zero = none;
	source->doubted_total = known;
	return ++source->doubts < DOUBTFUL_ASKS || lost;
}

static enum source_take
take_search(struct semantic_scholar *source, const struct answer *answer, struct buf *reason)
{
	struct buf none = BUF_INIT;
	bool anew = source->received == 0;
	size_t *chosen, count;
	enum source_take taken;

	if (answer->total < 0) {
		buf_add_text(reason, "a search page without total");
		return TAKE_AGAIN;
	}
	if (answer->unknown > 0) {
		buf_printf(reason, "%zu of %zu papers are null", answer->unknown, answer->items);
		return TAKE_AGAIN;
	}
	if (is_doubtful(source, answer, reason))
		return TAKE_AGAIN;
	buf_clear(reason);
	source->doubts = 0;
	source->doubted_total = 0;
	chosen = mem_new(answer->count, sizeof(*chosen));
	count = choose_records(source, answer, chosen);
	source->received += (int64_t)answer->items;
	source->total = answer->total > source->received ? answer->total : source->received;
	set_token(source, answer->token);
	if (!source->searching && source->received < source->total)
		source->missing = source->total - source->received;
	taken = commit_page(source, answer, chosen, count, &none, anew);
	free(chosen);
	return taken;
}

static enum source_take
commit_batch(struct semantic_scholar *source, const struct answer *answer)
{
	size_t *chosen = mem_new(answer->count, sizeof(*chosen));
	size_t count = choose_records(source, answer, chosen);
	struct buf absent = BUF_INIT;
	enum source_take taken;

	semantic_scholar_batch_note_absent(&source->batch, &absent);
	taken = commit_page(source, answer, chosen, count, &absent, false);
	buf_free(&absent);
	free(chosen);
	return taken;
}

/* Whether a batch is one that is not believed the first time. */
static bool
is_doubtful_batch(struct semantic_scholar *source, const struct answer *answer, struct buf *reason)
{
	size_t misplaced = semantic_scholar_batch_misplaced(&source->batch, answer);

	if (answer->unknown == answer->items && !semantic_scholar_batch_was_absent(&source->batch))
		buf_printf(reason, "%zu nulls, which is not believed at once", answer->unknown);
	else if (misplaced > 0)
		buf_printf(reason,
		    "%zu other papers than were asked, which is not believed at once", misplaced);
	else
		return false;
	return ++source->doubts < DOUBTFUL_ASKS;
}

static enum source_take
take_batch(struct semantic_scholar *source, struct answer *answer, struct buf *reason)
{
	if (answer->items != source->batch.count) {
		buf_printf(reason, "%zu answers to %zu ids", answer->items, source->batch.count);
		return TAKE_AGAIN;
	}
	source->disbelieved = is_doubtful_batch(source, answer, reason);
	if (source->disbelieved)
		return TAKE_AGAIN;
	buf_clear(reason);
	source->doubts = 0;
	semantic_scholar_batch_complete(&source->batch, answer);
	return commit_batch(source, answer);
}

static void
semantic_scholar_shrink(void *self, unsigned times)
{
	struct semantic_scholar *source = self;

	(void)times;
	/* A whole answer that is only not believed was not too much. */
	if (!source->searching && !source->disbelieved)
		(void)semantic_scholar_batch_shrink(&source->batch);
}

static bool
says(const struct answer *answer, const char *words)
{
	return answer->verdict == ANSWER_ERROR &&
	       text_find(answer->message, words) < answer->message.len;
}

/* An error that names one id of a batch, which goes on without it. */
static enum source_take
leave_out_named_id(struct semantic_scholar *source, const struct answer *answer)
{
	struct buf absent = BUF_INIT;
	enum source_take taken = TAKE_FAILED;

	if (semantic_scholar_batch_leave_out(&source->batch, answer->message, &absent)) {
		log_notice(source->setup.log, "Semantic Scholar: " LOG_VALUE_FMT "; left out",
		    LOG_VALUE(answer->message));
		taken = commit_page(source, answer, NULL, 0, &absent, false);
	}
	buf_free(&absent);
	return taken;
}

/* What a refusal means, where it is none for good. */
static enum source_take
take_refusal(struct semantic_scholar *source, int status, const struct answer *answer)
{
	if (source->searching && source->token != NULL && source->restarts < RESTARTS) {
		log_notice(
		    source->setup.log, "Semantic Scholar: the search cannot go on, beginning anew");
		source->restarts++;
		source->received = 0;
		set_token(source, SLICE_NONE);
		source->searching = true;
		return TAKE_AGAIN;
	}
	if (!source->searching && (status == 413 || status == 414 || says(answer, "maximum size")))
		return semantic_scholar_batch_shrink(&source->batch) ? TAKE_TOO_MUCH : TAKE_FAILED;
	/* A batch in which nothing is known comes back without nulls, refused as a whole. */
	if (!source->searching && says(answer, "no valid paper ids"))
		return commit_batch(source, answer);
	if (!source->searching && answer->verdict == ANSWER_ERROR)
		return leave_out_named_id(source, answer);
	return TAKE_FAILED;
}

static enum source_take
take_error(struct semantic_scholar *source, const struct response *response,
    const struct answer *answer, struct buf *reason)
{
	enum source_take taken =
	    response->status == 200 ? TAKE_AGAIN : fetch_status(response->status, reason);

	/* What a page of a proxy looks like tells nothing beside its status. */
	if (response->status == 200 || answer->verdict == ANSWER_ERROR) {
		buf_add_text(reason, reason->len > 0 ? ": " : "");
		buf_add_slice(reason, answer->message);
	}
	if (response->status == 400 || response->status == 413 || response->status == 414)
		return take_refusal(source, response->status, answer);
	return taken;
}

static enum source_take
semantic_scholar_take(void *self, const struct response *response, struct buf *reason)
{
	struct semantic_scholar *source = self;
	struct answer answer;
	enum source_take taken;

	answer_init(&answer);
	semantic_scholar_json_parse(
	    response->body, response->len, response->fetched, source->setup.log, &answer);
	if (response->status != 200 || answer.verdict != ANSWER_RECORDS)
		taken = take_error(source, response, &answer, reason);
	else if (source->searching)
		taken = take_search(source, &answer, reason);
	else
		taken = take_batch(source, &answer, reason);
	answer_free(&answer);
	return taken;
}

/* Begin a new search, unless the last one is still to be finished. */
static void
plan_round(struct semantic_scholar *source, bool renew)
{
	const struct source_setup *setup = &source->setup;
	bool under_way = source->searching && source->until != INT64_MIN;

	/* Batches that an earlier day has left can wait for the new search, which may spare them.
	 */
	if (under_way || (setup->until <= source->until && !renew && source->missing == 0))
		return;
	source->searching = true;
	source->received = 0;
	source->missing = 0;
	if (setup->until > source->until)
		source->until = setup->until;
}

struct source_machine
semantic_scholar_machine(struct semantic_scholar *source, bool renew)
{
	plan_round(source, renew);
	return (struct source_machine){
		.source = SOURCE_SEMANTIC_SCHOLAR,
		.next = semantic_scholar_next,
		.take = semantic_scholar_take,
		.shrink = semantic_scholar_shrink,
		.abandon = semantic_scholar_abandon,
		.self = source,
	};
}

bool
semantic_scholar_unfinished(const struct semantic_scholar *source)
{
	return source->searching || known_wants_any(source->setup.known, SOURCE_SEMANTIC_SCHOLAR);
}

int64_t
semantic_scholar_asked_until(const struct semantic_scholar *source)
{
	return source->until;
}

int64_t
semantic_scholar_matched(const struct semantic_scholar *source)
{
	return source->total;
}

int64_t
semantic_scholar_missing(const struct semantic_scholar *source)
{
	return source->missing;
}

struct source_faults
semantic_scholar_faults(const struct semantic_scholar *source)
{
	return source->faults;
}
