#include "levers.h"

/* So many citations, influential or not, make a full score. */
#define COUNT_ENOUGH 10000

static void
set_input(struct score_input *input, enum explanation_lever lever, int64_t at)
{
	switch (lever) {
	case LEVER_CODE:
		input->has_code = true;
		break;
	case LEVER_VENUE:
		input->has_venue = true;
		break;
	case LEVER_CITATIONS:
		input->citation_count = at;
		break;
	case LEVER_INFLUENTIAL:
		input->influential_citation_count = at;
		break;
	case LEVER_AGE:
	case LEVER_COUNT:
		input->snapshot_day = at;
		break;
	}
}

static double
score_with(const struct explanation *explanation, enum explanation_lever lever, int64_t at)
{
	struct score_input input = explanation->input;

	set_input(&input, lever, at);
	return score_of(&input).rounded;
}

static void
add_lever(struct explanation *explanation, enum explanation_lever lever, int64_t at)
{
	explanation->changes[explanation->change_count++] = (struct explanation_change){
		.lever = lever,
		.at = at,
		.score = score_with(explanation, lever, at),
	};
}

/* The first value above ${low} with another score, if ${high} has one: the score is monotone in it.
 */
static void
add_first(struct explanation *explanation, enum explanation_lever lever, int64_t low, int64_t high)
{
	double now = explanation->score.rounded;

	if (high <= low || score_with(explanation, lever, high) == now)
		return;
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (score_with(explanation, lever, middle) == now)
			low = middle;
		else
			high = middle;
	}
	add_lever(explanation, lever, high);
}

void
levers_find(struct explanation *explanation, struct arena *arena)
{
	const struct score_input *input = &explanation->input;

	explanation->changes = arena_new(arena, LEVER_COUNT, sizeof(*explanation->changes));
	if (!input->has_code)
		add_lever(explanation, LEVER_CODE, 0);
	if (!input->has_venue)
		add_lever(explanation, LEVER_VENUE, 0);
	add_first(explanation, LEVER_CITATIONS, input->citation_count, COUNT_ENOUGH);
	add_first(explanation, LEVER_INFLUENTIAL, input->influential_citation_count, COUNT_ENOUGH);
	if (input->published_day != SCORE_DAY_UNKNOWN)
		add_first(explanation, LEVER_AGE, input->snapshot_day, explanation->zero_from);
}
