// What the address bar means, and how to change it without loading a document.

export const RANGES = ['15m', '1h', '24h', '7d'] as const;
export type Range = (typeof RANGES)[number];

export const SORTS = ['last', 'count', 'sessions', 'users', 'first'] as const;
export type Sort = (typeof SORTS)[number];

export const STATES = ['open', 'resolved', 'all'] as const;
export type StateFilter = (typeof STATES)[number];

export interface OverviewRoute {
  screen: 'overview';
  range: Range;
  service: string;
}

export interface ErrorsRoute {
  screen: 'errors';
  range: Range;
  service: string;
  /** `own`, one of the wire's, or all. */
  origin: string;
  state: StateFilter;
  sort: Sort;
}

export interface ErrorRoute {
  screen: 'error';
  range: Range;
  service: string;
  fingerprint: string;
  /** The occurrence to show; the latest where none is named. */
  record: string;
}

export interface ViewRoute {
  screen: 'view';
  id: string;
}

export type Route = OverviewRoute | ErrorsRoute | ErrorRoute | ViewRoute | { screen: 'unknown' };

export function readRoute(): Route {
  const { pathname, search } = window.location;
  const query = new URLSearchParams(search);
  const text = (name: string): string => query.get(name) ?? '';
  const range = RANGES.find((known) => known === query.get('range')) ?? '1h';
  const service = text('service');
  if (pathname === '/') return { screen: 'overview', range, service };
  if (pathname === '/errors') {
    const state = STATES.find((known) => known === query.get('state')) ?? 'open';
    const sort = SORTS.find((known) => known === query.get('sort')) ?? 'last';
    return { screen: 'errors', range, service, origin: text('origin'), state, sort };
  }
  const [, kind, id] = /^\/(views|errors)\/([^/]+)\/?$/.exec(pathname) ?? [];
  if (id === undefined) return { screen: 'unknown' };
  if (kind === 'views') return { screen: 'view', id: decoded(id) };
  return { screen: 'error', range, service, fingerprint: decoded(id), record: text('record') };
}

export function overviewAddress(range: Range, service: string): string {
  return address('/', { range, service });
}

export function errorsAddress(route: Partial<Omit<ErrorsRoute, 'screen'>>): string {
  return address('/errors', route);
}

export function errorAddress({ fingerprint, ...rest }: Partial<Omit<ErrorRoute, 'screen'>>): string {
  return address(`/errors/${encodeURIComponent(fingerprint ?? '')}`, rest);
}

/** The same screen, over another range or of another service. */
export function elsewhere(route: Route, range: Range, service: string): string {
  if (route.screen === 'errors') return errorsAddress({ ...route, range, service });
  if (route.screen === 'error') return errorAddress({ ...route, range });
  return overviewAddress(range, service);
}

export function viewAddress(id: string): string {
  return `/views/${encodeURIComponent(id)}`;
}

export function go(address: string): void {
  window.history.pushState({ inside: true }, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
}

/** What is as it would be anyway is left out. */
function address(path: string, parts: Record<string, string | undefined>): string {
  const usual: Record<string, string> = { range: '1h', state: 'open', sort: 'last' };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    if (name !== 'screen' && value !== undefined && value !== '' && value !== usual[name]) query.set(name, value);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Follows plain clicks on links of ours inside the page; anything else stays the browser's. */
export function followLinks(root: HTMLElement): void {
  root.addEventListener('click', (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== window.location.origin || link.hash !== '' || link.target !== '') return;
    event.preventDefault();
    if (link.dataset['back'] !== undefined && window.history.state?.inside === true) window.history.back();
    else {
      go(link.pathname + link.search);
      if (link.dataset['stay'] === undefined) window.scrollTo(0, 0);
    }
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
