#include "url.h"

#include "text.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>
#include <strings.h>

/* A part of a URL; the caller frees it with curl_free.  NULL if there is none. */
static char *
url_part(const char *url, CURLUPart part)
{
	CURLU *parsed = curl_url();
	char *text = NULL;

	if (parsed != NULL && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK)
		curl_url_get(parsed, part, &text, CURLU_DEFAULT_PORT);
	curl_url_cleanup(parsed);
	return text;
}

bool
url_is_loopback(const char *url)
{
	char *host = url_part(url, CURLUPART_HOST);
	bool loopback = false;
	struct in_addr address;

	if (host != NULL && inet_pton(AF_INET, host, &address) == 1)
		loopback = ntohl(address.s_addr) >> 24 == 127;
	else if (host != NULL)
		loopback = strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0;
	curl_free(host);
	return loopback;
}

static bool
has_part(const char *url, CURLUPart part)
{
	char *text = url_part(url, part);
	bool has = text != NULL;

	curl_free(text);
	return has;
}

static bool
has_scheme(const char *url, const char *wanted)
{
	char *scheme = url_part(url, CURLUPART_SCHEME);
	bool has = scheme != NULL && strcasecmp(scheme, wanted) == 0;

	curl_free(scheme);
	return has;
}

int
url_check(const char *url, const char *what, const struct log *log)
{
	/* A user's name may stand with a password: not even the message shows it. */
	if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_QUERY) ||
	    has_part(url, CURLUPART_FRAGMENT)) {
		log_error(log, "%s: must be a URL without user, query and fragment", what);
		return -1;
	}
	if (has_scheme(url, "https") || (has_scheme(url, "http") && url_is_loopback(url)))
		return 0;
	log_error(log,
	    "%s: must be an https URL (http is for this machine alone), got '" LOG_VALUE_FMT "'",
	    what, LOG_VALUE(slice_of(url)));
	return -1;
}

static bool
same_part(const char *a, const char *b, CURLUPart part)
{
	char *left = url_part(a, part), *right = url_part(b, part);
	bool same = left != NULL && right != NULL && strcmp(left, right) == 0;

	curl_free(left);
	curl_free(right);
	return same;
}

bool
url_may_follow(const char *from, const char *to)
{
	bool same_scheme = same_part(from, to, CURLUPART_SCHEME);

	if (!same_part(from, to, CURLUPART_HOST))
		return false;
	return same_scheme ? same_part(from, to, CURLUPART_PORT)
			   : text_starts(slice_of(to), "https:");
}

bool
url_same_origin(const char *a, const char *b)
{
	return same_part(a, b, CURLUPART_SCHEME) && same_part(a, b, CURLUPART_HOST) &&
	       same_part(a, b, CURLUPART_PORT);
}

bool
url_may_send(const char *url, const char *base)
{
	bool here = url_is_loopback(url);

	if (has_part(url, CURLUPART_USER) || (here && !url_is_loopback(base)))
		return false;
	return has_scheme(url, "https") ||
	       (here && has_scheme(url, "http") && has_scheme(base, "http"));
}
