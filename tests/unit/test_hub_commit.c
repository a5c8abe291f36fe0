#include "base64.h"
#include "hub_commit.h"
#include "scratch.h"

#include <fcntl.h>

#define SHA1_HELLO "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0"

static void
test_base64(void **state)
{
	/* RFC 4648, 10. */
	static const struct {
		const char *text, *wanted;
	} cases[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xff\xfe\xfb", "//77" } };
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_clear(&text);
		buf_add_text(&text, "");
		base64_add(cases[i].text, strlen(cases[i].text), &text);
		assert_string_equal(text.data, cases[i].wanted);
	}
	buf_free(&text);
}

/* A file of the snapshot that holds this. */
static struct push_file
make_file(const struct scratch *scratch, const char *name, const char *content, size_t len)
{
	struct push_file file = { .name = mem_dup(name, strlen(name)),
		.path = file_path(scratch->path, name),
		.bytes = len,
		.changed = true };

	assert_int_equal(file_replace(file.path, content, len, &scratch->log), 0);
	file.fd = file_open(file.path, &scratch->log);
	assert_true(file.fd >= 0);
	return file;
}

/* What the commit of these files is. */
static int
write_commit(const struct scratch *scratch, const struct push_files *files, struct buf *text)
{
	const struct hub_commit commit = { "a \"topic\", snapshot", "0123456789abcdef", files };
	char *path = file_path(scratch->path, "commit");
	struct file_writer out;
	int result;

	unlink(path);
	assert_int_equal(file_writer_open(&out, path, &scratch->log), 0);
	result = hub_commit_write(&commit, &out, &scratch->log);
	assert_int_equal(file_writer_close(&out), 0);
	assert_int_equal(file_read(path, (size_t)4 << 20, text, &scratch->log), 0);
	free(path);
	return result;
}

static void
test_lines(void **state)
{
	struct scratch scratch;
	struct push_file items[4];
	struct push_files files = { items, 4, 4 };
	struct buf text = BUF_INIT;

	(void)state;
	scratch_init(&scratch);
	items[0] = make_file(&scratch, "README.md", "hello", 5);
	items[1] = make_file(&scratch, "data.jsonl", "{}\n", 3);
	items[2] = make_file(&scratch, "data.csv", "unchanged", 9);
	items[3] = make_file(&scratch, "changes.jsonl", "", 0);
	items[1].lfs = true;
	memset(items[1].sha256, 'a', DIGEST_HEX_SIZE - 1);
	items[2].changed = false;
	assert_int_equal(write_commit(&scratch, &files, &text), 0);
	assert_string_equal(text.data,
	    "{\"key\":\"header\",\"value\":{\"summary\":\"a \\\"topic\\\", snapshot\","
	    "\"description\":\"\",\"parentCommit\":\"0123456789abcdef\"}}\n"
	    "{\"key\":\"file\",\"value\":{\"path\":\"README.md\",\"encoding\":\"base64\","
	    "\"content\":\"aGVsbG8=\"}}\n"
	    "{\"key\":\"lfsFile\",\"value\":{\"path\":\"data.jsonl\",\"algo\":\"sha256\","
	    "\"oid\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
	    "\"size\":3}}\n"
	    "{\"key\":\"file\",\"value\":{\"path\":\"changes.jsonl\",\"encoding\":\"base64\","
	    "\"content\":\"\"}}\n");
	buf_free(&text);
	for (size_t i = 0; i < 4; i++) {
		close(items[i].fd);
		free(items[i].name);
		free(items[i].path);
	}
	scratch_free(&scratch);
}

/* A file of several blocks is one text in base64, with its padding at the end alone. */
static void
test_blocks(void **state)
{
	const size_t len = 500001;
	char *content = mem_new(len, 1);
	struct scratch scratch;
	struct push_file item;
	struct push_files files = { &item, 1, 1 };
	struct buf text = BUF_INIT, wanted = BUF_INIT;
	const char *at;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < len; i++)
		content[i] = (char)(i * 31 / 7);
	item = make_file(&scratch, "report.html", content, len - 1);
	assert_int_equal(write_commit(&scratch, &files, &text), 0);
	base64_add(content, len - 1, &wanted);
	at = strstr(text.data, "\"content\":\"");
	assert_non_null(at);
	assert_memory_equal(at + 11, wanted.data, wanted.len);
	assert_string_equal(at + 11 + wanted.len, "\"}}\n");
	/* A file that became shorter is no half commit. */
	item.bytes++;
	buf_clear(&text);
	assert_int_equal(write_commit(&scratch, &files, &text), -1);
	close(item.fd);
	free(item.name);
	free(item.path);
	free(content);
	buf_free(&text);
	buf_free(&wanted);
	scratch_free(&scratch);
}

/* `printf hello | git hash-object --stdin` */
static void
test_blob(void **state)
{
	struct scratch scratch;
	struct push_file item;
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	scratch_init(&scratch);
	item = make_file(&scratch, "README.md", "hello", 5);
	assert_int_equal(push_files_blob(&item, hex, &scratch.log), 0);
	assert_string_equal(hex, SHA1_HELLO);
	close(item.fd);
	free(item.name);
	free(item.path);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_blob),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
