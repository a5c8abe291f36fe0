#ifndef FINESET_DATE_H
#define FINESET_DATE_H

#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Calendar in UTC, proleptic Gregorian, independent of the time zone and of the C library's state.
 * Days count from 1970-01-01, times are seconds since then.
 */
#define DATE_DAY_SECONDS 86400
/* "2026-06-19" and "2026-06-19T03:00:07Z" with their NUL. */
#define DATE_DAY_SIZE 11
#define DATE_TIME_SIZE 21

/** date_day(year, month, day): Days since 1970-01-01; the parts must be a real date. */
int64_t date_day(int year, int month, int day);

/** date_civil(days, year, month, day): The parts of a day. */
void date_civil(int64_t days, int *year, int *month, int *day);

/** date_exists(year, month, day): Whether the calendar has it; years 1 to 9999. */
bool date_exists(int year, int month, int day);

/** date_day_parse(text, days): `YYYY-MM-DD`, a real date, nothing else.  0, or -1. */
int date_day_parse(struct slice text, int64_t *days) MUST_CHECK;

/**
 * date_time_parse(text, seconds):
 * `YYYY-MM-DDThh:mm:ss` with an optional fraction, and `Z`, `+hh:mm`, `-hh:mm` or nothing (UTC)
 * behind it; or a day alone, which is its midnight.  A fraction is dropped; the time lies in the
 * years 1 to 9999 UTC.  0, or -1.
 */
int date_time_parse(struct slice text, int64_t *seconds) MUST_CHECK;

/** date_day_write(days, text): `YYYY-MM-DD`. */
void date_day_write(int64_t days, char text[DATE_DAY_SIZE]);

/** date_time_write(seconds, text): `YYYY-MM-DDThh:mm:ssZ`. */
void date_time_write(int64_t seconds, char text[DATE_TIME_SIZE]);

/** date_day_of(seconds): The day that holds an instant; works before 1970. */
int64_t date_day_of(int64_t seconds);

#endif
