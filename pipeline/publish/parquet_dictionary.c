#include "parquet_dictionary.h"

#include "key_table.h"
#include "mem.h"

#include <stdlib.h>

/* Number the values; false as soon as they are too many or too large. */
static bool
number_values(struct parquet_dictionary *dictionary, const struct parquet_column *column,
    struct key_table *table)
{
	size_t at = 0;

	for (size_t i = 0; i < column->value_count; i++) {
		size_t from = at;
		struct slice value = parquet_column_next(column, &at);

		if (dictionary->values.len + (at - from) > PARQUET_DICTIONARY_BYTES &&
		    key_table_find(table, 0, value) == KEY_NONE)
			return false;
		dictionary->indexes[i] = key_table_intern(table, 0, value);
		if (dictionary->indexes[i] < dictionary->count)
			continue;
		if (++dictionary->count > column->value_count / 2)
			return false;
		buf_add(&dictionary->values, column->values.data + from, at - from);
	}
	return true;
}

bool
parquet_dictionary_init(struct parquet_dictionary *dictionary, const struct parquet_column *column)
{
	struct key_table *table;
	bool pays;

	*dictionary = (struct parquet_dictionary){ 0 };
	if (column->field.kind == PARQUET_BOOLEAN || column->value_count == 0)
		return false;
	dictionary->indexes = mem_new(column->value_count, sizeof(*dictionary->indexes));
	table = key_table_new();
	pays = number_values(dictionary, column, table);
	key_table_free(table);
	return pays;
}

void
parquet_dictionary_free(struct parquet_dictionary *dictionary)
{
	free(dictionary->indexes);
	buf_free(&dictionary->values);
}
