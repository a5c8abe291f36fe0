#include "parquet_packer.h"

#include "mem.h"
#include "thrift.h"

#include <stdlib.h>

#include <zstd.h>

/* Past it text costs more time than it saves room. */
#define LEVEL 3

/* The numbers and ids of parquet.thrift. */
enum page_type { DATA_PAGE = 0, DICTIONARY_PAGE = 2 };
enum page_header {
	TYPE = 1,
	UNCOMPRESSED_SIZE,
	COMPRESSED_SIZE,
	DATA_HEADER = 5,
	DICTIONARY_HEADER = 7
};
enum data_header { DATA_VALUES = 1, DATA_ENCODING, DEFINITION_ENCODING, REPETITION_ENCODING };
enum dictionary_header { DICTIONARY_VALUES = 1, DICTIONARY_ENCODING };

struct parquet_packer {
	struct file_writer *out;
	ZSTD_CCtx *zstd;
	struct buf header;
	struct buf packed;
};

struct parquet_packer *
parquet_packer_new(struct file_writer *out)
{
	struct parquet_packer *packer = mem_new(1, sizeof(*packer));

	packer->out = out;
	packer->zstd = ZSTD_createCCtx();
	if (packer->zstd == NULL)
		mem_out();
	return packer;
}

void
parquet_packer_free(struct parquet_packer *packer)
{
	if (packer == NULL)
		return;
	ZSTD_freeCCtx(packer->zstd);
	buf_free(&packer->header);
	buf_free(&packer->packed);
	free(packer);
}

uint64_t
parquet_packer_position(const struct parquet_packer *packer)
{
	return packer->out->bytes;
}

static void
compress(struct parquet_packer *packer, struct slice body)
{
	size_t bound = ZSTD_compressBound(body.len), len;

	buf_clear(&packer->packed);
	len = ZSTD_compressCCtx(
	    packer->zstd, buf_reserve(&packer->packed, bound), bound, body.data, body.len, LEVEL);
	/* There is room for whatever comes out, so only memory can be short. */
	if (ZSTD_isError(len))
		mem_out();
	packer->packed.len = len;
}

/* Compress the body and begin the header, which the caller goes on with. */
static void
begin_page(
    struct parquet_packer *packer, enum page_type type, struct slice body, struct thrift *header)
{
	compress(packer, body);
	buf_clear(&packer->header);
	thrift_init(header, &packer->header);
	thrift_i32(header, TYPE, (int32_t)type);
	thrift_i32(header, UNCOMPRESSED_SIZE, (int32_t)body.len);
	thrift_i32(header, COMPRESSED_SIZE, (int32_t)packer->packed.len);
}

static void
end_page(struct parquet_packer *packer, struct slice body, struct thrift *header,
    struct parquet_size *size)
{
	thrift_end(header);
	size->uncompressed += packer->header.len + body.len;
	size->compressed += packer->header.len + packer->packed.len;
	file_writer_add(packer->out, packer->header.data, packer->header.len);
	file_writer_add(packer->out, packer->packed.data, packer->packed.len);
}

void
parquet_packer_data(struct parquet_packer *packer, enum parquet_encoding encoding, size_t entries,
    struct slice body, struct parquet_size *size)
{
	struct thrift header;

	begin_page(packer, DATA_PAGE, body, &header);
	thrift_struct(&header, DATA_HEADER);
	thrift_i32(&header, DATA_VALUES, (int32_t)entries);
	thrift_i32(&header, DATA_ENCODING, (int32_t)encoding);
	thrift_i32(&header, DEFINITION_ENCODING, PARQUET_RLE);
	thrift_i32(&header, REPETITION_ENCODING, PARQUET_RLE);
	thrift_end(&header);
	end_page(packer, body, &header, size);
}

void
parquet_packer_dictionary(
    struct parquet_packer *packer, size_t count, struct slice body, struct parquet_size *size)
{
	struct thrift header;

	begin_page(packer, DICTIONARY_PAGE, body, &header);
	thrift_struct(&header, DICTIONARY_HEADER);
	thrift_i32(&header, DICTIONARY_VALUES, (int32_t)count);
	thrift_i32(&header, DICTIONARY_ENCODING, PARQUET_PLAIN);
	thrift_end(&header);
	end_page(packer, body, &header, size);
}
