// The first screen: vitals, traffic, slow routes, errors, third parties and the latest page views of a service.

import { fetchGaps, fetchOverview, fetchParties } from './api';
import type { Gaps, Overview, Parties } from './api';
import { element, panel, replaceContent } from './element';
import { errorsList } from './error_list';
import { firstEventPanel } from './first_event';
import { gapsNote } from './gaps';
import { partiesNote, partiesTable } from './parties';
import { errorsAddress, readRoute } from './route';
import type { OverviewRoute } from './route';
import { Loader } from './screen';
import type { Screen } from './screen';
import { routesTable, viewsTable } from './tables';
import { createViewsChart } from './views_chart';
import { vitalCards } from './vital_cards';

export interface OverviewScreen extends Screen {
  /** The address asks for a range or a service, perhaps another one than before. */
  open(): void;
}

const ESTIMATE =
  'Counts are estimates: not every session was told, and those that were stand for the others. Lists have what was told.';

interface Answers {
  overview: Overview;
  domains: Parties['domains'];
  gaps: Gaps;
}

export function createOverview(onServices: (services: string[]) => void): OverviewScreen {
  const cards = element('div', { class: 'cards' });
  const chart = createViewsChart();
  const routes = element('div');
  const errors = element('div');
  const allErrors = element('a', { href: '/errors', 'data-key': 'all errors' }, 'All errors');
  const parties = element('div');
  const partiesBeside = element('p', { class: 'note' });
  const views = element('div');
  const arrived = element('p', { class: 'note' });
  const estimate = element('p', { class: 'note', role: 'note' }, ESTIMATE);
  const full = element(
    'div',
    { class: 'stack' },
    estimate,
    element('section', { 'aria-label': 'Web vitals' }, element('h2', { class: 'hidden' }, 'Web vitals'), cards),
    chart.root,
    element(
      'div',
      { class: 'halves' },
      panel('Slowest routes', '75th percentile', routes),
      panel('Latest errors', allErrors, errors),
    ),
    panel('Third parties', partiesBeside, parties),
    panel('Latest page views', arrived, views),
  );
  const empty = element('div', {});
  full.hidden = true;

  const show = ({ overview, domains, gaps }: Answers): void => {
    onServices(overview.services);
    const isEmpty = overview.records === 0 && overview.services.length === 0;
    if (isEmpty && empty.childElementCount === 0) empty.append(firstEventPanel());
    empty.hidden = !isEmpty;
    full.hidden = isEmpty;
    if (isEmpty) return;
    estimate.hidden = !overview.is_estimate;
    replaceContent(cards, ...vitalCards(overview));
    chart.update(overview);
    replaceContent(routes, routesTable(overview));
    const route = readRoute();
    const range = route.screen === 'overview' ? route.range : '1h';
    allErrors.href = route.screen === 'overview' ? errorsAddress({ range, service: route.service }) : '/errors';
    replaceContent(errors, errorsList(overview.errors, range));
    partiesBeside.textContent = partiesNote(domains);
    replaceContent(parties, partiesTable(domains, 'Nothing from other domains was reported in this range.'));
    arrived.textContent = gapsNote(gaps);
    replaceContent(views, viewsTable(overview));
  };

  const loader = new Loader((signal) => {
    const route = readRoute();
    return route.screen === 'overview' ? ask(route, signal) : new Promise<Answers>(() => {});
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

async function ask({ range, service }: OverviewRoute, signal: AbortSignal): Promise<Answers> {
  const [overview, { domains }, gaps] = await Promise.all([
    fetchOverview(range, service, signal),
    fetchParties(range, service, signal),
    fetchGaps(range, service, signal),
  ]);
  return { overview, domains, gaps };
}
