#include "output.h"

#include "bibtex_key.h"
#include "date.h"
#include "latex.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One entry in progress. */
struct entry {
	const struct row_line *row;
	struct buf *out;
	/* The text of a field, and as LaTeX has it. */
	struct buf text;
	struct buf latex;
};

enum venue { VENUE_NONE, VENUE_PREPRINT, VENUE_JOURNAL, VENUE_CONFERENCE };

static bool
holds_any(struct slice venue, const char *const *parts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_find(venue, parts[i]) < venue.len)
			return true;
	return false;
}

/* What a venue of Semantic Scholar is, from its name.  Most of those whose name does not tell are
 * journals: Nature, Cell, Algorithmica, Entropy. */
static enum venue
venue_kind(struct slice venue)
{
	static const char *const preprints[] = { "arxiv", "corr", "biorxiv", "medrxiv", "chemrxiv",
		"ssrn electronic journal", "social science research network", "preprints.org",
		"openreview.net" };
	static const char *const journals[] = { "journal", "transactions", "letters", "magazine",
		"annals", "bulletin", "proceedings of the national academy",
		"proceedings of the royal society", "proceedings of the ieee",
		"proceedings of the acm on", "proc. acm ", "vldb endow", "communications of" };
	static const char *const conferences[] = { "conference", "proceedings", "symposium",
		"workshop", "congress", "meeting", "colloquium", "conf.", "proc.", "symp.",
		"neural information processing", "computer vision and pattern",
		"association for computational linguistics", "findings of", "interspeech",
		"knowledge discovery and data mining", "robotics: science and systems", "usenix",
		"architectural support for programming" };

	if (venue.len == 0)
		return VENUE_NONE;
	for (size_t i = 0; i < COUNT(preprints); i++)
		if (text_starts(venue, preprints[i]) &&
		    (slice_of(preprints[i]).len == venue.len || text_starts(venue, "arxiv")))
			return VENUE_PREPRINT;
	if (holds_any(venue, journals, COUNT(journals)))
		return VENUE_JOURNAL;
	return holds_any(venue, conferences, COUNT(conferences)) ? VENUE_CONFERENCE : VENUE_JOURNAL;
}

/* The field as text; empty if it is null. */
static struct slice
text_of(struct entry *entry, enum row_key field)
{
	buf_clear(&entry->text);
	row_line_text(entry->row, field, &entry->text);
	return buf_slice(&entry->text);
}

static void
write_field(struct entry *entry, const char *name, struct slice value)
{
	if (value.len > 0)
		buf_printf(entry->out, ",\n  %s = {%.*s}", name, (int)value.len, value.data);
}

static void
write_text(struct entry *entry, const char *name, struct slice text)
{
	buf_clear(&entry->latex);
	latex_write(text, &entry->latex);
	write_field(entry, name, buf_slice(&entry->latex));
}

/* In braces of its own: no style changes its capitals.  A backslash right behind the brace would
 * make it what BibTeX calls a special character, whose letters are changed. */
static void
add_protected(struct slice text, struct buf *out)
{
	buf_add_text(out, text.len > 0 && text.data[0] == '\\' ? "{{}" : "{");
	latex_write(text, out);
	buf_add_char(out, '}');
}

static void
write_title(struct entry *entry)
{
	struct slice title = text_of(entry, ROW_TITLE);

	if (title.len == 0)
		return;
	buf_clear(&entry->latex);
	add_protected(title, &entry->latex);
	write_field(entry, "title", buf_slice(&entry->latex));
}

/* Whether BibTeX would take a name apart: at commas, and at the word "and"; "others" is et al. */
static bool
is_divided(struct slice name)
{
	if (memchr(name.data, ',', name.len) != NULL)
		return true;
	for (size_t i = 0; i < name.len;) {
		size_t end = i;
		struct slice word;

		while (end < name.len && name.data[end] != ' ')
			end++;
		word = (struct slice){ name.data + i, end - i };
		if ((word.len == 3 && text_starts(word, "and")) ||
		    (word.len == 6 && text_starts(word, "others")))
			return true;
		i = end + 1;
	}
	return false;
}

static void
write_authors(struct entry *entry)
{
	struct jsonl_value author;

	buf_clear(&entry->latex);
	for (size_t i = 0; jsonl_next(&entry->row->values[ROW_AUTHORS], &i, &author);) {
		struct slice name;

		buf_clear(&entry->text);
		jsonl_text(&author, &entry->text);
		name = text_trim(buf_slice(&entry->text));
		if (name.len == 0)
			continue;
		if (entry->latex.len > 0)
			buf_add_text(&entry->latex, " and ");
		if (is_divided(name))
			add_protected(name, &entry->latex);
		else
			latex_write(name, &entry->latex);
	}
	write_field(entry, "author", buf_slice(&entry->latex));
}

/* An address as styles have it: verbatim.  What it may not hold, or TeX would act on, is written in
 * hex. */
static void
write_address(struct entry *entry, const char *name, struct slice address)
{
	buf_clear(&entry->latex);
	for (size_t i = 0; i < address.len; i++) {
		unsigned char c = (unsigned char)address.data[i];

		if (c <= ' ' || c >= 0x7f || strchr("{}\\^\"", (char)c) != NULL)
			buf_printf(&entry->latex, "%%%02X", c);
		else
			buf_add_char(&entry->latex, (char)c);
	}
	write_field(entry, name, buf_slice(&entry->latex));
}

/* Semantic Scholar's date is 1 January where it knows the year alone. */
static void
write_date(struct entry *entry)
{
	static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec" };
	int64_t published = row_line_day(entry->row);
	int year, month, day;

	if (published == ROW_TIME_NONE)
		return;
	date_civil(published, &year, &month, &day);
	buf_printf(entry->out, ",\n  year = {%d}", year);
	if (month > 1 || day > 1 || row_line_has(entry->row, ROW_ARXIV_ID))
		buf_printf(entry->out, ",\n  month = %s", months[month - 1]);
}

static void
write_eprint(struct entry *entry)
{
	struct jsonl_value primary;
	size_t first = 0;

	if (!row_line_has(entry->row, ROW_ARXIV_ID))
		return;
	write_field(entry, "eprint", text_of(entry, ROW_ARXIV_ID));
	write_field(entry, "archivePrefix", SLICE_LITERAL("arXiv"));
	if (!jsonl_next(&entry->row->values[ROW_CATEGORIES], &first, &primary))
		return;
	buf_clear(&entry->text);
	jsonl_text(&primary, &entry->text);
	write_text(entry, "primaryClass", buf_slice(&entry->text));
}

static void
write_entry(struct entry *entry)
{
	static const struct {
		const char *type;
		const char *field;
	} kinds[] = {
		[VENUE_NONE] = { "misc", NULL },
		[VENUE_PREPRINT] = { "misc", "howpublished" },
		[VENUE_JOURNAL] = { "article", "journal" },
		[VENUE_CONFERENCE] = { "inproceedings", "booktitle" },
	};
	enum venue venue = venue_kind(text_of(entry, ROW_VENUE));

	buf_printf(entry->out, "@%s{", kinds[venue].type);
	bibtex_key_write(entry->row, entry->out);
	write_title(entry);
	write_authors(entry);
	/* Of arXiv the eprint tells. */
	if (kinds[venue].field != NULL && !text_starts(text_of(entry, ROW_VENUE), "arxiv"))
		write_text(entry, kinds[venue].field, text_of(entry, ROW_VENUE));
	write_date(entry);
	write_eprint(entry);
	write_address(entry, "doi", text_of(entry, ROW_DOI));
	write_address(entry, "url", text_of(entry, ROW_URL));
	write_text(entry, "abstract", text_of(entry, ROW_ABSTRACT));
	buf_add_text(entry->out, "\n}\n\n");
}

int
output_bibtex(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct buf text = BUF_INIT;
	struct row_reader reader;
	struct entry entry = { .row = &reader.row, .out = &text };
	int more;

	output_rows(input, &reader, log);
	while ((more = row_reader_next(&reader)) == 1) {
		buf_clear(&text);
		write_entry(&entry);
		file_writer_add(out, text.data, text.len);
	}
	row_reader_free(&reader);
	buf_free(&text);
	buf_free(&entry.text);
	buf_free(&entry.latex);
	return more;
}
