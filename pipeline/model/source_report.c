#include "source_report.h"

const char *
source_outcome_name(enum source_outcome outcome)
{
	switch (outcome) {
	case SOURCE_OK:
		return "ok";
	case SOURCE_SHORT:
		return "short";
	case SOURCE_UNREACHABLE:
		return "unreachable";
	case SOURCE_THROTTLED:
		return "throttled";
	case SOURCE_KEY_REFUSED:
		return "key_refused";
	case SOURCE_CUT:
		return "cut";
	case SOURCE_CANNOT_WRITE:
		return "cannot_write";
	}
	return "unknown";
}

enum source_outcome
source_outcome_of(struct slice name)
{
	for (int i = SOURCE_OK; i <= SOURCE_CANNOT_WRITE; i++)
		if (slice_is(name, source_outcome_name((enum source_outcome)i)))
			return (enum source_outcome)i;
	return SOURCE_UNREACHABLE;
}
