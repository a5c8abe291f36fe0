/* An answer of Semantic Scholar, and the same with one line more: no scanner of lines takes that,
 * and a parser says the same. */
#include "semantic_scholar_json.h"

#include "answer_check.h"
#include "text.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct slice body = { (const char *)data, len };
	struct log log = { check_sink, NULL, LOG_DETAIL };
	struct answer answer, again;
	struct buf lines = BUF_INIT;
	size_t front = 0;

	answer_init(&answer);
	semantic_scholar_json_parse(body.data, len, 0, &log, &answer);
	check_answer(&answer);
	while (front < len && body.data[front] != '{' && body.data[front] != '[')
		front++;
	if (front < len) {
		buf_add(&lines, body.data, front + 1);
		buf_add_char(&lines, '\n');
		buf_add(&lines, body.data + front + 1, len - front - 1);
		answer_init(&again);
		semantic_scholar_json_parse(lines.data, lines.len, 0, &log, &again);
		if (again.verdict != answer.verdict || again.items != answer.items ||
		    again.count != answer.count || again.refused != answer.refused ||
		    again.total != answer.total || again.mended != answer.mended)
			abort();
		answer_free(&again);
	}
	answer_free(&answer);
	buf_free(&lines);
	return 0;
}
