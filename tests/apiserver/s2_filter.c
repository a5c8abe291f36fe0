#include "s2_filter.h"

#include "date.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

/* YYYY, YYYY-MM or YYYY-MM-DD: its first day, or its last. */
static int
day_parse(struct slice text, bool last, int64_t *day)
{
	char date[11] = "0000-01-01";
	int year, month, of_month;

	if (text.len != 4 && text.len != 7 && text.len != 10)
		return -1;
	memcpy(date, text.data, text.len);
	if (date_day_parse(slice_of(date), day) == -1)
		return -1;
	date_civil(*day, &year, &month, &of_month);
	if (last && text.len == 4)
		*day = date_day(year, 12, 31);
	if (last && text.len == 7)
		*day = (month == 12 ? date_day(year + 1, 1, 1) : date_day(year, month + 1, 1)) - 1;
	return 0;
}

/* `A:B`, `A:`, `:B` or `A`; years take `-` for `:`. */
static int
range_parse(struct slice text, char separator, struct s2_filter *filter)
{
	const char *mark = memchr(text.data, separator, text.len);
	struct slice from = { text.data, mark == NULL ? text.len : (size_t)(mark - text.data) };
	struct slice to = from;
	int64_t day;

	if (mark != NULL)
		to = (struct slice){ mark + 1, text.len - from.len - 1 };
	if (from.len > 0 && day_parse(from, false, &day) == -1)
		return -1;
	if (from.len > 0 && day > filter->from)
		filter->from = day;
	if (to.len > 0 && day_parse(to, true, &day) == -1)
		return -1;
	if (to.len > 0 && day < filter->to)
		filter->to = day;
	return 0;
}

int
s2_filter_read(struct exchange *exchange, struct s2_filter *filter)
{
	struct slice dates = exchange_param(exchange, "publicationDateOrYear");
	struct slice years = exchange_param(exchange, "year");
	struct slice least = exchange_param(exchange, "minCitationCount");

	*filter = (struct s2_filter){ INT64_MIN, INT64_MAX, 0,
		exchange_param(exchange, "fieldsOfStudy"), exchange_param(exchange, "venue") };
	for (size_t i = 0; i < least.len && text_is_digit(least.data[i]) && i < 9; i++)
		filter->min_citations = filter->min_citations * 10 + (least.data[i] - '0');
	if ((dates.len > 0 && range_parse(dates, ':', filter) == -1) ||
	    (years.len > 0 && range_parse(years, '-', filter) == -1)) {
		exchange_answer(exchange, 400, "application/json",
		    "{\"error\":\"Unacceptable query params: [date range]\"}\n");
		return -1;
	}
	return 0;
}

/* Whether a comma list holds ${name}. */
static bool
list_has(struct slice list, struct slice name)
{
	size_t at = 0, end;

	for (; at < list.len; at = end + 1) {
		for (end = at; end < list.len && list.data[end] != ',';)
			end++;
		if (name.data != NULL &&
		    slice_equal(text_trim((struct slice){ list.data + at, end - at }), name))
			return true;
	}
	return false;
}

bool
s2_filter_match(const struct s2_filter *filter, const struct s2_paper *paper)
{
	bool dated = filter->from != INT64_MIN || filter->to != INT64_MAX;
	bool studied = filter->fields_of_study.len == 0;

	if (dated &&
	    (paper->day == INT64_MIN || paper->day < filter->from || paper->day > filter->to))
		return false;
	for (size_t i = 0; i < paper->fields_of_study.count && !studied; i++)
		studied = list_has(filter->fields_of_study, paper->fields_of_study.items[i]);
	return studied && paper->citations >= filter->min_citations &&
	       (filter->venues.len == 0 || list_has(filter->venues, paper->venue));
}
