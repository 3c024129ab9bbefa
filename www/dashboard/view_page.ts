// The second screen: one page view, its facts and its waterfall.

import { fetchView } from './api';
import type { RowKind, View } from './api';
import { element, panel, replaceContent } from './element';
import { counted, formatMs } from './format';
import { KIND_COLOURS } from './lane_shapes';
import { KIND_WORDS, lanesOf, loadEnd, vitalMarks } from './lanes';
import type { Lane, VitalMark } from './lanes';
import { OUTCOME_WORDS } from './outcome';
import { partiesNote, partiesTable } from './parties';
import { createRowDetails } from './row_details';
import { Loader } from './screen';
import type { Screen } from './screen';
import { table } from './table';
import { viewFacts, viewTitle } from './view_head';
import { viewTotals, vitalStrip } from './vital_strip';
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
  const parties = element('div');
  const partiesBeside = element('p', { class: 'note' });
  const details = createRowDetails((lane) => select(lane));
  const waterfall = createWaterfall((lane) => select(lane));
  const body = element(
    'div',
    { class: 'stack' },
    head,
    element('div', { class: 'beside' }, panel('Waterfall', stretch, legend, waterfall.root), details.root),
    element('details', { class: 'panel' }, rowsSummary, rows),
    panel('Third parties', partiesBeside, parties),
  );

  let id = '';
  let lanes: Lane[] = [];
  let marks: VitalMark[] = [];
  let selected: Lane | undefined;
  let isLoadOnly = false;

  const select = (lane: Lane | undefined): void => {
    // The details may have been drawn before the newest data came.
    selected = lane && lanes.find(({ key }) => key === lane.key);
    details.show(selected);
    draw();
  };

  const draw = (): void => {
    const load = loadEnd(lanes, marks);
    const limit = isLoadOnly && load !== null ? load : Number.POSITIVE_INFINITY;
    const shown = lanes.filter((lane) => lane.from_ms <= limit);
    const end =
      Math.max(1, ...shown.map((lane) => Math.min(lane.to_ms, limit)), ...marks.map(({ at_ms }) => at_ms ?? 0)) * 1.05;
    // What a service did for the document may have been before the page began.
    const start = Math.min(0, ...shown.map((lane) => lane.from_ms));
    waterfall.draw({ lanes: shown, marks, start_ms: start, end_ms: end, selected });
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
    const previous = selected?.key;
    lanes = lanesOf(view);
    marks = vitalMarks(view);
    selected = lanes.find(({ key }) => key === previous);
    body.hidden = false;
    missing.hidden = true;
    document.title = `${view.path} · Vitrum`;
    replaceContent(head, viewTitle(view), viewFacts(view), vitalStrip(marks), viewTotals(view));
    replaceContent(legend, ...kindKeys(lanes), phaseKeys(lanes));
    rowsSummary.textContent = `The same as a table (${counted(lanes.length, 'row')})`;
    replaceContent(
      rows,
      rowsTable(lanes, (lane) => {
        select(lane);
        details.root.focus({ preventScroll: true });
      }),
    );
    partiesBeside.textContent = partiesNote(view.parties);
    const nothing = 'Nothing from other domains was reported for this page view.';
    replaceContent(parties, partiesTable(view.parties, nothing, false));
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

function kindKeys(lanes: Lane[]): HTMLElement[] {
  const shown = new Set(lanes.map(({ row }) => row.kind));
  const kinds = (Object.keys(KIND_WORDS) as RowKind[]).filter((kind) => shown.has(kind));
  return kinds.map((kind) => {
    const key = element('span', { class: 'key' }, KIND_WORDS[kind]);
    key.style.setProperty('--key', `var(--${KIND_COLOURS[kind]})`);
    return key;
  });
}

/** How the parts of a bar are drawn, if there are any. */
function phaseKeys(lanes: Lane[]): HTMLElement | null {
  if (lanes.every(({ phases }) => phases.length === 0)) return null;
  const shapes: [string, string][] = [
    ['line', 'Queued'],
    ['thin', 'Connecting'],
    ['light', 'Waiting'],
    ['full', 'Download'],
  ];
  const keys = shapes.map(([shape, name]) => element('span', { class: `phase ${shape}` }, name));
  return element('span', { class: 'phases' }, ...keys);
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
        cell: (lane) => {
          const name = element(
            'button',
            { type: 'button', class: 'link', 'data-key': `row ${lane.key}`, click: () => onSelect(lane) },
            lane.label,
          );
          name.style.marginLeft = `${lane.depth * 14}px`;
          return name;
        },
      },
      { title: 'Kind', cell: ({ row }) => row.service ?? KIND_WORDS[row.kind] },
      {
        title: 'State',
        cell: ({ outcome }) => element('span', { class: `outcome ${outcome}` }, OUTCOME_WORDS[outcome]),
      },
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
