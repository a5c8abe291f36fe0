#include "arxiv_round.h"

#include "arxiv.h"
#include "date.h"

#include <inttypes.h>
#include <limits.h>

/* How often an answer without papers is asked for before it is believed, and if arXiv never brought
 * any: then a whole dataset depends on it (facts: arxiv-api, 4, empty answers). */
#define ZERO_ASKS 2
#define FIRST_ZERO_ASKS 3
/* How often everything is read for what is missing before it is missing for good. */
#define SHORT_READINGS 2
/* Before the first paper: arXiv holds some that were written from 1986 on. */
#define FIRST_YEAR 1980
#define DAY_MINUTES (DATE_DAY_SECONDS / 60)

void
arxiv_round_init(struct arxiv_round *round, const struct source_setup *setup)
{
	int64_t from = setup->topic->from;

	*round = (struct arxiv_round){
		.setup = setup,
		.first = (from != TOPIC_DAY_NONE ? from : date_day(FIRST_YEAR, 1, 1)) * DAY_MINUTES,
		.asked = INT64_MIN,
		.begun = INT64_MIN,
		.beyond = key_table_new(),
	};
	arxiv_search_init(&round->search);
	arxiv_walk_init(&round->walk);
}

void
arxiv_round_free(struct arxiv_round *round)
{
	arxiv_search_free(&round->search);
	arxiv_walk_free(&round->walk);
	key_table_free(round->beyond);
}

static void
forget_beyond(struct arxiv_round *round)
{
	key_table_free(round->beyond);
	round->beyond = key_table_new();
}

static bool
is_reading(const struct arxiv_round *round)
{
	return arxiv_search_window(&round->search) != NULL;
}

bool
arxiv_round_is_on(const struct arxiv_round *round)
{
	return is_reading(round) || round->walk.active;
}

static void
read_all(struct arxiv_round *round)
{
	arxiv_walk_end(&round->walk);
	forget_beyond(round);
	arxiv_search_begin(&round->search, round->first, round->search.until);
}

/* Whether arXiv says that nothing matches, where Semantic Scholar names papers of it. */
static bool
is_unproven(const struct arxiv_round *round)
{
	const struct known *known = round->setup->known;

	return round->search.matched <= 0 && known_from(known, SOURCE_ARXIV) == 0 &&
	       known_wants_any(known, SOURCE_ARXIV);
}

void
arxiv_round_plan(struct arxiv_round *round, bool begin, bool renew)
{
	struct arxiv_search *search = &round->search;
	int64_t until = (round->setup->until + 1) * DAY_MINUTES;
	bool new_days = until > search->until;
	bool all =
	    round->asked == INT64_MIN || is_unproven(round) || arxiv_round_missing(round) > 0;

	/* A walk that an earlier day has left is begun anew, for what is new stands at its top. */
	if (is_reading(round) || (!new_days && (round->walk.active || !begin || !(all || renew))))
		return;
	round->begun = round->setup->today;
	if (new_days)
		search->until = until;
	if (all)
		read_all(round);
	else
		arxiv_walk_begin(&round->walk, arxiv_round_since(round), search->matched);
}

/* Which records are news: of a wanted day, and not brought before in the same version.  What lies
 * behind the wanted days is noted. */
static size_t
choose_news(struct arxiv_round *round, const struct answer *answer, size_t *chosen)
{
	/* The last window ends with the first minute behind the days that are wanted. */
	int64_t end = round->search.until * 60;
	size_t count = 0;

	for (size_t i = 0; i < answer->count; i++) {
		const struct source_record *record = &answer->records[i];

		if (record->published >= end)
			key_table_intern(round->beyond, 0, record->arxiv_id);
		else if (known_add_arxiv(round->setup->known, record->arxiv_id, record->doi,
			     record->version, record->updated))
			chosen[count++] = i;
	}
	return count;
}

/* Everything was read.  What lies behind the wanted days was counted, but matches nothing that is
 * asked for later. */
static void
end_reading(struct arxiv_round *round)
{
	int64_t beyond = (int64_t)key_table_count(round->beyond);

	forget_beyond(round);
	round->search.matched = round->search.matched > beyond ? round->search.matched - beyond : 0;
	round->short_readings = round->search.missing > 0 ? round->short_readings + 1 : 0;
}

/* How often no paper at all is asked for before it is believed. */
static unsigned
zero_asks(const struct arxiv_round *round)
{
	if (round->search.matched < 0 && round->setup->expected > 0)
		return UINT_MAX;
	return known_from(round->setup->known, SOURCE_ARXIV) == 0 ? FIRST_ZERO_ASKS : ZERO_ASKS;
}

static bool
take_search(struct arxiv_round *round, const struct answer *answer, size_t *chosen, size_t *count,
    struct buf *reason)
{
	if (!arxiv_search_take(&round->search, answer, zero_asks(round), round->setup->log, reason))
		return false;
	*count = choose_news(round, answer, chosen);
	if (!is_reading(round))
		end_reading(round);
	return true;
}

/* All that has changed came; if the server counts more than was there and came, some did not. */
static void
end_walk(struct arxiv_round *round, int64_t total)
{
	struct arxiv_search *search = &round->search;
	int64_t surplus = total - search->matched - round->walk.fresh;

	arxiv_walk_end(&round->walk);
	if (surplus > 0) {
		log_notice(round->setup->log,
		    "arXiv: %" PRId64 " papers have come in unseen, asking for all again", surplus);
		read_all(round);
		return;
	}
	search->matched = total;
	search->complete = search->until;
}

static bool
take_walk(struct arxiv_round *round, const struct answer *answer, size_t *chosen, size_t *count,
    struct buf *reason)
{
	const struct known *known = round->setup->known;
	size_t found = known_found(known);
	enum arxiv_walk_step step =
	    arxiv_walk_take(&round->walk, answer, round->search.matched, reason);

	if (step == ARXIV_WALK_DOUBT)
		return false;
	*count = choose_news(round, answer, chosen);
	round->walk.fresh += (int64_t)(known_found(known) - found);
	if (step == ARXIV_WALK_DONE)
		end_walk(round, answer->total);
	if (step == ARXIV_WALK_LOST) {
		log_notice(round->setup->log, "arXiv: %s, asking for all again", reason->data);
		read_all(round);
	}
	return true;
}

bool
arxiv_round_take(struct arxiv_round *round, const struct answer *answer, size_t *chosen,
    size_t *count, struct buf *reason)
{
	bool believed = is_reading(round) ? take_search(round, answer, chosen, count, reason)
					  : take_walk(round, answer, chosen, count, reason);

	if (!arxiv_round_is_on(round)) {
		round->asked = round->begun;
		round->begun = INT64_MIN;
	}
	return believed;
}

void
arxiv_round_shrink(struct arxiv_round *round)
{
	if (is_reading(round))
		arxiv_search_shrink(&round->search);
	else
		arxiv_walk_shrink(&round->walk);
}

void
arxiv_round_write(const struct arxiv_round *round, struct buf *out)
{
	arxiv_search_write(&round->search, out);
	arxiv_walk_write(&round->walk, out);
	buf_printf(out, ",\"asked\":%" PRId64 ",\"begun\":%" PRId64 ",\"short_readings\":%" PRId64,
	    round->asked, round->begun, round->short_readings);
}

int
arxiv_round_restore(struct arxiv_round *round, const struct commit *commit)
{
	if (arxiv_search_restore(&round->search, commit) == -1 ||
	    arxiv_walk_restore(&round->walk, commit) == -1)
		return -1;
	round->asked = commit_number(commit_member(commit, "asked"), INT64_MIN);
	round->begun = commit_number(commit_member(commit, "begun"), INT64_MIN);
	round->short_readings = commit_number(commit_member(commit, "short_readings"), 0);
	return 0;
}

int64_t
arxiv_round_missing(const struct arxiv_round *round)
{
	return round->short_readings < SHORT_READINGS ? round->search.missing : 0;
}

int64_t
arxiv_round_asked_until(const struct arxiv_round *round)
{
	int64_t until = round->search.until;

	return until == INT64_MIN ? INT64_MIN : until / DAY_MINUTES - 1;
}

int64_t
arxiv_round_until(const struct arxiv_round *round)
{
	int64_t complete = round->search.complete;

	if (complete == INT64_MIN || is_unproven(round))
		return INT64_MIN;
	return complete / DAY_MINUTES - 1;
}

int64_t
arxiv_round_since(const struct arxiv_round *round)
{
	int64_t today = round->setup->today, day = round->asked < today ? round->asked : today;

	if (round->asked == INT64_MIN)
		return INT64_MIN;
	return (day - ARXIV_OVERLAP_DAYS) * DATE_DAY_SECONDS;
}
