#include "parquet_field.h"

enum parquet_type
parquet_field_type(enum parquet_kind kind)
{
	switch (kind) {
	case PARQUET_TEXT:
	case PARQUET_TEXTS:
		return PARQUET_TYPE_BYTE_ARRAY;
	case PARQUET_INTEGER:
	case PARQUET_TIME:
		return PARQUET_TYPE_INT64;
	case PARQUET_BOOLEAN:
		return PARQUET_TYPE_BOOLEAN;
	case PARQUET_REAL:
		break;
	}
	return PARQUET_TYPE_DOUBLE;
}

bool
parquet_field_is_text(enum parquet_kind kind)
{
	return kind == PARQUET_TEXT || kind == PARQUET_TEXTS;
}

unsigned
parquet_field_definition(const struct parquet_field *field)
{
	return (field->nullable ? 1u : 0u) + (field->kind == PARQUET_TEXTS ? 2u : 0u);
}
