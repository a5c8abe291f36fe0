/* For sched_getaffinity: a process may be kept to a part of the machine. */
#define _GNU_SOURCE
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

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
	/* Item number i goes into slot i % slots, and stays there until its turn is over. */
	size_t slots;
	/* Whether what is in a slot waits to be taken. */
	bool made[TEAM_SLOTS];
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
	size_t item = team->next++, slot = item % team->slots;
	int made;

	pthread_mutex_unlock(&team->mutex);
	made = team->work->make(team->cookie, slot, item);
	pthread_mutex_lock(&team->mutex);
	team->made[slot] = true;
	if (made != 1)
		end_at(team, item, made);
}

static void
take_next(struct team *team)
{
	size_t item = team->turn, slot = item % team->slots;
	int taken;

	/* Nobody else takes it, nor the next: the turn is this item's until it moves. */
	team->made[slot] = false;
	pthread_mutex_unlock(&team->mutex);
	taken = team->work->take(team->cookie, slot, item);
	pthread_mutex_lock(&team->mutex);
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
		if (team->made[team->turn % team->slots])
			take_next(team);
		else if (team->next < team->end && team->next - team->turn < team->slots)
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
		.slots = team_slots(workers),
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
