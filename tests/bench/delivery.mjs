// How much arrives, whatever ends a page: each cell is a way to end, played many times in each browser. A page tells three
// events, waits for a little more than a second, and ends so; then it is counted which of them the collector has stored, and
// how often each has come over the wire. `./build.sh bench delivery [--browser chromium,firefox,webkit] [--runs N]
// [--cell BEGINNING]… [--parallel N] [--markdown | --json]`.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { decode } from '../../target/inspect/vitrum_inspect.js';
import { Collector, isShort } from '../e2e/collector.mjs';
import { tag } from '../e2e/forms.mjs';
import { Site } from '../e2e/site.mjs';
import { Intake } from './intake.mjs';
import { VISITORS } from './visitors.mjs';

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'all' },
    runs: { type: 'string', default: '50' },
    cell: { type: 'string', multiple: true, default: [''] },
    parallel: { type: 'string', default: '4' },
    markdown: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const RUNS = Number(values.runs);
/** So many play at a time; and so many where they mostly wait. */
const PARALLEL = Number(values.parallel);
const WAITING = 17;
/** Events of a page, and how long before its end they happen. */
const EVENTS = 3;
const BEFORE_MS = 1100;
/** The runs of a cell begin to tell at different moments of what batches wait for. */
const BATCH_MS = 3000;
/** A page that is still there may take so long until the collector has what it told. */
const LATEST_MS = 150_000;
/** Another visit takes so long, or so long if what was stored has not come yet. */
const VISIT_MS = 7000;
const LATEST_VISIT_MS = 30_000;
/** What is under way arrives meanwhile. */
const SETTLED_MS = 2500;

const say = (text) => process.stderr.write(`${text}\n`);
const goBlank = ({ page, site }) => page.goto(`${site.origin}/stories/blank.html`);
/** Another site, to the browser: another name of this machine. */
const goElsewhere = ({ page, site }) => page.goto(`${site.other.replace('127.0.0.1', 'localhost')}/stories/blank.html`);
const goOnline = async ({ visitor, page, intake }) => {
  await visitor.offline(page, false);
  intake.turn('well');
};
/** Waits until the collector has taken these events, or nobody waits for them any more. */
const arrive = async ({ intake }, keys, most) => {
  const until = Date.now() + most;
  const hasAll = () => {
    const arrived = new Set(marksOf(intake.taken).map(keyOf));
    return keys.every((key) => arrived.has(key));
  };
  while (!hasAll() && Date.now() < until) await pause(500);
};
/** The page stays. */
const stay = async (run) => {
  await run.whole;
  await arrive(run, keysOf(run.number), LATEST_MS);
};
/** The next visit of the same browser, which is to bring these. */
const visitAgain = async (run, page, keys) => {
  await page.goto(`${run.site.origin}/stories/plain.html`);
  await Promise.all([pause(VISIT_MS), arrive(run, keys, LATEST_VISIT_MS)]);
  await goBlank({ ...run, page });
};
const killBrowser = async (run) => {
  run.kept = marksOf((await run.page.evaluate(readKept)).map((body) => Uint8Array.from(body))).map(keyOf);
  await run.visitor.kill();
  run.intake.turn('well');
  run.visitor = await run.begin();
  await visitAgain(run, await run.visitor.open(), run.kept);
};

/** Reads in the page what it has stored for another time. */
async function readKept() {
  const waiting = JSON.parse(localStorage.getItem('vitrum-kept') || '[]').map(([, , text]) => [...atob(text)].map((sign) => sign.charCodeAt(0)));
  if (!(await indexedDB.databases()).some(({ name }) => name === 'vitrum')) return waiting;
  const once = (request) => new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
  const base = await once(indexedDB.open('vitrum'));
  const all = await once(base.transaction('vitrum').objectStore('vitrum').getAll());
  base.close();
  return [...waiting, ...all.map(([, , body]) => [...body])];
}

/**
 * Ways to end, and what is to be waited for after that: what a browser needs for it, whether it has the browser for itself,
 * what the network or the collector is like from before the events on, and for how long.
 */
const CELLS = {
  'same-tab navigation': { end: goBlank },
  'cross-site navigation': { end: goElsewhere },
  'tab closed': { kind: 'tab', end: ({ visitor, page }) => visitor.closeTab(page) },
  'window closed': { end: ({ visitor, page }) => visitor.closeWindow(page) },
  'back/forward cache': {
    end: async (run) => {
      await goBlank(run);
      await run.visitor.back(run.page);
      await pause(1500);
    },
  },
  'renderer killed': { isAlone: true, end: ({ visitor, page }) => visitor.crash(page) },
  'tab discarded': { needs: 'discard', kind: 'tab', isAlone: true, isHidden: true, end: ({ visitor, page }) => visitor.discard(page) },
  'browser killed, next visit': { needs: 'profile', isAlone: true, end: killBrowser },
  'offline, then back': {
    needs: 'offline',
    end: async (run) => {
      await pause(3000);
      await goOnline(run);
      await stay(run);
    },
  },
  'offline, tab closed, next visit': {
    needs: 'offline',
    kind: 'tab',
    end: async (run) => {
      const next = await run.visitor.another(run.page);
      await run.visitor.closeTab(run.page);
      await goOnline({ ...run, page: next });
      await visitAgain(run, next, keysOf(run.number));
      run.page = next;
    },
  },
  'offline, browser killed, next visit': {
    needs: 'offline',
    isAlone: true,
    countsKept: true,
    end: async (run) => {
      await pause(5000);
      await killBrowser(run);
    },
  },
  'collector down for 30 s': { mode: 'down', ms: 30_000, end: stay },
  'collector down, left, next visit': {
    mode: 'down',
    ms: 12_000,
    end: async (run) => {
      await pause(7000);
      await goBlank(run);
      await run.whole;
      await visitAgain(run, run.page, keysOf(run.number));
    },
  },
  'collector answers 503': { mode: '503', ms: 10_000, end: stay },
  'collector answers 429': { mode: '429', ms: 10_000, end: stay },
  'collector hangs': { mode: 'hangs', ms: 10_000, end: stay },
};

/** The events in these bodies, as often as they are there. */
const marksOf = (bodies) =>
  bodies
    .filter((body) => !isShort(body))
    .flatMap((body) => decode(body).logs)
    .filter(({ name }) => name === 'vitrum.event');
const keyOf = ({ attributes }) => `${attributes['vitrum.event.attributes.run']}.${attributes['vitrum.event.attributes.count']}`;
const keysOf = (number) => [...Array(EVENTS).keys()].map((count) => `${number}.${count}`);

async function tell({ page, number }) {
  await page.evaluate(
    ([run, events]) => {
      for (let count = 0; count < events; count++) window.vitrum.push(['event', 'mark', { run, count }]);
    },
    [number, EVENTS],
  );
}

/** Plays a run: a visitor comes, tells, and ends so. What comes only because the stage is cleared does not count. */
async function play(run, cell) {
  const { site, intake } = run;
  run.visitor ??= await run.begin();
  const { visitor } = run;
  try {
    const page = (run.page = await visitor.open(cell.kind));
    await page.goto(`${site.origin}/stories/plain.html`);
    await page.waitForFunction(() => window.vitrum?.stop);
    await pause(1000 + (BATCH_MS * run.number) / RUNS);
    if (cell.isHidden) await visitor.hide(page);
    if (cell.mode) run.whole = intake.be(cell.mode, cell.ms);
    if (cell.needs === 'offline') {
      // A browser reaches its own machine also then.
      intake.turn('down');
      await visitor.offline(page, true);
    }
    await tell(run);
    await pause(BEFORE_MS);
    await cell.end(run);
    await pause(SETTLED_MS);
    intake.turn('down');
  } finally {
    if (cell.isAlone) await run.visitor.kill();
    else await visitor.clear(run.page);
  }
}

/** Plays a cell, as many runs at a time as it is honest. */
async function playCell(kind, visitors, collector, name, cell) {
  const runs = [];
  const failures = [];
  const folder = mkdtempSync(join(tmpdir(), 'vitrum-bench-'));
  const lane = async (visitor, index) => {
    // Not all load at once.
    await pause(index * 500);
    while (runs.length < RUNS) {
      const number = runs.length;
      const profile = join(folder, String(number));
      mkdirSync(profile);
      const begin = () => kind.start(profile);
      const run = { number, begin, visitor: cell.isAlone ? undefined : visitor };
      runs.push(run);
      [run.intake, run.site] = await Promise.all([Intake.start(collector), Site.start('/nowhere')]);
      run.site.markup = tag.markup({ endpoint: run.intake.origin, service: 'bench', synthetic: true });
      await play(run, cell).then(
        () => (run.isDone = true),
        (failure) => failures.push(`run ${number}: ${failure.message.split('\n')[0]}`),
      );
      const done = runs.filter(({ isDone }) => isDone).length;
      if (run.isDone && done % 10 === 0) say(`${kind.label}, ${name}: ${done} of ${RUNS}`);
    }
  };
  const width = cell.mode ? WAITING : cell.isAlone || kind.many === 1 ? PARALLEL : visitors.length;
  await Promise.all([...Array(width).keys()].map((index) => lane(visitors[index % visitors.length], index)));
  for (const { intake, site } of runs) {
    intake.close();
    site.close();
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  return { ...(await judge(collector, runs.filter(({ isDone }) => isDone), cell)), failures };
}

/** What the collector has of what was due. */
async function judge(collector, runs, cell) {
  const { records } = await fetch(`${collector.origin}/api/records?kind=vitrum.event&limit=1000`).then((answer) => answer.json());
  const stored = records.map(keyOf);
  const timesOf = (key) => stored.filter((other) => other === key).length;
  const due = runs.flatMap((run) => (cell.countsKept ? [...new Set(run.kept)] : keysOf(run.number)));
  const came = marksOf(runs.flatMap(({ intake }) => intake.came)).map(keyOf);
  return {
    runs: runs.length,
    due: due.length,
    once: due.filter((key) => timesOf(key) === 1).length,
    twice: due.filter((key) => timesOf(key) > 1).length,
    lost: due.filter((key) => !timesOf(key)),
    sent: came.length / Math.max(1, new Set(came).size),
  };
}

/** Whole only where nothing is missing. */
const share = ({ once, due }) => (due ? `${once === due ? 100 : (Math.floor((once / due) * 1000) / 10).toFixed(1)} %` : 'nothing was due');
const times = ({ sent }) => `${sent.toFixed(2)} times`;

async function playAll(kind) {
  const visitors = [];
  // One after the other: each takes all of the machine while it starts.
  while (visitors.length < kind.many) visitors.push(await kind.start());
  const rows = [];
  const { version } = visitors[0];
  try {
    for (const [name, cell] of chosen) {
      const cannot = kind.cannot[cell.needs];
      if (cannot) {
        rows.push({ browser: kind.label, version, cell: name, cannot });
        say(`${kind.label}, ${name}: left out, ${cannot}`);
        continue;
      }
      const collector = await Collector.start();
      try {
        const row = { browser: kind.label, version, cell: name, ...(await playCell(kind, visitors, collector, name, cell)) };
        rows.push(row);
        say(`${kind.label} ${version}, ${name}: ${row.once} of ${row.due} events of ${row.runs} pages stored once (${share(row)}), ${row.twice} more than once; sent ${times(row)}`);
        if (row.lost.length) say(`  lost: ${row.lost.join(' ')}`);
        for (const failure of row.failures) say(`  not played: ${failure}`);
      } finally {
        await collector.close();
      }
    }
  } finally {
    await Promise.all(visitors.map((visitor) => visitor.close()));
  }
  return rows;
}

/** A column for each browser, a row for each cell. */
function table(all) {
  const words = (row) => (row?.due === undefined ? '–' : `${share(row)}, ${times(row)}${row.runs === RUNS ? '' : ` (${row.runs} runs)`}`);
  const labels = [...new Map(all.map(({ browser, version }) => [browser, `${browser} ${version}`])).entries()];
  return [
    `| a page ends so | ${labels.map(([, label]) => label).join(' | ')} |`,
    `|---|${labels.map(() => '---:|').join('')}`,
    ...chosen.map(([name]) => `| ${name} | ${labels.map(([label]) => words(all.find(({ browser, cell }) => browser === label && cell === name))).join(' | ')} |`),
  ].join('\n');
}

const chosen = Object.entries(CELLS).filter(([name]) => values.cell.some((part) => name.startsWith(part)));
const names = values.browser === 'all' ? Object.keys(VISITORS).filter((name) => VISITORS[name].isThere()) : values.browser.split(',');
const unknown = names.find((name) => !VISITORS[name]);
if (unknown) throw new Error(`there is no browser '${unknown}': say ${Object.keys(VISITORS).join(', ')} or all`);
const all = [];
for (const name of names) all.push(...(await playAll(VISITORS[name])));
if (values.json) console.log(JSON.stringify(all, null, 1));
else if (values.markdown) console.log(table(all));
else for (const row of all) console.log(`${row.browser}, ${row.cell}: ${row.cannot ? `left out, ${row.cannot}` : `${share(row)} of ${row.due} events stored once, ${row.twice} more than once, sent ${times(row)}`}`);
if (all.some(({ twice, failures }) => twice || failures?.length)) process.exitCode = 1;
