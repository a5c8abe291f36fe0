#include "compaction.h"

#include "buf.h"
#include "file.h"
#include "jsonl.h"
#include "lines.h"
#include "record_line.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The commit that was read last: whether it must stay shows when the next one comes. */
struct pending {
	struct buf text;
	bool stays;
};

/* Whether a commit lists papers that the source does not know. */
static bool
names_absent(struct slice commit)
{
	static const struct slice key = { "absent", 6 };
	struct jsonl_value absent, first;
	struct jsonl_error error;
	size_t at = 0;

	return jsonl_scan(commit.data, commit.len, &key, 1, &absent, &error) == 0 &&
	       absent.kind == JSONL_ARRAY && jsonl_next(&absent, &at, &first);
}

static void
write_pending(const struct pending *pending, struct file_writer *out)
{
	file_writer_add(out, "{\"commit\":", strlen("{\"commit\":"));
	file_writer_add(out, pending->text.data, pending->text.len);
}

static void
take_commit(struct pending *pending, struct slice commit, struct file_writer *out)
{
	if (pending->stays) {
		write_pending(pending, out);
		file_writer_add(out, "}\n", 2);
	}
	pending->stays = names_absent(commit);
	buf_clear(&pending->text);
	buf_add_slice(&pending->text, commit);
}

static void
take_line(const struct compaction *compaction, struct pending *pending, struct slice line,
    struct file_writer *out)
{
	struct record_line parsed;
	char *reason = NULL;

	if (!text_starts(line, "{\"commit\":")) {
		file_writer_add(out, line.data, line.len);
		file_writer_add(out, "\n", 1);
	} else if (!compaction->without_claims &&
		   record_line_parse(line.data, line.len, &parsed, &reason) == RECORD_LINE_COMMIT) {
		take_commit(pending, parsed.values[RECORD_COMMIT].raw, out);
	}
	free(reason);
}

/* The last commit makes all before it count, and says what it stands for. */
static void
write_end(
    const struct compaction *compaction, const struct pending *pending, struct file_writer *out)
{
	struct buf position = BUF_INIT;

	buf_printf(&position, ",\"position\":%" PRIu64 "}\n", compaction->position);
	write_pending(pending, out);
	file_writer_add(out, position.data, position.len);
	buf_free(&position);
}

static int
copy_lines(const struct compaction *compaction, struct pending *pending, struct file_writer *out,
    const struct log *log)
{
	struct lines lines;
	struct slice line;
	size_t dead = 0;
	int more;

	lines_init(&lines, compaction->fd, compaction->path, log);
	while ((more = lines_next(&lines, &line)) == 1) {
		if (dead < compaction->dead_count && compaction->dead[dead] == lines.offset)
			dead++;
		else
			take_line(compaction, pending, line, out);
	}
	lines_free(&lines);
	return more;
}

int
compaction_write(const struct compaction *compaction, const char *path, const struct log *log)
{
	struct pending pending = { .text = BUF_INIT };
	struct file_writer out;
	int result;

	if (file_writer_open(&out, path, log) == -1)
		return -1;
	buf_add_text(&pending.text, "{}");
	result = copy_lines(compaction, &pending, &out, log);
	if (result == 0)
		write_end(compaction, &pending, &out);
	if (file_writer_close(&out) == -1)
		result = -1;
	buf_free(&pending.text);
	return result;
}
