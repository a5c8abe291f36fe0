#ifndef APISERVER_FAULT_H
#define APISERVER_FAULT_H

#include "attribute.h"
#include "exchange.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Where in the making of an answer a fault strikes. */
enum fault_phase {
	/* Before the query is looked at; the fault may set the whole answer. */
	FAULT_INSTEAD,
	/* When the page is chosen but not yet written; here too the fault may set the whole answer.
	 */
	FAULT_PAGE,
	/* When the body is written. */
	FAULT_BODY,
	/* When all is done: the world changes behind the answer. */
	FAULT_BEHIND
};

/* One --fault. */
struct fault {
	const struct fault_type *type;
	enum api api;
	/* KIND_OTHER: any of that API. */
	enum kind kind;
	/* The requests that it strikes, counted from 1 (within its kind if it has one)... */
	size_t from;
	size_t to;
	/* ...or how likely it strikes; negative if it is counted. */
	double chance;
	unsigned status;
	const char *arg;
	size_t number;
};

/**
 * fault_parse(spec, fault):
 * Read `API[.KIND]:FAULT:WHEN[:ARG]`, such as `arxiv:503:2`, `arxiv:429:1-3:7`, `s2.batch:null:*`
 * or `s2:reset:p0.1`; ${spec} must outlive the fault.  0, or -1.
 */
int fault_parse(const char *spec, struct fault *fault) MUST_CHECK;

/** fault_pick(exchange): Settle which faults strike this request and name them in
 * ${exchange}->faults. */
void fault_pick(struct exchange *exchange);

/** fault_strike(exchange, phase): Let those of one phase do their work; true if one set the whole
 * answer. */
bool fault_strike(struct exchange *exchange, enum fault_phase phase);

/** fault_list(out): Print the names and what they do. */
void fault_list(FILE *out);

#endif
