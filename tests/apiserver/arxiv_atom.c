#include "arxiv_atom.h"

#include "date.h"
#include "index.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

#define ARXIV_NS "http://arxiv.org/schemas/atom"
#define OPENSEARCH_NS "http://a9.com/-/spec/opensearch/1.1/"

/* XML 1.0 has no C0 control characters but these three. */
static void
add_escaped(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '&')
			buf_add_text(out, "&amp;");
		else if (c == '<')
			buf_add_text(out, "&lt;");
		else if (c == '>')
			buf_add_text(out, "&gt;");
		else if (c == '"')
			buf_add_text(out, "&quot;");
		else if ((unsigned char)c >= ' ' || c == '\n' || c == '\t')
			buf_add_char(out, c);
	}
}

/* In text `"` stays as it is. */
static void
add_text(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			buf_add_char(out, '"');
		else
			add_escaped((struct slice){ text.data + i, 1 }, out);
	}
}

/* Hard-wrapped at 80 characters, as the legacy server did. */
static void
add_wrapped(struct slice text, size_t column, const char *newline, struct buf *out)
{
	size_t at = 0, end;

	while (at < text.len) {
		for (end = at; end < text.len && text.data[end] != ' ';)
			end++;
		if (at > 0 && column + 1 + end - at > 78) {
			buf_add_text(out, newline);
			column = 0;
		} else if (at > 0) {
			buf_add_char(out, ' ');
			column++;
		}
		add_text((struct slice){ text.data + at, end - at }, out);
		column += end - at;
		at = end + 1;
	}
}

static void
add_time(const char *name, int64_t when, struct buf *out)
{
	char text[DATE_TIME_SIZE];

	date_time_write(when, text);
	buf_printf(out, "    <%s>%s</%s>\n", name, text, name);
}

/* The next DOI of a field: "the server loops and emits one arxiv:doi + one link per DOI". */
static struct slice
next_doi(struct slice field, size_t *at)
{
	size_t start;

	while (*at < field.len && field.data[*at] == ' ')
		(*at)++;
	start = *at;
	while (*at < field.len && field.data[*at] != ' ')
		(*at)++;
	return (struct slice){ field.data + start, *at - start };
}

static void
percent_encode(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (text_is_digit(c) || text_is_letter(c) ||
		    (c != '\0' && strchr("-_.~", c) != NULL))
			buf_add_char(out, c);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
	}
}

static void
legacy_head_write(const struct atom_head *head, struct buf *out)
{
	struct buf query = BUF_INIT;
	char day[DATE_DAY_SIZE];

	buf_add_text(&query, "search_query=");
	buf_add_slice(&query, head->query);
	buf_add_text(&query, "&id_list=");
	buf_add_slice(&query, head->id_list);
	buf_printf(&query, "&start=%zu&max_results=%zu", head->start, head->max_results);
	date_day_write(date_day_of(head->now), day);
	buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
			  "  <link href=\"http://arxiv.org/api/query?");
	percent_encode(buf_slice(&query), out);
	buf_add_text(out, "\" rel=\"self\" type=\"application/atom+xml\"/>\n"
			  "  <title type=\"html\">ArXiv Query: ");
	add_escaped(buf_slice(&query), out);
	buf_printf(out,
	    "</title>\n  <id>http://arxiv.org/api/%016" PRIx64 "</id>\n"
	    "  <updated>%sT00:00:00-04:00</updated>\n",
	    index_hash(buf_slice(&query)), day);
	buf_printf(out,
	    "  <opensearch:totalResults xmlns:opensearch=\"" OPENSEARCH_NS
	    "\">%zu</opensearch:totalResults>\n"
	    "  <opensearch:startIndex xmlns:opensearch=\"" OPENSEARCH_NS
	    "\">%zu</opensearch:startIndex>\n"
	    "  <opensearch:itemsPerPage xmlns:opensearch=\"" OPENSEARCH_NS
	    "\">%zu</opensearch:itemsPerPage>\n",
	    head->total, head->start, head->max_results);
	buf_free(&query);
}

static void
new_declaration_write(struct buf *out)
{
	buf_add_text(out, "<?xml version='1.0' encoding='UTF-8'?>\n"
			  "<feed xmlns:opensearch=\"" OPENSEARCH_NS "\" xmlns:arxiv=\"" ARXIV_NS
			  "\" xmlns=\"http://www.w3.org/2005/Atom\">\n");
}

static void
numbers_write(size_t per_page, size_t total, size_t start, struct buf *out)
{
	buf_printf(out,
	    "  <opensearch:itemsPerPage>%zu</opensearch:itemsPerPage>\n"
	    "  <opensearch:totalResults>%zu</opensearch:totalResults>\n"
	    "  <opensearch:startIndex>%zu</opensearch:startIndex>\n",
	    per_page, total, start);
}

void
atom_head_write(const struct atom_head *head, struct buf *out)
{
	char now[DATE_TIME_SIZE];

	if (head->legacy) {
		legacy_head_write(head, out);
		return;
	}
	date_time_write(head->now, now);
	new_declaration_write(out);
	buf_printf(out, "  <id>https://arxiv.org/api/%016" PRIx64 "</id>\n",
	    index_hash(head->query) ^ index_hash(head->id_list) ^ head->start);
	buf_add_text(out, "  <title>arXiv Query: search_query=");
	add_text(head->query, out);
	buf_add_text(out, "&amp;id_list=");
	add_text(head->id_list, out);
	buf_printf(out, "&amp;start=%zu&amp;max_results=%zu</title>\n  <updated>%s</updated>\n",
	    head->start, head->max_results, now);
	buf_add_text(out, "  <link href=\"https://arxiv.org/api/query?search_query=");
	add_escaped(head->nested, out);
	buf_printf(
	    out, "&amp;start=%zu&amp;max_results=%zu&amp;id_list=", head->start, head->max_results);
	add_escaped(head->id_list, out);
	buf_add_text(out, "\" type=\"application/atom+xml\"/>\n");
	numbers_write(head->max_results, head->total, head->start, out);
}

/* `<name>text</name>` in arXiv's namespace, which the legacy server declared on each element. */
static void
add_extension(const char *name, struct slice text, bool legacy, struct buf *out)
{
	if (text.data == NULL)
		return;
	buf_printf(out, "    <arxiv:%s%s>", name, legacy ? " xmlns:arxiv=\"" ARXIV_NS "\"" : "");
	if (legacy)
		add_wrapped(text, 0, "\n  ", out);
	else
		add_text(text, out);
	buf_printf(out, "</arxiv:%s>\n", name);
}

static void
add_authors(const struct arxiv_paper *paper, struct buf *out)
{
	for (size_t i = 0; i < paper->authors.count; i++) {
		buf_add_text(out, "    <author>\n      <name>");
		add_text(paper->authors.items[i], out);
		buf_add_text(out, "</name>\n    </author>\n");
	}
}

static void
add_categories(const struct arxiv_paper *paper, struct buf *out)
{
	for (size_t i = 0; i < paper->categories.count; i++)
		buf_printf(out, "    <category term=\"%s\" scheme=\"" ARXIV_NS "\"/>\n",
		    paper->categories.items[i].data);
}

static void
add_dois(const struct arxiv_paper *paper, bool links, bool legacy, struct buf *out)
{
	size_t at = 0;
	struct slice doi;

	while (paper->doi.data != NULL && (doi = next_doi(paper->doi, &at)).len > 0) {
		if (!links) {
			add_extension("doi", doi, legacy, out);
			continue;
		}
		buf_printf(out, "    <link %shref=\"%s", legacy ? "title=\"doi\" " : "",
		    legacy ? "http://dx.doi.org/" : "https://doi.org/");
		add_escaped(doi, out);
		buf_printf(out, "\" rel=\"related\"%s/>\n", legacy ? "" : " title=\"doi\"");
	}
}

static void
legacy_entry_write(const struct arxiv_paper *paper, size_t version, struct buf *out)
{
	const char *id = paper->id.data;

	buf_printf(out, "  <entry>\n    <id>http://arxiv.org/abs/%sv%zu</id>\n", id, version);
	add_time("updated", paper->versions[version - 1], out);
	add_time("published", paper->versions[0], out);
	buf_add_text(out, "    <title>");
	add_wrapped(paper->title, 0, "\n  ", out);
	buf_add_text(out, "</title>\n    <summary>  ");
	add_wrapped(paper->abstract, 2, "\n", out);
	buf_add_text(out, "\n</summary>\n");
	add_authors(paper, out);
	add_dois(paper, false, true, out);
	add_dois(paper, true, true, out);
	add_extension("comment", paper->comment, true, out);
	add_extension("journal_ref", paper->journal_ref, true, out);
	buf_printf(out,
	    "    <link href=\"http://arxiv.org/abs/%sv%zu\" rel=\"alternate\" "
	    "type=\"text/html\"/>\n    <link title=\"pdf\" href=\"http://arxiv.org/pdf/%sv%zu\" "
	    "rel=\"related\" type=\"application/pdf\"/>\n",
	    id, version, id, version);
	buf_printf(out,
	    "    <arxiv:primary_category xmlns:arxiv=\"" ARXIV_NS
	    "\" term=\"%s\" scheme=\"" ARXIV_NS "\"/>\n",
	    paper->categories.items[0].data);
	add_categories(paper, out);
	/* MSC and ACM terms stood among the categories. */
	if (index_hash(paper->id) % 7 == 0)
		buf_add_text(
		    out, "    <category term=\"68T50, 68T07\" scheme=\"" ARXIV_NS "\"/>\n");
	buf_add_text(out, "  </entry>\n");
}

static void
new_entry_write(const struct arxiv_paper *paper, size_t version, struct buf *out)
{
	const char *id = paper->id.data;

	buf_printf(
	    out, "  <entry>\n    <id>http://arxiv.org/abs/%sv%zu</id>\n    <title>", id, version);
	add_text(paper->title, out);
	buf_add_text(out, "</title>\n");
	add_time("updated", paper->versions[version - 1], out);
	buf_printf(out,
	    "    <link href=\"https://arxiv.org/abs/%sv%zu\" rel=\"alternate\" "
	    "type=\"text/html\"/>\n    <link href=\"https://arxiv.org/pdf/%sv%zu\" "
	    "rel=\"related\" type=\"application/pdf\" title=\"pdf\"/>\n    <summary>",
	    id, version, id, version);
	/* The legacy server's indent survives in 10 of 739 recorded entries. */
	buf_add_text(out, index_hash(paper->id) % 70 == 0 ? "  " : "");
	add_text(paper->abstract, out);
	buf_add_text(out, "</summary>\n");
	add_categories(paper, out);
	add_time("published", paper->versions[0], out);
	add_extension("comment", paper->comment, false, out);
	buf_printf(
	    out, "    <arxiv:primary_category term=\"%s\"/>\n", paper->categories.items[0].data);
	add_extension("journal_ref", paper->journal_ref, false, out);
	add_authors(paper, out);
	add_dois(paper, false, false, out);
	add_dois(paper, true, false, out);
	buf_add_text(out, "  </entry>\n");
}

void
atom_entry_write(const struct arxiv_paper *paper, size_t version, bool legacy, struct buf *out)
{
	if (legacy)
		legacy_entry_write(paper, version, out);
	else
		new_entry_write(paper, version, out);
}

void
atom_tail_write(struct buf *out)
{
	buf_add_text(out, "</feed>\n");
}

/* `start must be an integer` is `#start_must_be_an_integer`. */
static void
add_error_id(const char *message, bool fragment, bool legacy, struct buf *out)
{
	buf_add_text(out, legacy ? "http://arxiv.org/api/errors" : "https://arxiv.org/api/errors");
	buf_add_text(out, fragment ? "#" : "");
	for (; fragment && *message != '\0'; message++)
		add_escaped((struct slice){ *message == ' ' ? "_" : message, 1 }, out);
}

void
atom_error_write(const char *message, bool fragment, bool legacy, int64_t now, struct buf *out)
{
	struct atom_head head = { legacy, SLICE_NONE, SLICE_NONE, SLICE_NONE, 1, 0, 1, now };
	char text[DATE_TIME_SIZE];

	date_time_write(now, text);
	if (legacy) {
		atom_head_write(&head, out);
	} else {
		new_declaration_write(out);
		buf_printf(out,
		    "  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
		    "  <updated>%s</updated>\n",
		    text);
		numbers_write(1, 1, 0, out);
	}
	buf_add_text(out, "  <entry>\n    <id>");
	add_error_id(message, fragment, legacy, out);
	buf_printf(out, "</id>\n    <title>Error</title>\n    <updated>%s</updated>\n", text);
	buf_add_text(out, "    <link href=\"");
	add_error_id(message, fragment, legacy, out);
	buf_add_text(out, "\" rel=\"alternate\" type=\"text/html\"/>\n    <summary>");
	add_text(slice_of(message), out);
	buf_add_text(out, "</summary>\n    <author>\n      <name>arXiv api core</name>\n"
			  "    </author>\n  </entry>\n");
	atom_tail_write(out);
}
