/*
 * make bench [BENCH_RECORDS=100000]: the merge measured against a plain copy of its inputs, in one
 * run, in turn. It makes its own seeded journals: 80 % of the papers on both sides by arXiv id, 10
 * % by DOI alone in another case, the rest on one side.  A benchmark: it asserts nothing.
 */
#include "clock.h"
#include "code_link.h"
#include "date.h"
#include "file.h"
#include "mem.h"
#include "merge.h"
#include "row.h"
#include "score.h"
#include "source_record.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define RUNS 5

static const char sentence[] =
    "We study how a small model drafts tokens that a large one verifies; "
    "the “speed-up” is 2.3× at equal quality, and the code follows. ";

struct bench {
	char directory[64];
	char *inputs[SOURCE_COUNT];
	char *output;
	struct log log;
	uint64_t random;
};

static uint64_t
next_random(struct bench *bench)
{
	bench->random ^= bench->random << 13;
	bench->random ^= bench->random >> 7;
	bench->random ^= bench->random << 17;
	return bench->random;
}

static void
fill_common(struct source_record *record, struct arena *arena, size_t number)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "A Made-Up Paper on Drafting, Number %zu", number);
	record->title = arena_dup(arena, buf_slice(&text));
	buf_clear(&text);
	for (size_t i = 0; i < 9 + number % 4; i++)
		buf_add_text(&text, sentence);
	record->abstract = arena_dup(arena, (struct slice){ text.data, text.len - 1 });
	record->authors = (struct slice_list){ arena_new(arena, 6, sizeof(struct slice)), 6 };
	for (size_t i = 0; i < record->authors.count; i++) {
		buf_clear(&text);
		buf_printf(&text, "Núria Author %zu", (number * 7 + i) % 99991);
		record->authors.items[i] = arena_dup(arena, buf_slice(&text));
	}
	buf_free(&text);
}

static struct slice
format_id(struct arena *arena, const char *format, size_t high, size_t low)
{
	struct buf text = BUF_INIT;
	struct slice copy;

	/* The formats are the constants of make_record. */
	if (format[0] == '%')
		buf_printf(&text, "%04zu.%05zu", high, low);
	else
		buf_printf(&text, "%s%zu", format, low);
	copy = arena_dup(arena, buf_slice(&text));
	buf_free(&text);
	return copy;
}

static void
make_record(struct bench *bench, enum source source, size_t number, struct buf *line)
{
	struct arena arena = ARENA_INIT;
	struct source_record record;
	size_t kind = number % 10;

	source_record_init(&record, source, 1781838000);
	fill_common(&record, &arena, number);
	if (source == SOURCE_ARXIV || kind < 8)
		record.arxiv_id = format_id(&arena, "%",
		    2001 + number / 90000 % 12 + number / 1080000 * 100, number % 90000);
	if (kind == 8)
		record.doi = format_id(&arena,
		    source == SOURCE_ARXIV ? "10.5555/bench." : "10.5555/BENCH.", 0, number);
	if (source == SOURCE_ARXIV) {
		record.version = 1 + (int64_t)(number % 3);
		record.published = 1577836800 + (int64_t)(next_random(bench) % 200000000);
		record.updated = record.published;
		record.categories = (struct slice_list){ &(struct slice){ "cs.CL", 5 }, 1 };
		source_record_write(&record, line);
	} else {
		struct buf id = BUF_INIT;

		buf_printf(&id, "%040zx", number);
		record.paper_id = arena_dup(&arena, buf_slice(&id));
		buf_free(&id);
		record.corpus_id = 100000000 + (int64_t)number;
		record.citation_count = (int64_t)(next_random(bench) % 500);
		record.influential_citation_count = record.citation_count / 20;
		record.venue = slice_of(number % 3 == 0 ? "arXiv.org" : "");
		record.fields_of_study =
		    (struct slice_list){ &(struct slice){ "Computer Science", 16 }, 1 };
		source_record_write(&record, line);
	}
	arena_free(&arena);
}

static int
make_input(struct bench *bench, enum source source, size_t records)
{
	struct file_writer out;
	struct buf line = BUF_INIT;

	if (file_writer_open(&out, bench->inputs[source], &bench->log) == -1)
		return -1;
	for (size_t i = 0; i < records; i++) {
		buf_clear(&line);
		make_record(bench, source, i, &line);
		file_writer_add(&out, line.data, line.len);
	}
	buf_free(&line);
	return file_writer_close(&out);
}

/* The floor: what cp does. */
static int
copy_inputs(struct bench *bench)
{
	char *block = mem_new(1, 1 << 18);
	int to = open(bench->output, O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    result = to == -1 ? -1 : 0;

	for (int i = 0; i < SOURCE_COUNT && result == 0; i++) {
		int from = open(bench->inputs[i], O_RDONLY);
		ssize_t got;

		while (from != -1 && result == 0 && (got = read(from, block, 1 << 18)) > 0)
			result = file_write_all(to, block, (size_t)got);
		if (from == -1)
			result = -1;
		else
			close(from);
	}
	if (to != -1)
		close(to);
	free(block);
	return result;
}

static int
write_rows(struct merge *merge, int to)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT, url = BUF_INIT;
	int result = 0;

	for (size_t i = 0; i < merge_size(merge) && result == 0; i++) {
		struct row row;
		struct score_input input = { .snapshot_day = date_day(2026, 6, 19) };

		if (merge_row(merge, i, &row, &arena) == -1)
			result = -1;
		buf_clear(&url);
		row.has_code = code_link_find(row.comment, row.abstract, &url) != CODE_NONE;
		input.has_code = row.has_code;
		input.has_venue = row.venue.data != NULL;
		input.citation_count = row.citation_count;
		input.influential_citation_count = row.influential_citation_count;
		input.published_day = date_day_of(row.published);
		row.quality_score = score_of(&input).rounded;
		row_write(&row, &text);
		if (text.len > 1 << 18 || i + 1 == merge_size(merge)) {
			result = file_write_all(to, text.data, text.len);
			buf_clear(&text);
		}
		arena_clear(&arena);
	}
	arena_free(&arena);
	buf_free(&text);
	buf_free(&url);
	return result;
}

static int
merge_inputs(struct bench *bench)
{
	struct merge *merge = merge_new(&bench->log);
	struct merge_scope scope = { .from = INT64_MIN, .to = INT64_MAX };
	int to = open(bench->output, O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    result = to == -1 ? -1 : 0;

	for (int i = 0; i < SOURCE_COUNT && result == 0; i++) {
		int from = open(bench->inputs[i], O_RDONLY);

		result = from == -1 ? -1 : merge_read(merge, from, bench->inputs[i]);
	}
	if (result == 0)
		result = merge_resolve(merge, &scope);
	if (result == 0)
		result = write_rows(merge, to);
	if (to != -1)
		close(to);
	merge_free(merge);
	return result;
}

static int64_t
milliseconds(struct bench *bench, int (*work)(struct bench *bench), int *result)
{
	const struct clock clock = clock_system();
	int64_t start = clock_ticks(&clock);

	if (work(bench) == -1)
		*result = -1;
	return clock_ticks(&clock) - start;
}

static int
ascending(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static int
measure(struct bench *bench, size_t records)
{
	double copies[RUNS], merges[RUNS], ratios[RUNS];
	struct rusage usage;
	int result = 0;

	for (int i = 0; i < RUNS && result == 0; i++) {
		copies[i] = (double)milliseconds(bench, copy_inputs, &result);
		merges[i] = (double)milliseconds(bench, merge_inputs, &result);
		ratios[i] = merges[i] / (copies[i] > 0 ? copies[i] : 1);
	}
	if (result == -1)
		return -1;
	qsort(copies, RUNS, sizeof(double), ascending);
	qsort(merges, RUNS, sizeof(double), ascending);
	qsort(ratios, RUNS, sizeof(double), ascending);
	getrusage(RUSAGE_SELF, &usage);
	printf("%zu + %zu records, medians of %d runs in turn\n", records, records, RUNS);
	printf("  copy of the inputs   %8.0f ms\n", copies[RUNS / 2]);
	printf("  merge, score, write  %8.0f ms   %.2f of the copy (%.2f to %.2f)\n",
	    merges[RUNS / 2], ratios[RUNS / 2], ratios[0], ratios[RUNS - 1]);
	printf("  peak memory          %8.0f MiB\n", (double)usage.ru_maxrss / 1024);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t records = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 100000;
	struct bench bench = { .directory = "/tmp/fineset-bench-XXXXXX", .random = 20260619 };
	int result = -1;

	bench.log = log_stderr(LOG_ERROR);
	if (mkdtemp(bench.directory) == NULL)
		return 1;
	bench.inputs[SOURCE_ARXIV] = file_path(bench.directory, "arxiv.jsonl");
	bench.inputs[SOURCE_SEMANTIC_SCHOLAR] =
	    file_path(bench.directory, "semantic_scholar.jsonl");
	bench.output = file_path(bench.directory, "out");
	if (make_input(&bench, SOURCE_ARXIV, records) == 0 &&
	    make_input(&bench, SOURCE_SEMANTIC_SCHOLAR, records) == 0)
		result = measure(&bench, records);
	unlink(bench.inputs[0]);
	unlink(bench.inputs[1]);
	unlink(bench.output);
	rmdir(bench.directory);
	free(bench.inputs[0]);
	free(bench.inputs[1]);
	free(bench.output);
	return result == 0 ? 0 : 1;
}
