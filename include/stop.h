#ifndef FINESET_STOP_H
#define FINESET_STOP_H

#include <stdbool.h>

/** stop_hold(): From now on Ctrl-C and a polite kill wait until they are asked for, between two
 * pages; nothing is torn apart. */
void stop_hold(void);

/** stop_asked(cookie): Whether one of them is waiting; ${cookie} is not looked at. */
bool stop_asked(void *cookie);

#endif
