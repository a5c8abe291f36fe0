#include "score_fit.h"

#include "date.h"
#include "scratch.h"

#define ROUNDS 300
/* Further than any age that matters. */
#define REACH 700

static struct score_input
any_input(uint64_t *state)
{
	struct score_input input = {
		.citation_count =
		    (int64_t)random_below(state, random_below(state, 3) == 0 ? 12000 : 30),
		.influential_citation_count =
		    (int64_t)random_below(state, random_below(state, 2) == 0 ? 1 : 120),
		.has_code = random_below(state, 2) == 0,
		.has_venue = random_below(state, 2) == 0,
		.snapshot_day = date_day(2026, 6, 19),
	};

	input.published_day = input.snapshot_day - (int64_t)random_below(state, 640) + 20;
	if (random_below(state, 20) == 0)
		input.published_day = SCORE_DAY_UNKNOWN;
	return input;
}

/* A score that one other value gives, or any at all. */
static double
any_score(const struct score_input *input, uint64_t *state)
{
	struct score_input changed = *input, other = any_input(state);

	switch (random_below(state, 6)) {
	case 0:
		changed.citation_count = other.citation_count;
		break;
	case 1:
		changed.influential_citation_count = other.influential_citation_count;
		break;
	case 2:
		changed.published_day = other.published_day;
		break;
	case 3:
		changed.has_code = !changed.has_code;
		break;
	case 4:
		changed.has_venue = !changed.has_venue;
		break;
	default:
		return (double)random_below(state, 10001) / 10000;
	}
	return score_of(&changed).rounded;
}

/* Each day is tried. */
static void
test_days(void **cookie)
{
	uint64_t state = 7;

	(void)cookie;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct score_input input = any_input(&state);
		double stored =
		    round % 2 == 0 ? score_of(&input).rounded : any_score(&input, &state);
		int64_t from = input.published_day == SCORE_DAY_UNKNOWN ? input.snapshot_day
									: input.published_day;
		int64_t first, last;
		bool any = score_fit_days(&input, stored, &first, &last);

		for (int64_t day = from - REACH; day <= from + REACH; day++) {
			bool within = any && day >= first && day <= last;

			input.snapshot_day = day;
			assert_int_equal(score_fit_is(&input, stored), within);
			assert_int_equal(score_of(&input).rounded == stored, within);
		}
		/* What reaches further than was tried has no end. */
		if (any && first < from - REACH)
			assert_int_equal(first, INT64_MIN);
		if (any && last > from + REACH)
			assert_int_equal(last, INT64_MAX);
	}
}

/* What each single input would have to be, by trial. */
static void
tried_count(const struct score_input *input, const char *name, int64_t highest, double stored,
    bool influential, struct buf *out)
{
	int64_t first = -1, last = -1;

	for (int64_t value = 0; value <= highest; value++) {
		struct score_input changed = *input;

		if (influential)
			changed.influential_citation_count = value;
		else
			changed.citation_count = value;
		if (score_of(&changed).rounded != stored)
			continue;
		first = first == -1 ? value : first;
		last = value;
	}
	if (first == -1)
		return;
	buf_printf(out, "%s%s %d", out->len > 0 ? "; " : "", name, (int)first);
	if (last == highest)
		buf_add_text(out, " or more");
	else if (last > first)
		buf_printf(out, " to %d", (int)last);
	buf_add_text(out, " would fit");
}

static void
tried_date(const struct score_input *input, double stored, struct buf *out)
{
	char first_text[DATE_DAY_SIZE], last_text[DATE_DAY_SIZE];
	int64_t first = INT64_MAX, last = 0;

	for (int64_t day = input->snapshot_day - REACH; day <= input->snapshot_day; day++) {
		struct score_input changed = *input;

		changed.published_day = day;
		if (score_of(&changed).rounded != stored)
			continue;
		first = first == INT64_MAX ? day : first;
		last = day;
	}
	if (first == INT64_MAX)
		return;
	date_day_write(first, first_text);
	date_day_write(last, last_text);
	buf_printf(out, "%spublished_date ", out->len > 0 ? "; " : "");
	if (first == input->snapshot_day - REACH)
		buf_printf(out, "%s or earlier", last_text);
	else if (last == input->snapshot_day)
		buf_printf(out, "%s or later", first_text);
	else if (last > first)
		buf_printf(out, "%s to %s", first_text, last_text);
	else
		buf_add_text(out, first_text);
	buf_add_text(out, " would fit");
}

static void
tried_flags(const struct score_input *input, double stored, struct buf *out)
{
	struct score_input code = *input, venue = *input;

	code.has_code = !code.has_code;
	venue.has_venue = !venue.has_venue;
	if (score_of(&code).rounded == stored)
		buf_printf(out, "%shas_code %s would fit", out->len > 0 ? "; " : "",
		    code.has_code ? "true" : "false");
	if (score_of(&venue).rounded == stored)
		buf_printf(out, "%svenue%s would fit", out->len > 0 ? "; " : "",
		    venue.has_venue ? "" : " null");
	if (out->len == 0)
		buf_add_text(out, "no single input would fit");
}

static void
test_hints(void **cookie)
{
	struct buf hint = BUF_INIT, tried = BUF_INIT;
	uint64_t state = 11;

	(void)cookie;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct score_input input = any_input(&state);
		double stored = any_score(&input, &state);

		/* A score that fits as it is gives no hint. */
		if (score_fit_is(&input, stored))
			continue;
		buf_clear(&hint);
		buf_clear(&tried);
		score_fit_hint(&input, stored, &hint);
		tried_count(&input, "citation_count", 9999, stored, false, &tried);
		tried_count(&input, "influential_citation_count", 99, stored, true, &tried);
		tried_date(&input, stored, &tried);
		tried_flags(&input, stored, &tried);
		assert_bytes(buf_slice(&hint), buf_slice(&tried), "a hint");
	}
	/* It is appended. */
	buf_clear(&hint);
	buf_add_text(&hint, "x: ");
	score_fit_hint(&(struct score_input){ .published_day = SCORE_DAY_UNKNOWN }, 1, &hint);
	assert_bytes(buf_slice(&hint),
	    SLICE_LITERAL("x: citation_count 9995 or more would fit; "
			  "influential_citation_count 99 or more would fit"),
	    "the highest score");
	buf_clear(&hint);
	buf_add_text(&hint, "x: ");
	score_fit_hint(&(struct score_input){ .published_day = SCORE_DAY_UNKNOWN }, 0.0003, &hint);
	assert_bytes(buf_slice(&hint), SLICE_LITERAL("x: no single input would fit"), "none");
	buf_free(&hint);
	buf_free(&tried);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_hints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
