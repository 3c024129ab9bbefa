// The page in all the states that are compared: the same but for one line, which has the agent.

import { build } from 'esbuild';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DIST = resolve(process.env.VITRUM_DIST || 'dist');
const HERE = 'tests/e2e/network';

/** The states; `bare` is what the others are held against. */
export const STATES = {
  bare: {},
  // The script of the tag is there, and what it loads never comes.
  early: { form: 'tag', held: 'for-ever' },
  tag: { form: 'tag', isRunning: true },
  npm: { form: 'npm', isRunning: true },
  stopped: { form: 'tag', isRunning: true, isStopped: true },
  'stopped npm': { form: 'npm', isRunning: true, isStopped: true },
};

/** Folders of the server by their names in the path; `bundle` is one to be removed. */
export async function folders() {
  const bundle = mkdtempSync(join(tmpdir(), 'vitrum-network-'));
  await build({
    entryPoints: { shop: `${HERE}/page/shop.mjs` },
    alias: { vitrum: join(DIST, 'index.js') },
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    logLevel: 'error',
  });
  return { dist: DIST, npm: bundle, page: `${HERE}/page`, checks: `${HERE}/checks`, patches: `${HERE}/patches`, wrappers: `${HERE}/wrappers` };
}

/** Runs before all else in each page, whether it has the agent or not. */
const WITNESS = readFileSync(`${HERE}/page/witness.js`, 'utf8');
const text = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');

/**
 * Makes the page. `wrapper` is the name of a script that stands in the agent's place; `stories` are the modules by whose
 * names the query may ask for one.
 */
export const pageOf = (state, server, { checks = [], patches = [], wrapper }, stories) => (run, query) => {
  const { form, held, isRunning, isStopped } = STATES[state];
  const subject = query.get('subject') ?? undefined;
  const story = subject && Number(query.get('story'));
  const told = subject && Object.values(stories[subject])[story];
  const word = held ?? (told && `${subject}.${story}`);
  const folder = (name) => (word ? `${server.intake}/${run.name}/${name}~${word}` : name);
  const propagateTo = `${run.other}/listed`;
  const agent = {
    tag: `<script async crossorigin src="${folder('dist')}/vitrum.js" data-endpoint="${server.intake}" data-service="network" data-propagate-to="${propagateTo}" onload="conformance.load()"></script>`,
    npm: `<script type="module">window.conformance.options = ${text({ endpoint: server.intake, service: 'network', propagateTo: [propagateTo] })}</script><script type="module" src="${folder('npm')}/shop.js"></script>`,
  };
  const conformance = { run: run.name, own: server.own, other: server.other, backstage: server.backstage, state, form, isRunning, isStopped, word, checks, patches, subject, story };
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>Conformance</title>
<link rel="icon" href="data:," />
<script>window.conformance = ${text(conformance)};</script>
<script>${WITNESS}</script>
<script>${told?.before ? `({ ${told.before} }).before();` : ''}</script>
${wrapper ? `<script>${wrapper}</script>` : (agent[form] ?? '')}
<script type="module" src="page/play.mjs"></script>
<body></body>
</html>
`;
};
