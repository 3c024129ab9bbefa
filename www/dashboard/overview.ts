// The first screen: vitals, traffic, slow routes, errors and the latest page views of a service.

import { fetchOverview } from './api';
import type { Overview } from './api';
import { element, panel, replaceContent } from './element';
import { firstEventPanel } from './first_event';
import { readRoute } from './route';
import { Loader } from './screen';
import type { Screen } from './screen';
import { errorsList, routesTable, viewsTable } from './tables';
import { createViewsChart } from './views_chart';
import { vitalCards } from './vital_cards';

export interface OverviewScreen extends Screen {
  /** The address asks for a range or a service, perhaps another one than before. */
  open(): void;
}

export function createOverview(onServices: (services: string[]) => void): OverviewScreen {
  const cards = element('div', { class: 'cards' });
  const chart = createViewsChart();
  const routes = element('div');
  const errors = element('div');
  const views = element('div');
  const full = element(
    'div',
    { class: 'stack' },
    element('section', { 'aria-label': 'Web vitals' }, element('h2', { class: 'hidden' }, 'Web vitals'), cards),
    chart.root,
    element(
      'div',
      { class: 'halves' },
      panel('Slowest routes', '75th percentile', routes),
      panel('Latest errors', null, errors),
    ),
    panel('Latest page views', null, views),
  );
  const empty = element('div', {});
  full.hidden = true;

  const show = (overview: Overview): void => {
    onServices(overview.services);
    const isEmpty = overview.records === 0 && overview.services.length === 0;
    if (isEmpty && empty.childElementCount === 0) empty.append(firstEventPanel());
    empty.hidden = !isEmpty;
    full.hidden = isEmpty;
    if (isEmpty) return;
    replaceContent(cards, ...vitalCards(overview.vitals));
    chart.update(overview);
    replaceContent(routes, routesTable(overview));
    replaceContent(errors, errorsList(overview));
    replaceContent(views, viewsTable(overview));
  };

  const loader = new Loader((signal) => {
    const route = readRoute();
    return route.screen === 'overview'
      ? fetchOverview(route.range, route.service, signal)
      : new Promise<Overview>(() => {});
  }, show);

  return {
    root: element(
      'main',
      { class: 'page' },
      element('h1', { class: 'hidden' }, 'Overview'),
      loader.notice,
      empty,
      full,
    ),
    open: () => loader.reload(),
    refresh: () => loader.refresh(),
  };
}
