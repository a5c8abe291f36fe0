#include "merge_index.h"

#include "file.h"
#include "mem.h"
#include "merge_draft.h"
#include "team.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More keys than this on one record is not a paper: real ones have up to 8. */
#define REFS_MAX 200
/* What a worker reads at a time: large against the longest usual line, small against memory. */
#define STRETCH_BYTES ((uint64_t)4 << 20)

/* A look into the table of keys waits for memory, for its place and then for the key, unless it was
 * announced so many keys before. */
#define PLACES_AHEAD 16
#define KEYS_AHEAD 8

void
merge_index_init(struct merge_index *index, size_t workers, const struct log *log)
{
	*index = (struct merge_index){ .keys = key_table_new(), .workers = workers, .log = log };
}

void
merge_index_free(struct merge_index *index)
{
	for (size_t i = 0; i < index->file_count; i++) {
		close(index->files[i].fd);
		free(index->files[i].name);
	}
	free(index->files);
	free(index->entries);
	free(index->refs);
	key_table_free(index->keys);
}

/* Give a key of the entry that is being made its number, once. */
static void
add_ref(struct merge_index *index, struct merge_entry *entry, enum merge_key kind, uint32_t key)
{
	if (entry->ref_count == REFS_MAX || merge_index_carries(index, entry, key))
		return;
	index->refs =
	    mem_grow(index->refs, &index->ref_capacity, index->ref_count + 1, sizeof(*index->refs));
	index->refs[index->ref_count++] =
	    (struct merge_ref){ key & (MERGE_KEYS_MAX - 1), (uint32_t)kind & 7 };
	entry->ref_count++;
}

/* Take over an entry of a draft, whose keys end before ${end}. */
static void
add_entry(struct merge_index *index, const struct merge_draft *draft,
    const struct merge_entry *drafted, size_t end)
{
	struct merge_entry *entry;

	if (index->count == MERGE_RECORD_NONE || index->ref_count > UINT32_MAX - REFS_MAX ||
	    key_table_count(index->keys) > MERGE_KEYS_MAX - REFS_MAX)
		mem_out();
	index->entries =
	    mem_grow(index->entries, &index->capacity, index->count + 1, sizeof(*index->entries));
	entry = &index->entries[index->count++];
	*entry = *drafted;
	entry->file = (uint8_t)(index->file_count - 1);
	entry->refs = (uint32_t)index->ref_count;
	for (size_t i = drafted->refs; i < end; i++) {
		const struct draft_key *key = &draft->keys[i];
		uint32_t number;

		if (i + PLACES_AHEAD < draft->key_count) {
			key_table_expect(index->keys, key[PLACES_AHEAD].hash);
			key_table_expect_key(index->keys, key[KEYS_AHEAD].hash);
		}
		number = key_table_intern_hashed(
		    index->keys, key->kind, merge_draft_text(draft, key), key->hash);

		if (key->roles & DRAFT_REF)
			add_ref(index, entry, key->kind, number);
		if (key->roles & DRAFT_IDENTITY)
			entry->identity = number;
		if (key->roles & DRAFT_VENUE)
			entry->venue = number;
		if (key->roles & DRAFT_FIELDS_OF_STUDY)
			entry->fields_of_study = number;
	}
}

/* How much an index holds. */
struct extent {
	size_t entries;
	size_t refs;
	size_t keys;
	size_t key_bytes;
};

static struct extent
extent_of(const struct merge_index *index)
{
	return (struct extent){
		index->count,
		index->ref_count,
		key_table_count(index->keys),
		key_table_bytes(index->keys),
	};
}

/* The other stretches of a file will be like the first, which came since ${before}, and other files
 * like the first file.  Room takes up addresses alone, and to move what is there costs much. */
static void
expect_more(struct merge_index *index, struct extent before, size_t stretches)
{
	struct extent now = extent_of(index);
	size_t times = index->file_count == 1 ? 3 * stretches : stretches;

	index->entries = mem_expect(index->entries, &index->capacity,
	    now.entries + (now.entries - before.entries) * times, sizeof(*index->entries));
	index->refs = mem_expect(index->refs, &index->ref_capacity,
	    now.refs + (now.refs - before.refs) * times, sizeof(*index->refs));
	key_table_room(index->keys, now.keys + (now.keys - before.keys) * times,
	    now.key_bytes + (now.key_bytes - before.key_bytes) * times);
}

/* A file that is read by a team, with a draft in each slot. */
struct reading {
	struct merge_index *index;
	const char *name;
	uint64_t size;
	/* Of the stretches that were taken. */
	uint64_t lines;
	struct merge_draft *drafts;
};

static int
read_stretch(void *cookie, size_t slot, size_t item)
{
	struct reading *reading = cookie;
	uint64_t from = item * STRETCH_BYTES;

	if (from >= reading->size)
		return 0;
	return merge_draft_read(
		   &reading->drafts[slot], from, from + STRETCH_BYTES, reading->size) == -1
		   ? -1
		   : 1;
}

static int
take_stretch(void *cookie, size_t slot, size_t item)
{
	struct reading *reading = cookie;
	struct merge_index *index = reading->index;
	const struct merge_draft *draft = &reading->drafts[slot];
	const struct extent before = extent_of(index);

	for (size_t i = 0; i < draft->refusal_count; i++)
		log_error(index->log, "%s: line %" PRIu64 ": %s", reading->name,
		    reading->lines + draft->refusals[i].line, draft->refusals[i].reason);
	index->refused += draft->refusal_count;
	for (size_t i = 0; i < draft->count; i++)
		add_entry(index, draft, &draft->entries[i],
		    i + 1 < draft->count ? draft->entries[i + 1].refs : draft->key_count);
	reading->lines += draft->lines.number;
	if (item == 0)
		expect_more(index, before, (size_t)(reading->size / STRETCH_BYTES));
	return 0;
}

static int
read_stretches(struct merge_index *index, int fd, const char *name, uint64_t size)
{
	const struct team_work work = { read_stretch, take_stretch };
	struct reading reading = { .index = index, .name = name, .size = size };
	size_t slots = team_slots(index->workers);
	int result;

	reading.drafts = mem_new(slots, sizeof(*reading.drafts));
	for (size_t i = 0; i < slots; i++)
		lines_init(&reading.drafts[i].lines, fd, name, index->log);
	result = team_run(&work, &reading, index->workers);
	for (size_t i = 0; i < slots; i++)
		merge_draft_free(&reading.drafts[i]);
	free(reading.drafts);
	return result;
}

int
merge_index_read(struct merge_index *index, int fd, const char *name, uint64_t bytes)
{
	struct stat status;

	index->files = mem_grow(
	    index->files, &index->file_capacity, index->file_count + 1, sizeof(*index->files));
	index->files[index->file_count++] =
	    (struct merge_file){ .fd = fd, .name = mem_dup(name, strlen(name)) };
	if (index->file_count > UINT8_MAX) {
		log_error(index->log, "%s: more than %d files", name, UINT8_MAX);
		return -1;
	}
	if (fstat(fd, &status) == -1) {
		log_error(index->log, "%s: cannot look at: %s", name, strerror(errno));
		return -1;
	}
	if ((uint64_t)status.st_size < bytes)
		bytes = (uint64_t)status.st_size;
	return read_stretches(index, fd, name, bytes);
}

static int
read_line(const struct merge_index *index, const struct merge_entry *entry,
    struct merge_reader *reader, char *line)
{
	const struct merge_file *file = &index->files[entry->file];

	if (reader == NULL || entry->file >= reader->count)
		return file_read_at(
		    file->fd, file->name, entry->offset, line, entry->length, index->log);
	return file_window_read(&reader->windows[entry->file], file->fd, file->name, entry->offset,
	    line, entry->length, index->log);
}

int
merge_index_record(const struct merge_index *index, const struct merge_entry *entry,
    struct record_line *record, struct merge_reader *reader, struct arena *arena)
{
	char *line = arena_bytes(arena, entry->length + (size_t)JSONL_PADDING), *reason = NULL;

	if (read_line(index, entry, reader, line) == -1)
		return -1;
	memset(line + entry->length, 0, JSONL_PADDING);
	if (record_line_parse(line, entry->length, record, &reason) == RECORD_LINE_RECORD)
		return 0;
	log_error(index->log, "%s: changed while it was read, at byte %" PRIu64 ": %s",
	    index->files[entry->file].name, (uint64_t)entry->offset,
	    reason == NULL ? "no record" : reason);
	free(reason);
	return -1;
}

uint32_t
merge_index_ref(const struct merge_index *index, const struct merge_entry *entry,
    enum merge_key kind, size_t *at)
{
	while (*at < entry->ref_count) {
		struct merge_ref ref = index->refs[entry->refs + (*at)++];

		if (ref.kind == kind)
			return ref.key;
	}
	return KEY_NONE;
}

bool
merge_index_carries(const struct merge_index *index, const struct merge_entry *entry, uint32_t key)
{
	for (size_t i = 0; i < entry->ref_count; i++)
		if (index->refs[entry->refs + i].key == key)
			return true;
	return false;
}

int64_t
merge_index_corpus_id(const struct merge_index *index, const struct merge_entry *entry)
{
	size_t at = 0;
	uint32_t key = merge_index_ref(index, entry, KEY_CORPUS, &at);
	int64_t number = 0;
	struct slice text;

	if (key == KEY_NONE)
		return SOURCE_NUMBER_NONE;
	/* Written by pass 1, of an int64_t. */
	text = key_table_text(index->keys, key);
	for (size_t i = 0; i < text.len; i++)
		number = number * 10 + (text.data[i] - '0');
	return number;
}
