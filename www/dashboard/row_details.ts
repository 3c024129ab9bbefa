// Everything that is known of one row of the waterfall.

import { element, replaceContent } from './element';
import { formatBytes, formatMs } from './format';
import { KIND_WORDS } from './lanes';
import type { Lane } from './lanes';

export interface RowDetails {
  root: HTMLElement;
  show(lane: Lane | undefined): void;
}

export function createRowDetails(onClose: () => void): RowDetails {
  const root = element('aside', {
    class: 'details',
    'aria-label': 'Details of the row',
    'aria-live': 'polite',
    tabindex: -1,
  });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onClose();
  });
  const show = (lane: Lane | undefined): void => {
    root.classList.toggle('open', lane !== undefined);
    if (lane === undefined)
      replaceContent(root, element('p', { class: 'nothing' }, 'Select a row to see its details.'));
    else replaceContent(root, ...content(lane, onClose));
  };
  show(undefined);
  return { root, show };
}

function content(lane: Lane, onClose: () => void): HTMLElement[] {
  const { row } = lane;
  const close = element(
    'button',
    { type: 'button', class: 'close', 'aria-label': 'Close the details', 'data-key': 'close details', click: onClose },
    '✕',
  );
  const facts: [string, string][] = [
    ...(row.kind === 'vital' ? [['Value', lane.measure] as [string, string]] : []),
    ['Start', formatMs(lane.from_ms)],
    ...(lane.to_ms > lane.from_ms ? [['Duration', formatMs(lane.to_ms - lane.from_ms)] as [string, string]] : []),
    ...lane.phases.map((phase): [string, string] => [phase.name, formatMs(phase.to_ms - phase.from_ms)]),
  ];
  const attributes = Object.entries(row.detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]): [string, string] => [key, attributeText(key, value)]);
  return [
    element(
      'div',
      { class: 'details-head' },
      element('h3', {}, KIND_WORDS[row.kind], row.failed && element('span', { class: 'problem' }, ' failed')),
      close,
    ),
    ...(row.label === KIND_WORDS[row.kind] ? [] : [element('p', { class: 'address' }, row.label)]),
    list('facts', facts),
    ...(attributes.length === 0 ? [] : [element('h4', {}, 'Attributes'), list('attributes', attributes)]),
  ];
}

function list(name: string, pairs: [string, string][]): HTMLElement {
  return element(
    'dl',
    { class: name },
    ...pairs.map(([key, value]) => element('div', {}, element('dt', {}, key), element('dd', {}, value))),
  );
}

function attributeText(key: string, value: unknown): string {
  if (typeof value === 'number' && key.endsWith('_size')) return formatBytes(value);
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
