#include "s2_json.h"

#include "text.h"

#include <string.h>

/* As the swagger file lists them; `base` ones are those of the bulk search. */
static const struct field {
	const char *name;
	bool base;
} known[] = { { "paperId", true }, { "corpusId", true }, { "externalIds", true }, { "url", true },
	{ "title", true }, { "abstract", true }, { "venue", true }, { "publicationVenue", true },
	{ "year", true }, { "referenceCount", true }, { "citationCount", true },
	{ "influentialCitationCount", true }, { "isOpenAccess", true }, { "openAccessPdf", true },
	{ "fieldsOfStudy", true }, { "s2FieldsOfStudy", true }, { "publicationTypes", true },
	{ "publicationDate", true }, { "journal", true }, { "citationStyles", true },
	{ "authors", true }, { "citations", false }, { "references", false },
	{ "embedding", false }, { "tldr", false }, { "textAvailability", false } };

#define KNOWN_COUNT (sizeof(known) / sizeof(known[0]))

/* `authors.name` counts as `authors`. */
static size_t
field_find(struct slice name, bool full)
{
	const char *dot = name.len == 0 ? NULL : memchr(name.data, '.', name.len);

	if (dot != NULL)
		name.len = (size_t)(dot - name.data);
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		if (slice_is(name, known[i].name) && (full || known[i].base))
			return i;
	return KNOWN_COUNT;
}

int
s2_fields_parse(struct slice text, bool full, struct s2_fields *fields, struct buf *refused)
{
	size_t at = 0, end, found;
	struct slice name;

	*fields = (struct s2_fields){ { false } };
	if (text.len == 0)
		text = SLICE_LITERAL("title");
	for (; at <= text.len; at = end + 1) {
		for (end = at; end < text.len && text.data[end] != ',';)
			end++;
		name = text_trim((struct slice){ text.data + at, end - at });
		found = field_find(name, full);
		if (found < KNOWN_COUNT) {
			fields->wanted[found] = true;
			continue;
		}
		buf_add_text(refused, refused->len > 0 ? ", " : "");
		buf_add_slice(refused, name);
	}
	return refused->len > 0 ? -1 : 0;
}

static struct slice
value_of(const struct s2_paper *paper, const char *key)
{
	for (size_t i = 0; i < paper->value_count; i++)
		if (slice_is(paper->values[i].key, key))
			return paper->values[i].json;
	return SLICE_LITERAL("null");
}

void
s2_paper_write(const struct s2_paper *paper, const struct s2_fields *fields, struct buf *out)
{
	buf_printf(out, "{\"paperId\": \"%s\"", paper->paper_id.data);
	for (size_t i = 1; i < KNOWN_COUNT; i++) {
		if (!fields->wanted[i])
			continue;
		buf_printf(out, ", \"%s\": ", known[i].name);
		buf_add_slice(out, value_of(paper, known[i].name));
	}
	buf_add_char(out, '}');
}
