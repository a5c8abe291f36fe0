#ifndef FINESET_OUTCOME_H
#define FINESET_OUTCOME_H

/* How a command ended. */
enum outcome {
	OUTCOME_DONE,
	/* Published, but a source failed or was cut short. */
	OUTCOME_PARTIAL,
	OUTCOME_USAGE,
	OUTCOME_BAD_DATA,
	OUTCOME_NO_INPUT,
	/* A source could not be reached; nothing was published. */
	OUTCOME_UNREACHABLE,
	OUTCOME_BUG,
	OUTCOME_CANNOT_CREATE,
	OUTCOME_CANNOT_WRITE,
	/* Locked or out of time: try again. */
	OUTCOME_LATER,
	OUTCOME_KEY_REFUSED,
	/* topic.json is wrong. */
	OUTCOME_BAD_TOPIC,
	OUTCOME_COUNT
};

/** outcome_code(outcome): Its exit code (README, Exit codes; the numbers are those of sysexits.h).
 */
int outcome_code(enum outcome outcome);

/**
 * outcome_worst(a, b):
 * The worse of two, for a command that does several things.  From good to bad: done; partial; what
 * the next run mends by itself (later, unreachable); what somebody must mend (a refused key, no
 * input, a wrong topic, bad data, a wrong call); what cannot be written; a bug.
 */
enum outcome outcome_worst(enum outcome a, enum outcome b);

/** outcome_name(outcome): One word for last-run.json. */
const char *outcome_name(enum outcome outcome);

#endif
