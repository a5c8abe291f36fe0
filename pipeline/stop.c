#include "stop.h"

#include <signal.h>
#include <stddef.h>

void
stop_hold(void)
{
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigprocmask(SIG_BLOCK, &held, NULL);
}

bool
stop_asked(void *cookie)
{
	sigset_t waiting;

	(void)cookie;
	return sigpending(&waiting) == 0 &&
	       (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1);
}
