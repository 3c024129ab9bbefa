// The second screen: one page view, its facts and its waterfall.

import { fetchView } from './api';
import type { RowKind, View } from './api';
import { element, panel, replaceContent } from './element';
import type { Child } from './element';
import { counted, formatDateTime, formatMs } from './format';
import { KIND_COLOURS } from './lane_shapes';
import { KIND_WORDS, lanesOf, loadEnd, vitalMarks } from './lanes';
import type { Lane, VitalMark } from './lanes';
import { createRowDetails } from './row_details';
import { Loader } from './screen';
import type { Screen } from './screen';
import { table } from './table';
import { RATING_WORDS, VITALS, formatVital, rate, ratingMark } from './vitals';
import { createWaterfall } from './waterfall';

export interface ViewScreen extends Screen {
  open(id: string): void;
}

export function createViewPage(backAddress: () => string): ViewScreen {
  const back = element('a', { href: '/', 'data-back': '', class: 'back' }, '← All page views');
  const head = element('div', { class: 'stack' });
  const legend = element('div', { class: 'legend' });
  const stretch = element('div', { class: 'choices', role: 'group', 'aria-label': 'Part of the page view' });
  const rows = element('div');
  const rowsSummary = element('summary', {}, 'The same as a table');
  const details = createRowDetails(() => select(undefined));
  const waterfall = createWaterfall((lane) => select(lane));
  const body = element(
    'div',
    { class: 'stack' },
    head,
    element('div', { class: 'beside' }, panel('Waterfall', stretch, legend, waterfall.root), details.root),
    element('details', { class: 'panel' }, rowsSummary, rows),
  );

  let id = '';
  let lanes: Lane[] = [];
  let marks: VitalMark[] = [];
  let selected: Lane | undefined;
  let isLoadOnly = false;

  const select = (lane: Lane | undefined): void => {
    selected = lane;
    details.show(lane);
    draw();
  };

  const draw = (): void => {
    const load = loadEnd(lanes, marks);
    const limit = isLoadOnly && load !== null ? load : Number.POSITIVE_INFINITY;
    const shown = lanes.filter((lane) => lane.from_ms <= limit);
    const end =
      Math.max(1, ...shown.map((lane) => Math.min(lane.to_ms, limit)), ...marks.map(({ at_ms }) => at_ms ?? 0)) * 1.05;
    waterfall.draw({ lanes: shown, marks, end_ms: end, selected });
    const choose = (loadOnly: boolean): void => {
      isLoadOnly = loadOnly;
      draw();
    };
    replaceContent(
      stretch,
      ...(load === null
        ? []
        : [
            choice('Everything', !isLoadOnly, () => choose(false)),
            choice('Page load', isLoadOnly, () => choose(true)),
          ]),
    );
  };

  const show = (view: View): void => {
    const previous = selected;
    lanes = lanesOf(view);
    marks = vitalMarks(view);
    selected =
      previous &&
      lanes.find(
        ({ row }) =>
          row.kind === previous.row.kind && row.label === previous.row.label && row.start_ms === previous.row.start_ms,
      );
    body.hidden = false;
    missing.hidden = true;
    document.title = `${view.path} · Vitrum`;
    replaceContent(head, title(view), facts(view), vitalStrip(marks));
    replaceContent(legend, ...kindKeys(lanes));
    rowsSummary.textContent = `The same as a table (${counted(lanes.length, 'row')})`;
    replaceContent(
      rows,
      rowsTable(lanes, (lane) => {
        select(lane);
        details.root.focus({ preventScroll: true });
      }),
    );
    draw();
  };

  const missing = element(
    'section',
    { class: 'panel first-event' },
    element('h1', {}, 'No such page view yet'),
    element(
      'p',
      {},
      'The collector does not have it. It may not have arrived yet, or the address is cut. This page keeps looking.',
    ),
  );
  const loader = new Loader(
    (signal) => fetchView(id, signal),
    show,
    () => {
      body.hidden = true;
      missing.hidden = false;
    },
  );

  return {
    root: element('main', { class: 'page' }, back, loader.notice, missing, body),
    open(next) {
      back.href = backAddress();
      body.hidden = true;
      missing.hidden = true;
      isLoadOnly = false;
      selected = undefined;
      details.show(undefined);
      id = next;
      loader.restart();
    },
    refresh: () => loader.refresh(),
  };
}

function title(view: View): HTMLElement {
  return element(
    'div',
    { class: 'view-title' },
    element('h1', {}, `${view.same_document ? 'Route change to' : 'Page load of'} ${view.path}`),
    element('p', { class: 'note' }, formatDateTime(view.time_ms)),
  );
}

function facts(view: View): HTMLElement {
  const pairs: [string, string | null][] = [
    ['Address', view.url],
    ['Service', [view.service, view.version].filter(Boolean).join(' ')],
    ['Environment', view.environment],
    ['Session', view.session_id],
    ['Browser', view.user_agent],
  ];
  return element(
    'dl',
    { class: 'panel view-facts' },
    ...pairs.map(
      ([key, value]) =>
        value !== null && value !== '' && element('div', {}, element('dt', {}, key), element('dd', {}, value)),
    ),
  );
}

function vitalStrip(marks: VitalMark[]): Child {
  if (marks.length === 0) return null;
  return element(
    'ul',
    { class: 'strip', 'aria-label': 'Vitals of this page view' },
    ...marks.map(({ name, value }) => {
      const rating = rate(name, value);
      return element(
        'li',
        { class: rating, title: VITALS[name].title },
        element('span', { class: 'note' }, name.toUpperCase()),
        element('strong', {}, formatVital(name, value)),
        element('span', { class: 'verdict' }, ratingMark(rating), RATING_WORDS[rating]),
      );
    }),
  );
}

function kindKeys(lanes: Lane[]): HTMLElement[] {
  const kinds = [...new Set(lanes.map(({ row }) => row.kind))];
  return kinds.map((kind: RowKind) => {
    const key = element('span', { class: 'key' }, KIND_WORDS[kind]);
    key.style.setProperty('--key', `var(--${KIND_COLOURS[kind]})`);
    return key;
  });
}

function choice(name: string, pressed: boolean, click: () => void): HTMLElement {
  return element(
    'button',
    { type: 'button', 'aria-pressed': String(pressed), 'data-key': `choice ${name}`, click },
    name,
  );
}

function rowsTable(lanes: Lane[], onSelect: (lane: Lane) => void): HTMLElement {
  return table(
    'Rows of the waterfall',
    [
      {
        title: 'Row',
        cell: (lane) =>
          element(
            'button',
            {
              type: 'button',
              class: 'link',
              'data-key': `row ${lane.row.kind} ${lane.row.label} ${lane.row.start_ms}`,
              click: () => onSelect(lane),
            },
            lane.label,
          ),
      },
      { title: 'Kind', cell: ({ row }) => KIND_WORDS[row.kind] },
      { title: 'State', cell: ({ row }) => (row.failed ? element('span', { class: 'problem' }, 'Failed') : 'OK') },
      { title: 'Start', cell: ({ from_ms }) => formatMs(from_ms), numeric: true },
      {
        title: 'Duration',
        cell: ({ from_ms, to_ms }) => (to_ms > from_ms ? formatMs(to_ms - from_ms) : '–'),
        numeric: true,
      },
    ],
    lanes,
    'Nothing was recorded for this page view.',
  );
}
