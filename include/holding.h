#ifndef FINESET_HOLDING_H
#define FINESET_HOLDING_H

#include "arxiv.h"
#include "attribute.h"
#include "journal.h"
#include "known.h"
#include "log.h"
#include "options.h"
#include "semantic_scholar.h"
#include "topic.h"

#include <stdbool.h>

/* What the journals of a dataset hold, and the two sources as they stand by them. */
struct holding {
	/* The last day that is wanted, days since 1970. */
	int64_t until;
	struct known *known;
	struct arxiv *arxiv;
	struct semantic_scholar *semantic_scholar;
	/* NULL where none was opened. */
	struct journal *journals[SOURCE_COUNT];
};

/**
 * holding_init(holding, topic, options, before, log):
 * Nothing is held yet.  ${before}: what was held until now, where this is to replace it; NULL for
 * nothing.
 */
void holding_init(struct holding *holding, const struct topic *topic, const struct options *options,
    const struct holding *before, const struct log *log);

/** holding_open(holding, directory, source, kind, query, log): Read a journal into it, and let
 * pages of that source go there.  0, or -1 (logged). */
int holding_open(struct holding *holding, const char *directory, enum source source,
    enum journal_kind kind, struct slice query, const struct log *log) MUST_CHECK;

/** holding_has_all(holding, source): Whether the source was asked for all up to some day, and
 * nothing of that is left. */
bool holding_has_all(const struct holding *holding, enum source source);

/** holding_is_whole(holding): Whether both sources were asked for all up to the same day; otherwise
 * an earlier run did not come to its end.  A day behind those that are wanted says nothing. */
bool holding_is_whole(const struct holding *holding);

/** holding_take(holding, source): Hand over the journal; NULL if there is none. */
struct journal *holding_take(struct holding *holding, enum source source);

/** holding_free(holding): Free all of it, the journals that were not handed over too. */
void holding_free(struct holding *holding);

#endif
