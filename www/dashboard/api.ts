// The collector's answers, as types, and the two requests that fetch them.

export type VitalName = 'lcp' | 'inp' | 'cls' | 'fcp' | 'ttfb';

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

export interface ErrorSummary {
  type: string;
  message: string;
  count: number;
  sessions: number;
  last_ms: number;
  path: string;
  view_id: string;
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
  vitals: VitalSummary[];
  views_over_time: Bucket[];
  routes: RouteSummary[];
  errors: ErrorSummary[];
  views: ViewSummary[];
}

export type RowKind =
  'navigation' | 'resource' | 'request' | 'vital' | 'error' | 'long_task' | 'long_animation_frame' | 'event';

export interface Row {
  kind: RowKind;
  label: string;
  start_ms: number;
  duration_ms: number;
  failed: boolean;
  detail: Record<string, unknown>;
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
  rows: Row[];
}

/** What the collector answered when it was not data. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`The collector answered with status ${status}.`);
  }
}

export function fetchOverview(range: string, service: string, signal: AbortSignal): Promise<Overview> {
  const query = new URLSearchParams({ range });
  if (service !== '') query.set('service', service);
  return fetchJson<Overview>(`/api/overview?${query}`, signal);
}

export function fetchView(id: string, signal: AbortSignal): Promise<View> {
  return fetchJson<View>(`/api/views/${encodeURIComponent(id)}`, signal);
}

async function fetchJson<T>(address: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(address, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) throw new Refused(response.status);
  return (await response.json()) as T;
}
