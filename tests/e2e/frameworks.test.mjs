// The real frameworks hand what they catch to the agent, and do besides what they do without it. Angular, which needs a compiler of
// its own, is stood for by its convention: an object with `handleError`.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before } from 'node:test';
import { build } from 'esbuild';
import { compile } from 'svelte/compiler';
import { npm, tag } from './forms.mjs';
import { story } from './stage.mjs';

let folder;
const svelte = {
  name: 'svelte',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({ contents: compile(readFileSync(path, 'utf8'), { generate: 'client', filename: path }).js.code })),
};
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vitrum-frameworks-'));
  await build({
    entryPoints: { app: resolve('tests/e2e/frameworks/app.mjs') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    logLevel: 'error',
    plugins: [svelte],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
  });
});
after(() => rmSync(folder, { recursive: true }));

const APP = '<script type="module" src="/frameworks/app.js"></script>';
const FORMS = [
  { ...tag, markup: (options) => tag.markup(options) + APP },
  { ...npm, markup: (options) => npm.markup(options).replace(/<script type="module".*/, APP) },
];

/** What each fails with, and what is told: source, whether it is dealt with, what the site is said of it. */
const EXPECTED = {
  reactCaught: ['react caught', 'react', true, { component: 'Cart' }],
  reactUncaught: ['react uncaught', 'react', false, { component: 'Cart' }],
  reactBoundary: ['react boundary', 'react', true, { component: 'Cart' }],
  vue: ['vue', 'vue', true, { component: 'Basket' }],
  vueBefore: ['vue before', 'vue', true, {}],
  solid: ['solid', 'solid', true, {}],
  svelte: ['svelte', 'svelte', true, {}],
  angular: ['angular', 'angular', true, {}],
};

story(
  'what a framework has caught is told once, with its name and the part that failed',
  async (stage) => {
    stage.site.roots.frameworks = folder;
    await stage.options({ consoleErrors: true }).watch('plain.html');
    await stage.held(() => window.fail);
    const shown = {};
    for (const name of Object.keys(EXPECTED)) shown[name] = await stage.run((name) => window.fail[name](), name);
    const records = await stage.until('all', (records) => records.events('exception').length >= 8);
    const told = records.events('exception').map((failure) => {
      const { 'vitrum.error.context.component': component } = failure;
      return [failure['exception.message'], failure['vitrum.error.source'], failure['vitrum.error.handled'], component ? { component } : {}];
    });
    assert.deepEqual(told.sort(), Object.values(EXPECTED).sort());
    for (const failure of records.events('exception')) assert.equal(failure['exception.type'], 'RangeError');
    assert.equal(shown.solid, 'instead of solid');
    await stage.held(() => document.body.textContent.includes('instead of svelte'));
    assert.deepEqual(await stage.run(() => window.before), ['vue before', 'string'], 'the handler that was there is called');
    // What is uncaught is uncaught for all, and what is caught is on the console, as ever.
    assert.deepEqual(stage.uncaught.map(({ message }) => message), ['react uncaught']);
    const errors = stage.console.filter(({ type }) => type === 'error').map(({ text }) => text);
    for (const text of ['react caught', 'react boundary', 'RangeError: vue\n', 'ERROR RangeError: angular']) assert.ok(errors.some((line) => line.includes(text)), `${text} is not on the console: ${errors}`);
    await stage.leave();
    const all = await stage.until('the CLS', (records) => records.vital('cls'));
    assert.deepEqual([all.events('exception').length, all.events('vitrum.error_repeats')], [8, []], 'neither the window nor the console tells it again');
  },
  FORMS,
);
