// The vitals of one page view, each with what explains it, and what else was measured of the whole view.

import type { View } from './api';
import { attributionOf } from './attribution';
import type { Part } from './attribution';
import { detailNumber } from './detail';
import { element } from './element';
import type { Child } from './element';
import { counted, formatMs } from './format';
import type { VitalMark } from './lanes';
import { RATING_WORDS, VITALS, formatVital, rate, ratingMark, thresholdsText } from './vitals';

export function vitalStrip(marks: VitalMark[]): Child {
  if (marks.length === 0) return null;
  return element('ul', { class: 'strip', 'aria-label': 'Vitals of this page view' }, ...marks.map(vitalItem));
}

function vitalItem({ name, value, detail }: VitalMark): HTMLElement {
  const rating = rate(name, value);
  const { target, parts, notes } = attributionOf(name, detail);
  const isGuess = detail['vitrum.web_vital.heuristic'] === true;
  return element(
    'li',
    { class: rating },
    element(
      'p',
      { class: 'note', title: `${VITALS[name].title}. ${thresholdsText(name)}` },
      element('abbr', {}, name.toUpperCase()),
      isGuess && element('span', { class: 'tag', title: 'This browser does not tell of routes' }, 'estimate'),
    ),
    element('strong', {}, formatVital(name, value)),
    element('span', { class: 'verdict' }, ratingMark(rating), RATING_WORDS[rating]),
    parts.length > 0 && partsBar(parts),
    target !== null && element('code', { class: 'target', title: target }, target),
    notes.length > 0 && pairs(notes),
  );
}

function partsBar(parts: Part[]): HTMLElement {
  const bar = element('div', { class: 'parts', 'aria-hidden': 'true' });
  const list = element('dl', { class: 'part-list' });
  parts.forEach(({ name, ms }, index) => {
    const segment = element('span', { class: `part-${index}` });
    segment.style.flexGrow = String(ms);
    if (ms > 0) bar.append(segment);
    list.append(
      element('div', { class: `part-${index}` }, element('dt', {}, name), element('dd', {}, formatMs(ms))),
    );
  });
  return element('div', {}, bar, list);
}

function pairs(notes: [string, string][]): HTMLElement {
  return element(
    'dl',
    { class: 'part-notes' },
    ...notes.map(([name, text]) => element('div', {}, element('dt', {}, name), element('dd', { title: text }, text))),
  );
}

/** What the agent adds up over a view; it tells so again when it has grown, and the latest counts. */
export function viewTotals(view: View): Child {
  const latest = (label: string, key: string): number | null => {
    const row = view.rows.filter((row) => row.label === `vitrum.${label}`).at(-1);
    return row === undefined ? null : detailNumber(row.detail, `vitrum.${label}.${key}`);
  };
  const blocked = latest('blocking', 'duration');
  const route = latest('route_transition', 'duration');
  const opened = [
    counts(latest('connections', 'beacons'), 'beacon'),
    counts(latest('connections', 'event_sources'), 'event stream'),
    counts(latest('connections', 'web_sockets'), 'web socket'),
  ].filter(Boolean);
  const pairs: [string, string, string][] = [
    ['Route transition', route === null ? '' : formatMs(route), 'From the start of the route to its first paint'],
    ['Total blocking time', blocked === null ? '' : formatMs(blocked), 'Of each long task what is over 50 ms'],
    ['Connections', opened.join(', '), 'What the page opened besides its requests'],
  ];
  const known = pairs.filter(([, value]) => value !== '');
  if (known.length === 0) return null;
  return element(
    'dl',
    { class: 'panel view-facts totals', 'aria-label': 'Totals of this page view' },
    ...known.map(([name, value, title]) =>
      element('div', { title }, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
}

function counts(count: number | null, word: string): string {
  return count === null || count === 0 ? '' : counted(count, word);
}
