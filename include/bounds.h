#ifndef FINESET_BOUNDS_H
#define FINESET_BOUNDS_H

/*
 * Every limit on data from outside, each with its reason.  Over a limit is an error, never a cut.
 */

/* A response body after decompression: a full arXiv page of 2,000 entries is 5 MB, S2 caps at 10
 * MB. */
#define BOUND_BODY_BYTES ((size_t)64 << 20)
/* The headers of one answer, those behind its body included: real ones have 1 KB. */
#define BOUND_HEADER_BYTES ((size_t)256 << 10)
/* Nesting of JSON and XML: real answers stay under 8. */
#define BOUND_DEPTH 64
/* Values in one JSON answer, of which a parser makes 200 bytes each: 10 MB of papers with 200
 * authors each are 700,000. */
#define BOUND_VALUES 1000000
/* What one JSON answer may take: of each value BOUND_VALUE_BYTES in a parser, and thrice its bytes,
 * for there are the body, perhaps a mended copy, and the parser's texts. */
#define BOUND_JSON_BYTES ((size_t)224 << 20)
#define BOUND_VALUE_BYTES ((size_t)160)
/* One start tag of XML: a parser holds all of its attributes at once; real ones have some hundred
 * bytes. */
#define BOUND_TAG_BYTES ((size_t)64 << 10)
/* Names and namespaces of one XML answer, each of which a parser keeps: real ones have some hundred
 * bytes. */
#define BOUND_NAMES_BYTES ((size_t)64 << 10)
/* A larger XML answer is not mended, for that takes copies of it. */
#define BOUND_MENDED_BYTES ((size_t)32 << 20)
/* Bad characters that are mended in one answer: 2,000 abstracts in Latin-1 have 200,000, a picture
 * has nothing else. */
#define BOUND_BAD_CHARACTERS 1000000
/* Authors of one paper: the largest known list has 3,303. */
#define BOUND_AUTHORS 10000
/* One text field: the longest real abstract is 6 KB. */
#define BOUND_TEXT_BYTES ((size_t)1 << 20)
/* One journal line: 10,000 authors and some text fields at their limits, escaped. */
#define BOUND_LINE_BYTES ((size_t)16 << 20)
/* Redirects of one request; both APIs answer without any. */
#define BOUND_REDIRECTS 3
/* topic.json and manifest.json are read whole. */
#define BOUND_DOCUMENT_BYTES ((size_t)4 << 20)
/* Phrases in each list of topic.json: the whole query must fit a URL. */
#define BOUND_PHRASES 50
/* One phrase: nobody's topic is a paragraph. */
#define BOUND_PHRASE_BYTES 300
/* A DOI has no limit of its own; the longest seen is 250 bytes. */
#define BOUND_DOI_BYTES 512

#endif
