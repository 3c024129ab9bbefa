// Errors in a list: what has one cause is one row, with how often, to whom, and since when.

import type { ErrorGroup } from './api_errors';
import { element } from './element';
import type { Child } from './element';
import { errorBadges } from './error_state';
import { counted, formatAgo, formatCount, formatDateTime } from './format';
import { errorAddress } from './route';
import type { Range } from './route';
import { sparkline } from './sparkline';
import { table } from './table';
import type { Column } from './table';

/** The whole list, with every number. */
export function errorsTable(errors: ErrorGroup[], range: Range, nothing: string): HTMLElement {
  const columns: Column<ErrorGroup>[] = [
    { title: 'Error', cell: (group) => errorCell(group, range) },
    { title: 'Trend', cell: (group) => sparkline(group.trend, trendText(group)) },
    { title: 'Times', cell: ({ count }) => formatCount(count), numeric: true },
    { title: 'Sessions', cell: ({ sessions }) => formatCount(sessions), numeric: true },
    { title: 'Users', cell: ({ users }) => usersCell(users), numeric: true },
    { title: 'First seen', cell: ({ first_ms }) => ago(first_ms) },
    { title: 'Last seen', cell: ({ last_ms }) => ago(last_ms) },
  ];
  const shown = table('Errors', columns, errors, nothing);
  shown.classList.add('groups');
  return shown;
}

/** The first of them, as the overview has room for. */
export function errorsList(errors: ErrorGroup[], range: Range): HTMLElement {
  if (errors.length === 0) return element('p', { class: 'nothing' }, 'No errors in this range.');
  return element(
    'ul',
    { class: 'errors' },
    ...errors.map((group) =>
      element(
        'li',
        {},
        errorLink(group, range),
        element(
          'p',
          { class: 'note' },
          ...errorBadges(group),
          `${counted(group.count, 'time')} · ${counted(group.sessions, 'session')} · ${group.path === '' ? '' : `${group.path} · `}`,
          ago(group.last_ms),
        ),
      ),
    ),
  );
}

export function ago(ms: number): HTMLElement {
  return element('time', { datetime: new Date(ms).toISOString(), title: formatDateTime(ms) }, formatAgo(ms));
}

function errorCell(group: ErrorGroup, range: Range): HTMLElement {
  const versions = group.releases.flatMap(({ version }) => (version === null ? [] : [version]));
  const [latest, ...others] = versions;
  const releases = latest === undefined ? '' : `${latest}${others.length === 0 ? '' : ` and ${counted(others.length, 'other')}`}`;
  const notes = [group.service, group.path, releases].filter(Boolean).join(' · ');
  return element('div', { class: 'group' }, errorLink(group, range), element('p', { class: 'note' }, ...errorBadges(group), notes));
}

function errorLink({ fingerprint, service, type, message }: ErrorGroup, range: Range): HTMLElement {
  const href = errorAddress({ fingerprint, service, range });
  const title = [type, message].filter(Boolean).join(': ');
  return element(
    'a',
    { class: 'title', href, title, 'data-key': `error ${service} ${fingerprint}` },
    element('strong', {}, type || 'Error'),
    element('span', { class: 'message' }, message),
  );
}

/** Only those count whom the site has named. */
function usersCell(users: number): Child {
  return users > 0 ? formatCount(users) : element('span', { class: 'faint', title: 'The site names no users' }, '–');
}

function trendText({ count, trend }: ErrorGroup): string {
  return `${counted(count, 'time')}, at most ${formatCount(Math.max(0, ...trend))} at once`;
}
