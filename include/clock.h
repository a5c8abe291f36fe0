#ifndef FINESET_CLOCK_H
#define FINESET_CLOCK_H

#include <stdint.h>

/* Where time comes from; tests bring their own. */
struct clock {
	/* Seconds since 1970-01-01 UTC. */
	int64_t (*utc)(void *cookie);
	/* Milliseconds since some start; never goes back. */
	int64_t (*ticks)(void *cookie);
	void *cookie;
};

/** clock_system(): The clocks of the machine. */
struct clock clock_system(void);

/** clock_utc(clock): Seconds since 1970-01-01 UTC. */
int64_t clock_utc(const struct clock *clock);

/** clock_ticks(clock): Milliseconds since some start; never goes back. */
int64_t clock_ticks(const struct clock *clock);

#endif
