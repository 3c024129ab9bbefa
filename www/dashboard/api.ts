// The collector's answers, as types, and the requests that fetch them.

import type { ErrorGroup } from './api_errors';

export type VitalName = 'lcp' | 'inp' | 'cls' | 'fcp' | 'ttfb';

/** Counts need not be whole where `is_estimate` is true; those of single views always are. */
export interface VitalSummary {
  name: VitalName;
  unit: string;
  count: number;
  p75: number | null;
  good: number;
  needs_improvement: number;
  poor: number;
}

export interface Bucket {
  at_ms: number;
  views: number;
  sessions: number;
  errors: number;
}

export interface RouteSummary {
  path: string;
  views: number;
  lcp_p75: number | null;
  inp_p75: number | null;
  cls_p75: number | null;
  errors: number;
}

export interface ViewSummary {
  id: string;
  path: string;
  url: string;
  time_ms: number;
  session_id: string;
  same_document: boolean;
  lcp: number | null;
  requests: number;
  failed_requests: number;
  errors: number;
}

export interface Overview {
  range: { from_ms: number; to_ms: number; bucket_ms: number };
  services: string[];
  records: number;
  /** Whether not every session was told, so that counts are what all would have given. */
  is_estimate: boolean;
  vitals: VitalSummary[];
  views_over_time: Bucket[];
  routes: RouteSummary[];
  errors: ErrorGroup[];
  views: ViewSummary[];
}

/** What pages loaded from one registrable domain; one that is a page's own and another's elsewhere stands twice. */
export interface Party {
  domain: string;
  first_party: boolean;
  requests: number;
  failed: number;
  transfer_bytes: number;
  blocking_ms: number;
  longest_ms: number;
  views: number;
}

export interface Parties {
  range: Overview['range'];
  domains: Party[];
}

/** How many pages sent by their numbers, and how many of those did not arrive. */
export interface Tally {
  sent: number;
  missing: number;
}

export interface Gaps {
  range: Overview['range'];
  pages: number;
  pages_with_gaps: number;
  records: Tally;
  batches: Tally;
}

export type RowKind =
  | 'view'
  | 'action'
  | 'navigation'
  | 'resource'
  | 'request'
  | 'span'
  | 'vital'
  | 'error'
  | 'long_task'
  | 'long_animation_frame'
  | 'event';

export interface Row {
  kind: RowKind;
  label: string;
  start_ms: number;
  duration_ms: number;
  failed: boolean;
  /** The place among the rows of the one that this belongs to. */
  parent: number | null;
  /** Of spans that the page did not send: who did. */
  service: string | null;
  /** How far it was moved, because the clock of its service is not that of the page. */
  shifted_ms: number;
  detail: Record<string, unknown>;
}

export interface SpanId {
  trace_id: string;
  span_id: string;
}

/** The action that led to a view, in the view before. */
export interface Cause {
  view_id: string;
  path: string;
  action: string;
  target: string | null;
}

export interface View {
  id: string;
  url: string;
  path: string;
  time_ms: number;
  session_id: string;
  service: string;
  version: string | null;
  environment: string | null;
  user_agent: string | null;
  same_document: boolean;
  span: SpanId | null;
  cause: Cause | null;
  rows: Row[];
  parties: Party[];
}

/** What the collector answered when it was not data. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`The collector answered with status ${status}.`);
  }
}

export function fetchOverview(range: string, service: string, signal: AbortSignal): Promise<Overview> {
  return fetchJson<Overview>(`/api/overview?${within(range, service)}`, signal);
}

export function fetchParties(range: string, service: string, signal: AbortSignal): Promise<Parties> {
  return fetchJson<Parties>(`/api/third-parties?${within(range, service)}`, signal);
}

export function fetchGaps(range: string, service: string, signal: AbortSignal): Promise<Gaps> {
  return fetchJson<Gaps>(`/api/gaps?${within(range, service)}`, signal);
}

export function fetchView(id: string, signal: AbortSignal): Promise<View> {
  return fetchJson<View>(`/api/views/${encodeURIComponent(id)}`, signal);
}

export function within(range: string, service: string): URLSearchParams {
  const query = new URLSearchParams({ range });
  if (service !== '') query.set('service', service);
  return query;
}

export async function fetchJson<T>(address: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(address, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new Refused(response.status);
  return (await response.json()) as T;
}
