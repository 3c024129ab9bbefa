// The screen of errors: all that went wrong in a range, by cause.

import { fetchErrors } from './api_errors';
import type { Errors } from './api_errors';
import { element, panel, replaceContent } from './element';
import { errorsTable } from './error_list';
import { originName } from './error_state';
import { counted, formatCount } from './format';
import { errorsAddress, go, readRoute } from './route';
import type { ErrorsRoute, Sort, StateFilter } from './route';
import { Loader } from './screen';
import type { Screen } from './screen';

const SORT_NAMES: Record<Sort, string> = {
  last: 'Seen last',
  count: 'Most often',
  sessions: 'Most sessions',
  users: 'Most users',
  first: 'Newest',
};

const STATE_NAMES: Record<StateFilter, string> = { open: 'Open', resolved: 'Resolved', all: 'All' };

/** In the order in which they matter. */
const ORIGINS = ['own', 'third-party', 'extension', 'cross-origin'];

export interface ErrorsScreen extends Screen {
  open(): void;
}

export function createErrorsPage(onServices: (services: string[]) => void): ErrorsScreen {
  const origins = element('div', { class: 'choices', role: 'group', 'aria-label': 'Origin' });
  const states = element('div', { class: 'choices', role: 'group', 'aria-label': 'State' });
  const sort = element('select', { 'aria-label': 'Order' });
  for (const [value, name] of Object.entries(SORT_NAMES)) sort.append(element('option', { value }, name));
  const list = element('div');
  const beside = element('p', { class: 'note' });
  const body = element(
    'div',
    { class: 'stack' },
    element('div', { class: 'narrow' }, states, origins, element('label', {}, element('span', { class: 'note' }, 'Order'), sort)),
    panel('Errors', beside, list),
  );
  body.hidden = true;

  const current = (): ErrorsRoute | undefined => {
    const route = readRoute();
    return route.screen === 'errors' ? route : undefined;
  };
  const narrow = (change: Partial<ErrorsRoute>): void => {
    const route = current();
    if (route !== undefined) go(errorsAddress({ ...route, ...change }));
  };
  sort.addEventListener('change', () => narrow({ sort: sort.value as Sort }));

  const show = ({ errors, total, unknown, origins: counts, services }: Errors): void => {
    onServices(services);
    const route = current();
    if (route === undefined) return;
    body.hidden = false;
    sort.value = route.sort;
    const choice = (name: string, value: string, isPressed: boolean, click: () => void): HTMLElement =>
      element('button', { type: 'button', 'aria-pressed': String(isPressed), 'data-key': value, click }, name);
    replaceContent(
      states,
      ...Object.entries(STATE_NAMES).map(([state, name]) =>
        choice(name, `state ${state}`, state === route.state, () => narrow({ state: state as StateFilter })),
      ),
    );
    // Of an origin that there is nothing of there is nothing to choose.
    const known = ORIGINS.filter((origin) => counts[origin] !== undefined || origin === route.origin);
    const named = (origin: string): string => `${origin === 'own' ? 'Own' : originName(origin)} ${formatCount(counts[origin] ?? 0)}`;
    const all = choice('Any origin', 'origin', route.origin === '', () => narrow({ origin: '' }));
    const each = known.map((origin) => choice(named(origin), `origin ${origin}`, origin === route.origin, () => narrow({ origin })));
    replaceContent(origins, ...(known.length < 2 && route.origin === '' ? [] : [all, ...each]));
    const listed = total > errors.length ? `The first ${formatCount(errors.length)} of ${formatCount(total)}` : counted(total, 'error');
    beside.textContent = unknown > 0 ? `${listed}, and ${formatCount(unknown)} times something that was too much to be told apart` : listed;
    replaceContent(list, errorsTable(errors, route.range, nothing(route, counts)));
  };

  const loader = new Loader((signal) => {
    const route = current();
    return route === undefined ? new Promise<Errors>(() => {}) : fetchErrors(route, signal);
  }, show);

  return {
    root: element('main', { class: 'page' }, element('h1', { class: 'hidden' }, 'Errors'), loader.notice, body),
    open: () => loader.reload(),
    refresh: () => loader.refresh(),
  };
}

function nothing(route: ErrorsRoute, counts: Errors['origins']): string {
  if (Object.keys(counts).length === 0) return 'No errors in this range. They appear here as soon as a page reports one.';
  if (route.state === 'resolved' && route.origin === '') return 'No error of this range is marked as resolved.';
  return 'No error of this range fits; there are others of another state or origin.';
}
