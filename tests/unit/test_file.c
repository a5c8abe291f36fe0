#include "file.h"

#include "scratch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* From here on, files of this process end at ${bytes}: as on a full disk, writing more fails. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
test_replace(void **state)
{
	struct scratch scratch;
	char *path, *temporary, *missing;

	(void)state;
	scratch_init(&scratch);
	path = scratch_path(&scratch, "topic.json");
	temporary = scratch_path(&scratch, "topic.json.tmp");
	missing = scratch_path(&scratch, "missing/topic.json");
	assert_int_equal(file_replace(path, "old", 3, &scratch.log), 0);
	scratch_assert_file(&scratch, "topic.json", "old", "a new file");
	/* What a killed run left is in nobody's way. */
	scratch_write(&scratch, "topic.json.tmp", slice_of("half"));
	assert_int_equal(file_replace(path, "newer", 5, &scratch.log), 0);
	scratch_assert_file(&scratch, "topic.json", "newer", "replaced");
	assert_false(file_exists(temporary));
	assert_int_equal(file_replace(path, "", 0, &scratch.log), 0);
	scratch_assert_file(&scratch, "topic.json", "", "an empty one");
	scratch_assert_log(&scratch, "", "nothing to complain of");
	assert_int_equal(file_replace(missing, "x", 1, &scratch.log), -1);
	scratch_assert_log(&scratch,
	    "DIR/missing/topic.json.tmp: cannot create: No such file or directory\n",
	    "no such directory");
	free(path);
	free(temporary);
	free(missing);
	scratch_free(&scratch);
}

/* The old file stays as it was when the new one cannot be written or named. */
static void
test_replace_fails(void **state)
{
	struct scratch scratch;
	char *path, *temporary;

	(void)state;
	scratch_init(&scratch);
	path = scratch_path(&scratch, "file");
	temporary = scratch_path(&scratch, "file.tmp");
	assert_int_equal(file_replace(path, "old", 3, &scratch.log), 0);
	limit_files(4);
	assert_int_equal(file_replace(path, "newer", 5, &scratch.log), -1);
	limit_files(RLIM_INFINITY);
	scratch_assert_log(&scratch, "DIR/file.tmp: cannot write: File too large\n", "a full disk");
	scratch_assert_file(&scratch, "file", "old", "a full disk");
	assert_false(file_exists(temporary));

	assert_int_equal(mkdir(temporary, 0777), 0);
	assert_int_equal(file_replace(path, "newer", 5, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/file.tmp: cannot create: File exists\n", "in the way");
	scratch_assert_file(&scratch, "file", "old", "the temporary name is taken");
	assert_int_equal(rmdir(temporary), 0);

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0777), 0);
	assert_int_equal(file_replace(path, "newer", 5, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/file: cannot rename to: Is a directory\n", "a directory");
	assert_true(file_is_directory(path));
	assert_false(file_exists(temporary));
	free(path);
	free(temporary);
	scratch_free(&scratch);
}

static void
test_read(void **state)
{
	const struct {
		const char *why, *name;
		size_t limit;
		int result;
		const char *message;
	} cases[] = {
		{ "as large as may be", "five", 5, 0, "" },
		{ "one byte too many", "five", 4, -1, "DIR/five: larger than 4 bytes\n" },
		{ "empty", "empty", 0, 0, "" },
		{ "missing", "none", 5, -1, "DIR/none: cannot open: No such file or directory\n" },
		{ "a directory", "directory", 5, -1, "DIR/directory: not a regular file\n" },
		{ "a pipe does not hang it", "pipe", 5, -1, "DIR/pipe: not a regular file\n" },
	};
	struct scratch scratch;
	char *directory, *pipe;

	(void)state;
	scratch_init(&scratch);
	scratch_write(&scratch, "five",
	    slice_of("12\0"
		     "45"));
	scratch_write(&scratch, "five",
	    (struct slice){ "12\0"
			    "45",
		5 });
	scratch_write(&scratch, "empty", slice_of(""));
	directory = scratch_path(&scratch, "directory");
	pipe = scratch_path(&scratch, "pipe");
	assert_int_equal(mkdir(directory, 0777), 0);
	assert_int_equal(mkfifo(pipe, 0666), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *path = scratch_path(&scratch, cases[i].name);
		struct buf out = BUF_INIT;

		buf_add_text(&out, "x");
		assert_int_equal(
		    file_read(path, cases[i].limit, &out, &scratch.log), cases[i].result);
		scratch_assert_log(&scratch, cases[i].message, cases[i].why);
		if (cases[i].result == 0) {
			assert_int_equal(out.len, 1 + cases[i].limit);
			assert_memory_equal(out.data,
			    "x12\0"
			    "45",
			    out.len);
		}
		buf_free(&out);
		free(path);
	}
	free(directory);
	free(pipe);
	scratch_free(&scratch);
}

static void
test_names(void **state)
{
	struct scratch scratch;
	char *directory, *link, *file;

	(void)state;
	scratch_init(&scratch);
	directory = scratch_path(&scratch, "d");
	link = scratch_path(&scratch, "l");
	file = scratch_path(&scratch, "f");
	assert_int_equal(file_make_directory(directory, &scratch.log), 0);
	assert_int_equal(file_make_directory(directory, &scratch.log), 0);
	assert_int_equal(symlink("d", link), 0);
	assert_false(file_is_directory(link));
	assert_int_equal(file_make_directory(link, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/l: cannot make directory: File exists\n", "a link");
	scratch_write(&scratch, "f", slice_of(""));
	assert_int_equal(file_make_directory(file, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/f: cannot make directory: File exists\n", "a file");
	assert_int_equal(unlink(link), 0);
	assert_false(file_exists(link));
	assert_int_equal(symlink("nowhere", link), 0);
	assert_true(file_exists(link));
	assert_int_equal(file_sync_directory(file, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/f: cannot open: Not a directory\n", "a file");
	free(directory);
	free(link);
	free(file);
	scratch_free(&scratch);
}

/* Many small pieces and one larger than the writer's own block; bytes and digest count them all. */
static void
test_writer(void **state)
{
	unsigned char got[DIGEST_BYTES], wanted[DIGEST_BYTES];
	struct digest *digest = digest_new();
	struct buf all = BUF_INIT, read = BUF_INIT;
	struct file_writer writer;
	struct scratch scratch;
	char *path;

	(void)state;
	scratch_init(&scratch);
	path = scratch_path(&scratch, "out");
	assert_int_equal(file_writer_open(&writer, path, &scratch.log), 0);
	writer.digest = digest;
	for (int i = 0; i < 60000; i++) {
		size_t start = all.len;

		buf_printf(&all, "line %d\n", i);
		file_writer_add(&writer, all.data + start, all.len - start);
	}
	buf_reserve(&all, 700000);
	memset(all.data + all.len, 'z', 700000);
	file_writer_add(&writer, all.data + all.len, 700000);
	all.len += 700000;
	assert_true(writer.bytes == all.len);
	assert_int_equal(file_writer_close(&writer), 0);
	digest_finish(digest, got);
	digest_add(digest, all.data, all.len);
	digest_finish(digest, wanted);
	assert_memory_equal(got, wanted, sizeof(got));
	scratch_read(&scratch, "out", &read);
	assert_true(slice_equal(buf_slice(&read), buf_slice(&all)));
	assert_int_equal(file_writer_open(&writer, path, &scratch.log), -1);
	scratch_assert_log(&scratch, "DIR/out: cannot create: File exists\n", "never over a file");
	buf_free(&all);
	buf_free(&read);
	digest_free(digest);
	free(path);
	scratch_free(&scratch);
}

/* A failure in the middle is not forgotten by what succeeds after it. */
static void
test_writer_fails(void **state)
{
	char big[300000];
	struct file_writer writer;
	struct scratch scratch;
	char *path;
	int ends[2];

	(void)state;
	memset(big, 'x', sizeof(big));
	scratch_init(&scratch);
	path = scratch_path(&scratch, "out");
	assert_int_equal(file_writer_open(&writer, path, &scratch.log), 0);
	limit_files(1000);
	file_writer_add(&writer, big, sizeof(big));
	limit_files(RLIM_INFINITY);
	file_writer_add(&writer, big, sizeof(big));
	assert_int_equal(file_writer_close(&writer), -1);
	scratch_assert_log(&scratch, "DIR/out: cannot write: File too large\n", "a full disk");

	assert_int_equal(pipe(ends), 0);
	signal(SIGPIPE, SIG_IGN);
	file_writer_fd(&writer, ends[1], "stdout", &scratch.log);
	file_writer_add(&writer, "x", 1);
	assert_int_equal(file_writer_close(&writer), 0);
	close(ends[0]);
	/* The descriptor is still open: it is its owner's. */
	file_writer_fd(&writer, ends[1], "stdout", &scratch.log);
	file_writer_add(&writer, "x", 1);
	assert_int_equal(file_writer_close(&writer), -1);
	scratch_assert_log(&scratch, "stdout: cannot write: Broken pipe\n", "nobody reads");
	assert_int_equal(close(ends[1]), 0);
	free(path);
	scratch_free(&scratch);
}

/* Pieces of a file one behind the other, as they would be read by themselves, and how much was read
 * at once for them. */
static void
test_window(void **state)
{
	enum { SIZE = 300000, MOST = 65536 };
	static const struct {
		const char *why;
		size_t offset;
		size_t len;
		size_t from;
		size_t held;
	} steps[] = {
		{ "far from the start: alone", 200000, 100, 200000, 100 },
		{ "just behind it: more", 200100, 100, 200100, MOST },
		{ "held", 200250, 50, 200100, MOST },
		{ "its last byte", 200100 + MOST - 1, 1, 200100, MOST },
		{ "its end is behind what is held", 200100 + MOST - 10, 20, 265626, SIZE - 265626 },
		{ "up to the end of the file", SIZE - 5, 5, 265626, SIZE - 265626 },
		{ "just before: what ends with it", 265600, 20, 265620 - MOST, MOST },
		{ "its start is before what is held", 265620 - MOST - 5, 10, 265625 - 2 * MOST,
		    MOST },
		{ "a far one: alone", 1000, 30, 1000, 30 },
		{ "before it, at the start of the file: no more than there is", 10, 20, 0, MOST },
		{ "larger than a window", 50000, MOST + 1, 0, MOST },
		{ "as large as a window: held", 0, MOST, 0, MOST },
		{ "as large, behind", 1, MOST, 1, MOST },
	};
	struct file_window window = { 0 };
	struct scratch scratch;
	char *bytes = mem_new(SIZE, 1), *got = mem_new(SIZE, 1);
	int fd;

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i * 2654435761u >> 13);
	fd = scratch_open((struct slice){ bytes, SIZE });
	for (size_t i = 0; i < COUNT(steps); i++) {
		int result = file_window_read(
		    &window, fd, "file", steps[i].offset, got, steps[i].len, &scratch.log);

		if (result == -1 || window.from != steps[i].from || window.len != steps[i].held)
			print_error("%s: %d, %zu bytes from %" PRIu64 " on\n", steps[i].why, result,
			    window.len, window.from);
		assert_int_equal(result, 0);
		assert_memory_equal(got, bytes + steps[i].offset, steps[i].len);
		assert_int_equal(window.from, steps[i].from);
		assert_int_equal(window.len, steps[i].held);
	}
	scratch_assert_log(&scratch, "", "nothing to complain of");
	assert_int_equal(file_window_read(&window, fd, "file", SIZE - 5, got, 6, &scratch.log), -1);
	scratch_assert_log(&scratch,
	    "file: cannot read again at byte 299995: the file became shorter\n",
	    "too long a piece");
	assert_int_equal(file_window_read(&window, fd, "file", 70000, got, 10, &scratch.log), 0);
	assert_memory_equal(got, bytes + 70000, 10);
	/* Of a file that shrank, what it still holds can be read, and no more. */
	assert_int_equal(ftruncate(fd, 72000), 0);
	assert_int_equal(file_window_read(&window, fd, "file", 71990, got, 10, &scratch.log), 0);
	assert_memory_equal(got, bytes + 71990, 10);
	assert_int_equal(file_window_read(&window, fd, "file", 71995, got, 10, &scratch.log), -1);
	scratch_assert_log(&scratch,
	    "file: cannot read again at byte 71995: the file became shorter\n",
	    "the piece by its own offset");
	close(fd);
	file_window_free(&window);
	free(bytes);
	free(got);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replace),
		cmocka_unit_test(test_replace_fails),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
