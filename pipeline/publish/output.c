#include "output.h"

#include <string.h>

const struct output outputs[OUTPUT_COUNT] = {
	{ "jsonl", "data.jsonl", true, false, output_jsonl },
	{ "card", "README.md", true, false, output_card },
	{ "report", "report.html", true, false, output_report },
	{ "parquet", "data.parquet", false, true, output_parquet },
	{ "csv", "data.csv", false, false, output_csv },
	{ "bibtex", "data.bib", false, false, output_bibtex },
};

const struct output *
output_find(const char *name)
{
	for (size_t i = 0; i < OUTPUT_COUNT; i++)
		if (strcmp(outputs[i].name, name) == 0)
			return &outputs[i];
	return NULL;
}

bool
output_wanted(const struct output *output, const struct topic *topic)
{
	for (size_t i = 0; i < topic->outputs.count; i++)
		if (strcmp(topic->outputs.items[i], output->name) == 0)
			return true;
	return topic->outputs.count == 0 && output->standard;
}

void
output_names(struct buf *out)
{
	for (size_t i = 0; i < OUTPUT_COUNT; i++)
		buf_printf(out, "%s%s",
		    i == 0                 ? ""
		    : i < OUTPUT_COUNT - 1 ? ", "
					   : " or ",
		    outputs[i].name);
}

int
output_check(const struct topic *topic, const char *where, const struct log *log)
{
	struct buf names = BUF_INIT;

	for (size_t i = 0; i < topic->outputs.count; i++) {
		const char *name = topic->outputs.items[i];

		if (output_find(name) != NULL)
			continue;
		output_names(&names);
		log_error(log, "%s: outputs: must be of %s, got '" LOG_VALUE_FMT "'", where,
		    names.data, LOG_VALUE(slice_of(name)));
		buf_free(&names);
		return -1;
	}
	return 0;
}

void
output_rows(const struct output_input *input, struct row_reader *reader, const struct log *log)
{
	row_reader_init(reader, input->rows, input->rows_name, log);
	reader->log = NULL;
}

int
output_jsonl(const struct output_input *input, struct file_writer *out, const struct log *log)
{
	struct row_reader reader;
	int more;

	output_rows(input, &reader, log);
	while ((more = row_reader_next(&reader)) == 1) {
		file_writer_add(out, reader.line.data, reader.line.len);
		file_writer_add(out, "\n", 1);
	}
	row_reader_free(&reader);
	return more;
}
