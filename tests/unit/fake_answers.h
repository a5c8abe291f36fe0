#ifndef FINESET_FAKE_ANSWERS_H
#define FINESET_FAKE_ANSWERS_H

/* What both APIs of a fake world answer, and how it gets to the engine. */

#include "fake_world.h"

static int64_t
fake_minute(const char *text)
{
	int year, month, day, hour, minute;

	/* NOLINTNEXTLINE(cert-err34-c): what is no date here fails the test. */
	assert_int_equal(sscanf(text, "%4d%2d%2d%2d%2d", &year, &month, &day, &hour, &minute), 5);
	return date_day(year, month, day) * 1440 + hour * 60 + minute;
}

static void
fake_add_entry(const struct fake_paper *paper, struct buf *out)
{
	char time[DATE_TIME_SIZE], updated[DATE_TIME_SIZE];

	date_time_write(paper->published, time);
	date_time_write(fake_updated(paper), updated);
	buf_printf(out,
	    "  <entry>\n    <id>http://arxiv.org/abs/%sv%u</id>\n    <title>Paper %s</title>\n"
	    "    <updated>%s</updated>\n    <summary>What it is about.</summary>\n"
	    "    <category term=\"cs.CL\" scheme=\"http://arxiv.org/schemas/atom\"/>\n"
	    "    <published>%s</published>\n    <arxiv:primary_category term=\"cs.CL\"/>\n"
	    "    <author>\n      <name>A. Uthor</name>\n    </author>\n",
	    paper->id, paper->revision + 1, paper->id, updated, time);
	if (paper->doi != NULL)
		buf_printf(out, "    <arxiv:doi>%s</arxiv:doi>\n", paper->doi);
	buf_add_text(out, "  </entry>\n");
}

static void
fake_add_feed_head(int64_t total, int64_t start, int64_t size, struct buf *out)
{
	buf_printf(out,
	    "<?xml version='1.0' encoding='UTF-8'?>\n"
	    "<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
	    "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
	    "xmlns=\"http://www.w3.org/2005/Atom\">\n"
	    "  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>\n"
	    "  <title>arXiv Query: search_query=x</title>\n"
	    "  <updated>2026-06-19T03:00:07Z</updated>\n"
	    "  <link href=\"https://arxiv.org/api/query?x\" type=\"application/atom+xml\"/>\n"
	    "  <opensearch:itemsPerPage>%" PRId64 "</opensearch:itemsPerPage>\n"
	    "  <opensearch:totalResults>%" PRId64 "</opensearch:totalResults>\n"
	    "  <opensearch:startIndex>%" PRId64 "</opensearch:startIndex>\n",
	    size, total, start);
}

/* 400 and the feed that names the bad id. */
static int
fake_bad_id(const char *id, struct buf *out)
{
	fake_add_feed_head(1, 0, 1, out);
	buf_printf(out,
	    "  <entry>\n    <id>https://arxiv.org/api/errors#incorrect_id_format_for_%s</id>\n"
	    "    <title>Error</title>\n    <updated>2026-06-19T00:00:00Z</updated>\n"
	    "    <summary>incorrect id format for %s</summary>\n"
	    "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n",
	    id, id);
	return 400;
}

static int
fake_id_list(struct fake_world *world, const char *list, int64_t size,
    const struct fake_fault *fault, struct buf *out)
{
	int64_t most = fake_is(fault, FAKE_EMPTY_PAGE) || fake_is(fault, FAKE_ZERO) ? 0
		       : fake_is(fault, FAKE_SHORT)                                 ? fault->number
										    : size;
	struct buf entries = BUF_INIT;
	size_t asked = list[0] != '\0';
	int64_t found = 0;
	char id[32];

	for (const char *comma = strchr(list, ','); comma != NULL; comma = strchr(comma + 1, ','))
		asked++;
	if (world->id_list_max > 0 && asked > world->id_list_max)
		return 414;

	for (const char *at = list; *at != '\0'; at += *at == ',') {
		size_t len = strcspn(at, ",");
		uint32_t key;

		snprintf(id, sizeof(id), "%.*s", (int)len, at);
		at += len;
		if (world->malformed_id != NULL && strcmp(id, world->malformed_id) == 0) {
			buf_free(&entries);
			return fake_bad_id(id, out);
		}
		key = key_table_find(world->ids, 0, slice_of(id));
		if (key != KEY_NONE && !world->papers[key].ghost && found < size) {
			if (found < most)
				fake_add_entry(&world->papers[key], &entries);
			found++;
		}
	}
	fake_add_feed_head(fake_is(fault, FAKE_ZERO) ? 0 : found, 0, size, out);
	buf_add_slice(out, buf_slice(&entries));
	buf_add_text(out, "</feed>\n");
	buf_free(&entries);
	return 200;
}

/* Whether the search of this moment brings it. */
static bool
fake_matches(const struct fake_world *world, size_t i, int64_t from, int64_t to)
{
	const struct fake_paper *paper = &world->papers[i];

	return world->requests[SOURCE_ARXIV] >= paper->arxiv_from &&
	       paper->arxiv_from != FAKE_NEVER &&
	       (paper->arxiv_to == 0 || world->requests[SOURCE_ARXIV] <= paper->arxiv_to) &&
	       (world->ignores_window || (paper->published >= from && paper->published <= to));
}

/* The newest update first; equal ones in the order of the world. */
static void
fake_sort_by_update(struct fake_world *world)
{
	world->by_update = mem_new(world->count, sizeof(*world->by_update));
	/* From the newest paper on, so that few have to move. */
	for (size_t n = 0; n < world->count; n++) {
		size_t i = world->count - 1 - n, at = n;

		for (; at > 0 && fake_updated(&world->papers[world->by_update[at - 1]]) <
				     fake_updated(&world->papers[i]);
		     at--)
			world->by_update[at] = world->by_update[at - 1];
		world->by_update[at] = i;
	}
}

/* The place in the world of the entry that stands ${n}th in the order of a search. */
static size_t
fake_ordered(const struct fake_world *world, bool by_update, size_t n)
{
	if (world->swapped > 0 && (n == world->swapped || n == world->swapped + 1))
		return 2 * world->swapped + 1 - n;
	/* 7919 is a prime, so this is some order of all. */
	if (world->ignores_order)
		return n * 7919 % world->count;
	return by_update ? world->by_update[n] : n;
}

static int
fake_arxiv_search(struct fake_world *world, const char *url, const char *query,
    const struct fake_fault *fault, struct buf *out)
{
	int64_t size = fake_number(url, "max_results"), asked = fake_number(url, "start");
	int64_t page = 1 + (asked * 2 + size) / (size * 2), start = (page - 1) * size;
	const char *dates = strstr(query, "submittedDate:[");
	bool by_update = strstr(url, "&sortBy=lastUpdatedDate&sortOrder=descending") != NULL;
	int64_t from, to, total = 0, given = 0, most = size;
	struct buf entries = BUF_INIT;

	assert_non_null(dates);
	if (by_update && world->by_update == NULL)
		fake_sort_by_update(world);
	from = fake_minute(dates + 15) * 60;
	to = fake_minute(dates + 15 + 12 + 4) * 60 + (world->strict_end ? 0 : 59);
	world->searches[SOURCE_ARXIV]++;
	world->crooked_starts += asked % size != 0;
	if (page > FAKE_RESULTS_MAX / size) {
		world->beyond_limit++;
		return 500;
	}
	if (world->page_fails_above > 0 && size > world->page_fails_above)
		return 500;
	if (world->page_cap > 0 && most > world->page_cap)
		most = world->page_cap;
	if (fake_is(fault, FAKE_SHORT))
		most = fault->number;
	if (fake_is(fault, FAKE_EMPTY_PAGE) || fake_is(fault, FAKE_ZERO))
		most = 0;
	for (size_t n = 0; n < world->count; n++) {
		size_t i = fake_ordered(world, by_update, n);

		if (!fake_matches(world, i, from, to))
			continue;
		if (total >= start && total < start + most && !world->papers[i].ghost &&
		    !(fake_is(fault, FAKE_LOSE_ONE) && total == start + 100)) {
			fake_add_entry(&world->papers[i], &entries);
			given++;
		}
		total++;
	}
	if (fake_is(fault, FAKE_ZERO) || fake_is(fault, FAKE_TOTAL))
		total = fault->number;
	fake_add_feed_head(total, asked, size, out);
	buf_add_slice(out, buf_slice(&entries));
	buf_add_text(out, "</feed>\n");
	buf_free(&entries);
	return 200;
}

static void
fake_add_s2_paper(const struct fake_world *world, size_t i, struct buf *out)
{
	const struct fake_paper *paper = &world->papers[i];
	const char *id = paper->s2_id != NULL ? paper->s2_id : paper->id;
	const char *doi = paper->s2_doi != NULL ? paper->s2_doi : paper->doi;
	char day[DATE_DAY_SIZE];

	date_day_write(date_day_of(paper->published), day);
	buf_printf(out, "{\"paperId\": \"%040zx\", \"externalIds\": {", i);
	if (id[0] != '\0')
		buf_printf(out, "\"ArXiv\": \"%s\", ", id);
	if (doi != NULL)
		buf_printf(out, "\"DOI\": \"%s\", ", doi);
	buf_printf(out,
	    "\"CorpusId\": %zu}, \"title\": \"Paper %s\", \"abstract\": null, \"venue\": \"\", "
	    "\"year\": %.4s, \"citationCount\": %zu, \"influentialCitationCount\": 0, "
	    "\"openAccessPdf\": {\"url\": \"\", \"status\": null}, \"fieldsOfStudy\": null, "
	    "\"publicationDate\": \"%s\", \"authors\": [{\"authorId\": \"1\", \"name\": \"A. "
	    "Uthor\"}]}",
	    i + 1000000, paper->id, day, i % 50, day);
}

static int
fake_s2_search(
    struct fake_world *world, const char *url, const struct fake_fault *fault, struct buf *out)
{
	struct buf token = fake_parameter(url, "token");
	size_t start = token.len > 1 ? (size_t)strtoul(token.data + 1, NULL, 10) : 0;
	size_t total = 0, given = 0, most = fake_is(fault, FAKE_EARLY_END) ? 300 : 1000;
	bool refused = world->bad_token != NULL && strcmp(token.data, world->bad_token) == 0;
	struct buf data = BUF_INIT;

	buf_free(&token);
	world->searches[SOURCE_SEMANTIC_SCHOLAR]++;
	if (refused) {
		buf_add_text(out, "{\"error\":\"Token is no longer valid\"}\n");
		return 400;
	}
	for (size_t i = 0; i < world->count; i++) {
		if (!world->papers[i].on_s2 || !world->papers[i].s2_finds)
			continue;
		if (total >= start && total < start + most) {
			buf_add_text(&data, given++ == 0 ? "" : ", ");
			fake_add_s2_paper(world, i, &data);
		}
		total++;
	}
	/* An early end may count less. */
	buf_printf(out, "{\"total\": %zu, \"token\": ",
	    fake_is(fault, FAKE_EARLY_END) && fault->number > 0 ? (size_t)fault->number : total);
	if (start + given < total && !fake_is(fault, FAKE_EARLY_END))
		buf_printf(out, "\"T%zu\"", start + given);
	else
		buf_add_text(out, "null");
	buf_add_text(out, ", \"data\": [");
	buf_add_slice(out, buf_slice(&data));
	buf_add_text(out, "]}");
	buf_free(&data);
	return 200;
}

/* Which paper an id of a batch names; KEY_NONE if it is not there. */
static size_t
fake_find(const struct fake_world *world, const char *name)
{
	size_t i = KEY_NONE;

	if (strncmp(name, "ARXIV:", 6) == 0)
		i = key_table_find(world->ids, 0, slice_of(name + 6));
	if (i != KEY_NONE && world->papers[i].s2_doi != NULL)
		i = KEY_NONE;
	for (size_t j = 0; j < world->count && strncmp(name, "DOI:", 4) == 0; j++) {
		const char *doi = world->papers[j].s2_doi != NULL ? world->papers[j].s2_doi
								  : world->papers[j].doi;

		if (doi != NULL && strcmp(doi, name + 4) == 0)
			i = j;
	}
	return i != KEY_NONE && world->papers[i].on_s2 ? i : KEY_NONE;
}

static int
fake_batch(struct fake_world *world, const struct buf *body, const struct fake_fault *fault,
    struct buf *out)
{
	json_t *root = json_loadb(body->data, body->len, 0, NULL);
	const json_t *ids = json_object_get(root, "ids");
	size_t count = json_array_size(ids), found = 0;
	bool refused = false;
	int status = 200;

	assert_in_range(count, 1, 500);
	buf_add_char(out, '[');
	for (size_t i = 0; i < count; i++) {
		const char *id =
		    json_string_value(json_array_get(ids, fake_is(fault, FAKE_SAME_PAPER) ? 0 : i));
		size_t paper = fake_find(world, id);

		refused |= world->refused_id != NULL && strcmp(id, world->refused_id) == 0;
		if (fake_is(fault, FAKE_WRONG_LENGTH) && i == 0)
			continue;
		buf_add_text(out, out->len == 1 ? "" : ", ");
		if (paper == KEY_NONE) {
			buf_add_text(out, "null");
			continue;
		}
		fake_add_s2_paper(world, paper, out);
		found++;
	}
	buf_add_char(out, ']');
	if (world->batch_fails_above > 0 && count > world->batch_fails_above) {
		buf_clear(out);
		buf_add_text(out, world->batch_body);
		status = world->batch_status;
	} else if (refused) {
		buf_clear(out);
		buf_printf(out, "{\"error\":\"Invalid paper id: %s\"}\n", world->refused_id);
		status = 400;
	} else if (world->refuses_unknown && found == 0) {
		buf_clear(out);
		buf_add_text(out, "{\"error\":\"No valid paper ids given\"}\n");
		status = 400;
	}
	json_decref(root);
	return status;
}

static int
fake_serve(struct fake_world *world, enum source source, const struct request *request,
    const struct fake_fault *fault, struct buf *out)
{
	const char *url = request->url.data;
	struct buf query = fake_parameter(url, "search_query"),
		   ids = fake_parameter(url, "id_list");
	int status = 404;

	if (fake_is(fault, FAKE_STATUS) || fake_is(fault, FAKE_BODY)) {
		buf_add_text(out, fault->body == NULL ? "" : fault->body);
		status = fake_is(fault, FAKE_BODY) ? 200 : fault->number;
	} else if (source == SOURCE_SEMANTIC_SCHOLAR && strstr(url, "/paper/batch?") != NULL) {
		status = fake_batch(world, &request->body, fault, out);
	} else if (source == SOURCE_SEMANTIC_SCHOLAR &&
		   strstr(url, "/paper/search/bulk?") != NULL) {
		status = fake_s2_search(world, url, fault, out);
	} else if (query.len > 0) {
		status = fake_arxiv_search(world, url, query.data, fault, out);
	} else if (ids.len > 0) {
		status = fake_id_list(world, ids.data, fake_number(url, "max_results"), fault, out);
	}
	buf_free(&query);
	buf_free(&ids);
	return status;
}

static int
fake_start(void *cookie, size_t endpoint, const struct request *request)
{
	struct fake_world *world = cookie;
	enum source source = strstr(request->url.data, "/graph/v1/") != NULL
				 ? SOURCE_SEMANTIC_SCHOLAR
				 : SOURCE_ARXIV;
	int64_t gap = source == SOURCE_ARXIV ? FAKE_ARXIV_GAP : FAKE_S2_GAP;
	struct fake_answer *answer = &world->answers[source];
	const struct fake_fault *fault;

	assert_false(answer->pending);
	buf_clear(&world->last_url);
	buf_add_slice(&world->last_url, buf_slice(&request->url));
	world->requests[source]++;
	fault = fake_fault_now(world, source);
	buf_clear(&answer->body);
	buf_add(&answer->body, "", 0);
	if (world->ticks - world->last[source] < gap) {
		world->too_soon[source]++;
		answer->status = 429;
	} else {
		answer->status = fake_serve(world, source, request, fault, &answer->body);
	}
	world->last[source] = world->ticks;
	if (fake_is(fault, FAKE_CUT))
		answer->body.len /= 2;
	answer->pending = true;
	answer->endpoint = endpoint;
	answer->reset = fake_is(fault, FAKE_RESET);
	answer->retry_after = fault == NULL || fault->retry_after == 0 ? -1
			      : fault->retry_after < 0                 ? 0
								       : fault->retry_after;
	/* A full page of arXiv takes some seconds, one of S2 about one. */
	answer->first_byte = world->ticks + 200 + (int64_t)answer->body.len / 1000;
	answer->due = answer->first_byte + (int64_t)answer->body.len / 4000;
	return 0;
}

static int
fake_poll(void *cookie, int64_t timeout, struct transfer *transfer)
{
	struct fake_world *world = cookie;
	struct fake_answer *next = NULL;

	assert_in_range(timeout, 0, 1000);
	for (int i = 0; i < SOURCE_COUNT; i++)
		if (world->answers[i].pending &&
		    (next == NULL || world->answers[i].due < next->due))
			next = &world->answers[i];
	if (next == NULL || next->due > world->ticks + timeout) {
		world->ticks += timeout;
		if (world->ticks > FAKE_LIFETIME)
			fail_msg("it hangs");
		return 0;
	}
	if (next->due > world->ticks)
		world->ticks = next->due;
	next->pending = false;
	*transfer = (struct transfer){
		.endpoint = next->endpoint,
		.response = { .status = next->reset ? 0 : next->status,
		    .body = next->body.data,
		    .len = next->body.len,
		    .fetched = fake_utc(world) },
		.failure = "Recv failure: Connection reset by peer",
		.first_byte_ticks = next->first_byte,
		.retry_after = next->retry_after,
		.bytes = next->body.len,
	};
	return 1;
}

static inline void
fake_drop(void *cookie, size_t endpoint)
{
	struct fake_world *world = cookie;

	assert_in_range(endpoint, 0, SOURCE_COUNT - 1);
	world->dropped++;
}

#endif
