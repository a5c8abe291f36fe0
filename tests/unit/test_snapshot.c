#include "snapshot.h"

#include "date.h"
#include "scratch.h"

#include <dirent.h>
#include <sys/stat.h>

#define DAY ((int64_t)20623) /* 2026-06-19 */

/* Fill and publish a snapshot of a day; its name, which the caller frees. */
static char *
publish(struct scratch *scratch, int64_t day, const char *text)
{
	char *filled = snapshot_begin(scratch->path, &scratch->log), *file, *path, *name;
	FILE *stream;

	assert_non_null(filled);
	file = file_path(filled, "data.jsonl");
	stream = fopen(file, "wb");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
	path = snapshot_publish(scratch->path, filled, day, &scratch->log);
	assert_non_null(path);
	assert_false(file_exists(filled));
	name = mem_dup(strrchr(path, '/') + 1, strlen(strrchr(path, '/') + 1));
	free(filled);
	free(file);
	free(path);
	return name;
}

static int
name_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory, sorted, each with a blank behind it. */
static void
assert_names(const struct scratch *scratch, const char *name, const char *wanted, const char *why)
{
	char *path = scratch_path(scratch, name), *names[32] = { NULL };
	struct buf got = BUF_INIT;
	DIR *listing = opendir(path);
	const struct dirent *item;
	size_t count = 0;

	assert_non_null(listing);
	while ((item = readdir(listing)) != NULL)
		if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
			names[count++] = mem_dup(item->d_name, strlen(item->d_name));
	closedir(listing);
	qsort(names, count, sizeof(*names), name_order);
	buf_add_text(&got, "");
	for (size_t i = 0; i < count; i++) {
		buf_printf(&got, "%s ", names[i]);
		free(names[i]);
	}
	if (!slice_is(buf_slice(&got), wanted))
		print_error("%s: %s\n", why, got.data == NULL ? "" : got.data);
	assert_true(slice_is(buf_slice(&got), wanted));
	buf_free(&got);
	free(path);
}

/* Where `latest` points, and what snapshot_latest makes of it (NULL: nothing). */
static void
assert_latest(const struct scratch *scratch, const char *wanted, const char *why)
{
	char *latest = snapshot_latest(scratch->path);
	char *path = wanted == NULL ? NULL : scratch_path(scratch, wanted);

	if ((latest == NULL) != (path == NULL) || (path != NULL && strcmp(latest, path) != 0))
		print_error("%s: %s\n", why, latest == NULL ? "none" : latest);
	assert_int_equal(latest == NULL, path == NULL);
	if (path != NULL)
		assert_string_equal(latest, path);
	free(latest);
	free(path);
}

static void
test_publish(void **state)
{
	static const struct {
		const char *why;
		int64_t day;
		const char *name;
	} cases[] = {
		{ "the first of a day", DAY, "2026-06-19" },
		{ "the second", DAY, "2026-06-19.2" },
		{ "the third", DAY, "2026-06-19.3" },
		{ "the next day", DAY + 1, "2026-06-20" },
		{ "an earlier day, as of then", DAY - 1, "2026-06-18" },
	};
	struct scratch scratch;
	char target[100], *link;

	(void)state;
	scratch_init(&scratch);
	link = scratch_path(&scratch, "latest");
	assert_latest(&scratch, NULL, "none yet");
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *name = publish(&scratch, cases[i].day, cases[i].why), wanted[100];
		ssize_t len;

		assert_bytes(slice_of(name), slice_of(cases[i].name), cases[i].why);
		snprintf(wanted, sizeof(wanted), "snapshots/%s", cases[i].name);
		assert_latest(&scratch, wanted, cases[i].why);
		/* Relative: the directory may move. */
		len = readlink(link, target, sizeof(target));
		assert_bytes((struct slice){ target, (size_t)len }, slice_of(wanted), cases[i].why);
		scratch_assert_file(&scratch, "latest/data.jsonl", cases[i].why, cases[i].why);
		free(name);
	}
	assert_names(&scratch, "snapshots",
	    "2026-06-18 2026-06-19 2026-06-19.2 2026-06-19.3 2026-06-20 ", "all of them");
	assert_names(&scratch, ".", "latest snapshots ", "nothing else left");
	scratch_assert_log(&scratch, "", "nothing to complain of");
	free(link);
	scratch_free(&scratch);
}

/* What a killed run left behind is cleared away, and never had a name. */
static void
test_begin_again(void **state)
{
	struct scratch scratch;
	char *first, *second, *file;

	(void)state;
	scratch_init(&scratch);
	first = snapshot_begin(scratch.path, &scratch.log);
	file = file_path(first, "data.jsonl");
	assert_int_equal(file_replace(file, "half", 4, &scratch.log), 0);
	second = snapshot_begin(scratch.path, &scratch.log);
	assert_string_equal(first, second);
	assert_false(file_exists(file));
	assert_true(file_is_directory(second));
	assert_latest(&scratch, NULL, "nothing was published");
	snapshot_prune(scratch.path, 1, &scratch.log);
	assert_true(file_is_directory(second));
	scratch_assert_log(&scratch, "", "nothing to complain of");
	free(first);
	free(second);
	free(file);
	scratch_free(&scratch);
}

#define GONE(name) "DIR/snapshots/" name ": removed, `keep` in topic.json says how many stay\n"

static void
test_prune(void **state)
{
	const struct {
		const char *why;
		int keep;
		const char *latest, *left, *log;
	} cases[] = {
		{ "more than there are", 9, "2026-06-20",
		    "2026-06-18 2026-06-19 2026-06-19.2 2026-06-20 notes ", "" },
		{ "as many as there are", 4, "2026-06-20",
		    "2026-06-18 2026-06-19 2026-06-19.2 2026-06-20 notes ", "" },
		{ "the oldest goes first", 3, "2026-06-20",
		    "2026-06-19 2026-06-19.2 2026-06-20 notes ", GONE("2026-06-18") },
		{ "the second of a day is the younger one", 2, "2026-06-20",
		    "2026-06-19.2 2026-06-20 notes ", GONE("2026-06-18") GONE("2026-06-19") },
		{ "one", 1, "2026-06-20", "2026-06-20 notes ",
		    GONE("2026-06-18") GONE("2026-06-19") GONE("2026-06-19.2") },
		{ "latest stays, though it is the oldest", 1, "2026-06-18",
		    "2026-06-18 2026-06-20 notes ", GONE("2026-06-19") GONE("2026-06-19.2") },
		{ "nothing goes while latest points elsewhere", 1, "notes",
		    "2026-06-18 2026-06-19 2026-06-19.2 2026-06-20 notes ", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const int64_t days[] = { DAY - 1, DAY, DAY, DAY + 1 };
		struct scratch scratch;
		char *notes, *link, target[100];

		scratch_init(&scratch);
		for (size_t j = 0; j < COUNT(days); j++)
			free(publish(&scratch, days[j], "x"));
		notes = scratch_path(&scratch, "snapshots/notes");
		assert_int_equal(mkdir(notes, 0777), 0);
		link = scratch_path(&scratch, "latest");
		snprintf(target, sizeof(target), "snapshots/%s", cases[i].latest);
		assert_int_equal(unlink(link), 0);
		assert_int_equal(symlink(target, link), 0);
		snapshot_prune(scratch.path, cases[i].keep, &scratch.log);
		assert_names(&scratch, "snapshots", cases[i].left, cases[i].why);
		scratch_assert_log(&scratch, cases[i].log, cases[i].why);
		free(notes);
		free(link);
		scratch_free(&scratch);
	}
}

/* A name that was given stays the name of those bytes, also after they are gone. */
static void
test_names_are_not_reused(void **state)
{
	struct scratch scratch;
	static const char *const names[] = { "2026-06-19", "2026-06-19.2", "2026-06-19.3",
		"2026-06-19.4" };

	(void)state;
	scratch_init(&scratch);
	for (size_t i = 0; i < COUNT(names); i++) {
		char *name = publish(&scratch, DAY, names[i]), wanted[100];

		assert_string_equal(name, names[i]);
		snapshot_prune(scratch.path, 1, &scratch.log);
		snprintf(wanted, sizeof(wanted), "%s ", names[i]);
		assert_names(&scratch, "snapshots", wanted, "the newest alone");
		free(name);
	}
	scratch_free(&scratch);
}

static void
test_latest_elsewhere(void **state)
{
	static const struct {
		const char *why, *target;
	} cases[] = {
		{ "out of the directory", "../elsewhere" },
		{ "an absolute path", "/tmp" },
		{ "up again", "snapshots/../outside" },
		{ "up again, behind a date", "snapshots/2026-06-19/../../outside" },
		{ "a name that is no day", "snapshots/notes" },
		{ "a day that does not exist", "snapshots/2026-02-30" },
		{ "a snapshot that is gone", "snapshots/2026-06-01" },
		{ "a turn of nothing", "snapshots/2026-06-19." },
		{ "a first turn is not written", "snapshots/2026-06-19.1" },
		{ "a turn with more behind it", "snapshots/2026-06-19.2x" },
		{ "a slash behind it", "snapshots/2026-06-19/" },
		{ "a link in place of a snapshot", "snapshots/2026-06-21" },
		{ "a name past all reason",
		    "snapshots/2026-06-19.2000000000000000000000000000000000" },
	};
	struct scratch scratch;
	char *link, *outside, *fake;

	(void)state;
	scratch_init(&scratch);
	free(publish(&scratch, DAY, "x"));
	link = scratch_path(&scratch, "latest");
	outside = scratch_path(&scratch, "outside");
	fake = scratch_path(&scratch, "snapshots/2026-06-21");
	assert_int_equal(mkdir(outside, 0777), 0);
	assert_int_equal(symlink("../outside", fake), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(unlink(link), 0);
		assert_int_equal(symlink(cases[i].target, link), 0);
		assert_latest(&scratch, NULL, cases[i].why);
	}
	/* The next snapshot points it right again. */
	free(publish(&scratch, DAY, "y"));
	assert_latest(&scratch, "snapshots/2026-06-19.2", "mended");
	/* A directory in its place is not removed. */
	assert_int_equal(unlink(link), 0);
	assert_int_equal(mkdir(link, 0777), 0);
	assert_latest(&scratch, NULL, "a directory");
	free(link);
	free(outside);
	free(fake);
	scratch_free(&scratch);
}

/* Nothing is written, read or removed through a link. */
static void
test_links(void **state)
{
	struct scratch scratch;
	char *snapshots, *outside, *victim, *latest, *filled;

	(void)state;
	scratch_init(&scratch);
	snapshots = scratch_path(&scratch, "snapshots");
	outside = scratch_path(&scratch, "outside");
	latest = scratch_path(&scratch, "latest");
	assert_int_equal(mkdir(outside, 0777), 0);
	for (int day = 18; day <= 20; day++) {
		struct buf name = BUF_INIT;

		buf_printf(&name, "outside/2026-06-%d", day);
		victim = scratch_path(&scratch, name.data);
		assert_int_equal(mkdir(victim, 0777), 0);
		free(victim);
		buf_free(&name);
	}
	/* A file too: what is removed of a snapshot is its files. */
	victim = scratch_path(&scratch, "outside/notes");
	assert_int_equal(file_replace(victim, "x", 1, &scratch.log), 0);
	free(victim);
	assert_int_equal(symlink("outside", snapshots), 0);
	assert_int_equal(symlink("snapshots/2026-06-20", latest), 0);
	assert_null(snapshot_begin(scratch.path, &scratch.log));
	scratch_assert_log(
	    &scratch, "DIR/snapshots: cannot make directory: File exists\n", "a link");
	assert_latest(&scratch, NULL, "snapshots is a link");
	snapshot_prune(scratch.path, 1, &scratch.log);
	assert_names(&scratch, "outside", "2026-06-18 2026-06-19 2026-06-20 notes ", "left alone");

	/* A link where the new snapshot is filled is refused as well. */
	assert_int_equal(unlink(snapshots), 0);
	assert_int_equal(mkdir(snapshots, 0777), 0);
	filled = scratch_path(&scratch, "snapshots/.new");
	assert_int_equal(symlink("../outside", filled), 0);
	assert_null(snapshot_begin(scratch.path, &scratch.log));
	assert_names(&scratch, "outside", "2026-06-18 2026-06-19 2026-06-20 notes ", "left alone");

	/* And one among the snapshots is no snapshot. */
	assert_int_equal(unlink(filled), 0);
	free(publish(&scratch, DAY + 10, "x"));
	victim = scratch_path(&scratch, "snapshots/2026-06-01");
	assert_int_equal(symlink("../outside", victim), 0);
	snapshot_prune(scratch.path, 1, &scratch.log);
	assert_names(&scratch, "outside", "2026-06-18 2026-06-19 2026-06-20 notes ", "left alone");
	free(victim);
	free(snapshots);
	free(outside);
	free(latest);
	free(filled);
	scratch_free(&scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_publish),
		cmocka_unit_test(test_begin_again),
		cmocka_unit_test(test_prune),
		cmocka_unit_test(test_names_are_not_reused),
		cmocka_unit_test(test_latest_elsewhere),
		cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
