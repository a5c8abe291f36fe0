#include "generate.h"

#include "buf.h"
#include "date.h"
#include "jsonl.h"

#include <inttypes.h>
#include <stdbool.h>

#define AUTHORS 6
#define ABSTRACT_BYTES 1300

struct maker {
	const struct generate *wanted;
	uint64_t random;
	/* Ids run from 1 in each month. */
	int month;
	unsigned in_month;
};

struct made {
	int64_t submitted;
	unsigned versions;
	char id[24];
	struct buf title;
	struct buf abstract;
	/* Without the phrase. */
	struct buf plain_abstract;
	struct buf authors;
	struct buf s2_authors;
};

static uint64_t
draw(struct maker *maker, uint64_t below)
{
	/* splitmix64, Vigna 2015. */
	uint64_t x = maker->random += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (x ^ x >> 31) % below;
}

#define PICK(maker, list) (list)[draw(maker, sizeof(list) / sizeof((list)[0]))]

static void
sentence(struct maker *maker, struct buf *out)
{
	static const char *const subjects[] = { "The drafter", "A small proposal network",
		"Our scheduler", "The verifier", "A cached prefix", "The acceptance rule",
		"Each branch of the tree", "This estimator", "The serving engine",
		"A calibrated threshold" };
	static const char *const verbs[] = { "reduces", "balances", "predicts", "reuses", "bounds",
		"postpones", "samples", "rewrites", "measures", "compresses" };
	static const char *const objects[] = { "the latency of long requests",
		"tokens that the target would reject", "the memory traffic of each step",
		"several continuations at once", "the key-value cache across turns",
		"the gap between proposal and target", "uneven load between devices",
		"the variance of the accepted length", "rare words in the vocabulary",
		"the cost of a wrong guess" };
	static const char *const manners[] = { "without further training",
		"under a fixed compute budget", "for batches of any size", "in closed form",
		"on commodity hardware", "while the output stays unchanged",
		"with a single hyperparameter", "as the context grows",
		"in three out of four settings", "before the first token is shown" };

	buf_printf(out, "%s %s %s %s. ", PICK(maker, subjects), PICK(maker, verbs),
	    PICK(maker, objects), PICK(maker, manners));
}

static void
names_make(struct maker *maker, struct made *made)
{
	static const char *const given[] = { "Ada", "Bo", "Chidi", "Dana", "Eiko", "Farid", "Gwen",
		"Hana", "Ivo", "Jörg", "Kofi", "Lena", "Mei", "Nuria", "Olu", "Priya" };
	static const char *const family[] = { "Abara", "Brandt", "Castellanos", "Dubois", "Endo",
		"Fischer", "García", "Haddad", "Ito", "Jansen", "Kovács", "Lindqvist", "Moreau",
		"Nakamura", "Okafor", "Petrov" };

	for (int i = 0; i < AUTHORS; i++) {
		const char *first = PICK(maker, given), *last = PICK(maker, family);

		buf_printf(&made->authors, "%s\"%s %s\"", i > 0 ? "," : "", first, last);
		buf_printf(&made->s2_authors, "%s{\"authorId\":\"%u\",\"name\":\"%s %s\"}",
		    i > 0 ? "," : "", 2000000 + (unsigned)draw(maker, 900000), first, last);
	}
}

static void
text_make(struct maker *maker, struct made *made, size_t number, bool in_title)
{
	static const char *const kinds[] = { "Adaptive", "Hierarchical", "Sparse", "Calibrated",
		"Elastic", "Lossless", "Streaming", "Distributed", "Cache-Aware", "Anytime" };
	static const char *const goals[] = { "Edge Devices", "Long Contexts", "Code Models",
		"Mixture Models", "Image Tokens", "Speech", "Batched Serving", "Small Clusters",
		"Multi-Turn Dialogue", "Retrieval" };

	buf_printf(&made->title, "%s %s for %s, Study %zu", PICK(maker, kinds),
	    in_title ? maker->wanted->phrase : "Draft-and-Verify Generation", PICK(maker, goals),
	    number);
	while (made->plain_abstract.len < ABSTRACT_BYTES - 60)
		sentence(maker, &made->plain_abstract);
	buf_printf(&made->plain_abstract, "All figures of study %zu are invented.", number);
	buf_printf(&made->abstract, "We study %s. ", maker->wanted->phrase);
	buf_add_slice(&made->abstract, buf_slice(&made->plain_abstract));
}

static void
id_make(struct maker *maker, struct made *made)
{
	int year, month, day;

	date_civil(date_day_of(made->submitted), &year, &month, &day);
	if (maker->month != year * 12 + month)
		maker->in_month = 0;
	maker->month = year * 12 + month;
	snprintf(made->id, sizeof(made->id), "%02u%02u.%05u", (unsigned)year % 100, (unsigned)month,
	    ++maker->in_month);
}

static void
arxiv_write(struct maker *maker, const struct made *made, bool found, struct buf *out)
{
	static const char *const categories[] = { "\"cs.CL\"", "\"cs.LG\",\"cs.CL\"",
		"\"cs.DC\",\"cs.LG\"", "\"cs.CV\"", "\"cs.AI\",\"cs.CL\",\"cs.LG\"" };
	char time[DATE_TIME_SIZE];

	buf_printf(out, "\"arxiv\":{\"id\":\"%s\",\"title\":", made->id);
	jsonl_write_string(buf_slice(&made->title), out);
	buf_add_text(out, ",\"abstract\":");
	jsonl_write_string(buf_slice(found ? &made->abstract : &made->plain_abstract), out);
	buf_printf(out, ",\"authors\":[%s],\"categories\":[%s],\"versions\":[", made->authors.data,
	    PICK(maker, categories));
	for (unsigned i = 0; i < made->versions; i++) {
		date_time_write(made->submitted + i * (int64_t)1000003, time);
		buf_printf(out, "%s\"%s\"", i > 0 ? "," : "", time);
	}
	buf_add_text(out, "],\"comment\":");
	if (draw(maker, 4) == 0)
		buf_printf(out, "\"Code: https://github.com/example-lab/study-%s\"", made->id);
	else
		buf_add_text(out, draw(maker, 2) == 0 ? "null" : "\"14 pages, 5 figures\"");
	buf_add_text(out, ",\"journal_ref\":null,\"doi\":null}");
}

/* Half of the records have the arXiv DOI and venue, as those of more than two months' age do. */
static void
s2_write(struct maker *maker, const struct made *made, size_t number, bool found, struct buf *out)
{
	uint64_t high = draw(maker, UINT64_MAX), low = draw(maker, UINT64_MAX);
	unsigned corpus = 300000000 + (unsigned)number, citations = (unsigned)draw(maker, 60);
	bool settled = draw(maker, 2) == 0;
	char sha[41], day[DATE_DAY_SIZE];

	snprintf(sha, sizeof(sha), "%016" PRIx64 "%016" PRIx64 "%08x", high, low, corpus);
	date_day_write(date_day_of(made->submitted), day);
	buf_printf(out,
	    ",\"s2\":[{\"paperId\":\"%s\",\"corpusId\":%u,\"externalIds\":{\"ArXiv\":\"%s\","
	    "\"CorpusId\":%u",
	    sha, corpus, made->id, corpus);
	if (settled)
		buf_printf(out, ",\"DOI\":\"10.48550/arXiv.%s\"", made->id);
	buf_printf(out, "},\"url\":\"https://www.semanticscholar.org/paper/%s\",\"title\":", sha);
	jsonl_write_string(buf_slice(&made->title), out);
	buf_add_text(out, ",\"abstract\":");
	jsonl_write_string(found ? buf_slice(&made->abstract) : SLICE_NONE, out);
	buf_printf(out,
	    ",\"venue\":\"%s\",\"year\":%.4s,\"publicationDate\":\"%s\",\"citationCount\":%u,"
	    "\"influentialCitationCount\":%u,\"openAccessPdf\":{\"url\":\"\",\"status\":null},",
	    settled ? "arXiv.org" : "", day, day, citations, citations / 9);
	buf_printf(out,
	    "\"fieldsOfStudy\":[\"Computer "
	    "Science\"],\"s2FieldsOfStudy\":[{\"category\":\"Computer "
	    "Science\",\"source\":\"external\"},{\"category\":\"Computer Science\",\"source\":"
	    "\"s2-fos-model\"}],\"authors\":[%s]}]",
	    made->s2_authors.data);
}

static void
paper_write(struct maker *maker, size_t number, struct buf *out)
{
	const struct generate *wanted = maker->wanted;
	int64_t span = (wanted->to - wanted->from + 1) * DATE_DAY_SECONDS;
	int64_t step = span / (int64_t)wanted->papers;
	struct made made = { 0 };
	bool s2 = draw(maker, 100) < 97, found_by_s2 = draw(maker, 100) >= 3;
	bool found_by_arxiv = draw(maker, 100) >= 1 || !s2 || !found_by_s2;

	made.submitted = wanted->from * DATE_DAY_SECONDS + (int64_t)(number - 1) * step +
			 (step > 1 ? (int64_t)draw(maker, (uint64_t)step) : 0);
	made.versions = 1 + (unsigned)(draw(maker, 4) == 0) + (unsigned)(draw(maker, 10) == 0);
	id_make(maker, &made);
	text_make(maker, &made, number, found_by_s2 && found_by_arxiv && draw(maker, 2) == 0);
	names_make(maker, &made);
	buf_add_char(out, '{');
	arxiv_write(maker, &made, found_by_arxiv, out);
	if (s2)
		s2_write(maker, &made, number, found_by_s2, out);
	buf_add_text(out, "}\n");
	buf_free(&made.title);
	buf_free(&made.abstract);
	buf_free(&made.plain_abstract);
	buf_free(&made.authors);
	buf_free(&made.s2_authors);
}

int
generate_write(const struct generate *wanted, FILE *out)
{
	struct maker maker = { wanted, wanted->seed, 0, 0 };
	struct buf line = BUF_INIT;
	size_t written = 1;

	for (size_t i = 1; i <= wanted->papers && written > 0; i++) {
		buf_clear(&line);
		paper_write(&maker, i, &line);
		written = fwrite(line.data, line.len, 1, out);
	}
	buf_free(&line);
	return written == 0 || fflush(out) != 0 ? -1 : 0;
}
