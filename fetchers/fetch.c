#include "fetch.h"

#include "text.h"

void
request_clear(struct request *request)
{
	buf_clear(&request->url);
	buf_clear(&request->body);
	buf_clear(&request->what);
}

void
request_free(struct request *request)
{
	buf_free(&request->url);
	buf_free(&request->body);
	buf_free(&request->what);
}

enum source_take
fetch_status(int status, struct buf *reason)
{
	buf_printf(reason, "HTTP %d", status);
	if (status >= 300 && status < 400 && status != 304)
		buf_add_text(reason, ", a redirect that may not be followed");
	/* Half an answer, or none: no more than a body that was cut off. */
	if (status < 300)
		return TAKE_AGAIN;
	switch (status) {
	case 406: /* A throttle since 2026-09, not a matter of headers (facts: peers, 2 A). */
	case 429:
	case 503:
		return TAKE_THROTTLED;
	case 304: /* Nobody asked whether anything is new. */
	case 408:
	case 421:
	case 425:
	case 500:
	case 502:
	case 504:
		return TAKE_AGAIN;
	case 401:
	case 403:
		return TAKE_KEY_REFUSED;
	default:
		return status >= 500 ? TAKE_AGAIN : TAKE_FAILED;
	}
}

bool
fetch_names(struct slice message, struct slice id)
{
	struct buf name = BUF_INIT;
	size_t at, end;

	buf_add_slice(&name, id);
	at = text_find(message, name.data);
	end = at + id.len;
	buf_free(&name);
	return at < message.len && (end == message.len || !text_is_digit(message.data[end]));
}

struct slice
fetch_url_path(struct slice url)
{
	size_t at = text_find(url, "://"), end = url.len;

	at = at == url.len ? 0 : at + strlen("://");
	while (at < end && url.data[at] != '/')
		at++;
	while (end > at && url.data[end - 1] == '/')
		end--;
	return (struct slice){ url.data + at, end - at };
}

void
fetch_escape(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (text_is_letter(c) || text_is_digit(c) || c == '-' || c == '_' || c == '.' ||
		    c == '~' || c == ':' || c == ',' || c == '/')
			buf_add_char(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

/* Bytes of a UTF-8 sequence are none. */
static bool
is_ascii_control(char c)
{
	return (c >= 0 && c < ' ') || c == 0x7f;
}

void
fetch_quote(struct slice phrase, struct buf *out)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < phrase.len; i++) {
		char c = phrase.data[i];

		buf_add_char(out, c == '"' || c == '\\' || is_ascii_control(c) ? ' ' : c);
	}
	buf_add_char(out, '"');
}
