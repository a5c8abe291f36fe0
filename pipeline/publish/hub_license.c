#include "hub_license.h"

#include "text.h"

/* Letters of a license's name. */
#define NAME_BYTES 64

static const char *const licenses[] = { "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0",
	"bigcode-openrail-m", "bigscience-bloom-rail-1.0", "bigscience-openrail-m", "bsd",
	"bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "bsl-1.0", "c-uda", "cc", "cc-by-2.0",
	"cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
	"cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0",
	"cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0",
	"cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "creativeml-openrail-m",
	"deepfloyd-if-license", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0", "eupl-1.1", "gemma",
	"gfdl", "gpl", "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0", "lgpl-lr",
	"llama2", "lppl-1.3c", "mit", "mpl-2.0", "ms-pl", "ncsa", "odbl", "odc-by", "ofl-1.1",
	"openrail", "openrail++", "osl-3.0", "other", "pddl", "postgresql", "unknown", "unlicense",
	"wtfpl", "zlib" };

/* Lower case, runs of anything else a hyphen. */
static void
write_name(struct slice license, struct buf *out)
{
	size_t start = out->len;

	for (size_t i = 0; i < license.len && out->len - start < NAME_BYTES; i++) {
		char c = text_lower(license.data[i]);

		if (text_is_letter(c) || text_is_digit(c) || c == '.')
			buf_add_char(out, c);
		else if (out->len > start && out->data[out->len - 1] != '-')
			buf_add_char(out, '-');
	}
	while (out->len > start && out->data[out->len - 1] == '-')
		out->len--;
}

void
hub_license_write(struct slice license, struct buf *out)
{
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < sizeof(licenses) / sizeof(licenses[0]); i++)
		if (license.len == slice_of(licenses[i]).len && text_starts(license, licenses[i])) {
			buf_printf(out, "license: %s\n", licenses[i]);
			return;
		}
	buf_add_text(out, "license: other\n");
	write_name(license, &name);
	if (name.len > 0)
		buf_printf(out, "license_name: \"%.*s\"\n", (int)name.len, name.data);
	buf_free(&name);
}
