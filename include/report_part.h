#ifndef FINESET_REPORT_PART_H
#define FINESET_REPORT_PART_H

#include <stddef.h>

/* What report.html is made of: the files of pipeline/publish/report, which the Makefile turns into
 * build/report_part.c. */
struct report_part {
	const char *data;
	size_t len;
};

/* page.html; where `@NAME@` stands in it, that part goes. */
extern const struct report_part report_part_page;
/* style.css */
extern const struct report_part report_part_style;
/* The scripts that run before the rows are read, and those that run then. */
extern const struct report_part report_part_head_script;
extern const struct report_part report_part_body_script;

#endif
