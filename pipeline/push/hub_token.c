#include "hub_token.h"

#include "file.h"
#include "slice.h"
#include "text.h"

#include <stdlib.h>
#include <strings.h>

/* Real ones have 37 bytes; an OAuth token may have a thousand. */
#define TOKEN_BYTES ((size_t)8 << 10)

static const char *
environment(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

bool
hub_token_flag(const char *name)
{
	static const char *const on[] = { "1", "on", "yes", "true" };
	const char *value = environment(name);

	for (size_t i = 0; value != NULL && i < sizeof(on) / sizeof(on[0]); i++)
		if (strcasecmp(value, on[i]) == 0)
			return true;
	return false;
}

/* Where the Hub's own programs keep the token. */
static void
file_of_token(struct buf *path)
{
	const char *home = environment("HOME"), *value;

	if ((value = environment("HF_TOKEN_PATH")) != NULL) {
		buf_add_text(path, value);
	} else if ((value = environment("HF_HOME")) != NULL) {
		buf_printf(path, "%s/token", value);
	} else if ((value = environment("XDG_CACHE_HOME")) != NULL) {
		buf_printf(path, "%s/huggingface/token", value);
	} else {
		buf_printf(path, "%s/.cache/huggingface/token", home == NULL ? "" : home);
	}
}

/* Whether it may stand in a header; what it is, no message tells. */
static int
check(const struct buf *token, const char *place, const struct log *log)
{
	for (size_t i = 0; i < token->len; i++) {
		if (token->data[i] > ' ' && token->data[i] < 0x7f)
			continue;
		log_error(log, "%s: holds no token: blanks or characters that none has", place);
		return -1;
	}
	return 0;
}

/* 1 with a token, 0 without one, -1 (logged) for a file that cannot be read. */
static int
take_file(struct buf *token, struct buf *place, const struct log *log)
{
	struct buf text = BUF_INIT;
	int result = 0;

	file_of_token(place);
	if (file_exists(place->data)) {
		result = file_read(place->data, TOKEN_BYTES, &text, log);
		if (result == 0) {
			buf_add_slice(token, text_trim(buf_slice(&text)));
			result = token->len > 0;
		}
	}
	buf_free(&text);
	return result;
}

int
hub_token_find(struct buf *token, struct buf *place, const struct log *log)
{
	static const char *const names[] = { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN" };
	int found;

	if (hub_token_flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
		log_error(log, "no token for the Hub: HF_HUB_DISABLE_IMPLICIT_TOKEN is set");
		return -1;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		buf_add_slice(token, text_trim(slice_of(getenv(names[i]))));
		if (token->len == 0)
			continue;
		buf_add_text(place, names[i]);
		return check(token, place->data, log);
	}
	found = take_file(token, place, log);
	if (found == 1)
		return check(token, place->data, log);
	if (found == 0)
		log_error(log,
		    "no token for the Hub: it is looked for in HF_TOKEN, HUGGING_FACE_HUB_TOKEN "
		    "and the file %s (HF_TOKEN_PATH or HF_HOME name another)",
		    place->data);
	return -1;
}
