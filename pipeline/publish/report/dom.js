'use strict';

// Making elements: text goes in as text, never as markup.

const $ = id => document.getElementById(id);
// What stands in the page as JSON.
function readData(id) {
	const element = $(id), data = JSON.parse(element.textContent);

	element.remove();
	return data;
}

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes))
		if (value !== null && value !== false)
			element.setAttribute(name, value === true ? '' : value);
	element.append(...children.filter(child => child !== null));
	return element;
}

// html('p', {class: 'dim'}, 'text', child...)
const html = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// A link to elsewhere, or its text alone where the address is none that a paper has.
function link(address, text, label = null) {
	let url;

	try {
		url = new URL(address);
	} catch {
		return html('span', {}, text);
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:')
		return html('span', {}, text);
	return html('a', { href: url.href, rel: 'noopener noreferrer', target: '_blank', 'aria-label': label }, text);
}

const numbers = new Intl.NumberFormat('en');
const count = number => numbers.format(number);
const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;
// A share in percent; 100 % only if it is all, 0 % only if it is nothing.
function share(part, whole) {
	const percent = whole === 0 ? 0 : part / whole * 100;

	if (percent > 0 && percent < 1)
		return '< 1 %';
	return `${percent < 100 ? Math.min(99, Math.round(percent)) : 100} %`;
}

// A table of numbers: the heads, then rows of cells; those of the first column name the row.
function numberTable(heads, lines) {
	return html('table', { class: 'numbers' },
		html('thead', {}, html('tr', {}, ...heads.map(head => html('th', { scope: 'col' }, head)))),
		html('tbody', {}, ...lines.map(line => html('tr', {},
			...line.map((cell, i) => i === 0 ? html('th', { scope: 'row', dir: 'auto' }, cell) : html('td', {}, cell))))));
}
