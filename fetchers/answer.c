#include "answer.h"

#include "mem.h"

#include <stdlib.h>

void
answer_init(struct answer *answer)
{
	*answer = (struct answer){ .arena = ARENA_INIT, .total = -1, .start = -1 };
}

void
answer_free(struct answer *answer)
{
	arena_free(&answer->arena);
	free(answer->records);
	free(answer->positions);
	answer_init(answer);
}

struct source_record *
answer_add(struct answer *answer, size_t position)
{
	size_t positions = answer->capacity;

	answer->records = mem_grow(answer->records, &answer->capacity, answer->count + 1,
	    sizeof(*answer->records));
	answer->positions =
	    mem_grow(answer->positions, &positions, answer->count + 1, sizeof(*answer->positions));
	answer->positions[answer->count] = position;
	return &answer->records[answer->count++];
}

void
answer_fail(struct answer *answer, enum answer_verdict verdict, struct slice message)
{
	answer->verdict = verdict;
	answer->message = arena_dup(&answer->arena, message);
	answer->count = 0;
	answer->items = 0;
	answer->refused = 0;
	answer->unknown = 0;
	answer->token = SLICE_NONE;
}
