// What happened before an error: on an axis of time, and one below the other.

import { element } from './element';
import { formatMs } from './format';

export interface Crumb {
  /** Before the error; 0 or less. */
  ms: number;
  kind: string;
  text: string;
}

const KINDS: Record<string, string> = {
  navigation: 'Navigation',
  request: 'Request',
  action: 'Action',
  console: 'Console',
  visibility: 'Visibility',
  consent: 'Consent',
  error: 'Error',
  custom: 'Event',
};

/** One a line: time, kind and text. Times are those of the page; without the error's own they count from the last crumb. */
export function readCrumbs(text: string, errorMs: number | null): Crumb[] {
  const crumbs = text.split('\n').flatMap((line) => {
    const [, time, kind, rest] = /^(-?[\d.]+) (\S+) ?(.*)$/.exec(line) ?? [];
    return time === undefined || kind === undefined ? [] : [{ at: Number(time), kind, text: rest ?? '' }];
  });
  const last = Math.max(...crumbs.map(({ at }) => at));
  // A page's clock and its navigation's may differ by a little.
  const zero = errorMs === null || errorMs < last ? last : errorMs;
  return crumbs.map(({ at, kind, text }) => ({ ms: at - zero, kind, text }));
}

export function crumbsView(crumbs: Crumb[]): HTMLElement {
  if (crumbs.length === 0) return element('p', { class: 'nothing' }, 'Nothing was told of what happened before.');
  const span = Math.max(1, ...crumbs.map(({ ms }) => -ms));
  const items = crumbs.map(({ ms, kind, text }, at) => {
    const previous = crumbs[at - 1];
    // A long silence is seen as one: a tenth of the whole, at least.
    const hasGap = previous !== undefined && crumbs.length > 2 && ms - previous.ms > span / 10;
    return element(
      'li',
      { class: `crumb ${known(kind)}${hasGap ? ' after-gap' : ''}` },
      element('span', { class: 'when' }, before(ms)),
      element('span', { class: 'what' }, KINDS[kind] ?? kind),
      element('span', { class: 'text' }, text),
    );
  });
  items.push(
    element(
      'li',
      { class: 'crumb end' },
      element('span', { class: 'when' }, '0'),
      element('span', { class: 'what' }, 'This error'),
      element('span', { class: 'text' }),
    ),
  );
  return element('div', {}, axis(crumbs, span), element('ol', { class: 'crumbs', 'aria-label': 'What happened before' }, ...items));
}

function axis(crumbs: Crumb[], span: number): HTMLElement {
  const dots = crumbs.map(({ ms, kind, text }) => {
    const dot = element('i', { class: known(kind), title: `${before(ms)} ${KINDS[kind] ?? kind} ${text}` });
    dot.style.left = `${(1 + ms / span) * 100}%`;
    return dot;
  });
  const end = element('i', { class: 'end' });
  end.style.left = '100%';
  return element(
    'div',
    { class: 'axis', 'aria-hidden': 'true' },
    element('div', { class: 'track' }, ...dots, end),
    element('div', { class: 'ends note' }, element('span', {}, before(-span)), element('span', {}, 'the error')),
  );
}

function before(ms: number): string {
  return ms === 0 ? '0' : `−${formatMs(-ms)}`;
}

function known(kind: string): string {
  return kind in KINDS ? kind : 'custom';
}
