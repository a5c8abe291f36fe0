#include "arxiv_query.h"

#include "date.h"
#include "fetch.h"

#include <inttypes.h>

static void
write_phrase(const struct topic *topic, const char *phrase, struct buf *out)
{
	struct buf quoted = BUF_INIT;

	fetch_quote(slice_of(phrase), &quoted);
	if (topic->match == TOPIC_EVERYWHERE)
		buf_printf(out, "all:%s", quoted.data);
	else
		buf_printf(out, "(ti:%s OR abs:%s)", quoted.data, quoted.data);
	buf_free(&quoted);
}

static void
write_alternatives(const struct topic *topic, const struct topic_list *phrases, struct buf *out)
{
	buf_add_char(out, '(');
	for (size_t i = 0; i < phrases->count; i++) {
		if (i > 0)
			buf_add_text(out, " OR ");
		write_phrase(topic, phrases->items[i], out);
	}
	buf_add_char(out, ')');
}

static void
write_categories(const struct topic_list *categories, struct buf *out)
{
	buf_add_char(out, '(');
	for (size_t i = 0; i < categories->count; i++)
		buf_printf(out, "%scat:%s", i == 0 ? "" : " OR ", categories->items[i]);
	buf_add_char(out, ')');
}

/* `YYYYMMDDHHMM`. */
static void
write_minute(int64_t minute, struct buf *out)
{
	int64_t day = date_day_of(minute * 60), of_day = minute - day * (DATE_DAY_SECONDS / 60);
	int year, month, day_of_month;

	date_civil(day, &year, &month, &day_of_month);
	buf_printf(out, "%04d%02d%02d%02d%02d", year, month, day_of_month, (int)(of_day / 60),
	    (int)(of_day % 60));
}

void
arxiv_query_write(const struct topic *topic, int64_t from, int64_t to, struct buf *out)
{
	if (topic->any.count > 0) {
		write_alternatives(topic, &topic->any, out);
		buf_add_text(out, " AND ");
	}
	for (size_t i = 0; i < topic->all.count; i++) {
		write_phrase(topic, topic->all.items[i], out);
		buf_add_text(out, " AND ");
	}
	if (topic->categories.count > 0) {
		write_categories(&topic->categories, out);
		buf_add_text(out, " AND ");
	}
	buf_add_text(out, "submittedDate:[");
	write_minute(from, out);
	buf_add_text(out, " TO ");
	write_minute(to, out);
	buf_add_char(out, ']');
	if (topic->none.count > 0) {
		buf_add_text(out, " ANDNOT ");
		write_alternatives(topic, &topic->none, out);
	}
}
