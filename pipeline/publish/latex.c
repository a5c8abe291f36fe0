#include "latex.h"

#include "mem.h"
#include "text.h"

#include <stdlib.h>

/* What is known of a byte. */
enum mark {
	/* Within math, its delimiters included, or an argument that is no text, such as an address.
	 */
	MARK_RAW = 1,
	/* A brace without its other half. */
	MARK_ALONE = 2
};

/* A text that is being written. */
struct latex {
	struct slice text;
	/* By byte: enum mark. */
	unsigned char *marks;
	/* Braces that wait for their other half. */
	size_t *open;
	/* Ends that were looked for in vain, and are not looked for again. */
	bool no_group, no_round, no_square, no_display;
	/* An & may stand in its math. */
	bool aligned;
	struct buf *out;
};

/* The byte at a place, NUL behind the end: a text holds none. */
static char
at(const struct latex *latex, size_t place)
{
	return place < latex->text.len ? latex->text.data[place] : '\0';
}

/* Letters from a place on: the name of a command. */
static struct slice
word_at(const struct latex *latex, size_t place)
{
	size_t end = place;

	while (text_is_letter(at(latex, end)))
		end++;
	return (struct slice){ latex->text.data + place, end - place };
}

static bool
is_among(struct slice word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(word, words[i]))
			return true;
	return false;
}

#define IS_AMONG(word, words) is_among(word, words, sizeof(words) / sizeof((words)[0]))

/* Where a backslash and what belongs to it end. */
static size_t
behind_escape(const struct latex *latex, size_t place)
{
	return place + 2 < latex->text.len ? place + 2 : latex->text.len;
}

/* Find the braces of a range that have no other half; an escaped one has an escaped one.  Of the
 * whole text, bytes that are raw are passed over. */
static void
mark_braces(struct latex *latex, size_t from, size_t to, bool raw)
{
	size_t depth = 0;

	for (size_t i = from; i < to; i++) {
		bool escaped = at(latex, i) == '\\';
		char c = at(latex, i + escaped);

		if (!raw && (latex->marks[i] & MARK_RAW))
			continue;
		i += escaped;
		if (c == '{') {
			latex->open[depth++] = 2 * i + escaped;
		} else if (c == '}') {
			if (depth > 0 && (latex->open[depth - 1] & 1) == escaped)
				depth--;
			else
				latex->marks[i] |= MARK_ALONE;
		}
	}
	while (depth > 0)
		latex->marks[latex->open[--depth] / 2] |= MARK_ALONE;
}

static size_t
mark_raw(struct latex *latex, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		latex->marks[i] |= MARK_RAW;
	mark_braces(latex, from, to, true);
	return to;
}

/* Behind the `\)` or `\]` that ends what begins at a place, or that place if it has none. */
static size_t
behind_escaped(const struct latex *latex, size_t place, char close, bool *none)
{
	for (size_t i = place + 2; !*none && i < latex->text.len; i++)
		if (at(latex, i) == '\\' && at(latex, ++i) == close)
			return i + 1;
	*none = true;
	return place;
}

/* Whether what stands between two dollars is math, not prose between two prices. */
static bool
is_math(const struct latex *latex, size_t from, size_t to)
{
	if (to == from)
		return false;
	for (size_t i = from; i < to; i++)
		if (strchr("\\^_", at(latex, i)) != NULL)
			return true;
	return at(latex, from) != ' ' && at(latex, to - 1) != ' ' &&
	       !text_is_digit(at(latex, to + 1));
}

/* Behind the math that a dollar begins, or the place of the dollar if it begins none. */
static size_t
behind_dollars(struct latex *latex, size_t place)
{
	bool display = at(latex, place + 1) == '$';
	size_t from = place + 1 + display;

	if (display && latex->no_display)
		return place;
	for (size_t i = from; i < latex->text.len; i++) {
		if (at(latex, i) == '\\')
			i++;
		else if (at(latex, i) == '$' && !display)
			return is_math(latex, from, i) ? i + 1 : place;
		else if (at(latex, i) == '$' && at(latex, i + 1) == '$')
			return i + 2;
	}
	latex->no_display = display;
	return place;
}

/* Behind the group that begins at a place, or that place. */
static size_t
behind_group(struct latex *latex, size_t place)
{
	size_t depth = 0;

	for (size_t i = place; !latex->no_group && i < latex->text.len; i++) {
		if (at(latex, i) == '{')
			depth++;
		else if (at(latex, i) == '}' && --depth == 0)
			return i + 1;
	}
	latex->no_group = true;
	return place;
}

/* Mark the argument of a command that does not take text; where to go on. */
static size_t
mark_argument(struct latex *latex, size_t place)
{
	static const char *const commands[] = { "url", "href", "path", "nolinkurl", "ensuremath",
		"ce" };
	struct slice word = word_at(latex, place + 1);
	size_t end = place + 1 + word.len;

	if (word.len == 0)
		return behind_escape(latex, place);
	if (at(latex, end) == '{' && IS_AMONG(word, commands))
		return mark_raw(latex, end, behind_group(latex, end));
	return end;
}

static void
mark(struct latex *latex)
{
	for (size_t i = 0; i < latex->text.len;) {
		char c = at(latex, i), next = at(latex, i + 1);
		size_t end = i;

		if (c == '$')
			end = behind_dollars(latex, i);
		else if (c == '\\' && next == '(')
			end = behind_escaped(latex, i, ')', &latex->no_round);
		else if (c == '\\' && next == '[')
			end = behind_escaped(latex, i, ']', &latex->no_square);
		else if (c == '\\')
			end = mark_argument(latex, i);
		if (end > i && (c == '$' || next == '(' || next == '['))
			mark_raw(latex, i, end);
		/* Of two dollars that begin nothing the second begins nothing either. */
		i = end > i ? end : i + 1 + (c == '\\' || (c == '$' && next == '$'));
	}
	mark_braces(latex, 0, latex->text.len, false);
}

/* Whether a command may not stand: it would do something to the reader's document or files. */
static bool
is_forbidden(const struct latex *latex, struct slice word)
{
	static const char *const commands[] = { "input", "include", "openin", "openout", "closein",
		"closeout", "read", "readline", "write", "immediate", "special", "catcode", "def",
		"edef", "gdef", "xdef", "let", "futurelet", "global", "long", "outer", "csname",
		"endcsname", "expandafter", "noexpand", "aftergroup", "afterassignment",
		"scantokens", "endinput", "newcommand", "renewcommand", "providecommand",
		"DeclareRobustCommand", "NewDocumentCommand", "newenvironment", "renewenvironment",
		"usepackage", "RequirePackage", "documentclass", "loop", "repeat", "directlua",
		"latelua", "luaexec", "luadirect", "pdffiledump", "pdfobj", "pdfliteral",
		"includegraphics", "includepdf", "lstinputlisting", "verbatiminput", "subfile",
		"import", "subimport", "InputIfFileExists", "IfFileExists", "ShellEscape",
		"bibliography", "addbibresource", "output", "shipout", "everypar", "message",
		"errmessage", "batchmode", "font", "bye", "dump", "csuse", "verb",
		"tableofcontents", "listoffigures", "listoftables", "printbibliography",
		"maketitle" };
	static const char *const environments[] = { "matrix", "pmatrix", "bmatrix", "Bmatrix",
		"vmatrix", "Vmatrix", "smallmatrix", "cases", "array", "aligned", "split",
		"gathered" };
	size_t end = (size_t)(word.data - latex->text.data) + word.len;

	if (slice_is(word, "begin") || slice_is(word, "end"))
		return at(latex, end) != '{' || !IS_AMONG(word_at(latex, end + 1), environments) ||
		       at(latex, end + 1 + word_at(latex, end + 1).len) != '}';
	return IS_AMONG(word, commands);
}

static void
write_backslash(struct latex *latex, bool raw)
{
	buf_add_text(latex->out, raw ? "\\backslash " : "\\textbackslash{}");
}

static void
write_lone_brace(struct latex *latex, char brace, bool raw)
{
	if (raw)
		buf_add_text(latex->out, brace == '{' ? "\\lbrace " : "\\rbrace ");
	else
		buf_add_text(latex->out, brace == '{' ? "\\textbraceleft{}" : "\\textbraceright{}");
}

/* What a backslash begins; where to go on. */
static size_t
write_command(struct latex *latex, size_t place)
{
	struct slice word = word_at(latex, place + 1);
	char c = at(latex, place + 1);
	bool raw = latex->marks[place] & MARK_RAW;

	if (word.len > 0 && !is_forbidden(latex, word)) {
		buf_add_char(latex->out, '\\');
		buf_add_slice(latex->out, word);
		return place + 1 + word.len;
	}
	if (word.len > 0 || c == '\0' || strchr("'`\"^~=.&%$#_{},;:!/\\ ()[]@-+*<>|", c) == NULL ||
	    (!raw && strchr("()[]", c) != NULL)) {
		write_backslash(latex, raw);
		return place + 1;
	}
	if (latex->marks[place + 1] & MARK_ALONE) {
		write_lone_brace(latex, c, raw);
	} else {
		buf_add_char(latex->out, '\\');
		buf_add_char(latex->out, c);
	}
	return place + 2;
}

/* Whether a ~ holds two words together, as in `Fig.~3` or `10~GeV`, and is not "about" or part of a
 * path. */
static bool
is_tie(const struct latex *latex, size_t place)
{
	char before = place == 0 ? ' ' : at(latex, place - 1), next = at(latex, place + 1);

	if (text_is_letter(before) || strchr(".})$", before) != NULL)
		return text_is_letter(next) || text_is_digit(next) || next == '\\' || next == '$';
	return text_is_digit(before) && (text_is_letter(next) || next == '\\' || next == '$');
}

static void
write_special(struct latex *latex, size_t place)
{
	char c = at(latex, place);
	bool raw = latex->marks[place] & MARK_RAW;

	if ((c == '{' || c == '}') && (latex->marks[place] & MARK_ALONE)) {
		write_lone_brace(latex, c, raw);
	} else if (c == '%' || c == '#' || (c == '&' && !(raw && latex->aligned)) ||
		   (!raw && (c == '_' || c == '$'))) {
		buf_add_char(latex->out, '\\');
		buf_add_char(latex->out, c);
	} else if (c == '^' && !raw) {
		buf_add_text(latex->out, "\\textasciicircum{}");
	} else if (c == '~' && !raw && !is_tie(latex, place)) {
		buf_add_text(latex->out, "\\textasciitilde{}");
	} else {
		buf_add_char(latex->out, c);
		/* `^^5c` would be a backslash. */
		if (c == '^' && at(latex, place + 1) == '^')
			buf_add_text(latex->out, "{}");
	}
}

static void
write_marked(struct latex *latex)
{
	size_t i = 0;

	while (i < latex->text.len) {
		char c = at(latex, i);

		if (c == '\\') {
			i = write_command(latex, i);
			continue;
		}
		if (strchr("{}$&%#_^~", c) != NULL)
			write_special(latex, i);
		else
			buf_add_char(latex->out, c);
		i++;
	}
}

void
latex_write(struct slice text, struct buf *out)
{
	struct latex latex = { .text = text, .out = out };
	bool special = false;

	for (size_t i = 0; i < text.len && !special; i++)
		special = strchr("\\{}$&%#_^~", text.data[i]) != NULL;
	if (!special) {
		buf_add_slice(out, text);
		return;
	}
	latex.marks = mem_new(text.len, 1);
	latex.open = mem_new(text.len, sizeof(*latex.open));
	latex.aligned = text_find(text, "\\begin{") < text.len;
	mark(&latex);
	write_marked(&latex);
	free(latex.open);
	free(latex.marks);
}
