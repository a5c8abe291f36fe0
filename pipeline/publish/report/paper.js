// One paper: what is known of it, and how its score came about.

const term = value => `${Number(value.toPrecision(6))}`;

function auditLine(name, formula, value, key, winner = false) {
	return html('tr', { class: winner ? 'winner' : null }, html('th', { scope: 'row' }, name), html('td', {}, formula),
		html('td', { 'data-term': key, 'data-value': `${value}` }, term(value)));
}

function auditTable(row) {
	const step = explain(row), byImpact = step.impact > step.freshness;
	const day = row[DAY] === null ? 'no date' : `${plural(step.age, 'day', 'days')} before ${manifest.snapshot_date}`;
	const fading = step.age === null ? '0 without a date' : step.age <= 60 ? '1 up to 60 days' :
		step.age >= 540 ? '0 from 540 days on' : `1 − (${count(step.age)} − 60) / 480`;

	return html('table', { class: 'audit' },
		html('caption', {}, 'How the score comes about'),
		html('tbody', {},
			auditLine('Citations', `log10(${count(row[CITATIONS])} + 1) / 4`, step.citations, 'citations_term'),
			auditLine('Influential', `log10(${count(row[INFLUENTIAL])} + 1) / 2`, step.influential, 'influential_term'),
			auditLine('Impact', 'the larger of the two', step.impact, 'impact', byImpact),
			auditLine('Recency', `${fading} (${day})`, step.recency, 'recency'),
			auditLine('Weight', `0.35${step.code ? ' + 0.30 code' : ''}${step.venue ? ' + 0.20 venue' : ''}`, step.weight, 'weight'),
			auditLine('Freshness', 'recency × weight', step.freshness, 'freshness', !byImpact),
			auditLine('Score', `${byImpact ? 'impact' : 'freshness'}, to four decimals`, step.score, 'score')));
}

// Where else the paper is: [text, address].
function linksOf(row) {
	const id = row[ARXIV_ID], links = [];

	if (id !== null) {
		links.push(['arXiv', `https://arxiv.org/abs/${encodeURI(id)}`], ['PDF', `https://arxiv.org/pdf/${encodeURI(id)}`]);
		if ((row[FLAGS] & FROM_S2) !== 0)
			links.push(['Semantic Scholar', `https://api.semanticscholar.org/arXiv:${encodeURI(id)}`]);
	} else {
		if (row[URL_OF])
			links.push([(row[FLAGS] & FROM_S2) !== 0 ? 'Semantic Scholar' : 'Page', row[URL_OF]]);
		if (row[PDF_URL])
			links.push(['PDF', row[PDF_URL]]);
	}
	if (row[DOI])
		links.push(['DOI', `https://doi.org/${encodeURIComponent(row[DOI]).replaceAll('%2F', '/')}`]);
	if (row[CODE_URL])
		links.push(['Code', row[CODE_URL]]);
	return links;
}

function paperFacts(row) {
	const pair = (name, value) => value ? [html('dt', {}, name), html('dd', { dir: 'auto' }, value)] : [];
	const sources = [(row[FLAGS] & FROM_ARXIV) !== 0 ? 'arXiv' : null, (row[FLAGS] & FROM_S2) !== 0 ? 'Semantic Scholar' : null];

	return html('dl', {}, ...pair('Published', row[DAY] === null ? '' : dayText(row[DAY])), ...pair('Venue', row[VENUE]),
		...pair('Categories', row[CATEGORIES]), ...pair('arXiv id', row[ARXIV_ID]), ...pair('DOI', row[DOI]), ...pair('Record', row[ID]),
		...pair('Known to', sources.filter(source => source !== null).join(' and ')),
		...pair('Code', (row[FLAGS] & HAS_CODE) === 0 ? 'none that is known' : row[CODE_URL] || 'out, as the paper says, without an address'));
}

function showPaper(i) {
	const row = rows[i], dialog = $('paper'), step = explain(row);
	const names = row[MORE_AUTHORS] > 0 ? `${row[AUTHORS]} and ${count(row[MORE_AUTHORS])} more` : row[AUTHORS];
	const same = step.score === row[SCORE];

	dialog.replaceChildren(
		html('div', { class: 'topline' }, html('p', { class: 'kicker' }, 'Score ', html('b', {}, row[SCORE].toFixed(4)), ' ',
			html('span', { class: same ? 'same' : 'fault' }, same ? '✓ reproduces' : `✗ the formula gives ${step.score}`)),
		html('button', { type: 'button', id: 'close', 'aria-label': 'Close' }, '✕')),
		html('h2', { id: 'paper-title', dir: 'auto' }, row[TITLE] || '(no title)'),
		html('p', { class: 'dim', dir: 'auto' }, names),
		html('p', { class: 'links' }, ...linksOf(row).map(([name, address]) => link(address, name))),
		auditTable(row), paperFacts(row),
		row[ABSTRACT] ? html('details', { open: true }, html('summary', {}, 'Abstract'), html('p', { dir: 'auto' }, row[ABSTRACT])) : '',
		html('p', { class: 'dim' }, 'More of it, source by source: ', html('code', {}, `fineset audit DIR ${paperKey(row)}`)));
	if (!dialog.open)
		dialog.showModal();
	dialog.scrollTop = 0;
}
