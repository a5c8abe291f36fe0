#ifndef FINESET_LATEX_H
#define FINESET_LATEX_H

#include "buf.h"
#include "slice.h"

/**
 * latex_write(text, out):
 * Append a text from outside as the value of a BibTeX field may have it.  Its LaTeX stays as it is:
 * math (`$...$`, `$$...$$`, `\(...\)`, `\[...\]`), commands with their arguments, accents.  What
 * LaTeX would act on elsewhere is escaped: & % # _ ^, a ~ that is no tie, a $ that is no math, a
 * backslash that begins no command, and each brace without its other half.  So the braces of what
 * is written balance as BibTeX counts them, with and without a backslash before them.  Commands
 * that read, write, define or end anything (`\input`, `\write`, `\def`, `\end{document}` ...)
 * become text.
 */
void latex_write(struct slice text, struct buf *out);

#endif
