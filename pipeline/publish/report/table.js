// The table of papers, a page of it at a time.

const PAGE_ROWS = 25;
const COLUMNS = ['title', 'date', 'venue', 'citations', 'code', 'score'];

function scoreCell(row) {
	const step = explain(row), bar = html('i', { 'aria-hidden': 'true', class: step.impact > step.freshness ? 'impact' : 'freshness' });

	bar.style.setProperty('--part', `${row[SCORE] * 100}%`);
	return html('td', { class: 'score', 'data-label': 'Score' }, html('span', {}, row[SCORE].toFixed(4)), bar);
}

function tableRow(i) {
	const row = rows[i], names = row[MORE_AUTHORS] > 0 ? `${row[AUTHORS]} and ${count(row[MORE_AUTHORS])} more` : row[AUTHORS];
	const code = (row[FLAGS] & HAS_CODE) === 0 ? '' : row[CODE_URL] ? link(row[CODE_URL], 'code', `Code of ${row[TITLE]}`) : 'yes';

	return html('tr', {},
		html('td', { class: 'title' },
			html('button', { type: 'button', 'data-row': i, 'aria-haspopup': 'dialog', dir: 'auto' }, row[TITLE] || '(no title)'),
			html('span', { class: 'by', dir: 'auto' }, names),
			html('span', { class: 'tags' }, row[CATEGORIES])),
		html('td', { class: 'date', 'data-label': 'Date' }, row[DAY] === null ? '–' : dayText(row[DAY])),
		html('td', { class: 'venue', 'data-label': 'Venue', dir: 'auto' }, row[VENUE] || '–'),
		html('td', { class: 'cited', 'data-label': 'Citations', title: `${count(row[INFLUENTIAL])} of them influential` }, count(row[CITATIONS])),
		html('td', { class: 'code', 'data-label': 'Code' }, code || '–'),
		scoreCell(row));
}

function makeHeads() {
	$('heads').replaceChildren(...COLUMNS.map(name => html('th', { scope: 'col', class: name, 'data-sort': name },
		html('button', { type: 'button', 'data-sort': name }, SORTS[name].label))));
	$('sort').replaceChildren(...Object.entries(SORTS).map(([name, sort]) => html('option', { value: name }, sort.label)));
}

function showSort() {
	const order = isDescending() ? 'descending' : 'ascending';

	for (const head of $('heads').children)
		if (head.dataset.sort === state.sort)
			head.setAttribute('aria-sort', order);
		else
			head.removeAttribute('aria-sort');
	$('sort').value = state.sort;
	$('order').textContent = order;
}

function pageButtons(page, pages, found) {
	const button = (label, to, name) => html('button', { type: 'button', 'data-page': to, 'aria-label': name, disabled: to < 1 || to > pages || to === page }, label);
	const from = (page - 1) * PAGE_ROWS;

	return [button('«', 1, 'First page'), button('‹', page - 1, 'Page before'),
		html('span', {}, `${count(Math.min(from + 1, found.length))}–${count(Math.min(from + PAGE_ROWS, found.length))} of ${count(found.length)}`),
		button('›', page + 1, 'Next page'), button('»', pages, 'Last page')];
}

function showTable(found) {
	const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
	const page = Math.min(Math.max(1, parseInt(state.page, 10) || 1), pages), from = (page - 1) * PAGE_ROWS;

	state.page = `${page}`;
	$('body').replaceChildren(...Array.from(found.subarray(from, from + PAGE_ROWS), tableRow));
	$('none').hidden = found.length > 0;
	for (const place of [$('pages'), $('pages-below')]) {
		const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;

		place.replaceChildren(...pageButtons(page, pages, found));
		if (focused !== null)
			(place.querySelector(`[aria-label="${focused}"]:enabled`) ?? place.querySelector('button:enabled'))?.focus();
	}
	showSort();
}
