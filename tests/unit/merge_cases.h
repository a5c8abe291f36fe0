#ifndef FINESET_TEST_MERGE_CASES_H
#define FINESET_TEST_MERGE_CASES_H

/* What the tests of the merge share: records in short, and the rows that they make. */

#include "jsonl.h"
#include "merge.h"
#include "scratch.h"

#include <openssl/evp.h>
#include <unistd.h>

/* A line of arXiv: id, rest; of Semantic Scholar: CorpusId (and so paperId), rest. */
#define A(id, rest)                                                                           \
	"{\"source\":\"arxiv\",\"fetched\":\"2026-06-19T03:00:07Z\",\"arxiv_id\":\"" id "\"," \
	"\"version\":1" rest "}"
#define S(corpus, rest)                                                          \
	"{\"source\":\"semantic_scholar\",\"fetched\":\"2026-06-19T03:00:07Z\"," \
	"\"paper_id\":\"p" #corpus "\",\"corpus_id\":" #corpus rest "}"
#define TITLE(text) ",\"title\":\"" text "\""
#define DOI(text) ",\"doi\":\"" text "\""
#define ARXIV_ID(text) ",\"arxiv_id\":\"" text "\""
#define CITED(count) ",\"citation_count\":" #count
#define OUT(time) ",\"published\":\"" time "\""

#define X "2606.00001"
#define Y "2606.00002"
#define Z "2606.00003"
#define AT(day) OUT("2026-06-" day "T00:00:00Z")

#define LINES 12

static const struct merge_scope everything = { .from = INT64_MIN, .to = INT64_MAX };

/* A merge of some lines, and all that came out of it. */
struct outcome {
	struct scratch scratch;
	struct merge *merge;
	struct buf rows;
	size_t row_count;
};

static inline int
read_text(struct outcome *outcome, const char *name, struct slice text)
{
	int fd = scratch_open(text);

	assert_int_equal(merge_read(outcome->merge, fd, name), 0);
	return fd;
}

static inline void
write_rows(struct outcome *outcome)
{
	struct merge_reader *reader = merge_reader_new(outcome->merge);
	struct arena arena = ARENA_INIT;

	buf_add_text(&outcome->rows, "");
	for (size_t i = 0; i < merge_size(outcome->merge); i++) {
		struct row row;
		int wanted = merge_row(outcome->merge, i, &row, reader, &arena);

		assert_int_not_equal(wanted, -1);
		if (wanted == 1) {
			row_write(&row, &outcome->rows);
			outcome->row_count++;
		}
		arena_clear(&arena);
	}
	arena_free(&arena);
	merge_reader_free(reader);
}

static inline void
outcome_begin(struct outcome *outcome)
{
	*outcome = (struct outcome){ .rows = BUF_INIT };
	scratch_log_init(&outcome->scratch);
	outcome->merge = merge_new(2, &outcome->scratch.log);
}

static inline void
outcome_end(struct outcome *outcome, const struct merge_scope *scope)
{
	assert_int_equal(merge_resolve(outcome->merge, scope), 0);
	write_rows(outcome);
}

static inline void
outcome_of(struct outcome *outcome, const char *const *lines, size_t count,
    const struct merge_scope *scope)
{
	struct buf text = BUF_INIT;

	outcome_begin(outcome);
	for (size_t i = 0; i < count && lines[i] != NULL; i++)
		buf_printf(&text, "%s\n", lines[i]);
	read_text(outcome, "records.jsonl", buf_slice(&text));
	outcome_end(outcome, scope);
	buf_free(&text);
}

static inline void
outcome_free(struct outcome *outcome)
{
	merge_free(outcome->merge);
	buf_free(&outcome->rows);
	scratch_free(&outcome->scratch);
}

/* The values of some keys of every row, as `key=value` joined by blanks, one row a line. */
static inline void
select_keys(const struct outcome *outcome, const char *keys, struct buf *out)
{
	buf_add_text(out, "");
	for (size_t start = 0; start < outcome->rows.len;) {
		const char *line = outcome->rows.data + start;
		size_t len = (size_t)(strchr(line, '\n') - line);
		struct buf copy = BUF_INIT;

		buf_add(&copy, line, len);
		buf_reserve(&copy, JSONL_PADDING);
		for (const char *key = keys; *key != '\0';) {
			size_t key_len = strcspn(key, " ");
			struct slice wanted = { key, key_len };
			struct jsonl_value value;
			struct jsonl_error error;

			assert_int_equal(
			    jsonl_scan(copy.data, copy.len, &wanted, 1, &value, &error), 0);
			assert_int_not_equal(value.kind, JSONL_ABSENT);
			jsonl_copy(&value, out);
			key += key_len + strspn(key + key_len, " ");
			buf_add_char(out, *key == '\0' ? '\n' : ' ');
		}
		buf_free(&copy);
		start += len + 1;
	}
}

static inline void
assert_rows(const struct outcome *outcome, const char *keys, const char *wanted, const char *why)
{
	struct buf got = BUF_INIT;

	select_keys(outcome, keys, &got);
	if (!slice_is(buf_slice(&got), wanted))
		print_error("%s:\n%swanted\n%s\n", why, got.data, wanted);
	assert_true(slice_is(buf_slice(&got), wanted));
	buf_free(&got);
}

/* The id by another way: one call of libcrypto. */
static inline const char *
sha256_hex(const char *text, char hex[65])
{
	unsigned char bytes[32];
	unsigned len = 0;

	assert_int_equal(EVP_Digest(text, strlen(text), bytes, &len, EVP_sha256(), NULL), 1);
	assert_int_equal(len, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return hex;
}

/* What ${keys} say of the rows that ${lines} make. */
struct merge_case {
	const char *why;
	const char *lines[LINES];
	const char *keys, *rows;
};

static inline void
assert_cases(const struct merge_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct outcome outcome;

		outcome_of(&outcome, cases[i].lines, LINES, &everything);
		assert_rows(&outcome, cases[i].keys, cases[i].rows, cases[i].why);
		scratch_assert_log(&outcome.scratch, "", cases[i].why);
		outcome_free(&outcome);
	}
}

static inline void
assert_same_rows(struct buf *first, const struct outcome *outcome, const char *why, size_t which)
{
	if (first->len == 0)
		buf_add_slice(first, buf_slice(&outcome->rows));
	if (!slice_equal(buf_slice(first), buf_slice(&outcome->rows)))
		print_error("%s %zu:\n%sand\n%s", why, which, first->data, outcome->rows.data);
	assert_true(slice_equal(buf_slice(first), buf_slice(&outcome->rows)));
}

#endif
