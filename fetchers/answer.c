#include "answer.h"

#include "buf.h"
#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* Whoever answers nonsense decides how much: nobody reads a million lines of it. */
#define FAULTS_LOGGED 100

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

	answer->records = mem_grow(
	    answer->records, &answer->capacity, answer->count + 1, sizeof(*answer->records));
	answer->positions =
	    mem_grow(answer->positions, &positions, answer->count + 1, sizeof(*answer->positions));
	answer->positions[answer->count] = position;
	return &answer->records[answer->count++];
}

/* Eight equal bytes. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether eight bytes hold a control byte, one that is not ASCII, or two spaces in a row. */
static bool
needs_care(const char *at)
{
	const uint64_t high = EIGHT(0x80);
	uint64_t word, blank, spaces;

	memcpy(&word, at, sizeof(word));
	blank = word ^ EIGHT(' ');
	spaces = ~(((blank & ~high) + ~high) | blank | ~high);
	return (((word - EIGHT(' ')) | word | (word + EIGHT(1))) & high) != 0 ||
	       (spaces & (spaces >> 8)) != 0;
}

/*
 * Whether text_clean would give ${text} back as it is; a false no costs time only.  Most text is
 * plain ASCII, and a page holds 5 MB of it.
 */
static bool
is_clean(struct slice text)
{
	size_t at = 0;

	if (text.len < sizeof(uint64_t) || text.data[0] == ' ' || text.data[text.len - 1] == ' ')
		return false;
	/* In steps of seven, so that two spaces are seen across the border. */
	for (; at + sizeof(uint64_t) <= text.len; at += sizeof(uint64_t) - 1)
		if (needs_care(text.data + at))
			return false;
	return !needs_care(text.data + text.len - sizeof(uint64_t));
}

/* How often U+FFFD stands in ${text}. */
static size_t
replaced_in(struct slice text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	size_t count = 0;

	for (size_t at = 0; at + 3 <= text.len; at++)
		count += memcmp(text.data + at, replacement, 3) == 0;
	return count;
}

struct slice
answer_text(struct answer *answer, struct slice text, size_t *repaired)
{
	struct buf clean = BUF_INIT;
	struct slice made = SLICE_NONE;

	*repaired = answer->mended ? replaced_in(text) : 0;
	if (text.len > 0 && (is_clean(text) || text_is_clean(text)))
		return arena_dup(&answer->arena, text);
	*repaired += text_clean(text, &clean);
	if (clean.len > 0)
		made = arena_dup(&answer->arena, buf_slice(&clean));
	buf_free(&clean);
	return made;
}

void
answer_fault(struct answer *answer, const struct log *log, enum source source, struct slice label,
    const char *field, const char *reason)
{
	if (answer->faults++ < FAULTS_LOGGED && answer->items > answer->told)
		log_notice(log, "%s: item %zu (" LOG_VALUE_FMT "): %s: %s", source_name(source),
		    answer->items, LOG_VALUE(label), field, reason);
}

void
answer_add_faults(const struct answer *answer, struct source_faults *faults)
{
	faults->refused += answer->refused;
	faults->dropped += answer->faults - answer->refused;
}

void
answer_end(const struct answer *answer, const struct log *log, enum source source)
{
	if (answer->faults > FAULTS_LOGGED)
		log_notice(log, "%s: page: %zu more faults", source_name(source),
		    answer->faults - FAULTS_LOGGED);
}

void
answer_fail(struct answer *answer, enum answer_verdict verdict, struct slice message)
{
	size_t repaired;

	answer->verdict = verdict;
	answer->message = answer_text(answer, message, &repaired);
	if (answer->message.data == NULL)
		answer->message = SLICE_LITERAL("no reason given");
	answer->count = 0;
	answer->items = 0;
	answer->refused = 0;
	answer->faults = 0;
	answer->unknown = 0;
	answer->total = -1;
	answer->start = -1;
	answer->token = SLICE_NONE;
}
