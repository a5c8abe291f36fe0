// The charts of the papers that are selected, each with its numbers as a table for those who do not see it.

const HEIGHT = 230, LEFT = 44, BOTTOM = 22, TOP = 8, RIGHT = 6;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// A round number that is at least as large, for the end of an axis.
function niceCeiling(value) {
	const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));

	return [1, 2, 3, 4, 5, 6, 8, 10].map(step => step * unit).find(end => end >= value && Number.isInteger(end)) ?? 1;
}

function figure(title, note, drawing, table, wide = false) {
	const numbersOf = html('details', { class: 'as-table' }, html('summary', {}, 'As a table'));

	numbersOf.addEventListener('toggle', () => {
		if (numbersOf.open && numbersOf.childElementCount === 1)
			numbersOf.append(html('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': title }, table()));
	});
	return html('figure', { class: wide ? 'card wide' : 'card' },
		html('figcaption', {}, html('h2', {}, title), html('p', { class: 'dim' }, ...[note].flat())),
		drawing, numbersOf);
}

// What the two colours of bars stand for.
const legend = (all, strong, note) => [html('i', { class: 'key' }), `${all} `, html('i', { class: 'key dark' }), strong, note === '' ? '' : ` · ${note}`];

function axes(width, end, ticks) {
	const parts = [], high = HEIGHT - TOP - BOTTOM;

	for (const part of [0, 0.5, 1]) {
		const y = TOP + high * (1 - part);

		parts.push(svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y, y2: y }));
		if (Number.isInteger(end * part) || end <= 1)
			parts.push(svg('text', { x: LEFT - 6, y: y + 4, 'text-anchor': 'end' }, count(end * part)));
	}
	for (const [x, label, anchor = 'middle'] of ticks)
		parts.push(svg('text', { x, y: HEIGHT - 5, 'text-anchor': anchor }, label));
	return parts;
}

// Bars of {label, value, part}: part is the share of the bar that is drawn strongly.
function bars(width, data, label, tickOf, lastTick = null) {
	const end = niceCeiling(Math.max(...data.map(bar => bar.value)));
	const step = (width - LEFT - RIGHT) / data.length, high = HEIGHT - TOP - BOTTOM;
	const marks = [], ticks = [];

	data.forEach((bar, i) => {
		const x = LEFT + i * step, wide = Math.max(step - (step > 4 ? 1.5 : 0.3), 0.6);
		const tall = bar.value / end * high, strong = bar.part / end * high, tick = tickOf(i, step);

		if (bar.value > 0)
			marks.push(svg('g', {}, svg('title', {}, bar.label),
				svg('rect', { class: 'bar', x, y: TOP + high - tall, width: wide, height: Math.max(tall, 1) }),
				bar.part > 0 ? svg('rect', { class: 'strong', x, y: TOP + high - strong, width: wide, height: Math.max(strong, 1) }) : null));
		if (tick !== null)
			ticks.push([x + (tick.edge ? 0 : wide / 2), tick.text]);
	});
	if (lastTick !== null)
		ticks.push([width - RIGHT, lastTick, 'end']);
	return svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': label },
		...axes(width, end, ticks), ...marks);
}

function tally(found, keyOf) {
	const counts = new Map();

	for (const i of found) {
		const key = keyOf(i);

		if (key !== null)
			counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

const PERIODS_MOST = 150, EARLY_SHARE = 0.02, EARLY_FEW = 5;

// Where the drawing of months begins: a few much older papers would leave no room for the others.
function earliestDrawn(found, first, end) {
	const counts = new Uint32Array(end - first + 1);
	let early = 0, month = 0;

	if (end - first < PERIODS_MOST)
		return first;
	for (const i of found)
		if (months[i] !== NO_MONTH)
			counts[months[i] - first]++;
	while (early + counts[month] <= Math.max(found.length * EARLY_SHARE, Math.min(EARLY_FEW, found.length / 10)))
		early += counts[month++];
	return first + month;
}

// Papers and those with code for each month, or each quarter or year where months would be too many.
function periods(found) {
	let first = Infinity, end = -Infinity;

	for (const i of found)
		if (months[i] !== NO_MONTH) {
			first = Math.min(first, months[i]);
			end = Math.max(end, months[i]);
		}
	if (first > end)
		return { data: [], size: 1, first };
	first = earliestDrawn(found, first, end);
	const size = [1, 3, 12].find(length => (end - first) / length < PERIODS_MOST) ?? 120;
	first = Math.floor(first / size) * size;
	const data = Array.from({ length: Math.floor((end - first) / size) + 1 }, () => ({ value: 0, part: 0 }));
	for (const i of found)
		if (months[i] >= first) {
			const bar = data[Math.floor((months[i] - first) / size)];

			bar.value++;
			bar.part += (rows[i][FLAGS] & HAS_CODE) !== 0 ? 1 : 0;
		}
	return { data, size, first };
}

function periodName(month, size) {
	const year = Math.floor(month / 12);

	return size === 1 ? `${MONTHS[month % 12]} ${year}` : size === 3 ? `${year}, quarter ${month % 12 / 3 + 1}` :
		size === 12 ? `${year}` : `${year} to ${year + 9}`;
}

function monthChart(found, width) {
	const { data, size, first } = periods(found), unit = { 1: 'month', 3: 'quarter', 12: 'year', 120: 'decade' }[size];
	const names = data.map((_, i) => periodName(first + i * size, size));

	data.forEach((bar, i) => bar.label = `${names[i]}: ${plural(bar.value, 'paper', 'papers')}, ${count(bar.part)} with code`);
	if (data.length === 0)
		return figure('Papers a month', 'No paper has a date.', '', () => '', true);
	// A year is named where there is room for it.
	let reach = -Infinity;
	const tickOf = (i, step) => {
		const month = first + i * size, year = Math.floor(month / 12);

		if (month % 12 !== 0 && data.length > 12 || i * step < reach)
			return null;
		reach = i * step + 46;
		return { text: data.length <= 12 && size === 1 ? MONTHS[month % 12] : `${year}`, edge: false };
	};
	const most = data.reduce((best, bar, i) => bar.value > data[best].value ? i : best, 0);
	const drawing = bars(width, data, `Papers a ${unit}, from ${names[0]} to ${names.at(-1)}; most in ${names[most]}: ${count(data[most].value)}.`,
		tickOf);

	const older = found.reduce((sum, i) => sum + (months[i] < first && months[i] !== NO_MONTH ? 1 : 0), 0);
	const note = older === 0 ? '' : `${plural(older, 'older paper is', 'older papers are')} not drawn.`;

	return figure(`Papers a ${unit}`, legend('all', 'with code', note), drawing,
		() => numberTable([unit, 'papers', 'with code'], data.map((bar, i) => [names[i], count(bar.value), count(bar.part)]).reverse()), true);
}

const SCORE_BINS = 50;

function scoreChart(found, width, everything) {
	const counts = everything ? new Map(facts.scores) : tally(found, i => rows[i][SCORE]);
	const data = Array.from({ length: SCORE_BINS }, () => ({ value: 0, part: 0 }));
	const ties = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
	let total = 0;

	for (const [score, papers] of counts) {
		const bar = data[Math.min(Math.floor(Math.round(score * 10000) / (10000 / SCORE_BINS)), SCORE_BINS - 1)];

		total += papers;
		bar.value += papers;
		if (papers > 1)
			bar.part = Math.max(bar.part, papers);
	}
	data.forEach((bar, i) => bar.label = `Score ${(i / SCORE_BINS).toFixed(2)} to ${((i + 1) / SCORE_BINS).toFixed(2)}: ${
		plural(bar.value, 'paper', 'papers')}${bar.part > 1 ? `; the largest tie has ${count(bar.part)}` : ''}`);
	const tied = ties.filter(([, papers]) => papers > 1).slice(0, 6);
	const drawing = bars(width, data, `Distribution of the score of ${plural(total, 'paper', 'papers')}: ${count(counts.size)} different scores${
		tied.length > 0 ? `; the largest tie is ${count(tied[0][1])} papers at ${tied[0][0]}` : ''}.`,
		i => i % 10 === 0 ? { text: (i / SCORE_BINS).toFixed(1), edge: true } : null, '1.0');
	const chips = html('p', { class: 'chips' }, tied.length > 0 ? 'Ties: ' : 'No two papers have the same score.',
		...tied.map(([score, papers]) => html('span', { class: 'chip' }, html('b', {}, `${score}`), ` ${count(papers)}`)));

	return figure('Score', legend('all', 'largest tie of a bar', ''), html('div', {}, drawing, chips),
		() => numberTable(['score', 'papers'], ties.slice(0, 200).map(([score, papers]) => [`${score}`, count(papers)])));
}

const CELLS = 20;

// How many papers lie where; the lines are the freshness of a paper without code or venue, and with both.
function recencyChart(found, width) {
	const cells = new Uint32Array(CELLS * CELLS), marks = [], tall = 310;
	const wide = width - LEFT - RIGHT, high = tall - TOP - BOTTOM - 14;
	const x = recency => LEFT + recency * wide, y = impact => TOP + (1 - impact) * high;
	const place = value => Math.min(Math.floor(value * CELLS + 1e-9), CELLS - 1);
	let most = 0, impacts = 0;

	for (const i of found) {
		const row = rows[i], recency = recencyOf(row[DAY]);
		const impact = Math.min(1, Math.max(impactOf(row[CITATIONS], 4), impactOf(row[INFLUENTIAL], 2)));
		const freshness = recency * (0.35 + ((row[FLAGS] & HAS_CODE) !== 0 ? 0.30 : 0) + (row[VENUE] ? 0.20 : 0));

		impacts += impact > freshness ? 1 : 0;
		most = Math.max(most, ++cells[place(impact) * CELLS + place(recency)]);
	}
	cells.forEach((papers, cell) => {
		const column = cell % CELLS, line = Math.floor(cell / CELLS);

		if (papers > 0)
			marks.push(svg('rect', { class: `heat h${1 + Math.min(5, Math.floor(Math.log(papers) / Math.log(most + 1) * 6))}`,
				x: x(column / CELLS) + 0.5, y: y((line + 1) / CELLS) + 0.5, width: wide / CELLS - 1, height: high / CELLS - 1 },
			svg('title', {}, `Recency ${(column / CELLS).toFixed(2)} to ${((column + 1) / CELLS).toFixed(2)}, impact ${
				(line / CELLS).toFixed(2)} to ${((line + 1) / CELLS).toFixed(2)}: ${plural(papers, 'paper', 'papers')}`)));
	});
	const ticks = [0, 0.5, 1].flatMap(part => [
		svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(part), y2: y(part) }),
		svg('text', { x: LEFT - 6, y: y(part) + 4, 'text-anchor': 'end' }, `${part}`),
		svg('text', { x: x(part), y: TOP + high + 15, 'text-anchor': part === 1 ? 'end' : 'middle' }, `${part}`)]);
	const limits = [[0.35, 'neither code nor venue'], [0.85, 'code and venue']].map(([weight, name]) => [
		svg('line', { class: 'limit', x1: x(0), y1: y(0), x2: x(1), y2: y(weight) }),
		svg('text', { class: 'halo', x: x(1) - 4, y: y(weight) - 5, 'text-anchor': 'end' }, name)]).flat();
	const drawing = svg('svg', { viewBox: `0 0 ${width} ${tall}`, role: 'img',
		'aria-label': `Recency against impact: impact decides the score of ${plural(impacts, 'paper', 'papers')}, freshness that of ${
			count(found.length - impacts)}.` }, ...ticks, ...marks, ...limits,
	svg('text', { x: x(0.5), y: tall - 2, 'text-anchor': 'middle' }, 'recency'),
	svg('text', { x: 12, y: y(0.5), 'text-anchor': 'middle', transform: `rotate(-90 12 ${y(0.5)})` }, 'impact'));

	return figure('Recency against impact', `Impact decides ${share(impacts, found.length)} of the scores, freshness the rest. Recency is 1 up to 60 days and 0 from 540 on; above the dashed line of its kind, a paper's impact is more than its freshness.`, drawing,
		() => numberTable(['recency from', 'impact from', 'papers'], [...cells].map((papers, cell) =>
			[(cell % CELLS / CELLS).toFixed(2), (Math.floor(cell / CELLS) / CELLS).toFixed(2), papers]).filter(line => line[2] > 0)
			.sort((a, b) => b[2] - a[2]).map(line => [line[0], line[1], count(line[2])])), true);
}

// Horizontal bars; a click on one filters by it, where there is something to filter.
function listChart(title, note, entries, whole, filter, wide = false) {
	const most = Math.max(1, ...entries.map(entry => entry.papers));
	const list = html('ol', { class: 'list' }, ...entries.map(entry => {
		const bar = html('i', { 'aria-hidden': 'true' });
		const content = [html('span', { class: 'label', dir: 'auto' }, entry.name), bar,
			html('span', { class: 'value' }, `${count(entry.papers)} `, html('small', {}, share(entry.papers, whole)))];

		bar.style.setProperty('--part', `${entry.papers / most * 100}%`);
		return html('li', {}, entry.value === undefined ? html('div', { class: 'line' }, ...content) :
			html('button', { type: 'button', class: 'line', 'data-filter': filter, 'data-value': entry.value,
				'aria-pressed': state[filter] === entry.value ? 'true' : 'false', title: entry.name }, ...content));
	}));

	return figure(title, note, list,
		() => numberTable([title.toLowerCase(), 'papers', 'share'], entries.map(entry => [entry.name, count(entry.papers), share(entry.papers, whole)])),
		wide);
}

// The most frequent of a tally, and what they leave.
const LISTED = 10;

function topEntries(counts, valueOf) {
	return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, LISTED)
		.map(([name, papers]) => ({ name, papers, value: valueOf(name) }));
}

function categoryChart(found) {
	const counts = new Map();
	let without = 0;

	for (const i of found) {
		without += categories[i].length === 0 ? 1 : 0;
		for (const category of categories[i])
			counts.set(category, (counts.get(category) ?? 0) + 1);
	}
	return listChart('Categories', `${count(counts.size)} of arXiv; a paper may have several, ${count(without)} have none.`,
		topEntries(counts, name => name), found.length, 'category');
}

function venueChart(found) {
	const counts = tally(found, i => rows[i][VENUE] || null);
	let without = found.length;

	for (const papers of counts.values())
		without -= papers;
	return listChart('Venues', `${count(counts.size)} different ones; ${count(without)} papers have none (${share(without, found.length)}).`,
		topEntries(counts, name => NAMED + name), found.length, 'venue');
}

function sourceChart(found) {
	const counts = tally(found, i => rows[i][FLAGS] & 3);
	const entry = (name, flags, value) => ({ name, papers: counts.get(flags) ?? 0, value });

	return listChart('Sources', 'Which of them know a paper.', [entry('arXiv and Semantic Scholar', 3, 'both'), entry('arXiv alone', 1, 'arxiv'),
		entry('Semantic Scholar alone', 2, 's2')], found.length, 'source');
}

function codeChart(found) {
	const with_ = tally(found, i => (rows[i][FLAGS] & HAS_CODE) === 0 ? 'no' : rows[i][CODE_URL] ? 'link' : 'said');
	const linked = with_.get('link') ?? 0, said = with_.get('said') ?? 0;

	return listChart('Code', `${share(linked + said, found.length)} of the papers have code.`, [{ name: 'With code', papers: linked + said, value: 'yes' },
		{ name: '… with its address', papers: linked }, { name: 'Without', papers: with_.get('no') ?? 0, value: 'no' }], found.length, 'code');
}

function drawCharts(found, everything) {
	const place = $('charts'), focused = document.activeElement?.dataset?.value;
	const gap = 16, all = Math.max(place.clientWidth || 640, 280), columns = all >= 1000 ? 3 : all >= 640 ? 2 : 1;
	const inner = (all - gap * (columns - 1)) / columns - 34, wide = columns === 3 ? 2 * inner + gap + 34 : all - 34;

	if (found.length === 0) {
		place.replaceChildren(html('p', { class: 'note' }, 'No paper is like that.'));
		return;
	}
	place.replaceChildren(monthChart(found, wide), scoreChart(found, inner, everything), recencyChart(found, wide),
		html('div', { class: 'stack' }, sourceChart(found), codeChart(found)), categoryChart(found), venueChart(found));
	if (focused !== undefined)
		place.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
}
