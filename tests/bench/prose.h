#ifndef BENCH_PROSE_H
#define BENCH_PROSE_H

#include "buf.h"

#include <inttypes.h>

/* Made-up titles, names and abstracts: varied, not all of it ASCII, with what JSON must escape. */

static uint64_t
draw(uint64_t *random, uint64_t below)
{
	/* splitmix64, Vigna 2015. */
	uint64_t x = *random += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return (x ^ x >> 31) % below;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const subjects[] = { "The drafter", "A small proposal network", "Our scheduler",
	"The verifier", "A cached prefix", "The acceptance rule", "Each branch of the tree",
	"This estimator", "The serving engine", "A calibrated threshold", "The Bézier prior",
	"Every 𝔽-measurable policy", "A naïve baseline", "The “oracle”", "Stochastic rounding",
	"The proposed loss", "An α-divergence", "The student", "The curriculum",
	"Multi-head pooling", "A sparse router", "The retrieval index", "Our analysis",
	"The tokenizer", "A ridge penalty", "The \\emph{warm} start", "Kernel fusion",
	"The reward model", "A learned codebook", "The annotator pool", "A diffusion sampler",
	"The graph encoder" };
static const char *const verbs[] = { "reduces", "balances", "predicts", "reuses", "bounds",
	"postpones", "samples", "rewrites", "measures", "compresses", "recovers", "amortises",
	"stabilises", "dominates", "reorders", "approximates", "halves", "removes", "exposes",
	"conditions", "regularises", "explains", "separates", "tracks", "absorbs", "certifies",
	"factorises", "truncates", "interpolates", "ranks", "denoises", "aligns" };
static const char *const qualities[] = { "long", "rare", "noisy", "uneven", "low-rank", "causal",
	"multilingual", "heavy-tailed", "non-convex", "private", "temporal", "adversarial", "cold",
	"redundant", "marginal", "quasi-Newton", "bounded", "anisotropic", "hierarchical",
	"missing", "spurious", "latent", "exact", "unlabelled", "quantised", "stale", "shared",
	"local", "dense", "off-policy", "ill-posed", "Gödel-style" };
static const char *const objects[] = { "requests", "tokens", "memory traffic", "continuations",
	"key-value caches", "gaps between proposal and target", "load across devices", "gradients",
	"words of the vocabulary", "guesses", "trajectories", "molecular graphs", "medical images",
	"proofs in $L^2(\\Omega)$", "sentence pairs", "user sessions", "point clouds", "summaries",
	"tables", "spectra", "dialogue turns", "embeddings", "time series", "protein folds",
	"simulations", "speech segments", "label sets", "knowledge graphs", "contracts",
	"road networks", "weather fields", "code edits" };
static const char *const manners[] = { "without further training", "under a fixed compute budget",
	"for batches of any size", "in closed form", "on commodity hardware",
	"while the output stays unchanged", "with a single hyperparameter", "as the context grows",
	"in three out of four settings", "before the first token is shown", "at 2.3× the speed",
	"with an error of ±0.4 %", "even where labels are “silver”", "in O(n log n) time",
	"on held-out languages such as Türkçe and 日本語", "by a margin of 4.7 points",
	"whenever $\\epsilon < 10^{-3}$", "after two epochs", "across seeds", "up to constants",
	"on all eight benchmarks", "with 38% fewer FLOPs", "unlike earlier work",
	"against strong baselines", "in the \"few-shot\" regime", "for unseen domains",
	"when data are scarce", "during inference", "at every scale that we tried", "per layer",
	"with provable guarantees", "in the limit" };
static const char *const goals[] = { "Edge Devices", "Long Contexts", "Code Models",
	"Mixture Models", "Image Tokens", "Speech", "Batched Serving", "Small Clusters",
	"Retrieval", "Multi-Turn Dialogue", "Protein Design", "Schrödinger Bridges", "Robotics",
	"Graph Learning", "Federated Learning", "Climate Data" };
static const char *const kinds[] = { "Adaptive", "Hierarchical", "Sparse", "Calibrated", "Elastic",
	"Lossless", "Streaming", "Distributed", "Cache-Aware", "Anytime", "Robust", "Contrastive",
	"Variational", "Self-Supervised", "Équivariant", "Neural" };
static const char *const given[] = { "Ada", "Bo", "Chidi", "Dana", "Eiko", "Farid", "Gwen", "Hana",
	"Ivo", "Jörg", "Kofi", "Lena", "Mei", "Núria", "Olu", "Priya", "Quentin", "Rosa", "Søren",
	"Tomás", "Uma", "Věra", "Wei", "Ximena", "Yuki", "Zoë", "王", "李", "A. B.", "C.", "Łukasz",
	"Müge" };
static const char *const family[] = { "Abara", "Brandt", "Castellanos", "Dubois", "Endo", "Fischer",
	"García", "Haddad", "Ito", "Jansen", "Kovács", "Lindqvist", "Moreau", "Nakamura", "Okafor",
	"Petrov", "Quispe", "Rossi", "Šimić", "Tanaka", "Ueda", "Vasquez", "Weiß", "Xu", "Yılmaz",
	"Zhang", "小明", "Nguyễn", "O'Brien", "van der Berg", "Smith-Jones", "Åkesson" };
static const char *const categories[] = { "cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML", "cs.DC",
	"math.OC", "eess.AS" };
static const char *const fields[] = { "Computer Science", "Mathematics", "Engineering", "Physics",
	"Medicine", "Linguistics" };
static const char *const venues[] = { "arXiv.org", "Neural Information Processing Systems",
	"Annual Meeting of the Association for Computational Linguistics",
	"International Conference on Machine Learning", "Comput. Linguistics", "AAAI",
	"Conference on Empirical Methods in Natural Language Processing", "IEEE Access" };

/* One of ${count} texts and what follows it: a call each, for the order in which arguments are
 * drawn is the compiler's choice. */
static void
add_one_of(
    const char *const *texts, size_t count, const char *behind, uint64_t *random, struct buf *out)
{
	buf_add_text(out, texts[draw(random, count)]);
	buf_add_text(out, behind);
}

static void
add_sentence(uint64_t *random, struct buf *out)
{
	add_one_of(subjects, COUNT(subjects), " ", random, out);
	add_one_of(verbs, COUNT(verbs), " ", random, out);
	add_one_of(qualities, COUNT(qualities), " ", random, out);
	add_one_of(objects, COUNT(objects), " ", random, out);
	add_one_of(manners, COUNT(manners), ". ", random, out);
}

/* One abstract in twelve says something of code. */
static void
add_code(uint64_t *random, struct buf *out)
{
	uint64_t number = draw(random, 100000);

	switch (draw(random, 60)) {
	case 0:
	case 1:
		buf_printf(out, "Code: https://github.com/example-lab/study-%" PRIu64 ". ", number);
		break;
	case 2:
		buf_printf(out, "Our code is at gitlab.com/example/tool_%" PRIu64 ". ", number);
		break;
	case 3:
		buf_add_text(out, "Our code is publicly available. ");
		break;
	case 4:
		buf_add_text(out, "Code will be released upon acceptance. ");
		break;
	default:
		break;
	}
}

#endif
