#include "world.h"

#include "buf.h"
#include "date.h"
#include "index.h"
#include "mem.h"
#include "text.h"
#include "words.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct slice
text_of(struct world *world, const json_t *value)
{
	if (!json_is_string(value))
		return SLICE_NONE;
	return arena_dup(
	    &world->arena, (struct slice){ json_string_value(value), json_string_length(value) });
}

static struct slice_list
list_of(struct world *world, const json_t *array)
{
	struct slice_list list = { NULL, json_array_size(array) };

	list.items = arena_new(&world->arena, list.count + 1, sizeof(*list.items));
	for (size_t i = 0; i < list.count; i++)
		list.items[i] = text_of(world, json_array_get(array, i));
	return list;
}

static struct slice
fold(struct world *world, struct slice text)
{
	struct buf words = BUF_INIT;
	struct slice folded;

	words_fold(text, &words);
	folded = arena_dup(&world->arena, buf_slice(&words));
	buf_free(&words);
	return folded;
}

/* All names in one text; the blank words between them keep a phrase from spanning two. */
static struct slice
fold_names(struct world *world, struct slice_list names)
{
	struct buf all = BUF_INIT;
	struct slice folded;

	for (size_t i = 0; i < names.count; i++) {
		words_fold(names.items[i], &all);
		buf_add_text(&all, "| ");
	}
	folded = arena_dup(&world->arena, buf_slice(&all));
	buf_free(&all);
	return folded;
}

static void
arxiv_fold(struct world *world, struct arxiv_paper *paper)
{
	paper->words[ARXIV_TITLE] = fold(world, paper->title);
	paper->words[ARXIV_AUTHOR] = fold_names(world, paper->authors);
	paper->words[ARXIV_ABSTRACT] = fold(world, paper->abstract);
	paper->words[ARXIV_COMMENT] = fold(world, paper->comment);
	paper->words[ARXIV_JOURNAL] = fold(world, paper->journal_ref);
}

static struct arxiv_paper *
arxiv_add(struct world *world)
{
	world->arxiv = mem_grow(
	    world->arxiv, &world->arxiv_capacity, world->arxiv_count + 1, sizeof(*world->arxiv));
	world->arxiv[world->arxiv_count] = (struct arxiv_paper){ 0 };
	return &world->arxiv[world->arxiv_count++];
}

static int
arxiv_read(struct world *world, const json_t *object)
{
	struct arxiv_paper *paper = arxiv_add(world);
	json_t *versions = json_object_get(object, "versions");

	paper->id = text_of(world, json_object_get(object, "id"));
	paper->title = text_of(world, json_object_get(object, "title"));
	paper->abstract = text_of(world, json_object_get(object, "abstract"));
	paper->comment = text_of(world, json_object_get(object, "comment"));
	paper->journal_ref = text_of(world, json_object_get(object, "journal_ref"));
	paper->doi = text_of(world, json_object_get(object, "doi"));
	paper->authors = list_of(world, json_object_get(object, "authors"));
	paper->categories = list_of(world, json_object_get(object, "categories"));
	paper->version_count = json_array_size(versions);
	paper->versions =
	    arena_new(&world->arena, paper->version_count + 1, sizeof(*paper->versions));
	for (size_t i = 0; i < paper->version_count; i++)
		if (date_time_parse(slice_of(json_string_value(json_array_get(versions, i))),
			&paper->versions[i]) == -1)
			return -1;
	arxiv_fold(world, paper);
	index_add(world->arxiv_index, paper->id, world->arxiv_count - 1);
	return paper->id.data == NULL || paper->title.data == NULL || paper->version_count == 0 ||
		       paper->categories.count == 0
		   ? -1
		   : 0;
}

/* Each value as the API writes it: `", "` and `": "`, non-ASCII as \uXXXX. */
static void
s2_values(struct world *world, struct s2_paper *paper, json_t *object)
{
	struct s2_value *value;
	const char *key;
	json_t *each;
	char *text;

	paper->values = arena_new(&world->arena, json_object_size(object) + 1, sizeof(*value));
	json_object_foreach(object, key, each)
	{
		text = json_dumps(each, JSON_ENSURE_ASCII | JSON_ENCODE_ANY);
		if (text == NULL)
			mem_out();
		value = &paper->values[paper->value_count++];
		value->key = arena_dup(&world->arena, slice_of(key));
		value->json = arena_dup(&world->arena, slice_of(text));
		free(text);
	}
}

/* Fields of study for the filter: both lists together. */
static struct slice_list
s2_fields(struct world *world, const json_t *object)
{
	const json_t *old = json_object_get(object, "fieldsOfStudy");
	const json_t *new = json_object_get(object, "s2FieldsOfStudy");
	struct slice_list list = list_of(world, old);
	size_t more = json_array_size(new);
	struct slice *items = arena_new(&world->arena, list.count + more + 1, sizeof(*items));

	if (list.count > 0)
		memcpy(items, list.items, list.count * sizeof(*items));
	for (size_t i = 0; i < more; i++)
		items[list.count++] =
		    text_of(world, json_object_get(json_array_get(new, i), "category"));
	return (struct slice_list){ items, list.count };
}

/* "Unknown exact date = treated as 1 January of its year by the date filter." */
static void
s2_dates(struct s2_paper *paper, const json_t *object)
{
	const json_t *year = json_object_get(object, "year");
	struct slice date = slice_of(json_string_value(json_object_get(object, "publicationDate")));

	paper->day = paper->publication_day = INT64_MIN;
	if (date.data != NULL && date_day_parse(date, &paper->publication_day) == 0)
		paper->day = paper->publication_day;
	else if (json_is_integer(year))
		paper->day = date_day((int)json_integer_value(year), 1, 1);
}

static int
s2_read(struct world *world, json_t *object)
{
	struct s2_paper *paper;

	world->s2 =
	    mem_grow(world->s2, &world->s2_capacity, world->s2_count + 1, sizeof(*world->s2));
	paper = &world->s2[world->s2_count++];
	*paper = (struct s2_paper){ 0 };
	paper->paper_id = text_of(world, json_object_get(object, "paperId"));
	s2_values(world, paper, object);
	paper->title_words = fold(world, text_of(world, json_object_get(object, "title")));
	paper->abstract_words = fold(world, text_of(world, json_object_get(object, "abstract")));
	paper->fields_of_study = s2_fields(world, object);
	paper->venue = text_of(world, json_object_get(object, "venue"));
	paper->citations = json_integer_value(json_object_get(object, "citationCount"));
	s2_dates(paper, object);
	return paper->paper_id.data == NULL || paper->paper_id.len != 40 ? -1 : 0;
}

static void
s2_index_add(struct world *world, const char *prefix, struct slice id, size_t position)
{
	struct buf key = BUF_INIT;

	buf_add_text(&key, prefix);
	for (size_t i = 0; i < id.len; i++)
		buf_add_char(&key, text_lower(id.data[i]));
	index_add(world->s2_index, arena_dup(&world->arena, buf_slice(&key)), position);
	buf_free(&key);
}

/* Sort into paperId order and index every id that the API resolves (there is no `DBLP:` form). */
static void
s2_index_one(struct world *world, size_t position)
{
	static const struct {
		const char *key;
		const char *prefix;
	} kinds[] = { { "ArXiv", "arxiv:" }, { "DOI", "doi:" }, { "CorpusId", "corpusid:" },
		{ "MAG", "mag:" }, { "ACL", "acl:" }, { "PubMed", "pmid:" },
		{ "PubMedCentral", "pmcid:" } };
	const struct s2_paper *paper = &world->s2[position];
	const json_t *value;
	json_t *ids = NULL;
	char number[24];

	s2_index_add(world, "sha:", paper->paper_id, position);
	for (size_t i = 0; i < paper->value_count; i++)
		if (slice_is(paper->values[i].key, "externalIds"))
			ids = json_loads(paper->values[i].json.data, JSON_DECODE_ANY, NULL);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		value = json_object_get(ids, kinds[i].key);
		snprintf(number, sizeof(number), "%" PRId64, (int64_t)json_integer_value(value));
		if (value != NULL && !json_is_null(value))
			s2_index_add(world, kinds[i].prefix,
			    slice_of(json_is_string(value) ? json_string_value(value) : number),
			    position);
	}
	json_decref(ids);
}

static int
s2_cmp(const void *a, const void *b)
{
	const struct s2_paper *left = a, *right = b;

	return slice_cmp(left->paper_id, right->paper_id);
}

static void
s2_order(struct world *world)
{
	if (world->s2_count > 0)
		qsort(world->s2, world->s2_count, sizeof(*world->s2), s2_cmp);
	index_free(world->s2_index);
	world->s2_index = index_new();
	for (size_t i = 0; i < world->s2_count; i++)
		s2_index_one(world, i);
}

static int
line_read(struct world *world, const char *line, size_t len)
{
	json_t *paper = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL), *arxiv, *s2, *object;
	int rc = paper == NULL ? -1 : 0;
	size_t i;

	arxiv = json_object_get(paper, "arxiv");
	s2 = json_object_get(paper, "s2");
	if (rc == 0 && json_is_object(arxiv))
		rc = arxiv_read(world, arxiv);
	json_array_foreach(s2, i, object) if (rc == 0) rc = s2_read(world, object);
	json_decref(paper);
	return rc;
}

int
world_load(struct world *world, const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0, number = 0;
	ssize_t len;
	int rc = 0;

	*world = (struct world){ 0 };
	world->arxiv_index = index_new();
	world->s2_index = index_new();
	if (file == NULL) {
		perror(path);
		return -1;
	}
	while (rc == 0 && (len = getline(&line, &size, file)) != -1) {
		number++;
		if (len > 1)
			rc = line_read(world, line, (size_t)len);
	}
	if (rc == -1)
		fprintf(stderr, "apiserver: %s: line %zu is no paper\n", path, number);
	free(line);
	fclose(file);
	s2_order(world);
	return rc;
}

void
world_free(struct world *world)
{
	free(world->arxiv);
	free(world->s2);
	index_free(world->arxiv_index);
	index_free(world->s2_index);
	arena_free(&world->arena);
	*world = (struct world){ 0 };
}

size_t
world_arxiv_find(const struct world *world, struct slice id)
{
	return index_find(world->arxiv_index, id);
}

static size_t
s2_find(const struct world *world, const char *prefix, struct slice id)
{
	struct buf key = BUF_INIT;
	size_t found;

	buf_add_text(&key, prefix);
	for (size_t i = 0; i < id.len; i++)
		buf_add_char(&key, text_lower(id.data[i]));
	found = index_find(world->s2_index, buf_slice(&key));
	buf_free(&key);
	return found;
}

static struct slice
after(struct slice text, size_t skip)
{
	return (struct slice){ text.data + skip, text.len - skip };
}

/* `URL:https://arxiv.org/abs/2106.15928v1`: the one form that takes a version. */
static size_t
s2_find_url(const struct world *world, struct slice url)
{
	size_t at = text_find(url, "arxiv.org/abs/");
	struct slice id;
	size_t end;

	if (at == url.len) {
		at = text_find(url, "semanticscholar.org/paper/");
		return at == url.len ? SIZE_MAX : s2_find(world, "sha:", after(url, url.len - 40));
	}
	id = after(url, at + strlen("arxiv.org/abs/"));
	for (end = id.len; end > 0 && text_is_digit(id.data[end - 1]);)
		end--;
	if (end > 0 && end < id.len && id.data[end - 1] == 'v')
		id.len = end - 1;
	return s2_find(world, "arxiv:", id);
}

size_t
world_s2_find(const struct world *world, struct slice id)
{
	static const char *const prefixes[] = {
		"arxiv:", "doi:", "corpusid:", "mag:", "acl:", "pmid:", "pmcid:"
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (text_starts(id, prefixes[i]))
			return s2_find(world, prefixes[i], after(id, strlen(prefixes[i])));
	if (text_starts(id, "url:") && id.len > 44)
		return s2_find_url(world, after(id, 4));
	if (text_starts(id, "10."))
		return s2_find(world, "doi:", id);
	return s2_find(world, "sha:", id);
}

/* `YYMM.9NNNN` of the month of ${when}. */
static struct slice
grown_id(struct world *world, int64_t when)
{
	int year, month, day;
	char id[24];

	date_civil(date_day_of(when), &year, &month, &day);
	do {
		snprintf(id, sizeof(id), "%02d%02d.%05u", year % 100, month,
		    90000 + world->grown++ % 10000);
	} while (world_arxiv_find(world, slice_of(id)) != SIZE_MAX);
	return arena_dup(&world->arena, slice_of(id));
}

static struct slice
grown_title(struct world *world, struct slice title)
{
	struct buf text = BUF_INIT;
	struct slice kept;

	buf_add_slice(&text, title);
	buf_printf(&text, ", late arrival %u", world->grown);
	kept = arena_dup(&world->arena, buf_slice(&text));
	buf_free(&text);
	return kept;
}

static void
grow_arxiv(struct world *world, size_t model, struct slice id, int64_t when)
{
	struct arxiv_paper *paper = arxiv_add(world);

	*paper = world->arxiv[model];
	paper->id = id;
	paper->title = grown_title(world, paper->title);
	paper->doi = SLICE_NONE;
	paper->versions = arena_new(&world->arena, 1, sizeof(*paper->versions));
	paper->versions[0] = when;
	paper->version_count = 1;
	arxiv_fold(world, paper);
	index_add(world->arxiv_index, id, world->arxiv_count - 1);
}

/* The model's record with its own ids, title and date. */
static void
grow_s2(struct world *world, size_t model, struct slice arxiv_id, int64_t when)
{
	const struct s2_paper *old = &world->s2[model];
	json_t *object = json_object(), *ids;
	uint64_t hash = index_hash(arxiv_id);
	char paper_id[41], day[DATE_DAY_SIZE];
	unsigned corpus = 990000000 + world->grown;

	for (size_t i = 0; i < old->value_count; i++)
		json_object_set_new(object, old->values[i].key.data,
		    json_loads(old->values[i].json.data, JSON_DECODE_ANY, NULL));
	snprintf(paper_id, sizeof(paper_id), "%016" PRIx64 "%016" PRIx64 "%08" PRIx32, hash,
	    hash * 31, (uint32_t)(hash >> 7));
	date_day_write(date_day_of(when), day);
	ids = json_pack("{s:s,s:i}", "ArXiv", arxiv_id.data, "CorpusId", (int)corpus);
	json_object_set_new(object, "paperId", json_string(paper_id));
	json_object_set_new(object, "corpusId", json_integer(corpus));
	json_object_set_new(object, "externalIds", ids);
	json_object_set_new(object, "publicationDate", json_string(day));
	if (s2_read(world, object) == -1)
		fprintf(stderr, "apiserver: cannot grow the world\n");
	json_decref(object);
	s2_order(world);
}

void
world_grow(struct world *world, size_t arxiv, size_t s2, int64_t when)
{
	struct slice id = grown_id(world, when);

	if (arxiv != SIZE_MAX)
		grow_arxiv(world, arxiv, id, when);
	if (s2 != SIZE_MAX)
		grow_s2(world, s2, id, when);
}
