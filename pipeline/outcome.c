#include "outcome.h"

#include <stddef.h>
#include <sysexits.h>

static const struct {
	int code;
	const char *name;
} outcomes[OUTCOME_COUNT] = {
	[OUTCOME_DONE] = { 0, "done" },
	[OUTCOME_PARTIAL] = { 2, "partial" },
	[OUTCOME_USAGE] = { EX_USAGE, "usage" },
	[OUTCOME_BAD_DATA] = { EX_DATAERR, "bad_data" },
	[OUTCOME_NO_INPUT] = { EX_NOINPUT, "no_input" },
	[OUTCOME_UNREACHABLE] = { EX_UNAVAILABLE, "unreachable" },
	[OUTCOME_BUG] = { EX_SOFTWARE, "bug" },
	[OUTCOME_CANNOT_CREATE] = { EX_CANTCREAT, "cannot_create" },
	[OUTCOME_CANNOT_WRITE] = { EX_IOERR, "cannot_write" },
	[OUTCOME_LATER] = { EX_TEMPFAIL, "later" },
	[OUTCOME_KEY_REFUSED] = { EX_NOPERM, "key_refused" },
	[OUTCOME_BAD_TOPIC] = { EX_CONFIG, "bad_topic" },
};

int
outcome_code(enum outcome outcome)
{
	return outcomes[outcome].code;
}

const char *
outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}
