#include "lookup.h"

#include "scratch.h"

/* Rows and what they are called. */
static const char *const rows[] = {
	/* 1 */
	"{\"id\": \"989fef5fc253b0613a59b01cec35c0cc584fc413ce901e3b5192ea8bd456c69e\", "
	"\"arxiv_id\": \"2606.20543\", \"doi\": null, \"url\": "
	"\"https://arxiv.org/abs/2606.20543\", \"pdf_url\": "
	"\"https://arxiv.org/pdf/2606.20543v1\"}",
	/* 2 */
	"{\"id\": \"989f0a2b98d094bc87933153fddac3aeb75d6c8e0e7c92303b65441760021f5c\", "
	"\"arxiv_id\": \"2606.01616\", \"doi\": \"10.1145/ABC.Def\", \"url\": "
	"\"https://arxiv.org/abs/2606.01616\"}",
	/* 3 */
	"{\"id\": \"028964e111396c16c4a1a8569ffad3d6344c51d5884ff80c7d9f8347b7fa4ff6\", "
	"\"arxiv_id\": null, \"doi\": \"10.5555/demo.2025.0001\", \"url\": "
	"\"https://www.semanticscholar.org/paper/7a90\", \"pdf_url\": "
	"\"https://example.org/a.pdf\"}",
	/* 4: an old id, an escape in it, and two DOIs in one field. */
	"{\"id\": \"3b335348c2d01fe30cb7ae92c77b95cb10cd81c3e9c201c51c2e3a37c73561f1\", "
	"\"arxiv_id\": \"math\\/0309136\", \"doi\": \"10.1/first https://doi.org/10.1/second\"}",
	/* 5: only the DOI tells the arXiv id. */
	"{\"id\": \"48904f5061142d15e4853ca678be668f84d955453a27380c01a79c35b2e73e37\", "
	"\"arxiv_id\": null, \"doi\": \"10.48550/ARXIV.2509.00606\"}",
	/* 6: an id that is none, in capitals the beginning of one. */
	"{\"id\": \"ABCDEF0123\", \"arxiv_id\": 7, \"doi\": [], \"url\": false}",
	/* 7: twice the same URL. */
	"{\"url\": \"https://example.org/b.pdf\", \"pdf_url\": \"https://example.org/b.pdf\"}",
	/* 8: as row 7. */
	"{\"pdf_url\": \"https://example.org/b.pdf\"}",
	/* 9: nothing at all. */
	"{}",
};

/* Row number ${at} has line ${at} + 1, offset 100 times that, and its own length. */
static void
pass_over(struct lookup *lookup)
{
	for (size_t at = 0; at < COUNT(rows); at++) {
		char line[512 + JSONL_PADDING] = "";
		size_t len = strlen(rows[at]);
		struct row_line row;
		struct jsonl_error error;

		assert_true(len < 512);
		memcpy(line, rows[at], len);
		assert_int_equal(row_line_parse(line, len, &row, &error), 0);
		lookup_row(lookup, &row, at * 100, len, at + 1);
	}
}

static void
test_names(void **state)
{
	const struct {
		const char *why, *name;
		uint64_t line, rows;
	} cases[] = {
		{ "an arXiv id", "2606.20543", 1, 1 },
		{ "with a version", "2606.20543v12", 1, 1 },
		{ "with a prefix", "arXiv:2606.20543", 1, 1 },
		{ "its page", "https://arxiv.org/abs/2606.20543v2", 1, 1 },
		{ "its PDF", "arxiv.org/pdf/2606.20543.pdf", 1, 1 },
		{ "its DOI", "https://doi.org/10.48550/arXiv.2606.20543", 1, 1 },
		{ "blanks around it", "  2606.20543\r\n", 1, 1 },
		{ "the same name again", "2606.20543", 1, 1 },
		{ "an old id", "math/0309136", 4, 1 },
		{ "an old id with a class", "math.GT/0309136v1", 4, 1 },
		{ "a DOI in other case", "10.1145/abc.DEF", 2, 1 },
		{ "a DOI as a URL", "http://dx.doi.org/10.5555/Demo.2025.0001", 3, 1 },
		{ "a DOI with a prefix", "doi:10.5555/demo.2025.0001", 3, 1 },
		{ "the first of two DOIs", "10.1/first", 4, 1 },
		{ "the second", "10.1/second", 4, 1 },
		{ "an arXiv id that a DOI tells", "2509.00606", 5, 1 },
		{ "a page", "https://www.semanticscholar.org/paper/7a90", 3, 1 },
		{ "a PDF", "https://example.org/a.pdf", 3, 1 },
		{ "a URL is not folded", "https://example.org/A.pdf", 0, 0 },
		{ "a row with the URL twice is one, two rows are two", "https://example.org/b.pdf",
		    7, 2 },
		{ "an id", "028964e111396c16c4a1a8569ffad3d6344c51d5884ff80c7d9f8347b7fa4ff6", 3,
		    1 },
		{ "an id in capitals",
		    "028964E111396C16C4A1A8569FFAD3D6344C51D5884FF80C7D9F8347B7FA4FF6", 3, 1 },
		{ "one digit more",
		    "028964e111396c16c4a1a8569ffad3d6344c51d5884ff80c7d9f8347b7fa4ff60", 0, 0 },
		{ "another last digit",
		    "028964e111396c16c4a1a8569ffad3d6344c51d5884ff80c7d9f8347b7fa4ff7", 0, 0 },
		{ "a beginning", "028964e1", 3, 1 },
		{ "the shortest, which is digits too", "0289", 3, 1 },
		{ "too short", "028", 0, 0 },
		{ "of two", "989f", 1, 2 },
		{ "of one of the two", "989f0", 2, 1 },
		{ "of an id in capitals", "abcdef0123", 6, 1 },
		{ "longer than that", "abcdef01234", 0, 0 },
		{ "not hex", "989g", 0, 0 },
		{ "another arXiv id", "2606.20544", 0, 0 },
		{ "another DOI", "10.1145/abc", 0, 0 },
		{ "nothing", "", 0, 0 },
		{ "blanks", "  ", 0, 0 },
		{ "no UTF-8", "\xff\xfe", 0, 0 },
	};
	struct lookup *lookup = lookup_new();

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(lookup_add(lookup, slice_of(cases[i].name)), i);
	assert_int_equal(lookup_add(lookup, SLICE_NONE), COUNT(cases));
	pass_over(lookup);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lookup_hit hit = lookup_hit(lookup, i);

		if (hit.rows != cases[i].rows || hit.line != cases[i].line)
			print_error(
			    "%s: %d rows, line %d\n", cases[i].why, (int)hit.rows, (int)hit.line);
		assert_int_equal(hit.rows, cases[i].rows);
		assert_int_equal(hit.line, cases[i].line);
		if (hit.rows == 0) {
			assert_true(hit.offset == LOOKUP_NONE);
			continue;
		}
		assert_int_equal(hit.offset, (hit.line - 1) * 100);
		assert_int_equal(hit.len, strlen(rows[hit.line - 1]));
	}
	assert_int_equal(lookup_hit(lookup, COUNT(cases)).rows, 0);
	lookup_free(lookup);
}

static void
test_nearest(void **state)
{
	const struct {
		const char *why, *name, *nearest;
	} cases[] = {
		{ "a digit is wrong", "2606.20544", "2606.20543, 2606.01616, math/0309136" },
		{ "a digit is missing", "2606.0161", "2606.01616, 2606.20543, math/0309136" },
		{ "an arXiv id in a URL", "https://arxiv.org/abs/2606.20544v2",
		    "2606.20543, 2606.01616, math/0309136" },
		{ "a digit too much: no arXiv id any more", "2606.205433",
		    "2606.20543, 2606.01616, math/0309136" },
		{ "the dot is missing: hex, or an arXiv id", "260620543",
		    "2606.20543, 2606.01616, 989fef5fc253b061" },
		{ "a DOI, in lower case", "10.1145/ABC.Deg",
		    "10.1145/abc.def, 10.5555/demo.2025.0001, 10.48550/arxiv.2509.00606" },
		{ "the beginning of an id: as many digits count", "0289ff",
		    "028964e111396c16, 989fef5fc253b061, 989f0a2b98d094bc" },
		{ "as far as each other: in the order of the rows", "989fea",
		    "989fef5fc253b061, 989f0a2b98d094bc, 48904f5061142d15" },
		{ "of several rows: the first of them", "989f",
		    "989fef5fc253b061 in line 1, 989f0a2b98d094bc in line 2" },
		{ "rows without an id", "https://example.org/b.pdf", "line 7, line 8" },
		{ "one row", "2606.20543", "989fef5fc253b061 in line 1" },
		{ "nothing", "", "" },
		{ "far too long", NULL, "" },
	};
	struct lookup *lookup = lookup_new(), *empty = lookup_new();
	struct buf out = BUF_INIT;
	char long_name[200];

	(void)state;
	memset(long_name, 'a', sizeof(long_name));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct slice name = cases[i].name == NULL
					? (struct slice){ long_name, sizeof(long_name) }
					: slice_of(cases[i].name);

		lookup_add(lookup, name);
		lookup_add(empty, name);
	}
	pass_over(lookup);
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&out);
		buf_add_text(&out, "");
		lookup_nearest(lookup, i, &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].nearest), cases[i].why);
		buf_clear(&out);
		buf_add_text(&out, "");
		lookup_nearest(empty, i, &out);
		assert_bytes(buf_slice(&out), SLICE_LITERAL(""), "no rows, nothing near");
	}
	buf_free(&out);
	lookup_free(lookup);
	lookup_free(empty);
	lookup_free(NULL);
}

/* Thousands of names and rows: each finds its own. */
static void
test_many(void **state)
{
	struct lookup *lookup = lookup_new();
	struct buf line = BUF_INIT, name = BUF_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		buf_clear(&name);
		buf_printf(&name, "2606.%05dv1", i * 7 % 5000);
		lookup_add(lookup, buf_slice(&name));
	}
	for (int i = 0; i < 5000; i++) {
		struct row_line row;
		struct jsonl_error error;

		buf_clear(&line);
		buf_printf(&line, "{\"arxiv_id\": \"2606.%05d\"}", i);
		(void)buf_reserve(&line, JSONL_PADDING);
		assert_int_equal(row_line_parse(line.data, line.len, &row, &error), 0);
		lookup_row(lookup, &row, (uint64_t)i * 30, line.len, (uint64_t)i + 1);
	}
	for (int i = 0; i < 5000; i++) {
		assert_int_equal(lookup_hit(lookup, (size_t)i).rows, 1);
		assert_int_equal(lookup_hit(lookup, (size_t)i).line, i * 7 % 5000 + 1);
	}
	buf_free(&line);
	buf_free(&name);
	lookup_free(lookup);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
