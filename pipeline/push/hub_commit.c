#include "hub_commit.h"

#include "base64.h"
#include "jsonl.h"
#include "mem.h"

#include <inttypes.h>
#include <stdlib.h>

/* Divisible by 3, so that blocks in base64 can stand behind each other. */
#define BLOCK_BYTES ((size_t)192 << 10)

static int
write_content(const struct push_file *file, struct file_writer *out, const struct log *log)
{
	char *block = mem_new(BLOCK_BYTES, 1);
	struct buf text = BUF_INIT;
	int result = 0;

	for (uint64_t at = 0; result == 0 && at < file->bytes; at += BLOCK_BYTES) {
		uint64_t left = file->bytes - at;
		size_t len = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;

		result = file_read_at(file->fd, file->path, at, block, len, log);
		buf_clear(&text);
		if (result == 0)
			base64_add(block, len, &text);
		file_writer_add(out, text.data, text.len);
	}
	buf_free(&text);
	free(block);
	return result;
}

static int
write_file(const struct push_file *file, struct file_writer *out, const struct log *log)
{
	struct buf line = BUF_INIT;
	int result = 0;

	buf_printf(&line, "{\"key\":\"%s\",\"value\":{\"path\":", file->lfs ? "lfsFile" : "file");
	jsonl_write_string(slice_of(file->name), &line);
	if (file->lfs)
		buf_printf(&line, ",\"algo\":\"sha256\",\"oid\":\"%s\",\"size\":%" PRIu64 "}}\n",
		    file->sha256, file->bytes);
	else
		buf_add_text(&line, ",\"encoding\":\"base64\",\"content\":\"");
	file_writer_add(out, line.data, line.len);
	if (!file->lfs) {
		result = write_content(file, out, log);
		file_writer_add(out, "\"}}\n", 4);
	}
	buf_free(&line);
	return result;
}

int
hub_commit_write(const struct hub_commit *commit, struct file_writer *out, const struct log *log)
{
	struct buf line = BUF_INIT;
	int result = 0;

	buf_add_text(&line, "{\"key\":\"header\",\"value\":{\"summary\":");
	jsonl_write_string(slice_of(commit->summary), &line);
	buf_printf(&line, ",\"description\":\"\",\"parentCommit\":\"%s\"}}\n", commit->parent);
	file_writer_add(out, line.data, line.len);
	buf_free(&line);
	for (size_t i = 0; result == 0 && i < commit->files->count; i++)
		if (commit->files->items[i].changed)
			result = write_file(&commit->files->items[i], out, log);
	return result;
}
