#include "merge.h"

#include "merge_cases.h"

/* A record of a made-up world, and what the rules make of many, by the slowest and plainest way. */
struct made {
	bool arxiv;
	/* 0: none. */
	int id, dois[2], corpus;
	int cites, version, fetched, title, day;
	bool live;
	int paper;
};

enum { MADE = 70 };

static const char *const titles[] = { "Alpha", "Something else entirely", "Beta 12345" };

static void
make_world(struct made *world, uint64_t *seed)
{
	for (int i = 0; i < MADE; i++) {
		struct made *made = &world[i];

		*made = (struct made){ .arxiv = random_below(seed, 2) == 0, .fetched = i + 1 };
		made->id =
		    made->arxiv || random_below(seed, 3) == 0 ? 1 + (int)random_below(seed, 30) : 0;
		for (size_t j = 0; j < random_below(seed, 3); j++)
			made->dois[j] = 1 + (int)random_below(seed, 40);
		made->corpus = made->arxiv ? 0 : 1 + (int)random_below(seed, 30);
		made->cites = (int)random_below(seed, 3);
		made->version = 1 + (int)random_below(seed, 3);
		made->title = (int)random_below(seed, COUNT(titles));
		made->day = 1 + (int)random_below(seed, 28);
	}
}

static void
write_made(const struct made *made, struct buf *out)
{
	buf_printf(out, "{\"source\":\"%s\",\"fetched\":\"2026-06-19T03:%02d:%02dZ\"",
	    made->arxiv ? "arxiv" : "semantic_scholar", made->fetched / 60, made->fetched % 60);
	if (made->arxiv)
		buf_printf(out,
		    ",\"arxiv_id\":\"2606.%05d\",\"version\":%d,\"published\":"
		    "\"2026-05-%02dT00:00:00Z\"",
		    made->id, made->version, made->day);
	else
		buf_printf(out, ",\"paper_id\":\"p%d\",\"corpus_id\":%d,\"citation_count\":%d",
		    made->corpus, made->corpus, made->cites);
	if (!made->arxiv && made->id != 0)
		buf_printf(out,
		    made->id % 2 == 0 ? ",\"arxiv_id\":\"2606.%05d\""
				      : ",\"dblp\":\"journals/corr/abs-2606-%05d\"",
		    made->id);
	buf_printf(out, ",\"title\":\"%s\"", titles[made->title]);
	if (made->dois[0] != 0)
		buf_printf(out, ",\"doi\":\"10.1/d%d", made->dois[0]);
	if (made->dois[0] != 0 && made->dois[1] != 0)
		buf_printf(out, " 10.1/d%d", made->dois[1]);
	buf_add_text(out, made->dois[0] != 0 ? "\"}\n" : "}\n");
}

static bool
has_doi(const struct made *made, int doi)
{
	return made->live && doi != 0 && (made->dois[0] == doi || made->dois[1] == doi);
}

/* Supersession, by comparing each with each. */
static size_t
find_live(struct made *world)
{
	size_t live = 0;

	for (int i = 0; i < MADE; i++) {
		world[i].live = true;
		for (int j = 0; j < MADE; j++) {
			const struct made *a = &world[i], *b = &world[j];

			if (i == j || a->arxiv != b->arxiv ||
			    (a->arxiv ? a->id != b->id : a->corpus != b->corpus))
				continue;
			if (a->arxiv && a->version != b->version ? a->version < b->version
								 : a->fetched < b->fetched)
				world[i].live = false;
		}
		live += world[i].live;
	}
	return live;
}

/* Whether a DOI joins its records. */
static bool
doi_joins(const struct made *world, int doi)
{
	int ids[2] = { 0, 0 }, title = -1;
	bool agree = true, three = false;

	for (int i = 0; i < MADE; i++) {
		if (!has_doi(&world[i], doi))
			continue;
		agree = agree && (title == -1 || title == world[i].title);
		title = world[i].title;
		if (world[i].id == 0 || world[i].id == ids[0] || world[i].id == ids[1])
			continue;
		three = three || ids[1] != 0;
		ids[ids[0] == 0 ? 0 : 1] = world[i].id;
	}
	return ids[1] == 0 || (agree && !three);
}

/* Every record takes the lowest number among those that it touches, until nothing changes. */
static void
find_papers(struct made *world)
{
	bool joins[41], changed = true;

	for (int doi = 1; doi <= 40; doi++)
		joins[doi] = doi_joins(world, doi);
	for (int i = 0; i < MADE; i++)
		world[i].paper = i;
	while (changed) {
		changed = false;
		for (int i = 0; i < MADE; i++)
			for (int j = 0; j < MADE; j++) {
				struct made *a = &world[i], *b = &world[j];
				bool touch = a->id != 0 && a->id == b->id;

				touch = touch || (a->corpus != 0 && a->corpus == b->corpus);
				for (int k = 0; k < 2; k++)
					touch =
					    touch || (has_doi(b, a->dois[k]) && joins[a->dois[k]]);
				if (!a->live || !b->live || !touch || a->paper <= b->paper)
					continue;
				a->paper = b->paper;
				changed = true;
			}
	}
}

/* Whether ${a} supplies before ${b}. */
static bool
made_before(const struct made *a, const struct made *b)
{
	if (a->arxiv != b->arxiv)
		return a->arxiv;
	if (a->arxiv)
		return a->day != b->day ? a->day < b->day : a->id < b->id;
	return a->cites != b->cites ? a->cites > b->cites : a->corpus < b->corpus;
}

static int
line_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The same lines in their own order, so that only their bytes count. */
static void
sort_lines(struct buf *text)
{
	char *lines[MADE] = { NULL };
	struct buf sorted = BUF_INIT;
	size_t count = 0;

	for (char *line = text->data, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		assert_true(count < MADE);
		*end = '\0';
		lines[count++] = line;
	}
	qsort(lines, count, sizeof(*lines), line_order);
	for (size_t i = 0; i < count; i++)
		buf_printf(&sorted, "%s\n", lines[i]);
	buf_free(text);
	*text = sorted;
}

/* The expected row of the paper whose lowest record is ${paper}. */
static void
expect_row(const struct made *world, int paper, struct buf *out)
{
	const struct made *chain[MADE], *s2 = NULL, *arxiv = NULL;
	int count = 0, id = 0, doi = 0;

	for (int i = 0; i < MADE; i++) {
		int at = count;

		if (!world[i].live || world[i].paper != paper)
			continue;
		for (; at > 0 && made_before(&world[i], chain[at - 1]); at--)
			chain[at] = chain[at - 1];
		chain[at] = &world[i];
		count++;
	}
	for (int i = 0; i < count; i++) {
		arxiv = arxiv == NULL && chain[i]->arxiv ? chain[i] : arxiv;
		s2 = s2 == NULL && !chain[i]->arxiv ? chain[i] : s2;
		id = id == 0 ? chain[i]->id : id;
		doi = doi == 0 ? chain[i]->dois[0] : doi;
	}
	buf_printf(out, id == 0 ? "null" : "\"2606.%05d\"", id);
	buf_printf(out, " [%s%s%s]", arxiv == NULL ? "" : "\"arxiv\"",
	    arxiv != NULL && s2 != NULL ? ", " : "", s2 == NULL ? "" : "\"semantic_scholar\"");
	buf_printf(out, " \"%s\" %d ", titles[chain[0]->title], s2 == NULL ? 0 : s2->cites);
	if (arxiv == NULL)
		buf_add_text(out, "null");
	else
		buf_printf(out, "\"2026-05-%02dT00:00:00\"", arxiv->day);
	buf_printf(out, doi == 0 ? " null\n" : " \"10.1/d%d\"\n", doi);
}

/* No two rows have one id. */
static void
assert_distinct_ids(const struct outcome *outcome)
{
	struct buf ids = BUF_INIT;

	select_keys(outcome, "id", &ids);
	sort_lines(&ids);
	for (size_t at = 0; at + 2 * 67 <= ids.len; at += 67)
		assert_memory_not_equal(ids.data + at, ids.data + at + 67, 67);
	assert_int_equal(ids.len, 67 * outcome->row_count);
	buf_free(&ids);
}

static void
assert_world(struct made *world, const struct outcome *outcome)
{
	struct merge_counts counts = merge_count(outcome->merge);
	struct buf wanted = BUF_INIT, got = BUF_INIT;
	size_t live = find_live(world), papers = 0;

	find_papers(world);
	for (int i = 0; i < MADE; i++) {
		if (!world[i].live || world[i].paper != i)
			continue;
		expect_row(world, i, &wanted);
		papers++;
	}
	select_keys(outcome, "arxiv_id sources title citation_count published_date doi", &got);
	sort_lines(&wanted);
	sort_lines(&got);
	if (!slice_equal(buf_slice(&wanted), buf_slice(&got)))
		print_error("got\n%swanted\n%s", got.data, wanted.data);
	assert_true(slice_equal(buf_slice(&wanted), buf_slice(&got)));
	assert_int_equal(counts.records[0] + counts.records[1], live);
	assert_int_equal(counts.superseded, MADE - live);
	assert_int_equal(counts.papers, papers);
	assert_distinct_ids(outcome);
	buf_free(&wanted);
	buf_free(&got);
}

static void
shuffle(const char **lines, size_t count, uint64_t *seed)
{
	for (size_t i = count; i > 1; i--) {
		size_t other = random_below(seed, i);
		const char *line = lines[i - 1];

		lines[i - 1] = lines[other];
		lines[other] = line;
	}
}

/* Without the lines that went for nothing comes out the same, and nothing more goes for nothing. */
static void
assert_compact(const struct outcome *outcome, const char *const *lines)
{
	struct merge_dead dead = merge_superseded(outcome->merge, 0), none;
	struct outcome compact;
	const char *left[MADE];
	uint64_t offset = 0, bytes = 0;
	size_t count = 0, at = 0;

	for (size_t i = 0; i < MADE; i++) {
		if (at < dead.count && dead.offsets[at] == offset) {
			bytes += strlen(lines[i]) + 1;
			at++;
		} else {
			left[count++] = lines[i];
		}
		offset += strlen(lines[i]) + 1;
	}
	assert_int_equal(at, dead.count);
	assert_true(bytes == dead.bytes);
	assert_int_equal(dead.count, merge_count(outcome->merge).superseded);
	outcome_of(&compact, left, count, &everything);
	assert_bytes(buf_slice(&compact.rows), buf_slice(&outcome->rows), "compact");
	none = merge_superseded(compact.merge, 0);
	assert_int_equal(none.count, 0);
	assert_int_equal(merge_superseded(outcome->merge, 1).count, 0);
	free(none.offsets);
	free(dead.offsets);
	outcome_free(&compact);
}

/* Made-up worlds come out as the plain rules say, whatever the order of their records. */
static void
test_worlds(void **state)
{
	size_t conflicts = 0, joined = 0;

	(void)state;
	for (uint64_t round = 1; round <= 40; round++) {
		struct made world[MADE];
		struct buf texts[MADE], first = BUF_INIT;
		const char *lines[MADE];
		uint64_t seed = round;
		const struct doi_conflict *conflict;
		size_t count;

		make_world(world, &seed);
		for (int i = 0; i < MADE; i++) {
			texts[i] = BUF_INIT;
			write_made(&world[i], &texts[i]);
			texts[i].data[texts[i].len - 1] = '\0';
			lines[i] = texts[i].data;
		}
		for (int turn = 0; turn < 1 + (round == 1 ? 200 : 5); turn++) {
			struct outcome outcome;

			outcome_of(&outcome, lines, MADE, &everything);
			if (turn == 0)
				assert_world(world, &outcome);
			assert_compact(&outcome, lines);
			conflict = merge_conflicts(outcome.merge, &count);
			conflicts += count;
			for (size_t i = 0; i < count; i++)
				joined += conflict[i].joined;
			assert_same_rows(&first, &outcome, "world", (size_t)round);
			scratch_assert_log(&outcome.scratch, "", "a world");
			outcome_free(&outcome);
			shuffle(lines, MADE, &seed);
		}
		for (int i = 0; i < MADE; i++)
			buf_free(&texts[i]);
		buf_free(&first);
	}
	/* The worlds were not too easy. */
	assert_true(conflicts > 100);
	assert_true(joined > 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
