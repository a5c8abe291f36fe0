#include "topic.h"

#include "bounds.h"
#include "date.h"
#include "jsonl.h"
#include "mem.h"
#include "text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* topic.json as it is being read: where it stands, for messages. */
struct reader {
	struct topic *topic;
	const char *path;
	const struct log *log;
};

typedef int read_fn(struct reader *reader, const char *key, const json_t *value);

static const char *const match_names[] = { "title+abstract", "everywhere" };

void
topic_init(struct topic *topic)
{
	*topic = (struct topic){
		.from = TOPIC_DAY_NONE,
		.to = TOPIC_DAY_NONE,
		.keep = TOPIC_KEEP_DEFAULT,
	};
}

static void
list_free(struct topic_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
}

void
topic_free(struct topic *topic)
{
	free(topic->name);
	free(topic->license);
	free(topic->hub);
	list_free(&topic->any);
	list_free(&topic->all);
	list_free(&topic->none);
	list_free(&topic->categories);
	list_free(&topic->outputs);
	topic_init(topic);
}

void
topic_add(struct topic_list *list, const char *phrase)
{
	struct buf clean = BUF_INIT;

	text_clean(slice_of(phrase), &clean);
	list->items = mem_grow(list->items, &list->capacity, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = buf_take(&clean);
}

/* `cs.CL`, `astro-ph`, `cond-mat.mes-hall`, and `cs.*` for all of an archive. */
static bool
is_category(struct slice text)
{
	size_t dot = 0, at;

	while (dot < text.len && text.data[dot] != '.')
		dot++;
	for (at = 0; at < dot; at++)
		if (!text_is_letter(text.data[at]) && text.data[at] != '-')
			return false;
	if (dot < 2 || dot == text.len)
		return dot >= 2;
	if (text.len == dot + 2 && text.data[dot + 1] == '*')
		return true;
	for (at = dot + 1; at < text.len; at++)
		if (!text_is_letter(text.data[at]) && text.data[at] != '-')
			return false;
	return text.len - dot >= 3;
}

void
topic_add_category(struct topic *topic, const char *category)
{
	char *text, *dot;

	topic_add(&topic->categories, category);
	text = topic->categories.items[topic->categories.count - 1];
	if (!is_category(slice_of(text)))
		return;
	(void)text_fold(slice_of(text), text);
	/* `cs.CL` and `math.GT`, but `cond-mat.mes-hall`. */
	dot = strchr(text, '.');
	if (dot != NULL && strlen(dot) == 3)
		for (char *at = dot + 1; *at != '\0'; at++)
			*at = text_is_letter(*at) ? (char)(*at - 'a' + 'A') : *at;
}

static int
wrong_type(const struct reader *reader, const char *key, const char *wanted, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	log_error(reader->log, "%s: %s: must be %s, got " LOG_VALUE_FMT, reader->path, key, wanted,
	    LOG_VALUE(slice_of(text == NULL ? "?" : text)));
	free(text);
	return -1;
}

static int
read_text(struct reader *reader, const char *key, const json_t *value)
{
	struct topic *topic = reader->topic;
	char **field = strcmp(key, "name") == 0  ? &topic->name
		       : strcmp(key, "hub") == 0 ? &topic->hub
						 : &topic->license;
	struct buf clean = BUF_INIT;

	if (json_is_null(value))
		return 0;
	if (!json_is_string(value))
		return wrong_type(reader, key, "a string", value);
	text_clean((struct slice){ json_string_value(value), json_string_length(value) }, &clean);
	free(*field);
	*field = buf_take(&clean);
	return 0;
}

static int
read_list(struct reader *reader, const char *key, const json_t *value)
{
	struct topic *topic = reader->topic;
	struct topic_list *list = strcmp(key, "any") == 0       ? &topic->any
				  : strcmp(key, "all") == 0     ? &topic->all
				  : strcmp(key, "none") == 0    ? &topic->none
				  : strcmp(key, "outputs") == 0 ? &topic->outputs
								: &topic->categories;

	if (!json_is_array(value))
		return wrong_type(reader, key, "a list of strings", value);
	if (list == &topic->outputs && json_array_size(value) == 0)
		return wrong_type(reader, key, "a list of at least one format", value);
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *item = json_array_get(value, i);

		if (!json_is_string(item))
			return wrong_type(reader, key, "a list of strings", value);
		if (list == &topic->categories)
			topic_add_category(topic, json_string_value(item));
		else
			topic_add(list, json_string_value(item));
	}
	return 0;
}

static int
read_day(struct reader *reader, const char *key, const json_t *value)
{
	int64_t *day = strcmp(key, "from") == 0 ? &reader->topic->from : &reader->topic->to;

	if (json_is_null(value))
		return 0;
	if (!json_is_string(value) || date_day_parse(slice_of(json_string_value(value)), day) == -1)
		return wrong_type(reader, key, "a date YYYY-MM-DD", value);
	return 0;
}

static int
read_match(struct reader *reader, const char *key, const json_t *value)
{
	for (size_t i = 0; i < sizeof(match_names) / sizeof(match_names[0]); i++) {
		if (json_is_string(value) &&
		    strcmp(json_string_value(value), match_names[i]) == 0) {
			reader->topic->match = (enum topic_match)i;
			return 0;
		}
	}
	return wrong_type(reader, key, "\"title+abstract\" or \"everywhere\"", value);
}

static int
read_keep(struct reader *reader, const char *key, const json_t *value)
{
	json_int_t keep = json_integer_value(value);

	if (!json_is_integer(value) || keep < 1 || keep > 100000)
		return wrong_type(reader, key, "a whole number from 1", value);
	reader->topic->keep = (int)keep;
	return 0;
}

static const struct {
	const char *key;
	read_fn *read;
} keys[] = {
	{ "name", read_text },
	{ "any", read_list },
	{ "all", read_list },
	{ "none", read_list },
	{ "categories", read_list },
	{ "from", read_day },
	{ "to", read_day },
	{ "match", read_match },
	{ "keep", read_keep },
	{ "license", read_text },
	{ "outputs", read_list },
	{ "hub", read_text },
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static int
unknown_key(const struct reader *reader, const char *key)
{
	const char *nearest = keys[0].key;
	double best = -1;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		double alike = text_similarity(slice_of(key), slice_of(keys[i].key));

		if (alike > best) {
			best = alike;
			nearest = keys[i].key;
		}
	}
	log_error(reader->log, "%s: unknown key '" LOG_VALUE_FMT "', the nearest known one is '%s'",
	    reader->path, LOG_VALUE(slice_of(key)), nearest);
	return -1;
}

static int
read_key(struct reader *reader, const char *key, const json_t *value)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].read(reader, key, value);
	return unknown_key(reader, key);
}

int
topic_parse(
    const char *json, size_t len, const char *path, struct topic *topic, const struct log *log)
{
	struct reader reader = { .topic = topic, .path = path, .log = log };
	json_error_t error;
	json_t *root = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error), *value;
	const char *key;
	int result = -1;

	if (root == NULL) {
		log_error(log, "%s: line %d: %s", path, error.line, error.text);
		return -1;
	}
	if (!json_is_object(root)) {
		log_error(log, "%s: must be a JSON object", path);
		goto out;
	}
	json_object_foreach(root, key, value) if (read_key(&reader, key, value) == -1) goto out;
	result = topic_check(topic, path, log);
out:
	json_decref(root);
	return result;
}

static bool
has_letter(const char *phrase)
{
	for (; *phrase != '\0'; phrase++)
		if (text_is_letter(*phrase) || text_is_digit(*phrase) ||
		    (unsigned char)*phrase >= 0x80)
			return true;
	return false;
}

static int
check_phrases(
    const struct topic_list *list, const char *key, const char *where, const struct log *log)
{
	if (list->count > BOUND_PHRASES) {
		log_error(log, "%s: %s: %zu phrases, at most %d can be asked", where, key,
		    list->count, BOUND_PHRASES);
		return -1;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct slice phrase = slice_of(list->items[i]);

		if (!has_letter(phrase.data)) {
			log_error(log,
			    "%s: %s: a phrase needs a letter or a digit, got '" LOG_VALUE_FMT "'",
			    where, key, LOG_VALUE(phrase));
			return -1;
		}
		if (phrase.len > BOUND_PHRASE_BYTES) {
			log_error(log,
			    "%s: %s: a phrase of %zu bytes, at most %d can be asked, got "
			    "'" LOG_VALUE_FMT "'",
			    where, key, phrase.len, BOUND_PHRASE_BYTES, LOG_VALUE(phrase));
			return -1;
		}
	}
	return 0;
}

static int
check_categories(const struct topic *topic, const char *where, const struct log *log)
{
	for (size_t i = 0; i < topic->categories.count; i++) {
		struct slice category = slice_of(topic->categories.items[i]);

		if (!is_category(category)) {
			log_error(log,
			    "%s: categories: an arXiv category looks like cs.CL or astro-ph, "
			    "got '" LOG_VALUE_FMT "'",
			    where, LOG_VALUE(category));
			return -1;
		}
	}
	return 0;
}

int
topic_check(const struct topic *topic, const char *where, const struct log *log)
{
	if (topic->any.count + topic->all.count == 0) {
		log_error(log,
		    "%s: any: nothing to look for: give at least one phrase in any or all", where);
		return -1;
	}
	if (check_phrases(&topic->any, "any", where, log) == -1 ||
	    check_phrases(&topic->all, "all", where, log) == -1 ||
	    check_phrases(&topic->none, "none", where, log) == -1 ||
	    check_categories(topic, where, log) == -1)
		return -1;
	if (topic->from != TOPIC_DAY_NONE && topic->to != TOPIC_DAY_NONE &&
	    topic->from > topic->to) {
		char from[DATE_DAY_SIZE], to[DATE_DAY_SIZE];

		date_day_write(topic->from, from);
		date_day_write(topic->to, to);
		log_error(log, "%s: from: %s lies after to, %s", where, from, to);
		return -1;
	}
	return 0;
}

static void
write_list(const struct topic_list *list, struct buf *out)
{
	buf_add_char(out, '[');
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			buf_add_text(out, ", ");
		jsonl_write_string(slice_of(list->items[i]), out);
	}
	buf_add_char(out, ']');
}

static void
write_day(int64_t day, struct buf *out)
{
	char text[DATE_DAY_SIZE];

	if (day == TOPIC_DAY_NONE) {
		buf_add_text(out, "null");
		return;
	}
	date_day_write(day, text);
	jsonl_write_string(slice_of(text), out);
}

/* ${gap} stands between two keys, so the query is the same text in one line and in many. */
static void
write_query(const struct topic *topic, const char *gap, struct buf *out)
{
	buf_add_text(out, "\"any\": ");
	write_list(&topic->any, out);
	buf_printf(out, ",%s\"all\": ", gap);
	write_list(&topic->all, out);
	buf_printf(out, ",%s\"none\": ", gap);
	write_list(&topic->none, out);
	buf_printf(out, ",%s\"categories\": ", gap);
	write_list(&topic->categories, out);
	buf_printf(out, ",%s\"from\": ", gap);
	write_day(topic->from, out);
	buf_printf(out, ",%s\"to\": ", gap);
	write_day(topic->to, out);
	buf_printf(out, ",%s\"match\": \"%s\"", gap, match_names[topic->match]);
}

void
topic_write(const struct topic *topic, struct buf *out)
{
	buf_add_text(out, "{\n  \"name\": ");
	jsonl_write_string(slice_of(topic->name), out);
	buf_add_text(out, ",\n  ");
	write_query(topic, "\n  ", out);
	buf_printf(out, ",\n  \"keep\": %d,\n  \"license\": ", topic->keep);
	jsonl_write_string(slice_of(topic->license), out);
	if (topic->outputs.count > 0) {
		buf_add_text(out, ",\n  \"outputs\": ");
		write_list(&topic->outputs, out);
	}
	if (topic->hub != NULL) {
		buf_add_text(out, ",\n  \"hub\": ");
		jsonl_write_string(slice_of(topic->hub), out);
	}
	buf_add_text(out, "\n}\n");
}

void
topic_query_write(const struct topic *topic, struct buf *out)
{
	buf_add_char(out, '{');
	write_query(topic, " ", out);
	buf_add_char(out, '}');
}
