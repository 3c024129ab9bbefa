// The screen of one error: its stack, what happened before, whom it happens to, and where to look on.

import { fetchError } from './api_errors';
import type { ErrorDetail, Occurrence, Shown } from './api_errors';
import { crumbsView, readCrumbs } from './crumbs';
import { element, panel, replaceContent } from './element';
import { errorTitle, errorTotals, originAdvice } from './error_head';
import { createStateControls } from './error_state';
import { counted, formatCount, formatDateTime, formatMoment } from './format';
import { errorAddress, viewAddress } from './route';
import type { ErrorRoute } from './route';
import { Loader } from './screen';
import type { Screen } from './screen';
import { sharesList } from './shares';
import { sparkline } from './sparkline';
import { mapsAdvice, stackView } from './stack_view';
import type { Opened } from './stack_view';
import { table } from './table';

export interface ErrorScreen extends Screen {
  open(route: ErrorRoute): void;
}

/** Occurrences in the table; the collector knows more. */
const LISTED = 20;

export function createErrorPage(backAddress: () => string): ErrorScreen {
  const back = element('a', { href: '/errors', 'data-back': '', class: 'back' }, '← All errors');
  const title = element('div');
  const controls = createStateControls(() => loader.reload());
  const facts = element('div', { class: 'stack' });
  const trend = element('div');
  const trendBeside = element('p', { class: 'note' });
  const stack = element('div');
  const stackBeside = element('p', { class: 'note' });
  const crumbs = element('div');
  const shares = element('div', { class: 'shares-stack' });
  const list = element('div');
  const listBeside = element('p', { class: 'note' });
  const attributes = element('div');
  const body = element(
    'div',
    { class: 'stack' },
    element('div', { class: 'error-head' }, title, controls.root),
    facts,
    panel('How often', trendBeside, trend),
    element(
      'div',
      { class: 'beside' },
      element('div', { class: 'stack' }, panel('Stack', stackBeside, stack), panel('What happened before', null, crumbs)),
      panel('Whom it happens to', null, shares),
    ),
    panel('Where it happened', listBeside, list),
    element('details', { class: 'panel' }, element('summary', {}, 'All that this occurrence says'), attributes),
  );
  const missing = element(
    'section',
    { class: 'panel first-event' },
    element('h1', {}, 'No such error'),
    element('p', {}, 'The collector does not have it. It may have been deleted with the session it was of, or the address is cut.'),
  );

  let route: ErrorRoute | undefined;
  const opened: Opened = new Map();
  // What is as before stays as it is: newer data must not close what someone reads.
  const drawn = new Map<HTMLElement, string>();
  const keep = (place: HTMLElement, data: unknown, make: () => (HTMLElement | null)[]): void => {
    const now = JSON.stringify(data);
    if (drawn.get(place) === now) return;
    drawn.set(place, now);
    replaceContent(place, ...make());
  };

  const show = (error: ErrorDetail): void => {
    if (route === undefined) return;
    const at = route;
    body.hidden = false;
    missing.hidden = true;
    document.title = `${error.type || 'Error'} · Vitrum`;
    const { shown } = error;
    replaceContent(title, errorTitle(error));
    controls.show(error);
    replaceContent(facts, errorTotals(error), originAdvice(error, shown));
    trendBeside.textContent = `${counted(error.count, 'time')} in this range`;
    replaceContent(trend, trendView(error));
    stackBeside.textContent = shown === null ? '' : whichOne(error, shown);
    keep(stack, shown && [shown.record, shown.stack], () =>
      shown === null ? [element('p', { class: 'nothing' }, 'This occurrence is not stored any more.')] : [mapsAdvice(shown, shown.stack, error.service), stackView(shown, `${error.type}: ${error.message}`, opened)],
    );
    keep(crumbs, shown && [shown.breadcrumbs, shown.page_ms], () => [crumbsView(shown === null ? [] : readCrumbs(shown.breadcrumbs, shown.page_ms))]);
    replaceContent(shares, ...allShares(error));
    listBeside.textContent = error.occurrences.length > LISTED ? `The latest ${LISTED} of ${formatCount(error.occurrences.length)}` : '';
    replaceContent(list, occurrencesTable(error, at, shown?.record));
    keep(attributes, shown && [shown.attributes, shown.resource], () => (shown === null ? [] : [attributesList({ ...shown.resource, ...shown.attributes })]));
  };

  const loader = new Loader(
    (signal) => (route === undefined ? new Promise<ErrorDetail>(() => {}) : fetchError(route, signal)),
    show,
    () => {
      body.hidden = true;
      missing.hidden = false;
    },
  );

  return {
    root: element('main', { class: 'page' }, back, loader.notice, missing, body),
    open(next) {
      back.href = backAddress();
      const isSame = route !== undefined && route.fingerprint === next.fingerprint && route.service === next.service;
      if (!isSame || route?.record !== next.record) opened.clear();
      route = next;
      if (isSame) return loader.reload();
      body.hidden = true;
      missing.hidden = true;
      loader.restart();
    },
    refresh: () => loader.refresh(),
  };
}

function trendView({ trend, range }: ErrorDetail): HTMLElement {
  const bars = sparkline(trend, `${formatCount(trend.reduce((sum, count) => sum + count, 0))} times in this range`);
  bars.classList.add('large');
  [...bars.children].forEach((bar, at) => bar.setAttribute('title', `${formatDateTime(range.from_ms + at * range.bucket_ms)}: ${formatCount(trend[at] ?? 0)}`));
  return element(
    'div',
    {},
    bars,
    element('div', { class: 'ends note' }, element('span', {}, formatMoment(range.from_ms)), element('span', {}, 'now')),
  );
}

function whichOne(error: ErrorDetail, shown: Shown): string {
  const isLatest = error.occurrences[0]?.record === shown.record || error.occurrences.length === 0;
  return [isLatest ? 'of the latest' : 'of the one', formatMoment(shown.time_ms), shown.version && `release ${shown.version}`].filter(Boolean).join(' · ');
}

function allShares(error: ErrorDetail): (HTMLElement | null)[] {
  const named = (parts: { name: string | null; count: number }[], none: string): { name: string; count: number }[] =>
    parts.map(({ name, count }) => ({ name: name ?? none, count }));
  const flags = (parts: ErrorDetail['flags']): { name: string; count: number }[] =>
    parts.map(({ name, value, count }) => ({ name: `${name}: ${value}`, count }));
  const releases = error.releases.map(({ version, count }) => ({ name: version, count }));
  const all = [
    sharesList('Browsers', named(error.browsers, 'Unknown'), error.count),
    sharesList('Routes', named(error.routes, 'Unknown'), error.count),
    sharesList('Releases', named(releases, 'None told'), error.count),
    sharesList('Flags', flags(error.flags), error.sample),
    sharesList('Cohorts', flags(error.cohorts), error.sample),
  ];
  return all.every((part) => part === null) ? [element('p', { class: 'nothing' }, 'It did not happen in this range.')] : all;
}

function occurrencesTable(error: ErrorDetail, route: ErrorRoute, shown: string | undefined): HTMLElement {
  const here = (happened: Occurrence): HTMLElement => {
    const time = element('time', { datetime: new Date(happened.time_ms).toISOString(), title: formatDateTime(happened.time_ms) }, formatMoment(happened.time_ms));
    if (happened.record === shown) return element('span', {}, time, element('span', { class: 'tag' }, 'shown'));
    const href = errorAddress({ ...route, record: happened.record });
    return element('a', { href, 'data-stay': '', 'data-key': `occurrence ${happened.record}`, title: 'Show this occurrence above' }, time);
  };
  const page = ({ view_id, path }: Occurrence): HTMLElement =>
    view_id === null
      ? element('span', { class: 'path faint' }, path ?? 'of no page view')
      : element('a', { class: 'path', href: viewAddress(view_id), 'data-key': `view ${view_id}`, title: 'To the page view and its waterfall' }, path ?? 'Page view');
  const short = (id: string | null): HTMLElement =>
    id === null ? element('span', { class: 'faint' }, '–') : element('code', { title: id }, id.slice(0, 8));
  return table(
    'Where it happened',
    [
      { title: 'Page', cell: page },
      { title: 'Time', cell: here },
      { title: 'Session', cell: ({ session_id }) => short(session_id) },
      { title: 'Trace', cell: ({ trace_id }) => short(trace_id) },
      { title: 'Release', cell: ({ version }) => version ?? '–' },
      { title: 'Browser', cell: ({ browser }) => browser ?? '–' },
    ],
    error.occurrences.slice(0, LISTED),
    'It did not happen in this range.',
  );
}

function attributesList(all: Record<string, unknown>): HTMLElement {
  const pairs = Object.entries(all).filter(([, value]) => value !== null && value !== '');
  return element(
    'dl',
    { class: 'attributes wide' },
    ...pairs.map(([key, value]) =>
      element('div', {}, element('dt', {}, key), element('dd', {}, typeof value === 'string' ? value : JSON.stringify(value))),
    ),
  );
}
