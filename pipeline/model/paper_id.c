#include "paper_id.h"

#include "bounds.h"
#include "doi.h"
#include "text.h"

bool
paper_id_text(struct slice arxiv_id, struct slice doi, struct buf *text)
{
	char folded[BOUND_DOI_BYTES];
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
	buf_add_slice(text, text_fold(stripped, folded));
	return true;
}
