// Turns a page view's rows into the lanes of its waterfall: where each begins and ends, its phases, the vitals' lines.

import type { Row, RowKind, View, VitalName } from './api';
import { formatMs, shortAddress } from './format';
import { VITAL_NAMES, formatVital } from './vitals';

export interface Phase {
  name: string;
  from_ms: number;
  to_ms: number;
  /** How solid the phase is drawn: waiting is lighter than receiving. */
  weight: number;
}

export interface Lane {
  row: Row;
  label: string;
  from_ms: number;
  to_ms: number;
  phases: Phase[];
  /** What the lane measured: a vital's value, else how long it took, else when it was. */
  measure: string;
}

export interface VitalMark {
  name: VitalName;
  value: number;
  /** Only the vitals that are moments of the page load have one. */
  at_ms: number | null;
}

export const KIND_WORDS: Record<RowKind, string> = {
  navigation: 'Navigation',
  resource: 'Resource',
  request: 'Request',
  vital: 'Vital',
  error: 'Error',
  long_task: 'Long task',
  long_animation_frame: 'Long animation frame',
  event: 'Event',
};

const MOMENTS: readonly VitalName[] = ['ttfb', 'fcp', 'lcp'];

export function lanesOf(view: View): Lane[] {
  const finalVitals = new Set(latestVitals(view.rows).values());
  return view.rows
    .filter((row) => row.kind !== 'vital' || (finalVitals.has(row) && isOnAxis(row, view.same_document)))
    .map(laneOf)
    .sort(
      (a, b) =>
        a.from_ms - b.from_ms ||
        Number(b.row.kind === 'navigation') - Number(a.row.kind === 'navigation') ||
        b.to_ms - a.to_ms,
    );
}

export function vitalMarks(view: View): VitalMark[] {
  const latest = latestVitals(view.rows);
  return VITAL_NAMES.flatMap((name) => {
    const row = latest.get(name);
    if (row === undefined) return [];
    const value = vitalValue(row);
    return [{ name, value, at_ms: isMoment(name, view.same_document) ? value : null }];
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

/** Finds a number of the detail by the last part of its attribute name. */
export function detailNumber(detail: Row['detail'], name: string): number | null {
  const value = detailValue(detail, name);
  return typeof value === 'number' ? value : null;
}

function detailValue(detail: Row['detail'], name: string): unknown {
  const key = Object.keys(detail).find((known) => known === name || known.endsWith(`.${name}`));
  return key === undefined ? undefined : detail[key];
}

/** A vital is sent again whenever it changed: the last record of each name counts. */
function latestVitals(rows: Row[]): Map<VitalName, Row> {
  const latest = new Map<VitalName, Row>();
  for (const row of rows) {
    const name = row.kind === 'vital' ? vitalName(row) : undefined;
    if (name !== undefined) latest.set(name, row);
  }
  return latest;
}

function vitalName(row: Row): VitalName | undefined {
  const said = String(row.detail['browser.web_vital.name'] ?? row.label).toLowerCase();
  return VITAL_NAMES.find((name) => said.startsWith(name));
}

function vitalValue(row: Row): number {
  return detailNumber(row.detail, 'value') ?? row.duration_ms;
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

function laneOf(row: Row): Lane {
  const name = row.kind === 'vital' ? vitalName(row) : undefined;
  if (name !== undefined) {
    const value = vitalValue(row);
    return {
      row,
      label: name.toUpperCase(),
      from_ms: value,
      to_ms: value,
      phases: [],
      measure: formatVital(name, value),
    };
  }
  const to = row.start_ms + row.duration_ms;
  return {
    row,
    label: shortAddress(row.label),
    from_ms: row.start_ms,
    to_ms: to,
    phases: phasesOf(row, to),
    measure: formatMs(row.duration_ms > 0 ? row.duration_ms : row.start_ms),
  };
}

/** Browsers hide the phases of other origins' resources: then the bar has one piece. */
function phasesOf(row: Row, to: number): Phase[] {
  // The detail counts from the page's time origin, which is where a navigation begins (not where its fetch does); the
  // lane counts from the view's beginning.
  const began = row.kind === 'navigation' ? 0 : fetchBegan(row);
  const at = (name: string): number | null => {
    const value = detailNumber(row.detail, name);
    return value === null || value === 0 ? null : Math.min(to, value - began + row.start_ms);
  };
  const requested = at('request_start');
  const answered = at('response_start');
  if (requested === null || answered === null) return [];
  const received = at('response_end') ?? to;
  const phases: Phase[] = [
    { name: 'Connecting', from_ms: row.start_ms, to_ms: requested, weight: 0.3 },
    { name: 'Waiting', from_ms: requested, to_ms: answered, weight: 0.55 },
    { name: 'Receiving', from_ms: answered, to_ms: received, weight: 1 },
    { name: 'Processing', from_ms: received, to_ms: to, weight: 0.3 },
  ];
  return phases.filter(({ from_ms, to_ms }) => to_ms > from_ms);
}

/** A resource begins with its redirects, where the browser tells of them. */
function fetchBegan(row: Row): number {
  return detailNumber(row.detail, 'redirect_start') || (detailNumber(row.detail, 'fetch_start') ?? 0);
}
