// Builds an app, changes what has nothing to do with its errors, builds it again, and writes what stacks the three browsers
// tell of each build into collected/builds.txt. `./build.sh stacks builds` does it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { firefox, webkit } from '../e2e/browsers.mjs';
import { Browser } from '../e2e/webdriver.mjs';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const APP = 'tests/stacks/app';
const RUNS = 15;

/** What a change adds: so many functions. */
const more = (count) =>
  Array.from({ length: count }, (_, number) => `globalThis.more${count}with${number} = (first, second) => { const third = first + second; return third * ${number}; };`).join('\n');

/** What is changed, by the mark it stands at. */
const BUILDS = {
  first: {},
  early: { EARLY: "import './added1.js';" },
  between: { BETWEEN: "import './added2.js';" },
  late: { LATE: "import './added3.js';" },
  all: { EARLY: "import './added1.js';", BETWEEN: "import './added2.js';", LATE: "import './added3.js';" },
};

async function bundle(changes, splitting, minify, folder) {
  const changed = {
    name: 'changed',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /app\/main\.js$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8').replace(/\/\* (EARLY|BETWEEN|LATE) \*\//g, (_, mark) => changes[mark] ?? '');
        // In parts of its own, what is of one subject.
        return { contents: splitting ? text.replace(/import (\{.*\}) from ('.\/(?:menu|search).js');/g, 'const $1 = await import($2);') : text };
      });
      onResolve({ filter: /added\d\.js$/ }, ({ path }) => ({ path, namespace: 'added' }));
      onLoad({ filter: /.*/, namespace: 'added' }, ({ path }) => ({ contents: more(20 * path.at(-4)) }));
    },
  };
  await build({
    entryPoints: { app: `${APP}/main.js` }, bundle: true, minify, splitting, format: 'esm', target: 'es2022', outdir: folder,
    entryNames: '[name]-[hash]', chunkNames: '[name]-[hash]', plugins: [changed], logLevel: 'warning',
  });
}

const folder = mkdtempSync(join(tmpdir(), 'vitrum-builds-'));
const kinds = { whole: [false, true], split: [true, true], plain: [false, false] };
for (const [kind, [splitting, minify]] of Object.entries(kinds)) {
  for (const [name, changes] of Object.entries(BUILDS)) await bundle(changes, splitting, minify, join(folder, kind, name));
}
const server = createServer(({ url }, response) => {
  const [, kind, name, file] = url.split('/');
  if (!(kind in kinds)) return response.writeHead(404).end();
  const entry = readdirSync(join(folder, kind, name)).find((file) => file.startsWith('app-'));
  response.setHeader('content-type', file ? 'text/javascript' : 'text/html');
  if (file === 'harness.js') return response.end(readFileSync('tests/stacks/site/harness.js'));
  response.end(file ? readFileSync(join(folder, kind, name, file)) : `<!doctype html><body><script src="harness.js"></script><script type="module" src="${entry}"></script>`);
});
await new Promise((resolve) => server.listen(0, resolve));
const own = `http://127.0.0.1:${server.address().port}`;

const lines = [];
const escaped = (text) => text.replaceAll(own, 'https://shop.example').replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
async function collect(browser, open) {
  for (const kind of Object.keys(kinds)) {
    for (const name of Object.keys(BUILDS)) {
      const page = await open();
      for (let number = 0; number < RUNS; number++) {
        await page.goto(`${own}/${kind}/${name}/`);
        await page.waitForFunction(() => globalThis.isReady);
        const told = await page.evaluate((number) => play(number), number);
        lines.push(`case ${browser} ${kind} ${name} ${number}`, `type ${told.name}`, `message ${escaped(told.message)}`, `stack ${escaped(told.stack)}`, '');
      }
      await page.close();
    }
  }
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
await collect('Chromium', () => browser.newPage());
await browser.close();
for (const kind of [firefox, webkit]) {
  const browser = await Browser.start(kind.launch);
  try {
    await collect(kind.name, () => browser.open());
  } finally {
    await browser.close();
  }
}
writeFileSync('tests/stacks/collected/builds.txt', lines.join('\n'));
server.close();
rmSync(folder, { recursive: true });
process.exit();
