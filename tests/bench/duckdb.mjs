// node duckdb.mjs MODULE_DIR THREADS ARXIV.jsonl SEMANTIC_SCHOLAR.jsonl OUT.jsonl
// The merge as one would write it in SQL.  It does less than fineset: a chain of records stays split, a DOI
// that two papers claim joins both, a later line supplies all fields, no id is brought into its canonical form.
import { createRequire } from 'node:module';

const [directory, threads, arxiv, s2, out] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(`${directory}/`)('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:', { threads });
const duckdb = await instance.connect();

const text = 'VARCHAR', texts = 'VARCHAR[]', number = 'BIGINT';
const both = { source: text, fetched: text, arxiv_id: text, doi: text, title: text, abstract: text, authors: texts };

// A journal, and the numbers and keys of its newest lines.
async function load(table, path, columns, key) {
	const types = Object.entries({ ...both, ...columns }).map(([name, type]) => `${name}: '${type}'`);
	await duckdb.run(`CREATE TEMP TABLE ${table} AS SELECT * FROM read_json('${path}',
	    format = 'newline_delimited', columns = {${types.join(', ')}}) WHERE source IS NOT NULL`);
	await duckdb.run(`CREATE TEMP TABLE ${table}_keys AS SELECT rowid AS n, arxiv_id, lower(doi) AS doi FROM ${table}
	    WHERE rowid IN (SELECT max(rowid) FROM ${table} GROUP BY ${key})`);
}

await load('a', arxiv, { version: number, categories: texts, published: text, updated: text, comment: text,
	journal_ref: text }, 'arxiv_id');
await load('s', s2, { paper_id: text, corpus_id: number, dblp: text, fields_of_study: texts, publication_date: text,
	year: number, venue: text, citation_count: number, influential_citation_count: number, pdf_url: text,
	url: text }, 'paper_id');

// By arXiv id, and by DOI what is left.
await duckdb.run(`CREATE TEMP TABLE by_id AS SELECT a.n AS a, s.n AS s, a.doi AS a_doi, s.doi AS s_doi
    FROM a_keys a FULL JOIN s_keys s ON a.arxiv_id = s.arxiv_id`);
await duckdb.run(`CREATE TEMP TABLE pairs AS SELECT a, s FROM by_id WHERE a IS NOT NULL AND s IS NOT NULL
    UNION ALL SELECT x.a, y.s FROM (SELECT * FROM by_id WHERE s IS NULL) x
    FULL JOIN (SELECT * FROM by_id WHERE a IS NULL) y ON x.a_doi = y.s_doi`);

await duckdb.run(`COPY (
    WITH paper AS (
	SELECT a.source IS NOT NULL AS in_a, s.source IS NOT NULL AS in_s, coalesce(a.title, s.title) AS title,
	    coalesce(a.abstract, s.abstract) AS abstract, coalesce(a.authors, s.authors) AS authors,
	    coalesce(a.categories, []) AS categories, coalesce(s.fields_of_study, []) AS fields_of_study,
	    coalesce(a.published, s.publication_date, s.year || '-01-01') AS published,
	    coalesce(a.arxiv_id, s.arxiv_id) AS arxiv_id, a.version, coalesce(a.doi, s.doi) AS doi, s.corpus_id,
	    coalesce(s.citation_count, 0) AS citations, coalesce(s.influential_citation_count, 0) AS influential,
	    s.venue, s.url, s.pdf_url,
	    coalesce(a.comment, '') || ' ' || coalesce(a.abstract, s.abstract, '') AS stated
	FROM pairs LEFT JOIN a ON a.rowid = pairs.a LEFT JOIN s ON s.rowid = pairs.s),
    graded AS (
	SELECT *, date_diff('day', published[:10]::DATE, DATE '2026-07-01') AS age,
	    -- The pattern alone would cost a tenth of the whole job.
	    CASE WHEN contains(stated, '.com/') OR contains(stated, '.org/') THEN regexp_extract(stated,
		'(github\\.com|gitlab\\.com|bitbucket\\.org|codeberg\\.org)/[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+')
		ELSE '' END AS code FROM paper)
    SELECT sha256(coalesce('paper:arxiv:' || arxiv_id, 'paper:doi:' || lower(doi), 'paper:s2:' || corpus_id)) AS id,
	CASE WHEN in_a AND in_s THEN ['arxiv', 'semantic_scholar'] WHEN in_a THEN ['arxiv']
	    ELSE ['semantic_scholar'] END AS sources,
	title, abstract, authors, categories, fields_of_study, published[:10] || 'T00:00:00' AS published_date,
	coalesce('https://arxiv.org/abs/' || arxiv_id, url) AS url,
	coalesce('https://arxiv.org/pdf/' || arxiv_id || coalesce('v' || version, ''), pdf_url) AS pdf_url,
	arxiv_id, doi, citations AS citation_count, influential AS influential_citation_count,
	code <> '' AS has_code, CASE WHEN code <> '' THEN 'https://' || code END AS code_url, venue,
	round(least(1, greatest(log10(citations + 1) / 4, log10(influential + 1) / 2,
	    greatest(0, 1 - greatest(0, age - 60) / 480)
		* (0.35 + 0.30 * (code <> '')::INT + 0.20 * (venue IS NOT NULL)::INT))), 4) AS quality_score
    FROM graded ORDER BY published DESC, id) TO '${out}' (FORMAT json)`);
