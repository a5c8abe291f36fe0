'use strict';

// The rows; the score's formula once more, for the audit of a paper.

// The places of a row, as report.c writes them.
const TITLE = 0, AUTHORS = 1, MORE_AUTHORS = 2, CATEGORIES = 3, DAY = 4, ARXIV_ID = 5, DOI = 6, CITATIONS = 7,
	INFLUENTIAL = 8, FLAGS = 9, CODE_URL = 10, VENUE = 11, SCORE = 12, ABSTRACT = 13, URL_OF = 14, PDF_URL = 15, ID = 16;
const FROM_ARXIV = 1, FROM_S2 = 2, HAS_CODE = 4;
const DAY_MS = 86400000;

const rows = readData('rows');
const snapshotDay = Date.parse(manifest.snapshot_date) / DAY_MS;

// What filters and charts ask of each row, by its place.
const months = new Int32Array(rows.length);
const NO_MONTH = -0x80000000;
const categories = new Array(rows.length);

for (let i = 0; i < rows.length; i++) {
	const row = rows[i];

	if (row[DAY] === null) {
		months[i] = NO_MONTH;
	} else {
		const date = new Date(row[DAY] * DAY_MS);

		months[i] = date.getUTCFullYear() * 12 + date.getUTCMonth();
	}
	categories[i] = row[CATEGORIES] === '' ? [] : row[CATEGORIES].split(' ');
}

const yearOf = i => Math.floor(months[i] / 12);
const dayText = day => new Date(day * DAY_MS).toISOString().slice(0, 10);

// Text as it is searched: lower case, without accents.
function fold(text) {
	if (/[^\x00-\x7f]/.test(text))
		text = text.normalize('NFKD').replace(/\p{M}/gu, '');
	return text.toLowerCase();
}

// The searched text of each row, made a part at a time: all are there when they are asked for.
const texts = [];

function makeTexts(most) {
	for (const end = Math.min(texts.length + most, rows.length); texts.length < end;) {
		const row = rows[texts.length];

		texts.push(fold(`${row[TITLE]}\n${row[AUTHORS]}\n${row[VENUE] ?? ''}\n${row[ARXIV_ID] ?? ''}\n${row[DOI] ?? ''}\n${row[ABSTRACT] ?? ''}`));
	}
	return texts;
}

// The number nearest to value with four decimals, decided by its exact binary value; a value that
// lies in the middle (only odd 32nds can) goes to the even neighbour.
function roundScore(value) {
	if (!(value > 0))
		return 0;
	if (value >= 1)
		return 1;
	if (Math.abs(value * 32 % 2) === 1) {
		const units = Math.floor(value * 10000);

		return (units + units % 2) / 10000;
	}
	return Number(value.toFixed(4));
}

const impactOf = (count, decades) => count <= 0 ? 0 : Math.log10(count + 1) / decades;

function recencyOf(day) {
	const age = day === null ? Infinity : Math.max(0, snapshotDay - day);

	if (age >= 540)
		return 0;
	return age <= 60 ? 1 : 1 - (age - 60) / 480;
}

// Every step on the way to the score of a row, as README.md and `fineset audit` have it.
function explain(row) {
	const step = {
		citations: impactOf(row[CITATIONS], 4),
		influential: impactOf(row[INFLUENTIAL], 2),
		age: row[DAY] === null ? null : Math.max(0, snapshotDay - row[DAY]),
		recency: recencyOf(row[DAY]),
		code: (row[FLAGS] & HAS_CODE) !== 0 ? 0.30 : 0,
		venue: row[VENUE] ? 0.20 : 0,
	};

	step.impact = Math.max(step.citations, step.influential);
	step.weight = 0.35 + step.code + step.venue;
	step.freshness = step.recency * step.weight;
	step.exact = Math.min(1, Math.max(step.impact, step.freshness));
	step.score = roundScore(step.exact);
	return step;
}

// What the address of the page and `fineset audit` call a paper.
const paperKey = row => row[ARXIV_ID] ?? row[DOI] ?? row[ID];
