#include "doi.h"

#include "scratch.h"

static void
test_strip(void **state)
{
	const struct {
		const char *why, *text, *doi;
	} cases[] = {
		{ "bare", "10.1145/3292500.3330701", "10.1145/3292500.3330701" },
		{ "case stays", "10.1000/ABC", "10.1000/ABC" },
		{ "a URL", "https://doi.org/10.1000/x", "10.1000/x" },
		{ "the old host", "http://dx.doi.org/10.1000/x", "10.1000/x" },
		{ "www", "https://www.doi.org/10.1000/x", "10.1000/x" },
		{ "a host without scheme", "doi.org/10.1000/x", "10.1000/x" },
		{ "any case of host", "HTTPS://DOI.ORG/10.1000/x", "10.1000/x" },
		{ "a prefix", "doi:10.1000/x", "10.1000/x" },
		{ "a prefix with a blank", "DOI: 10.1000/x", "10.1000/x" },
		{ "blanks around it", " 10.1000/x\n", "10.1000/x" },
		{ "dots in the registrant", "10.1000.10/x", "10.1000.10/x" },
		{ "anything behind the slash", "10.1002/(SICI)1<1::AID>3.0.CO;2-#",
		    "10.1002/(SICI)1<1::AID>3.0.CO;2-#" },
		{ "other scripts", "10.1000/\xc3\xa9", "10.1000/\xc3\xa9" },
		{ "the shortest", "10.1/x", "10.1/x" },

		{ "nothing", "", NULL },
		{ "no suffix", "10.1000/", NULL },
		{ "no slash", "10.1000", NULL },
		{ "no registrant", "10./x", NULL },
		{ "letters in the registrant", "10.1a/x", NULL },
		{ "another directory", "11.1000/x", NULL },
		{ "a blank inside", "10.1000/x y", NULL },
		{ "a control inside", "10.1000/x\x01y", NULL },
		{ "DEL inside", "10.1000/x\x7f", NULL },
		{ "a C1 control inside", "10.1000/x\xc2\x85y", NULL },
		{ "a line separator inside", "10.1000/x\xe2\x80\xa8y", NULL },
		{ "no UTF-8", "10.1000/x\xff", NULL },
		{ "another URL", "https://example.org/10.1000/x", NULL },
		{ "a word", "none", NULL },
	};
	struct buf longest = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_bytes(doi_strip(slice_of(cases[i].text)),
		    cases[i].doi == NULL ? SLICE_NONE : slice_of(cases[i].doi), cases[i].why);
	assert_null(doi_strip(SLICE_NONE).data);
	buf_add_text(&longest, "10.1000/");
	while (longest.len < BOUND_DOI_BYTES)
		buf_add_char(&longest, 'x');
	assert_int_equal(doi_strip(buf_slice(&longest)).len, BOUND_DOI_BYTES);
	buf_add_char(&longest, 'x');
	assert_null(doi_strip(buf_slice(&longest)).data);
	buf_free(&longest);
}

static void
test_next(void **state)
{
	const struct {
		const char *why, *field;
		/* Each found DOI, as written and stripped. */
		const char *found;
	} cases[] = {
		{ "none", "", "" },
		{ "one", "10.1000/a", "[10.1000/a 10.1000/a]" },
		{ "two in a field, as old arXiv metadata have", "10.1000/a 10.1000/b",
		    "[10.1000/a 10.1000/a][10.1000/b 10.1000/b]" },
		{ "with a comma or a semicolon", "10.1000/a, 10.1000/b; 10.1000/c;",
		    "[10.1000/a 10.1000/a][10.1000/b 10.1000/b][10.1000/c; 10.1000/c;]" },
		{ "a comma of its own", "10.1000/a , 10.1000/b,c",
		    "[10.1000/a 10.1000/a][10.1000/b,c 10.1000/b,c]" },
		{ "any white space between", "10.1000/a\n\t 10.1000/b\r",
		    "[10.1000/a 10.1000/a][10.1000/b 10.1000/b]" },
		{ "separators that trimming knows as white space",
		    "\x1f"
		    "10.1000/a\x1c"
		    "10.1000/b",
		    "[10.1000/a 10.1000/a][10.1000/b 10.1000/b]" },
		{ "URLs stay as written", "https://doi.org/10.1000/A",
		    "[https://doi.org/10.1000/A 10.1000/A]" },
		{ "words that are none are passed over", "see 10.1000/a and 10.x/b",
		    "[10.1000/a 10.1000/a]" },
		{ "a prefix apart from its DOI", "doi: 10.1000/a", "[10.1000/a 10.1000/a]" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice field = slice_of(cases[i].field), doi, written = SLICE_NONE;
		struct buf found = BUF_INIT;
		size_t at = 0;

		while ((doi = doi_next(field, &at, &written)).data != NULL)
			buf_printf(&found, "[%.*s %.*s]", (int)written.len, written.data,
			    (int)doi.len, doi.data);
		assert_true(slice_is(buf_slice(&found), cases[i].found) ||
			    (print_error("%s: %s\n", cases[i].why, found.data), false));
		buf_free(&found);
	}
}

static void
test_arxiv(void **state)
{
	const struct {
		const char *why, *doi;
		bool prefix;
		const char *id;
	} cases[] = {
		{ "as DataCite writes it", "10.48550/arXiv.2606.20543", true, "2606.20543" },
		{ "as S2 upper-cases it", "10.48550/ARXIV.2606.20543", true, "2606.20543" },
		{ "with a version", "10.48550/arxiv.2606.20543v2", true, "2606.20543" },
		{ "an old id", "10.48550/arXiv.math/0309136", true, "math/0309136" },
		{ "an old id with class", "10.48550/arXiv.math.GT/0309136", true, "math/0309136" },
		{ "arXiv's, but no paper", "10.48550/something", true, NULL },
		{ "a malformed id", "10.48550/arXiv.2606.2", true, NULL },
		{ "a publisher's", "10.1000/arXiv.2606.20543", false, NULL },
		{ "a longer registrant", "10.485501/arXiv.2606.20543", false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arxiv_id id = { "", 0 };
		bool is = doi_arxiv(slice_of(cases[i].doi), &id);

		if (is != (cases[i].id != NULL) ||
		    doi_is_arxiv_prefix(slice_of(cases[i].doi)) != cases[i].prefix)
			print_error("%s: %s\n", cases[i].why, id.text);
		assert_int_equal(is, cases[i].id != NULL);
		assert_int_equal(doi_is_arxiv_prefix(slice_of(cases[i].doi)), cases[i].prefix);
		if (is)
			assert_string_equal(id.text, cases[i].id);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_arxiv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
