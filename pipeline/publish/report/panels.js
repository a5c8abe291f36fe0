// What does not depend on the rows: the key figures, the changes, how each source ended.  It is shown before they are read.

const facts = readData('facts');
const manifest = facts.manifest;

const SOURCE_TITLES = { arxiv: 'arXiv', semantic_scholar: 'Semantic Scholar' };
const KINDS = [['added', 'Added'], ['removed', 'Removed'], ['changed', 'Changed']];

function tile(name, value, note) {
	return html('div', { class: 'tile' }, html('dt', {}, name), html('dd', {}, html('b', {}, value), html('span', {}, note)));
}

function medianScore() {
	let seen = 0;

	for (const [score, papers] of facts.scores)
		if ((seen += papers) * 2 >= manifest.records)
			return score;
	return 0;
}

function showTiles() {
	const all = manifest.records, statuses = Object.entries(manifest.sources);
	const good = statuses.filter(([, source]) => source.status === 'ok').length;
	const changes = facts.changes, range = manifest.date_range;

	document.title = `${manifest.name} · fineset`;
	$('name').textContent = manifest.name;
	$('date').textContent = `snapshot of ${manifest.snapshot_date}`;
	$('generator').textContent = `Made by ${manifest.generator}.`;
	$('about').textContent = (range[0] === null ? `${plural(all, 'paper', 'papers')}.` :
		`${plural(all, 'paper', 'papers')}, published from ${range[0]} to ${range[1]}.`);
	$('tiles').replaceChildren(tile('Papers', count(all), facts.has_sources ? `of ${plural(manifest.merge.source_records, 'source record', 'source records')}` : ''),
		tile('With code', share(manifest.with_code, all), count(manifest.with_code)),
		tile('With a venue', share(facts.with_venue, all), count(facts.with_venue)),
		tile('Median score', all === 0 ? '–' : medianScore().toFixed(2), `${count(facts.scores.length)} different scores`),
		facts.has_sources ? tile('Sources', `${good} of ${statuses.length} ok`, statuses.map(([name, source]) => `${SOURCE_TITLES[name] ?? name}: ${source.status}`).join(', ')) : '',
		changes === null || isFirst() ? '' : tile('Since the last', `+${count(changes.added.count)} −${count(changes.removed.count)}`,
			`${count(changes.changed.count - changes.rescored)} changed`));
}

// All papers are new: there was no snapshot before.
function isFirst() {
	const changes = facts.changes;

	return changes !== null && changes.added.count === manifest.records && changes.removed.count + changes.changed.count === 0;
}

function changedField(field) {
	const side = value => value === undefined ? '…' : value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

	return html('li', {}, html('code', {}, field.key), ' ', html('span', { dir: 'auto' }, side(field.old)), ' → ',
		html('span', { dir: 'auto' }, side(field.new)));
}

function changeCard([kind, title]) {
	const change = facts.changes[kind], papers = change.papers;
	const known = kind === 'changed' ? change.count - facts.changes.rescored : change.count;

	return html('section', { class: 'card wide' }, html('h2', {}, `${title}: ${count(known)}`),
		known > papers.length ? html('p', { class: 'dim' }, `The first ${count(papers.length)}; changes.jsonl has all.`) : '',
		html('ul', { class: 'changes' }, ...papers.map(paper => html('li', {},
			paper.arxiv_id === null ? '' : html('span', { class: 'tags' }, link(`https://arxiv.org/abs/${encodeURI(paper.arxiv_id)}`, paper.arxiv_id)),
			html('span', { dir: 'auto' }, paper.title ?? ''),
			paper.fields === undefined ? '' : html('ul', {}, ...paper.fields.map(changedField))))));
}

function showChanges() {
	const changes = facts.changes, place = $('changes');
	const total = changes === null ? 0 : KINDS.reduce((sum, [kind]) => sum + changes[kind].count, 0);

	if (changes === null)
		place.replaceChildren(html('p', { class: 'note' }, 'Nothing is known of an earlier snapshot.'));
	else if (total === 0)
		place.replaceChildren(html('p', { class: 'note' }, 'Nothing has changed since the last snapshot.'));
	else if (isFirst())
		place.replaceChildren(html('p', { class: 'note' }, 'All papers are new: there was no snapshot before this one.'));
	else
		place.replaceChildren(changes.rescored === 0 ? '' :
			html('p', { class: 'note' }, `Of ${plural(changes.rescored, 'paper', 'papers')} nothing but the score changed: scores age from day to day.`),
		...KINDS.filter(([kind]) => changes[kind].count > 0 && (kind !== 'changed' || changes.changed.count > changes.rescored)).map(changeCard));
}

function sourceCard([name, source]) {
	const pair = (label, value) => value === null || value === undefined ? [] :
		[html('dt', {}, label), html('dd', {}, typeof value === 'number' ? count(value) : `${value}`)];

	return html('section', { class: 'card' },
		html('h2', {}, `${SOURCE_TITLES[name] ?? name} `, html('span', { class: `status ${source.status === 'ok' ? 'same' : 'fault'}` },
			`${source.status === 'ok' ? '✓' : '!'} ${source.status}`)),
		source.reason === null ? '' : html('p', { dir: 'auto' }, source.reason),
		html('dl', {}, ...pair('Records', source.records), ...pair('Matched there', source.matched_total), ...pair('Never came', source.missing),
			...pair('Requests', source.requests), ...pair('Retries', source.retries), ...pair('Entries refused', source.refused),
			...pair('Fields dropped', source.dropped), ...pair('Searched until', source.cutoff), ...pair('Last fetched', source.last_fetched)));
}

function topicLine(name, list) {
	return Array.isArray(list) && list.length > 0 ? [html('dt', {}, name), html('dd', { dir: 'auto' }, list.map(phrase => `“${phrase}”`).join(', '))] : [];
}

function showRun() {
	const topic = manifest.topic ?? {}, merge = manifest.merge;
	const asked = html('section', { class: 'card' }, html('h2', {}, 'What was asked'), html('dl', {}, ...topicLine('One of', topic.any),
		...topicLine('All of', topic.all), ...topicLine('None of', topic.none), ...topicLine('Categories', topic.categories),
		...[['From', topic.from], ['To', topic.to], ['Looked for in', topic.match]].flatMap(([name, value]) =>
			value ? [html('dt', {}, name), html('dd', {}, `${value}`)] : [])));

	if (!facts.has_sources) {
		$('run').replaceChildren(html('p', { class: 'note' }, 'These rows are from a file alone: how they were fetched is not known.'));
		return;
	}
	$('run').replaceChildren(html('div', { class: 'cards' }, ...Object.entries(manifest.sources).map(sourceCard), asked,
		html('section', { class: 'card' }, html('h2', {}, 'What became of it'), html('dl', {}, html('dt', {}, 'Source records'),
			html('dd', {}, count(merge.source_records)), html('dt', {}, 'Papers'), html('dd', {}, count(merge.papers)), html('dt', {}, 'Merged away'),
			html('dd', {}, count(merge.merged)), html('dt', {}, 'DOIs in conflict'), html('dd', {}, count(merge.conflicts.length))))));
}

showTiles();
showChanges();
showRun();
