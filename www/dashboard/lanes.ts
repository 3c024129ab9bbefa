// Turns a page view's rows into the lanes of its waterfall: a tree on one time axis, and the vitals' lines.

import type { Row, RowKind, View, VitalName } from './api';
import { detailText } from './detail';
import { formatMs, shortAddress } from './format';
import { outcomeOf, outcomeText } from './outcome';
import type { Outcome } from './outcome';
import { phasesOf } from './phases';
import type { Phase } from './phases';
import { latestVitals, vitalName, vitalValue } from './vital_rows';
import { VITAL_NAMES, formatVital } from './vitals';

export interface Lane {
  row: Row;
  /** The same for the same lane when the view is asked for again. */
  key: string;
  label: string;
  from_ms: number;
  to_ms: number;
  phases: Phase[];
  outcome: Outcome;
  /** What the lane measured: a vital's value, else how long it took, else when it was; and what there is to add. */
  measure: string;
  /** What it belongs to, what belongs to it, and how deep it lies in the tree. */
  parent: Lane | undefined;
  children: Lane[];
  depth: number;
}

export interface VitalMark {
  name: VitalName;
  value: number;
  detail: Row['detail'];
  /** Only the vitals that are moments of the page load have one. */
  at_ms: number | null;
}

export const KIND_WORDS: Record<RowKind, string> = {
  view: 'Page view',
  action: 'Action',
  navigation: 'Navigation',
  resource: 'Resource',
  request: 'Request',
  span: 'Service',
  vital: 'Vital',
  error: 'Error',
  long_task: 'Long task',
  long_animation_frame: 'Long animation frame',
  event: 'Event',
};

/** Told for themselves above the waterfall: they are sums over the view, and their time is that of the telling. */
const SUMS: ReadonlySet<string> = new Set(['vitrum.blocking', 'vitrum.connections', 'vitrum.route_transition']);

/** Kinds of rows that are spans. */
export const SPANS: ReadonlySet<RowKind> = new Set(['view', 'action', 'request', 'span']);

const MOMENTS: readonly VitalName[] = ['ttfb', 'fcp', 'lcp'];

/** In the order in which they are shown: each is followed by what belongs to it. */
export function lanesOf(view: View): Lane[] {
  const finalVitals = new Set(latestVitals(view.rows).values());
  const isShown = (row: Row): boolean =>
    row.kind === 'vital'
      ? finalVitals.has(row) && isOnAxis(row, view.same_document)
      : !(row.kind === 'event' && SUMS.has(row.label));
  const host = hostOf(view.url);
  const lanes = new Map(view.rows.filter(isShown).map((row) => [row, laneOf(row, host)]));
  for (const lane of lanes.values()) {
    const parent = lane.row.parent === null ? undefined : view.rows[lane.row.parent];
    lane.parent = parent && lanes.get(parent);
    lane.parent?.children.push(lane);
    // Once a service is named, what it did is known to be its own.
    const { service } = lane.row;
    if (service !== null && service !== lane.parent?.row.service) lane.measure += ` · ${service}`;
  }
  const ordered: Lane[] = [];
  const follow = (siblings: Lane[], depth: number): void => {
    for (const lane of siblings.sort(byStart)) {
      lane.depth = depth;
      ordered.push(lane);
      follow(lane.children, depth + 1);
    }
  };
  follow(
    [...lanes.values()].filter(({ parent }) => parent === undefined),
    0,
  );
  return ordered;
}

/** All that it belongs to, from the outermost. */
export function ancestors(lane: Lane): Lane[] {
  return lane.parent === undefined ? [] : [...ancestors(lane.parent), lane.parent];
}

export function vitalMarks(view: View): VitalMark[] {
  const latest = latestVitals(view.rows);
  return VITAL_NAMES.flatMap((name) => {
    const row = latest.get(name);
    if (row === undefined) return [];
    const value = vitalValue(row);
    return [{ name, value, detail: row.detail, at_ms: isMoment(name, view.same_document) ? value : null }];
  });
}

/** Where loading the page ends; null when the view has no load of its own, or little happened after it. */
export function loadEnd(lanes: Lane[], marks: VitalMark[]): number | null {
  const ends = lanes.filter(({ row }) => row.kind === 'navigation').map(({ to_ms }) => to_ms);
  const moments = marks.flatMap(({ at_ms }) => (at_ms === null ? [] : [at_ms]));
  if (ends.length === 0 && moments.length === 0) return null;
  const end = Math.max(...ends, ...moments) * 1.1;
  const whole = Math.max(...lanes.map(({ to_ms }) => to_ms));
  return whole > end * 2 ? end : null;
}

function byStart(a: Lane, b: Lane): number {
  const isLoad = ({ row }: Lane): number => Number(row.kind === 'navigation');
  return a.from_ms - b.from_ms || isLoad(b) - isLoad(a) || b.to_ms - a.to_ms;
}

/** INP and CLS carry the time of their report, usually when the page was left: that is no moment of the page. */
function isOnAxis(row: Row, isSameDocument: boolean): boolean {
  const name = vitalName(row);
  return name !== undefined && isMoment(name, isSameDocument);
}

/** These count from the document's beginning, which is not where a route change begins. */
function isMoment(name: VitalName, isSameDocument: boolean): boolean {
  return !isSameDocument && MOMENTS.includes(name);
}

function laneOf(row: Row, pageHost: string): Lane {
  const name = row.kind === 'vital' ? vitalName(row) : undefined;
  const from_ms = name === undefined ? row.start_ms : vitalValue(row);
  const to_ms = name === undefined ? row.start_ms + row.duration_ms : from_ms;
  // Events name the span in which they happened.
  const spanId = SPANS.has(row.kind) ? detailText(row.detail, 'span_id') : null;
  return {
    row,
    key: [row.kind, row.label, spanId ?? row.start_ms].join(' '),
    label: name === undefined ? labelOf(row, pageHost) : name.toUpperCase(),
    from_ms,
    to_ms,
    phases: phasesOf(row, to_ms),
    outcome: outcomeOf(row),
    measure: name === undefined ? measureOf(row) : formatVital(name, from_ms),
    parent: undefined,
    children: [],
    depth: 0,
  };
}

/** The name of a request has what stands for its path, which says more than the path's last part. */
function labelOf(row: Row, pageHost: string): string {
  if (row.kind === 'navigation') return 'Document';
  if (row.kind === 'long_task' || row.kind === 'long_animation_frame') return KIND_WORDS[row.kind];
  if (row.kind === 'action') return actionLabel(row);
  if (row.kind !== 'request') return SPANS.has(row.kind) ? row.label : shortAddress(row.label);
  const [method, path] = detailText(row.detail, 'span.name')?.split(' ') ?? [];
  if (path === undefined) return shortAddress(row.label);
  const host = hostOf(detailText(row.detail, 'url.full') ?? '');
  return `${method} ${host === pageHost ? '' : host}${path}`;
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : '';
}

/** What was acted on is the last of its selector; where that is, the details say. */
function actionLabel(row: Row): string {
  const target = detailText(row.detail, 'browser.css_selector')?.split('>').pop();
  return target === undefined ? row.label : `${detailText(row.detail, 'span.name') ?? 'action'} ${target}`;
}

function measureOf(row: Row): string {
  const time = row.duration_ms > 0 ? formatMs(row.duration_ms) : `at ${formatMs(row.start_ms)}`;
  const cached = detailText(row.detail, 'vitrum.resource.cache') === 'hit' ? 'from cache' : '';
  return [time, outcomeText(row), cached].filter(Boolean).join(' · ');
}

/** The parts of its length that a lane did not spend on others: for whom to ask where the time went. */
export function ownTime({ row, children }: Lane): number | null {
  const timed = children.filter(({ to_ms, from_ms }) => to_ms > from_ms);
  if (row.duration_ms === 0 || timed.length === 0 || row.kind === 'view') return null;
  const end = row.start_ms + row.duration_ms;
  let reached = row.start_ms;
  let spent = 0;
  for (const child of timed) {
    const from = Math.max(child.from_ms, reached);
    const to = Math.min(child.to_ms, end);
    if (to > from) spent += to - from;
    reached = Math.max(reached, to);
  }
  return row.duration_ms - spent;
}

