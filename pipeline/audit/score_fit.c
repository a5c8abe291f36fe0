#include "score_fit.h"

#include "date.h"

#include <inttypes.h>

/* An input and the values between which the score can move: outside it stays what it is at the end.
 */
struct dial {
	const char *name;
	int64_t lowest;
	int64_t highest;
	void (*set)(struct score_input *input, int64_t value);
};

static void
set_citations(struct score_input *input, int64_t value)
{
	input->citation_count = value;
}

static void
set_influential(struct score_input *input, int64_t value)
{
	input->influential_citation_count = value;
}

/* Days count backwards from the snapshot, so that more of them means a higher score. */
static void
set_published(struct score_input *input, int64_t value)
{
	input->published_day = input->snapshot_day + value;
}

static void
set_snapshot(struct score_input *input, int64_t value)
{
	input->snapshot_day = input->published_day - value;
}

/* log10(10^4) / 4 and log10(10^2) / 2 are 1; recency is 1 until day 60 and 0 from day 540 on. */
static const struct dial citations = { "citation_count", 0, 9999, set_citations };
static const struct dial influential = { "influential_citation_count", 0, 99, set_influential };
static const struct dial published = { "published_date", -540, -60, set_published };
static const struct dial snapshot = { "snapshot_date", -540, -60, set_snapshot };

/* How a score compares with the stored one, which is all that the search needs. */
static int
score_cmp(const struct score_input *input, const struct dial *dial, int64_t value, double stored)
{
	struct score_input changed = *input;
	double rounded;

	dial->set(&changed, value);
	rounded = score_of(&changed).rounded;
	return (rounded > stored) - (rounded < stored);
}

/* The first value of a dial whose score compares with the stored one as ${order} or more. */
static int64_t
first_value(const struct score_input *input, const struct dial *dial, double stored, int order)
{
	int64_t low = dial->lowest, high = dial->highest + 1;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (score_cmp(input, dial, middle, stored) >= order)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool
span_find(const struct score_input *input, const struct dial *dial, double stored, int64_t *first,
    int64_t *last)
{
	*first = first_value(input, dial, stored, 0);
	*last = first_value(input, dial, stored, 1) - 1;
	return *first <= *last;
}

bool
score_fit_is(const struct score_input *input, double stored)
{
	return score_of(input).rounded == stored;
}

bool
score_fit_days(const struct score_input *input, double stored, int64_t *first, int64_t *last)
{
	int64_t youngest, oldest;

	if (input->published_day == SCORE_DAY_UNKNOWN) {
		*first = INT64_MIN;
		*last = INT64_MAX;
		return score_fit_is(input, stored);
	}
	if (!span_find(input, &snapshot, stored, &oldest, &youngest))
		return false;
	*first = youngest == snapshot.highest ? INT64_MIN : input->published_day - youngest;
	*last = oldest == snapshot.lowest ? INT64_MAX : input->published_day - oldest;
	return true;
}

static void
add_hint(struct buf *out, size_t start)
{
	buf_add_text(out, out->len > start ? "; " : "");
}

static void
count_hint(const struct score_input *input, const struct dial *dial, double stored, size_t start,
    struct buf *out)
{
	int64_t first, last;

	if (!span_find(input, dial, stored, &first, &last))
		return;
	add_hint(out, start);
	buf_printf(out, "%s %" PRId64, dial->name, first);
	if (last == dial->highest)
		buf_add_text(out, " or more");
	else if (last > first)
		buf_printf(out, " to %" PRId64, last);
	buf_add_text(out, " would fit");
}

static void
date_hint(const struct score_input *input, double stored, size_t start, struct buf *out)
{
	char first_text[DATE_DAY_SIZE], last_text[DATE_DAY_SIZE];
	int64_t first, last;

	if (!span_find(input, &published, stored, &first, &last))
		return;
	date_day_write(input->snapshot_day + first, first_text);
	date_day_write(input->snapshot_day + last, last_text);
	add_hint(out, start);
	buf_printf(out, "%s ", published.name);
	if (first == published.lowest)
		buf_printf(out, "%s or earlier", last_text);
	else if (last == published.highest)
		buf_printf(out, "%s or later", first_text);
	else if (last > first)
		buf_printf(out, "%s to %s", first_text, last_text);
	else
		buf_add_text(out, first_text);
	buf_add_text(out, " would fit");
}

void
score_fit_hint(const struct score_input *input, double stored, struct buf *out)
{
	struct score_input code = *input, venue = *input;
	size_t start = out->len;

	code.has_code = !code.has_code;
	venue.has_venue = !venue.has_venue;
	count_hint(input, &citations, stored, start, out);
	count_hint(input, &influential, stored, start, out);
	date_hint(input, stored, start, out);
	if (score_fit_is(&code, stored)) {
		add_hint(out, start);
		buf_printf(out, "has_code %s would fit", code.has_code ? "true" : "false");
	}
	if (score_fit_is(&venue, stored)) {
		add_hint(out, start);
		buf_printf(out, "venue%s would fit", venue.has_venue ? "" : " null");
	}
	if (out->len == start)
		buf_add_text(out, "no single input would fit");
}
