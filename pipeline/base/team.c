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
	/* Its turn has come, or there is nothing more to wait for. */
	pthread_cond_t moved;
	/* The next item that nobody has, and the next whose result is to be taken. */
	size_t next;
	size_t turn;
	/* No item from here on counts: there is none, or it failed. */
	size_t end;
	int result;
};

struct worker {
	struct team *team;
	size_t number;
	pthread_t thread;
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

/* No item from ${item} on counts; called with the mutex held. */
static void
end_at(struct team *team, size_t item, int result)
{
	if (item < team->end) {
		team->end = item;
		team->result = result;
	}
	pthread_cond_broadcast(&team->moved);
}

/* One item from making to taking.  Whether there may be more. */
static bool
work_once(struct worker *worker)
{
	struct team *team = worker->team;
	size_t item;
	int made;
	bool more;

	pthread_mutex_lock(&team->mutex);
	item = team->next++;
	more = item < team->end;
	pthread_mutex_unlock(&team->mutex);
	if (!more)
		return false;
	made = team->work->make(team->cookie, worker->number, item);
	pthread_mutex_lock(&team->mutex);
	if (made != 1)
		end_at(team, item, made);
	while (team->turn < item && item < team->end)
		pthread_cond_wait(&team->moved, &team->mutex);
	more = item < team->end;
	pthread_mutex_unlock(&team->mutex);
	if (!more)
		return false;
	/* Nobody else takes: the turn is this item's until it moves. */
	made = team->work->take(team->cookie, worker->number, item);
	pthread_mutex_lock(&team->mutex);
	if (made == -1)
		end_at(team, item, -1);
	team->turn = item + 1;
	pthread_cond_broadcast(&team->moved);
	pthread_mutex_unlock(&team->mutex);
	return made != -1;
}

static void *
work_on(void *cookie)
{
	while (work_once(cookie))
		continue;
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
	};
	struct worker team_of[TEAM_LARGEST] = { { &team, 0, pthread_self() } };
	size_t started = 1;

	while (started < workers && started < TEAM_LARGEST) {
		team_of[started] = (struct worker){ .team = &team, .number = started };
		if (pthread_create(&team_of[started].thread, NULL, work_on, &team_of[started]) != 0)
			break;
		started++;
	}
	work_on(&team_of[0]);
	while (started > 1)
		pthread_join(team_of[--started].thread, NULL);
	pthread_cond_destroy(&team.moved);
	pthread_mutex_destroy(&team.mutex);
	return team.result;
}
