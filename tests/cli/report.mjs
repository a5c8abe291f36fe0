// Usage: node report.mjs MODULES CHROMIUM SHEET
// Use a report page as people do.  The sheet is JSON: {page, papers, filters: [[control, value, papers]], sorts: [[order, first title]],
// audits: [{paper, title, terms}], what `fineset audit` says of some papers, hostile, hostileTitles}.
// Prints a line `ok NAME` or `not ok NAME: what there was` for each thing that is looked at.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [modules, executablePath, sheetPath] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)('playwright-core');
const sheet = JSON.parse(readFileSync(sheetPath, 'utf8'));
const complaints = [];

function is(got, expected, name) {
	const same = JSON.stringify(got) === JSON.stringify(expected);

	console.log(same ? `ok ${name}` : `not ok ${name}: ${JSON.stringify(got)} instead of ${JSON.stringify(expected)}`);
}

async function open(browser, file, { hash = '', ...options } = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
	const page = await context.newPage(), address = pathToFileURL(file).href;

	page.setDefaultTimeout(20000);
	page.on('console', message => complaints.push(`${message.type()}: ${message.text()}`));
	page.on('pageerror', error => complaints.push(`error: ${error.message}`));
	page.on('request', request => {
		if (request.url().split('#')[0] !== address && !request.url().startsWith('data:'))
			complaints.push(`request: ${request.url()}`);
	});
	await page.goto(address + hash);
	return page;
}

const count = page => page.textContent('#count');
const titles = page => page.locator('#body .title button').allTextContents();
const hash = async page => {
	await page.waitForTimeout(400);
	return new URL(page.url()).hash;
};

async function tabs(page) {
	const shown = () => page.locator('[role=tabpanel]:visible').evaluateAll(panels => panels.map(panel => panel.id));

	is(await shown(), ['overview'], 'the overview comes first');
	for (const view of ['papers', 'changes', 'run', 'overview']) {
		await page.click(`#tab-${view}`);
		is(await shown(), [view], `the tab of ${view}`);
	}
	await page.focus('#tab-overview');
	await page.keyboard.press('ArrowRight');
	is(await shown(), ['papers'], 'tabs by the arrow keys');
	await page.keyboard.press('End');
	is(await shown(), ['run'], 'the last tab by End');
	is(await page.evaluate(() => document.activeElement.id), 'tab-run', 'the focus goes along');
	await page.click('#tab-overview');
	is(await page.locator('#charts svg').count() > 1, true, 'charts are drawn');
}

async function search(page) {
	await page.keyboard.press('/');
	await page.keyboard.type('gitlab tales');
	is(await count(page), `1 of ${sheet.papers} papers`, 'search as one types');
	is(await titles(page), ['GitLab Tales of Speculative Decoding'], 'the paper that was looked for');
	is(await hash(page), '#view=papers&q=gitlab+tales', 'the search stands in the address');
	await page.fill('#q', 'no such paper at all');
	is(await page.isVisible('#none'), true, 'nothing found is told');
	await page.click('#clear');
	is(await count(page), `${sheet.papers} papers`, 'and cleared');
}

async function filters(page) {
	for (const [name, value, papers] of sheet.filters) {
		await (name === 'min' || name === 'max' ? page.fill(`#${name}`, value) : page.selectOption(`#${name}`, value));
		is(await count(page), `${papers} of ${sheet.papers} papers`, `filter ${name} ${value}`);
		is((await hash(page)).includes(`${name}=`), true, `filter ${name} stands in the address`);
		await page.click('#reset');
		is(await count(page), `${sheet.papers} papers`, `filter ${name} cleared`);
	}
}

async function sorting(page) {
	await page.click('#tab-papers');
	for (const [name, first] of sheet.sorts) {
		await page.selectOption('#sort', name);
		is((await titles(page))[0], first, `the first by ${name}`);
		is(await page.locator(`th[aria-sort][data-sort=${name}]`).count() <= 1, true, `the order by ${name} is told`);
	}
	await page.selectOption('#sort', 'score');
	const before = await titles(page);
	await page.click('#heads button[data-sort=score]');
	is((await titles(page))[0] !== before[0], true, 'the head of a column turns the order');
	await page.click('#order');
	is(await titles(page), before, 'and turns it back');
	await page.click('#pages [aria-label="Next page"]');
	is((await titles(page)).some(title => before.includes(title)), false, 'the next page has others');
	await page.click('#pages [aria-label="First page"]');
	is(await titles(page), before, 'and the first page these');
}

async function audits(page) {
	for (const { paper, title, terms } of sheet.audits) {
		await page.evaluate(to => { location.hash = to; }, `#view=papers&paper=${encodeURIComponent(paper)}`);
		await page.waitForSelector('#paper[open]');
		is(await page.textContent('#paper-title'), title, `the paper ${paper}`);
		const shown = await page.locator('#paper [data-term]').evaluateAll(cells => Object.fromEntries(cells.map(cell => [cell.dataset.term, Number(cell.dataset.value)])));
		const differ = Object.keys(terms).filter(name => !(Math.abs(shown[name] - terms[name]) < 1e-12));
		is(differ.map(name => [name, shown[name], terms[name]]), [], `its score as \`audit\` explains it`);
		is(await page.locator('#paper .same').count(), 1, 'and it reproduces');
		const links = await page.locator('#paper a').evaluateAll(all => all.filter(a => !/^https?:/.test(a.href) || !a.rel.includes('noopener')).map(a => a.href));
		is(links, [], 'its links lead to the web, and give nothing away');
		await page.keyboard.press('Escape');
		is(await page.isVisible('#paper'), false, 'Escape closes it');
		await page.waitForFunction(() => !location.hash.includes('paper='));
	}
	await page.evaluate(() => { location.hash = '#view=papers'; });
	await page.locator('#body .title button').first().focus();
	await page.keyboard.press('Enter');
	is(await page.isVisible('#paper'), true, 'Enter on a title opens its audit');
	await page.click('#close');
}

async function themes(browser) {
	for (const colorScheme of ['light', 'dark']) {
		const page = await open(browser, sheet.page, { colorScheme });
		const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).map(Number));
		const isDark = async () => Math.max(...await background()) < 100;

		is(await isDark(), colorScheme === 'dark', `${colorScheme} where that is wished`);
		await page.click('#theme');
		is(await isDark(), false, 'light when that is chosen');
		await page.click('#theme');
		is(await isDark(), true, 'dark when that is chosen');
		await page.context().close();
	}
}

async function phone(browser) {
	for (const view of ['overview', 'papers', 'changes', 'run']) {
		const page = await open(browser, sheet.page, { hash: `#view=${view}`, viewport: { width: 360, height: 740 } });

		is(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${view} fits a phone`);
		await page.context().close();
	}
}

async function address(browser) {
	const page = await open(browser, sheet.page, { hash: '#view=papers&q=speculative&code=yes&sort=date&order=asc' });

	is([await page.inputValue('#q'), await page.inputValue('#code'), await page.textContent('#order')], ['speculative', 'yes', 'ascending'], 'an address that was passed on');
	is(await count(page), `${sheet.filters.find(([name, value]) => name === 'code' && value === 'yes')[2]} of ${sheet.papers} papers`, 'and what it selects');
	await page.context().close();
	const odd = await open(browser, sheet.page, { hash: '#view=__proto__&sort=constructor&page=-7&year=x&paper=%3Cscript%3E&q=%22%3E%3Cimg%20src%3Dx%3E' });
	is(await count(odd), `0 of ${sheet.papers} papers`, 'an address that makes no sense does no harm');
	await odd.context().close();
}

async function hostile(browser, scripts) {
	const page = await open(browser, sheet.hostile, { hash: '#view=papers' });

	is((await titles(page)).sort(), [...sheet.hostileTitles].sort(), 'hostile titles are text');
	for (const view of ['overview', 'changes', 'run', 'papers'])
		await page.click(`#tab-${view}`);
	for (let i = 0; i < sheet.hostileTitles.length; i++) {
		await page.locator('#body .title button').nth(i).click();
		const bad = await page.locator('#paper a').evaluateAll(all => all.filter(a => !/^https?:/.test(a.href)).map(a => a.href));
		is(bad, [], 'no link but to the web');
		await page.keyboard.press('Escape');
	}
	is(await page.evaluate(() => [window.hit, document.scripts.length, document.images.length]), [undefined, scripts, 0], 'nothing of theirs runs');
	await page.context().close();
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
	const page = await open(browser, sheet.page);

	await tabs(page);
	await search(page);
	await filters(page);
	await sorting(page);
	await audits(page);
	await themes(browser);
	await phone(browser);
	await address(browser);
	await hostile(browser, await page.evaluate(() => document.scripts.length));
	is(complaints, [], 'no error, and no request leaves the page');
} finally {
	await browser.close();
}
