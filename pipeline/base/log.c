#include "log.h"

#include "buf.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
sink_stderr(void *cookie, enum log_level level, const char *line)
{
	(void)cookie;
	(void)level;
	fprintf(stderr, "fineset: %s\n", line);
}

struct log
log_stderr(enum log_level wanted)
{
	return (struct log){ .sink = sink_stderr, .cookie = NULL, .wanted = wanted };
}

static void PRINTF_LIKE(3, 0)
    log_line(const struct log *log, enum log_level level, const char *format, va_list args)
{
	struct buf line = BUF_INIT, shown = BUF_INIT;
	va_list again;
	int wanted;

	if (log == NULL || log->sink == NULL || level > log->wanted)
		return;
	va_copy(again, args);
	wanted = vsnprintf(NULL, 0, format, args);
	if (wanted >= 0) {
		vsnprintf(buf_reserve(&line, (size_t)wanted), (size_t)wanted + 1, format, again);
		buf_add_text(&shown, "");
		text_show((struct slice){ line.data, (size_t)wanted }, &shown);
		log->sink(log->cookie, level, shown.data);
	}
	va_end(again);
	buf_free(&line);
	buf_free(&shown);
}

#define LOG_FUNCTION(name, level)                                 \
	void name(const struct log *log, const char *format, ...) \
	{                                                         \
		va_list args;                                     \
                                                                  \
		va_start(args, format);                           \
		log_line(log, level, format, args);               \
		va_end(args);                                     \
	}

LOG_FUNCTION(log_error, LOG_ERROR)
LOG_FUNCTION(log_notice, LOG_NOTICE)
LOG_FUNCTION(log_detail, LOG_DETAIL)

int
log_value_len(struct slice value)
{
	size_t len = value.len;

	if (value.data == NULL)
		return 0;
	if (len > LOG_VALUE_BYTES) {
		len = LOG_VALUE_BYTES;
		while (len > 0 && ((unsigned char)value.data[len] & 0xc0) == 0x80)
			len--;
	}
	return (int)len;
}
