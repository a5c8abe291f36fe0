#include "lock.h"

#include "scratch.h"

#include <sys/stat.h>
#include <sys/wait.h>

/* Another process that takes the lock, says so, and holds it until it is told to end. */
struct holder {
	pid_t process;
	int said, tell;
};

static struct holder
holder_start(const char *directory)
{
	struct holder holder;
	int out[2], in[2];
	char result;

	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(in), 0);
	holder.process = fork();
	assert_int_not_equal(holder.process, -1);
	if (holder.process == 0) {
		struct lock lock;
		char byte = (char)lock_take(directory, &lock, NULL);

		close(in[1]);
		if (write(out[1], &byte, 1) != 1 || read(in[0], &byte, 1) == -1)
			_exit(1);
		/* No release: the kernel gives the lock back. */
		_exit(0);
	}
	close(out[1]);
	close(in[0]);
	holder.said = out[0];
	holder.tell = in[1];
	assert_int_equal(read(holder.said, &result, 1), 1);
	assert_int_equal(result, LOCK_TAKEN);
	return holder;
}

static void
holder_end(const struct holder *holder)
{
	int status;

	close(holder->tell);
	assert_int_equal(waitpid(holder->process, &status, 0), holder->process);
	assert_int_equal(status, 0);
	close(holder->said);
}

static void
test_held(void **state)
{
	struct scratch scratch;
	struct holder holder;
	struct lock lock;
	char wanted[200], host[40] = "";

	(void)state;
	scratch_init(&scratch);
	assert_true(gethostname(host, sizeof(host) - 1) == 0);
	holder = holder_start(scratch.path);
	assert_int_equal(lock_take(scratch.path, &lock, &scratch.log), LOCK_HELD);
	snprintf(wanted, sizeof(wanted),
	    "/.lock: another run holds the lock: process %d on %s, since 2", (int)holder.process,
	    host);
	assert_non_null(strstr(scratch.lines.data, wanted));
	/* One line, which ends in the time. */
	assert_ptr_equal(
	    strchr(scratch.lines.data, '\n'), scratch.lines.data + scratch.lines.len - 1);
	assert_int_equal(scratch.lines.data[scratch.lines.len - 2], 'Z');
	buf_clear(&scratch.lines);
	lock_release(&lock);
	/* Refused once more: asking took nothing from the holder. */
	assert_int_equal(lock_take(scratch.path, &lock, &scratch.log), LOCK_HELD);
	buf_clear(&scratch.lines);
	holder_end(&holder);
	/* However it ended, the lock is free. */
	assert_int_equal(lock_take(scratch.path, &lock, &scratch.log), LOCK_TAKEN);
	lock_release(&lock);
	lock_release(&lock);
	scratch_assert_log(&scratch, "", "free again");
	/* And after a release for others, too. */
	holder = holder_start(scratch.path);
	holder_end(&holder);
	scratch_free(&scratch);
}

/* A hostile note is shown cut, its control bytes as escapes. */
static void
test_note(void **state)
{
	struct scratch scratch;
	struct holder holder;
	struct lock lock;

	(void)state;
	scratch_init(&scratch);
	holder = holder_start(scratch.path);
	scratch_write(&scratch, ".lock", slice_of("\x1b[2Jboo\nsecond line\n"));
	assert_int_equal(lock_take(scratch.path, &lock, &scratch.log), LOCK_HELD);
	scratch_assert_log(&scratch,
	    "DIR/.lock: another run holds the lock: \\u001b[2Jboo\\u000asecond line\n",
	    "a hostile note");
	scratch_write(&scratch, ".lock", slice_of(""));
	assert_int_equal(lock_take(scratch.path, &lock, &scratch.log), LOCK_HELD);
	scratch_assert_log(&scratch, "DIR/.lock: another run holds the lock: \n", "no note");
	holder_end(&holder);
	scratch_free(&scratch);
}

static void
test_failed(void **state)
{
	const struct {
		const char *why, *target, *message;
	} cases[] = {
		{ "a link is not followed", "victim",
		    "DIR/.lock: cannot open: Too many levels of symbolic links\n" },
		{ "nor one to nowhere", "nowhere",
		    "DIR/.lock: cannot open: Too many levels of symbolic links\n" },
		{ "no directory", NULL,
		    "DIR/none/.lock: cannot open: No such file or directory\n" },
	};
	struct scratch scratch;
	char *path, *none;

	(void)state;
	scratch_init(&scratch);
	path = scratch_path(&scratch, ".lock");
	none = scratch_path(&scratch, "none");
	scratch_write(&scratch, "victim", slice_of("precious"));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lock lock;

		unlink(path);
		if (cases[i].target != NULL)
			assert_int_equal(symlink(cases[i].target, path), 0);
		assert_int_equal(
		    lock_take(cases[i].target == NULL ? none : scratch.path, &lock, &scratch.log),
		    LOCK_FAILED);
		scratch_assert_log(&scratch, cases[i].message, cases[i].why);
		lock_release(&lock);
	}
	scratch_assert_file(&scratch, "victim", "precious", "left alone");
	free(path);
	free(none);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
