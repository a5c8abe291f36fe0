#ifndef FINESET_FAULT_LIST_H
#define FINESET_FAULT_LIST_H

#include "audit_fault.h"
#include "buf.h"

#include <stddef.h>

struct kept_fault;

/* Faults that are told later, each with the number of its row.  Start with zeros. */
struct fault_list {
	struct kept_fault *faults;
	size_t count;
	size_t capacity;
	struct buf texts;
};

/** fault_list_add(list, row, fault): Keep a fault of the rows; its texts are copied, its field is a
 * constant. */
void fault_list_add(struct fault_list *list, size_t row, const struct audit_fault *fault);

/** fault_list_get(list, at, fault): The fault at ${at}, in the order of adding, without its line,
 * borrowed until the list changes.  Returns its row. */
size_t fault_list_get(const struct fault_list *list, size_t at, struct audit_fault *fault);

/** fault_list_clear(list): Forget the faults, keep the memory. */
void fault_list_clear(struct fault_list *list);

/** fault_list_free(list): Free it. */
void fault_list_free(struct fault_list *list);

#endif
