// The third parties: what was loaded of other domains than the page's own, and what that cost.

import type { Party } from './api';
import { element } from './element';
import { counted, formatBytes, formatCount, formatMs } from './format';
import { table } from './table';
import type { Column } from './table';

/** As many as the other lists have. */
const LISTED = 20;

const COLUMNS: Column<Party>[] = [
  { title: 'Domain', cell: ({ domain }) => element('span', { class: 'path', title: domain }, domain) },
  { title: 'Views', cell: ({ views }) => formatCount(views), numeric: true },
  { title: 'Requests', cell: ({ requests }) => formatCount(requests), numeric: true },
  { title: 'Transferred', cell: transferred, numeric: true },
  { title: 'Blocking', cell: ({ blocking_ms }) => quiet(blocking_ms, formatMs), numeric: true },
  { title: 'Longest', cell: ({ longest_ms }) => formatMs(longest_ms), numeric: true },
  {
    title: 'Failed',
    cell: ({ failed }) => element('span', { class: failed > 0 ? 'problem' : 'faint' }, formatCount(failed)),
    numeric: true,
  },
];

/** Those that keep the main thread busy the longest come first, as the collector gives them. */
export function partiesTable(parties: Party[], nothing: string, withViews = true): HTMLElement {
  const others = parties.filter(({ first_party }) => !first_party).slice(0, LISTED);
  const columns = COLUMNS.filter(({ title }) => withViews || title !== 'Views');
  return table('Third parties', columns, others, nothing);
}

/** What the pages' own domains had, to compare with. */
export function partiesNote(parties: Party[]): string {
  const own = parties.filter(({ first_party }) => first_party);
  if (own.length === 0) return '';
  const sum = (value: (party: Party) => number): number => own.reduce((total, party) => total + value(party), 0);
  const requests = counted(sum(({ requests }) => requests), 'request');
  return `Own domain: ${requests}, ${formatBytes(sum(({ transfer_bytes }) => transfer_bytes))}`;
}

/** Of other origins, browsers tell the size only where these allow it. */
function transferred({ transfer_bytes }: Party): HTMLElement {
  if (transfer_bytes > 0) return element('span', {}, formatBytes(transfer_bytes));
  return element('span', { class: 'faint', title: 'Nothing, or the browser hides the size' }, '–');
}

function quiet(value: number, format: (value: number) => string): HTMLElement {
  return element('span', { class: value > 0 ? false : 'faint' }, format(value));
}
