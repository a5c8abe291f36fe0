#include "parquet_hybrid.h"

#include "thrift.h"

/* So many groups have a header of one byte, which is reserved before they are counted. */
#define MOST_GROUPS 63

unsigned
parquet_hybrid_width(uint32_t largest)
{
	unsigned width = 0;

	for (; largest > 0; largest >>= 1)
		width++;
	return width;
}

void
parquet_hybrid_init(struct parquet_hybrid *hybrid, unsigned width, struct buf *out)
{
	*hybrid = (struct parquet_hybrid){ .out = out, .width = width };
}

static void
end_packed_run(struct parquet_hybrid *hybrid)
{
	if (hybrid->groups > 0)
		hybrid->out->data[hybrid->header] = (char)(hybrid->groups << 1 | 1);
	hybrid->groups = 0;
}

static void
pack_group(struct parquet_hybrid *hybrid)
{
	uint64_t bits = 0;
	unsigned held = 0;

	if (hybrid->groups == MOST_GROUPS)
		end_packed_run(hybrid);
	if (hybrid->groups == 0) {
		hybrid->header = hybrid->out->len;
		buf_add_char(hybrid->out, 0);
	}
	for (size_t i = 0; i < PARQUET_HYBRID_GROUP; i++) {
		bits |= (uint64_t)hybrid->group[i] << held;
		for (held += hybrid->width; held >= 8; held -= 8) {
			buf_add_char(hybrid->out, (char)bits);
			bits >>= 8;
		}
	}
	hybrid->groups++;
	hybrid->grouped = 0;
	/* They are written: a run that goes on counts from here. */
	hybrid->repeats = 0;
}

static void
put_repeats(struct parquet_hybrid *hybrid)
{
	end_packed_run(hybrid);
	thrift_varint(hybrid->repeats << 1, hybrid->out);
	for (unsigned bit = 0; bit < hybrid->width; bit += 8)
		buf_add_char(hybrid->out, (char)(hybrid->last >> bit));
	hybrid->repeats = 0;
	hybrid->grouped = 0;
}

void
parquet_hybrid_add(struct parquet_hybrid *hybrid, uint32_t value)
{
	if (value == hybrid->last) {
		hybrid->repeats++;
	} else {
		if (hybrid->repeats >= PARQUET_HYBRID_GROUP)
			put_repeats(hybrid);
		hybrid->last = value;
		hybrid->repeats = 1;
	}
	/* The run stands for the group, which it began. */
	if (hybrid->repeats >= PARQUET_HYBRID_GROUP)
		return;
	hybrid->group[hybrid->grouped++] = value;
	if (hybrid->grouped == PARQUET_HYBRID_GROUP)
		pack_group(hybrid);
}

void
parquet_hybrid_end(struct parquet_hybrid *hybrid)
{
	if (hybrid->repeats >= PARQUET_HYBRID_GROUP) {
		put_repeats(hybrid);
	} else if (hybrid->grouped > 0) {
		while (hybrid->grouped < PARQUET_HYBRID_GROUP)
			hybrid->group[hybrid->grouped++] = 0;
		pack_group(hybrid);
	}
	end_packed_run(hybrid);
}
