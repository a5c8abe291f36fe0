#include "clock.h"

#include <stddef.h>
#include <time.h>

static int64_t
system_utc(void *cookie)
{
	(void)cookie;
	return (int64_t)time(NULL);
}

static int64_t
system_ticks(void *cookie)
{
	struct timespec now = { 0, 0 };

	(void)cookie;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct clock
clock_system(void)
{
	return (struct clock){ .utc = system_utc, .ticks = system_ticks, .cookie = NULL };
}

int64_t
clock_utc(const struct clock *clock)
{
	return clock->utc(clock->cookie);
}

int64_t
clock_ticks(const struct clock *clock)
{
	return clock->ticks(clock->cookie);
}
