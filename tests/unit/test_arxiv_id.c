#include "arxiv_id.h"

#include "scratch.h"

static void
test_parse(void **state)
{
	const struct {
		const char *why, *text, *id;
		int version;
	} cases[] = {
		{ "five digits", "2606.20543", "2606.20543", 0 },
		{ "four digits, before 2015", "0704.0001", "0704.0001", 0 },
		{ "a version", "2606.20543v2", "2606.20543", 2 },
		{ "a version of two digits", "2606.20543v12", "2606.20543", 12 },
		{ "a capital V", "2606.20543V3", "2606.20543", 3 },
		{ "the arXiv prefix", "arXiv:2606.20543v1", "2606.20543", 1 },
		{ "the prefix in any case", "ARXIV:2606.20543", "2606.20543", 0 },
		{ "blanks around it", " 2606.20543\n", "2606.20543", 0 },
		{ "a URL", "https://arxiv.org/abs/2606.20543", "2606.20543", 0 },
		{ "an old URL with version", "http://arxiv.org/abs/2606.20543v4", "2606.20543", 4 },
		{ "a URL without scheme", "arxiv.org/abs/2606.20543", "2606.20543", 0 },
		{ "www", "https://www.arxiv.org/abs/2606.20543", "2606.20543", 0 },
		{ "the export host", "http://export.arxiv.org/abs/2606.20543", "2606.20543", 0 },
		{ "the PDF", "https://arxiv.org/pdf/2606.20543v1", "2606.20543", 1 },
		{ "the PDF with its ending", "https://arxiv.org/pdf/2606.20543v1.pdf", "2606.20543",
		    1 },
		{ "the HTML page", "https://arxiv.org/html/2606.20543v2", "2606.20543", 2 },
		{ "the source", "https://arxiv.org/e-print/2606.20543", "2606.20543", 0 },
		{ "a query behind it", "https://arxiv.org/abs/2606.20543?context=cs", "2606.20543",
		    0 },
		{ "a fragment behind it", "https://arxiv.org/abs/2606.20543#x", "2606.20543", 0 },
		{ "an old id", "math/0309136", "math/0309136", 0 },
		{ "a subject class is dropped", "math.GT/0309136", "math/0309136", 0 },
		{ "a class with a dash", "cond-mat.mes-hall/0309136", "cond-mat/0309136", 0 },
		{ "an archive with a dash", "hep-th/9901001v3", "hep-th/9901001", 3 },
		{ "an archive in capitals", "HEP-TH/9901001", "hep-th/9901001", 0 },
		{ "an old id in a URL", "http://arxiv.org/abs/math.GT/0309136v1", "math/0309136",
		    1 },
		{ "an old PDF", "arxiv.org/pdf/cs/0703110v2.pdf", "cs/0703110", 2 },

		{ "nothing", "", NULL, 0 },
		{ "a prefix alone", "arXiv:", NULL, 0 },
		{ "three digits", "2606.205", NULL, 0 },
		{ "six digits", "2606.205433", NULL, 0 },
		{ "a short month", "266.20543", NULL, 0 },
		{ "letters in it", "2606.2o543", NULL, 0 },
		{ "no dot", "260620543", NULL, 0 },
		{ "a comma", "2606,20543", NULL, 0 },
		{ "version 0", "2606.20543v0", NULL, 0 },
		{ "a version without number", "2606.20543v", NULL, 0 },
		{ "a version in the middle", "2606.v20543", NULL, 0 },
		{ "two versions", "2606.20543v1v2", NULL, 0 },
		{ "a version past all reason", "2606.20543v99999", NULL, 0 },
		{ "a blank inside", "2606. 20543", NULL, 0 },
		{ "more behind it", "2606.20543 x", NULL, 0 },
		{ "an old id that is short", "math/030913", NULL, 0 },
		{ "an old id that is long", "math/03091366", NULL, 0 },
		{ "no archive", "/0309136", NULL, 0 },
		{ "digits in the archive", "m4th/0309136", NULL, 0 },
		{ "an empty class", "math./0309136", NULL, 0 },
		{ "two classes", "math.GT.X/0309136", NULL, 0 },
		{ "an archive past all reason",
		    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz/0309136", NULL, 0 },
		{ "two slashes", "math/GT/0309136", NULL, 0 },
		{ "another host", "https://example.org/abs/2606.20543", NULL, 0 },
		{ "another page of arXiv", "https://arxiv.org/list/2606.20543", NULL, 0 },
		{ "a DOI", "10.48550/arXiv.2606.20543", NULL, 0 },
		{ "an error page", "https://arxiv.org/api/errors#incorrect_id", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arxiv_id id = { "", -1 };
		int result = arxiv_id_parse(slice_of(cases[i].text), &id);

		if (result != (cases[i].id == NULL ? -1 : 0))
			print_error("%s: %d, %s\n", cases[i].why, result, id.text);
		assert_int_equal(result, cases[i].id == NULL ? -1 : 0);
		if (result == -1)
			continue;
		assert_bytes(slice_of(id.text), slice_of(cases[i].id), cases[i].why);
		assert_int_equal(id.version, cases[i].version);
		/* The canonical form is its own. */
		assert_int_equal(arxiv_id_parse(slice_of(cases[i].id), &id), 0);
		assert_string_equal(id.text, cases[i].id);
	}
	assert_int_equal(arxiv_id_parse(SLICE_NONE, &(struct arxiv_id){ "", 0 }), -1);
}

static void
test_from_dblp(void **state)
{
	const struct {
		const char *why, *key, *id;
	} cases[] = {
		{ "five digits", "journals/corr/abs-2606-20543", "2606.20543" },
		{ "four digits", "journals/corr/abs-1412-6980", "1412.6980" },
		{ "a journal's key", "journals/tacl/Smith26", NULL },
		{ "a CoRR key without number", "journals/corr/KingmaB14", NULL },
		{ "six digits", "journals/corr/abs-2606-205433", NULL },
		{ "three digits", "journals/corr/abs-2606-205", NULL },
		{ "letters", "journals/corr/abs-2606-2o543", NULL },
		{ "no second dash", "journals/corr/abs-2606.20543", NULL },
		{ "more behind it", "journals/corr/abs-2606-20543x", NULL },
		{ "no number", "journals/corr/abs-", NULL },
		{ "a blank for the last digit", "journals/corr/abs-2401-0000 ", NULL },
		{ "a separator for the last digit", "journals/corr/abs-2401-0000\x1c", NULL },
		{ "empty", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arxiv_id id = { "", 0 };
		bool known = arxiv_id_from_dblp(slice_of(cases[i].key), &id);

		if (known != (cases[i].id != NULL))
			print_error("%s: %s\n", cases[i].why, id.text);
		assert_int_equal(known, cases[i].id != NULL);
		if (known)
			assert_string_equal(id.text, cases[i].id);
	}
	assert_false(arxiv_id_from_dblp(SLICE_NONE, &(struct arxiv_id){ "", 0 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_from_dblp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
