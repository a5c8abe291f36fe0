#include "audit_fault.h"

#include "jsonl.h"
#include "text.h"

#include <inttypes.h>

/* So many bytes of a value are shown, and of what comes before a difference. */
#define SHOWN_BYTES 100
#define BEFORE_BYTES 40

/* What a field of a row says, if anything. */
static struct slice
text_or_none(const struct row_line *row, enum row_key field, struct buf *text)
{
	buf_clear(text);
	row_line_text(row, field, text);
	return text->len > 0 ? buf_slice(text) : SLICE_NONE;
}

void
audit_fault_name(
    struct audit_fault *fault, const struct row_line *row, struct buf *id, struct buf *arxiv_id)
{
	fault->id = text_or_none(row, ROW_ID, id);
	fault->arxiv_id = text_or_none(row, ROW_ARXIV_ID, arxiv_id);
}

/* Whether a UTF-8 sequence may be cut from what stands before it at ${at}. */
static bool
is_boundary(struct slice text, size_t at)
{
	return at == 0 || at >= text.len || ((unsigned char)text.data[at] & 0xc0) != 0x80;
}

static size_t
boundary_before(struct slice text, size_t at)
{
	while (!is_boundary(text, at))
		at--;
	return at;
}

/* Where to begin to show ${value}, so that its difference from ${other} is seen. */
static size_t
shown_from(struct slice value, struct slice other)
{
	size_t same = 0;

	if (value.len <= SHOWN_BYTES || other.data == NULL)
		return 0;
	while (same < value.len && same < other.len && value.data[same] == other.data[same])
		same++;
	if (same + BEFORE_BYTES <= SHOWN_BYTES)
		return 0;
	return boundary_before(value, same - BEFORE_BYTES);
}

static void
show_value(struct slice value, struct slice other, struct buf *out)
{
	size_t from, to = value.len;

	if (value.data == NULL) {
		buf_add_text(out, "nothing");
		return;
	}
	from = shown_from(value, other);
	if (to - from > SHOWN_BYTES)
		to = boundary_before(value, from + SHOWN_BYTES);
	buf_add_text(out, from > 0 ? "..." : "");
	text_show((struct slice){ value.data + from, to - from }, out);
	buf_add_text(out, to < value.len ? "..." : "");
}

static void
show_place(const struct audit_fault *fault, struct buf *out)
{
	struct slice name = fault->arxiv_id.data != NULL ? fault->arxiv_id : fault->id;

	if (fault->file != NULL)
		buf_printf(out, "%s: ", fault->file);
	if (fault->line > 0)
		buf_printf(out, "line %" PRIu64 ": ", fault->line);
	if (name.data != NULL) {
		show_value(name, SLICE_NONE, out);
		buf_add_text(out, ": ");
	}
}

void
audit_fault_text_write(const struct audit_fault *fault, struct buf *out)
{
	bool values = fault->stored.data != NULL || fault->expected.data != NULL;

	show_place(fault, out);
	buf_printf(out, "%s: ", fault->field);
	if (values) {
		buf_add_text(out, "stored ");
		show_value(fault->stored, fault->expected, out);
	}
	if (fault->expected.data != NULL) {
		buf_add_text(out, ", expected ");
		show_value(fault->expected, fault->stored, out);
	}
	if (fault->reason.data != NULL) {
		buf_add_text(out, values ? " (" : "");
		text_show(fault->reason, out);
		buf_add_text(out, values ? ")" : "");
	}
	buf_add_char(out, '\n');
}

static void
add_json(const char *key, struct slice json, struct buf *out)
{
	buf_printf(out, ", \"%s\": ", key);
	buf_add_slice(out, json.data == NULL ? SLICE_LITERAL("null") : json);
}

static void
add_text(const char *key, struct slice text, struct buf *out)
{
	buf_printf(out, ", \"%s\": ", key);
	jsonl_write_string(text, out);
}

void
audit_fault_json_write(const struct audit_fault *fault, struct buf *out)
{
	struct buf line = BUF_INIT;

	buf_add_text(&line, "{\"file\": ");
	jsonl_write_string(slice_of(fault->file), &line);
	if (fault->line > 0)
		buf_printf(&line, ", \"line\": %" PRIu64, fault->line);
	else
		add_json("line", SLICE_NONE, &line);
	add_text("id", fault->id, &line);
	add_text("arxiv_id", fault->arxiv_id, &line);
	add_text("field", slice_of(fault->field), &line);
	add_json("stored", fault->stored, &line);
	add_json("expected", fault->expected, &line);
	add_text("reason", fault->reason, &line);
	buf_add_char(&line, '}');
	text_show_json(buf_slice(&line), out);
	buf_add_char(out, '\n');
	buf_free(&line);
}
