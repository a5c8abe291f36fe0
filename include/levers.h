#ifndef FINESET_LEVERS_H
#define FINESET_LEVERS_H

#include "arena.h"
#include "explanation.h"

/** levers_find(explanation, arena): Set what would change the score: from its input and score,
 * which are set. */
void levers_find(struct explanation *explanation, struct arena *arena);

#endif
