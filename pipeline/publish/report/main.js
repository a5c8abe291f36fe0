// The controls, and what follows when one is used.

const VIEWS = ['overview', 'papers', 'changes', 'run'];
const SETTLE_MS = 150;
const PREPARED_AT_ONCE = 2500;
const THEMES = ['auto', 'light', 'dark'];

let found = rows;
let settled = 0;
// Of which selection the charts are: they are drawn when they are looked at.
let drawn = null;

const isFiltered = () => FILTERS.some(name => state[name] !== '');

function showCount() {
	const papers = count(found.length);

	$('count').textContent = isFiltered() ? `${papers} of ${plural(rows.length, 'paper', 'papers')}` : plural(rows.length, 'paper', 'papers');
	$('reset').disabled = !isFiltered();
}

function drawIfSeen() {
	if (state.view !== 'overview' || drawn === found)
		return;
	drawn = found;
	drawCharts(found, !isFiltered());
}

// After a moment in which nothing else happened: what need not follow each key.
function settle() {
	clearTimeout(settled);
	settled = setTimeout(() => {
		writeAddress();
		drawIfSeen();
	}, SETTLE_MS);
}

function update() {
	found = selectRows();
	showCount();
	if (state.view === 'papers')
		showTable(found);
	settle();
}

function showView(name) {
	state.view = name;
	for (const view of VIEWS) {
		const tab = $(`tab-${view}`), chosen = view === name;

		tab.setAttribute('aria-selected', `${chosen}`);
		tab.tabIndex = chosen ? 0 : -1;
		$(view).hidden = !chosen;
	}
	$('filters').hidden = name !== 'overview' && name !== 'papers';
	if (name === 'papers')
		showTable(found);
	drawIfSeen();
}

function option(value, name) {
	return html('option', { value }, name);
}

// Names that occur, most frequent first; with one that the address asks for and no paper has.
function options(counts, valueOf, most, asked) {
	const list = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most)
		.map(([name, papers]) => option(valueOf(name), `${name.length > 60 ? `${name.slice(0, 59)}…` : name} (${count(papers)})`));

	if (asked !== '' && !['any', 'none'].includes(asked) && !list.some(entry => entry.value === asked))
		list.push(option(asked, asked.startsWith(NAMED) ? asked.slice(NAMED.length) : asked));
	return list;
}

const tallies = {};

function fillChoices() {
	tallies.venue ??= tally(rows.keys(), i => rows[i][VENUE] || null);
	tallies.year ??= tally(rows.keys(), i => months[i] === NO_MONTH ? null : yearOf(i));
	if (tallies.category === undefined) {
		tallies.category = new Map();
		for (const list of categories)
			for (const category of list)
				tallies.category.set(category, (tallies.category.get(category) ?? 0) + 1);
	}
	$('venue').replaceChildren(option('', 'any or none'), option('any', 'with a venue'), option('none', 'without a venue'),
		...options(tallies.venue, name => NAMED + name, 300, state.venue));
	$('category').replaceChildren(option('', 'any or none'), option('none', 'without a category'), ...options(tallies.category, name => name, 300, state.category));
	$('year').replaceChildren(option('', 'any'), option('none', 'without a date'),
		...[...tallies.year].sort((a, b) => b[0] - a[0]).map(([year, papers]) => option(`${year}`, `${year} (${count(papers)})`)));
}

function showFilters() {
	fillChoices();
	for (const name of FILTERS)
		$(name).value = state[name];
}

function setFilter(name, value) {
	state[name] = value;
	state.page = '1';
	update();
}

function openPaper(key) {
	const i = key === '' ? -1 : rows.findIndex(row => paperKey(row) === key);

	if (i >= 0)
		showPaper(i);
	else
		state.paper = '';
}

// All of it anew from the address.
function show() {
	readAddress();
	showFilters();
	found = selectRows();
	showCount();
	showView(state.view);
	if ($('paper').open)
		$('paper').close();
	openPaper(state.paper);
}

function setTheme(theme) {
	const root = document.documentElement;

	if (theme === 'auto')
		delete root.dataset.theme;
	else
		root.dataset.theme = theme;
	$('theme').textContent = `Theme: ${theme}`;
	try {
		localStorage.setItem('fineset-theme', theme);
	} catch {
		// Without storage the choice lasts as long as the page.
	}
	return theme;
}

function storedTheme() {
	try {
		const theme = localStorage.getItem('fineset-theme');

		return THEMES.includes(theme) ? theme : 'auto';
	} catch {
		return 'auto';
	}
}

function wireFilters() {
	for (const name of FILTERS)
		$(name).addEventListener('input', event => {
			if (name === 'q' && state.view !== 'papers')
				showView('papers');
			setFilter(name, event.target.value);
		});
	const clear = () => {
		for (const name of FILTERS)
			state[name] = '';
		state.page = '1';
		showFilters();
		update();
	};

	$('filters').addEventListener('submit', event => event.preventDefault());
	$('filters').addEventListener('reset', event => {
		event.preventDefault();
		clear();
		$('q').focus();
	});
	$('clear').addEventListener('click', () => {
		clear();
		$('q').focus();
	});
	$('charts').addEventListener('click', event => {
		const bar = event.target.closest('[data-filter]');

		if (bar === null)
			return;
		state[bar.dataset.filter] = state[bar.dataset.filter] === bar.dataset.value ? '' : bar.dataset.value;
		state.page = '1';
		showFilters();
		update();
	});
}

function sortBy(name) {
	state.order = name === state.sort ? isDescending() ? 'asc' : 'desc' : '';
	if (name === state.sort && isDescending() === SORTS[name].descending)
		state.order = '';
	state.sort = name;
	state.page = '1';
	update();
}

function wireTable() {
	$('heads').addEventListener('click', event => {
		if (event.target.dataset.sort !== undefined)
			sortBy(event.target.dataset.sort);
	});
	$('sort').addEventListener('change', event => {
		if (event.target.value !== state.sort)
			sortBy(event.target.value);
	});
	$('order').addEventListener('click', () => sortBy(state.sort));
	for (const name of ['pages', 'pages-below'])
		$(name).addEventListener('click', event => {
			if (event.target.dataset.page === undefined)
				return;
			state.page = event.target.dataset.page;
			showTable(found);
			settle();
			if (name === 'pages-below')
				$('papers').scrollIntoView();
		});
	$('body').addEventListener('click', event => {
		const title = event.target.closest('[data-row]');

		if (title === null)
			return;
		state.paper = paperKey(rows[title.dataset.row]);
		showPaper(Number(title.dataset.row));
		writeAddress();
	});
}

function wirePaper() {
	const dialog = $('paper');

	dialog.addEventListener('click', event => {
		// The dialog itself is hit where its content is not: outside, on the backdrop.
		if (event.target === dialog || event.target.id === 'close')
			dialog.close();
	});
	dialog.addEventListener('close', () => {
		state.paper = '';
		writeAddress();
	});
}

function wireTabs() {
	const list = document.querySelector('[role=tablist]');

	list.addEventListener('click', event => {
		if (event.target.role !== 'tab')
			return;
		showView(event.target.id.slice('tab-'.length));
		settle();
	});
	list.addEventListener('keydown', event => {
		const at = VIEWS.indexOf(state.view), to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];

		if (to === undefined)
			return;
		event.preventDefault();
		showView(VIEWS.at(to % VIEWS.length));
		$(`tab-${state.view}`).focus();
		settle();
	});
}

function wireKeys() {
	document.addEventListener('keydown', event => {
		const typing = event.target.matches?.('input, select, textarea') ?? false;

		if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !$('paper').open) {
			event.preventDefault();
			$('q').focus();
			$('q').select();
		}
	});
	document.querySelector('.skip').addEventListener('click', event => {
		event.preventDefault();
		$('main').focus();
		$('main').scrollIntoView();
	});
}

function start() {
	let theme = setTheme(storedTheme()), width = window.innerWidth;

	$('theme').addEventListener('click', () => {
		theme = setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
	});
	if (window.matchMedia('(max-width: 40rem)').matches)
		$('more').open = false;
	if (rows.length < manifest.records)
		$('about').append(` This page holds the newest ${count(rows.length)} of them; the figures on top and the distribution of the score are of all.`);
	makeHeads();
	wireFilters();
	wireTable();
	wirePaper();
	wireTabs();
	wireKeys();
	show();
	window.addEventListener('hashchange', show);
	window.addEventListener('resize', () => {
		if (window.innerWidth === width)
			return;
		width = window.innerWidth;
		drawn = null;
		settle();
	});
	// Before the first key asks for them, and without keeping it waiting.
	const prepare = () => {
		if (makeTexts(PREPARED_AT_ONCE).length < rows.length)
			setTimeout(prepare);
	};

	setTimeout(prepare, SETTLE_MS);
}

start();
performance.mark("ready");
