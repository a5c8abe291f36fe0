#include "lookup.h"

#include "arxiv_id.h"
#include "bounds.h"
#include "digest.h"
#include "doi.h"
#include "key_table.h"
#include "mem.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>

#define ID_DIGITS (DIGEST_HEX_SIZE - 1)
/* The fewest digits that count as the beginning of an id, and so many show one. */
#define PREFIX_DIGITS 4
#define SHOWN_DIGITS 16
/* So many near rows are told. */
#define NEAREST 3
/* No id that a person types is longer; nothing is near to what is. */
#define NEAR_BYTES 128
#define NO_ASK SIZE_MAX

/* What a name can be, the surest kind first; the kinds of the keys. */
enum kind { KIND_ARXIV, KIND_DOI, KIND_URL, KIND_ID, KIND_COUNT };

/* A row that a name fits: its line and the beginning of its id, empty without one. */
struct fit {
	uint64_t line;
	char id[SHOWN_DIGITS + 1];
};

struct found {
	struct lookup_hit hit;
	struct fit fits[NEAREST];
	/* The last of them: a row counts once. */
	uint64_t last_line;
};

struct name {
	/* In its shortest form: what is compared with the names of rows. */
	char *text;
	/* With the names of which kinds. */
	bool near[KIND_COUNT];
	struct found found[KIND_COUNT];
};

/* One name that asks for a key. */
struct ask {
	size_t name;
	/* The next one of the same key, or NO_ASK. */
	size_t next;
};

struct lookup {
	struct name *names;
	size_t count;
	size_t capacity;
	struct key_table *keys;
	/* The first ask of each key. */
	size_t *heads;
	size_t head_capacity;
	struct ask *asks;
	size_t ask_count;
	size_t ask_capacity;
	/* Which kinds somebody asks for, and which lengths of the beginning of an id. */
	bool asked[KIND_COUNT];
	bool prefixes[ID_DIGITS + 1];
	/* Which kinds of names of rows are kept for lookup_nearest; and these: for each row one
	   text a kind, each with its NUL. */
	bool kept[KIND_COUNT];
	struct buf rows;
	/* Of the row that is being looked at. */
	struct buf id;
	struct buf text;
	struct buf lower;
};

struct lookup *
lookup_new(void)
{
	struct lookup *lookup = mem_new(1, sizeof(*lookup));

	lookup->keys = key_table_new();
	return lookup;
}

void
lookup_free(struct lookup *lookup)
{
	if (lookup == NULL)
		return;
	for (size_t i = 0; i < lookup->count; i++)
		free(lookup->names[i].text);
	free(lookup->names);
	free(lookup->heads);
	free(lookup->asks);
	key_table_free(lookup->keys);
	buf_free(&lookup->rows);
	buf_free(&lookup->id);
	buf_free(&lookup->text);
	buf_free(&lookup->lower);
	free(lookup);
}

static struct slice
set_lower(struct buf *out, struct slice text)
{
	buf_clear(out);
	buf_add_text(out, "");
	buf_add_slice(out, text);
	return text_fold(buf_slice(out), out->data);
}

static bool
is_hex(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text_digit(text.data[i]) > 15)
			return false;
	return true;
}

static void
ask_key(struct lookup *lookup, enum kind kind, struct slice key)
{
	uint32_t number = key_table_intern(lookup->keys, (int)kind, key);
	size_t known = lookup->head_capacity;

	lookup->heads = mem_grow(
	    lookup->heads, &lookup->head_capacity, (size_t)number + 1, sizeof(*lookup->heads));
	for (; known < lookup->head_capacity; known++)
		lookup->heads[known] = NO_ASK;
	lookup->asks = mem_grow(
	    lookup->asks, &lookup->ask_capacity, lookup->ask_count + 1, sizeof(*lookup->asks));
	lookup->asks[lookup->ask_count] =
	    (struct ask){ .name = lookup->count, .next = lookup->heads[number] };
	lookup->heads[number] = lookup->ask_count++;
	lookup->asked[kind] = true;
}

/* Ask for all that a name can be; returns its shortest form. */
static struct slice
ask_name(struct lookup *lookup, struct slice text, struct name *name, struct arxiv_id *arxiv_id)
{
	struct slice doi = doi_strip(text), lower = set_lower(&lookup->lower, text);
	bool prefix = text.len >= PREFIX_DIGITS && text.len <= ID_DIGITS && is_hex(text);

	/* Whoever types a URL wants to copy one: it fits as a whole or not at all. */
	if (text_find(text, "://") < text.len)
		ask_key(lookup, KIND_URL, text);
	if (arxiv_id_parse(text, arxiv_id) == 0 || (doi.data != NULL && doi_arxiv(doi, arxiv_id))) {
		name->near[KIND_ARXIV] = true;
		ask_key(lookup, KIND_ARXIV, slice_of(arxiv_id->text));
		return slice_of(arxiv_id->text);
	}
	if (doi.data != NULL) {
		name->near[KIND_DOI] = true;
		lower = set_lower(&lookup->lower, doi);
		ask_key(lookup, KIND_DOI, lower);
		return lower;
	}
	if (prefix) {
		lookup->prefixes[text.len] = true;
		ask_key(lookup, KIND_ID, lower);
	}
	name->near[KIND_ID] = prefix;
	name->near[KIND_DOI] = !prefix;
	name->near[KIND_ARXIV] = true;
	return lower;
}

size_t
lookup_add(struct lookup *lookup, struct slice name)
{
	struct slice text = text_trim(name);
	struct arxiv_id arxiv_id;
	struct name *added;

	lookup->names =
	    mem_grow(lookup->names, &lookup->capacity, lookup->count + 1, sizeof(*lookup->names));
	added = &lookup->names[lookup->count];
	*added = (struct name){ .text = NULL };
	for (int i = 0; i < KIND_COUNT; i++)
		added->found[i].hit.offset = LOOKUP_NONE;
	/* No name of a paper is longer than a text field may be. */
	if (text.len > 0 && text.len <= BOUND_TEXT_BYTES) {
		struct slice shortest = ask_name(lookup, text, added, &arxiv_id);

		if (shortest.len <= NEAR_BYTES)
			added->text = mem_dup(shortest.data, shortest.len);
	}
	for (int i = 0; i < KIND_COUNT; i++)
		lookup->kept[i] |= added->text != NULL && added->near[i];
	return lookup->count++;
}

/* A row, where it stands, and the beginning of its id. */
struct place {
	struct lookup_hit hit;
	struct slice id;
};

static void
add_hit(struct found *found, const struct place *place)
{
	uint64_t before = found->hit.rows;

	if (before > 0 && found->last_line == place->hit.line)
		return;
	if (before < NEAREST) {
		struct fit *fit = &found->fits[before];
		size_t len = place->id.len < SHOWN_DIGITS ? place->id.len : SHOWN_DIGITS;

		fit->line = place->hit.line;
		for (size_t i = 0; i < len; i++)
			fit->id[i] = place->id.data[i];
		fit->id[len] = '\0';
	}
	if (before == 0)
		found->hit = place->hit;
	found->hit.rows = before + 1;
	found->last_line = place->hit.line;
}

static void
hold_key(struct lookup *lookup, enum kind kind, struct slice key, const struct place *place)
{
	uint32_t number = key_table_find(lookup->keys, (int)kind, key);

	if (number == KEY_NONE)
		return;
	for (size_t at = lookup->heads[number]; at != NO_ASK; at = lookup->asks[at].next)
		add_hit(&lookup->names[lookup->asks[at].name].found[kind], place);
}

static void
keep_name(struct lookup *lookup, enum kind kind, struct slice text)
{
	if (lookup->kept[kind])
		buf_add_slice(&lookup->rows, text);
	buf_add_char(&lookup->rows, '\0');
}

static struct slice
row_text(struct lookup *lookup, const struct row_line *row, enum row_key field)
{
	buf_clear(&lookup->text);
	buf_add_text(&lookup->text, "");
	row_line_text(row, field, &lookup->text);
	return buf_slice(&lookup->text);
}

static void
hold_arxiv(struct lookup *lookup, const struct row_line *row, const struct place *place)
{
	struct arxiv_id id = { .text = "" };

	if (arxiv_id_parse(row_text(lookup, row, ROW_ARXIV_ID), &id) == 0)
		hold_key(lookup, KIND_ARXIV, slice_of(id.text), place);
	keep_name(lookup, KIND_ARXIV, slice_of(id.text));
}

static void
hold_doi(struct lookup *lookup, const struct row_line *row, const struct place *place)
{
	struct slice field = row_text(lookup, row, ROW_DOI), written;
	struct slice doi;
	struct arxiv_id id;
	size_t at = 0;

	while ((doi = doi_next(field, &at, &written)).data != NULL) {
		if (doi_arxiv(doi, &id))
			hold_key(lookup, KIND_ARXIV, slice_of(id.text), place);
		else
			hold_key(lookup, KIND_DOI, set_lower(&lookup->lower, doi), place);
	}
	/* A field of several is near to nothing. */
	doi = doi_strip(field);
	keep_name(lookup, KIND_DOI,
	    doi.data == NULL ? SLICE_LITERAL("") : set_lower(&lookup->lower, doi));
}

static void
hold_urls(struct lookup *lookup, const struct row_line *row, const struct place *place)
{
	if (!lookup->asked[KIND_URL])
		return;
	hold_key(lookup, KIND_URL, row_text(lookup, row, ROW_URL), place);
	hold_key(lookup, KIND_URL, row_text(lookup, row, ROW_PDF_URL), place);
}

static void
hold_id(struct lookup *lookup, const struct place *place)
{
	struct slice id = place->id;
	bool whole = id.len == ID_DIGITS && is_hex(id);

	for (size_t len = PREFIX_DIGITS; len <= id.len && len <= ID_DIGITS; len++)
		if (lookup->prefixes[len])
			hold_key(lookup, KIND_ID, (struct slice){ id.data, len }, place);
	keep_name(lookup, KIND_ID, (struct slice){ id.data, whole ? SHOWN_DIGITS : 0 });
}

void
lookup_row(
    struct lookup *lookup, const struct row_line *row, uint64_t offset, size_t len, uint64_t line)
{
	struct place place = { .hit = { .offset = offset, .len = len, .line = line } };

	place.id = set_lower(&lookup->id, row_text(lookup, row, ROW_ID));
	hold_arxiv(lookup, row, &place);
	hold_doi(lookup, row, &place);
	hold_urls(lookup, row, &place);
	hold_id(lookup, &place);
}

static const struct found *
found_of(const struct lookup *lookup, size_t number)
{
	const struct name *name = &lookup->names[number];
	size_t kind = 0;

	while (kind < KIND_COUNT - 1 && name->found[kind].hit.rows == 0)
		kind++;
	return &name->found[kind];
}

struct lookup_hit
lookup_hit(const struct lookup *lookup, size_t number)
{
	return found_of(lookup, number)->hit;
}

/* Names of rows that are near, the nearest first. */
struct near {
	struct slice texts[NEAREST];
	size_t distances[NEAREST];
	size_t count;
};

static void
add_near(struct near *near, struct slice text, size_t distance)
{
	size_t at = near->count < NEAREST ? near->count++ : NEAREST - 1;

	for (; at > 0 && near->distances[at - 1] > distance; at--) {
		near->texts[at] = near->texts[at - 1];
		near->distances[at] = near->distances[at - 1];
	}
	near->texts[at] = text;
	near->distances[at] = distance;
}

static bool
is_known(const struct near *near, struct slice text)
{
	for (size_t i = 0; i < near->count; i++)
		if (slice_equal(near->texts[i], text))
			return true;
	return false;
}

/* Hold one name of a row against a name; of an id only as many digits as that has. */
static void
hold_near(struct near *near, const struct name *name, enum kind kind, struct slice text)
{
	struct slice wanted = slice_of(name->text), begin = text;
	size_t limit =
	    near->count < NEAREST ? NEAR_BYTES + BOUND_DOI_BYTES : near->distances[NEAREST - 1];
	size_t distance;

	if (kind == KIND_ID && wanted.len > SHOWN_DIGITS)
		wanted.len = SHOWN_DIGITS;
	if (kind == KIND_ID && begin.len > wanted.len)
		begin.len = wanted.len;
	/* One that is as far as the last of three came later. */
	if (near->count == NEAREST && limit-- == 0)
		return;
	distance = text_distance(wanted, begin, limit);
	if (distance <= limit && !is_known(near, text))
		add_near(near, text, distance);
}

static void
find_near(const struct lookup *lookup, const struct name *name, struct near *near)
{
	const char *at = lookup->rows.data, *end = at + lookup->rows.len;

	while (at < end) {
		for (int kind = 0; kind < KIND_COUNT; kind++) {
			struct slice text;

			/* Rows have no name of this kind. */
			if (kind == KIND_URL)
				continue;
			text = slice_of(at);
			at += text.len + 1;
			if (text.len > 0 && name->near[kind])
				hold_near(near, name, (enum kind)kind, text);
		}
	}
}

static void
write_fits(const struct found *found, struct buf *out)
{
	for (size_t i = 0; i < NEAREST && i < found->hit.rows; i++)
		buf_printf(out, "%s%s%sline %" PRIu64, i == 0 ? "" : ", ", found->fits[i].id,
		    found->fits[i].id[0] == '\0' ? "" : " in ", found->fits[i].line);
}

void
lookup_nearest(const struct lookup *lookup, size_t number, struct buf *out)
{
	const struct found *found = found_of(lookup, number);
	struct near near = { .count = 0 };

	if (found->hit.rows > 0) {
		write_fits(found, out);
		return;
	}
	if (lookup->names[number].text != NULL && lookup->rows.len > 0)
		find_near(lookup, &lookup->names[number], &near);
	for (size_t i = 0; i < near.count; i++) {
		buf_add_text(out, i == 0 ? "" : ", ");
		buf_add_slice(out, near.texts[i]);
	}
}
