#include "output.h"
#include "report_facts.h"
#include "report_part.h"

#include "date.h"
#include "scratch.h"

#include <jansson.h>

/* A page of these rows and changes; the texts that stand in it as JSON. */
struct page {
	struct scratch scratch;
	struct topic topic;
	struct row_stats *stats;
	struct manifest manifest;
	struct buf text;
};

static void
page_init(struct page *page)
{
	*page = (struct page){ .stats = mem_new(1, sizeof(*page->stats)) };
	scratch_init(&page->scratch);
	topic_init(&page->topic);
	page->topic.name = mem_dup("</script><!-- \xe2\x80\xa8", 17);
	page->manifest = (struct manifest){
		.topic = &page->topic, .stats = page->stats, .snapshot_day = date_day(2026, 6, 19)
	};
	page->manifest.sources[1].report.outcome = SOURCE_UNREACHABLE;
	snprintf(page->manifest.sources[1].report.reason, 32, "</SCRIPT >");
}

static void
page_free(struct page *page)
{
	buf_free(&page->text);
	topic_free(&page->topic);
	free(page->stats);
	scratch_free(&page->scratch);
}

static int
page_write(struct page *page, struct slice rows, const char *changes)
{
	struct output_input input = { scratch_open(rows), "rows", -1, NULL, &page->manifest, true };
	char *path = scratch_path(&page->scratch, "page");
	struct file_writer out;
	int result;

	if (changes != NULL) {
		input.changes = scratch_open(slice_of(changes));
		input.changes_name = "changes";
	}
	unlink(path);
	assert_int_equal(file_writer_open(&out, path, &page->scratch.log), 0);
	result = output_report(&input, &out, &page->scratch.log);
	assert_int_equal(file_writer_close(&out), 0);
	scratch_read(&page->scratch, "page", &page->text);
	close(input.rows);
	if (changes != NULL)
		close(input.changes);
	free(path);
	return result;
}

static bool
holds(struct slice text, const char *part, size_t len)
{
	for (size_t at = 0; at + len <= text.len; at++)
		if (memcmp(text.data + at, part, len) == 0)
			return true;
	return false;
}

/* What stands between `<script type="application/json" id="ID">` and the first `</script`, as a
 * browser ends it, whatever the case. */
static struct slice
page_data(const struct page *page, const char *id)
{
	char tag[64];
	const char *from, *end;

	snprintf(tag, sizeof(tag), "<script type=\"application/json\" id=\"%s\">", id);
	from = strstr(page->text.data, tag);
	assert_non_null(from);
	from += strlen(tag);
	end = from;
	while (strncasecmp(end, "</script", 8) != 0 && *end != '\0')
		end++;
	return (struct slice){ from, (size_t)(end - from) };
}

static json_t *
page_json(const struct page *page, const char *id)
{
	struct slice data = page_data(page, id);
	json_error_t error;
	json_t *root = json_loadb(data.data, data.len, JSON_REJECT_DUPLICATES, &error);

	if (root == NULL)
		print_error("%s: %s in\n%.*s\n", id, error.text, (int)data.len, data.data);
	assert_non_null(root);
	return root;
}

static void
assert_json(const json_t *value, const char *wanted, const char *why)
{
	char *got = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(10));

	assert_non_null(got);
	assert_bytes(slice_of(got), slice_of(wanted), why);
	free(got);
}

#define ID "989fef5fc253b0613a59b01cec35c0cc584fc413ce901e3b5192ea8bd456c69e"
#define ROW(title, authors, ids, date, code, venue)                                                \
	"{\"id\": \"" ID "\", \"sources\": [\"arxiv\", \"semantic_scholar\"], \"title\": " title   \
	", \"abstract\": \"An <i>abstract</i>\", \"authors\": " authors                            \
	", \"categories\": [\"cs.CL\", \"cs.LG\"], \"fields_of_study\": [], "                      \
	"\"published_date\": " date ", \"url\": \"https://u.example/\", \"pdf_url\": null, " ids   \
	", \"citation_count\": 12, \"influential_citation_count\": 3, " code ", \"venue\": " venue \
	", \"quality_score\": 0.35}\n"
#define PLAIN_IDS "\"arxiv_id\": \"2606.20543\", \"doi\": null"
#define PLAIN_DATE "\"2026-06-18T00:00:00\""
#define NO_CODE "\"has_code\": false, \"code_url\": null"

static void
test_rows(void **state)
{
	static const struct {
		const char *row, *wanted, *why;
	} cases[] = {
		{ ROW("\"A title\"", "[\"A B\", \"C D\"]", PLAIN_IDS, PLAIN_DATE, NO_CODE, "null"),
		    "[\"A title\",\"A B, C D\",0,\"cs.CL "
		    "cs.LG\",20622,\"2606.20543\",null,12,3,3,null,null,0.35,\"An "
		    "<i>abstract</i>\"]",
		    "a row" },
		{ ROW("\"T\"", "[]", "\"arxiv_id\": null, \"doi\": \"10.1/<x>\"", "null",
		      "\"has_code\": true, \"code_url\": \"https://c.example/\\\"\"", "\"V\""),
		    "[\"T\",\"\",0,\"cs.CL "
		    "cs.LG\",null,null,\"10.1/<x>\",12,3,7,\"https://c.example/"
		    "\\\"\",\"V\",0.35,\"An <i>abstract</i>\",\"https://u.example/\",null,\"" ID
		    "\"]",
		    "without an arXiv id the page, the PDF and the record id follow" },
		{ ROW("\"</script><script>alert(1)</script><!--\"", "[\"<b>\", \"\\\"]\\\\\"]",
		      PLAIN_IDS, PLAIN_DATE, NO_CODE, "\"]]>\""),
		    "[\"</script><script>alert(1)</script><!--\",\"<b>, \\\"]\\\\\",0,\"cs.CL "
		    "cs.LG\",20622,\"2606.20543\",null,12,3,3,null,\"]]>\",0.35,\"An "
		    "<i>abstract</i>\"]",
		    "what ends a script, in any field" },
		{ ROW("\"\\u003c/script\\u003e \\u2028 \xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\"",
		      "[\"\\ud83d\\ude00\"]", PLAIN_IDS, PLAIN_DATE, NO_CODE, "null"),
		    "[\"</script> \xe2\x80\xa8 "
		    "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\",\"\xf0\x9f\x98\x80\",0,\"cs.CL "
		    "cs.LG\",20622,\"2606.20543\",null,12,3,3,null,null,0.35,\"An "
		    "<i>abstract</i>\"]",
		    "what was escaped already, and what ends a line of a script" },
	};
	struct page page;

	(void)state;
	page_init(&page);
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *rows;
		struct slice data;

		assert_int_equal(page_write(&page, slice_of(cases[i].row), NULL), 0);
		rows = page_json(&page, "rows");
		assert_int_equal(json_array_size(rows), 1);
		assert_json(json_array_get(rows, 0), cases[i].wanted, cases[i].why);
		json_decref(rows);
		data = page_data(&page, "rows");
		for (size_t at = 0; at < data.len; at++)
			assert_true(data.data[at] != '<' && data.data[at] != '>');
		assert_false(holds((struct slice){ data.data, data.len }, "\xe2\x80\xa8", 3));
		assert_false(holds((struct slice){ data.data, data.len }, "\xe2\x80\xa9", 3));
	}
	page_free(&page);
}

/* A list of authors is cut where nobody reads on, and says how many it leaves out. */
static void
test_authors(void **state)
{
	struct buf row = BUF_INIT, authors = BUF_INIT;
	struct page page;
	json_t *rows;

	(void)state;
	page_init(&page);
	for (int i = 1; i <= 3303; i++)
		buf_printf(&authors, "%s\"A%d\"", i == 1 ? "[" : ", ", i);
	buf_add_char(&authors, ']');
	buf_printf(&row, ROW("\"T\"", "%s", PLAIN_IDS, PLAIN_DATE, NO_CODE, "null"), authors.data);
	assert_int_equal(page_write(&page, buf_slice(&row), NULL), 0);
	rows = page_json(&page, "rows");
	assert_json(json_array_get(json_array_get(rows, 0), 2), "3279", "how many more");
	assert_non_null(
	    strstr(json_string_value(json_array_get(json_array_get(rows, 0), 1)), "A1, A2, A3, "));
	json_decref(rows);
	buf_free(&row);
	buf_free(&authors);
	page_free(&page);
}

/* Abstracts have room in small snapshots; more rows than a browser takes are left out. */
static void
test_many(void **state)
{
	static const char row[] = ROW("\"T\"", "[]", PLAIN_IDS, PLAIN_DATE, NO_CODE, "null");
	struct buf text = BUF_INIT;
	struct page page;
	json_t *rows;

	(void)state;
	page_init(&page);
	for (int i = 0; i < 100002; i++)
		buf_add_text(&text, row);
	page.stats->records = 100002;
	assert_int_equal(page_write(&page, buf_slice(&text), NULL), 0);
	rows = page_json(&page, "rows");
	assert_int_equal(json_array_size(rows), 100000);
	assert_true(json_is_null(json_array_get(json_array_get(rows, 0), 13)));
	json_decref(rows);
	assert_non_null(strstr(page.text.data, "\"records\": 100002"));
	buf_free(&text);
	page_free(&page);
}

static void
test_facts(void **state)
{
	static const char changes[] =
	    "{\"change\": \"added\", \"id\": \"1\", \"arxiv_id\": \"2606.1\", \"title\": "
	    "\"</script>\"}\n"
	    "no JSON\n"
	    "{\"change\": \"changed\", \"id\": \"2\", \"arxiv_id\": null, \"title\": \"B\", "
	    "\"fields\": {\"quality_score\": {\"old\": 0.3, \"new\": 0.2}}}\n"
	    "{\"change\": \"changed\", \"id\": \"3\", \"arxiv_id\": null, \"title\": \"C\", "
	    "\"fields\": {\"quality_score\": {\"old\": 0.3, \"new\": 0.2}, \"venue\": {\"old\": "
	    "null, \"new\": \"<V>\"}}}\n"
	    "{\"change\": \"unheard of\"}\n"
	    "{\"change\": \"removed\", \"id\": \"4\", \"arxiv_id\": null, \"title\": \"D\"}\n";
	struct page page;
	json_t *facts;

	(void)state;
	page_init(&page);
	page.stats->records = 3;
	page.stats->with_venue = 2;
	page.stats->scores[0] = 1;
	page.stats->scores[3500] = 2;
	assert_int_equal(page_write(&page, SLICE_LITERAL(""), changes), 0);
	facts = page_json(&page, "facts");
	assert_json(json_object_get(facts, "scores"), "[[0.0,1],[0.35,2]]", "scores");
	assert_json(json_object_get(facts, "with_venue"), "2", "venues");
	assert_json(json_object_get(facts, "changes"),
	    "{\"added\":{\"count\":1,\"papers\":[{\"arxiv_id\":\"2606.1\",\"title\":\"</script>\"}]"
	    "},\"removed\":{\"count\":1,\"papers\":[{\"arxiv_id\":null,\"title\":\"D\"}]},"
	    "\"changed\":{\"count\":2,\"papers\":[{\"arxiv_id\":null,\"title\":\"C\",\"fields\":[{"
	    "\"key\":\"quality_score\",\"old\":0.3,\"new\":0.2},{\"key\":\"venue\",\"old\":null,"
	    "\"new\":\"<V>\"}]}]},\"rescored\":1}",
	    "changes");
	assert_json(json_object_get(json_object_get(facts, "manifest"), "name"),
	    "\"</script><!-- \xe2\x80\xa8\"", "the name");
	json_decref(facts);
	assert_int_equal(page_write(&page, SLICE_LITERAL(""), NULL), 0);
	facts = page_json(&page, "facts");
	assert_json(json_object_get(facts, "changes"), "null", "no changes");
	json_decref(facts);
	page_free(&page);
}

/* However many papers changed, and however long their titles and values are. */
static void
test_bounded_changes(void **state)
{
	struct buf text = BUF_INIT;
	struct page page;
	json_t *facts, *added, *removed;

	(void)state;
	page_init(&page);
	for (int i = 0; i < 1000; i++)
		buf_printf(&text,
		    "{\"change\": \"added\", \"arxiv_id\": null, \"title\": \"%d\", \"fields\": "
		    "{\"abstract\": {\"old\": \"%01000d\", \"new\": null}}}\n"
		    "{\"change\": \"removed\", \"arxiv_id\": null, \"title\": \"%0100000d\"}\n",
		    i, 0, 0);
	assert_int_equal(page_write(&page, SLICE_LITERAL(""), text.data), 0);
	facts = page_json(&page, "facts");
	added = json_object_get(json_object_get(facts, "changes"), "added");
	removed = json_object_get(json_object_get(facts, "changes"), "removed");
	assert_json(json_object_get(added, "count"), "1000", "all are counted");
	assert_int_equal(json_array_size(json_object_get(added, "papers")), REPORT_FACTS_CHANGES);
	assert_json(json_array_get(json_object_get(added, "papers"), 0),
	    "{\"arxiv_id\":null,\"title\":\"0\",\"fields\":[{\"key\":\"abstract\",\"new\":null}]}",
	    "a value that is too long is left out");
	assert_in_range(json_array_size(json_object_get(removed, "papers")), 1, 5);
	json_decref(facts);
	buf_free(&text);
	page_free(&page);
}

/* Nothing in the parts can end them early, and the page has a place for each. */
static void
test_parts(void **state)
{
	const struct report_part *const parts[] = { &report_part_style, &report_part_head_script,
		&report_part_body_script };
	struct page page;

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++) {
		assert_true(parts[i]->len > 1000);
		assert_false(holds((struct slice){ parts[i]->data, parts[i]->len }, "</", 2));
		assert_false(holds((struct slice){ parts[i]->data, parts[i]->len }, "<!--", 4));
	}
	page_init(&page);
	assert_int_equal(page_write(&page, SLICE_LITERAL(""), NULL), 0);
	for (size_t i = 0; i < COUNT(parts); i++)
		assert_true(holds((struct slice){ page.text.data, page.text.len }, parts[i]->data,
		    parts[i]->len));
	assert_null(strstr(page.text.data, "unsafe-inline"));
	assert_null(strstr(page.text.data, "-hash@"));
	page_free(&page);
}

/* A source of rows that cannot be read is no empty one. */
static void
test_unreadable(void **state)
{
	struct page page;
	struct output_input input = { .rows = -1, .rows_name = "rows", .changes = -1 };
	char *path;
	struct file_writer out;

	(void)state;
	page_init(&page);
	input.manifest = &page.manifest;
	path = scratch_path(&page.scratch, "page");
	assert_int_equal(file_writer_open(&out, path, &page.scratch.log), 0);
	assert_int_equal(output_report(&input, &out, &page.scratch.log), -1);
	assert_int_equal(file_writer_close(&out), 0);
	free(path);
	page_free(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_authors),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_bounded_changes),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
