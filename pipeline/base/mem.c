#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

void
mem_out(void)
{
	static const char message[] = "fineset: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	_exit(EX_SOFTWARE);
}

void *
mem_new(size_t count, size_t size)
{
	void *made = calloc(count == 0 ? 1 : count, size);

	if (made == NULL)
		mem_out();
	return made;
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
	return made;
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
