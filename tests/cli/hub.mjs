// Usage: node hub.mjs MODULES HUB TOKEN NAMESPACE/NAME DIR
// Send the files of DIR to a dataset, which is made, with the Hub's own client: as people do who have no fineset.
import { createRequire } from 'node:module';
import { openAsBlob, readdirSync } from 'node:fs';

const [modules, hubUrl, accessToken, name, dir] = process.argv.slice(2);
const { commit, createRepo } = createRequire(`${modules}/`)('@huggingface/hub');
const repo = { type: 'dataset', name };

await createRepo({ repo, hubUrl, accessToken });
const operations = await Promise.all(readdirSync(dir).sort().map(async path =>
	({ operation: 'addOrUpdate', path, content: await openAsBlob(`${dir}/${path}`) })));
const made = await commit({ repo, hubUrl, accessToken, useXet: false, title: 'a snapshot', operations });
console.log(made.commit.oid);
