#ifndef FINESET_STOP_H
#define FINESET_STOP_H

#include <stdbool.h>

/* Ctrl-C and a polite kill wait until a run asks for them, between two pages: nothing is torn
 * apart. */

/** stop_hold(): From now on SIGINT and SIGTERM wait. */
void stop_hold(void);

/** stop_asked(): Whether one of them waits. */
bool stop_asked(void);

#endif
