#ifndef FINESET_LOG_H
#define FINESET_LOG_H

#include "attribute.h"
#include "slice.h"

#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_ERROR, LOG_NOTICE, LOG_DETAIL };

/* Where one finished line (without newline, shown by text_show) goes. */
typedef void log_sink_fn(void *cookie, enum log_level level, const char *line);

/*
 * A log is a sink and how much of it is wanted: LOG_ERROR for -q, LOG_NOTICE by default,
 * LOG_DETAIL for -v.
 */
struct log {
	log_sink_fn *sink;
	void *cookie;
	enum log_level wanted;
};

/** log_stderr(wanted): A log that writes `fineset: LINE` to stderr. */
struct log log_stderr(enum log_level wanted);

/**
 * log_error(log, format, ...), log_notice, log_detail:
 * Write one line.  The text shows as text_show has it: newlines and terminal escapes as `\u000a`
 * and the like.
 */
void log_error(const struct log *log, const char *format, ...) PRINTF_LIKE(2, 3);
void log_notice(const struct log *log, const char *format, ...) PRINTF_LIKE(2, 3);
void log_detail(const struct log *log, const char *format, ...) PRINTF_LIKE(2, 3);

/* Longest value from outside that a message shows; what is longer is cut and marked. */
#define LOG_VALUE_BYTES 80

/* A value from outside, cut for a message: `"%.*s%s", LOG_VALUE(slice)`. */
#define LOG_VALUE(slice)                                                \
	log_value_len(slice), (slice).data == NULL ? "" : (slice).data, \
	    (slice).len > LOG_VALUE_BYTES ? "..." : ""
/* The format for LOG_VALUE. */
#define LOG_VALUE_FMT "%.*s%s"

/** log_value_len(value): How many bytes of ${value} a message shows; never splits a UTF-8 sequence.
 */
int log_value_len(struct slice value);

#endif
