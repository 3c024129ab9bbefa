// What the address bar means, and how to change it without loading a document.

export const RANGES = ['15m', '1h', '24h', '7d'] as const;
export type Range = (typeof RANGES)[number];

export interface OverviewRoute {
  screen: 'overview';
  range: Range;
  service: string;
}

export interface ViewRoute {
  screen: 'view';
  id: string;
}

export type Route = OverviewRoute | ViewRoute | { screen: 'unknown' };

export function readRoute(): Route {
  const { pathname, search } = window.location;
  if (pathname === '/') {
    const query = new URLSearchParams(search);
    const range = RANGES.find((known) => known === query.get('range')) ?? '1h';
    return { screen: 'overview', range, service: query.get('service') ?? '' };
  }
  const id = /^\/views\/([^/]+)\/?$/.exec(pathname)?.[1];
  return id === undefined ? { screen: 'unknown' } : { screen: 'view', id: decoded(id) };
}

export function overviewAddress(range: Range, service: string): string {
  const query = new URLSearchParams();
  if (range !== '1h') query.set('range', range);
  if (service !== '') query.set('service', service);
  return query.size === 0 ? '/' : `/?${query}`;
}

export function viewAddress(id: string): string {
  return `/views/${encodeURIComponent(id)}`;
}

export function go(address: string): void {
  window.history.pushState({ inside: true }, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
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
      window.scrollTo(0, 0);
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
