// The two ways in which a site has the agent: by a script tag, and as a module of its own bundle.

import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
/** Options that are lists of rules, in which there are spaces. */
const RULES = ['sampling', 'scrub'];
const dashed = (name) => name.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());

export const tag = {
  name: 'tag',
  markup(options) {
    const attributes = Object.entries(options).map(([name, value]) => ` data-${dashed(name)}="${escaped([value].flat().join(RULES.includes(name) ? ' | ' : ' '))}"`);
    return `<script async src="/dist/vitrum.js"${attributes.join('')}></script>`;
  },
  /** Whether a request of the page is for what the agent loads late. */
  isLate: (path) => path === '/dist/agent.js' || path === '/dist/vitrum.wasm',
  setConsent: (page, state) => page.evaluate((state) => window.vitrum.push(['consent', state]), state),
  stop: (page) => page.evaluate(() => window.vitrum.push(['stop'])),
};

export const npm = {
  name: 'npm',
  markup(options) {
    const text = JSON.stringify(options).replaceAll('<', '\\u003c');
    return `<script type="application/json" id="options">${text}</script><script type="module" src="/npm/shop.js"></script>`;
  },
  isLate: (path) => path.startsWith('/npm/inline-'),
  setConsent: (page, state) => page.evaluate((state) => window.agent.consent(state), state),
  stop: (page) => page.evaluate(() => window.agent.stop()),
};

/** Bundles the site of the npm form as its owner would. Returns the folder. */
export async function bundle() {
  const outdir = mkdtempSync(join(tmpdir(), 'vitrum-npm-'));
  const entryPoints = { shop: resolve('www/stories/shop.mjs') };
  await build({ entryPoints, outdir, bundle: true, splitting: true, format: 'esm', chunkNames: '[name]-[hash]', logLevel: 'error' });
  return outdir;
}
