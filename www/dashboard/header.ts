// The bar at the top: the name, the service, the range, and whether the page is live.

import { element, replaceContent } from './element';
import type { LiveState } from './live';
import { RANGES, elsewhere, errorsAddress, go, overviewAddress, readRoute } from './route';
import type { Range } from './route';

const RANGE_NAMES: Record<Range, [string, string]> = {
  '15m': ['15 min', 'Last 15 minutes'],
  '1h': ['1 h', 'Last hour'],
  '24h': ['24 h', 'Last 24 hours'],
  '7d': ['7 days', 'Last 7 days'],
};

const LIVE_WORDS: Record<LiveState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
};

export interface Header {
  root: HTMLElement;
  setLive(state: LiveState): void;
  setServices(services: string[]): void;
  /** Follows the address: which range is pressed, and whether filters make sense here. */
  update(): void;
}

export function createHeader(): Header {
  const live = element('p', { class: 'connection', role: 'status' });
  const ranges = element('div', { class: 'choices', role: 'group', 'aria-label': 'Time range' });
  const service = element('select', { 'aria-label': 'Service' });
  const filters = element('div', { class: 'filters' }, service, ranges);
  const toOverview = element('a', { href: '/' }, 'Overview');
  const toErrors = element('a', { href: '/errors' }, 'Errors');
  const parts = element('nav', { class: 'parts-of', 'aria-label': 'Screens' }, toOverview, toErrors);
  let services: string[] = [];

  service.addEventListener('change', () => {
    const route = readRoute();
    if ('range' in route) go(elsewhere(route, route.range, service.value));
  });

  const update = (): void => {
    const route = readRoute();
    const isPart = (name: string): boolean => route.screen.startsWith(name);
    toOverview.setAttribute('aria-current', isPart('overview') ? 'page' : 'false');
    toErrors.setAttribute('aria-current', isPart('error') ? 'page' : 'false');
    filters.hidden = !('range' in route);
    if (!('range' in route)) return;
    toOverview.href = overviewAddress(route.range, route.service);
    toErrors.href = errorsAddress({ range: route.range, service: route.service });
    const choices = route.service === '' || services.includes(route.service) ? services : [...services, route.service];
    service.hidden = (choices.length < 2 && route.service === '') || route.screen === 'error';
    replaceContent(
      service,
      element('option', { value: '' }, 'All services'),
      ...choices.map((name) => element('option', { value: name }, name)),
    );
    service.value = route.service;
    replaceContent(
      ranges,
      ...RANGES.map((range) =>
        element(
          'button',
          {
            type: 'button',
            'aria-pressed': String(range === route.range),
            'aria-label': RANGE_NAMES[range][1],
            'data-key': range,
            click: () => go(elsewhere(route, range, route.service)),
          },
          RANGE_NAMES[range][0],
        ),
      ),
    );
  };

  return {
    root: element('header', { class: 'bar' }, element('a', { class: 'brand', href: '/' }, 'Vitrum'), parts, live, filters),
    setLive(state) {
      live.className = `connection ${state}`;
      replaceContent(live, LIVE_WORDS[state]);
    },
    setServices(next) {
      if (next.join('\n') === services.join('\n')) return;
      services = next;
      update();
    },
    update,
  };
}
