#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

/* From here on huge pages are asked for: four of them. */
#define LARGE_BYTES ((size_t)8 << 20)

void
mem_out(void)
{
	static const char message[] = "fineset: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	_exit(EX_SOFTWARE);
}

/* Memory that was had.  A page that is touched first stops the program for longer than most of what
 * is done with it: of much memory, the pages had better be few. */
static void *
had(void *made, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	if (bytes >= LARGE_BYTES) {
		/* All pages that it touches, which is all of a mapping: Linux moves none to another
		 * place of which only a part was told so, and then realloc copies. */
		uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
		size_t before = (uintptr_t)made % page;

		/* It changes nothing but the time, so it may fail. */
		(void)!madvise((char *)made - before, (before + bytes + page - 1) / page * page,
		    MADV_HUGEPAGE);
	}
#endif
	return made;
}

void *
mem_new(size_t count, size_t size)
{
	void *made = calloc(count == 0 ? 1 : count, size);

	if (made == NULL)
		mem_out();
	return had(made, count * size);
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	void *made;

	if (size != 0 && count > SIZE_MAX / size)
		mem_out();
	made = realloc(old, count * size == 0 ? 1 : count * size);
	if (made == NULL)
		mem_out();
	return had(made, count * size);
}

void *
mem_grow(void *old, size_t *capacity, size_t wanted, size_t size)
{
	size_t larger = *capacity < 16 ? 16 : *capacity;

	if (wanted <= *capacity)
		return old;
	while (larger < wanted) {
		if (larger > SIZE_MAX / 2)
			mem_out();
		larger *= 2;
	}
	*capacity = larger;
	return mem_resize(old, larger, size);
}

void *
mem_expect(void *old, size_t *capacity, size_t expected, size_t size)
{
	void *made;

	if (expected <= *capacity || expected > SIZE_MAX / size)
		return old;
	made = realloc(old, expected * size);
	if (made == NULL)
		return old;
	*capacity = expected;
	return had(made, expected * size);
}

char *
mem_dup(const char *data, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		mem_out();
	copy = mem_resize(NULL, len + 1, 1);
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}
