#include "retry.h"

#include "buf.h"
#include "text.h"

#include <curl/curl.h>

/* In units of the pace: 30 s and 6 s for arXiv. */
#define THROTTLED_PACES 10
#define FAILED_PACES 2
/* For a loopback stand-in that is not paced at all. */
#define FLOOR_MS INT64_C(20)
/* No wait of a server's or of ours is longer: the next run goes on where this one stops. */
#define CEILING_MS (INT64_C(15) * 60 * 1000)
#define OWN_CEILING_PACES 60
/* Seconds; what is beyond is as absurd and fits any sum. */
#define AFTER_MAX 100000000

/* xorshift64*: jitter needs no better. */
static uint64_t
next_random(struct retry *retry)
{
	uint64_t x = retry->random == 0 ? 0x9e3779b97f4a7c15u : retry->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	retry->random = x;
	return x * 0x2545f4914f6cdd1du;
}

int64_t
retry_after_parse(struct slice value, int64_t now)
{
	struct slice text = text_trim(value);
	struct buf copy = BUF_INIT;
	int64_t seconds = 0;
	time_t date;
	size_t i;

	for (i = 0; i < text.len && text_is_digit(text.data[i]); i++)
		if (seconds < AFTER_MAX)
			seconds = seconds * 10 + (text.data[i] - '0');
	if (i > 0)
		return i == text.len ? seconds : -1;
	/* A date starts with the name of its day. */
	if (text.len == 0 || text.len > 64 || !text_is_letter(text.data[0]))
		return -1;
	buf_add_slice(&copy, text);
	date = curl_getdate(copy.data, NULL);
	buf_free(&copy);
	if (date == -1)
		return -1;
	return (int64_t)date > now ? (int64_t)date - now : 0;
}

int64_t
retry_wait(struct retry *retry, enum source_take why, unsigned times, int64_t after)
{
	const int64_t own_ceiling = retry->interval * OWN_CEILING_PACES;
	int64_t paces = why == TAKE_THROTTLED ? THROTTLED_PACES : FAILED_PACES;
	int64_t wait = retry->interval * paces;

	if (wait < FLOOR_MS)
		wait = FLOOR_MS;
	for (unsigned i = 1; i < times && i < 16; i++)
		wait *= 2;
	if (own_ceiling > FLOOR_MS * 10 && wait > own_ceiling)
		wait = own_ceiling;
	/* Up to a quarter more, so that clients that failed together do not come back together. */
	wait += (int64_t)(next_random(retry) % (uint64_t)(wait / 4 + 1));
	if (after > wait / 1000)
		wait = after < CEILING_MS / 1000 ? after * 1000 : CEILING_MS;
	return wait < CEILING_MS ? wait : CEILING_MS;
}
