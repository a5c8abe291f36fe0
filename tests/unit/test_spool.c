#include "spool.h"

#include "scratch.h"

#include <fcntl.h>
#include <pthread.h>

/* What a pipe is fed with, more than it holds. */
struct feed {
	int fd;
	struct buf text;
};

static void *
feed(void *cookie)
{
	struct feed *feeding = cookie;

	assert_int_equal(file_write_all(feeding->fd, feeding->text.data, feeding->text.len), 0);
	close(feeding->fd);
	return NULL;
}

static void
assert_spooled(int fd, struct slice wanted, const char *why)
{
	char *text = mem_new(wanted.len + 1, 1);

	assert_int_not_equal(fd, -1);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(pread(fd, text, wanted.len + 1, 0), wanted.len);
	assert_bytes((struct slice){ text, wanted.len }, wanted, why);
	free(text);
	close(fd);
}

static void
test_pipe(void **state)
{
	static const size_t sizes[] = { 0, 1, (size_t)1 << 20 };

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct feed feeding = { .text = BUF_INIT };
		pthread_t thread;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		feeding.fd = ends[1];
		buf_add_text(&feeding.text, "");
		for (size_t at = 0; at < sizes[i]; at++)
			buf_add_char(&feeding.text, (char)(at % 251));
		assert_int_equal(pthread_create(&thread, NULL, feed, &feeding), 0);
		assert_spooled(
		    spool_open(ends[0], "stdin", NULL), buf_slice(&feeding.text), "a pipe");
		assert_int_equal(pthread_join(thread, NULL), 0);
		close(ends[0]);
		buf_free(&feeding.text);
	}
}

/* What was read before is not given again, and the copy has no name. */
static void
test_rest(void **state)
{
	int fd = scratch_open(SLICE_LITERAL("12345"));
	struct scratch scratch;
	struct stat status;
	int spool;

	(void)state;
	scratch_init(&scratch);
	assert_int_equal(setenv("TMPDIR", scratch.path, 1), 0);
	assert_int_equal(lseek(fd, 2, SEEK_SET), 2);
	spool = spool_open(fd, "stdin", &scratch.log);
	assert_int_equal(fstat(spool, &status), 0);
	assert_int_equal(status.st_nlink, 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(rmdir(scratch.path), 0);
	assert_int_equal(mkdir(scratch.path, 0700), 0);
	assert_spooled(spool, SLICE_LITERAL("345"), "the rest of a file");
	scratch_assert_log(&scratch, "", "nothing is said");
	assert_int_equal(unsetenv("TMPDIR"), 0);
	close(fd);
	scratch_free(&scratch);
}

static void
test_faults(void **state)
{
	struct scratch scratch;
	int fd;

	(void)state;
	scratch_init(&scratch);
	fd = open(scratch.path, O_RDONLY);
	assert_int_equal(spool_open(fd, "stdin", &scratch.log), -1);
	scratch_assert_log(&scratch, "stdin: cannot read: Is a directory\n", "a directory");
	close(fd);
	assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	assert_int_equal(spool_open(STDIN_FILENO, "stdin", &scratch.log), -1);
	scratch_assert_log(&scratch,
	    "/nowhere/at/all: cannot create a temporary file: No such file or directory\n",
	    "no place for it");
	assert_int_equal(unsetenv("TMPDIR"), 0);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipe),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
