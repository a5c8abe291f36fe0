#include "merge.h"

#include "merge_cases.h"

/* Each record behind paper 0 in short: source, version or CorpusId, title, `old` if superseded, and
 * its keys with whom they join it to. */
static void
describe(struct outcome *outcome, struct buf *out)
{
	static const char *const keys[] = { "arxiv", "doi", "corpus", "paper", "text" };
	struct arena arena = ARENA_INIT;
	struct merge_record *records;
	size_t count;

	buf_add_text(out, "");
	assert_int_equal(merge_records(outcome->merge, 0, &records, &count, &arena), 0);
	for (size_t i = 0; i < count; i++) {
		const struct merge_record *record = &records[i];

		buf_printf(out, "%s %d %.*s%s:", source_name(record->source),
		    record->source == SOURCE_ARXIV ? record->version : (int)record->corpus_id,
		    (int)record->row.title.len, record->row.title.data,
		    record->superseded ? " old" : "");
		for (size_t j = 0; j < record->join_count; j++) {
			const struct merge_join *join = &record->joins[j];

			buf_printf(out, " %s=%.*s%s", keys[join->key], (int)join->text.len,
			    join->text.data, join->joins ? "" : "(not)");
			for (size_t k = 0; k < join->with_count; k++)
				buf_printf(out, "%s%zu", k == 0 ? "->" : ",", join->with[k]);
		}
		buf_add_char(out, '\n');
	}
	arena_free(&arena);
}

static void
test_records(void **state)
{
	static const struct {
		const char *why;
		const char *lines[LINES];
		const char *wanted;
	} cases[] = {
		{ "one record stands alone", { A(X, TITLE("t")) }, "arxiv 1 t: arxiv=" X "\n" },
		{ "by arXiv id and by DOI, and whose",
		    { S(7, DOI("10.1/A") TITLE("seven") CITED(1)),
			S(8, ARXIV_ID(X) TITLE("eight") CITED(5)), A(X, TITLE("t") DOI("10.1/a")) },
		    "arxiv 1 t: arxiv=" X "->1 doi=10.1/a->2\n"
		    "semantic_scholar 8 eight: arxiv=" X "->0 corpus=8\n"
		    "semantic_scholar 7 seven: corpus=7 doi=10.1/a->0\n" },
		{ "what a later record replaced stands last and joins nothing",
		    { S(7, ARXIV_ID(X) TITLE("before") CITED(1)),
			S(7, ARXIV_ID(X) TITLE("after") CITED(2)), A(X, TITLE("t")) },
		    "arxiv 1 t: arxiv=" X "->1\n"
		    "semantic_scholar 7 after: arxiv=" X "->0 corpus=7\n"
		    "semantic_scholar 7 before old: arxiv=" X "(not)->0,1 corpus=7(not)->1\n" },
		{ "a DOI in conflict joins nothing",
		    { A(X, TITLE("one thing") DOI("10.1/a") AT("02")),
			A(Y, TITLE("quite another") DOI("10.1/a") AT("01")) },
		    "arxiv 1 one thing: arxiv=" X " doi=10.1/a(not)\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outcome outcome;
		struct buf got = BUF_INIT;

		outcome_of(&outcome, cases[i].lines, LINES, &everything);
		describe(&outcome, &got);
		if (!slice_is(buf_slice(&got), cases[i].wanted))
			print_error("%s:\n%swanted\n%s", cases[i].why, got.data, cases[i].wanted);
		assert_true(slice_is(buf_slice(&got), cases[i].wanted));
		buf_free(&got);
		outcome_free(&outcome);
	}
}

static void
test_find(void **state)
{
	static const char *const lines[] = { A(X, AT("03") DOI("10.1/A")),
		S(7, DOI("10.1/a") CITED(3)), S(8, DOI("10.2/b") ",\"year\":2020"),
		S(9, DOI("10.3/c") ",\"year\":2019") };
	struct outcome outcome;
	struct buf text = BUF_INIT;
	char hex[65];

	(void)state;
	outcome_of(&outcome, lines, 4, &everything);
	assert_int_equal(merge_size(outcome.merge), 3);
	assert_int_equal(merge_find_key(outcome.merge, KEY_ARXIV, SLICE_LITERAL(X)), 0);
	assert_int_equal(merge_find_key(outcome.merge, KEY_DOI, SLICE_LITERAL("10.2/b")), 1);
	assert_int_equal(merge_find_key(outcome.merge, KEY_CORPUS, SLICE_LITERAL("7")), 0);
	assert_int_equal(merge_find_key(outcome.merge, KEY_PAPER, SLICE_LITERAL("p9")), 2);
	assert_true(merge_find_key(outcome.merge, KEY_ARXIV, SLICE_LITERAL(Y)) == MERGE_PAPER_NONE);
	assert_int_equal(
	    merge_find_id(outcome.merge, slice_of(sha256_hex("paper:arxiv:" X, hex))), 0);
	assert_int_equal(
	    merge_find_id(outcome.merge, slice_of(sha256_hex("paper:doi:10.2/b", hex))), 1);
	assert_int_equal(
	    merge_find_id(outcome.merge, slice_of(sha256_hex("paper:doi:10.3/c", hex))), 2);
	assert_true(merge_find_id(outcome.merge, slice_of(sha256_hex("paper:doi:10.1/a", hex))) ==
		    MERGE_PAPER_NONE);
	merge_id_text(outcome.merge, 1, &text);
	assert_string_equal(text.data, "paper:doi:10.2/b");
	buf_free(&text);
	outcome_free(&outcome);
}

/* A DOI in conflict can name one paper only; the other is known by its CorpusId, and the text says
 * so. */
static void
test_id_text_of_conflict(void **state)
{
	static const char *const lines[] = { A(X, TITLE("one thing") DOI("10.1/a") AT("03")),
		A(Y, TITLE("quite another") DOI("10.1/a") AT("02")),
		S(7, DOI("10.1/a") CITED(3) ",\"year\":2020"),
		S(8, DOI("10.1/a") CITED(2) ",\"year\":2019") };
	struct outcome outcome;
	struct buf text = BUF_INIT;

	(void)state;
	outcome_of(&outcome, lines, 4, &everything);
	assert_int_equal(merge_size(outcome.merge), 4);
	merge_id_text(outcome.merge, 2, &text);
	assert_string_equal(text.data, "paper:doi:10.1/a");
	merge_id_text(outcome.merge, 3, &text);
	assert_string_equal(text.data, "paper:s2:8");
	buf_free(&text);
	outcome_free(&outcome);
}

/* What stands behind the first bytes of a journal came later, and is not looked at. */
static void
test_read_to(void **state)
{
	static const char first[] = A(X, TITLE("first")) "\n";
	static const char second[] = A(Y, TITLE("second")) "\n";
	struct outcome outcome;
	struct buf text = BUF_INIT;

	(void)state;
	buf_add_text(&text, first);
	buf_add_text(&text, second);
	outcome_begin(&outcome);
	assert_int_equal(merge_read_to(outcome.merge, scratch_open(buf_slice(&text)), "journal",
			     sizeof(first) - 1),
	    0);
	outcome_end(&outcome, &everything);
	assert_rows(&outcome, "title", "\"first\"\n", "the first line only");
	buf_free(&text);
	outcome_free(&outcome);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_id_text_of_conflict),
		cmocka_unit_test(test_read_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
