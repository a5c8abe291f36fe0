#include "date.h"

#include <stdio.h>
#include <string.h>

/* Days and civil dates: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms",
 * days_from_civil. */
int64_t
date_day(int year, int month, int day)
{
	int64_t shifted = month <= 2 ? year - 1 : year;
	int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
	int64_t of_era = shifted - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void
date_civil(int64_t days, int *year, int *month, int *day)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day_of_era = shifted - era * 146097;
	int64_t year_of_era =
	    (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year =
	    day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;

	*day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

bool
date_exists(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (month == 2 && leap);
}

/* The number that two digits spell; -1 of other bytes. */
static inline int
two_digits(const char *at)
{
	unsigned tens = (unsigned char)at[0] - (unsigned)'0';
	unsigned ones = (unsigned char)at[1] - (unsigned)'0';

	return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* The day at the front of ${text}. */
static int
day_prefix(struct slice text, int64_t *days)
{
	int century, year, month, day;

	if (text.len < 10 || text.data[4] != '-' || text.data[7] != '-')
		return -1;
	century = two_digits(text.data);
	year = two_digits(text.data + 2);
	month = two_digits(text.data + 5);
	day = two_digits(text.data + 8);
	if (century < 0 || year < 0 || !date_exists(century * 100 + year, month, day))
		return -1;
	*days = date_day(century * 100 + year, month, day);
	return 0;
}

int
date_day_parse(struct slice text, int64_t *days)
{
	return text.len == 10 ? day_prefix(text, days) : -1;
}

/* `Z`, `+hh:mm`, `-hh:mm` or nothing, as seconds east of UTC. */
static int
zone_parse(struct slice text, int64_t *east)
{
	int64_t hours, minutes;

	*east = 0;
	if (text.len == 0 || slice_is(text, "Z") || slice_is(text, "z"))
		return 0;
	if (text.len != 6)
		return -1;
	hours = two_digits(text.data + 1);
	minutes = two_digits(text.data + 4);
	if ((text.data[0] != '+' && text.data[0] != '-') || text.data[3] != ':' || hours < 0 ||
	    hours > 23 || minutes < 0 || minutes > 59)
		return -1;
	*east = (text.data[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
	return 0;
}

int
date_time_parse(struct slice text, int64_t *seconds)
{
	int64_t hours, minutes, secs, days, east;
	size_t end = 19;

	if (day_prefix(text, &days) == -1)
		return -1;
	if (text.len == 10) {
		*seconds = days * DATE_DAY_SECONDS;
		return 0;
	}
	if (text.len < end)
		return -1;
	hours = two_digits(text.data + 11);
	minutes = two_digits(text.data + 14);
	secs = two_digits(text.data + 17);
	if ((text.data[10] != 'T' && text.data[10] != ' ') || hours < 0 || hours > 23 ||
	    minutes < 0 || minutes > 59 || secs < 0 || secs > 60 || text.data[13] != ':' ||
	    text.data[16] != ':')
		return -1;
	if (end < text.len && text.data[end] == '.') {
		for (end++; end < text.len && text.data[end] >= '0' && text.data[end] <= '9';)
			end++;
		if (end == 20)
			return -1;
	}
	if (zone_parse((struct slice){ text.data + end, text.len - end }, &east) == -1)
		return -1;
	*seconds = days * DATE_DAY_SECONDS + hours * 3600 + minutes * 60 + secs - east;
	/* A zone or a leap second may lead out of the years that can be written. */
	return *seconds >= date_day(1, 1, 1) * DATE_DAY_SECONDS &&
		       *seconds < date_day(10000, 1, 1) * DATE_DAY_SECONDS
		   ? 0
		   : -1;
}

static void
put_digits(char *to, size_t count, int number)
{
	for (unsigned left = (unsigned)number; count > 0; left /= 10)
		to[--count] = (char)('0' + left % 10);
}

void
date_day_write(int64_t days, char text[DATE_DAY_SIZE])
{
	int year, month, day;

	date_civil(days, &year, &month, &day);
	memcpy(text, "0000-00-00", DATE_DAY_SIZE);
	put_digits(text, 4, year);
	put_digits(text + 5, 2, month);
	put_digits(text + 8, 2, day);
}

void
date_time_write(int64_t seconds, char text[DATE_TIME_SIZE])
{
	int64_t days = date_day_of(seconds);
	unsigned of_day = (unsigned)(seconds - days * DATE_DAY_SECONDS);

	date_day_write(days, text);
	snprintf(text + 10, DATE_TIME_SIZE - 10, "T%02u:%02u:%02uZ", of_day / 3600 % 24,
	    of_day / 60 % 60, of_day % 60);
}

int64_t
date_day_of(int64_t seconds)
{
	return seconds >= 0 ? seconds / DATE_DAY_SECONDS
			    : -((-seconds + DATE_DAY_SECONDS - 1) / DATE_DAY_SECONDS);
}
