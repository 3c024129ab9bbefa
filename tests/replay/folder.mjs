// What pages have kept of a story, written into the story's folder: the packets that the core was told, what web-vitals
// told of the same pages, and where both come from.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const STORIES = 'tests/replay/stories';

const KEY = /^(pair|packet) (\S+) (\S+)$/;
const METRICS = ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'];
/** The kinds by their numbers. */
const KINDS = readFileSync('js/kinds.ts', 'utf8').split('enum Kind {')[1].split('}')[0].match(/\w+/g);
const VERSION = JSON.parse(readFileSync('node_modules/web-vitals/package.json', 'utf8')).version;

/** What each document of the story has kept, in order. */
function documentsOf(kept) {
  const documents = new Map();
  for (const key of Object.keys(kept).sort()) {
    const [, kind, origin] = KEY.exec(key) ?? [];
    if (!kind) continue;
    if (!documents.has(origin)) documents.set(origin, { pair: [], packet: [] });
    documents.get(origin)[kind].push(JSON.parse(kept[key]));
  }
  const origins = [...documents.keys()].sort((a, b) => a - b);
  // A page that was left before the core was there has told it nothing.
  return origins.map((origin) => documents.get(origin)).filter(({ packet }) => packet.length);
}

/** What a listener with these options asks the core for: bits and threshold, as `Kind::Listen` has them. */
function askedFor({ reportSoftNavs, reportAllChanges, includeProcessedEventEntries, durationThreshold = 40 }) {
  const flags = [[reportSoftNavs, 32], [reportAllChanges, 64], [true, 128], [includeProcessedEventEntries, 256]];
  return `${flags.reduce((sum, [is, flag]) => sum + (is ? flag : 0), 0)} ${durationThreshold}`;
}

/** Who listens: known by what they ask for, whatever the order in which they came. */
function metersOf(packets, sets) {
  const asked = sets.map(askedFor);
  assert.equal(new Set(asked).size, sets.length, 'each set of options asks for something else');
  return packets
    .filter(({ kind }) => KINDS[kind] === 'Listen')
    .map(({ meter, numbers: [flags, threshold] }) => {
      const set = asked.indexOf(`${flags & ~31} ${threshold}`);
      assert.ok(set >= 0, `nobody asked for ${flags}`);
      return { meter, metric: METRICS.find((_, bit) => flags & (1 << bit)), set };
    });
}

/** Attribution without objects of the browser; of lists only how long they are. */
function attributionOf(attribution) {
  const flat = Object.entries(attribution).flatMap(([key, value]) => {
    if (Array.isArray(value)) return [[key, value.length]];
    if (value === null || typeof value !== 'object') return [[key, value]];
    // An object of the browser's; the longest script holds one and something to tell.
    return value.is ? [] : Object.entries(attributionOf(value)).map(([inner, each]) => [`${key}.${inner}`, each]);
  });
  return Object.fromEntries(flat.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function expectedOf(told) {
  const believed = told.filter(({ kind, value }) => kind === 'report' && value.library === 'web-vitals').map(({ value }) => value);
  const ids = {};
  return believed.map((report) => {
    const { name, set, id, value, delta, rating, navigationType, navigationId, navigationInteractionId, navigationURL, navigationStartTime } = report;
    const known = (ids[`${name} ${set}`] ??= []);
    if (!known.includes(id)) known.push(id);
    const navigation = { navigationType, navigationId, navigationInteractionId, navigationURL, navigationStartTime };
    const counted = { entries: report.entries.length, attribution: attributionOf(report.attribution) };
    return { metric: name, set, instance: known.indexOf(id), value, delta, rating, ...navigation, ...counted };
  });
}

/** JSON with a line for each report, so that a change of one is a change of a line. */
function expectedText({ sets, own, documents }) {
  const list = (things, indent) => `[${things.map((thing) => `\n${indent}  ${JSON.stringify(thing)}`).join(',')}${things.length ? `\n${indent}` : ''}]`;
  const pages = documents.map(
    ({ url, meters, reports }) =>
      `\n    {\n      "url": ${JSON.stringify(url)},\n      "meters": ${list(meters, '      ')},\n      "reports": ${list(reports, '      ')}\n    }`,
  );
  return `{\n  "sets": ${list(sets, '  ')},\n  "own": ${JSON.stringify(own)},\n  "documents": [${pages.join(',')}\n  ]\n}\n`;
}

function originText({ sets, own, documents }, { browser, date }) {
  const told = (reports) => reports.map(({ metric, set, value }) => `${metric}${set ? `/${set}` : ''} ${typeof value === 'number' ? +value.toFixed(4) : value}`).join(', ');
  const meters = (list) => list.map(({ meter, metric, set }) => `${meter} ${metric}/${set}`).join(', ');
  return [
    `Recorded on ${date} in ${browser} with web-vitals ${VERSION}.`,
    `Options, by the number of their set: ${sets.map((set, number) => `${number} ${JSON.stringify(set)}`).join(', ')}.`,
    own === null ? 'The agent measures nothing for itself.' : `The agent measures for itself as well; its records are compared with set ${own}.`,
    ...documents.flatMap(({ url, meters: list, reports }, number) => [`Page ${number}, ${url}`, `  meters: ${meters(list)}`, `  web-vitals told: ${told(reports)}`]),
    '',
  ].join('\n');
}

/**
 * Writes the folder of a story. `origins` are those of the pages, the story's own first; `from` says what was played, and
 * `own` is the set of options that the agent's own meter is compared with, if it was on.
 */
export function writeFolder(name, kept, { origins, sets, own, from, browser, date }) {
  const names = ['http://site.test', 'http://other.test'];
  const normal = (text) => origins.reduce((done, origin, n) => done.replaceAll(origin, names[n] ?? `http://other${n}.test`), text).replace(/\/chunk-[-\w]+\.js/g, '/chunk.js');
  const pages = documentsOf(kept);
  const trace = pages.flatMap(({ packet }, page) => packet.map(({ kind, ...rest }) => `${JSON.stringify({ page, kind: KINDS[kind], ...rest })}\n`)).join('');
  const documents = pages.map(({ pair, packet }) => ({
    url: packet.find(({ kind }) => KINDS[kind] === 'Start').texts[5],
    meters: metersOf(packet, sets),
    reports: expectedOf(pair),
  }));
  const story = { sets, own, documents };
  const folder = join(STORIES, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'trace.jsonl'), normal(trace));
  writeFileSync(join(folder, 'expected.json'), normal(expectedText(story)));
  writeFileSync(join(folder, 'origin.txt'), `${from}.\n${normal(originText(story, { browser, date }))}`);
}
