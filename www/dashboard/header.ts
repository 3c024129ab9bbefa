// The bar at the top: the name, the service, the range, and whether the page is live.

import { element, replaceContent } from './element';
import type { LiveState } from './live';
import { RANGES, go, overviewAddress, readRoute } from './route';
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
  let services: string[] = [];

  service.addEventListener('change', () => {
    const route = readRoute();
    if (route.screen === 'overview') go(overviewAddress(route.range, service.value));
  });

  const update = (): void => {
    const route = readRoute();
    filters.hidden = route.screen !== 'overview';
    if (route.screen !== 'overview') return;
    const choices = route.service === '' || services.includes(route.service) ? services : [...services, route.service];
    service.hidden = choices.length < 2 && route.service === '';
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
            click: () => go(overviewAddress(range, route.service)),
          },
          RANGE_NAMES[range][0],
        ),
      ),
    );
  };

  return {
    root: element('header', { class: 'bar' }, element('a', { class: 'brand', href: '/' }, 'Vitrum'), live, filters),
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
