#include "arxiv_page.h"

#include <inttypes.h>

/* The largest page up to ${most} of which a whole number fits before ${start}. */
static int64_t
fitting_size(int64_t start, int64_t most)
{
	int64_t size = most;

	while (size > 1 && start % size != 0)
		size--;
	return size;
}

int64_t
arxiv_page_plan(int64_t end, int64_t behind, int64_t most, int64_t *start)
{
	int64_t room = ARXIV_RESULTS_MAX - end, largest = most < room ? most : room;
	int64_t round_end = end - end % ARXIV_PAGE_MIN;
	int64_t size = fitting_size(end, largest);

	*start = end;
	if (size >= ARXIV_PAGE_MIN || largest < ARXIV_PAGE_MIN || round_end <= behind)
		return size;
	*start = round_end;
	return fitting_size(round_end, largest);
}

bool
arxiv_page_check(const struct answer *answer, int64_t start, struct buf *reason)
{
	if (answer->total >= 0 && (answer->start < 0 || answer->start == start))
		return true;
	buf_printf(reason, "asked from %" PRId64 ", answered from %" PRId64 " of %" PRId64, start,
	    answer->start, answer->total);
	return false;
}
