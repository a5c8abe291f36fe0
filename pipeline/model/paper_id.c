#include "paper_id.h"

#include "doi.h"
#include "text.h"

bool
paper_id_text(struct slice arxiv_id, struct slice doi, struct buf *text)
{
	struct slice stripped;

	if (arxiv_id.data != NULL) {
		buf_add_text(text, "paper:arxiv:");
		buf_add_slice(text, arxiv_id);
		return true;
	}
	stripped = doi_strip(doi);
	if (stripped.data == NULL)
		return false;
	buf_add_text(text, "paper:doi:");
	for (size_t i = 0; i < stripped.len; i++)
		buf_add_char(text, text_lower(stripped.data[i]));
	return true;
}
