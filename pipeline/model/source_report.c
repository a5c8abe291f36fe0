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
