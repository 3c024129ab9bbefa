// How much arrives, whatever ends a page: each cell is a way to end, played many times in Chromium. A page tells three
// events, waits for more than a second, and ends so; then it is counted which of them the collector has stored, and how often
// each has come over the wire. `./build.sh bench delivery [--runs N] [--cells NAME,…] [--markdown]`.

import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { Collector } from '../e2e/collector.mjs';
import { tag } from '../e2e/forms.mjs';
import { Site } from '../e2e/site.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '50' }, cells: { type: 'string', default: '' }, parallel: { type: 'string', default: '5' }, markdown: { type: 'boolean', default: false } },
});
const RUNS = Number(values.runs);
const PARALLEL = Number(values.parallel);
/** Events of a page, and how long before its end the last happens. */
const EVENTS = 3;
const BEFORE_MS = 1500;

/** What stands between pages and the collector, and fails as a cell wants. */
class Intake {
  mode = 'well';
  static async start(collector) {
    const intake = new Intake();
    intake.server = createServer((incoming, outgoing) => intake.#take(collector, incoming, outgoing)).listen(0, '127.0.0.1');
    await once(intake.server, 'listening');
    intake.origin = `http://127.0.0.1:${intake.server.address().port}`;
    return intake;
  }
  async #take(collector, incoming, outgoing) {
    const { mode } = this;
    if (mode === 'down') return incoming.socket.destroy();
    if (mode === 'hangs') return;
    const parts = [];
    try {
      for await (const part of incoming) parts.push(part);
    } catch {
      return;
    }
    const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
    if (mode === '503') return outgoing.writeHead(503, cors).end('busy');
    if (mode === '429') return outgoing.writeHead(429, { ...cors, 'retry-after': '5' }).end('too much');
    const handed = request(collector.origin + incoming.url, { method: incoming.method, headers: { ...incoming.headers, connection: 'close' }, agent: false });
    handed.on('error', () => outgoing.destroy());
    handed.on('response', (answer) => answer.pipe(outgoing.writeHead(answer.statusCode, answer.headers)));
    handed.end(Buffer.concat(parts));
  }
  /** Is so for a while. */
  async be(mode, ms) {
    this.mode = mode;
    await pause(ms);
    this.mode = 'well';
  }
  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const blank = ({ site }) => `${site.origin}/stories/blank.html`;
const crash = async ({ page, context }) => {
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
};
const freeze = async (run) => {
  const session = await run.context.newCDPSession(run.page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await pause(300);
  await crash(run);
};
/** The next visit of the same browser. */
const again = async ({ context, site }) => {
  const page = await context.newPage();
  await page.goto(`${site.origin}/stories/plain.html`);
  await pause(7000);
  await page.goto(blank({ site }));
};

/** Ways to end, and what is to be waited for after that. */
const CELLS = {
  'same-tab navigation': { end: (run) => run.page.goto(blank(run)) },
  'cross-site navigation': { end: (run) => run.page.goto(`${run.site.other}/stories/blank.html`) },
  'tab closed': { end: (run) => run.page.close() },
  'window closed': { end: (run) => run.page.close({ runBeforeUnload: true }) },
  'back/forward cache': {
    end: async (run) => {
      await run.page.goto(blank(run));
      // A page that returns from the cache has no load to be waited for.
      await run.page.evaluate(() => setTimeout(() => history.back()));
      await pause(1500);
    },
  },
  'renderer killed': { end: crash },
  'frozen, then killed (a discarded tab)': { end: freeze },
  'offline, then back': {
    offline: true,
    end: async ({ context }) => {
      await pause(3000);
      await context.setOffline(false);
      await pause(5000);
    },
  },
  'offline, tab closed, next visit': {
    offline: true,
    end: async (run) => {
      await pause(3500);
      await run.page.close();
      await run.context.setOffline(false);
      await again(run);
    },
  },
  'collector down for 30 s': { mode: 'down', ms: 30_000, end: () => pause(75_000) },
  'collector down, left, next visit': { mode: 'down', ms: 16_000, end: async (run) => { await pause(7000); await run.page.goto(blank(run)); await run.whole; await again(run); } },
  'collector answers 503': { mode: '503', ms: 10_000, end: () => pause(40_000) },
  'collector answers 429': { mode: '429', ms: 10_000, end: () => pause(40_000) },
  'collector hangs': { mode: 'hangs', ms: 10_000, end: () => pause(65_000) },
};

async function play(browser, site, cell, name, run, whole) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${site.origin}/stories/plain.html`, { waitUntil: 'load' });
    await page.waitForFunction(() => window.vitrum?.stop);
    await pause(1000);
    if (cell.offline) await context.setOffline(true);
    for (let count = 0; count < EVENTS; count++) {
      await page.evaluate(([name, run, count]) => window.vitrum.push(['event', 'mark', { cell: name, run, count }]), [name, run, count]);
    }
    await pause(BEFORE_MS);
    await cell.end({ page, context, site, whole });
    // What is under way arrives.
    await pause(1500);
  } finally {
    await context.close();
  }
}

const collector = await Collector.start();
const intake = await Intake.start(collector);
const site = await Site.start('/nowhere');
site.markup = tag.markup({ endpoint: intake.origin, service: 'bench', synthetic: true });
const flags = ['--no-sandbox', '--headless=new', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const chosen = Object.entries(CELLS).filter(([name]) => !values.cells || values.cells.split(',').some((part) => name.startsWith(part)));
const rows = [];
try {
  for (const [name, cell] of chosen) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: flags, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
    const failures = [];
    const all = [...Array(RUNS).keys()];
    // Where the collector fails it does so for all at once; the others take turns.
    const width = cell.mode ? Math.min(25, RUNS) : PARALLEL;
    while (all.length) {
      const turn = all.splice(0, width);
      let told;
      const whole = new Promise((resolve) => (told = resolve));
      const plays = turn.map((run) => play(browser, site, cell, name, run, whole).catch((failure) => failures.push(failure.message.split('\n')[0])));
      if (cell.mode) {
        await pause(4500);
        await intake.be(cell.mode, cell.ms);
      }
      told();
      await Promise.all(plays);
    }
    await browser.close();
    await pause(500);
    const marks = collector.batches().flatMap(({ logs }) => logs).filter(({ name: event, attributes }) => event === 'vitrum.event' && attributes['vitrum.event.attributes.cell'] === name);
    const ids = marks.map(({ attributes }) => attributes['log.record.uid']);
    const arrived = new Set(marks.map(({ attributes }) => `${attributes['vitrum.event.attributes.run']}.${attributes['vitrum.event.attributes.count']}`)).size;
    const due = (RUNS - failures.length) * EVENTS;
    rows.push([name, RUNS - failures.length, `${((arrived / due) * 100).toFixed(1)} %`, (ids.length / Math.max(1, new Set(ids).size)).toFixed(2)]);
    console.log(values.markdown ? `| ${rows.at(-1).join(' | ')} |` : `${name}: ${arrived} of ${due} events of ${RUNS - failures.length} pages stored, each sent ${rows.at(-1)[3]} times${failures.length ? `; ${failures.length} runs failed: ${failures[0]}` : ''}`);
  }
  // Once each, however often it came.
  const answer = await fetch(`${collector.origin}/api/kinds`).then((response) => response.json());
  const stored = answer.kinds.find(({ kind }) => kind === 'vitrum.event')?.count ?? 0;
  const unique = new Set(collector.batches().flatMap(({ logs }) => logs).filter(({ name }) => name === 'vitrum.event').map(({ attributes }) => attributes['log.record.uid'])).size;
  console.log(`${stored} events are stored; ${unique} different ones came`);
  if (stored !== unique) process.exitCode = 1;
} finally {
  site.close();
  intake.close();
  await collector.close();
}
