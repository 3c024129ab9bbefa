// The collector's answers about errors, as types, the requests that fetch them, and the one that changes something.

import { Refused, fetchJson, within } from './api';
import type { Overview } from './api';
import type { ErrorRoute, ErrorsRoute } from './route';

export type ErrorState =
  | { state: 'open' }
  | { state: 'resolved'; resolved_version: string | null; resolved_ms: number }
  | { state: 'regressed'; resolved_version: string | null; regressed_version: string | null; regressed_ms: number; regressed_count: number };

export interface Release {
  version: string | null;
  count: number;
  first_ms: number;
  last_ms: number;
}

export type ErrorGroup = ErrorState & {
  fingerprint: string;
  service: string;
  type: string;
  message: string;
  source: string | null;
  /** The page's own errors have none. */
  origin: string | null;
  count: number;
  sessions: number;
  users: number;
  first_ms: number;
  last_ms: number;
  is_new: boolean;
  /** The latest release, where it is first seen in that. */
  new_in: string | null;
  releases: Release[];
  trend: number[];
  path: string;
  view_id: string;
};

export interface Errors {
  range: Overview['range'];
  services: string[];
  origins: Record<string, number>;
  errors: ErrorGroup[];
  total: number;
  unknown: number;
}

export interface Place {
  url: string;
  line: number;
  column: number;
}

export interface Original {
  file: string;
  line: number;
  column: number;
  function: string | null;
  is_library: boolean;
  context: { first_line: number; lines: string[] } | null;
}

export interface Frame {
  function: string | null;
  place: Place | null;
  original: Original | null;
}

export interface Stack {
  parts: { title: string; is_cause: boolean; frames: Frame[] }[];
  missing: string[];
  has_maps: boolean;
}

export interface Shown {
  record: string;
  time_ms: number;
  /** Since the time origin of its page, by which the breadcrumbs are timed. */
  page_ms: number | null;
  view_id: string | null;
  session_id: string | null;
  span: { trace_id: string; span_id: string } | null;
  path: string | null;
  version: string | null;
  environment: string | null;
  stack: Stack;
  breadcrumbs: string;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
}

export interface Occurrence {
  record: string;
  time_ms: number;
  path: string | null;
  view_id: string | null;
  session_id: string | null;
  trace_id: string | null;
  user: string | null;
  version: string | null;
  browser: string | null;
}

export interface Share {
  name: string | null;
  count: number;
}

export interface Flag {
  name: string;
  value: string;
  count: number;
}

export type ErrorDetail = ErrorGroup & {
  range: Overview['range'];
  known_releases: string[];
  browsers: Share[];
  routes: Share[];
  flags: Flag[];
  cohorts: Flag[];
  sample: number;
  occurrences: Occurrence[];
  shown: Shown | null;
};

export function fetchErrors(route: ErrorsRoute, signal: AbortSignal): Promise<Errors> {
  const query = within(route.range, route.service);
  query.set('sort', route.sort);
  if (route.origin !== '') query.set('origin', route.origin);
  if (route.state !== 'all') query.set('state', route.state);
  return fetchJson<Errors>(`/api/errors?${query}`, signal);
}

export function fetchError(route: ErrorRoute, signal: AbortSignal): Promise<ErrorDetail> {
  const query = within(route.range, route.service);
  if (route.record !== '') query.set('record', route.record);
  return fetchJson<ErrorDetail>(`/api/errors/${encodeURIComponent(route.fingerprint)}?${query}`, signal);
}

/** Says in which release it is mended, or takes it back. */
export async function changeState(
  { fingerprint, service }: ErrorGroup,
  change: { state: 'open' } | { state: 'resolved'; version: string | null },
): Promise<void> {
  const response = await fetch(`/api/errors/${encodeURIComponent(fingerprint)}/state`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service, ...change }),
  });
  if (!response.ok) throw new Refused(response.status);
}
