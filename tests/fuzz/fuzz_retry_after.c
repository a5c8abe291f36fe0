/* Retry-After, and the wait that is made of it.  The first bytes are the state of the wait, the
 * rest is the header. */
#include "buf.h"
#include "check.h"
#include "date.h"
#include "retry.h"
#include "text.h"

#include <string.h>

/* 2026-06-19T03:00:07Z */
#define NOW INT64_C(1781838007)
#define FLOOR_MS 20
/* More seconds than this need not be told apart. */
#define ABSURD 100000000
#define CEILING_MS (15 * 60 * 1000)
/* The longest pace that anybody sets: a minute. */
#define PACE_MAX 60000

struct state {
	uint64_t random;
	uint32_t ahead;
	uint16_t interval;
	uint8_t times;
	uint8_t why;
};

/* The date that lies ${ahead} seconds ahead asks for as many, in each form that RFC 9110 allows. */
static void
check_dates(int64_t ahead)
{
	static const char *const days[] = { "Thursday", "Friday", "Saturday", "Sunday", "Monday",
		"Tuesday", "Wednesday" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
		"Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t at = NOW + ahead, second = at % DATE_DAY_SECONDS;
	const char *name = days[date_day_of(at) % 7];
	struct buf text = BUF_INIT;
	char clock[DATE_TIME_SIZE];
	int year, month, day;

	date_civil(date_day_of(at), &year, &month, &day);
	date_time_write(second, clock);
	clock[19] = '\0';
	buf_printf(
	    &text, "%.3s, %02d %s %d %s GMT", name, day, months[month - 1], year, clock + 11);
	CHECK(retry_after_parse(buf_slice(&text), NOW) == ahead);
	buf_clear(&text);
	buf_printf(
	    &text, "%s, %02d-%s-%02d %s GMT", name, day, months[month - 1], year % 100, clock + 11);
	CHECK(retry_after_parse(buf_slice(&text), NOW) == ahead);
	buf_clear(&text);
	buf_printf(&text, "%.3s %s %2d %s %d", name, months[month - 1], day, clock + 11, year);
	CHECK(retry_after_parse(buf_slice(&text), NOW) == ahead);
	buf_free(&text);
}

static void
check_number(uint32_t seconds)
{
	struct buf text = BUF_INIT;
	int64_t after;

	buf_printf(&text, "\t%u ", seconds);
	after = retry_after_parse(buf_slice(&text), NOW);
	CHECK(seconds < ABSURD ? after == (int64_t)seconds : after >= ABSURD);
	buf_free(&text);
}

static void
check_wait(const struct state *state, int64_t after)
{
	static const enum source_take whys[] = { TAKE_AGAIN, TAKE_THROTTLED, TAKE_KEY_REFUSED,
		TAKE_FAILED };
	struct retry retry = { state->interval % (PACE_MAX + 1), state->random };
	int64_t asked = after < 0 ? 0 : after < CEILING_MS / 1000 ? after * 1000 : CEILING_MS, wait;

	wait = retry_wait(&retry, whys[state->why % 4], state->times, after);
	CHECK(wait >= FLOOR_MS && wait >= retry.interval && wait >= asked);
	CHECK(wait <= CEILING_MS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice value;
	struct state state;
	int64_t after;

	if (len < sizeof(state))
		return 0;
	memcpy(&state, data, sizeof(state));
	value = (struct slice){ (const char *)data + sizeof(state), len - sizeof(state) };
	after = retry_after_parse(value, NOW);
	CHECK(after >= -1);
	CHECK(after == retry_after_parse(text_trim(value), NOW));
	/* What is asked for does not grow while time passes. */
	CHECK(retry_after_parse(value, NOW + 10) <= after);
	check_wait(&state, after);
	check_wait(&state, (int64_t)state.random);
	/* Two digits of a year tell 44 years from now at most (1970 to 2069). */
	check_dates(state.ahead % (40u * 365 * DATE_DAY_SECONDS));
	check_number(state.ahead);
	return 0;
}
