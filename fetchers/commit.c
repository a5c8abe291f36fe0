#include "commit.h"

#include <jansson.h>
#include <stdint.h>

/* More than anything that is counted here, minutes since 1970 among them. */
#define NUMBER_MAX INT64_C(1000000000000)

static bool
is_sound(const json_t *value)
{
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		json_object_foreach((json_t *)value, key, item) if (!is_sound(item)) return false;
		return true;
	case JSON_ARRAY:
		json_array_foreach(value, i, item) if (!is_sound(item)) return false;
		return true;
	case JSON_STRING:
		return json_string_length(value) <= COMMIT_TEXT_BYTES;
	case JSON_INTEGER:
		return json_integer_value(value) == INT64_MIN ||
		       (json_integer_value(value) >= -NUMBER_MAX &&
			   json_integer_value(value) <= NUMBER_MAX);
	case JSON_REAL:
		return false;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
	return true;
}

bool
commit_is_sound(struct slice commit)
{
	json_t *root = json_loadb(commit.data, commit.len, JSON_REJECT_DUPLICATES, NULL);
	bool sound = json_is_object(root) && is_sound(root);

	json_decref(root);
	return sound;
}
