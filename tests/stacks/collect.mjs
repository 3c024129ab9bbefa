// Plays errors of every kind in the three browsers, and writes what their stacks are and where each frame has to be into
// collected/. Where that is the sources know: they have marks around their functions. `./build.sh stacks` does it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import binaryen from 'binaryen';
import { chromium } from 'playwright-core';
import { firefox, webkit } from '../e2e/browsers.mjs';
import { Browser } from '../e2e/webdriver.mjs';
import { CASES } from './cases.mjs';
import { CHROMIUM } from '../e2e/launch.mjs';

const HERE = 'tests/stacks';
/** What the addresses of this machine are called in what is written, so that it is the same each time. */
const OWN = 'https://shop.example';
const OTHER = 'https://cdn.other.test';
const FOLDER = 'file:///home/shop/site';

const site = (name) => readFileSync(join(HERE, 'site', name), 'utf8');
binaryen.setDebugInfo(true);
const trap = binaryen.parseText(`(module
  (import "page" "fail" (func $fail))
  (func $through (export "through") (call $fail))
  (func $trap (export "trap") (unreachable)))`);

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', mjs: 'text/javascript; charset=utf-8', wasm: 'application/wasm' };

/** What is served, and where. */
const FILES = new Map([
  ['/odd (1)/my file@2.0.1.js', site('odd.js')],
  ['/app/trap.wasm', trap.emitBinary()],
  ...['harness.js', 'plain.js', 'line.min.js', 'worker.js', 'module.mjs', 'fail.mjs', 'broken.mjs', 'syntax.mjs'].map((name) => [`/app/${name}`, site(name)]),
  ...['other.js', 'muted.js'].map((name) => [`/${name}`, site(name)]),
]);

async function serve(page) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    const body = path === '/page/12345' ? page() : FILES.get(path);
    const type = path === '/page/12345' ? TYPES.html : TYPES[path.split('.').at(-1)] ?? 'text/plain';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type, 'access-control-allow-origin': '*' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return server;
}

/** Where the marks are in a source: from the first to the last line and column of each name. */
function marks(source) {
  const found = new Map();
  const open = [];
  const at = (index) => {
    const before = source.slice(0, index).split('\n');
    return [before.length, before.at(-1).length + 1].join(':');
  };
  for (const { 0: mark, 1: name, index } of source.matchAll(/\/\*<([^*]*)\*\/|\/\*>[^*]*\*\//g)) {
    if (name !== undefined) open.push([name, index]);
    else {
      const [opened, start] = open.pop();
      found.set(opened, [at(start), at(index + mark.length)]);
    }
  }
  return found;
}

const PLACES = new Map(
  Object.entries({
    plain: [`${OWN}/app/plain.js`, site('plain.js')],
    line: [`${OWN}/app/line.min.js?v=4&build=7`, site('line.min.js')],
    worker: [`${OWN}/app/worker.js`, site('worker.js')],
    module: [`${OWN}/app/module.mjs`, site('module.mjs')],
    fail: [`${OWN}/app/fail.mjs`, site('fail.mjs')],
    broken: [`${OWN}/app/broken.mjs?v=123`, site('broken.mjs')],
    odd: [`${OWN}/odd%20(1)/my%20file@2.0.1.js`, site('odd.js')],
    other: [`${OTHER}/other.js`, site('other.js')],
    page: [`${OWN}/page/12345?customer=7`, site('page.html')],
    file: [`${FOLDER}/file%20(1).js`, site('file.js')],
    extension: ['EXTENSION/content.js', readFileSync(join(HERE, 'extension/content.js'), 'utf8')],
  }).map(([key, [url, source]]) => [key, { url, marks: marks(source) }]),
);

/** A line for each frame that is expected: whether it may be absent, from where to where, URL, name. */
function expectation(entry, extension) {
  if (/^[\d*]/.test(entry)) return `f sure ${entry.replace('PAGE', `${OWN}/page/12345`).replace('APP', `${OWN}/app`)}`.trimEnd();
  const [, key, mark, name, doubt] = /^(\w+)#([^=?]+)(?:=([^?]*))?(\?)?$/.exec(entry);
  const { url, marks } = PLACES.get(key);
  const range = marks.get(mark);
  if (!range) throw new Error(`there is no mark ${mark} in ${key}`);
  return ['f', doubt ? 'maybe' : 'sure', ...range, url.replace('EXTENSION', extension), name ?? mark].join(' ').trimEnd();
}

const escaped = (text) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** Plays in a page, and gives the lines to be written. */
async function collect(browser, version, visits, extension) {
  const lines = [`browser ${version}`];
  for (const { names, url, open, rename } of visits) {
    for (const name of names) {
      const page = await open();
      const told = await page.evaluate((name) => play(name), name);
      await page.close();
      const { name: type, message, stack } = Object.fromEntries(Object.entries(told).map(([key, text]) => [key, rename(String(text))]));
      const { frames } = CASES[name];
      const expected = Array.isArray(frames) ? frames : frames[browser];
      lines.push('', `case ${name}`, `page ${rename(url)}`, `type ${type}`, `message ${escaped(message)}`, `stack ${escaped(stack)}`);
      lines.push(...expected.map((entry) => expectation(entry, extension)));
    }
  }
  writeFileSync(join(HERE, 'collected', `${browser}.txt`), `${lines.join('\n')}\n`);
  console.log(`${browser}: ${lines.filter((line) => line.startsWith('case ')).length} stacks`);
}

const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'vitrum-stacks-'));
const others = await serve();
const other = `http://localhost:${others.address().port}`;
const owns = await serve(() => site('page.html').replaceAll('OTHER', other));
const own = `http://127.0.0.1:${owns.address().port}`;
for (const name of ['harness.js', 'file.html']) writeFileSync(join(folder, name), site(name));
writeFileSync(join(folder, 'file (1).js'), site('file.js'));
const rename = (text) =>
  text.replaceAll(own, OWN).replaceAll(other, OTHER).replaceAll(pathToFileURL(folder).href, FOLDER).replace(/(blob:\S*\/)[0-9a-f-]{36}/g, '$100000000-0000-0000-0000-000000000000');
const url = `${own}/page/12345?customer=7`;
const file = pathToFileURL(join(folder, 'file.html')).href;
const names = (place) => Object.keys(CASES).filter((name) => (CASES[name].in ?? 'page') === place);

async function visits(open, extensionOpen) {
  const at = (url, open) => async () => {
    const page = await open();
    await page.goto(url);
    await page.waitForFunction(() => globalThis.isReady || location.protocol === 'file:');
    return page;
  };
  return [
    { names: names('page'), url, open: at(url, open), rename },
    { names: names('file'), url: file, open: at(file, open), rename },
    ...(extensionOpen ? [{ names: names('extension'), url, open: at(url, extensionOpen), rename }] : []),
  ];
}

// Extensions are played here only: Firefox takes their frames out of what it tells a page, and WebKitGTK has none.
if (!wanted.length || wanted.includes('chromium')) {
  const extension = join(process.cwd(), HERE, 'extension');
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--headless=new', `--disable-extensions-except=${extension}`, `--load-extension=${extension}`],
    ignoreDefaultArgs: ['--disable-extensions'],
  });
  const page = await context.newPage();
  await page.goto(url);
  const { stack } = await page.evaluate(() => play('extension'));
  const found = /chrome-extension:\/\/\w+/.exec(stack)?.[0];
  await collect('chromium', context.browser().version().replace(/^/, 'Chromium '), await visits(() => context.newPage(), () => context.newPage()), found);
  await context.close();
}

for (const kind of [firefox, webkit]) {
  const name = kind === firefox ? 'firefox' : 'webkit';
  if (wanted.length && !wanted.includes(name)) continue;
  const browser = await Browser.start(kind.launch);
  try {
    await collect(name, `${kind.name} ${browser.version}`, await visits(() => browser.open()));
  } finally {
    await browser.close();
  }
}
others.close();
owns.close();
rmSync(folder, { recursive: true });
process.exit();
