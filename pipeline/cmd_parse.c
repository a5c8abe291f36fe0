#include "answer.h"
#include "arxiv_feed.h"
#include "bounds.h"
#include "clock.h"
#include "command.h"
#include "date.h"
#include "file.h"
#include "semantic_scholar_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef void parse_fn(
    const char *body, size_t len, int64_t fetched, const struct log *log, struct answer *answer);

static parse_fn *
parser_of(const char *name)
{
	if (strcmp(name, "arxiv") == 0)
		return arxiv_feed_parse;
	return strcmp(name, "semantic-scholar") == 0 ? semantic_scholar_json_parse : NULL;
}

static int
read_stdin(struct buf *out, const struct log *log)
{
	size_t got;

	do {
		got = fread(buf_reserve(out, 64 << 10), 1, 64 << 10, stdin);
		out->len += got;
	} while (got > 0 && out->len <= BOUND_BODY_BYTES);
	if (ferror(stdin))
		log_error(log, "stdin: cannot read: %s", strerror(errno));
	else if (out->len > BOUND_BODY_BYTES)
		log_error(log, "stdin: larger than %zu bytes", BOUND_BODY_BYTES);
	else
		return 0;
	return -1;
}

static int
read_body(const char *path, struct buf *out, const struct log *log)
{
	if (strcmp(path, "-") == 0)
		return read_stdin(out, log);
	return file_read(path, BOUND_BODY_BYTES, out, log);
}

static void
print_records(const struct answer *answer)
{
	struct buf line = BUF_INIT;

	for (size_t i = 0; i < answer->count; i++) {
		buf_clear(&line);
		source_record_write(&answer->records[i], &line);
		fwrite(line.data, 1, line.len, stdout);
	}
	buf_free(&line);
}

static enum outcome
tell_answer(const struct answer *answer, const char *path, const struct log *log)
{
	if (answer->verdict != ANSWER_RECORDS) {
		log_error(log, "%s: %s: %.*s", path,
		    answer->verdict == ANSWER_ERROR ? "the API's answer is an error"
						    : "no answer of this API",
		    (int)answer->message.len, answer->message.data);
		return OUTCOME_BAD_DATA;
	}
	log_notice(log, "%s: %zu records of %zu items, %zu refused, %zu unknown to the source",
	    path, answer->count, answer->items, answer->refused, answer->unknown);
	if (answer->total >= 0)
		log_notice(
		    log, "%s: %" PRId64 " papers match the whole query", path, answer->total);
	return answer->refused > 0 ? OUTCOME_BAD_DATA : OUTCOME_DONE;
}

enum outcome
cmd_parse(struct command_context *context)
{
	const struct options *options = &context->options;
	const struct clock clock = clock_system();
	const char *path = options->operand_count == 2 ? options->operands[1] : "";
	parse_fn *parse = options->operand_count == 2 ? parser_of(options->operands[0]) : NULL;
	struct buf body = BUF_INIT;
	struct answer answer;
	enum outcome outcome = OUTCOME_NO_INPUT;

	if (parse == NULL) {
		log_error(&context->log,
		    "parse: wants `arxiv` or `semantic-scholar` and a file, got %s%s%s",
		    options->operand_count > 0 ? "'" : "nothing",
		    options->operand_count > 0 ? options->operands[0] : "",
		    options->operand_count > 0 ? "'" : "");
		return OUTCOME_USAGE;
	}
	if (read_body(path, &body, &context->log) == 0) {
		answer_init(&answer);
		parse(body.data == NULL ? "" : body.data, body.len,
		    options->as_of_given ? options->as_of * DATE_DAY_SECONDS : clock_utc(&clock),
		    &context->log, &answer);
		print_records(&answer);
		outcome = tell_answer(&answer, path, &context->log);
		answer_free(&answer);
	}
	buf_free(&body);
	return outcome;
}
