'published_date' ||// A text may have none that is short; nulls have none.
	check(chunk.column_index_offset !== undefined || key === "published_date" || stats.max_value === undefined, `${key}: no index`);// node parquet.mjs MODULE_DIR READER DATA.parquet DATA.jsonl
// Read a Parquet file with a reader that is not ours (duckdb, hyparquet or wasm) and hold every value against the lines of
// JSONL that it was made of; `hyparquet` looks at statistics and page index, too.  Prints one line: how many rows and groups
// there are, and what differs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [directory, reader, parquet, jsonl] = process.argv.slice(2);
const require = createRequire(`${directory}/`);
const texts = ['title', 'abstract', 'url', 'pdf_url', 'arxiv_id', 'doi', 'code_url', 'venue'];
const lists = ['sources', 'authors', 'categories', 'fields_of_study'];
const keys = ['id', 'sources', 'title', 'abstract', 'authors', 'categories', 'fields_of_study', 'published_date', 'url', 'pdf_url',
	'arxiv_id', 'doi', 'citation_count', 'influential_citation_count', 'has_code', 'code_url', 'venue', 'quality_score'];
const faults = [];
let differences = 0;

function check(good, what) {
	if (!good && differences++ < 5)
		faults.push(what);
}

// The rows of the JSONL; counts as text, for a double does not hold them all.
function expected() {
	const text = readFileSync(jsonl, 'utf8').replace(/"((?:influential_)?citation_count)": (\d+)/g, '"$1": "$2"');
	return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

const midnight = (date) => date === null ? null : Date.parse(`${date}Z`);

function compare(rows, count, value) {
	check(count === rows.length, `${count} rows, not ${rows.length}`);
	for (const key of keys)
		for (let i = 0; i < count && i < rows.length; i++) {
			const want = key === 'published_date' ? midnight(rows[i][key]) : rows[i][key];
			const got = value(i, key);
			const same = Array.isArray(want) ? JSON.stringify(want) === JSON.stringify(got) : want === got;
			check(same, `row ${i}: ${key} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`.slice(0, 300));
		}
}

async function import_from(name) {
	return import(pathToFileURL(require.resolve(name)));
}

// --- DuckDB reads both files, and compares them itself.

async function duckdb() {
	const { DuckDBInstance } = require('@duckdb/node-api');
	const connection = await (await DuckDBInstance.create(':memory:')).connect();
	const query = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();
	const types = { ...Object.fromEntries(texts.concat('id').map((key) => [key, 'VARCHAR'])),
		...Object.fromEntries(lists.map((key) => [key, 'VARCHAR[]'])), published_date: 'TIMESTAMP', citation_count: 'BIGINT',
		influential_citation_count: 'BIGINT', has_code: 'BOOLEAN', quality_score: 'DOUBLE' };
	const columns = keys.map((key) => `${key}: '${types[key]}'`).join(', ');
	const json = `read_json('${jsonl}', format = 'newline_delimited', maximum_object_size = 33554432, columns = {${columns}})`;

	const described = await query(`DESCRIBE SELECT * FROM '${parquet}'`);
	keys.forEach((key, i) => {
		const want = types[key] === 'TIMESTAMP' ? ['TIMESTAMP', 'TIMESTAMP_MS'] : [types[key]];
		check(described[i][0] === key && want.includes(described[i][1]), `column ${i} is ${described[i].slice(0, 2)}, not ${key} ${want}`);
	});
	const counts = keys.map((key) => `count(*) FILTER (a.${key} IS DISTINCT FROM b.${key})`).join(', ');
	const [found] = await query(`SELECT count(*), ${counts} FROM (SELECT * FROM ${json}) a POSITIONAL JOIN '${parquet}' b`);
	const [[rows]] = await query(`SELECT count(*) FROM '${parquet}'`);
	check(found[0] === rows, `${rows} rows, not ${found[0]}`);
	keys.forEach((key, i) => check(found[i + 1] === '0', `${key} differs in ${found[i + 1]} rows`));

	// Groups that cannot have a value are passed over: by bounds that are wrong it would not be found.
	for (const key of ['id', 'title', 'published_date', 'citation_count', 'venue']) {
		const sample = await query(`SELECT ${key}::VARCHAR, count(*) FROM ${json} WHERE ${key} IS NOT NULL GROUP BY ${key} ORDER BY hash(${key}) LIMIT 10`);
		for (const [value, count] of sample) {
			const quoted = `'${value.replaceAll("'", "''")}'`;
			const [[got]] = await query(`SELECT count(*) FROM '${parquet}' WHERE ${key} = ${quoted}`);
			check(got === count, `${key} = ${quoted.slice(0, 100)}: ${got} rows, not ${count}`);
		}
	}
	const [[groups]] = await query(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${parquet}')`);
	return [rows, groups];
}

// --- hyparquet, with what it makes of the statistics and the page index

const order = (a, b) => typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : a > b ? 1 : 0;
const largest = (values) => values.reduce((a, b) => order(a, b) < 0 ? b : a);
const least = (values) => values.reduce((a, b) => order(a, b) > 0 ? b : a);

// What the leaves of a column hold, as the bounds of this reader have them.
function leaves(rows, key) {
	const number = { citation_count: BigInt, influential_citation_count: BigInt, published_date: (date) => new Date(midnight(date)) }[key];
	const entries = rows.flatMap((row) => lists.includes(key) && row[key].length === 0 ? [null] : row[key]);
	const values = entries.filter((entry) => entry !== null);
	return { values: number ? values.map(number) : values, nulls: entries.length - values.length };
}

// Bounds hold all values, are no wider than they must be, and are valid text.
function check_bounds(min, max, values, what) {
	const [first, last] = [least(values), largest(values)];
	check(order(min, first) <= 0 && order(max, last) >= 0, `${what}: ${min} to ${max} does not hold ${first} to ${last}`);
	if (typeof min !== 'string')
		check(order(min, first) === 0 && order(max, last) === 0, `${what}: wider than ${first} to ${last}`);
	else
		check(first.startsWith(min) && Buffer.byteLength(min) >= Math.min(61, Buffer.byteLength(first)) && Buffer.byteLength(max) <= 64
		    && !min.includes('\ufffd') && !max.includes('\ufffd'), `${what}: ${min} to ${max} is not short and close to ${first} and ${last}`);
}

function check_chunk(bytes, chunk, leaf, rows, key, from, api) {
	const { meta_data: meta } = chunk;
	const { statistics: stats } = meta;
	const { values, nulls } = leaves(rows, key);
	const view = (offset, length) => ({ view: new DataView(bytes, Number(offset), length), offset: 0 });
	const pages = api.readOffsetIndex(view(chunk.offset_index_offset, chunk.offset_index_length)).page_locations;
	const start = meta.dictionary_page_offset ?? meta.data_page_offset;
	let end = meta.data_page_offset;

	check(start === from.offset, `${key}: begins at ${start}, not at ${from.offset}`);
	check(Number(meta.num_values) === values.length + nulls, `${key}: ${meta.num_values} values`);
	check(Number(stats.null_count) === nulls, `${key}: ${stats.null_count} nulls, not ${nulls}`);
	if (values.length > 0 && stats.max_value !== undefined)
		check_bounds(stats.min_value, stats.max_value, values, key);
	check((stats.max_value === undefined) === (values.length === 0 || !chunk.column_index_offset), `${key}: bounds`);
	pages.forEach((page, i) => {
		check(page.offset === end, `${key}: page ${i} does not follow`);
		end = page.offset + BigInt(page.compressed_page_size);
		check(i === 0 ? page.first_row_index === 0n : page.first_row_index > pages[i - 1].first_row_index, `${key}: rows of page ${i}`);
	});
	check(end === start + meta.total_compressed_size, `${key}: ends at ${end}`);
	from.offset = end;
	from.pages += pages.length;
	if (!chunk.column_index_offset)
		return;
	const index = api.readColumnIndex(view(chunk.column_index_offset, chunk.column_index_length), leaf);
	const bounds = [];
	pages.forEach((page, i) => {
		const part = leaves(rows.slice(Number(page.first_row_index), Number(pages[i + 1]?.first_row_index ?? rows.length)), key);
		check(index.null_pages[i] === (part.values.length === 0), `${key}: page ${i}: null or not`);
		check(Number(index.null_counts[i]) === part.nulls, `${key}: page ${i}: nulls`);
		if (part.values.length === 0)
			return;
		check_bounds(index.min_values[i], index.max_values[i], part.values, `${key}, page ${i}`);
		bounds.push([index.min_values[i], index.max_values[i]]);
	});
	const sorted = (sign) => bounds.every((pair, i) => i === 0 || pair.every((bound, j) => order(bounds[i - 1][j], bound) * sign <= 0));
	const want = sorted(1) ? 'ASCENDING' : sorted(-1) ? 'DESCENDING' : 'UNORDERED';
	check(index.boundary_order === want, `${key}: the order is ${index.boundary_order}, not ${want}`);
}

async function hyparquet(rows) {
	const api = await import_from('hyparquet');
	const { compressors } = await import_from('hyparquet-compressors');
	const file = new Uint8Array(readFileSync(parquet)).buffer;
	const metadata = api.parquetMetadata(file);
	const leaf = metadata.schema.filter((element) => element.type);
	const read = (options) => api.parquetReadObjects({ file, compressors, ...options });
	const plain = (value) => typeof value === 'bigint' ? String(value) : value instanceof Date ? value.getTime() : value;
	const all = await read({});
	const from = { offset: 4n, pages: 0 };
	let row = 0;

	compare(rows, all.length, (i, key) => plain(all[i][key]));
	check(Number(metadata.num_rows) === rows.length, `${metadata.num_rows} rows in the metadata`);
	for (const group of metadata.row_groups) {
		const part = rows.slice(row, row += Number(group.num_rows));
		const offset = from.offset;

		group.columns.forEach((chunk, i) => check_chunk(file, chunk, leaf[i], part, keys[i], from, api));
		check(group.file_offset === offset && group.total_compressed_size === from.offset - offset, 'the place of a group');
		check(group.total_byte_size === group.columns.reduce((sum, chunk) => sum + chunk.meta_data.total_uncompressed_size, 0n), 'the size of a group');
	}
	// A few rows by way of the index: pages begin with rows, or it would not be these.
	for (let rowStart = 7; rowStart < rows.length; rowStart += Math.ceil(rows.length / 7)) {
		const rowEnd = Math.min(rowStart + 3, rows.length);
		const few = await read({ rowStart, rowEnd, useOffsetIndex: true });
		compare(rows.slice(rowStart, rowEnd), few.length, (i, key) => plain(few[i][key]));
		const title = rows[rowStart].title;
		const found = await read({ filter: { title }, usePageIndex: true, columns: ['id', 'title'] });
		check(found.length === rows.filter((one) => one.title === title).length, `${found.length} rows have the title of row ${rowStart}`);
	}
	return [rows.length, metadata.row_groups.length, from.pages];
}

// --- parquet-wasm is Rust's own reader, into Arrow.

async function wasm(rows) {
	const { readParquet } = require('parquet-wasm/node');
	const { tableFromIPC } = require('apache-arrow');
	const bytes = new Uint8Array(readFileSync(parquet));
	const table = (options) => tableFromIPC(readParquet(bytes, options).intoIPCStream());
	const plain = (value) => typeof value === 'bigint' ? String(value) : value !== null && typeof value === 'object' ? [...value] : value;
	const hold = (part, wanted) => {
		const columns = Object.fromEntries(keys.map((key) => [key, part.getChild(key)]));
		compare(wanted, part.numRows, (i, key) => plain(columns[key].get(i)));
	};
	const whole = table();

	hold(whole, rows);
	check(String(whole.schema.fields.map((field) => `${field.name} ${field.type}${field.nullable ? ' or null' : ''}`)).replaceAll('Nullable', '') === String(keys.map((key) =>
		texts.includes(key) ? `${key} Utf8 or null` : key === 'id' ? 'id Utf8' : lists.includes(key) ? `${key} List<Utf8>`
		: { published_date: 'published_date Timestamp<MILLISECOND> or null', has_code: 'has_code Bool', quality_score: 'quality_score Float64' }[key] ?? `${key} Int64`)),
	    `the schema is ${whole.schema.fields}`);
	for (let offset = 11; offset < rows.length; offset += Math.ceil(rows.length / 5))
		hold(table({ offset, limit: 4 }), rows.slice(offset, offset + 4));
	return [rows.length];
}

const found = await { duckdb, hyparquet, wasm }[reader](reader === 'duckdb' ? null : expected());
const names = ['rows', 'groups', 'pages'];
console.log(`${found.map((count, i) => `${count} ${names[i]}`).join(', ')}, ${differences} differences${faults.map((fault) => `\n  ${fault}`).join('')}`);
