#include "code_link.h"

#include "block.h"
#include "mem.h"
#include "text.h"

#include <endian.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct slice
slice_from(struct slice text, size_t at)
{
	return (struct slice){ text.data + at, text.len - at };
}

static inline bool
is_alnum(char c)
{
	return text_is_letter(c) || text_is_digit(c);
}

/* What a word can be; one word may be several. */
enum {
	SCRIPT = 1 << 0,     /* nothing but code: "code", "scripts" */
	CODE = 1 << 1,       /* code, or what is as good: "implementation", "repository" */
	THING = 1 << 2,      /* what may be code: "framework", "tool" */
	WORK = 1 << 3,       /* what is none: "dataset", "weights" */
	OPEN = 1 << 4,       /* "is open-source", "we open-source" */
	ADJECTIVE = 1 << 5,  /* "an open-source tool" */
	OUT = 1 << 6,        /* "available", "released" */
	PLACE = 1 << 7,      /* "found", "hosted" */
	BE = 1 << 8,         /* "is", "are", and "be" behind "can" */
	ADVERB = 1 << 9,     /* "publicly", "now" */
	WE = 1 << 10,        /* who releases */
	RELEASE = 1 << 11,   /* "release", "publish" */
	GIVE = 1 << 12,      /* "provide", "share" */
	MAKE = 1 << 13,      /* "make", as in "make available" */
	INTRODUCE = 1 << 14, /* "introduce", "present" */
	OWN = 1 << 15,       /* "our", "the" */
	ARTICLE = 1 << 16,   /* "a", "an" */
	JOIN = 1 << 17,      /* "and", a comma, a dash */
	AT = 1 << 18,        /* "at", "from" */
	TIE = 1 << 19,       /* goes on behind a noun: "for", "that", "used" */
	ALIEN = 1 << 20,     /* "existing", "of": what follows is not the paper's own */
	VETO = 1 << 21,      /* promises, conditions and negations: "will", "upon", "not" */
	MAYBE = 1 << 22,     /* "be" */
	CAN = 1 << 23,       /* "can" */
	COLON = 1 << 24,     /* ":" */
	URL = 1 << 25,       /* any other address */
	PLAIN = 1 << 26,     /* a word that is not in the table */
	NAME = 1 << 27,      /* the same with a capital */
	OUR = 1 << 28,       /* "our" */
	CODES = 1 << 29,     /* "codes", which may be error-correcting ones */
	HALF = 1 << 30       /* "open" and "source", which are OPEN together */
};

/* No word of the table is longer, a zero counted. */
#define WORD_BYTES 16

/* Sorted, which is how word_classes finds them. */
static const struct word {
	char text[WORD_BYTES];
	unsigned classes;
} words[] = { { "&", JOIN }, { "a", ARTICLE }, { "acceptance", VETO }, { "accessed", PLACE },
	{ "accessible", OUT | PLAIN }, { "accompanying", TIE }, { "additionally", ADVERB },
	{ "after", VETO }, { "algorithm", THING }, { "algorithms", THING }, { "all", ADVERB },
	{ "along", TIE }, { "already", ADVERB }, { "also", ADVERB }, { "an", ARTICLE },
	{ "and", JOIN }, { "any", ALIEN }, { "app", THING }, { "application", THING },
	{ "are", BE }, { "artifact", THING }, { "artifacts", THING }, { "as", TIE },
	{ "associated", TIE }, { "at", AT }, { "available", OUT }, { "avaliable", OUT },
	{ "based", TIE }, { "be", MAYBE }, { "been", BE }, { "being", BE }, { "benchmark", WORK },
	{ "benchmarks", WORK }, { "between", TIE }, { "both", JOIN }, { "build", INTRODUCE },
	{ "by", TIE }, { "called", TIE }, { "can", CAN }, { "checkpoint", WORK },
	{ "checkpoints", WORK }, { "code", CODE | SCRIPT }, { "codebase", CODE | SCRIPT },
	{ "codebases", CODE | SCRIPT }, { "codes", CODES }, { "commercial", ALIEN },
	{ "compiler", THING }, { "completely", ADVERB }, { "containing", TIE },
	{ "contribute", GIVE | INTRODUCE }, { "corpora", WORK }, { "corpus", WORK },
	{ "could", VETO }, { "create", INTRODUCE }, { "created", INTRODUCE },
	{ "currently", ADVERB }, { "data", WORK }, { "dataset", WORK }, { "datasets", WORK },
	{ "demo", WORK }, { "demos", WORK }, { "describe", INTRODUCE }, { "described", TIE },
	{ "describes", INTRODUCE }, { "designed", TIE }, { "develop", INTRODUCE },
	{ "developed", INTRODUCE | TIE }, { "develops", INTRODUCE }, { "downloadable", OUT },
	{ "downloaded", PLACE }, { "each", ALIEN }, { "enabling", TIE }, { "engine", THING },
	{ "entirely", ADVERB }, { "environment", THING }, { "every", ALIEN }, { "existing", ALIEN },
	{ "finally", ADVERB }, { "for", TIE | ALIEN }, { "forthcoming", VETO }, { "found", PLACE },
	{ "framework", THING }, { "frameworks", THING }, { "freely", ADVERB },
	{ "from", AT | ALIEN }, { "fully", ADVERB }, { "further", ADVERB },
	{ "furthermore", ADVERB }, { "generated", ALIEN }, { "harness", THING }, { "has", BE },
	{ "have", BE }, { "here", ADVERB }, { "hereby", ADVERB }, { "his", ALIEN },
	{ "hosted", PLACE }, { "if", VETO }, { "implementation", CODE },
	{ "implementations", CODE }, { "implementing", TIE }, { "in", TIE | ALIEN },
	{ "including", TIE }, { "infrastructure", THING }, { "intend", VETO },
	{ "interface", THING }, { "into", TIE | ALIEN }, { "introduce", INTRODUCE },
	{ "introduces", INTRODUCE }, { "is", BE }, { "jointly", ADVERB }, { "lack", VETO },
	{ "lacking", VETO }, { "lacks", VETO }, { "later", VETO }, { "legacy", ALIEN },
	{ "library", THING }, { "llm", WORK }, { "llms", WORK }, { "made", MAKE }, { "make", MAKE },
	{ "makes", MAKE }, { "making", MAKE }, { "malicious", ALIEN }, { "many", ALIEN },
	{ "materials", WORK }, { "may", VETO }, { "model", WORK }, { "models", WORK },
	{ "my", OUR | OWN }, { "named", TIE }, { "necessary", TIE }, { "needed", TIE },
	{ "neither", VETO }, { "never", VETO }, { "no", ALIEN | VETO }, { "nor", VETO },
	{ "not", VETO }, { "notebooks", CODE | SCRIPT }, { "now", ADVERB }, { "of", TIE | ALIEN },
	{ "offer", GIVE }, { "on", AT | ALIEN }, { "once", VETO }, { "online", ADVERB },
	{ "open", HALF | PLAIN }, { "open-source", OPEN }, { "open-sourced", OPEN },
	{ "open-sourcing", OPEN }, { "openly", ADVERB }, { "opensource", OPEN }, { "or", JOIN },
	{ "original", ALIEN }, { "other", ALIEN }, { "our", OUR | OWN }, { "over", TIE | ALIEN },
	{ "package", THING }, { "packages", THING }, { "pipeline", THING }, { "pipelines", THING },
	{ "plan", VETO }, { "plans", VETO }, { "platform", THING }, { "plug-in", THING },
	{ "plugin", THING }, { "plus", JOIN }, { "present", INTRODUCE }, { "presents", INTRODUCE },
	{ "previous", ALIEN }, { "prior", ALIEN }, { "program", THING }, { "programs", THING },
	{ "propose", INTRODUCE }, { "proposes", INTRODUCE }, { "proprietary", ALIEN },
	{ "prototype", THING }, { "provide", GIVE }, { "provided", PLACE | GIVE },
	{ "provides", GIVE }, { "providing", GIVE }, { "public", OUT | PLAIN },
	{ "publication", VETO }, { "publicize", RELEASE }, { "publicly", ADVERB },
	{ "publish", RELEASE }, { "published", PLACE }, { "rarely", VETO }, { "readily", ADVERB },
	{ "related", TIE }, { "release", RELEASE }, { "released", OUT | RELEASE },
	{ "releases", RELEASE }, { "releasing", RELEASE }, { "repo", THING },
	{ "repositories", CODE }, { "repository", CODE }, { "reproducing", TIE },
	{ "request", VETO }, { "required", TIE }, { "results", WORK }, { "scripts", CODE | SCRIPT },
	{ "see", AT }, { "several", ALIEN }, { "shall", VETO }, { "share", GIVE },
	{ "shared", PLACE }, { "shares", GIVE }, { "sharing", GIVE }, { "should", VETO },
	{ "simulator", THING }, { "software", THING }, { "solver", THING }, { "some", ALIEN },
	{ "soon", VETO }, { "source", HALF | PLAIN }, { "source-code", CODE | SCRIPT },
	{ "sourced", HALF | PLAIN }, { "sourcing", HALF | PLAIN }, { "such", TIE },
	{ "supporting", TIE }, { "system", THING }, { "testbed", THING }, { "than", ALIEN },
	{ "that", TIE }, { "the", OWN }, { "their", ALIEN }, { "therefore", ADVERB },
	{ "third-party", ALIEN }, { "this", OWN }, { "through", AT }, { "thus", ADVERB },
	{ "to", TIE }, { "tool", THING }, { "toolbox", THING }, { "toolkit", THING },
	{ "toolkits", THING }, { "tools", THING }, { "unavailable", VETO }, { "under", AT },
	{ "unseen", ALIEN }, { "upon", VETO }, { "used", TIE }, { "using", TIE | ALIEN },
	{ "via", AT }, { "video", WORK }, { "videos", WORK }, { "visit", AT },
	{ "vulnerable", ALIEN }, { "was", BE }, { "we", WE }, { "weights", WORK }, { "were", BE },
	{ "when", VETO }, { "where", TIE }, { "whether", ALIEN }, { "which", TIE },
	{ "while", TIE }, { "whose", ALIEN }, { "will", VETO }, { "with", TIE },
	{ "without", VETO }, { "would", VETO }, { "written", TIE } };

#define WORDS (sizeof(words) / sizeof(words[0]))
#define ANY (~(unsigned)VETO)
#define NOUNS (SCRIPT | CODE | THING | WORK | PLAIN | NAME | JOIN | ADVERB)
#define PHRASE (NOUNS | ARTICLE | OWN | ADJECTIVE)
#define DEED (RELEASE | OPEN | ADJECTIVE)

/* A statement: words of these classes in this order, at most so many others between, all of them in
 * `over`. */
static const struct pattern {
	struct step {
		unsigned want;
		unsigned gap;
		unsigned over;
	} steps[6];
} patterns[] = {
	/* the code [used in this paper] is [now] available; the code can be found */
	{ { { CODE, 0, 0 }, { BE, 16, ANY & ~(unsigned)(WE | COLON) },
	    { OUT | OPEN | PLACE, 3, ADVERB | BE | MAKE } } },
	/* code [and data publicly] available */
	{ { { CODE, 0, 0 }, { OUT | OPEN, 5, NOUNS | MAKE } } },
	/* code [and data] at URL; code: URL */
	{ { { CODE, 0, 0 }, { COLON | AT, 6, NOUNS | BE | CAN },
	    { URL, 5, COLON | AT | OWN | JOIN | PLAIN } } },
	/* our framework is [publicly] available */
	{ { { OWN, 0, 0 }, { THING, 4, NOUNS | ADJECTIVE },
	    { BE, 8, ANY & ~(unsigned)(BE | WE | COLON) },
	    { OUT | OPEN, 3, ADVERB | BE | MAKE } } },
	/* the package can be downloaded from URL */
	{ { { THING, 0, 0 }, { BE, 12, ANY & ~(unsigned)(BE | WE | COLON) },
	    { OUT | OPEN | PLACE, 3, ADVERB | BE | MAKE },
	    { URL, 4, AT | COLON | OWN | ADVERB | PLAIN } } },
	/* software available at URL */
	{ { { THING, 0, 0 }, { OUT | PLACE, 8, NOUNS | TIE | OWN },
	    { URL, 3, AT | COLON | ADVERB } } },
	/* X is open-sourced */
	{ { { OWN | NAME, 0, 0 }, { BE, 5, PLAIN | NAME | THING | CODE }, { OPEN, 2, ADVERB } } },
	/* we [publicly] release [our models and] code */
	{ { { WE, 0, 0 }, { DEED, 3, ADVERB | BE }, { CODE, 20, ANY & ~(unsigned)INTRODUCE } } },
	/* we release X, a [fast] framework */
	{ { { WE, 0, 0 }, { DEED, 3, ADVERB | BE }, { THING, 10, PHRASE } } },
	/* we release X as open source */
	{ { { WE, 0, 0 }, { RELEASE, 3, ADVERB | BE }, { OPEN, 12, ANY & ~(unsigned)WORK } } },
	/* releasing the code; the release of code */
	{ { { RELEASE, 0, 0 }, { TIE, 0, 0 }, { CODE, 6, PHRASE } } },
	{ { { RELEASE, 0, 0 }, { CODE, 8, PHRASE } } },
	/* make our [training] code [and models] available */
	{ { { MAKE, 0, 0 }, { CODE, 10, PHRASE }, { OUT | OPEN, 10, ANY } } },
	{ { { MAKE, 0, 0 }, { OWN, 1, JOIN }, { THING, 6, PHRASE }, { OUT | OPEN, 8, ANY } } },
	/* we provide [the source] code */
	{ { { WE, 0, 0 }, { GIVE, 3, ADVERB | BE }, { SCRIPT, 10, PHRASE } } },
	/* we provide an open-source tool */
	{ { { WE, 0, 0 }, { GIVE, 3, ADVERB | BE }, { ADJECTIVE, 6, PHRASE },
	    { CODE | THING, 5, NOUNS } } },
	/* our open-source code */
	{ { { OUR, 0, 0 }, { ADJECTIVE, 1, ADVERB }, { CODE | THING, 4, NOUNS } } },
	/* an open-source toolbox [for this] is available */
	{ { { ARTICLE, 0, 0 }, { ADJECTIVE, 3, NOUNS }, { CODE | THING, 4, NOUNS },
	    { BE, 12, ANY & ~(unsigned)(BE | WE | COLON) },
	    { OUT | PLACE, 3, ADVERB | BE | MAKE } } },
	/* we introduce X, an open-source framework */
	{ { { INTRODUCE, 0, 0 }, { ARTICLE, 8, PHRASE }, { OPEN | ADJECTIVE, 3, NOUNS },
	    { CODE | THING, 7, NOUNS } } },
	{ { { WE, 0, 0 }, { INTRODUCE, 3, ADVERB }, { ADJECTIVE, 2, PLAIN },
	    { CODE | THING, 5, NOUNS } } },
	{ { { INTRODUCE, 0, 0 }, { JOIN, 8, PHRASE }, { OPEN | ADJECTIVE, 0, 0 },
	    { CODE | THING, 7, NOUNS } } },
};

/* The words of one sentence. */
struct sentence {
	unsigned *words;
	size_t len;
	size_t capacity;
	/* All of their classes. */
	unsigned seen;
};

/* Eight of its bytes as a number, which compares as they do. */
static inline uint64_t
word_part(const char *text)
{
	uint64_t part;

	memcpy(&part, text, sizeof(part));
	return htobe64(part);
}

/* Where a word, folded, stands to one of the table. */
static inline int
word_cmp(uint64_t front, uint64_t back, const char *text)
{
	uint64_t other = word_part(text);

	if (front == other) {
		front = back;
		other = word_part(text + WORD_BYTES / 2);
	}
	return (front > other) - (front < other);
}

/* The classes of a word of the table, folded and with zeros behind it; 0 if it is none. */
static unsigned
word_classes(const char folded[WORD_BYTES])
{
	size_t low = 0, high = WORDS;
	uint64_t front = word_part(folded), back = word_part(folded + WORD_BYTES / 2);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = word_cmp(front, back, words[middle].text);

		if (order == 0)
			return words[middle].classes;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return 0;
}

/* The class of a word beyond ${at}, or 0 outside of the sentence. */
static unsigned
word_at(const struct sentence *s, size_t at)
{
	return at < s->len ? s->words[at] : 0;
}

/* What a word means between its neighbours. */
static void
sentence_settle(struct sentence *s)
{
	const unsigned noun = SCRIPT | CODE | THING | WORK | PLAIN | NAME | ADJECTIVE;

	for (size_t i = 0; i < s->len; i++) {
		unsigned *word = &s->words[i];
		unsigned next = word_at(s, i + 1), last = i > 0 ? s->words[i - 1] : 0;
		unsigned before = i > 1 ? s->words[i - 2] : 0;

		if (*word & MAYBE)
			*word = last & CAN ? BE : VETO;
		if (*word & OPEN && next & noun)
			*word = ADJECTIVE;
		if (*word & OUT && next & (noun & ~(unsigned)ADJECTIVE))
			*word = *word & PLAIN ? PLAIN : (*word & ~(unsigned)OUT) | ADJECTIVE;
		if (*word & CODES)
			*word = last == 0 || last & (OUR | JOIN | COLON | ADVERB) ? CODE : THING;
		/* "code generation", then "existing code", "of Python code"; but "for code, see",
		 * "release of code" */
		if (*word & CODE && next & (PLAIN | NAME | WORK))
			*word = PLAIN;
		if (*word & THING && next & (PLAIN | WORK) && !(word_at(s, i + 2) & BE))
			*word = PLAIN;
		if (*word & (CODE | THING) &&
		    ((last & ALIEN && !(before & RELEASE) && !(before == 0 && last & TIE)) ||
			(last & (PLAIN | NAME) && before & ALIEN)))
			*word = PLAIN;
	}
}

static bool
/* NOLINTNEXTLINE(misc-no-recursion): a pattern has six steps at most. */
steps_match(const struct sentence *s, const struct step *step, size_t at, size_t *end)
{
	if (step->want == 0) {
		*end = at;
		return true;
	}
	for (size_t gap = 0; gap <= step->gap && at + gap < s->len; gap++) {
		if (s->words[at + gap] & step->want && steps_match(s, step + 1, at + gap + 1, end))
			return true;
		if (!(s->words[at + gap] & step->over))
			return false;
	}
	return false;
}

/* Whether a promise, condition or negation stands in or near the words from ${start} to ${end}. */
static bool
is_vetoed(const struct sentence *s, size_t start, size_t end)
{
	for (size_t i = start > 4 ? start - 4 : 0; i < s->len && i < end + 4; i++) {
		if (i >= end && s->words[i] & JOIN)
			break;
		if (s->words[i] & VETO)
			return true;
	}
	return false;
}

static bool
sentence_states(struct sentence *s)
{
	size_t end;

	if (!(s->seen & (CODE | CODES | THING | OPEN)) ||
	    !(s->seen & (OUT | OPEN | PLACE | URL | RELEASE | GIVE)))
		return false;
	sentence_settle(s);
	for (size_t at = 0; at < s->len; at++)
		for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
			if (s->words[at] & patterns[i].steps[0].want &&
			    steps_match(s, patterns[i].steps, at, &end) && !is_vetoed(s, at, end))
				return true;
	return false;
}

static void
sentence_add(struct sentence *s, unsigned classes)
{
	if (s->len == s->capacity)
		s->words = mem_grow(s->words, &s->capacity, s->len + 1, sizeof(*s->words));
	s->words[s->len++] = classes;
	s->seen |= classes;
}

static inline bool
is_word(char c)
{
	return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '\'' ||
	       (unsigned char)c >= 0x80;
}

/* Whether ${word} is an address, with or without a scheme: letters on both sides of its first dot.
 */
static bool
is_url(struct slice word)
{
	const char *dot = word.len > 4 ? memchr(word.data + 1, '.', word.len - 3) : NULL;

	return dot != NULL && is_alnum(dot[-1]) && text_is_letter(dot[1]) && text_is_letter(dot[2]);
}

/* What a word is, whose small letters are in ${folded} if it is short enough for the table. */
static unsigned
classify(struct slice word, const char folded[WORD_BYTES], bool dotted)
{
	unsigned classes = word.len < WORD_BYTES ? word_classes(folded) : 0;

	if (dotted && is_url(word))
		return URL;
	if (word.data[0] == '-')
		return JOIN;
	if (classes != 0)
		return classes;
	return word.data[0] >= 'A' && word.data[0] <= 'Z' ? NAME : PLAIN;
}

/* Add the word at the front of ${text}; return its length. */
static size_t
word_take(struct slice text, struct sentence *s)
{
	struct slice word = { text.data, 0 };
	char folded[WORD_BYTES] = "";
	bool dotted = false;
	unsigned classes;

	if (text.data[0] == 'h' && text_starts(text, "http")) {
		while (
		    word.len < text.len && text.data[word.len] != ' ' && text.data[word.len] != '}')
			word.len++;
		sentence_add(s, URL);
		return word.len;
	}
	for (; word.len < text.len && is_word(text.data[word.len]); word.len++) {
		dotted |= text.data[word.len] == '.';
		if (word.len < WORD_BYTES)
			folded[word.len] = text_lower(text.data[word.len]);
	}
	classes = classify(word, folded, dotted);
	if (classes & HALF && s->len > 0 && s->words[s->len - 1] & HALF) {
		s->len--;
		classes = OPEN;
	}
	sentence_add(s, classes);
	return word.len;
}

/* Read the words of one sentence; LaTeX commands are none. */
static void
sentence_read(struct slice text, struct sentence *s)
{
	s->len = 0;
	s->seen = 0;
	for (size_t at = 0; at < text.len;) {
		char c = text.data[at];

		if (is_word(c)) {
			at += word_take(slice_from(text, at), s);
			continue;
		}
		if (c == ',' || c == '&' || c == '/')
			sentence_add(s, JOIN);
		else if (c == ':')
			sentence_add(s, COLON);
		at++;
		while (c == '\\' && at < text.len && text_is_letter(text.data[at]))
			at++;
	}
}

/* How words begin by which statements are found.  Hardly any statement lacks one of CUES, and none
 * lacks one of ACTS or an address. */
static const char *const hints[] = {
	"code",
	"implementation",
	"notebook",
	"reposit",
	"scripts",
	/* Both. */
	"accessi",
	"avail",
	"avalia",
	"download",
	"open",
	"publi",
	"releas",
	/* No cues. */
	"accessed",
	"contribute",
	"found",
	"hosted",
	"http",
	"offer",
	"provid",
	"shar",
	"sourc",
};
#define HINTS (sizeof(hints) / sizeof(hints[0]))

/* Hints as a bit each. */
#define CUES 0x000fff
#define ACTS 0x1fffe0

/* Which hints a letter may begin, and in which it may be the third: few words of a text are both,
 * and one look at each finds them.  Other bytes may pass for a letter. */
#define LETTER(c) ((unsigned char)(c)&31)
static const uint32_t hint_first[32] = {
	[LETTER('a')] = 0x0010e0,
	[LETTER('c')] = 0x002001,
	[LETTER('d')] = 0x000100,
	[LETTER('f')] = 0x004000,
	[LETTER('h')] = 0x018000,
	[LETTER('i')] = 0x000002,
	[LETTER('n')] = 0x000004,
	[LETTER('o')] = 0x020200,
	[LETTER('p')] = 0x040400,
	[LETTER('r')] = 0x000808,
	[LETTER('s')] = 0x180010,
};
static const uint32_t hint_third[32] = {
	[LETTER('a')] = 0x0800c0,
	[LETTER('b')] = 0x000400,
	[LETTER('c')] = 0x001020,
	[LETTER('d')] = 0x000001,
	[LETTER('e')] = 0x000200,
	[LETTER('f')] = 0x020000,
	[LETTER('l')] = 0x000800,
	[LETTER('n')] = 0x002000,
	[LETTER('o')] = 0x040000,
	[LETTER('p')] = 0x00000a,
	[LETTER('r')] = 0x000010,
	[LETTER('s')] = 0x008000,
	[LETTER('t')] = 0x010004,
	[LETTER('u')] = 0x104000,
	[LETTER('w')] = 0x000100,
};

/* Which of the hints in ${which} begins ${text}, or HINTS. */
static size_t
hint_at(struct slice text, uint32_t which)
{
	for (; which != 0; which &= which - 1) {
		size_t hint = block_first(which);

		if (text_starts(text, hints[hint]))
			return hint;
	}
	return HINTS;
}

/* Where words of four letters or more begin in a block, as all hints are; ${inside} says whether a
 * letter stands before it, and any may follow. */
static uint32_t
word_starts(struct block block, bool inside)
{
	struct block lower = block_lower(block);
	uint32_t letters =
	    block_bits(block_and_not(block_is_below(lower, 'z' + 1), block_is_below(lower, 'a')));
	uint32_t pairs = letters & (letters >> 1 | UINT32_MAX << 31);

	return pairs & (pairs >> 2 | UINT32_MAX << 30) & ~(letters << 1 | inside);
}

/* Where the next of the hints in ${wanted} stands from ${at} on, and which it is; or the length of
 * the text. */
static size_t
hint_next(struct slice text, size_t at, uint32_t wanted, size_t *hint)
{
	for (; at + 2 < text.len; at += BLOCK_BYTES) {
		struct block block = block_up_to(text.data + at, text.data + text.len);
		bool inside = at > 0 && text_is_letter(text.data[at - 1]);

		for (uint32_t starts = word_starts(block, inside); starts != 0;
		     starts &= starts - 1) {
			size_t start = at + block_first(starts);
			uint32_t which;

			if (start + 2 >= text.len)
				return text.len;
			which = hint_first[LETTER(text.data[start])] &
				hint_third[LETTER(text.data[start + 2])] & wanted;
			*hint = hint_at(slice_from(text, start), which);
			if (*hint < HINTS)
				return start;
		}
	}
	return text.len;
}

/* Whether a sentence has one of ACTS or what may be an address. */
static bool
has_act(struct slice sentence)
{
	size_t hint;

	for (size_t i = 1; i < sentence.len; i++)
		if (sentence.data[i - 1] == '.' && text_is_letter(sentence.data[i]))
			return true;
	return hint_next(sentence, 0, ACTS, &hint) < sentence.len;
}

/* Whether a sentence ends with the byte at ${at}. */
static bool
is_end(struct slice text, size_t at)
{
	/* Nearly all bytes are told by this one look. */
	static const bool ends[UCHAR_MAX + 1] = {
		['.'] = true,
		['!'] = true,
		['?'] = true,
		[';'] = true,
		['|'] = true,
	};
	char c = text.data[at];

	if (!ends[(unsigned char)c])
		return false;
	return c == ';' || c == '|' || at + 1 == text.len || !is_word(text.data[at + 1]);
}

bool
code_link_stated(struct slice text)
{
	struct sentence s = { 0 };
	size_t read = 0, cue, hint;
	bool found = false;

	while (!found && (cue = hint_next(text, read, CUES, &hint)) < text.len) {
		size_t start = cue, end = cue;
		struct slice sentence;

		while (end < text.len && !is_end(text, end))
			end++;
		while (start > read && !is_end(text, start - 1))
			start--;
		read = end + 1;
		sentence = (struct slice){ text.data + start, end - start };
		/* Most that tell of code state nothing of it, which this sees sooner. */
		if (!(ACTS & 1u << hint) && !has_act(sentence))
			continue;
		sentence_read(sentence, &s);
		found = sentence_states(&s);
	}
	free(s.words);
	return found;
}
