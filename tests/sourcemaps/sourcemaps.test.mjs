// Stacks of real minified builds, thrown in real browsers, are shown as the code was written: file, line, function and the lines
// around. Each bundler's output is uploaded by the program as its users would.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { firefox, webkit } from '../e2e/browsers.mjs';
import { Collector } from '../e2e/collector.mjs';
import { tag } from '../e2e/forms.mjs';
import { Browser } from '../e2e/webdriver.mjs';
import { BUNDLERS, published } from './bundlers.mjs';
import { CHROMIUM, FLAGS } from '../e2e/launch.mjs';

const TOKEN = 'the token of the tests';
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PROGRAM = resolve('target/debug/vitrum-collector');

/** What each way to fail has in its stack: mark of the line, file, and function, where it has a name of its own. */
const WAYS = {
  checkout: [
    ['discount', 'lib/discount.js', 'applyDiscount'],
    ['total', 'cart.js', /^(Cart\.)?total$/],
    ['checkout', 'main.js', 'checkout'],
    ['way checkout', 'main.js', 'checkout'],
  ],
  preview: [
    ['label', 'label.js', 'labelOf'],
    ['quoted', 'label.js', null],
    ['quoted', 'label.js', 'labelsOf'],
    ['preview', 'main.js', 'preview'],
    ['way preview', 'main.js', 'preview'],
  ],
  pay: [
    ['label', 'label.js', 'labelOf'],
    ['print', 'receipt.js', /^(Receipt\.)?print$/],
    ['pay', 'main.js', 'pay'],
  ],
  wrapped: [
    ['closed', 'main.js', 'wrapped'],
    ['way wrapped', 'main.js', 'wrapped'],
  ],
};
const CAUSE = [['discount', 'lib/discount.js', 'applyDiscount'], ['total', 'cart.js', /^(Cart\.)?total$/], ['checkout', 'main.js', 'checkout'], ['wrapped', 'main.js', 'wrapped']];

/** What Chromium had in its stacks, by bundler. */
const told = {};

const line = (file, mark) => {
  const lines = readFileSync(join('tests/sourcemaps/app', file), 'utf8').split('\n');
  const at = lines.findIndex((text) => text.endsWith(`// mark: ${mark}`));
  assert.notEqual(at, -1, `${file} has the mark ${mark}`);
  return { number: at + 1, lines: lines.slice(Math.max(0, at - 3), at + 4), first: Math.max(1, at - 2) };
};

let collector;
let folder;
/** By name: what opens a page in it. */
const browsers = {};
const closing = [];

before(async () => {
  process.env.VITRUM_TOKEN = TOKEN;
  folder = mkdtempSync(join(tmpdir(), 'vitrum-sourcemaps-'));
  collector = await Collector.start();
  const chrome = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  browsers.Chromium = () => chrome.newPage();
  closing.push(chrome);
  for (const { name, launch } of [firefox, webkit]) {
    const browser = await Browser.start(launch);
    browsers[name] = () => browser.open();
    closing.push(browser);
  }
});

after(async () => {
  await Promise.all(closing.map((browser) => browser.close()));
  await collector?.close();
  rmSync(folder, { recursive: true });
});

/** The site; `/agent.html` is its page with the agent in it. */
async function serve(root) {
  const server = createServer((request, response) => {
    const isWatched = request.url === '/agent.html';
    const path = request.url === '/' || isWatched ? '/index.html' : request.url;
    try {
      const body = readFileSync(path.startsWith('/dist/') ? path.slice(1) : join(root, path));
      const markup = tag.markup({ endpoint: collector.origin, service: 'watched', version: root.split('/').at(-2) });
      response.writeHead(200, { 'content-type': TYPES[extname(path)] }).end(isWatched ? String(body).replace('<script', () => `${markup}<script`) : body);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** The stacks that the ways to fail have in a browser, as it has them; a cause is added in the form of the wire. */
async function thrown(browser, origin) {
  const page = await browsers[browser]();
  try {
    await page.goto(origin);
    await page.waitForFunction(() => window.ways !== undefined);
    await page.evaluate(() => void window.ways.fine());
    return await page.evaluate(async (names) => {
      const text = ({ name, message, stack }) => (stack.startsWith(name) ? stack : `${name}: ${message}\n${stack}`);
      const stacks = {};
      for (const name of names) {
        try {
          await window.ways[name]();
        } catch (error) {
          stacks[name] = text(error) + (error.cause ? `\nCaused by: ${text(error.cause)}` : '');
        }
      }
      return stacks;
    }, Object.keys(WAYS));
  } finally {
    await page.close();
  }
}

/** Sends each stack as the record of one error, known by its own fingerprint. */
async function tell(release, browser, stacks) {
  const text = (key, stringValue) => ({ key, value: { stringValue } });
  const logRecords = Object.entries(stacks).map(([name, stack], at) => ({
    eventName: 'exception',
    timeUnixNano: `${Date.now()}000000`,
    attributes: [
      text('exception.type', 'TypeError'), text('exception.message', name), text('exception.stacktrace', stack),
      text('vitrum.error.fingerprint', fingerprint(release, browser, at)),
    ],
  }));
  const resource = { attributes: [text('service.name', 'shop'), text('service.version', release)] };
  const body = JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  const answer = await fetch(`${collector.origin}/v1/logs`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  assert.equal(answer.status, 200);
}

const RELEASES = Object.keys(BUNDLERS);
const fingerprint = (release, browser, at) => `${RELEASES.indexOf(release) + 1}${Object.keys(browsers).indexOf(browser) + 1}${at}`.padStart(16, '0');

async function shown(release, name, browser = 'Chromium') {
  const answer = await fetch(`${collector.origin}/api/errors/${fingerprint(release, browser, Object.keys(WAYS).indexOf(name))}`);
  assert.equal(answer.status, 200);
  return (await answer.json()).shown.stack;
}

const upload = (from, release, ...more) =>
  execFileSync(PROGRAM, ['sourcemaps', 'upload', from, '--release', release, '--to', collector.origin, ...more], { encoding: 'utf8', stdio: 'pipe' });

/**
 * The frames, from the innermost on; those of the browser itself are left out, and what is above the way is of its driver. WebKit
 * has no frame of a function that ends with a call (a proper tail call), so what is expected there may be absent.
 */
function check(frames, expected, name, browser) {
  const own = frames.filter(({ place }) => place !== null);
  let at = 0;
  for (const [mark, file, called] of expected) {
    const { number, lines, first } = line(file, mark);
    const { original, function: minified, place } = own[at] ?? {};
    const said = `${name}, frame ${at} (${minified} ${JSON.stringify(place)}): ${JSON.stringify(original)}`;
    const isHere = original != null && (original.file === file || original.file.endsWith(`/${file}`)) && original.line === number;
    if (browser === 'WebKitGTK' && at > 0 && !isHere) continue;
    assert.ok(isHere, `${said} is not line ${number} of ${file}`);
    if (called instanceof RegExp) assert.match(original.function, called, said);
    else if (called !== null) assert.equal(original.function, called, said);
    assert.deepEqual(original.context, { first_line: first, lines: lines.filter((_, at) => at < original.context.lines.length) }, said);
    assert.equal(original.is_library, false, said);
    at += 1;
  }
  return at;
}

for (const [release, build] of Object.entries(BUNDLERS)) {
  test(`stacks of ${release} are shown as the code was written`, { timeout: 120_000 }, async () => {
    const [built, site] = ['built', 'site'].map((name) => join(folder, release, name));
    await build(built);
    published(built, site);
    const server = await serve(site);
    try {
      for (const browser of Object.keys(browsers)) {
        const stacks = await thrown(browser, server.origin);
        assert.deepEqual(Object.keys(stacks), Object.keys(WAYS));
        if (browser === 'Chromium') told[release] = stacks;
        await tell(release, browser, stacks);
      }
      const script = readdirSync(join(built, 'assets')).find((file) => file.endsWith('.js'));

      const before = await shown(release, 'checkout');
      assert.deepEqual([before.has_maps, before.missing], [false, [`/assets/${script}`]]);
      assert.ok(before.parts[0].frames.every(({ original }) => original === null));

      upload(built, release, '--url-prefix', 'https://elsewhere.example/');
      const elsewhere = await shown(release, 'checkout');
      assert.deepEqual([elsewhere.has_maps, elsewhere.missing], [true, [`/assets/${script}`]], 'a map of another place is none');

      const said = upload(built, release, '--service', 'shop', '--url-prefix', `${server.origin}/`);
      assert.match(said, /1 source map is stored/);
      for (const browser of Object.keys(browsers)) {
        let seen = 0;
        for (const [name, expected] of Object.entries(WAYS)) {
          const { parts, missing } = await shown(release, name, browser);
          assert.ok(!missing.includes(`/assets/${script}`), name);
          seen += check(parts[0].frames, expected, `${browser}, ${release}, ${name}`, browser);
          if (name === 'wrapped') {
            assert.ok(parts[1].is_cause);
            seen += check(parts[1].frames, CAUSE, `${browser}, ${release}, cause`, browser);
          }
        }
        const expected = [...Object.values(WAYS), CAUSE].flat().length;
        assert.ok(browser === 'WebKitGTK' ? seen > expected / 3 : seen === expected, `${browser} had ${seen} of ${expected} frames`);
      }
    } finally {
      server.close();
    }
  });
}

/** Nobody's hands between the throw and the source. */
for (const release of RELEASES) {
  test(`what the agent tells of ${release} is shown as the code was written`, { timeout: 60_000 }, async () => {
    const server = await serve(join(folder, release, 'site'));
    const page = await browsers.Chromium();
    try {
      await page.goto(`${server.origin}/agent.html`);
      await page.waitForFunction(() => window.ways !== undefined && window.vitrum?.stop);
      await page.evaluate(() => void setTimeout(() => window.ways.checkout()));
      upload(join(folder, release, 'built'), release, '--service', 'watched', '--url-prefix', `${server.origin}/`);
      const errors = async () => (await (await fetch(`${collector.origin}/api/errors?service=watched`)).json()).errors;
      const mine = (all) => all.find(({ releases }) => JSON.stringify(releases).includes(`"${release}"`));
      let found;
      for (const deadline = Date.now() + 20_000; !(found = mine(await errors())) && Date.now() < deadline; ) await page.waitForTimeout(200);
      assert.ok(found, 'the error has arrived');
      const group = await (await fetch(`${collector.origin}/api/errors/${found.fingerprint}`)).json();
      const frames = group.shown.stack.parts[0].frames;
      assert.equal(check(frames, WAYS.checkout, `${release}, by the agent`, 'Chromium'), WAYS.checkout.length);
    } finally {
      await page.close();
      server.close();
    }
  });
}

test('maps are found by the path alone, and name functions by their calls where the script is not there', { timeout: 120_000 }, async () => {
  const shared = collector;
  collector = await Collector.start();
  try {
    const maps = join(folder, 'maps');
    cpSync(join(folder, 'esbuild', 'built', 'assets'), maps, { recursive: true, filter: (file) => !file.endsWith('.js') });
    const elsewhere = told.esbuild.checkout.replaceAll(/http:\/\/[^/]+\//g, 'https://cdn.example/shop/');
    await tell('esbuild', 'Chromium', { checkout: `${elsewhere}\n    at z (https://cdn.example/shop/other.js:1:1)` });
    upload(maps, 'esbuild');
    const { parts, missing, has_maps } = await shown('esbuild', 'checkout');
    assert.deepEqual([has_maps, missing], [true, ['/shop/other.js']]);
    assert.equal(check(parts[0].frames, WAYS.checkout.slice(0, 3), 'maps alone', 'Chromium'), 3);
    assert.equal(parts[0].frames.at(-1).original, null);

    // The agent tells paths by templates, in which the hash of a file's name is a placeholder.
    const masked = told.vite.checkout.replaceAll(/\/index-[\w-]+\.js/g, '/index-:id.js');
    assert.notEqual(masked, told.vite.checkout);
    await tell('vite', 'Chromium', { checkout: masked });
    upload(join(folder, 'vite', 'built'), 'vite');
    const { parts: whole } = await shown('vite', 'checkout');
    check(whole[0].frames, WAYS.checkout, 'without the hash', 'Chromium');
  } finally {
    await collector.close();
    collector = shared;
  }
});
