#include "known.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define S2 SOURCE_SEMANTIC_SCHOLAR
#define ARXIV SOURCE_ARXIV

static struct slice
s(const char *text)
{
	return slice_of(text);
}

static void
test_each_asks_for_what_the_other_brought(void **state)
{
	struct known *known = known_new();

	(void)state;
	assert_true(known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0));
	known_add_semantic_scholar(known, s("2601.00002"), SLICE_NONE, SLICE_NONE);
	known_add_arxiv(known, s("2601.00003"), SLICE_NONE, 1, 0);
	known_add_semantic_scholar(known, s("2601.00003"), SLICE_NONE, SLICE_NONE);
	assert_int_equal(known_count(known), 3);
	assert_int_equal(known_from(known, ARXIV), 2);
	assert_int_equal(known_from(known, S2), 2);
	assert_true(slice_is(known_arxiv_id(known, 1), "2601.00002"));
	assert_true(known_wants(known, S2, 0));
	assert_false(known_wants(known, ARXIV, 0));
	assert_false(known_wants(known, S2, 1));
	assert_true(known_wants(known, ARXIV, 1));
	assert_false(known_wants(known, S2, 2));
	assert_false(known_wants(known, ARXIV, 2));
	known_free(known);
}

static void
test_absent_is_not_wanted_again(void **state)
{
	struct known *known = known_new();

	(void)state;
	known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0);
	known_absent(known, S2, s("2601.00001"));
	assert_false(known_wants(known, S2, 0));
	assert_int_equal(known_from(known, S2), 0);
	/* Told before the paper itself, as a journal may do. */
	known_absent(known, ARXIV, s("2601.00002"));
	assert_false(known_wants(known, S2, 1));
	known_add_semantic_scholar(known, s("2601.00002"), SLICE_NONE, SLICE_NONE);
	assert_false(known_wants(known, ARXIV, 1));
	known_free(known);
}

static void
test_news(void **state)
{
	struct known *known = known_new();

	(void)state;
	assert_true(known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0));
	assert_false(known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0));
	assert_true(known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 2, 0));
	assert_false(known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 2, 0));
	known_add_semantic_scholar(known, s("2601.00002"), SLICE_NONE, SLICE_NONE);
	assert_true(known_add_arxiv(known, s("2601.00002"), SLICE_NONE, 1, 0));
	assert_int_equal(known_from(known, ARXIV), 2);
	known_free(known);
}

static void
test_other_names(void **state)
{
	static const struct {
		const char *why, *arxiv_id, *dois, *s2_arxiv_id, *s2_doi, *s2_dblp;
		bool wanted;
	} cases[] = {
		{ "the arXiv DOI", "2601.00001", NULL, NULL, "10.48550/arXiv.2601.00001", NULL,
		    false },
		{ "in lower case", "2601.00001", NULL, NULL, "10.48550/arxiv.2601.00001", NULL,
		    false },
		{ "the DBLP key", "2601.00001", NULL, NULL, NULL, "journals/corr/abs-2601-00001",
		    false },
		{ "a publisher's DOI in another case", "2601.00001", "10.1000/AbC", NULL,
		    "10.1000/aBc", NULL, false },
		{ "the second of arXiv's DOIs", "2601.00001", "10.1000/x 10.1000/y", NULL,
		    "10.1000/Y", NULL, false },
		{ "another DOI", "2601.00001", "10.1000/x", NULL, "10.1000/xx", NULL, true },
		{ "another arXiv DOI", "2601.00001", NULL, NULL, "10.48550/arXiv.2601.00002", NULL,
		    true },
		{ "another DBLP key", "2601.00001", NULL, NULL, NULL, "journals/tse/Smith26",
		    true },
		{ "no name at all", "2601.00001", NULL, NULL, NULL, NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int order = 0; order < 2; order++) {
			struct known *known = known_new();

			if (order == 0)
				known_add_arxiv(
				    known, s(cases[i].arxiv_id), s(cases[i].dois), 1, 0);
			known_add_semantic_scholar(known, s(cases[i].s2_arxiv_id),
			    s(cases[i].s2_doi), s(cases[i].s2_dblp));
			if (order == 1)
				known_add_arxiv(
				    known, s(cases[i].arxiv_id), s(cases[i].dois), 1, 0);
			for (size_t paper = 0; paper < known_count(known); paper++)
				if (slice_is(known_arxiv_id(known, paper), "2601.00001") &&
				    known_wants(known, S2, paper) != cases[i].wanted)
					fail_msg("%s, order %d", cases[i].why, order);
			known_free(known);
		}
}

static void
test_many(void **state)
{
	struct known *known = known_new();
	char id[32];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		snprintf(id, sizeof(id), "%04d.%05d", 1501 + i / 10000, i % 10000);
		if (i % 3 != 0)
			known_add_arxiv(known, s(id), SLICE_NONE, 1, 0);
		if (i % 3 != 1)
			known_add_semantic_scholar(known, s(id), SLICE_NONE, SLICE_NONE);
	}
	assert_int_equal(known_count(known), 50000);
	for (size_t i = 0; i < 50000; i++) {
		assert_int_equal(known_wants(known, ARXIV, i), i % 3 == 0);
		assert_int_equal(known_wants(known, S2, i), i % 3 == 1);
	}
	known_free(known);
}

/* Semantic Scholar tells of everything again: what it does not bring this time is wanted. */
static void
test_anew(void **state)
{
	struct known *known = known_new();

	(void)state;
	known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0);
	known_add_arxiv(known, s("2601.00002"), s("10.1000/a"), 1, 0);
	known_add_arxiv(known, s("2601.00003"), SLICE_NONE, 1, 0);
	known_add_semantic_scholar(known, s("2601.00001"), SLICE_NONE, SLICE_NONE);
	known_add_semantic_scholar(known, SLICE_NONE, s("10.1000/A"), SLICE_NONE);
	known_end_page(known, true);
	known_absent(known, S2, s("2601.00003"));
	known_end_page(known, false);
	assert_false(known_wants_any(known, S2));
	assert_true(known_is_absent(known, S2, 2));
	assert_false(known_is_absent(known, S2, 0));
	known_add_semantic_scholar(known, s("2601.00001"), SLICE_NONE, SLICE_NONE);
	known_end_page(known, true);
	assert_false(known_wants(known, S2, 0));
	assert_true(known_wants(known, S2, 1));
	assert_true(known_wants(known, S2, 2));
	assert_true(known_wants_any(known, S2));
	/* arXiv is asked once, for good. */
	assert_false(known_wants_any(known, ARXIV));
	known_free(known);
}

static void
test_found(void **state)
{
	struct known *known = known_new();

	(void)state;
	known_add_arxiv(known, s("2601.00001"), SLICE_NONE, 1, 0);
	known_add_arxiv(known, s("2601.00002"), SLICE_NONE, 1, 0);
	known_by_id(known, s("2601.00002"));
	known_by_id(known, s("2601.00002"));
	assert_int_equal(known_found(known), 1);
	/* Its record was lost. */
	known_by_id(known, s("2601.00003"));
	assert_int_equal(known_found(known), 1);
	/* The search brings it, too: news, for its record says so. */
	assert_true(known_add_arxiv(known, s("2601.00002"), SLICE_NONE, 1, 0));
	assert_false(known_add_arxiv(known, s("2601.00002"), SLICE_NONE, 1, 0));
	assert_int_equal(known_found(known), 2);
	known_free(known);
}

static void
test_compare(void **state)
{
	static const struct {
		const char *why;
		int64_t before, now, updated;
		bool before_by_id, now_by_id;
		struct known_difference want;
	} cases[] = {
		{ "the same", 1, 1, 50, false, false, { 0, 0, 0 } },
		{ "a paper that was due", 0, 1, 50, false, false, { 1, 0, 0 } },
		{ "a paper of today", 0, 1, 100, false, false, { 0, 0, 0 } },
		{ "a version that was due", 1, 2, 50, false, false, { 0, 1, 0 } },
		{ "a version of today", 1, 2, 100, false, false, { 0, 0, 0 } },
		{ "an older version", 2, 1, 50, false, false, { 0, 0, 0 } },
		{ "gone", 1, 0, 0, false, false, { 0, 0, 1 } },
		{ "known by id alone", 0, 1, 50, false, true, { 0, 0, 0 } },
		{ "known by id alone, and gone", 1, 0, 0, true, false, { 0, 0, 0 } },
		{ "was known by id alone", 1, 1, 50, true, false, { 1, 0, 0 } },
		{ "is known by id alone", 1, 1, 50, false, true, { 0, 0, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct known *before = known_new(), *now = known_new();
		struct known_difference got;

		/* Numbers differ between the two. */
		known_add_arxiv(now, s("2601.00009"), SLICE_NONE, 1, 100);
		if (cases[i].before > 0)
			known_add_arxiv(before, s("2601.00001"), SLICE_NONE, cases[i].before, 1);
		if (cases[i].before_by_id)
			known_by_id(before, s("2601.00001"));
		if (cases[i].now > 0)
			known_add_arxiv(
			    now, s("2601.00001"), SLICE_NONE, cases[i].now, cases[i].updated);
		if (cases[i].now_by_id)
			known_by_id(now, s("2601.00001"));
		got = known_compare(before, now, 100);
		if (got.papers != cases[i].want.papers || got.versions != cases[i].want.versions ||
		    got.gone != cases[i].want.gone)
			fail_msg("%s", cases[i].why);
		known_free(before);
		known_free(now);
	}
}

static void
test_searched(void **state)
{
	struct known *known = known_new();

	(void)state;
	assert_false(known_searched(known, ARXIV));
	known_set_searched(known, ARXIV);
	assert_true(known_searched(known, ARXIV));
	assert_false(known_searched(known, S2));
	known_free(known);
	known_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_asks_for_what_the_other_brought),
		cmocka_unit_test(test_absent_is_not_wanted_again),
		cmocka_unit_test(test_news),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
