// Everything that is known of one row of the waterfall.

import { copyButton } from './copy';
import { detailText } from './detail';
import { element, replaceContent } from './element';
import { formatBytes, formatMs } from './format';
import { KIND_WORDS, SPANS, ancestors, ownTime } from './lanes';
import type { Lane } from './lanes';
import { OUTCOME_WORDS } from './outcome';
import { errorAddress } from './route';
import { readServerTiming } from './server_timing';

export interface RowDetails {
  root: HTMLElement;
  show(lane: Lane | undefined): void;
}

/** Told in their own places. */
const TOLD: ReadonlySet<string> = new Set([
  'trace_id',
  'span_id',
  'parent_span_id',
  'span.name',
  'span.links',
  'vitrum.server_timing',
]);

/** More of them are in the waterfall. */
const LISTED = 8;

export function createRowDetails(onSelect: (lane: Lane | undefined) => void): RowDetails {
  const root = element('aside', {
    class: 'details',
    'aria-label': 'Details of the row',
    'aria-live': 'polite',
    tabindex: -1,
  });
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onSelect(undefined);
  });
  const show = (lane: Lane | undefined): void => {
    root.classList.toggle('open', lane !== undefined);
    if (lane === undefined)
      replaceContent(root, element('p', { class: 'nothing' }, 'Select a row to see its details.'));
    else replaceContent(root, ...content(lane, onSelect));
  };
  show(undefined);
  return { root, show };
}

function content(lane: Lane, onSelect: (lane: Lane | undefined) => void): HTMLElement[] {
  const { row, outcome } = lane;
  const close = element(
    'button',
    {
      type: 'button',
      class: 'close',
      'aria-label': 'Close the details',
      'data-key': 'close details',
      click: () => onSelect(undefined),
    },
    '✕',
  );
  const attributes = Object.entries(row.detail)
    .filter(([key, value]) => value !== null && value !== '' && !TOLD.has(key))
    .map(([key, value]): [string, string] => [key, attributeText(key, value)]);
  return [
    element(
      'div',
      { class: 'details-head' },
      element(
        'h3',
        {},
        KIND_WORDS[row.kind],
        outcome !== 'ok' && element('span', { class: `outcome ${outcome}` }, ` ${OUTCOME_WORDS[outcome]}`),
      ),
      close,
    ),
    ...(row.label === '' || row.label === KIND_WORDS[row.kind] ? [] : [element('p', { class: 'address' }, row.label)]),
    list('facts', facts(lane)),
    ...group(lane),
    ...serverTiming(lane),
    ...relations(lane, onSelect),
    ...traceparent(lane),
    ...(attributes.length === 0 ? [] : [element('h4', {}, 'Attributes'), list('attributes', attributes)]),
  ];
}

function facts(lane: Lane): [string, string][] {
  const { row, phases } = lane;
  const took = lane.to_ms - lane.from_ms;
  const own = ownTime(lane);
  const pairs: [string, string | null][] = [
    ['Value', row.kind === 'vital' ? lane.measure : null],
    ['Service', row.service],
    ['Start', formatMs(lane.from_ms)],
    ['Duration', took > 0 ? formatMs(took) : null],
    ...phases.map((phase): [string, string] => [`– ${phase.name}`, formatMs(phase.to_ms - phase.from_ms)]),
    ['Own time', own === null ? null : formatMs(own)],
    ['Moved, as its clock differs', row.shifted_ms === 0 ? null : signed(row.shifted_ms)],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

function serverTiming({ row }: Lane): HTMLElement[] {
  const metrics = readServerTiming(detailText(row.detail, 'vitrum.server_timing') ?? '');
  if (metrics.length === 0) return [];
  const pairs = metrics.map(({ name, description, duration_ms }): [string, string] => [
    description === '' ? name : `${name} (${description})`,
    duration_ms === null ? '–' : formatMs(duration_ms),
  ]);
  return [element('h4', {}, 'Server timing'), list('facts', pairs)];
}

/** Where else the same happened. */
function group({ row }: Lane): HTMLElement[] {
  const fingerprint = row.kind === 'error' ? detailText(row.detail, 'vitrum.error.fingerprint') : null;
  if (fingerprint === null) return [];
  const href = errorAddress({ fingerprint });
  return [element('p', {}, element('a', { href, 'data-key': 'error group' }, 'The error, with its stack as it was written'))];
}

/** The way from the view down to the row, and what followed from it. */
function relations(lane: Lane, onSelect: (lane: Lane) => void): HTMLElement[] {
  const item = (other: Lane): HTMLElement =>
    element(
      'li',
      {},
      element(
        'button',
        { type: 'button', class: 'link', 'data-key': `to ${other.key}`, click: () => onSelect(other) },
        other.label,
      ),
      element('span', { class: 'note' }, ` ${other.row.service ?? KIND_WORDS[other.row.kind]}`),
    );
  const above = ancestors(lane).map(item);
  const below = lane.row.kind === 'view' ? [] : lane.children;
  const more = below.length - LISTED;
  return [
    ...(above.length === 0 ? [] : [element('h4', {}, 'Part of'), element('ul', { class: 'relations' }, ...above)]),
    ...(below.length === 0
      ? []
      : [
          element('h4', {}, 'Led to'),
          element(
            'ul',
            { class: 'relations' },
            ...below.slice(0, LISTED).map(item),
            more > 0 && element('li', { class: 'note' }, `and ${more} more`),
          ),
        ]),
  ];
}

/** As the header that a span's request carries: what other tools ask for. */
function traceparent({ row }: Lane): HTMLElement[] {
  const [trace, span] = [detailText(row.detail, 'trace_id'), detailText(row.detail, 'span_id')];
  if (trace === null || span === null || !SPANS.has(row.kind)) return [];
  const text = `00-${trace}-${span}-01`;
  const shown = element('code', {}, text);
  return [
    element('h4', {}, 'traceparent'),
    element('p', { class: 'copied' }, shown, copyButton('traceparent', text, shown)),
  ];
}

function list(name: string, pairs: [string, string][]): HTMLElement {
  return element(
    'dl',
    { class: name },
    ...pairs.map(([key, value]) => element('div', {}, element('dt', {}, key), element('dd', {}, value))),
  );
}

function signed(ms: number): string {
  return ms < 0 ? `−${formatMs(-ms)}` : `+${formatMs(ms)}`;
}

function attributeText(key: string, value: unknown): string {
  if (typeof value === 'number' && /[._]size$/.test(key)) return formatBytes(value);
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
