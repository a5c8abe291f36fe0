#ifndef FINESET_SLICE_H
#define FINESET_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Bytes that belong to somebody else.  data == NULL means "no value" (JSON null), len 0 an empty
 * one. */
struct slice {
	const char *data;
	size_t len;
};

/* A list of slices that belongs to somebody else. */
struct slice_list {
	struct slice *items;
	size_t count;
};

#define SLICE_NONE ((struct slice){ NULL, 0 })
#define SLICE_LITERAL(text) ((struct slice){ (text), sizeof(text) - 1 })

static inline struct slice
slice_of(const char *text)
{
	return (struct slice){ text, text == NULL ? 0 : strlen(text) };
}

static inline bool
slice_equal(struct slice a, struct slice b)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): what is NULL has no bytes. */
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

/* Byte order; a prefix comes first. */
static inline int
slice_cmp(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

#endif
