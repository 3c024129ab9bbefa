// Runs in the page: has both libraries measure it, and keeps what they tell where it can be read after the page is left.

import './idle.mjs';
import { plain } from './plain.mjs';

const { libraries, sets, late } = JSON.parse(document.getElementById('pair').textContent);

const FUNCTIONS = ['onCLS', 'onFCP', 'onINP', 'onLCP', 'onTTFB'];
/** The events in which a report may come; at other times it comes in a task of its own. */
const EVENTS = ['visibilitychange', 'pagehide', 'freeze', 'pageshow', 'prerenderingchange'];
/** The least duration the browser tells of. */
const SHORTEST_MS = 16;

let count = 0;

/** Keeps something of this document for the test. What is written here is there when the next page is. */
function keep(kind, value) {
  const order = String(count++).padStart(6, '0');
  sessionStorage.setItem(`pair ${performance.timeOrigin} ${order}`, JSON.stringify({ kind, value }));
}

addEventListener('error', ({ message }) => keep('fault', message));
addEventListener('unhandledrejection', ({ reason }) => keep('fault', String(reason?.stack ?? reason)));

/** What the libraries told of this document. */
const told = [];

/** When the visitor came back to it last. */
let returned = 0;

const listener = (library, set) => (metric) => {
  const during = EVENTS.find((type) => type === window.event?.type) ?? 'none';
  const clocks = { returned, frame: document.timeline?.currentTime ?? 0, at: performance.now() };
  const report = { ...plain(metric), library, set, during, visibility: document.visibilityState, ...clocks };
  keep('report', report);
  told.push(report);
  tell();
};

/** Options travel as JSON; a function is made here. */
const made = ({ generateTarget, ...options }) => {
  const ofPage = (node) => node?.getAttribute?.('data-target') ?? undefined;
  return generateTarget ? { ...options, generateTarget: ofPage } : options;
};

const modules = Promise.all(Object.entries(libraries).map(async ([library, url]) => [library, await import(url)]));

async function start() {
  for (const [set, { together, ...options }] of sets.entries()) {
    for (const [library, module] of await modules) {
      const [given, callback] = [made(options), listener(library, set)];
      if (together && module.onVital) module.onVital(callback, given);
      else for (const name of FUNCTIONS) module[name](callback, given);
    }
  }
}

let tell;
/** Both libraries are at work when both have told the TTFB, which they do of each page that has loaded. */
const ready = new Promise((resolve) => {
  const has = (library, set) => told.some((report) => report.name === 'TTFB' && report.library === library && report.set === set);
  tell = () => sets.every((_, set) => Object.keys(libraries).every((library) => has(library, set))) && resolve();
}).then(watch);

/** What the browser told until now, for stories to wait for. This observer is behind those of the libraries. */
const entries = [];

function watch() {
  const add = (list) =>
    entries.push(...list.getEntries().map(({ entryType, name, startTime, duration }) => ({ entryType, name, startTime, duration })));
  for (const type of PerformanceObserver.supportedEntryTypes)
    new PerformanceObserver(add).observe({ type, buffered: true, durationThreshold: SHORTEST_MS });
}

const task = () => new Promise((resolve) => setTimeout(resolve));

/** An idle moment. Pages that have nothing to paint may have none for a second or more, so frames are asked for until then. */
async function idle() {
  let isOver = false;
  const frame = () => isOver || requestAnimationFrame(frame);
  frame();
  await new Promise((resolve) => requestIdleCallback(resolve));
  isOver = true;
}

/** What came until now has been worked on: of a page that is seen libraries do it in idle moments, in the order it came. */
async function settled() {
  const moment = 'requestIdleCallback' in window && document.visibilityState === 'visible' ? idle : task;
  await moment();
  await moment();
  await task();
}

window.pair = { start, ready, settled, told, entries, returns: 0 };
addEventListener('pageshow', ({ persisted, timeStamp }) => {
  if (!persisted) return;
  window.pair.returns++;
  returned = timeStamp;
});
if (!late) await start();
