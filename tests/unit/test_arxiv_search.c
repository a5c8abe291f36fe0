#include "arxiv_search.h"

#include "date.h"
#include "source_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ENTRIES 3000

/* Entries of one window, ten minutes apart; those from ${first} to ${last} cannot be read. */
struct window {
	char ids[ENTRIES][24];
	int64_t first, last;
	/* Pages that were asked for. */
	unsigned pages;
};

/* The next page, of at most so many entries. */
static void
take(struct window *window, struct arxiv_search *search, int64_t most)
{
	const struct log log = { NULL, NULL, LOG_ERROR };
	int64_t size = search->page_size < most ? search->page_size : most;
	int64_t end = search->start + size < ENTRIES ? search->start + size : ENTRIES;
	struct buf reason = BUF_INIT;
	struct answer answer;

	answer_init(&answer);
	answer.total = ENTRIES;
	answer.start = search->start;
	for (int64_t i = search->start; i < end; i++) {
		struct source_record *record;

		if (i >= window->first && i <= window->last) {
			answer.items++;
			answer.refused++;
			continue;
		}
		record = answer_add(&answer, answer.items++);
		source_record_init(record, SOURCE_ARXIV, 0);
		record->arxiv_id = slice_of(window->ids[i]);
		record->published = (date_day(2020, 1, 1) * 1440 + i * 10) * 60;
	}
	window->pages++;
	assert_true(arxiv_search_take(search, &answer, 3, &log, &reason));
	answer_free(&answer);
	buf_free(&reason);
}

/* Another run goes on from what this one wrote. */
static void
resume(struct arxiv_search *search)
{
	struct buf text = BUF_INIT;
	struct commit *commit;

	buf_add_char(&text, '{');
	arxiv_search_write(search, &text);
	buf_add_char(&text, '}');
	arxiv_search_free(search);
	arxiv_search_init(search);
	commit = commit_parse(buf_slice(&text));
	assert_non_null(commit);
	assert_int_equal(arxiv_search_restore(search, commit), 0);
	commit_free(commit);
	buf_free(&text);
}

/* A short page has the next one begin before its end; what could not be read counts once, whether
 * it is read once or twice, by one run or by two: nothing has to be asked again. */
static void
test_refused_entries(void **state)
{
	static const struct {
		const char *why;
		int64_t first, last;
	} cases[] = {
		{ "none", -1, -1 },
		{ "in front of the overlap", 2100, 2104 },
		{ "in the overlap", 2540, 2544 },
		{ "at both its ends", 2499, 2592 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]) * 2; i++) {
		struct window *window = calloc(1, sizeof(*window));
		struct arxiv_search search;

		assert_non_null(window);
		print_message("%s\n", cases[i / 2].why);
		window->first = cases[i / 2].first;
		window->last = cases[i / 2].last;
		for (int number = 0; number < ENTRIES; number++)
			snprintf(
			    window->ids[number], sizeof(window->ids[number]), "2001.%05d", number);
		arxiv_search_init(&search);
		arxiv_search_begin(
		    &search, date_day(1980, 1, 1) * 1440, date_day(2026, 1, 1) * 1440);
		take(window, &search, ENTRIES);
		take(window, &search, 593);
		assert_int_equal(search.overlap, 93);
		if (i % 2 == 1)
			resume(&search);
		take(window, &search, ENTRIES);
		assert_null(arxiv_search_window(&search));
		assert_int_equal(search.missing, 0);
		assert_int_equal(window->pages, 3);
		arxiv_search_free(&search);
		free(window);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_entries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
