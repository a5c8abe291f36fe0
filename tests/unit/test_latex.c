#include "latex.h"

#include "scratch.h"

static void
test_latex(void **state)
{
	static const struct {
		const char *why, *text, *wanted;
	} cases[] = {
		{ "nothing", "", "" },
		{ "plain text", "Attention is all you need, 100 times: <b> \"x\"",
		    "Attention is all you need, 100 times: <b> \"x\"" },
		{ "other scripts", "Žluťoučký 推測 😀", "Žluťoučký 推測 😀" },
		{ "what LaTeX acts on", "A & B: 98% of C# in a_b^c",
		    "A \\& B: 98\\% of C\\# in a\\_b\\textasciicircum{}c" },
		{ "what is escaped already", "A \\& B: 98\\% of C\\# for \\$5 in a\\_b",
		    "A \\& B: 98\\% of C\\# for \\$5 in a\\_b" },
		{ "math", "An $O(n^2)$ bound on $\\ell_1$", "An $O(n^2)$ bound on $\\ell_1$" },
		{ "math with spaces", "$ x_1 $ and $ \\alpha $", "$ x_1 $ and $ \\alpha $" },
		{ "displayed math", "$$a_1 < b$$ x_1", "$$a_1 < b$$ x\\_1" },
		{ "math of LaTeX", "\\(a_1\\) and \\[b_1\\] c_1", "\\(a_1\\) and \\[b_1\\] c\\_1" },
		{ "per cent, sharp and ampersand in math", "$5\\%$ $x%y$ $a#b$ $c&d$",
		    "$5\\%$ $x\\%y$ $a\\#b$ $c\\&d$" },
		{ "a matrix", "$\\begin{pmatrix}a & b_1\\end{pmatrix}$",
		    "$\\begin{pmatrix}a & b_1\\end{pmatrix}$" },
		{ "an escaped dollar within math", "$a\\$b_1$ c_1", "$a\\$b_1$ c\\_1" },
		{ "prices", "from $5 to $10", "from \\$5 to \\$10" },
		{ "a range of prices", "$5-$10", "\\$5-\\$10" },
		{ "prices before math", "$5 or $10 for $x_1$", "\\$5 or \\$10 for $x_1$" },
		{ "a dollar alone", "US$", "US\\$" },
		{ "dollars with nothing between them", "a $$ b", "a \\$\\$ b" },
		{ "math that does not end", "\\(a_1 and \\[b_1",
		    "\\textbackslash{}(a\\_1 and \\textbackslash{}[b\\_1" },
		{ "math that does not begin", "a_1\\)", "a\\_1\\textbackslash{})" },
		{ "accents", "Erd\\H{o}s, G\\\"odel, Poincar\\'e, \\'{e}, {\\o}",
		    "Erd\\H{o}s, G\\\"odel, Poincar\\'e, \\'{e}, {\\o}" },
		{ "commands", "\\textbf{bold_1} \\emph{x} 5\\,km \\ldots a\\ b \\\\ c",
		    "\\textbf{bold\\_1} \\emph{x} 5\\,km \\ldots a\\ b \\\\ c" },
		{ "addresses", "\\url{https://x.org/a_b~c?d%20} \\href{http://y_z}{w_1}",
		    "\\url{https://x.org/a_b~c?d\\%20} \\href{http://y_z}{w\\_1}" },
		{ "formulas in text", "\\ce{H_2O} and \\ensuremath{a_1^2}",
		    "\\ce{H_2O} and \\ensuremath{a_1^2}" },
		{ "an address that does not end", "\\url{a_b", "\\url\\textbraceleft{}a\\_b" },
		{ "ties", "Fig.~3, 10~GeV, Apple~Silicon, $x$~$y$, \\cite{a}~b",
		    "Fig.~3, 10~GeV, Apple~Silicon, $x$~$y$, \\cite{a}~b" },
		{ "about", "~100 at z~ 5~10 and ~/x",
		    "\\textasciitilde{}100 at z\\textasciitilde{} 5\\textasciitilde{}10 and "
		    "\\textasciitilde{}/x" },
		{ "braces", "{BERT} {a{b}c}", "{BERT} {a{b}c}" },
		{ "a brace that is not closed", "a {b {c} d", "a \\textbraceleft{}b {c} d" },
		{ "a brace that is not opened", "a} {b}", "a\\textbraceright{} {b}" },
		{ "braces the wrong way round", "}{", "\\textbraceright{}\\textbraceleft{}" },
		{ "escaped braces", "\\{a\\} and \\{b", "\\{a\\} and \\textbraceleft{}b" },
		{ "an escaped brace does not close another", "{a\\} b}",
		    "{a\\textbraceright{} b}" },
		{ "a brace alone in math", "$\\{x_1$ $y_1}$", "$\\lbrace x_1$ $y_1\\rbrace $" },
		{ "braces across the edge of math", "{$x_1}$", "\\textbraceleft{}$x_1\\rbrace $" },
		{ "a backslash that begins nothing", "a\\", "a\\textbackslash{}" },
		{ "a backslash before what is no command", "\\1 \\é",
		    "\\textbackslash{}1 \\textbackslash{}é" },
		{ "a new line, then a brace", "a\\\\{b", "a\\\\\\textbraceleft{}b" },
		{ "files", "\\input{/etc/passwd} \\include{x}",
		    "\\textbackslash{}input{/etc/passwd} \\textbackslash{}include{x}" },
		{ "programs", "\\immediate\\write18{id}",
		    "\\textbackslash{}immediate\\textbackslash{}write18{id}" },
		{ "definitions in math", "$\\def\\x{\\input y}$",
		    "$\\backslash def\\x{\\backslash input y}$" },
		{ "the end of the document", "\\end{document} \\begin{filecontents}",
		    "\\textbackslash{}end{document} \\textbackslash{}begin{filecontents}" },
		{ "an environment whose name only begins well", "$\\begin{matrixx}$",
		    "$\\backslash begin{matrixx}$" },
		{ "a backslash written otherwise", "$^^5cinput x$", "$^{}^5cinput x$" },
		{ "the same in an address", "\\url{^^5cinput}", "\\url{^{}^5cinput}" },
		{ "commands that only begin so", "\\inputs \\letter \\define",
		    "\\inputs \\letter \\define" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf out = BUF_INIT;

		buf_add_text(&out, "");
		latex_write(slice_of(cases[i].text), &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
		buf_free(&out);
	}
}

/* How deep the braces of a text are at its end, as BibTeX counts them; -1 if it is ever below 0. */
static int
depth_of(struct slice text)
{
	int depth = 0;

	for (size_t i = 0; i < text.len && depth >= 0; i++)
		depth += (text.data[i] == '{') - (text.data[i] == '}');
	return depth;
}

/* Whatever comes in, what goes out can stand between braces. */
static void
test_balance(void **state)
{
	static const char *const pieces[] = { "{", "}", "\\", "$", "$$", "\\(", "\\)", "\\[", "\\]",
		"\\{", "\\}", "a", " ", "1", "_", "^", "~", "%", "\\url", "\\ce", "\\input",
		"\\begin{", "matrix}", "é" };
	uint64_t seed = 7;

	(void)state;
	for (size_t round = 0; round < 200000; round++) {
		struct buf text = BUF_INIT, out = BUF_INIT;
		size_t count = random_below(&seed, 12);
		struct slice got;

		buf_add_text(&text, "");
		buf_add_text(&out, "");
		while (count-- > 0)
			buf_add_text(&text, pieces[random_below(&seed, COUNT(pieces))]);
		latex_write(buf_slice(&text), &out);
		got = buf_slice(&out);
		if (depth_of(got) != 0 || (got.len > 0 && got.data[got.len - 1] == '\\' &&
					      (got.len == 1 || got.data[got.len - 2] != '\\')))
			fail_msg("'%s' becomes '%s'", text.data, out.data);
		buf_free(&text);
		buf_free(&out);
	}
}

/* A text of the largest size that holds nothing but beginnings does not take long: each end is
 * looked for once. */
static void
test_beginnings(void **state)
{
	static const char *const beginnings[] = { "\\(", "\\[", "$$ $", "\\url{", "{", "$ " };

	(void)state;
	for (size_t i = 0; i < COUNT(beginnings); i++) {
		struct buf text = BUF_INIT, out = BUF_INIT;

		while (text.len < BOUND_TEXT_BYTES)
			buf_add_text(&text, beginnings[i]);
		latex_write(buf_slice(&text), &out);
		assert_int_equal(depth_of(buf_slice(&out)), 0);
		buf_free(&text);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_latex),
		cmocka_unit_test(test_balance),
		cmocka_unit_test(test_beginnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
