#include "explanation.h"

const char *
explanation_lever_name(enum explanation_lever lever)
{
	static const char *const names[LEVER_COUNT] = {
		[LEVER_CODE] = "code",
		[LEVER_VENUE] = "venue",
		[LEVER_CITATIONS] = "citation_count",
		[LEVER_INFLUENTIAL] = "influential_citation_count",
		[LEVER_AGE] = "age",
	};

	return names[lever];
}
