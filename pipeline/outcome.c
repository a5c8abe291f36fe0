#include "outcome.h"

#include <stddef.h>
#include <sysexits.h>

static const struct {
	int code;
	const char *name;
	/* How bad it is, from 0. */
	int badness;
} outcomes[OUTCOME_COUNT] = {
	[OUTCOME_DONE] = { 0, "done", 0 },
	[OUTCOME_PARTIAL] = { 2, "partial", 1 },
	[OUTCOME_USAGE] = { EX_USAGE, "usage", 8 },
	[OUTCOME_BAD_DATA] = { EX_DATAERR, "bad_data", 7 },
	[OUTCOME_NO_INPUT] = { EX_NOINPUT, "no_input", 5 },
	[OUTCOME_UNREACHABLE] = { EX_UNAVAILABLE, "unreachable", 3 },
	[OUTCOME_BUG] = { EX_SOFTWARE, "bug", 11 },
	[OUTCOME_CANNOT_CREATE] = { EX_CANTCREAT, "cannot_create", 9 },
	[OUTCOME_CANNOT_WRITE] = { EX_IOERR, "cannot_write", 10 },
	[OUTCOME_LATER] = { EX_TEMPFAIL, "later", 2 },
	[OUTCOME_KEY_REFUSED] = { EX_NOPERM, "key_refused", 4 },
	[OUTCOME_BAD_TOPIC] = { EX_CONFIG, "bad_topic", 6 },
};

int
outcome_code(enum outcome outcome)
{
	return outcomes[outcome].code;
}

enum outcome
outcome_worst(enum outcome a, enum outcome b)
{
	return outcomes[b].badness > outcomes[a].badness ? b : a;
}

const char *
outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}
