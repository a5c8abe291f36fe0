/* For sched_getaffinity: a process may be kept to a part of the machine. */
#define _GNU_SOURCE
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>

enum slot_state { SLOT_FREE, SLOT_BUSY, SLOT_MADE };

struct team {
	const struct team_work *work;
	void *cookie;
	pthread_mutex_t mutex;
	/* Something was made or taken, or there is nothing more to wait for. */
	pthread_cond_t moved;
	/* The next item that nobody has, and the next whose result is to be taken. */
	size_t next;
	size_t turn;
	/* No item from here on counts: there is none, or it failed. */
	size_t end;
	int result;
	/* Item number i goes into slot i % slot_count. */
	size_t slot_count;
	enum slot_state slots[TEAM_SLOTS];
};

size_t
team_size(void)
{
#ifdef __linux__
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0) {
		size_t count = (size_t)CPU_COUNT(&set);

		return count > TEAM_LARGEST ? TEAM_LARGEST : count;
	}
#endif
	return 1;
}

size_t
team_slots(size_t workers)
{
	if (workers > TEAM_LARGEST)
		workers = TEAM_LARGEST;
	return workers <= 1 ? 1 : workers + TEAM_SLACK;
}

/* No item from ${item} on counts; called with the mutex held, as the two below are, which let it go
 * while they work. */
static void
end_at(struct team *team, size_t item, int result)
{
	if (item < team->end) {
		team->end = item;
		team->result = result;
	}
}

static void
make_next(struct team *team)
{
	size_t item = team->next++, slot = item % team->slot_count;
	int made;

	team->slots[slot] = SLOT_BUSY;
	pthread_mutex_unlock(&team->mutex);
	made = team->work->make(team->cookie, slot, item);
	pthread_mutex_lock(&team->mutex);
	team->slots[slot] = SLOT_MADE;
	if (made != 1)
		end_at(team, item, made);
}

static void
take_next(struct team *team)
{
	size_t item = team->turn, slot = item % team->slot_count;
	int taken;

	/* Nobody else takes: the turn is this item's until it moves. */
	team->slots[slot] = SLOT_BUSY;
	pthread_mutex_unlock(&team->mutex);
	taken = team->work->take(team->cookie, slot, item);
	pthread_mutex_lock(&team->mutex);
	team->slots[slot] = SLOT_FREE;
	team->turn++;
	if (taken == -1)
		end_at(team, item, -1);
}

/* Until all items that count are taken.  To take comes before to make: it frees a slot. */
static void *
work_on(void *cookie)
{
	struct team *team = cookie;

	pthread_mutex_lock(&team->mutex);
	while (team->turn < team->end) {
		if (team->slots[team->turn % team->slot_count] == SLOT_MADE)
			take_next(team);
		else if (team->next < team->end &&
			 team->slots[team->next % team->slot_count] == SLOT_FREE)
			make_next(team);
		else {
			pthread_cond_wait(&team->moved, &team->mutex);
			continue;
		}
		pthread_cond_broadcast(&team->moved);
	}
	pthread_mutex_unlock(&team->mutex);
	return NULL;
}

int
team_run(const struct team_work *work, void *cookie, size_t workers)
{
	struct team team = {
		.work = work,
		.cookie = cookie,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.moved = PTHREAD_COND_INITIALIZER,
		.end = SIZE_MAX,
		.slot_count = team_slots(workers),
	};
	pthread_t others[TEAM_LARGEST - 1];
	size_t started = 0;

	while (started + 1 < workers && started + 1 < TEAM_LARGEST &&
	       pthread_create(&others[started], NULL, work_on, &team) == 0)
		started++;
	work_on(&team);
	while (started > 0)
		pthread_join(others[--started], NULL);
	pthread_cond_destroy(&team.moved);
	pthread_mutex_destroy(&team.mutex);
	return team.result;
}
