// Two lists of the overview: slowest routes and latest page views.

import type { Overview, RouteSummary, ViewSummary } from './api';
import { element } from './element';
import type { Child } from './element';
import { formatCount, formatDateTime, formatMoment } from './format';
import { viewAddress } from './route';
import { table } from './table';
import type { Column } from './table';
import { ratedValue } from './vitals';

const ROUTES: Column<RouteSummary>[] = [
  { title: 'Route', cell: ({ path }) => element('span', { class: 'path', title: path }, path) },
  { title: 'Views', cell: ({ views }) => formatCount(views), numeric: true },
  { title: 'LCP', cell: ({ lcp_p75 }) => ratedValue('lcp', lcp_p75), numeric: true },
  { title: 'INP', cell: ({ inp_p75 }) => ratedValue('inp', inp_p75), numeric: true },
  { title: 'CLS', cell: ({ cls_p75 }) => ratedValue('cls', cls_p75), numeric: true },
  { title: 'Errors', cell: ({ errors }) => problemCount(errors), numeric: true },
];

const VIEWS: Column<ViewSummary>[] = [
  {
    title: 'Page',
    cell: (view) =>
      element(
        'a',
        { class: 'path', href: viewAddress(view.id), 'data-key': `view ${view.id}`, title: view.url },
        view.path,
      ),
  },
  {
    title: 'Time',
    cell: ({ time_ms }) =>
      element(
        'time',
        { datetime: new Date(time_ms).toISOString(), title: formatDateTime(time_ms) },
        formatMoment(time_ms),
      ),
  },
  { title: 'Kind', cell: ({ same_document }) => (same_document ? 'Route change' : 'Page load') },
  { title: 'LCP', cell: ({ lcp }) => ratedValue('lcp', lcp), numeric: true },
  { title: 'Requests', cell: requests, numeric: true },
  { title: 'Errors', cell: ({ errors }) => problemCount(errors), numeric: true },
];

/** Slowest first; a route whose LCP nobody measured cannot be called slow. */
export function routesTable({ routes }: Overview): HTMLElement {
  const slowest = [...routes].sort((a, b) => (b.lcp_p75 ?? -1) - (a.lcp_p75 ?? -1) || b.views - a.views);
  return table('Slowest routes', ROUTES, slowest, 'No page views in this range.');
}

export function viewsTable({ views }: Overview): HTMLElement {
  return table('Latest page views', VIEWS, views, 'No page views in this range.');
}

function requests(view: ViewSummary): Child {
  if (view.failed_requests === 0) return formatCount(view.requests);
  return element(
    'span',
    {},
    `${formatCount(view.requests)} `,
    element('span', { class: 'problem' }, `${formatCount(view.failed_requests)} failed`),
  );
}

function problemCount(value: number): Child {
  return element('span', { class: value > 0 ? 'problem' : 'faint' }, formatCount(value));
}
