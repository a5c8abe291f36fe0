// Which papers are shown, and in which order: the filters, the address of the page, the selection.

const DEFAULTS = { view: 'overview', q: '', code: '', venue: '', source: '', category: '', year: '', min: '', max: '',
	sort: 'score', order: '', page: '1', paper: '' };
const FILTERS = ['q', 'code', 'venue', 'source', 'category', 'year', 'min', 'max'];
const state = { ...DEFAULTS };

// A venue is chosen by its name behind a mark, so that `none` can be one.
const NAMED = '=';

const SORTS = {
	score: { label: 'Score', key: row => row[SCORE], descending: true },
	date: { label: 'Date', key: row => row[DAY] ?? -Infinity, descending: true },
	title: { label: 'Title', key: row => fold(row[TITLE]), descending: false },
	venue: { label: 'Venue', key: row => row[VENUE] ? fold(row[VENUE]) : '\uffff', descending: false },
	citations: { label: 'Citations', key: row => row[CITATIONS], descending: true },
	influential: { label: 'Influential', key: row => row[INFLUENTIAL], descending: true },
	code: { label: 'Code', key: row => (row[FLAGS] & HAS_CODE) + (row[CODE_URL] ? 1 : 0), descending: true },
};

const isDescending = () => state.order === '' ? SORTS[state.sort].descending : state.order === 'desc';

// All rows in an order, each order made once; rows that are alike keep the order of the file.
const orders = new Map();

function sortedRows() {
	const name = `${state.sort} ${isDescending()}`;

	if (!orders.has(name)) {
		const keys = rows.map(SORTS[state.sort].key), sign = isDescending() ? -1 : 1;
		const order = Uint32Array.from(keys.keys());

		order.sort((a, b) => keys[a] < keys[b] ? -sign : keys[a] > keys[b] ? sign : a - b);
		orders.set(name, order);
	}
	return orders.get(name);
}

// The tests that a row must pass; each takes the place of the row.
function tests() {
	const list = [], source = { both: 3, arxiv: 1, s2: 2 }[state.source];
	const min = parseFloat(state.min), max = parseFloat(state.max), year = parseInt(state.year, 10);

	if (state.code !== '')
		list.push(i => (rows[i][FLAGS] & HAS_CODE) !== 0 === (state.code === 'yes'));
	if (source !== undefined)
		list.push(i => (rows[i][FLAGS] & 3) === source);
	if (state.venue === 'any' || state.venue === 'none')
		list.push(i => Boolean(rows[i][VENUE]) === (state.venue === 'any'));
	if (state.venue.startsWith(NAMED)) {
		const name = state.venue.slice(NAMED.length);

		list.push(i => rows[i][VENUE] === name);
	}
	if (state.category === 'none')
		list.push(i => categories[i].length === 0);
	else if (state.category !== '')
		list.push(i => categories[i].includes(state.category));
	if (state.year === 'none')
		list.push(i => months[i] === NO_MONTH);
	else if (!Number.isNaN(year))
		list.push(i => yearOf(i) === year);
	if (!Number.isNaN(min))
		list.push(i => rows[i][SCORE] >= min);
	if (!Number.isNaN(max))
		list.push(i => rows[i][SCORE] <= max);
	return list;
}

// What was selected last: when more is typed, only that is searched.
let last = { rest: null, q: '', found: null };

// The places of the rows that are shown, in their order.
function selectRows() {
	const rest = JSON.stringify([state.sort, isDescending(), ...FILTERS.slice(1).map(name => state[name])]);
	const q = fold(state.q.trim()), terms = q.split(/\s+/).filter(term => term !== '');
	const narrower = last.rest === rest && q.startsWith(last.q);
	let found = narrower ? last.found : sortedRows();

	if (!narrower) {
		const all = tests();

		if (all.length > 0)
			found = found.filter(i => all.every(test => test(i)));
	}
	if (terms.length > 0 && !(narrower && q === last.q)) {
		const searched = makeTexts(rows.length);

		found = found.filter(i => {
			const within = searched[i];

			for (const term of terms)
				if (!within.includes(term))
					return false;
			return true;
		});
	}
	last = { rest, q, found };
	return found;
}

// Read the state from what stands behind `#`; what is not known there is as if it were not there.
function readAddress() {
	const told = new URLSearchParams(location.hash.slice(1));

	for (const name of Object.keys(DEFAULTS))
		state[name] = told.get(name) ?? DEFAULTS[name];
	if (!Object.hasOwn(SORTS, state.sort))
		state.sort = DEFAULTS.sort;
	if (!VIEWS.includes(state.view))
		state.view = DEFAULTS.view;
}

function writeAddress() {
	const told = new URLSearchParams();

	for (const name of Object.keys(DEFAULTS))
		if (state[name] !== DEFAULTS[name])
			told.set(name, state[name]);
	history.replaceState(null, '', `#${told}`);
}
