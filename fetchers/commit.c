#include "commit.h"

#include <jansson.h>

/* A batch without a single paper names 500 ids, 15 KB; a parser takes fifty times as much. */
#define COMMIT_BYTES ((size_t)1 << 20)
/* More than anything that is counted here, seconds since 1970 among them. */
#define NUMBER_MAX INT64_C(1000000000000)

/* A commit is what jansson calls a value; nobody else need know. */
static const json_t *
json_of(const struct commit *value)
{
	return (const json_t *)value;
}

struct commit *
commit_parse(struct slice text)
{
	json_t *root = NULL;

	if (text.len <= COMMIT_BYTES)
		root = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(root)) {
		json_decref(root);
		return NULL;
	}
	return (struct commit *)root;
}

void
commit_free(struct commit *commit)
{
	json_decref((json_t *)commit);
}

const struct commit *
commit_member(const struct commit *object, const char *key)
{
	return (const struct commit *)json_object_get(json_of(object), key);
}

size_t
commit_count(const struct commit *list)
{
	return json_array_size(json_of(list));
}

const struct commit *
commit_element(const struct commit *list, size_t i)
{
	return (const struct commit *)json_array_get(json_of(list), i);
}

int64_t
commit_number(const struct commit *value, int64_t none)
{
	int64_t number = json_integer_value(json_of(value));

	if (!json_is_integer(json_of(value)) || number > NUMBER_MAX || number < -NUMBER_MAX)
		return none;
	return number;
}

struct slice
commit_text(const struct commit *value)
{
	return slice_of(json_string_value(json_of(value)));
}

bool
commit_is_true(const struct commit *value)
{
	return json_is_true(json_of(value));
}
