#include "hub_json.h"
#include "hub_upload.h"
#include "scratch.h"

#define OID "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHA "0123456789abcdef0123456789abcdef01234567"
/* What LFS says of the object, between these. */
#define OBJECT "{\"objects\":[{\"oid\":\"other\"},{\"oid\":\"" OID "\",\"size\":10"
#define END "}]}"
#define UPLOAD ",\"actions\":{\"upload\":{\"href\":\"https://s/\",\"header\":{"
#define PARTS UPLOAD "\"chunk_size\":\"4\",\"x-other\":\"y\","

/* An answer on an object of ten bytes: `stored`, the parts that it names, or why it is refused. */
static const struct {
	const char *why;
	const char *body;
	const char *wanted;
} uploads[] = {
	{ "stored", OBJECT END, "stored" },
	{ "basic", OBJECT ",\"actions\":{\"upload\":{\"href\":\"https://s/\"}}" END, "https://s/" },
	{ "basic, with headers", OBJECT UPLOAD "\"a\":\"b\"}}}" END, "https://s/" },
	{ "to be verified",
	    OBJECT ",\"actions\":{\"upload\":{\"href\":\"https://s/\"},\"verify\":{\"href\":"
		   "\"https://v/\"}}" END,
	    "https://s/, verify https://v/" },
	{ "three parts, in any order",
	    OBJECT PARTS "\"00003\":\"c\",\"00001\":\"a\",\"00002\":\"b\"}}}" END,
	    "https://s/, 4 a b c" },
	{ "numbers without zeros, the size as a number",
	    OBJECT UPLOAD "\"chunk_size\":5,\"1\":\"a\",\"2\":\"b\"}}}" END, "https://s/, 5 a b" },
	{ "a part too few", OBJECT PARTS "\"1\":\"a\",\"2\":\"b\"}}}" END,
	    "the addresses of its parts are not those of 3 parts of 4 bytes" },
	{ "a part too many", OBJECT PARTS "\"1\":\"a\",\"2\":\"b\",\"3\":\"c\",\"4\":\"d\"}}}" END,
	    "the addresses of its parts are not those of 3 parts of 4 bytes" },
	{ "a part twice", OBJECT PARTS "\"1\":\"a\",\"2\":\"b\",\"02\":\"c\"}}}" END,
	    "the addresses of its parts are not those of 3 parts of 4 bytes" },
	{ "a part 0", OBJECT PARTS "\"0\":\"a\",\"1\":\"b\",\"2\":\"c\"}}}" END,
	    "the addresses of its parts are not those of 3 parts of 4 bytes" },
	{ "a part that is no text", OBJECT PARTS "\"1\":\"a\",\"2\":\"b\",\"3\":3}}}" END,
	    "the addresses of its parts are not those of 3 parts of 4 bytes" },
	{ "parts of no bytes", OBJECT UPLOAD "\"chunk_size\":\"0\",\"1\":\"a\"}}}" END,
	    "the size of its parts is no number" },
	{ "parts of some bytes", OBJECT UPLOAD "\"chunk_size\":\"4k\",\"1\":\"a\"}}}" END,
	    "the size of its parts is no number" },
	{ "no address", OBJECT ",\"actions\":{\"upload\":{}}" END,
	    "the Hub does not say where to send it" },
	{ "an error",
	    OBJECT ",\"error\":{\"code\":422,\"message\":\"no\\nroom\"},\"actions\":{}" END,
	    "the Hub refuses it: no room" },
	{ "an error without a word", OBJECT ",\"error\":{}" END, "the Hub refuses it: no reason" },
	{ "xet", "{\"transfer\":\"xet\",\"objects\":[{\"oid\":\"" OID "\"}]}",
	    "the Hub wants another way than basic and multipart" },
	{ "another object", "{\"objects\":[{\"oid\":\"b\"}]}", "the answer does not name it" },
	{ "no list", "{\"objects\":7}", "the answer does not name it" },
	{ "HTML", "<html>", "the answer is no JSON" },
	{ "a list", "[1", "the answer is no JSON" },
	{ "nothing", "", "the answer is no JSON" },
};

static void
describe(const struct hub_upload *upload, struct buf *out)
{
	if (upload->stored)
		buf_add_text(out, "stored");
	buf_add_slice(out, buf_slice(&upload->href));
	if (upload->verify.len > 0)
		buf_printf(out, ", verify %s", upload->verify.data);
	if (upload->part_bytes > 0)
		buf_printf(out, ", %d", (int)upload->part_bytes);
	for (size_t i = 0; i < upload->part_count; i++)
		buf_printf(out, " %s", upload->parts[i]);
}

static void
test_uploads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(uploads); i++) {
		struct hub_upload upload = { 0 };
		struct buf told = BUF_INIT;

		print_message("%s\n", uploads[i].why);
		if (hub_json_upload(slice_of(uploads[i].body), OID, 10, &upload, &told) == 0)
			describe(&upload, &told);
		assert_string_equal(told.data, uploads[i].wanted);
		hub_upload_free(&upload);
		buf_free(&told);
	}
}

/* A file that needs more parts than a store takes is no reason to make room for them. */
static void
test_part_limit(void **state)
{
	struct hub_upload upload = { 0 };
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(hub_json_upload(slice_of(OBJECT PARTS "\"1\":\"a\"}}}" END), OID,
			     UINT64_C(40004), &upload, &why),
	    -1);
	assert_string_equal(why.data, "more than 10000 parts");
	hub_upload_free(&upload);
	buf_free(&why);
}

static void
test_question(void **state)
{
	const struct hub_repo repo = { "https://hub", "me/specdec", "refs/pr/1" };
	struct push_file items[] = {
		{ .sha256 = "a", .bytes = 1, .lfs = true, .changed = true },
		{ .sha256 = "b", .bytes = 2, .lfs = false, .changed = true },
		{ .sha256 = "c", .bytes = 3, .lfs = true, .changed = false },
		{ .sha256 = "d", .bytes = 4, .lfs = true, .changed = true, .stored = true },
		{ .sha256 = "e", .bytes = UINT64_C(5000000000), .lfs = true, .changed = true },
	};
	const struct push_files files = { items, COUNT(items), COUNT(items) };
	struct buf text = BUF_INIT;

	(void)state;
	assert_int_equal(hub_upload_ask(&repo, &files, &text), 2);
	assert_string_equal(text.data,
	    "{\"operation\":\"upload\",\"transfers\":[\"basic\",\"multipart\"],"
	    "\"hash_algo\":\"sha256\",\"objects\":[{\"oid\":\"a\",\"size\":1},"
	    "{\"oid\":\"e\",\"size\":5000000000}],\"ref\":{\"name\":\"refs/pr/1\"}}");
	buf_free(&text);
}

static void
test_heads(void **state)
{
	static const struct {
		const char *body;
		const char *sha;
		bool is_public;
	} cases[] = {
		{ "{\"sha\":\"" SHA "\",\"private\":true}", SHA, false },
		{ "{\"sha\":\"" SHA "\",\"private\":false}", SHA, true },
		{ "{\"sha\":\"" SHA "\"}", SHA, true },
		{ "{\"sha\":\"0123456789ABCDEF0123456789abcdef01234567\"}", SHA, true },
		{ "{\"sha\":\"" OID "\"}", OID, true },
		{ "{\"sha\":\"" OID "0\"}", NULL, true },
		{ "{\"sha\":\"0123\"}", NULL, true },
		{ "{\"sha\":\"0123456789abcdef0123456789abcdef0123456\\\"\"}", NULL, true },
		{ "{\"sha\":7}", NULL, true },
		{ "{}", NULL, true },
		{ "<html>", NULL, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct hub_head head;
		int result = hub_json_head(slice_of(cases[i].body), &head);

		assert_int_equal(result, cases[i].sha == NULL ? -1 : 0);
		if (result == 0)
			assert_string_equal(head.sha, cases[i].sha);
		assert_int_equal(head.is_public, cases[i].is_public);
	}
}

static void
test_modes(void **state)
{
	static const char body[] =
	    "{\"files\":[{\"path\":\"a\",\"uploadMode\":\"lfs\",\"oid\":\"" OID "\"},"
	    "{\"path\":\"b\",\"uploadMode\":\"regular\",\"shouldIgnore\":true,\"oid\":null},"
	    "{\"path\":\"c\",\"uploadMode\":\"carrier pigeon\"}]}";
	struct hub_mode mode;

	(void)state;
	assert_int_equal(hub_json_mode(slice_of(body), "a", &mode), 0);
	assert_true(mode.lfs);
	assert_false(mode.ignored);
	assert_string_equal(mode.oid, OID);
	assert_int_equal(hub_json_mode(slice_of(body), "b", &mode), 0);
	assert_false(mode.lfs);
	assert_true(mode.ignored);
	assert_string_equal(mode.oid, "");
	assert_int_equal(hub_json_mode(slice_of(body), "c", &mode), -1);
	assert_int_equal(hub_json_mode(slice_of(body), "d", &mode), -1);
	assert_int_equal(hub_json_mode(slice_of("<html>"), "a", &mode), -1);
}

static void
test_errors(void **state)
{
	static const struct {
		const char *body, *wanted;
	} cases[] = {
		{ "{\"error\":\"no such\\nthing\"}", "no such thing" },
		{ "{\"error\":[\"one\",\"two\"]}", "one" },
		{ "{\"errors\":[{\"message\":\"bad card\"}]}", "bad card" },
		{ "{\"error\":\"invalid_token\",\"error_description\":\"it is old\"}",
		    "it is old" },
		{ "{\"message\":\"wait\"}", "wait" },
		{ "{\"error\":7}", "" },
		{ "{}", "" },
		{ "<html><body>502</body></html>", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buf text = BUF_INIT;

		buf_add_text(&text, "");
		hub_json_error(slice_of(cases[i].body), &text);
		assert_string_equal(text.data, cases[i].wanted);
		buf_free(&text);
	}
}

static void
test_commits(void **state)
{
	char oid[DIGEST_HEX_SIZE];

	(void)state;
	assert_int_equal(hub_json_commit(slice_of("{\"commitOid\":\"" SHA "\"}"), oid), 0);
	assert_string_equal(oid, SHA);
	assert_int_equal(hub_json_commit(slice_of("{\"success\":true}"), oid), -1);
	assert_int_equal(hub_json_commit(slice_of(""), oid), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uploads),
		cmocka_unit_test(test_part_limit),
		cmocka_unit_test(test_question),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_commits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
