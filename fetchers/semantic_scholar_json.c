#include "semantic_scholar_json.h"

#include "bounds.h"
#include "buf.h"
#include "json_text.h"
#include "jsonl.h"
#include "mem.h"
#include "semantic_scholar_paper.h"
#include "text.h"

#include <jansson.h>

/* What an object that is a whole answer may say. */
enum member {
	MEMBER_DATA,
	MEMBER_RECOMMENDED,
	MEMBER_TOTAL,
	MEMBER_TOKEN,
	MEMBER_ERROR,
	MEMBER_MESSAGE,
	MEMBER_PAPER_ID,
	MEMBER_EXTERNAL_IDS,
	MEMBER_TITLE,
	MEMBER_COUNT
};

static const char *const names[MEMBER_COUNT] = { "data", "recommendedPapers", "total", "token",
	"error", "message", "paperId", "externalIds", "title" };

/* One run over one body. */
struct page {
	struct answer *answer;
	const struct log *log;
	int64_t fetched;

	struct slice text;
	/* What the text lives in where it had to be mended. */
	struct buf mended;
	struct jsonl_value members[MEMBER_COUNT];
};

static bool
is_given(const struct page *page, enum member member)
{
	return page->members[member].kind != JSONL_ABSENT &&
	       page->members[member].kind != JSONL_NULL;
}

static void
note_member(const struct page *page, enum member member, const char *reason)
{
	log_notice(page->log, "semantic_scholar: page: %s: %s, got '" LOG_VALUE_FMT "'",
	    names[member], reason, LOG_VALUE(page->members[member].raw));
}

static void
read_total(struct page *page)
{
	const struct jsonl_value *total = &page->members[MEMBER_TOTAL];

	page->answer->total = text_number(total->raw);
	if (is_given(page, MEMBER_TOTAL) && page->answer->total < 0)
		note_member(page, MEMBER_TOTAL, "not a whole number");
}

static void
read_token(struct page *page)
{
	const struct jsonl_value *token = &page->members[MEMBER_TOKEN];
	struct buf text = BUF_INIT;

	if (token->kind == JSONL_STRING)
		jsonl_text(token, &text);
	else if (is_given(page, MEMBER_TOKEN))
		note_member(page, MEMBER_TOKEN, "not a string");
	if (text.len > 0)
		page->answer->token = arena_dup(&page->answer->arena, buf_slice(&text));
	buf_free(&text);
}

static void
read_list(struct page *page, const struct jsonl_value *list)
{
	struct jsonl_value entry;
	size_t at = 0;

	while (jsonl_next(list, &at, &entry)) {
		/* With its quotes. */
		if (entry.kind == JSONL_STRING)
			entry.raw = (struct slice){ entry.raw.data - 1, entry.raw.len + 2 };
		semantic_scholar_paper_parse(entry.raw, page->fetched, page->log, page->answer);
	}
}

static void
fail_with(struct page *page, enum answer_verdict verdict, const struct jsonl_value *words)
{
	struct buf text = BUF_INIT;

	if (words->kind == JSONL_STRING)
		jsonl_text(words, &text);
	else
		buf_add_slice(&text, words->raw);
	answer_fail(page->answer, verdict, buf_slice(&text));
	buf_free(&text);
}

static void
read_object(struct page *page)
{
	const struct jsonl_value *members = page->members, *list = &members[MEMBER_DATA];
	/* The application says `error`, the gateway before it `message`. */
	enum member error = is_given(page, MEMBER_ERROR) ? MEMBER_ERROR : MEMBER_MESSAGE;

	if (list->kind != JSONL_ARRAY)
		list = &members[MEMBER_RECOMMENDED];
	/* Whoever tells an error does not answer for what stands beside it. */
	if (list->kind == JSONL_ARRAY && !is_given(page, MEMBER_ERROR)) {
		read_total(page);
		read_token(page);
		read_list(page, list);
	} else if (is_given(page, error)) {
		fail_with(page, ANSWER_ERROR, &members[error]);
	} else if (members[MEMBER_PAPER_ID].kind != JSONL_ABSENT ||
		   members[MEMBER_EXTERNAL_IDS].kind != JSONL_ABSENT ||
		   members[MEMBER_TITLE].kind != JSONL_ABSENT) {
		semantic_scholar_paper_parse(page->text, page->fetched, page->log, page->answer);
	} else {
		read_total(page);
		if (page->answer->total != 0)
			answer_fail(page->answer, ANSWER_UNUSABLE,
			    SLICE_LITERAL("a JSON object without papers"));
	}
}

/* Find what the object says; of a key that stands twice nobody knows which value was meant. */
static int
find_members(struct page *page)
{
	struct jsonl_value key, value;
	struct buf message = BUF_INIT;
	size_t at = 0;

	while (message.len == 0 && jsonl_next_member(page->text, &at, &key, &value)) {
		for (enum member member = 0; member < MEMBER_COUNT; member++) {
			if (!slice_is(key.raw, names[member]))
				continue;
			if (page->members[member].kind != JSONL_ABSENT)
				buf_printf(&message, "the key '%s' stands twice", names[member]);
			page->members[member] = value;
		}
	}
	if (message.len > 0)
		answer_fail(page->answer, ANSWER_UNUSABLE, buf_slice(&message));
	buf_free(&message);
	return page->answer->verdict == ANSWER_UNUSABLE ? -1 : 0;
}

/* Whether the scanner of lines takes the text: its verdict on JSON is a line's, which may not break
 * or repeat a key, and it builds nothing. */
static bool
is_line(struct slice text)
{
	const struct slice key = SLICE_LITERAL("answer");
	struct jsonl_value value;
	struct jsonl_error error;
	struct buf line = BUF_INIT;
	bool taken;

	buf_reserve(&line, text.len + sizeof("{\"answer\":}") + JSONL_PADDING);
	buf_add_text(&line, "{\"answer\":");
	buf_add_slice(&line, text);
	buf_add_text(&line, "}");
	jsonl_pad(&line);
	/* All of it: what ends early and goes on like the line's next member is none. */
	taken = jsonl_scan(line.data, line.len, &key, 1, &value, &error) == 0 &&
		value.raw.len == text.len;
	buf_free(&line);
	return taken;
}

/* Whether the text is a whole JSON document; its entries are read one by one. */
static bool
is_json(struct slice text, json_error_t *error)
{
	json_t *root = json_loadb(text.data, text.len, 0, error);

	if (root == NULL && json_error_code(error) == json_error_out_of_memory)
		mem_out();
	json_decref(root);
	return root != NULL;
}

static bool
mend(struct page *page)
{
	size_t bads = json_text_mend(page->text, &page->mended);

	if (bads > BOUND_BAD_CHARACTERS)
		return false;
	page->answer->mended = bads > 0;
	page->text = buf_slice(&page->mended);
	return true;
}

/* Mend the text if it has to be; -1 if that does not make it JSON. */
static int
check_json(struct page *page, enum json_text state)
{
	struct buf message = BUF_INIT;
	json_error_t error;

	if (is_line(page->text) || is_json(page->text, &error) ||
	    (state == JSON_TEXT_WHOLE && mend(page) && is_json(page->text, &error)))
		return 0;
	buf_printf(&message, "%s: %s, line %d, column %d",
	    state == JSON_TEXT_CUT ? "cut off" : "malformed JSON", error.text, error.line,
	    error.column);
	answer_fail(page->answer, ANSWER_UNUSABLE, buf_slice(&message));
	buf_free(&message);
	return -1;
}

/* What needs no parser to be seen. */
static int
check_text(const struct page *page, enum json_text state)
{
	const struct slice text = page->text;
	struct buf message = BUF_INIT;

	if (text.len > BOUND_BODY_BYTES)
		buf_printf(&message, "longer than %zu bytes", BOUND_BODY_BYTES);
	else if (state == JSON_TEXT_EMPTY)
		buf_add_text(&message, "empty body");
	else if (state == JSON_TEXT_FOREIGN)
		buf_printf(&message, "not JSON: '" LOG_VALUE_FMT "'", LOG_VALUE(text_trim(text)));
	else if (state == JSON_TEXT_DEEP)
		buf_printf(&message, "nested deeper than %d levels", BOUND_DEPTH);
	else if (state == JSON_TEXT_CROWDED)
		buf_printf(&message, "more than %d values", BOUND_VALUES);
	else if (state == JSON_TEXT_HEAVY)
		buf_add_text(&message, "wants more memory than an answer may have");
	else
		return 0;
	answer_fail(page->answer, ANSWER_UNUSABLE, buf_slice(&message));
	buf_free(&message);
	return -1;
}

static void
read_root(struct page *page)
{
	const struct jsonl_value root = { .raw = page->text, .kind = JSONL_ARRAY };

	page->answer->verdict = ANSWER_RECORDS;
	if (page->text.data[0] == '[')
		read_list(page, &root);
	else if (find_members(page) == 0)
		read_object(page);
	answer_end(page->answer, page->log, SOURCE_SEMANTIC_SCHOLAR);
}

void
semantic_scholar_json_parse(
    const char *json, size_t len, int64_t fetched, const struct log *log, struct answer *answer)
{
	struct page page = { .answer = answer, .log = log, .fetched = fetched };
	struct slice text = { json, len };
	enum json_text state;

	if (text_starts(text, "\xef\xbb\xbf"))
		text = (struct slice){ json + 3, len - 3 };
	page.text = text_trim(text);
	state = json_text_check(page.text);
	if (check_text(&page, state) == 0 && check_json(&page, state) == 0)
		read_root(&page);
	buf_free(&page.mended);
}
