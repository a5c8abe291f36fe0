#include "compaction.h"

#include "buf.h"
#include "file.h"
#include "lines.h"
#include "record_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A commit in one of the two forms: within the journal, or at its end, where it says what it stands
 * for. */
static void
write_commit(struct slice commit, const uint64_t *position, struct file_writer *out)
{
	struct buf line = BUF_INIT;

	buf_add_text(&line, "{\"commit\":");
	buf_add_slice(&line, commit);
	if (position != NULL)
		buf_printf(&line, ",\"position\":%" PRIu64, *position);
	buf_add_text(&line, "}\n");
	file_writer_add(out, line.data, line.len);
	buf_free(&line);
}

/* The commit that was read last waits until it is known whether anything follows it. */
static void
flush_commit(struct buf *last, struct file_writer *out)
{
	if (last->len > 0)
		write_commit(buf_slice(last), NULL, out);
	buf_clear(last);
}

static void
take_line(const struct compaction *compaction, struct buf *last, struct slice line,
    struct file_writer *out)
{
	bool commit = record_line_is_commit(line);
	enum record_line_kind kind = RECORD_LINE_RECORD;
	struct record_line parsed;
	char *reason = NULL;

	/* What need not be known of a line is not looked for. */
	if (compaction->mend || commit)
		kind = record_line_parse(line.data, line.len, &parsed, &reason);
	free(reason);
	if (kind == RECORD_LINE_BAD || (commit && compaction->mend))
		return;
	flush_commit(last, out);
	if (commit) {
		buf_add_slice(last, parsed.values[RECORD_COMMIT].raw);
	} else {
		file_writer_add(out, line.data, line.len);
		file_writer_add(out, "\n", 1);
	}
}

static int
copy_lines(const struct compaction *compaction, struct buf *last, struct file_writer *out,
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
			take_line(compaction, last, line, out);
	}
	lines_free(&lines);
	return more;
}

int
compaction_write(const struct compaction *compaction, const char *path, const struct log *log)
{
	struct buf last = BUF_INIT;
	struct file_writer out;
	int result;

	if (file_writer_open(&out, path, log) == -1)
		return -1;
	result = copy_lines(compaction, &last, &out, log);
	if (last.len == 0)
		buf_add_text(&last, "{}");
	if (result == 0)
		write_commit(buf_slice(&last), &compaction->position, &out);
	if (file_writer_close(&out) == -1)
		result = -1;
	buf_free(&last);
	return result;
}
