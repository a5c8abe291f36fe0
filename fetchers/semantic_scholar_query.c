#include "semantic_scholar_query.h"

#include "date.h"
#include "fetch.h"

static void
write_alternatives(const struct topic_list *phrases, struct buf *out)
{
	buf_add_char(out, '(');
	for (size_t i = 0; i < phrases->count; i++) {
		if (i > 0)
			buf_add_text(out, " | ");
		fetch_quote(slice_of(phrases->items[i]), out);
	}
	buf_add_char(out, ')');
}

void
semantic_scholar_query_write(const struct topic *topic, struct buf *out)
{
	size_t start = out->len;

	if (topic->any.count == 1)
		fetch_quote(slice_of(topic->any.items[0]), out);
	else if (topic->any.count > 1)
		write_alternatives(&topic->any, out);
	for (size_t i = 0; i < topic->all.count; i++) {
		buf_add_text(out, out->len == start ? "" : " +");
		fetch_quote(slice_of(topic->all.items[i]), out);
	}
	for (size_t i = 0; i < topic->none.count; i++) {
		buf_add_text(out, " -");
		fetch_quote(slice_of(topic->none.items[i]), out);
	}
}

void
semantic_scholar_query_dates(const struct topic *topic, struct buf *url)
{
	char day[DATE_DAY_SIZE];

	if (topic->from == TOPIC_DAY_NONE && topic->to == TOPIC_DAY_NONE)
		return;
	buf_add_text(url, "&publicationDateOrYear=");
	if (topic->from != TOPIC_DAY_NONE) {
		date_day_write(topic->from, day);
		buf_add_text(url, day);
	}
	buf_add_char(url, ':');
	if (topic->to != TOPIC_DAY_NONE) {
		date_day_write(topic->to, day);
		buf_add_text(url, day);
	}
}
