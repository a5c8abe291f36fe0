#ifndef APISERVER_S2_FILTER_H
#define APISERVER_S2_FILTER_H

#include "attribute.h"
#include "exchange.h"
#include "world.h"

#include <stdbool.h>
#include <stdint.h>

/* The filters that relevance and bulk search share; empty lists filter nothing. */
struct s2_filter {
	int64_t from;
	int64_t to;
	int64_t min_citations;
	struct slice fields_of_study;
	struct slice venues;
};

/** s2_filter_read(exchange, filter): Read them from the parameters; 0, or -1 with a 400 as the
 * answer. */
int s2_filter_read(struct exchange *exchange, struct s2_filter *filter) MUST_CHECK;

/** s2_filter_match(filter, paper): Whether ${paper} passes. */
bool s2_filter_match(const struct s2_filter *filter, const struct s2_paper *paper);

#endif
