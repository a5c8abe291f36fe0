#include "fault_list.h"

#include "mem.h"

#include <stdbool.h>
#include <stdlib.h>

/* Where a text is in the list's, if there is one. */
struct place {
	size_t offset;
	size_t len;
	bool is_some;
};

struct kept_fault {
	size_t row;
	const char *field;
	struct place id;
	struct place arxiv_id;
	struct place stored;
	struct place expected;
	struct place reason;
};

static struct place
keep(struct fault_list *list, struct slice text)
{
	struct place place = { list->texts.len, text.len, text.data != NULL };

	buf_add_slice(&list->texts, text);
	return place;
}

static struct slice
kept(const struct fault_list *list, struct place place)
{
	if (!place.is_some)
		return SLICE_NONE;
	return (struct slice){ list->texts.data + place.offset, place.len };
}

void
fault_list_add(struct fault_list *list, size_t row, const struct audit_fault *fault)
{
	list->faults =
	    mem_grow(list->faults, &list->capacity, list->count + 1, sizeof(*list->faults));
	list->faults[list->count++] = (struct kept_fault){
		.row = row,
		.field = fault->field,
		.id = keep(list, fault->id),
		.arxiv_id = keep(list, fault->arxiv_id),
		.stored = keep(list, fault->stored),
		.expected = keep(list, fault->expected),
		.reason = keep(list, fault->reason),
	};
}

size_t
fault_list_get(const struct fault_list *list, size_t at, struct audit_fault *fault)
{
	const struct kept_fault *found = &list->faults[at];

	*fault = (struct audit_fault){
		.field = found->field,
		.id = kept(list, found->id),
		.arxiv_id = kept(list, found->arxiv_id),
		.stored = kept(list, found->stored),
		.expected = kept(list, found->expected),
		.reason = kept(list, found->reason),
	};
	return found->row;
}

void
fault_list_clear(struct fault_list *list)
{
	list->count = 0;
	buf_clear(&list->texts);
}

void
fault_list_free(struct fault_list *list)
{
	free(list->faults);
	buf_free(&list->texts);
}
