// The phases of a load, within its bar: what came before the request, the wait for an answer, and the answer.

import type { Row } from './api';
import { detailNumber } from './detail';

/** How a phase is drawn: the thicker, the nearer to what was asked for. */
export type PhaseShape = 'line' | 'thin' | 'light' | 'full';

export interface Phase {
  name: string;
  shape: PhaseShape;
  from_ms: number;
  to_ms: number;
}

/** In their order, with the numbers that begin and end each: of two the first that there is. */
const PHASES: readonly [string, PhaseShape, string[], string[]][] = [
  ['Redirect', 'line', ['redirect_start'], ['redirect_end']],
  ['DNS', 'thin', ['domain_lookup_start'], ['domain_lookup_end']],
  ['Connect', 'thin', ['connect_start'], ['secure_connection_start', 'connect_end']],
  ['TLS', 'thin', ['secure_connection_start'], ['connect_end']],
  ['Waiting', 'light', ['request_start'], ['response_start']],
  ['Download', 'full', ['response_start'], ['response_end']],
];

/** The agent rounds to whole milliseconds: a gap of one may be none. */
const LEAST_GAP_MS = 1;

/** Browsers hide the phases of other origins' resources: then the bar has one piece. */
export function phasesOf(row: Row, to: number): Phase[] {
  // The detail counts from the page's time origin, which is where a navigation begins (not where its fetch does); the
  // lane counts from the view's beginning.
  const began = row.kind === 'navigation' ? 0 : fetchBegan(row);
  const at = (names: string[]): number | null => {
    const value = names.map((name) => detailNumber(row.detail, name)).find((number) => number !== null && number !== 0);
    return value === undefined || value === null ? null : Math.min(to, value - began + row.start_ms);
  };
  if (at(['request_start']) === null || at(['response_start']) === null) return [];
  const phases: Phase[] = [];
  let reached = row.start_ms;
  const add = (name: string, shape: PhaseShape, from_ms: number, to_ms: number): void => {
    if (to_ms > from_ms) phases.push({ name, shape, from_ms, to_ms });
    reached = Math.max(reached, to_ms);
  };
  for (const [name, shape, starts, ends] of PHASES) {
    const from = at(starts);
    if (from === null) continue;
    if (from - reached > LEAST_GAP_MS) add('Queued', 'line', reached, from);
    add(name, shape, Math.max(from, reached), at(ends) ?? to);
  }
  if (row.kind === 'navigation') add('Processing', 'line', reached, to);
  return phases;
}

/** A resource begins with its redirects, where the browser tells of them. */
function fetchBegan(row: Row): number {
  return detailNumber(row.detail, 'redirect_start') || (detailNumber(row.detail, 'fetch_start') ?? 0);
}
