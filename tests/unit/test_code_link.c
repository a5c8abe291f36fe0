#include "code_link.h"
#include "mem.h"
#include "text.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The text's bytes alone, so that a sanitizer sees a read behind them. */
static enum code_evidence
find(const char *comment, const char *abstract, struct buf *url)
{
	struct slice left = slice_of(comment), right = slice_of(abstract);
	char *left_bytes = mem_new(left.len + 1, 1), *right_bytes = mem_new(right.len + 1, 1);
	char *left_end = left_bytes + 1, *right_end = right_bytes + 1;
	enum code_evidence evidence;

	if (left.len > 0)
		memcpy(left_end, left.data, left.len);
	if (right.len > 0)
		memcpy(right_end, right.data, right.len);
	evidence =
	    code_link_find(comment == NULL ? SLICE_NONE : (struct slice){ left_end, left.len },
		abstract == NULL ? SLICE_NONE : (struct slice){ right_end, right.len }, url);
	free(left_bytes);
	free(right_bytes);
	return evidence;
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *text;
		const char *url;
		const char *why;
	} cases[] = {
		{ "Code: https://github.com/a/b", "https://github.com/a/b", "plain" },
		{ "Code: https://github.com/a/b.", "https://github.com/a/b", "full stop" },
		{ "(see https://github.com/a/b).", "https://github.com/a/b", "parenthesis" },
		{ "https://github.com/a/b, https://github.com/c/d", "https://github.com/a/b",
		    "comma" },
		{ "https://github.com/a/b; 12 pages", "https://github.com/a/b", "semicolon" },
		{ "see github.com/a/b.", "https://github.com/a/b", "no scheme" },
		{ "http://github.com/a/b", "https://github.com/a/b", "http" },
		{ "https: //github.com/a/b", "https://github.com/a/b", "a torn scheme" },
		{ "https:github.com/a/b", "https://github.com/a/b", "a lame scheme" },
		{ "https://www.github.com/a/b", "https://github.com/a/b", "www" },
		{ "www.github.com/a/b", "https://github.com/a/b", "www without a scheme" },
		{ "https://GitHub.com/Ab/cD", "https://github.com/Ab/cD",
		    "host folded, path kept" },
		{ "https://github.com/a/b.git.", "https://github.com/a/b", ".git" },
		{ "https://github.com/a/b.git)", "https://github.com/a/b", ".git in parentheses" },
		{ "https://github.com/a/b/", "https://github.com/a/b", "slash" },
		{ "https://github.com/a/b.git/", "https://github.com/a/b", "slash behind .git" },
		{ "https://github.com/a/next.js.", "https://github.com/a/next.js",
		    "dot in the name" },
		{ "https://github.com/a/b_c-d.e", "https://github.com/a/b_c-d.e",
		    "all kinds of bytes" },
		{ "https://github.com/a/b...", "https://github.com/a/b", "ellipsis" },
		{ "https://github.com/a/b/tree/main/x", "https://github.com/a/b/tree/main/x",
		    "the path is kept" },
		{ "https://github.com/a/b/blob/main/doc.md.",
		    "https://github.com/a/b/blob/main/doc.md", "a file" },
		{ "https://github.com/a/b.git/tree/x", "https://github.com/a/b/tree/x",
		    ".git before a path" },
		{ "https://github.com/a/b#readme", "https://github.com/a/b", "fragment" },
		{ "https://github.com/a/b/blob/c.py#L3", "https://github.com/a/b/blob/c.py",
		    "line" },
		{ "https://github.com/a/b/tree?x=y", "https://github.com/a/b/tree",
		    "query of a path" },
		{ "https://github.com/a/b?tab=readme", "https://github.com/a/b", "query" },
		{ "https://github.com/a/b@v1.0", "https://github.com/a/b", "a version is no path" },
		{ "https://github.com/a/b\xe3\x80\x82", "https://github.com/a/b", "CJK full stop" },
		{ "code:github.com/a/b", "https://github.com/a/b", "no blank before it" },
		{ "\\url{https://github.com/a/b}", "https://github.com/a/b", "\\url" },
		{ "url{https://github.com/a/b}.", "https://github.com/a/b", "half of \\url" },
		{ "\\href{https://github.com/a/b}{https://github.com/a/b}.",
		    "https://github.com/a/b", "\\href" },
		{ "$\\href{https://github.com/a/b}{this}$", "https://github.com/a/b", "in math" },
		{ "\\href{ https://github.com/a/b}{Code}", "https://github.com/a/b",
		    "blank inside" },
		{ "at https://github.com/a/b}{https://github.com/a/b}$", "https://github.com/a/b",
		    "the broken one of the published snapshot" },
		{ "https://github.com/a/b/}{x}", "https://github.com/a/b", "slash before a brace" },
		{ "https://github.com/a/b\\footnote{x}", "https://github.com/a/b", "\\footnote" },
		{ "out\\footnote{https://github.com/a/b}.", "https://github.com/a/b",
		    "in a \\footnote" },
		{ "https://github.com/a/b\\_c", "https://github.com/a/b_c", "\\_" },
		{ "https://github.com/a/b\\_c\\_d.git", "https://github.com/a/b_c_d", "\\_ twice" },
		{ "https://github.com/a/b{\\_}c", "https://github.com/a/b_c", "{\\_}" },
		{ "https://github.com/a/b$\\_$c", "https://github.com/a/b_c", "$\\_$" },
		{ "$https://github.com/a/b\\_c$", "https://github.com/a/b_c", "an address in $" },
		{ "https://github.com/a/b\\textunderscore c", "https://github.com/a/b_c",
		    "\\textunderscore" },
		{ "https://github.com/a/b{\\textunderscore}c", "https://github.com/a/b_c",
		    "{\\textunderscore}" },
		{ "https://github.com/a/b\\textunderscore{}c", "https://github.com/a/b_c",
		    "\\textunderscore{}" },
		{ "https://github.com/a/b\\#}", "https://github.com/a/b", "\\#" },
		{ "https://github.com/a/b~for", "https://github.com/a/b", "tie" },
		{ "$https://github.com/a/b$", "https://github.com/a/b", "dollars" },
		{ "\\texttt{\\textcolor{red}{https://github.com/a/b}}", "https://github.com/a/b",
		    "nested" },
		{ "[code](https://github.com/a/b)", "https://github.com/a/b", "markdown" },
		{ "[https://github.com/a/b]", "https://github.com/a/b", "brackets" },
		{ "<a href=\"https://github.com/a/b\">", "https://github.com/a/b", "HTML" },
		{ "<https://github.com/a/b>", "https://github.com/a/b", "angles" },
		{ "https://github.com/ ab-1/c-d is", "https://github.com/ab-1/c-d",
		    "torn behind the host" },
		{ "https://github.com/a/b- c is", "https://github.com/a/b-c", "torn at a hyphen" },
		{ "https://github.com/a/b- https://github.com/c/d", "https://github.com/a/b-",
		    "an address behind a hyphen" },
		{ "https://github.com/a/b- github.com/c/d", "https://github.com/a/b-",
		    "without its scheme" },
		{ "https://github.com/a/b- gitlab.com/c/d", "https://github.com/a/b-",
		    "of another host" },
		{ "https://github.com/a/b- www.site.org/x", "https://github.com/a/b-", "with www" },
		{ "https://github.com/a/b- httpd.", "https://github.com/a/b-httpd",
		    "a name that begins so" },
		{ "https://github.com/new/x https://github.com/readme/y", "", "pages of the host" },
		{ "on https://github.com/ and/or here", "", "prose behind the host" },
		{ "on https://github.com/a/b - c", "https://github.com/a/b", "a dash" },
		{ "https://github.com/a", "", "a profile" },
		{ "https://github.com/a/", "", "a profile with a slash" },
		{ "https://github.com/a/.git", "", "no name" },
		{ "https://github.com/a/-", "", "no name but a hyphen" },
		{ "https://github.com//b", "", "no owner" },
		{ "https://github.com/-a/b", "", "no owner's name" },
		{ "on github.com.", "", "the host alone" },
		{ "https://github.com/topics/b", "", "reserved" },
		{ "https://github.com/Sponsors/b", "", "reserved in any case" },
		{ "https://github.com/topic/b", "https://github.com/topic/b", "not reserved" },
		{ "https://github.com/orgs/x https://github.com/a/b", "https://github.com/a/b",
		    "goes on behind a reserved one" },
		{ "https://github.com/a and https://github.com/a/b", "https://github.com/a/b",
		    "goes on behind a profile" },
		{ "https://a.github.io/b", "", "a project page" },
		{ "https://anonymous.4open.science/r/b", "", "anonymous" },
		{ "https://notgithub.com/a/b", "", "another host" },
		{ "https://gist.github.com/a/b", "", "a subdomain" },
		{ "https://github.com.evil.org/a/b", "", "a longer host" },
		{ "git@github.com:a/b", "", "an scp remote" },
		{ "ssh://git@github.com/a/b.git", "https://github.com/a/b", "an ssh remote" },
		{ "https://huggingface.co/a/b", "", "no code host" },
		{ "https://gitlab.com/a/b/c", "https://gitlab.com/a/b/c", "a subgroup" },
		{ "https://gitlab.com/a/b/-/tree/x", "https://gitlab.com/a/b/-/tree/x",
		    "GitLab path" },
		{ "https://bitbucket.org/a/b/.", "https://bitbucket.org/a/b", "Bitbucket" },
		{ "codeberg.org/a/b", "https://codeberg.org/a/b", "Codeberg" },
		{ "https://gitlab.com/a/b https://github.com/c/d", "https://github.com/c/d",
		    "GitHub first" },
		{ "https://codeberg.org/a/b https://gitlab.com/c/d", "https://gitlab.com/c/d",
		    "GitLab before Codeberg" },
		{ "https://gitlab.com/a/b https://github.com/c", "https://gitlab.com/a/b",
		    "a profile beats nothing" },
		{ "we compare with https://github.com/a/b", "https://github.com/a/b",
		    "whose it is is not asked" },
		{ "the code will be at https://github.com/a/b", "https://github.com/a/b",
		    "an address counts though promised" },
	};

	size_t faults = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf url = BUF_INIT;
		enum code_evidence evidence = find(NULL, cases[i].text, &url);
		struct slice got = buf_slice(&url);

		if (!slice_is(got, cases[i].url) ||
		    (evidence == CODE_ADDRESS) != (cases[i].url[0] != '\0')) {
			print_error("%s: '%s' gave %d '%s'\n", cases[i].why, cases[i].text,
			    (int)evidence, got.data);
			faults++;
		}
		buf_free(&url);
	}
	assert_int_equal(faults, 0);
}

static void
test_order(void **state)
{
	static const struct {
		const char *comment;
		const char *abstract;
		const char *url;
		const char *why;
	} cases[] = {
		{ "https://github.com/a/b", "https://github.com/c/d", "x https://github.com/a/b",
		    "the comment first, appended to what is there" },
		{ NULL, "https://github.com/c/d", "x https://github.com/c/d", "no comment" },
		{ "https://gitlab.com/a/b", NULL, "x https://gitlab.com/a/b", "no abstract" },
		{ "https://gitlab.com/a/b", "https://github.com/c/d", "x https://github.com/c/d",
		    "a better host in the abstract" },
		{ "https://gitlab.com/a/b", "https://gitlab.com/c/d", "x https://gitlab.com/a/b",
		    "the same host in the abstract" },
		{ NULL, NULL, "x ", "nothing" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf url = BUF_INIT;
		enum code_evidence evidence;

		buf_add_text(&url, "x ");
		evidence = find(cases[i].comment, cases[i].abstract, &url);
		assert_string_equal(url.data, cases[i].url);
		assert_true((evidence == CODE_ADDRESS) == (url.len > 2));
		buf_free(&url);
	}
}

static void
test_statements(void **state)
{
	static const struct {
		const char *text;
		bool stated;
		const char *why;
	} cases[] = {
		{ "Our code is available.", true, "plain" },
		{ "12 pages, code available", true, "a comment's style" },
		{ "The source code and all models are publicly available.", true, "a list" },
		{ "Code and data have been released.", true, "perfect" },
		{ "The code that was used in this study is freely available online.", true,
		    "a clause" },
		{ "Scripts can be found in the supplement.", true, "found" },
		{ "Our codes are open-sourced", true, "codes of ours" },
		{ "All codes are released.", true, "all of them" },
		{ "Our implementation is open source.", true, "two words" },
		{ "Code: https://example.org/x", true, "another address" },
		{ "Code and demo at https://example.org/x.", true, "another address in a list" },
		{ "For code, please see our page at example.org/x", true,
		    "an address without a scheme" },
		{ "Our toolkit is publicly available.", true, "ours" },
		{ "The package can be downloaded from http://example.org", true,
		    "with an address" },
		{ "Software for solving them available at http://example.org", true,
		    "without a verb" },
		{ "Zebra is open-sourced.", true, "a name" },
		{ "We release code and data.", true, "active" },
		{ "We have released all models, the data and the code.", true,
		    "at the end of a list" },
		{ "We also publicly release our full training pipeline.", true, "a thing" },
		{ "We open-source our framework.", true, "a verb with a hyphen" },
		{ "We open source both models and code.", true, "a verb in two words" },
		{ "We release all traces and notebooks as open-source artifacts.", true,
		    "artifacts" },
		{ "We release Zebra as open source.", true, "as open source" },
		{ "This supports reuse by releasing the code.", true, "gerund" },
		{ "The release of code and data allows reuse.", true, "noun" },
		{ "We make the code, the data and the models publicly accessible.", true, "make" },
		{ "We make our toolbox available.", true, "make a thing" },
		{ "We provide source code for all experiments.", true, "provide" },
		{ "We provide an open-source implementation.", true, "provide openly" },
		{ "It runs on our publicly available simulator.", true, "attribute" },
		{ "An open source toolbox for this task is available.", true, "article" },
		{ "We introduce Zebra, an open-source, fast framework for training.", true,
		    "introduce" },
		{ "This paper presents Zebra, open-source software for it.", true, "no article" },
		{ "We present two open-source implementations.", true, "two" },
		{ "The code is available and the data will follow.", true,
		    "the promise is another" },
		{ "We release code to support future research.", true,
		    "future is no promise here" },
		{ "We test it. Code is available! It is fast.", true, "in the middle" },
		{ "The code \\emph{is} available", true, "LaTeX" },
		{ "The code can be accessed here.", true, "accessed" },
		{ "Notebooks are hosted here.", true, "hosted" },
		{ "Scripts were provided.", true, "provided" },
		{ "The repository was shared.", true, "shared" },
		{ "We offer scripts.", true, "offer" },
		{ "We contribute scripts.", true, "contribute" },
		{ "Code: http://localhost/x", true, "an address without a dot" },
		{ "Our implementation was shared.", true, "implementation" },
		{ "Our toolkit is accessible.", true, "accessible" },
		{ "Our toolkit is avaliable.", true, "a slip of the pen" },
		{ "We publish our toolkit.", true, "publish" },
		{ "Our code is source sourced.", true, "another slip" },
		{ "Code will be released.", false, "promise" },
		{ "Code to be released.", false, "promise without will" },
		{ "We will release our code.", false, "active promise" },
		{ "We plan to open-source our framework.", false, "plan" },
		{ "The code is available upon request.", false, "on request" },
		{ "Code available soon.", false, "soon" },
		{ "Upon acceptance the code is released.", false, "condition in front" },
		{ "Their code is not available.", false, "negation" },
		{ "The lack of publicly available code is a problem.", false, "lack" },
		{ "Code is unavailable.", false, "unavailable" },
		{ "We release a code generation model.", false, "code as an attribute" },
		{ "Code generation models are available.", false, "code as an attribute, passive" },
		{ "We study existing code that is available.", false, "somebody's" },
		{ "We collect a corpus of code that is available.", false, "of code" },
		{ "We collect a corpus of Python code that is available.", false, "of some code" },
		{ "We test ten open-source LLMs.", false, "used" },
		{ "We introduce Zebra, a method for open-source LLMs.", false,
		    "for those of others" },
		{ "We introduce an open-source dataset.", false, "data" },
		{ "We release our models and data.", false, "models and data" },
		{ "Both models were open-sourced.", false, "models" },
		{ "We introduce a public infrastructure for it.", false,
		    "public is not open source" },
		{ "We release system prompts and data.", false, "system as an attribute" },
		{ "New extremal codes are found.", false, "coding theory" },
		{ "The classification of such codes is provided.", false, "coding theory again" },
		{ "Many software packages are available.", false, "in general" },
		{ "It builds on open source software.", false, "a base" },
		{ "Project page: https://example.org/x", false, "a page" },
		{ "Our work is available at https://example.org/x", false, "the work" },
		{ "The data are available. Code follows.", false, "two sentences" },
		{ "", false, "nothing" },
	};

	size_t faults = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf url = BUF_INIT;

		enum code_evidence wanted = cases[i].stated ? CODE_STATED : CODE_NONE;

		if (find(cases[i].text, NULL, &url) != wanted ||
		    find(NULL, cases[i].text, &url) != wanted) {
			print_error("%s: %s\n", cases[i].why, cases[i].text);
			faults++;
		}
		assert_int_equal(url.len, 0);
		buf_free(&url);
	}
	assert_int_equal(faults, 0);
}

/* A quadratic search would take minutes for the longest text field there can be. */
static void
test_time(void **state)
{
	static const char *const parts[] = { "github.com/", "github.com/a ", "github.com/topics/",
		"github.com/ A-/", "gitlab.com/a/b/.git/", "https://github.com/a/b-", "code is ",
		"we release ", "our code, ", "open source ", "introduce a ", ".git", "a", ". ",
		"{\\_}" };
	struct timespec start, end;

	(void)state;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	for (size_t i = 0; i < COUNT(parts); i++) {
		struct buf text = BUF_INIT, url = BUF_INIT;

		while (text.len < (1 << 20))
			buf_add_text(&text, parts[i]);
		(void)code_link_find(buf_slice(&text), SLICE_NONE, &url);
		buf_free(&text);
		buf_free(&url);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_in_range(end.tv_sec - start.tv_sec, 0, 20);
}

/* The file below FINESET_SHARED, or a skipped test. */
static FILE *
shared_open(const char *name)
{
	const char *shared = getenv("FINESET_SHARED");
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", shared == NULL ? "../shared" : shared, name);
	file = fopen(path, "r");
	if (file == NULL) {
		fprintf(stderr, "skipped: no %s (see FINESET_SHARED)\n", path);
		skip();
	}
	return file;
}

static struct slice
clean_field(json_t *object, const char *key, struct buf *out)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (text == NULL)
		return SLICE_NONE;
	text_clean(slice_of(text), out);
	return buf_slice(out);
}

static size_t
row_faults(json_t *row, json_t *paper)
{
	const char *id = json_string_value(json_object_get(row, "arxiv_id"));
	const char *wanted = json_string_value(json_object_get(row, "code_url"));
	/* The address of this one stands in a comment that the corpus lacks. */
	bool lacking = strcmp(id, "2605.02888") == 0;
	struct buf comment = BUF_INIT, abstract = BUF_INIT, url = BUF_INIT;
	enum code_evidence evidence = code_link_find(clean_field(paper, "comment", &comment),
	    clean_field(paper, "abstract", &abstract), &url);
	/* One published address is broken LaTeX, `...}{...`: we are right to stop there. */
	struct slice address = { wanted, wanted == NULL ? 0 : strcspn(wanted, "}") };
	bool right = json_is_true(json_object_get(row, "has_code")) == (evidence != CODE_NONE) &&
		     (lacking || slice_equal(buf_slice(&url), address));

	if (!right)
		print_error("%s: %d %s\n", id, (int)evidence, url.len == 0 ? "" : url.data);
	buf_free(&comment);
	buf_free(&abstract);
	buf_free(&url);
	return !right;
}

static json_t *
papers_load(FILE *file)
{
	json_t *papers = json_object(), *paper;

	while ((paper = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL)) != NULL)
		json_object_set_new(
		    papers, json_string_value(json_object_get(paper, "arxiv_id")), paper);
	fclose(file);
	return papers;
}

static void
test_published_rows(void **state)
{
	FILE *rows = shared_open("fineset/rows.jsonl");
	json_t *papers = papers_load(shared_open("corpus/arxiv-speculative-decoding.jsonl")), *row;
	size_t common = 0, faults = 0;

	(void)state;
	while ((row = json_loadf(rows, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
		const char *id = json_string_value(json_object_get(row, "arxiv_id"));
		json_t *paper = json_object_get(papers, id);

		if (paper != NULL) {
			faults += row_faults(row, paper);
			common++;
		}
		json_decref(row);
	}
	fclose(rows);
	json_decref(papers);
	assert_int_equal(common, 58);
	assert_int_equal(faults, 0);
}

/* Each published address, given as text, is found as it stands. */
static void
test_published_addresses(void **state)
{
	FILE *rows = shared_open("fineset/rows.jsonl");
	size_t addresses = 0;
	json_t *row;

	(void)state;
	while ((row = json_loadf(rows, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
		const char *wanted = json_string_value(json_object_get(row, "code_url"));
		struct buf url = BUF_INIT;

		if (wanted != NULL) {
			assert_int_equal(find(wanted, NULL, &url), CODE_ADDRESS);
			assert_true(slice_equal(
			    buf_slice(&url), (struct slice){ wanted, strcspn(wanted, "}") }));
			addresses++;
		}
		buf_free(&url);
		json_decref(row);
	}
	fclose(rows);
	assert_int_equal(addresses, 11);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_published_rows),
		cmocka_unit_test(test_published_addresses),
	};

	return cmocka_run_group_tests_name("code_link", tests, NULL, NULL);
}
