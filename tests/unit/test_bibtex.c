#include "output_cases.h"

#include "bibtex_key.h"

/* What an entry holds besides its key and its URL. */
static void
test_entries(void **state)
{
	static const struct {
		const char *why;
		struct output_case row;
		const char *wanted;
	} cases[] = {
		{ "nothing is known", { 0 }, "@misc{anon-0123456789abcdef\n}\n\n" },
		{ "a preprint",
		    { .title = "\"BERT & co\"",
			.abstract = "\"50% of $x_1$\"",
			.authors = "[\"Ada Lovelace\", \"Kurt G\\u00f6del\"]",
			.categories = "[\"cs.CL\", \"cs.LG\"]",
			.date = "\"2023-02-01T00:00:00\"",
			.url = "\"https://arxiv.org/abs/2302.01318\"",
			.arxiv_id = "\"2302.01318\"",
			.doi = "\"10.1/a_b%c\"",
			.venue = "\"arXiv.org\"" },
		    "@misc{lovelace2023-2302.01318,\n"
		    "  title = {{BERT \\& co}},\n"
		    "  author = {Ada Lovelace and Kurt Gödel},\n"
		    "  year = {2023},\n"
		    "  month = feb,\n"
		    "  eprint = {2302.01318},\n"
		    "  archivePrefix = {arXiv},\n"
		    "  primaryClass = {cs.CL},\n"
		    "  doi = {10.1/a_b%c},\n"
		    "  url = {https://arxiv.org/abs/2302.01318},\n"
		    "  abstract = {50\\% of $x_1$}\n"
		    "}\n\n" },
		{ "a preprint elsewhere", { .venue = "\"bioRxiv\"" },
		    "@misc{anon-0123456789abcdef,\n  howpublished = {bioRxiv}\n}\n\n" },
		{ "a journal", { .venue = "\"Journal of A & B\"" },
		    "@article{anon-0123456789abcdef,\n  journal = {Journal of A \\& B}\n}\n\n" },
		{ "a name that does not tell", { .venue = "\"Nature\"" },
		    "@article{anon-0123456789abcdef,\n  journal = {Nature}\n}\n\n" },
		{ "proceedings that are a journal",
		    { .venue = "\"Proceedings of the National Academy of Sciences\"" },
		    "@article{anon-0123456789abcdef,\n  journal = {Proceedings of the National "
		    "Academy of Sciences}\n}\n\n" },
		{ "a conference", { .venue = "\"International Conference on X\"" },
		    "@inproceedings{anon-0123456789abcdef,\n  booktitle = {International "
		    "Conference on X}\n}\n\n" },
		{ "a conference without the word",
		    { .venue = "\"Neural Information Processing Systems\"" },
		    "@inproceedings{anon-0123456789abcdef,\n  booktitle = {Neural Information "
		    "Processing Systems}\n}\n\n" },
		{ "a year alone, of Semantic Scholar", { .date = "\"2020-01-01T00:00:00\"" },
		    "@misc{anon2020-0123456789abcdef,\n  year = {2020}\n}\n\n" },
		{ "1 January, of arXiv",
		    { .date = "\"2020-01-01T00:00:00\"", .arxiv_id = "\"math/0309136\"" },
		    "@misc{anon2020-math-0309136,\n  year = {2020},\n  month = jan,\n  eprint = "
		    "{math/0309136},\n  archivePrefix = {arXiv}\n}\n\n" },
		{ "names that BibTeX would take apart",
		    { .authors = "[\"Smith, Jr., A\", \"Search and Rescue\", \"others\", \"AND\", "
				 "\"Anders Andersen\", \"\", \"\\\\'Elie, X\"]" },
		    "@misc{a-0123456789abcdef,\n  author = {{Smith, Jr., A} and {Search and "
		    "Rescue} and {others} and {AND} and Anders Andersen and {{}\\'Elie, "
		    "X}}\n}\n\n" },
		{ "a title that begins with an accent", { .title = "\"\\\\'Etude {x\"" },
		    "@misc{anon-0123456789abcdef,\n  title = {{{}\\'Etude "
		    "\\textbraceleft{}x}}\n}\n\n" },
		{ "an address that is none of BibTeX",
		    { .url = "\"https://x.org/{a}\\\\ b^^5c\\u00e9\\\"%20}\"" },
		    "@misc{anon-0123456789abcdef,\n  url = "
		    "{https://x.org/%7Ba%7D%5C%20b%5E%5E5c%C3%A9%22%20%7D}\n}\n\n" },
	};
	struct buf rows = BUF_INIT, out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&rows);
		output_case_add(&cases[i].row, &rows);
		output_case_write("bibtex", buf_slice(&rows), &out);
		assert_bytes(buf_slice(&out), slice_of(cases[i].wanted), cases[i].why);
	}
	buf_free(&rows);
	buf_free(&out);
}

static void
test_keys(void **state)
{
	static const struct {
		const char *why;
		struct output_case row;
		const char *wanted;
	} cases[] = {
		{ "nobody", { 0 }, "anon-0123456789abcdef" },
		{ "an empty name", { .authors = "[\"\"]" }, "anon-0123456789abcdef" },
		{ "the last word", { .authors = "[\"Ludwig van Beethoven \", \"X Y\"]" },
		    "beethoven-0123456789abcdef" },
		{ "accents", { .authors = "[\"Š Ünlü-Łužický\"]" },
		    "unluluzicky-0123456789abcdef" },
		{ "accents apart", { .authors = "[\"Poincare\\u0301\"]" },
		    "poincare-0123456789abcdef" },
		{ "accents of LaTeX", { .authors = "[\"G\\\\\\\"odel Erd\\\\H{o}s\"]" },
		    "erdos-0123456789abcdef" },
		{ "no Latin letters", { .authors = "[\"張\"]" }, "anon-0123456789abcdef" },
		{ "what a key may not hold", { .authors = "[\"X #O'{}(),%=\\\"~B\"]" },
		    "ob-0123456789abcdef" },
		{ "a long name", { .authors = "[\"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd\"]" },
		    "aaaaaaaaaabbbbbbbbbbcccc-0123456789abcdef" },
		{ "year and arXiv id",
		    { .authors = "[\"A B\"]",
			.date = "\"2003-09-08T00:00:00\"",
			.arxiv_id = "\"astro-ph/0309136\"" },
		    "b2003-astro-ph-0309136" },
	};
	struct buf line = BUF_INIT, key = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct jsonl_error error;
		struct row_line row;

		buf_clear(&line);
		buf_clear(&key);
		output_case_add(&cases[i].row, &line);
		buf_reserve(&line, JSONL_PADDING);
		assert_int_equal(row_line_parse(line.data, line.len - 1, &row, &error), 0);
		bibtex_key_write(&row, &key);
		assert_bytes(buf_slice(&key), slice_of(cases[i].wanted), cases[i].why);
	}
	buf_free(&line);
	buf_free(&key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
