#include "semantic_scholar_json.h"

#include "answer_check.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct log log = { check_sink, NULL, LOG_DETAIL };
	struct answer answer;

	answer_init(&answer);
	semantic_scholar_json_parse((const char *)data, len, 0, &log, &answer);
	check_answer(&answer);
	answer_free(&answer);
	return 0;
}
